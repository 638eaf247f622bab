"""The dense lane: the sentences nearest to a question, read back as passages.

Most vectors lie in one part, which is never changed, those of newer passages in another, small
part. What an update takes away is left out of what the first part finds. When the second part has
grown, or much is gone, both become one.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.manifest import link
from index.types import Numbers, Vectors
from index.vectors import FEW, Halves, Part, part_files, write_part

FOLDER = "dense"
_BASE, _RECENT = "base", "recent"
_REMOVED = "removed.npy"  # passage numbers of the base that are gone, ascending
_COMMON = "common.npy"
COMMON_DIRECTIONS = 3
_SAMPLE = 256  # vectors that tell common directions from a few articles' subjects

# A sentence is rarely alone near a question: this many vectors give the wanted passages.
_SENTENCES_PER_PASSAGE = 4
_GONE = 0.1  # share of the base's vectors that may be gone


def write_dense(folder: Path, passages: Numbers, dim: int, blocks: Iterable[Halves]) -> None:
    """Writes the lane of vectors (n, dim) that come in blocks; row i belongs to passage number
    `passages[i]`, and the numbers ascend."""
    path = folder / FOLDER
    path.mkdir()
    _write_parts(path, passages, dim, blocks)


def update_dense(
    before: Path,
    folder: Path,
    removed: Sequence[int],
    passages: Numbers,
    blocks: Iterable[Halves],
) -> None:
    """Writes the lane in `before` without the passages `removed`, and with the vectors of others,
    which come in blocks as in `write_dense`; their numbers are higher than any before."""
    old, path = before / FOLDER, folder / FOLDER
    path.mkdir()
    base, recent = Part(old, _BASE), Part(old, _RECENT)
    gone = np.union1d(np.load(old / _REMOVED), np.array(removed, dtype=np.int64))
    kept = recent.rows_without(gone)
    gone = gone[base.rows_of(gone)[1] > 0]
    is_worn = base.rows_of(gone)[1].sum() > _GONE * len(base.passages)
    numbers = np.concatenate([recent.passages[kept], passages])
    newer = chain(recent.blocks(kept), blocks)
    if len(base.passages) <= FEW or len(numbers) > FEW or is_worn:
        left = base.rows_without(gone)
        numbers = np.concatenate([base.passages[left], numbers])
        _write_parts(path, numbers, base.dim, chain(base.blocks(left), newer))
        return
    link(old, path, part_files(_BASE))
    write_part(path, _RECENT, numbers, base.dim, newer)
    np.save(path / _REMOVED, gone)


def _write_parts(path: Path, passages: Numbers, dim: int, blocks: Iterable[Halves]) -> None:
    write_part(path, _BASE, passages, dim, blocks)
    none = np.zeros(0, dtype=np.int64)
    write_part(path, _RECENT, none, dim, [])
    np.save(path / _REMOVED, none)


def write_common(folder: Path, sample: Vectors) -> None:
    """Writes `common_of` the vectors of a sample (n, dim)."""
    mean = sample.mean(axis=0, dtype=np.float64) if len(sample) else np.zeros(sample.shape[1])
    centred = sample - mean
    np.save(folder / FOLDER / _COMMON, common_of(len(sample), mean, centred.T @ centred))


def common_of(
    count: int, mean: npt.NDArray[np.float64], scatter: npt.NDArray[np.float64]
) -> Vectors:
    """What `count` sentences have in common: (1 + COMMON_DIRECTIONS, dim), their mean and first
    principal directions, from the sum of outer products around the mean. Similarity without them
    tells texts apart better (Mu and Viswanath 2018, "All-but-the-top"). Of a few sentences the
    directions are what they are about, so there only the mean is taken out.
    """
    common = np.zeros((1 + COMMON_DIRECTIONS, len(mean)), dtype=np.float32)
    common[0] = mean
    if count >= _SAMPLE:
        _, directions = np.linalg.eigh(scatter)  # the largest come last
        common[1:] = directions[:, ::-1].T[:COMMON_DIRECTIONS]
    return common


class DenseLane:
    """Nearest sentences by inner product, which is the cosine of unit vectors."""

    def __init__(self, folder: Path) -> None:
        # Questions are answered side by side; threads inside one would only wait for another.
        faiss.omp_set_num_threads(1)
        path = folder / FOLDER
        self._parts = (Part(path, _BASE), Part(path, _RECENT))
        self._held = np.ones(len(self._parts[0].passages), dtype=bool)  # rows of the base
        self._held[self._parts[0].rows_among(np.load(path / _REMOVED))] = False
        self.common: Vectors = np.load(path / _COMMON)

    @property
    def dim(self) -> int:
        return self._parts[0].dim

    def search(self, vector: Vectors, limit: int, allowed: Numbers | None = None) -> list[int]:
        """Numbers of up to `limit` passages, by their nearest sentence; only of the allowed."""
        if limit < 1:
            return []
        count = limit * _SENTENCES_PER_PASSAGE
        vector = vector.reshape(-1)
        found: list[tuple[float, int]] = []
        for part, held in zip(self._parts, (self._held, None), strict=True):
            among = held
            if allowed is not None:
                among = np.isin(part.passages, allowed)
                among = among if held is None else among & held
            rows = part.nearest(vector, count, among)
            # Not a matrix product: there, equal rows may differ in the last bit.
            scores = np.einsum("ij,j->i", part.read(rows), vector)
            found += zip((-scores).tolist(), part.passages[rows].tolist(), strict=True)
        # Equal scores come in any order: the number makes the order total.
        found.sort()
        return list(dict.fromkeys(number for _, number in found[:count]))[:limit]

    def vectors(self, passages: Sequence[int]) -> list[Vectors]:
        """The sentence vectors (sentences, dim) of each passage."""
        base, recent = self._parts
        border = base.passages[-1] if len(base.passages) else 0  # newer passages are in the other
        is_recent = np.asarray(passages, dtype=np.int64) > border
        result = [np.zeros((0, self.dim), dtype=np.float32) for _ in passages]
        for part, chosen in ((base, ~is_recent), (recent, is_recent)):
            places = np.flatnonzero(chosen)
            for at, vectors in zip(
                places.tolist(), _vectors_of(part, np.asarray(passages)[places]), strict=True
            ):
                result[at] = vectors
        return result


def _vectors_of(part: Part, passages: Numbers) -> list[Vectors]:
    if len(passages) == 0:
        return []
    ends = np.cumsum(part.rows_of(passages)[1]).tolist()
    vectors = part.read(part.rows_among(passages))
    return [vectors[start:end] for start, end in pairwise([0, *ends])]
