"""Texts to the numbers of their tokens.

A SentencePiece model takes a fifth of the memory that the same pieces take as a `tokenizer.json`,
and a fifth of the time for a text.
"""

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

Tokenize = Callable[[Sequence[str]], list[list[int]]]


def open_tokenizer(path: Path, most: int) -> Tokenize:
    """Opens a SentencePiece model or a `tokenizer.json`; what comes after `most` tokens is cut."""
    return _sentencepiece(path, most) if path.suffix == ".model" else _tokenizers(path, most)


def _sentencepiece(path: Path, most: int) -> Tokenize:
    from sentencepiece import SentencePieceProcessor

    pieces = SentencePieceProcessor(model_file=str(path))
    begin, end = pieces.bos_id(), pieces.eos_id()

    def tokenize(texts: Sequence[str]) -> list[list[int]]:
        # Its rules know no letter that has lost only one of its two marks.
        composed = [unicodedata.normalize("NFC", text) for text in texts]
        return [[begin, *ids[: most - 2], end] for ids in pieces.encode(composed)]

    return tokenize


def _tokenizers(path: Path, most: int) -> Tokenize:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(most)
    tokenizer.no_padding()
    return lambda texts: [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
