"""Whether an index is whole: the truth in SQLite, then what is derived from it.

Damage to derived files is mended from the truth. Damage to the truth is named and left alone.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from index.build import reading
from index.commit import next_state
from index.database import FILE
from index.derived import DERIVED
from index.limits import refusals_named
from index.lock import Waiting, locked
from index.manifest import damaged_files
from index.plan import Report
from index.store import Store
from index.truth import problems
from index.types import Progress

# A number where a text was, or no number at all: what a row of a damaged file may read as.
_MISREAD = (TypeError, ValueError, AttributeError, OverflowError)
NAMED = 20  # problems that are told apart


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found damaged: of the truth, one line each, and what is derived from it by its name.
    In a folder these are SQLite and the derived files.
    """

    articles: int
    truth: list[str]
    derived: list[str]
    is_mended: bool = False


def verify_index(
    folder: Path,
    mend: bool = True,
    waiting: Waiting | None = None,
    progress: Progress = lambda done, total: None,
) -> Verdict:
    """Checks an index whole; with `mend`, damaged derived files are written anew.

    Nothing is embedded. Where the truth itself is damaged nothing is written.

    Raises:
        BadIndexError: there is no index, or it is of another format.
        UsageError: it cannot be mended because another process is writing the index.
        RoomError: the disk or the memory is full.
    """
    verdict = _check(folder, progress)
    if not verdict.derived or verdict.truth or not mend:
        return verdict
    with refusals_named(folder), locked(folder, waiting):
        store = Store.create(folder, {})
        try:
            next_state(store, "index verify", (), Report())
        finally:
            store.close()
    return Verdict(verdict.articles, [], verdict.derived, is_mended=True)


def _check(folder: Path, progress: Progress) -> Verdict:
    while True:
        try:
            with reading(folder) as store:
                state = store.meta("state")
                found = problems(store, progress)
                truth = [line for line, _ in zip(found, range(NAMED), strict=False)]
                articles = 0 if truth else store.count("articles")
        except (sqlite3.DatabaseError, *_MISREAD) as error:
            return Verdict(0, [f"{FILE}: {error}"], [])
        derived = damaged_files(folder / DERIVED / state) if state != "0" else []
        if not derived or _state(folder) == state:
            return Verdict(articles, truth, derived)
        # An update took the files away while they were looked at: look at those of its state.


def _state(folder: Path) -> str:
    with reading(folder) as store:
        return store.meta("state")


def mending(folder: Path) -> str:
    """What a person does about a damaged truth."""
    return (
        f"restore {folder / FILE} from a copy, or delete it and build the index:"
        f" qa index ARTICLES --index {folder}"
    )
