"""The statistics of one state, kept as a folder of files: the words, and what vectors share.

The files are those that an index in a folder has, so the same code reads them. A reader fetches
them once for each state.
"""

import shutil
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import numpy.typing as npt

from index.dense import common_of
from index.store import Store
from index.terms import FOLDER, StoredTerms, update_terms, write_terms
from index.types import Vectors
from index.vectors import Halves

MOMENTS = "moments.npy"
_ADDED_AT_ONCE = 500  # passages, of some sentences each


class Moments:
    """Of the vectors of all sentences: how many, their sum, the sum of their outer products, as
    one array (1 + dim, 1 + dim). Those of what comes are added, of what goes taken away."""

    def __init__(self, sums: npt.NDArray[np.float64]) -> None:
        self._sums = sums
        self._waiting: list[tuple[Halves, int]] = []  # a product of many rows at once is far faster

    @classmethod
    def none(cls, dim: int) -> "Moments":
        return cls(np.zeros((1 + dim, 1 + dim)))

    def add(self, vectors: Halves, sign: int = 1) -> None:
        self._waiting.append((vectors, sign))
        if len(self._waiting) == _ADDED_AT_ONCE:
            self._add_waiting()

    def _add_waiting(self) -> None:
        for sign in (1, -1):
            if some := [vectors for vectors, its_sign in self._waiting if its_sign == sign]:
                vectors = np.concatenate(some)
                rows = np.ones((len(vectors), self._sums.shape[0]))
                rows[:, 1:] = vectors
                self._sums += sign * (rows.T @ rows)
        self._waiting.clear()

    def save(self, folder: Path) -> None:
        self._add_waiting()
        np.save(folder / MOMENTS, self._sums)

    @property
    def common(self) -> Vectors:
        """As `index.types.SearchIndex.common`."""
        self._add_waiting()
        count = self._sums[0, 0]
        mean = self._sums[0, 1:] / max(count, 1)
        scatter = self._sums[1:, 1:] - count * np.outer(mean, mean)
        return common_of(round(count), mean, scatter)


class Words:
    """The statistics of one state, open for reading."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._store = Store.open(folder)
        self.terms = StoredTerms(folder, self._store)
        self.moments = Moments(np.load(folder / MOMENTS))
        self.common = self.moments.common

    def close(self) -> None:
        self._store.close()


def write_words(
    folder: Path,
    before: Path | None,
    store: Store,
    removed: Iterable[bytes],
    added: Iterable[bytes],
) -> None:
    """Writes the counts of a new state beside its terms in a folder: those of the state in
    `before` without the packed terms `removed` and with those `added`, numbered by a store."""
    if before:
        update_terms(before, folder, store, removed, added)
    else:
        write_terms(folder, store, added)


def folded_numbers(folder: Path) -> npt.NDArray[np.int32]:
    """The folded form of every term by its number."""
    folded: npt.NDArray[np.int32] = np.load(folder / FOLDER / "folded.npy")
    return folded


def packed_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The names of the files of a folder, and their compressed contents."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        yield path.relative_to(folder).as_posix(), zlib.compress(path.read_bytes(), 1)


def unpack(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Writes the files into a folder, which is there when it is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix="draft-", dir=folder.parent))
    try:
        for name, content in files:
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(zlib.decompress(content))
    except BaseException:
        shutil.rmtree(draft)
        raise
    try:
        draft.replace(folder)
    except OSError:  # another reader was faster
        shutil.rmtree(draft)
