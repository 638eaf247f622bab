"""Spans of days, and the arithmetic of calendars that Vietnamese time expressions need."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Part = Literal["first", "middle", "last"]

_TET = ((1, 14), (2, 27))  # Tết falls between 21 January and 20 February; a week on either side


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, both included; None where it is open."""

    since: date | None = None
    until: date | None = None

    @property
    def iso(self) -> tuple[str, str]:
        """Both ends as ISO dates, "" where it is open."""
        return (
            self.since.isoformat() if self.since else "",
            self.until.isoformat() if self.until else "",
        )


def day(at: date) -> Period:
    return Period(at, at)


def week(at: date, back: int = 0) -> Period:
    """Monday to Sunday of the week of a day, or of `back` weeks before it."""
    monday = at - timedelta(days=at.weekday() + 7 * back)
    return Period(monday, monday + timedelta(days=6))


def months(year: int, first: int, last: int) -> Period:
    """Whole months of a year; months beyond 12 or below 1 belong to the next or last year."""
    start, end = _month(year, first), _month(year, last)
    return Period(start, end.replace(day=calendar.monthrange(end.year, end.month)[1]))


def years(first: int, last: int) -> Period:
    return Period(date(first, 1, 1), date(last, 12, 31))


def decade(year: int) -> Period:
    return years(year - year % 10, year - year % 10 + 9)


def century(number: int) -> Period:
    """The 20th are the years 1901 to 2000."""
    return years(number * 100 - 99, number * 100)


def tet(year: int) -> Period:
    """The weeks in which the lunar new year falls, whatever its day."""
    (month, first), (end, last) = _TET
    return Period(date(year, month, first), date(year, end, last))


def back(at: date, count: int, unit: str) -> date:
    """The day that lies `count` days, weeks, months or years (d, w, m, y) before a day.

    Raises:
        OverflowError, ValueError: there is no such day in the calendar.
    """
    if unit in "dw":
        return at - timedelta(days=count * (7 if unit == "w" else 1))
    start = _month(at.year, at.month - count * (12 if unit == "y" else 1))
    return start.replace(day=min(at.day, calendar.monthrange(start.year, start.month)[1]))


def around(at: date, unit: str) -> Period:
    """The whole day, week, month or year (d, w, m, y) that a day lies in."""
    if unit == "d":
        return day(at)
    if unit == "w":
        return week(at)
    return months(at.year, at.month, at.month) if unit == "m" else years(at.year, at.year)


def third(whole: Period, part: Part) -> Period:
    """The first, middle or last third: of years in whole years, of a year in whole months."""
    assert whole.since and whole.until  # closed: nobody says "the end of before 2020"
    at = ("first", "middle", "last").index(part)
    return _cut(whole.since, whole.until, at, 3)


def half(whole: Period, last: bool) -> Period:
    """The first or the second half, cut as thirds are."""
    assert whole.since and whole.until
    return _cut(whole.since, whole.until, int(last), 2)


def _cut(since: date, until: date, at: int, parts: int) -> Period:
    if until.year > since.year:
        count = until.year - since.year + 1
        return years(since.year + count * at // parts, since.year + count * (at + 1) // parts - 1)
    if until.month - since.month >= 2:
        count = until.month - since.month + 1
        first = since.month + count * at // parts
        return months(since.year, first, since.month + count * (at + 1) // parts - 1)
    # Of a month: the days 1 to 10, 11 to 20, 21 to the end; or 1 to 15, 16 to the end.
    size = 30 // parts
    first_day = since + timedelta(days=size * at)
    return Period(first_day, until if at == parts - 1 else first_day + timedelta(days=size - 1))


def _month(year: int, month: int) -> date:
    """The first day of a month; months count on beyond a year's ends."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
