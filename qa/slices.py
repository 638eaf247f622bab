"""The same questions, typed in the ways people type: what evaluation slices are made of.

Every slice is a model of a habit (no input method, an input method left off, haste), written
without regard to how `qa.understand` undoes it, and repeats exactly for a seed.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Sequence

from qa.keyboard import NEIGHBOURS

Slice = Callable[[str, random.Random], str]

_TONES = "\u0301\u0300\u0309\u0303\u0323"  # sắc, huyền, hỏi, ngã, nặng
_TELEX_TONES = dict(zip(_TONES, "sfrxj", strict=True))
_VNI_TONES = dict(zip(_TONES, "12345", strict=True))
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = frozenset("aăâeêioôơuưy")

_TONE_AT_END = 0.8  # how often the tone key comes last in the syllable, not after its vowel
_MARK_AT_END = 0.1  # how often a vowel's mark is typed only at the end ("tienge" for "tiêng")
_ONE_W = 0.7  # how often one w serves for both vowels of "ươ"
_SLIPS = 1 / 3  # the share of syllables with a slip
_SPACE_SLIPS = 0.05  # the share of slips that concern the space instead of a letter


def make_slice(name: str, questions: Sequence[str], seed: int = 0) -> list[str]:
    """The questions as they are typed in a slice; a question's form does not depend on others.

    Raises:
        KeyError: there is no such slice.
    """
    change = SLICES[name]
    return [change(q, random.Random(f"{seed}\0{name}\0{q}")) for q in questions]


def _words(question: str, change: Callable[[str], str]) -> str:
    """Applies a change to every word (in NFC); what is between words stays."""
    return _WORD.sub(lambda m: change(m.group()), unicodedata.normalize("NFC", question))


def _strip(word: str) -> str:
    bare = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in bare if not unicodedata.combining(c))


def _as_written(question: str, draw: random.Random) -> str:
    return question


def _khong_dau(question: str, draw: random.Random) -> str:
    return _words(question, _strip)


def _half_dau(question: str, draw: random.Random) -> str:
    return _words(question, lambda word: _strip(word) if draw.random() < 0.5 else word)


# -- input methods left off -----------------------------------------------------------------


def _telex_marks(letter: str, mark: str) -> str:
    return letter if mark == _CIRCUMFLEX else "w"


def _vni_marks(letter: str, mark: str) -> str:
    return {_CIRCUMFLEX: "6", _HORN: "7", _BREVE: "8"}[mark]


def _keystrokes(
    word: str,
    draw: random.Random,
    marks: Callable[[str, str], str],
    tones: dict[str, str],
    stroke: str,
) -> str:
    """The keys that an input method needs for a word; `stroke` is what makes d into đ."""
    if _strip(word) == word:
        return word
    typed: list[str] = []
    late = ""  # keys that are typed at the end of the syllable
    tone = ""
    one_key = draw.random() < _ONE_W
    tone_at_end, mark_at_end = draw.random() < _TONE_AT_END, draw.random() < _MARK_AT_END
    for at, letter in enumerate(word):
        marked = unicodedata.normalize("NFD", letter)
        base, combining = marked[0], marked[1:]
        if letter in "đĐ":
            typed.append(("d" if letter == "đ" else "D") + (stroke or base.lower()))
            continue
        typed.append(base)
        for mark in combining:
            if mark in tones:
                tone = tones[mark]
            elif mark in (_CIRCUMFLEX, _BREVE, _HORN):
                key = marks(base.lower(), mark)
                following = _strip(word[at + 1 : at + 2]).lower()
                if mark == _HORN and following == "o" and one_key:
                    continue  # the key after the o serves for both
                if mark_at_end:
                    late += key
                else:
                    typed.append(key)
            else:
                return word  # a letter that no Vietnamese word has
        if tone and not tone_at_end and not _vowel_follows(word, at):
            typed.append(tone)
            tone = ""
    keys = "".join(typed) + late + tone
    return keys.upper() if len(word) > 1 and word.isupper() else keys


def _vowel_follows(word: str, at: int) -> bool:
    following = unicodedata.normalize("NFD", word[at + 1 : at + 2])
    return following[:1].lower() in _VOWELS and following[:1] != ""


def _telex(question: str, draw: random.Random) -> str:
    return _words(question, lambda w: _keystrokes(w, draw, _telex_marks, _TELEX_TONES, "d"))


def _vni(question: str, draw: random.Random) -> str:
    return _words(question, lambda w: _keystrokes(w, draw, _vni_marks, _VNI_TONES, "9"))


# -- haste ------------------------------------------------------------------------------------


def _typos(question: str, draw: random.Random) -> str:
    words = unicodedata.normalize("NFC", question).split(" ")
    typed: list[str] = []
    join = False  # the space before this word was missed
    for word in words:
        changed, missed_space = word, False
        if draw.random() < _SLIPS:
            if draw.random() < _SPACE_SLIPS:
                missed_space = draw.random() < 0.5
                changed = word if missed_space else _split(word, draw)
            else:
                changed = _WORD.sub(lambda m: _slip(m.group(), draw), word, count=1)
        if join and typed:
            typed[-1] += changed
        else:
            typed.append(changed)
        join = missed_space
    return " ".join(typed)


def _split(word: str, draw: random.Random) -> str:
    if len(word) < 3 or not word.isalpha():
        return word
    at = draw.randrange(1, len(word))
    return f"{word[:at]} {word[at:]}"


def _slip(word: str, draw: random.Random) -> str:
    """One slip of the hand in a word of at least two letters."""
    if len(word) < 2:
        return word
    slips = [_missing, _doubled, _neighbouring, _transposed, _wrong_tone]
    for slip in draw.sample(slips, len(slips)):
        if (changed := slip(word, draw)) != word:
            return changed
    return word


def _missing(word: str, draw: random.Random) -> str:
    at = draw.randrange(len(word))
    return word[:at] + word[at + 1 :]


def _doubled(word: str, draw: random.Random) -> str:
    at = draw.randrange(len(word))
    return word[: at + 1] + word[at].lower() + word[at + 1 :]


def _neighbouring(word: str, draw: random.Random) -> str:
    at = draw.randrange(len(word))
    near = NEIGHBOURS.get(_strip(word[at]).lower())
    if not near:
        return word
    letter = draw.choice(near)
    return word[:at] + (letter.upper() if word[at].isupper() else letter) + word[at + 1 :]


def _transposed(word: str, draw: random.Random) -> str:
    at = draw.randrange(len(word) - 1)
    first, second = word[at], word[at + 1]
    if first.isupper() and second.islower():
        first, second = first.lower(), second.upper()
    return word[:at] + second + first + word[at + 2 :]


def _wrong_tone(word: str, draw: random.Random) -> str:
    for at, letter in enumerate(word):
        marked = unicodedata.normalize("NFD", letter)
        if tone := next((c for c in marked if c in _TONES), ""):
            other = draw.choice([t for t in _TONES if t != tone])
            letter = unicodedata.normalize("NFC", marked.replace(tone, "") + other)
            return word[:at] + letter + word[at + 1 :]
    return word


# -- the same letters in other code points ------------------------------------------------------


def _nfd(question: str, draw: random.Random) -> str:
    return unicodedata.normalize("NFD", question)


def _tone_placement(question: str, draw: random.Random) -> str:
    return _words(question, lambda word: _OTHER_PLACE.sub(_move_tone, word))


# Only syllables that end in oa, oe or uy are written in two ways; the u of "qu" is no vowel.
_OTHER_PLACE = re.compile(
    "(?<![qQ])(?:[oòóỏõọ][aàáảãạ]|[oòóỏõọ][eèéẻẽẹ]|[uùúủũụ][yỳýỷỹỵ])$", re.IGNORECASE
)


def _move_tone(match: re.Match[str]) -> str:
    first, second = (unicodedata.normalize("NFD", c) for c in match.group())
    return unicodedata.normalize("NFC", first[0] + second[1:] + second[0] + first[1:])


SLICES: dict[str, Slice] = {
    "as_written": _as_written,
    "khong_dau": _khong_dau,
    "half_dau": _half_dau,
    "telex": _telex,
    "vni": _vni,
    "typos": _typos,
    "nfd": _nfd,
    "tone_placement": _tone_placement,
}
