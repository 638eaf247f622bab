"""What limits the articles that are searched: a reader's filters, and those of the question."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from index.errors import UsageError
from index.types import Filters, SearchIndex
from qa import periods
from qa.outlets import OutletNames
from qa.types import Cue

_NAMED = 5  # outlets that an error lists
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_DAY_FIRST = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})")


def read_filters(
    index: SearchIndex,
    since: str = "",
    until: str = "",
    outlets: Iterable[str] = (),
    articles: Iterable[str] = (),
) -> Filters:
    """Filters from what somebody typed; an outlet may be called in any of its ways.

    Raises:
        UsageError: a date cannot be read or lies behind the other, or the index holds no such
            outlet or article.
    """
    first, last = _days(since)[0], _days(until)[1]
    if first and last and first > last:
        raise UsageError(f"nothing lies between {since!r} and {until!r}; swap them")
    names = OutletNames(index.outlets())
    wanted: list[str] = []
    for name in filter(None, map(str.strip, outlets)):
        if not (called := names.called(name)):
            some = ", ".join(index.outlets()[:_NAMED]) or "none is known"
            raise UsageError(f"no articles of the outlet {name!r}; there are: {some}")
        wanted += called
    ids = tuple(dict.fromkeys(filter(None, map(str.strip, articles))))
    for id_ in ids:
        if index.article(id_) is None:
            raise UsageError(f"no article {id_!r}; `qa ask --json` names them as article_id")
    return Filters(first, last, tuple(dict.fromkeys(wanted)), ids)


def narrowed(filters: Filters, cues: Sequence[Cue]) -> Filters:
    """The reader's filters and those of a question together; the reader's outlets prevail."""
    filtering = [cue for cue in cues if cue.is_filter]
    named = [outlet for cue in filtering for outlet in cue.outlets]
    both = [outlet for outlet in named if not filters.outlets or outlet in filters.outlets]
    sinces = [filters.since, *(cue.since for cue in filtering)]
    untils = [filters.until, *(cue.until for cue in filtering)]
    return Filters(
        max(sinces),
        min(filter(None, untils), default=""),
        tuple(dict.fromkeys(both)) or filters.outlets,
        filters.articles,
    )


def _days(typed: str) -> tuple[str, str]:
    """The first and the last day of "2024", "2024-05", "25/5/2024"; two empty ones of nothing."""
    plain = typed.strip()
    if not plain:
        return "", ""
    try:
        if match := _ISO.fullmatch(plain):
            year, month, day = (int(part) if part else 0 for part in match.groups())
        elif match := _DAY_FIRST.fullmatch(plain):
            day, month, year = (int(part) if part else 0 for part in match.groups())
        else:
            raise ValueError(plain)
        first = date(year, month or 1, day or 1)
        return periods.around(first, "d" if day else "m" if month else "y").iso
    except ValueError:
        raise UsageError(f"{typed!r} is no date; write 2024, 2024-05 or 2024-05-25") from None
