"""A page of the articles that an index holds: found by words, in an order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from index.store import Store
from index.text import fold

Order = Literal["title", "source", "date", "length", "origin"]
ORDERS: tuple[Order, ...] = ("title", "source", "date", "length", "origin")

_SQL = {
    "title": "folded(title)",
    "source": "folded(source)",
    "date": "date",
    "length": "length(text)",
    "origin": "origin",
}


@dataclass(frozen=True, slots=True)
class Row:
    """An article in a list; `length` is of its text, in characters."""

    id: str
    title: str
    source: str
    date: str
    length: int
    origin: str


_KEYS: dict[str, Callable[[Row], Any]] = {
    "title": lambda row: _folded(row.title),
    "source": lambda row: _folded(row.source),
    "date": lambda row: row.date,
    "length": lambda row: row.length,
    "origin": lambda row: row.origin,
}


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of one page, and how many articles there are on all pages."""

    rows: tuple[Row, ...]
    count: int


def list_articles(
    store: Store, words: str, order: Order, falling: bool, first: int, most: int
) -> Listing:
    """The articles with all the words in title, outlet, author or origin, whatever their case
    and diacritics; `most` of them from the `first` on. Equal ones are in the order of their ids.
    """
    db = store.db
    db.create_function("folded", 1, _folded, deterministic=True)
    wanted = _folded(words).split()
    where = " AND ".join(
        ["instr(folded(title || ' ' || source || ' ' || author || ' ' || origin), ?)"] * len(wanted)
    )
    chosen = f"FROM articles WHERE {where or '1'}"
    (count,) = db.execute(f"SELECT count(*) {chosen}", wanted).fetchone()
    rows = db.execute(
        f"SELECT id, title, source, date, length(text), origin {chosen}"
        f" ORDER BY {_SQL[order]} {'DESC' if falling else 'ASC'}, id LIMIT ? OFFSET ?",
        [*wanted, most, first],
    )
    return Listing(tuple(Row(*row) for row in rows), count)


def _folded(text: str) -> str:
    return fold(text.casefold())


def sort_rows(
    rows: Iterable[tuple[str, Row]], words: str, order: Order, falling: bool, first: int, most: int
) -> Listing:
    """The same page of rows that are given, each with the text in which the words must stand."""
    wanted = _folded(words).split()
    found = [row for text, row in rows if all(word in _folded(text) for word in wanted)]
    found.sort(key=lambda row: row.id)
    found.sort(key=_KEYS[order], reverse=falling)  # keeps equal ones as they are
    return Listing(tuple(found[first : first + most]), len(found))
