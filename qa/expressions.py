"""Patterns over Vietnamese text typed with or without diacritics, and what they mean.

Patterns are written with diacritics over text in small letters; `_` is one space.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from index.text import fold
from qa.periods import Period

_WORDS = ("", "mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi")
_NUMBERS = {word: number for number, word in enumerate(_WORDS)}
_NUMBERS |= {"tu": 4, "muoi mot": 11, "muoi hai": 12}
_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ROMANS = [f"{tens}{ones}" for tens in ("", "x", "xx") for ones in _ONES]


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression is read against; `year` is of what names no year itself."""

    today: date
    year: int | None = None


Build = Callable[[re.Match[str], Context], Period | None]


def spell(pattern: str, bare: bool) -> str:
    """A pattern as a regular expression; with `bare`, its words match without diacritics too."""
    if bare:
        pattern = re.sub(
            r"[^\W\d_]*[^\x00-\x7f\W\d_][^\W\d_]*",
            lambda m: f"(?:{m.group()}|{fold(m.group())})",
            pattern,
        )
    return pattern.replace("_", r"\s")


def number(word: str) -> int:
    """A number in digits, in words or in Roman numerals; 0 for any other word."""
    if word.isdecimal():
        return int(word)
    plain = fold(word)
    return _NUMBERS.get(plain) or (_ROMANS.index(plain) if plain in _ROMANS else 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """An expression that begins and ends with a whole word or number."""

    pattern: re.Pattern[str]
    build: Build

    def read(self, text: str, at: int, context: Context) -> tuple[re.Match[str], Period] | None:
        """The match at a place and what it means; None where there is no such day."""
        if (match := self.pattern.match(text, at)) is None:
            return None
        try:
            period = self.build(match, context)
        except (ValueError, OverflowError):  # 31/4, or before the first year
            return None
        return (match, period) if period else None


def expression(pattern: str, bare: bool) -> re.Pattern[str]:
    end = r"(?![\w%])(?!_?[/.,]\d)(?!-\d)(?!_(?:năm_)?(?:nào|mấy)(?!\w))"
    return re.compile(spell(rf"(?<!\w)(?<!\d[/.,\-])(?:{pattern}){end}", bare))
