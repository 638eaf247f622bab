"""The dense lane: FAISS over the vectors of all sentences, read back as passages."""

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.types import Numbers, Vectors

FILE = "sentences.faiss"
PASSAGES_FILE = "sentences.npy"  # passage number of every vector, ascending
COMMON_FILE = "common.npy"
COMMON_DIRECTIONS = 3

# A sentence is rarely alone near a question: this many vectors give the wanted passages.
_SENTENCES_PER_PASSAGE = 4


def write_dense(folder: Path, passages: npt.NDArray[np.int64], vectors: Vectors) -> None:
    """Writes the lane of `vectors` (n, dim); row i belongs to passage number `passages[i]`."""
    index = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index.train(vectors)
    index.add(vectors)
    faiss.write_index(index, str(folder / FILE))
    np.save(folder / PASSAGES_FILE, passages)


def write_common(folder: Path, sample: Vectors) -> None:
    """Writes what all sentences have in common: (1 + COMMON_DIRECTIONS, dim), the mean of the
    `sample` (n, dim) and its first principal directions. Similarity without them tells texts apart
    better (Mu and Viswanath 2018, "All-but-the-top").
    """
    common = np.zeros((1 + COMMON_DIRECTIONS, sample.shape[1]), dtype=np.float32)
    if len(sample):
        mean = sample.mean(axis=0, dtype=np.float64)
        centred = sample - mean
        _, directions = np.linalg.eigh(centred.T @ centred)  # the largest come last
        common[0] = mean
        first = directions[:, ::-1].T[:COMMON_DIRECTIONS]
        common[1 : 1 + len(first)] = first
    np.save(folder / COMMON_FILE, common)


class DenseLane:
    """Nearest sentences by inner product, which is the cosine of unit vectors."""

    def __init__(self, folder: Path) -> None:
        # Questions are answered side by side; threads inside one would only wait for another.
        faiss.omp_set_num_threads(1)
        self._index = faiss.read_index(str(folder / FILE))
        self._passages = np.load(folder / PASSAGES_FILE)
        self.common: Vectors = np.load(folder / COMMON_FILE)
        if self._index.ntotal != len(self._passages):
            raise ValueError(f"{self._index.ntotal} vectors for {len(self._passages)} sentences")

    @property
    def dim(self) -> int:
        return int(self._index.d)

    def search(self, vector: Vectors, limit: int, allowed: Numbers | None = None) -> list[int]:
        """Numbers of up to `limit` passages, by their nearest sentence; only of the allowed."""
        count, parameters = self._index.ntotal, None
        if allowed is not None:
            rows_allowed = np.isin(self._passages, allowed)
            count = int(rows_allowed.sum())
            bits = np.packbits(rows_allowed, bitorder="little")
            # The stubs know the C++ signatures only.
            among = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
            parameters = faiss.SearchParameters(sel=among)  # type: ignore[call-arg]
        count = min(limit * _SENTENCES_PER_PASSAGE, count)
        if count == 0:
            return []
        scores, rows = self._index.search(vector.reshape(1, -1), count, params=parameters)
        # Equal scores come in any order: the number makes the order total.
        found = rows[0] >= 0
        numbers = self._passages[rows[0][found]].tolist()
        ranked = sorted(zip((-scores[0][found]).tolist(), numbers, strict=True))
        return list(dict.fromkeys(number for _, number in ranked))[:limit]

    def vectors(self, passages: Sequence[int]) -> list[Vectors]:
        """The sentence vectors (sentences, dim) of each passage."""
        first = np.searchsorted(self._passages, passages, side="left")
        counts = np.searchsorted(self._passages, passages, side="right") - first
        ends = np.cumsum(counts)
        rows = np.arange(counts.sum()) + np.repeat(first - ends + counts, counts)
        if len(rows) == 0:
            return [np.zeros((0, self.dim), dtype=np.float32) for _ in passages]
        return np.split(self._index.reconstruct_batch(rows), ends[:-1])
