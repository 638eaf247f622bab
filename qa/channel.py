"""What it costs to believe that a word was meant where another was typed.

Costs are negative logarithms of probabilities, in nats. A question is typed in one manner; every
manner says how dear each kind of difference is. Which manner it was, the whole question decides:
differences that are dear for one word are cheap when every word has them.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from index.syllables import split_tone
from index.text import fold
from qa.keyboard import NEIGHBOURS

Costs = npt.NDArray[np.float64]


class Manner(IntEnum):
    """How a question was typed: the columns of every cost."""

    AS_MEANT = 0
    BARE = 1  # no diacritics
    HALF = 2  # some diacritics
    TELEX = 3  # input methods that were off
    VNI = 4
    HASTY = 5


# One column for each manner. Set by hand so that correct questions come out as they went in, and
# tried on the slices of `qa.slices`; a nat more or less changes little.
PRIOR = np.array([0.0, 3.0, 5.0, 4.0, 4.0, 4.0])
UNCHANGED = {
    "bare": np.array([0.0, 0.0, 0.7, 0.0, 0.0, 0.4]),  # typed without marks, and meant so
    "marked": np.array([0.0, 6.0, 0.7, 6.0, 6.0, 0.4]),
}
NO_MARKS = np.array([10.0, 0.0, 0.7, 9.0, 9.0, 5.0])  # all of a word's marks are missing
FEWER_MARKS = np.array([8.0, 7.0, 2.5, 8.0, 8.0, 3.0])  # some of them are
KEYS = {
    "telex": np.array([14.0, 14.0, 14.0, 0.0, 14.0, 7.0]),  # in haste, of one word
    "vni": np.array([12.0, 14.0, 14.0, 14.0, 0.0, 14.0]),
}
SLIP = np.array([9.0, 6.0, 6.0, 6.0, 6.0, 0.0])  # added to the cost of the slip itself
SEAM = np.array([7.0, 6.0, 6.0, 6.0, 6.0, 2.5])  # a space too many or missing

_DOUBLED, _MISSING, _SWAPPED, _NEXT_KEY, _OTHER_KEY, _EXTRA = 3.5, 4.5, 4.0, 4.5, 7.0, 6.5
_WRONG_TONE, _WRONG_MARK = 4.0, 5.0
_FIRST_LETTER = 1.0  # more: few slips concern it (Pollock and Zamora 1984)


@dataclass(frozen=True)
class Difference:
    """How a meant word differs from a typed one: `cost` (manners,); `supplied`: has our marks."""

    cost: Costs
    supplied: bool

    @cached_property
    def least(self) -> float:
        """The cost in the manner in which it is most likely."""
        return float(self.cost.min())


def same(typed: str) -> Difference:
    """The word was meant as it was typed."""
    return Difference(UNCHANGED["bare" if fold(typed) == typed else "marked"], False)


@lru_cache(maxsize=1 << 17)
def compare(typed: str, meant: str) -> Difference | None:
    """What it takes to type one key for another; None if no single habit or slip explains it."""
    if typed == meant:
        return same(typed)
    letters, tone = split_tone(typed)
    wanted, wanted_tone = split_tone(meant)
    is_bare = fold(typed) == typed
    if len(letters) == len(wanted) and fold(letters) == fold(wanted):
        kept = all(a in (b, fold(b)) for a, b in zip(letters, wanted, strict=True))
        if kept and tone in (wanted_tone, ""):
            return Difference(NO_MARKS if is_bare else FEWER_MARKS, True)
        if not kept and tone != wanted_tone:
            return None
        return Difference(SLIP + (_WRONG_TONE if kept else _WRONG_MARK), True)
    if tone not in (wanted_tone, ""):
        return None
    slip = slip_cost(letters, fold(wanted) if is_bare else wanted)
    # A tone goes only with the letter that it stood on.
    if slip is None or (tone != wanted_tone and len(letters) >= len(wanted) and not is_bare):
        return None
    marks = NO_MARKS if is_bare and fold(meant) != meant else UNCHANGED["bare"]
    return Difference(SLIP + slip + marks, is_bare and fold(meant) != meant)


def slip_cost(typed: str, meant: str) -> float | None:
    """The cost of one slip between words without tones; None if they are not one slip apart."""
    if typed == meant:
        return None
    pairs = enumerate(zip(typed, meant, strict=False))
    start = next((at for at, (a, b) in pairs if a != b), min(len(typed), len(meant)))
    rest, wanted = typed[start:], meant[start:]
    first = 0.0 if start else _FIRST_LETTER
    if len(typed) == len(meant):
        if rest[1:] == wanted[1:]:
            is_next = fold(rest[0]) in NEIGHBOURS.get(fold(wanted[0]), "")
            return first + (_NEXT_KEY if is_next else _OTHER_KEY)
        swapped = rest[1::-1] == wanted[:2] and rest[2:] == wanted[2:]
        return _SWAPPED if swapped else None
    if rest == wanted[1:]:
        return _MISSING + first
    if rest[1:] == wanted:
        # The letter before may have been pressed twice, or one beside it as well.
        return _DOUBLED if start and rest[0] == typed[start - 1] else _EXTRA + first
    return None
