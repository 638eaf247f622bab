"""A model that reads a question and a passage together and tells which sentence answers, if any.

Vectors tell what two texts are about; whether one says what the other asks takes reading both at
once (a cross-encoder: Nogueira and Cho 2019). All sentences of the passage are read in one run and
compete with one another and with "none of them" (as spans and "no answer" do in Devlin et al.
2019). The lower layers and the word embeddings are the bundled encoder's; the upper layers were
trained further (`benchmarks/cross_encoder.py`) and lie in `cross_encoder.npz` beside this file, in
the 7 bits that the graph multiplies with.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.q4 import Floats, Weights
from index.tokenizer import Tokenize
from index.types import UNREAD, Logits

TUNED = Path(__file__).with_name("cross_encoder.npz")
MOST = 384  # tokens of a question and a passage together,
MOST_ASKED, MOST_TITLE, MOST_OF_SENTENCE = 64, 48, 88  # and of each part, so that three fit in
QUERY_PROMPT, PASSAGE_PROMPT = "query: ", "passage: "

_STEPS = ".steps"  # after the name of a matrix: the float that each row of integers counts in
_HEAD = ("h.w", "h.b", "o.w", "o.b")


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A matrix (rows, columns) of integers, each row of which counts in a step of its own."""

    values: npt.NDArray[np.int8]
    steps: Floats

    def floats(self) -> Floats:
        return self.values.astype(np.float32) * self.steps[:, None]


def tuned(weights: Weights, path: Path = TUNED) -> tuple[Weights, dict[str, Floats]]:
    """The encoder's weights with the trained layers in place of its own, fewer of them, and the
    head: "h.w" (inner, 2 * hidden), "h.b" (inner,), "o.w" (1, inner), "o.b" (1,)."""
    with np.load(path) as found:
        arrays = {name: found[name] for name in found.files}
    head = {name: arrays.pop(name).astype(np.float32) for name in _HEAD}
    layers = int(arrays.pop("layers"))
    matrices: dict[str, Any] = dict(weights.matrices)
    vectors = dict(weights.vectors)
    for name, array in arrays.items():
        if array.dtype == np.int8:
            matrices[name] = _Bytes(array, arrays[name + _STEPS])
        elif not name.endswith(_STEPS):
            vectors[name] = array.astype(np.float32)
    sizes = replace(weights.sizes, layers=layers)
    return replace(weights, sizes=sizes, matrices=matrices, vectors=vectors), head


@dataclass(frozen=True, slots=True)
class Together:
    """A question and a passage as one row of tokens: `ids`, and where each sentence begins and ends
    among them; the last sentences are missing where they do not fit in."""

    ids: list[int]
    sentences: list[tuple[int, int]]


def together(tokenize: Tokenize, question: str, title: str, sentences: Sequence[str]) -> Together:
    """As pairs are given to models of this kind: <s> question </s> </s> title and sentences </s>.

    `tokenize` gives the numbers of a text's tokens between those of begin and end.
    """
    heading = PASSAGE_PROMPT + (f"{title}." if title else "")
    (begin, *asked, end), (_, *head, _), *rest = tokenize(
        [QUERY_PROMPT + question, heading.strip(), *sentences]
    )
    ids = [begin, *asked[:MOST_ASKED], end, end, *head[:MOST_TITLE]]
    borders = [len(ids)]
    for _, *tokens, _ in rest:
        ids += tokens[:MOST_OF_SENTENCE]
        if len(ids) >= MOST:
            break
        borders.append(len(ids))
    return Together([*ids[: borders[-1]], end], list(pairwise(borders)))


class CrossEncoder:
    """Over the ONNX graph that `onnx_graph.save_cross_encoder` writes; safe to call from several
    threads."""

    def __init__(self, session: Any, tokenize: Tokenize) -> None:
        self._session = session
        self._tokenize = tokenize

    def read(self, question: str, title: str, sentences: Sequence[str]) -> Logits:
        """As `Encoder.read`."""
        row = together(self._tokenize, question, title, sentences)
        members = np.zeros((len(row.sentences), len(row.ids)), dtype=np.float32)
        for at, (start, end) in enumerate(row.sentences):
            members[at, start:end] = 1.0 / max(end - start, 1)
        inputs = {"input_ids": np.array([row.ids], dtype=np.int64), "members": members}
        logits = np.full(len(sentences), UNREAD, dtype=np.float32)
        logits[: len(members)] = self._session.run(["logits"], inputs)[0]
        return logits
