"""A part of the dense lane: some vectors on disk, and FAISS to find those near a question's.

The vectors themselves are half-precision rows of one file, read where they are needed. Beside them
lies what FAISS scans. Few vectors are scanned as they are. Of many it scans codes: two coordinates
at a time become one of 16 values (product quantization, Jegou et al. 2011, scanned in registers,
Andre et al. 2015), 8 times smaller and some 15 times faster, in shards that are scanned side by
side; the nearest by their codes are then compared by their vectors.
"""

import mmap
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.types import Numbers, Vectors

FEW = 32_768  # vectors that are scanned as they are: some 4 ms
_COMPARED = 1_000  # vectors found by their codes that are compared exactly
_SAMPLE = 8_192  # vectors from which the values of codes are learned
_ROUNDS = 12  # of k-means that learns them
_SHARDS = 4  # of codes, one after the other in one file
_BLOCK = 32_768  # vectors handled at once

Halves = npt.NDArray[np.float16]  # (n, dim)
Rows = npt.NDArray[np.bool_]  # (n,) whether a row is meant


class Part:
    """Vectors in rows, with the passage number of each, ascending. Numbers and vectors stay on
    disk until they are asked for."""

    def __init__(self, folder: Path, name: str) -> None:
        """Opens a part.

        Raises:
            OSError, ValueError, RuntimeError: a file is missing or does not fit the others.
        """
        files = part_files(name)
        self.passages: Numbers = np.load(folder / files[0], mmap_mode="r")
        mapped = np.load(folder / files[1], mmap_mode="r")
        self.vectors: Halves = mapped
        self._scanned = _read_scanned(folder / files[2], len(self.vectors))
        if not len(self.passages) == len(self.vectors) == self._scanned.ntotal:
            raise ValueError(
                f"{self._scanned.ntotal} vectors for {len(self.passages)} sentences in {folder}"
            )
        if len(self.vectors):  # rows are read one here and one there
            self._map, self._start = mapped._mmap, mapped.offset
            self._map.madvise(mmap.MADV_RANDOM)

    @property
    def dim(self) -> int:
        return int(self.vectors.shape[1])

    def nearest(self, vector: Vectors, count: int, among: Rows | None = None) -> Numbers:
        """At least `count` of the rows `among` all that are near a vector (dim,), where there are
        as many: the nearest ones, or of many vectors nearly all of them."""
        is_coded = isinstance(self._scanned, faiss.IndexShards)
        count = max(count, _COMPARED) if is_coded else count
        if among is not None and among.all():
            among = None
        size = len(self.vectors) if among is None else int(among.sum())
        if count >= size:
            return np.arange(size) if among is None else np.flatnonzero(among)
        if is_coded and among is not None:
            return np.sort(self._picked(vector, count, among, size))
        parameters = None
        if among is not None:
            bits = np.packbits(among, bitorder="little")
            # The stubs know the C++ signatures only.
            chosen = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
            parameters = faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
        return np.sort(self._search(vector, count, parameters))

    def _picked(self, vector: Vectors, count: int, among: Rows, size: int) -> Numbers:
        """The nearest of some rows by their codes: FAISS scans codes of all, so as many of the
        nearest are taken as it needs to find enough of them."""
        wide = count * len(among) // size
        while True:
            wide = min(2 * wide, len(among))
            rows = self._search(vector, wide)
            rows = rows[among[rows]]
            if len(rows) >= count or wide == len(among):
                return rows[:count]

    def _search(
        self, vector: Vectors, count: int, parameters: faiss.SearchParameters | None = None
    ) -> Numbers:
        rows: Numbers = self._scanned.search(vector.reshape(1, -1), count, params=parameters)[1][0]
        return rows[rows >= 0]

    def read(self, rows: Numbers) -> Vectors:
        """The vectors of some rows."""
        if len(self.vectors) > FEW:
            self._fetch(rows)
        return self.vectors[rows].astype(np.float32)

    def _fetch(self, rows: Numbers) -> None:
        """Asks the disk for all pages of some rows at once: one after the other, as they are
        touched, takes eight times as long."""
        size = self.dim * self.vectors.itemsize
        starts = self._start + size * rows[np.diff(rows, prepend=-2) != 1]
        ends = self._start + size * (rows[np.diff(rows, append=-2) != 1] + 1)
        pages = starts - starts % mmap.PAGESIZE
        for page, length in zip(pages.tolist(), (ends - pages).tolist(), strict=True):
            self._map.madvise(mmap.MADV_WILLNEED, page, length)

    def rows_of(self, passages: npt.ArrayLike) -> tuple[Numbers, Numbers]:
        """The first row of each passage, and how many it has."""
        first = np.searchsorted(self.passages, passages, side="left")
        return first, np.searchsorted(self.passages, passages, side="right") - first

    def rows_among(self, passages: npt.ArrayLike) -> Numbers:
        """The rows of some passages, one passage after the other."""
        first, counts = self.rows_of(passages)
        ends = np.cumsum(counts)
        return np.arange(counts.sum()) + np.repeat(first - ends + counts, counts)

    def rows_without(self, removed: Numbers) -> Numbers:
        """The rows of all other passages, ascending."""
        return np.delete(np.arange(len(self.passages)), self.rows_among(removed))

    def blocks(self, rows: Numbers) -> Iterable[Halves]:
        """The vectors of some rows, as many at once as fit in little memory."""
        for at in range(0, len(rows), _BLOCK):
            yield self.vectors[rows[at : at + _BLOCK]]


