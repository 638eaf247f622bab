"""What the keys of a Vietnamese input method mean when it was off: `ddaij` and `d9ai5` are `đại`.

Keys may come in any order that the input methods accept: after their letter or at the end of the
syllable.
"""

from dataclasses import dataclass
from itertools import pairwise

from index.syllables import is_syllable

_State = tuple[str, str, bool]  # letters so far, tone, whether some key was the method's

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aăâeêioôơuưy")
_SAC, _HUYEN, _HOI, _NGA, _NANG = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"


@dataclass(frozen=True, slots=True)
class InputMethod:
    """Which keys give which tone, and which letters each key changes into which.

    With `keys_are_letters` a key that changes nothing stands for itself.
    """

    name: str
    tones: dict[str, str]
    marks: dict[str, dict[str, str]]
    keys_are_letters: bool


TELEX = InputMethod(
    "telex",
    {"s": _SAC, "f": _HUYEN, "r": _HOI, "x": _NGA, "j": _NANG},
    {
        "a": {"a": "â"},
        "e": {"e": "ê"},
        "o": {"o": "ô"},
        "w": {"a": "ă", "o": "ơ", "u": "ư", "uo": "ươ"},
        "d": {"d": "đ"},
    },
    keys_are_letters=True,
)
VNI = InputMethod(
    "vni",
    {"1": _SAC, "2": _HUYEN, "3": _HOI, "4": _NGA, "5": _NANG},
    {
        "6": {"a": "â", "e": "ê", "o": "ô"},
        "7": {"o": "ơ", "u": "ư", "uo": "ươ"},
        "8": {"a": "ă"},
        "9": {"d": "đ"},
    },
    keys_are_letters=False,
)
METHODS = (TELEX, VNI)


def decode(typed: str, method: InputMethod) -> set[tuple[str, str]]:
    """The syllables (letters, tone) that the keys give; none where no key is one of the method's.

    Several where a key may belong to one letter or another (`muaw` is `mưa`, `hoaw` is `hoă-`).
    """
    typed = typed.lower()
    if not method.keys_are_letters and typed.isalpha():
        return set()
    found: set[_State] = {("", "", False)}
    for key in typed:
        found = {after for before in found for after in _press(key, before, method)}
    results = {(letters.replace("ưo", "ươ"), tone) for letters, tone, used in found if used}
    return {(letters, tone) for letters, tone in results if is_syllable(letters, tone)}


def _press(key: str, before: _State, method: InputMethod) -> list[_State]:
    """What one more key may make of what was typed so far."""
    letters, tone, used = before
    if key in method.tones and not _VOWELS.isdisjoint(letters):
        return [] if tone else [(letters, method.tones[key], True)]
    states = [
        (letters[:at] + changed + letters[at + len(target) :], tone, True)
        for target, changed in method.marks.get(key, {}).items()
        for at in range(len(letters))
        if letters.startswith(target, at)
    ]
    if method.keys_are_letters or not key.isdecimal():
        states.append((letters + key, tone, used))
    return states


def _neighbours() -> dict[str, str]:
    """Every letter's neighbours on a QWERTY keyboard; each row is half a key further right."""
    found: dict[str, str] = {}
    for row in _ROWS:
        for a, b in pairwise(row):
            found[a] = found.get(a, "") + b
            found[b] = found.get(b, "") + a
    for upper, lower in pairwise(_ROWS):
        for at, letter in enumerate(lower):
            for other in upper[at : at + 2]:
                found[letter] += other
                found[other] += letter
    return found


NEIGHBOURS = _neighbours()
