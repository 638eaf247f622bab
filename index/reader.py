"""One state of an index, open for reading. A newer state is a newer object."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.database import FORMAT, unreadable
from index.dense import DenseLane
from index.derived import DERIVED
from index.errors import BadIndexError
from index.lexical import LexicalLanes
from index.manifest import check, damaged_files
from index.store import Store
from index.terms import StoredTerms
from index.types import Article, Candidate, Filters, Numbers, Passage, Vectors

_FILTERS_KEPT = 16  # whose passage numbers are kept: 8 bytes for each passage
_NO_WRITING = re.compile(r"read-only file ?system|permission denied", re.IGNORECASE)


class Index:
    """A snapshot of the index in a folder; implements `index.types.OpenIndex`.

    The snapshot is a read transaction of SQLite and the derived files of the same state, so an
    update that goes on beside it changes nothing of what is seen here.
    """

    def __init__(self, folder: Path) -> None:
        """Opens the newest state.

        Raises:
            BadIndexError: there is no index, or it is damaged or of another format.
            UsageError: it is in a folder that cannot be written.
        """
        self.folder = folder
        self.store = Store.open(folder)
        try:
            while True:
                self.store.db.execute("BEGIN")
                try:
                    self._open()
                    return
                except BadIndexError:
                    self.store.db.execute("ROLLBACK")
                    # Two updates in the meantime: the second removed what the first made old.
                    if self.store.meta("state") == str(self.state):
                        raise
        except BaseException:
            self.store.close()
            raise

    def _open(self) -> None:
        folder = self.folder
        state = self.store.meta("state")
        self.state = int(state) if state.isdecimal() else 0
        if (found := self.store.meta("format")) != str(FORMAT):
            raise BadIndexError(
                f"the index in {folder} has format {found}, this program {FORMAT};"
                f" start over: qa index ARTICLES --rebuild --index {folder}"
            )
        if self.state == 0:
            raise BadIndexError(
                f"no articles in {folder} yet; index some: qa index ARTICLES --index {folder}"
            )
        self._outlets = tuple(self.store.outlets())
        # Of this state alone, so that nothing in it ever grows old.
        self._allowed = lru_cache(maxsize=_FILTERS_KEPT)(self.store.allowed)
        derived = folder / DERIVED / str(self.state)
        try:
            check(derived)
            self.terms = StoredTerms(derived, self.store)
            self._lexical = LexicalLanes(derived)
            self._dense = DenseLane(derived)
        except MemoryError:
            raise
        except Exception as error:  # a damaged file fails in any way
            if refused := _NO_WRITING.search(str(error)):
                raise unreadable(folder, refused.group()) from error
            raise self.damage() from error

    def damage(self) -> BadIndexError:
        """The error for derived files that cannot be used."""
        derived = self.folder / DERIVED / str(self.state)
        return BadIndexError(
            f"the derived files in {derived} are missing or damaged;"
            f" mend them, nothing is embedded again: qa index verify --index {self.folder}"
        )

    def is_damaged(self) -> bool:
        """Whether derived files are not as they were written; reads all of them."""
        return bool(damaged_files(self.folder / DERIVED / str(self.state)))

    @property
    def encoder_name(self) -> str:
        return self.store.meta("encoder")

    def close(self) -> None:
        self.store.close()

    @property
    def common(self) -> Vectors:
        return self._dense.common

    def outlets(self) -> Sequence[str]:
        return self._outlets

    def allowed(self, filters: Filters) -> Numbers | None:
        return self._allowed(filters) if filters else None

    def lexical(
        self, keys: Sequence[str], limit: int, folded: bool = False, allowed: Numbers | None = None
    ) -> list[int]:
        return self._lexical.search(keys, limit, folded, allowed)

    def dense(self, vector: Vectors, limit: int, allowed: Numbers | None = None) -> list[int]:
        return self._dense.search(vector, limit, allowed)

    def candidates(self, numbers: Sequence[int]) -> list[Candidate]:
        packed = self.store.passage_terms(numbers)
        present = [n for n in numbers if n in packed]
        return [
            Candidate(
                n,
                packed[n][0],
                np.frombuffer(packed[n][1], dtype=np.int32),
                np.frombuffer(packed[n][2], dtype=np.int32),
                vectors,
            )
            for n, vectors in zip(present, self._dense.vectors(present), strict=True)
        ]

    def dates(self, numbers: Sequence[int]) -> dict[int, str]:
        return self.store.dates_of(numbers)

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        return self.store.passages(numbers)

    def passage(self, passage_id: str) -> Passage | None:
        return self.store.passage(passage_id)

    def article(self, article_id: str) -> Article | None:
        return self.store.article(article_id)

    # -- what is asked of it beside search ------------------------------------------------

    @property
    def where(self) -> str:
        return str(self.folder)

    def count(self, kind: str) -> int:
        return self.store.count(kind)

    def meta(self, key: str) -> str:
        return self.store.meta(key)

    def date_span(self) -> tuple[str, str]:
        return self.store.dates()

    def titles(self, longest: int) -> Sequence[str]:
        return self.store.titles(longest)

    def origins(self) -> dict[str, str]:
        return {article_id: origin for article_id, (_, origin) in self.store.digests().items()}

    def articles(self) -> Iterator[Article]:
        return self.store.articles()

    def passages_of(self, article_id: str) -> list[Passage]:
        return self.store.passages_of(article_id)

    def neighbours(self, passage: Passage) -> tuple[str, str]:
        return self.store.neighbours(passage)

    def passages_with_titles(self) -> list[tuple[int, str, str]]:
        return self.store.passages_with_titles()

    def check_whole(self) -> None:
        if self.is_damaged():
            raise self.damage()
