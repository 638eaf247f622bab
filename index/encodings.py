"""Which encoding a text is in, and the text that is meant.

Bytes are read by their byte order mark, as UTF-8, or in the older encoding that makes Vietnamese
of them. Unicode text may still be in an older encoding: documents written for old fonts hold
"Céng hßa" where a reader saw "Cộng hòa". Only the right encoding turns words into Vietnamese
syllables; where none does, nothing is changed.
"""

import codecs
import re
from collections.abc import Iterator
from itertools import islice

from index.errors import ArticleError
from index.legacy import ENCODINGS, decoded, is_vietnamese

SAMPLE = 1 << 18  # bytes of a file that tell its encoding

_WORDS = 2000  # with diacritics, that are looked at
_ENOUGH = 3  # words with diacritics without which no encoding can be told
_CONVINCING = 0.8  # of them are Vietnamese in the right encoding, less than half in a wrong one
_NAMED = ", ".join(list(ENCODINGS)[:4])

# Letters that only Unicode has: a text that holds them is what it should be.
_PROPER = re.compile("[ăĂđĐĩĨũŨơƠưƯ\u0300-\u0323\u1ea0-\u1ef9]")
# Letters that most lines in old encodings hold, and hardly any in Unicode.
_ODD = re.compile("[µμ¸¶¹©ª®¬¨ïøûäåöëñÖÑßÞþðæ]")
_WESTERN = re.compile("[\x80-\xffμ]")
_SPACES = re.compile("[ \t\r\n]+")  # what else Unicode calls a space may be a letter's code
_AROUND = ".,;:!?…•™\"'“”‘’«»()[]{}<>/-–—*&%#=\xa0"


def decode(data: bytes, declared: str = "") -> str:
    """Bytes to text. `declared` is what a web page says of itself, where nothing else fits.

    Raises:
        ArticleError: no encoding fits.
    """
    try:
        return text_in(data, encoding_of(data, declared))
    except UnicodeDecodeError as error:
        raise ArticleError(misfit(f"byte {error.start}")) from error


def text_in(data: bytes, encoding: str) -> str:
    """Bytes in an encoding that `encoding_of` found.

    Raises:
        UnicodeDecodeError: the bytes are not in that encoding.
    """
    if encoding in ENCODINGS:
        return decoded(data.decode("latin-1"), encoding)
    return data.decode(encoding)


def misfit(where: str) -> str:
    """The line for text that is in no encoding that is read."""
    return f"not UTF-8 ({where}), and not Vietnamese in {_NAMED} either: save it as UTF-8"


def encoding_of(data: bytes, declared: str = "") -> str:
    """The encoding that the first bytes of a file are in; "utf-8-sig" where nothing fits."""
    sample = data[:SAMPLE]
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in sample:
        for encoding in ("utf-16-le", "utf-16-be"):
            if _vietnamese(sample.decode(encoding, "ignore")) >= _CONVINCING:
                return encoding
        return "utf-8-sig"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # may end within a character
        return "utf-8-sig"
    except UnicodeDecodeError:
        pass
    if _vietnamese(sample.decode("utf-8", "replace")) >= 0.5:
        return "utf-8-sig"  # with a few broken characters
    if found := _legacy_encoding(sample.decode("latin-1")):
        return found
    try:
        name = codecs.lookup(declared).name if declared else "utf-8-sig"
        return "cp1252" if name == "iso8859-1" else name  # as every browser reads it
    except LookupError:
        return "utf-8-sig"


# ---- text for old fonts ----------------------------------------------------------------------


def repaired(text: str) -> str:
    """Text that was made for old fonts as the text that is meant; all other text as it is.

    Lines are judged together but mended apart: a document may hold both kinds.
    """
    if text.isascii() or (_PROPER.search(text) and not _ODD.search(text)):
        return text
    lines = text.splitlines(keepends=True)
    old = {at for at, line in enumerate(lines) if _WESTERN.search(line)}
    old -= {at for at in old if _PROPER.search(lines[at])}
    encoding = font_encoding("".join(lines[at] for at in sorted(old)))
    if not encoding:
        return text
    return "".join(decoded(line, encoding) if at in old else line for at, line in enumerate(lines))


def font_encoding(text: str) -> str:
    """The encoding of a text that was made for old fonts; "" for text that is what it should be."""
    if text.isascii() or _PROPER.search(text) or _vietnamese(text) >= 0.5:
        return ""
    return _legacy_encoding(text)


def _legacy_encoding(shown: str) -> str:
    """The encoding in which the words that are not all ASCII are Vietnamese."""
    marked, beside = _marked_and_beside(shown)
    # "på" is "pồ" in TCVN3, but words like "valgt" stand beside it.
    if sum(map(is_vietnamese, beside)) < 0.4 * len(beside):
        return ""
    sample = " ".join(marked)
    shares = {name: _vietnamese(decoded(sample, name)) for name in ENCODINGS}
    # Lone dashes and bullets are letters in the full standard; the fonts never followed that.
    shares["TCVN 5712"] -= 0.002
    best = max(shares, key=lambda name: shares[name])  # the first of equals
    return best if shares[best] >= _CONVINCING else ""


def _marked_and_beside(shown: str) -> tuple[list[str], list[str]]:
    """The first words that are not all ASCII, and the ASCII words beside them, but for names."""
    words = _SPACES.split(shown)
    marked = list(islice((at for at, word in enumerate(words) if not word.isascii()), _WORDS))
    near = sorted({at + step for at in marked for step in (-1, 1)} & set(range(len(words))))
    beside = (words[at].strip(_AROUND) for at in near)
    plain = [word for word in beside if word.isascii() and word.isalpha() and word.islower()]
    return [words[at] for at in marked], plain


def _vietnamese(text: str) -> float:
    """The share of Vietnamese syllables among different words with diacritics; 0 for few words."""
    # One letter alone may be a sign: "©" is "â" in TCVN3.
    words = {word.lower(): word for word in _marked_words(text) if len(word) > 1}
    judged = [is_vietnamese(word) for word in words.values()]
    return sum(judged) / len(judged) if len(judged) >= _ENOUGH else 0.0


def _marked_words(text: str) -> Iterator[str]:
    """The words that are not all ASCII, with all that stands in them without being a letter."""
    for word in text.split():
        if not word.isascii():
            bare = word.strip(_AROUND)
            yield from (part for part in re.split(r"[-–/.,]", bare) if not part.isascii())