def part_files(name: str) -> tuple[str, str, str]:
    """The files of a part: passage numbers, vectors, what FAISS scans."""
    return f"{name}_passages.npy", f"{name}_vectors.npy", f"{name}.faiss"


def write_part(
    folder: Path, name: str, passages: Numbers, dim: int, blocks: Iterable[Halves]
) -> None:
    """Writes a part of as many vectors as passage numbers, which ascend.

    Raises:
        ValueError: the blocks hold more vectors or fewer.
    """
    numbers_file, vectors_file, faiss_file = part_files(name)
    np.save(folder / numbers_file, passages)
    at = 0
    header = {"descr": "<f2", "fortran_order": False, "shape": (len(passages), dim)}
    # Not through a map: where the disk is full, writing to one kills the process.
    with (folder / vectors_file).open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for block in blocks:
            file.write(block.astype("<f2").tobytes())
            at += len(block)
    if at != len(passages):
        raise ValueError(f"{at} vectors for {len(passages)} sentences")
    vectors: Halves = np.load(folder / vectors_file, mmap_mode="r")
    faiss.omp_set_num_threads(1)  # threads that wait for one another cost more than they save
    is_coded = len(passages) > FEW and dim % 2 == 0
    scanned, mean = _codes(vectors) if is_coded else _plain(dim)
    with (folder / faiss_file).open("wb") as file:
        # FAISS would write of a full disk to stderr by itself.
        writer = faiss.PyCallbackIOWriter(file.write)  # type: ignore[attr-defined]
        borders = np.linspace(0, len(passages), 1 + (_SHARDS if is_coded else 1)).astype(int)
        for first, last in pairwise(borders.tolist()):
            scanned.reset()
            for at in range(first, last, _BLOCK):
                block = vectors[at : min(at + _BLOCK, last)].astype(np.float32)
                scanned.add(block - mean)
            faiss.write_index(scanned, writer)


def _read_scanned(path: Path, size: int) -> faiss.Index:
    """What FAISS scans of `size` vectors: codes in shards, each with a thread of its own, or few
    vectors as they are."""
    with path.open("rb") as file:
        reader = faiss.PyCallbackIOReader(file.read)  # type: ignore[attr-defined]
        scanned = faiss.read_index(reader)
        if not isinstance(scanned, faiss.IndexPQFastScan):
            return scanned
        # With threads, and rows that are counted on from shard to shard.
        shards = faiss.IndexShards(scanned.d, True, True)  # type: ignore[call-arg]
        shards.add_shard(scanned)
        while shards.ntotal < size:
            shards.add_shard(faiss.read_index(reader))
    return shards


def _plain(dim: int) -> tuple[faiss.Index, Vectors]:
    scanned = faiss.IndexScalarQuantizer(
        dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    mean = np.zeros(dim, dtype=np.float32)
    scanned.train(mean.reshape(1, -1))
    return scanned, mean


def _codes(vectors: Halves) -> tuple[faiss.Index, Vectors]:
    """Codes of vectors less their mean, which is returned: taking it away changes every product
    with a question by the same number, and leaves the codes more of what differs."""
    places = np.linspace(0, len(vectors) - 1, min(len(vectors), _SAMPLE)).astype(np.int64)
    sample = vectors[places].astype(np.float32)
    mean = sample.mean(axis=0)
    dim = vectors.shape[1]
    scanned = faiss.IndexPQFastScan(dim, dim // 2, 4, faiss.METRIC_INNER_PRODUCT)
    scanned.pq.cp.niter = _ROUNDS
    scanned.train(sample - mean)
    return scanned, mean
