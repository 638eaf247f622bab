"""Text in the encodings before Unicode, letter for letter: TCVN3, VNI, VISCII, windows-1258.

Everything here begins with text "as shown": every code of the old encoding stands as the letter
that Western Windows shows for it ("Céng hßa", "Coäng hoøa"). Documents that were written for old
fonts hold just that, and the bytes of a file are brought into that form first, so that one table
for each encoding serves both.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from index.syllables import is_syllable, split_tone
from index.text import key

# What the codes 128 to 159 show on Western Windows; five of them are not assigned.
_WINDOWS = {
    code: shown for code in range(128, 160) if (shown := bytes([code]).decode("cp1252", "ignore"))
}
_SHOWN = bytes(range(256)).decode("latin-1").translate(_WINDOWS)  # code to what is shown for it

# TCVN 5712:1993, codes 160 to 255. The ABC fonts have no capitals with tone marks: a text that
# is all in capitals is written in small letters here and there, or in a font of capitals.
_TCVN_HIGH = (
    "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
# The full standard has them in the places of control characters, which text on Windows uses
# for quotes and dashes.
_TCVN_LOW = dict(
    zip(
        (1, 2, 4, 5, 6, *range(17, 24), *range(128, 160)),
        "ÚỤỪỬỮỨỰỲỶỸÝỴÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ",
        strict=True,
    )
)
# RFC 1456.
_VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ"
    "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "Õắằặấầẩậẽẹếềểễệố"
    "ồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"
    "ĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉ"
    "đựòóôõỏọụùúũủýợỮ"
)
_VISCII_LOW = dict(zip((2, 5, 6, 20, 25, 30), "ẲẴẪỶỸỴ", strict=True))

# VNI for Windows: a plain letter, then one code for all its marks, small or capital like it.
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309",
    "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS = dict(zip("ñíìæóòîôöÑÍÌÆÓÒÎÔÖ", "đíìỉĩịỵơưĐÍÌỈĨỊỴƠƯ", strict=True))
_VNI = re.compile(
    f"([aeouyôöAEOUYÔÖ])([{''.join(_VNI_MARKS)}{''.join(_VNI_MARKS).upper()}])"
    f"|[{''.join(_VNI_LETTERS)}]"
)


def _table(letters: Iterable[tuple[int, str]]) -> dict[int, str]:
    """What is shown for each code to the letter that is meant."""
    return {ord(_SHOWN[code]): letter for code, letter in letters}


_TCVN3 = _table(enumerate(_TCVN_HIGH, 160)) | {ord("μ"): "à"}  # the Greek letter looks the same
_TCVN = _TCVN3 | _table(_TCVN_LOW.items())
_VISCII = _table([*enumerate(_VISCII_HIGH, 128), *_VISCII_LOW.items()])
_NO_CAPITAL = {letter for letter in _TCVN_HIGH if letter.islower()} - {*"ăâêôơưđ"}
_CP1258 = _table((code, bytes([code]).decode("cp1258", "replace")) for code in range(128, 256))
_BYTES = {ord(shown): code for code, shown in enumerate(_SHOWN)}

_LETTER = r"[^\W\d_]"
_WORD = re.compile(rf"{_LETTER}[\w\u0300-\u036f]*")
_LINK = re.compile("([{0}]*)-([{0}]+)|([{0}]+)-(?![-\\w])".format("A-Za-z\xa1-\xffμ"))
_TWICE = re.compile(f"[{re.escape(_SHOWN[128:])}\x80-\xff]{{2,}}")


def _from_tcvn3(shown: str) -> str:
    return _capitals(_hyphens(shown).translate(_TCVN3))


def _hyphens(shown: str) -> str:
    """The code of ư is that of the soft hyphen, which many programs write as a plain one."""

    def mended(match: re.Match[str]) -> str:
        soft = match[0].replace("-", "\xad")
        return soft if is_vietnamese(soft.translate(_TCVN3)) else match[0]

    return _LINK.sub(mended, shown) if "-" in shown else shown


def _capitals(text: str) -> str:
    """Capitals for the letters that have none in TCVN3, in words whose other letters are capitals.

    "NộI" is "NỘI". Words of one or no capital ("Hà", "ở") may begin a name as well, so they are
    raised only in a run of words without small letters.
    """
    return "".join(_raised(line) for line in text.splitlines(keepends=True))


def _raised(line: str) -> str:
    words = list(_WORD.finditer(line))
    if not any(letter in _NO_CAPITAL for letter in line):
        return line
    raised: set[int] = set()
    for run in _runs([word.group() for word in words]):
        found = [words[at].group() for at in run]
        whole = len(run) == len(words) and any(_capitals_in(word) > 1 for word in found)
        if whole or any(_capitals_in(w) > 1 and not _NO_CAPITAL.isdisjoint(w) for w in found):
            named = [at for at, word in zip(run, found, strict=True) if _capitals_in(word)]
            raised.update(run if whole else range(named[0], named[-1] + 1))
    parts: list[str] = []
    end = 0
    for at in sorted(raised):
        word = words[at]
        parts += (line[end : word.start()], word.group().upper())
        end = word.end()
    return "".join(parts) + line[end:]


def _runs(words: list[str]) -> Iterator[list[int]]:
    """Neighbouring words in which every letter that could be a capital is one."""
    run: list[int] = []
    for at, word in enumerate(words):
        if all(letter.isupper() for letter in word if letter not in _NO_CAPITAL):
            run.append(at)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _capitals_in(word: str) -> int:
    return sum(map(str.isupper, word))


def _from_vni(shown: str) -> str:
    def letter(match: re.Match[str]) -> str:
        if not match[1]:
            return _VNI_LETTERS[match[0]]
        return _VNI_LETTERS.get(match[1], match[1]) + _VNI_MARKS[match[2].lower()]

    return _VNI.sub(letter, shown)


def _from_twice(shown: str) -> str:
    """UTF-8 that was read as Western Windows and written as UTF-8 again."""

    def once(match: re.Match[str]) -> str:
        codes = bytes(_BYTES.get(ord(letter), 63) for letter in match[0])
        return codes.decode("utf-8", "replace")

    return _TWICE.sub(once, shown)


ENCODINGS: dict[str, Callable[[str], str]] = {
    "TCVN3": _from_tcvn3,
    "VNI": _from_vni,
    "VISCII": lambda shown: shown.translate(_VISCII),
    "windows-1258": lambda shown: shown.translate(_CP1258),
    "TCVN 5712": lambda shown: shown.translate(_TCVN),
    "UTF-8 written twice": _from_twice,
}
NAMES = ", ".join(list(ENCODINGS)[:4])


def decoded(shown: str, encoding: str) -> str:
    """Text in which letters stand for the codes of an encoding, as the text that is meant."""
    windows = shown.translate(_WINDOWS)
    return unicodedata.normalize("NFC", ENCODINGS[encoding](windows))


@lru_cache(maxsize=1 << 14)
def is_vietnamese(word: str) -> bool:
    """Whether a word is a Vietnamese syllable, in small letters, in capitals, or like a name."""
    if not (word.islower() or word.isupper() or word.istitle()) or not _WORD.fullmatch(word):
        return False
    return is_syllable(*split_tone(key(word)))
