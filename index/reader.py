"""One state of an index, open for reading. A newer state is a newer object."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.dense import DenseLane
from index.derived import DERIVED
from index.errors import BadIndexError
from index.lexical import LexicalLanes
from index.manifest import check
from index.store import FORMAT, Store
from index.terms import StoredTerms
from index.types import Article, Candidate, Passage, Vectors


class Index:
    """A snapshot of the index in a folder; implements `index.types.SearchIndex`.

    The snapshot is a read transaction of SQLite and the derived files of the same state, so an
    update that goes on beside it changes nothing of what is seen here.
    """

    def __init__(self, folder: Path) -> None:
        """Opens the newest state.

        Raises:
            BadIndexError: there is no index, or it is damaged or of another format.
        """
        self.folder = folder
        self.store = Store.open(folder)
        try:
            self._open()
        except BaseException:
            self.store.close()
            raise

    def _open(self) -> None:
        folder = self.folder
        self.store.db.execute("BEGIN")
        if (found := self.store.meta("format")) != str(FORMAT):
            raise BadIndexError(
                f"the index in {folder} has format {found}, this program {FORMAT};"
                f" start over: qa index ARTICLES --rebuild --index {folder}"
            )
        self.state = int(self.store.meta("state"))
        if self.state == 0:
            raise BadIndexError(
                f"no articles in {folder} yet; index some: qa index ARTICLES --index {folder}"
            )
        derived = folder / DERIVED / str(self.state)
        try:
            check(derived)
            self.terms = StoredTerms(derived, self.store)
            self._lexical = LexicalLanes(derived)
            self._dense = DenseLane(derived)
        except (OSError, EOFError, ValueError, RuntimeError) as error:
            raise BadIndexError(
                f"the derived files in {derived} are missing or damaged;"
                f" write them anew, nothing is embedded again:"
                f" qa index ARTICLES --rebuild --index {folder}"
            ) from error

    @property
    def encoder_name(self) -> str:
        return self.store.meta("encoder")

    def close(self) -> None:
        self.store.close()

    @property
    def common(self) -> Vectors:
        return self._dense.common

    def lexical(self, keys: Sequence[str], limit: int, folded: bool = False) -> list[int]:
        return self._lexical.search(keys, limit, folded)

    def dense(self, vector: Vectors, limit: int) -> list[int]:
        return self._dense.search(vector, limit)

    def candidates(self, numbers: Sequence[int]) -> list[Candidate]:
        packed = self.store.passage_terms(numbers)
        present = [n for n in numbers if n in packed]
        return [
            Candidate(
                n,
                np.frombuffer(packed[n][0], dtype=np.int32),
                np.frombuffer(packed[n][1], dtype=np.int32),
                vectors,
            )
            for n, vectors in zip(present, self._dense.vectors(present), strict=True)
        ]

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        return self.store.passages(numbers)

    def passage(self, passage_id: str) -> Passage | None:
        return self.store.passage(passage_id)

    def article(self, article_id: str) -> Article | None:
        return self.store.article(article_id)
