"""How many passages hold each term and each pair of neighbouring terms: counted, added, taken away.

Counts of some passages and counts of others make the counts of both, so an update counts only the
passages that came or went, and a collection of any size is counted block by block.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]
Keys = npt.NDArray[np.int64]

PAIR_BITS = 32  # a pair of terms is one 64-bit key: first << 32 | second


@dataclass(frozen=True, slots=True)
class Counts:
    """Of some passages: `sizes`, how many they are and how many terms they have; in how many of
    them stands each term, `terms` by term number, and each pair, `pair_counts` of `pairs`
    (ascending). The arrays may be mapped from disk."""

    sizes: Keys
    terms: Numbers
    pairs: Keys
    pair_counts: Numbers

    @classmethod
    def of(cls, terms: Numbers, lengths: Sequence[int], size: int) -> Self:
        """Counts passages whose term numbers, below `size`, follow one another: `lengths` of them
        in each passage. A 0 is the border between sentences: no term, and no pair crosses it."""
        passages = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        counts = _passages_with(terms, passages, size)
        counts[0] = 0
        first, second = terms[:-1].astype(np.int64), terms[1:].astype(np.int64)
        inside = (first > 0) & (second > 0) & (passages[:-1] == passages[1:])
        keys = (first[inside] << PAIR_BITS) | second[inside]
        pairs, places = np.unique(keys, return_inverse=True)
        pair_counts = _passages_with(places, passages[:-1][inside], len(pairs))
        sizes = np.array([len(lengths), np.count_nonzero(terms)], dtype=np.int64)
        return cls(sizes, counts, pairs, pair_counts)

    @classmethod
    def open(cls, folder: Path, name: str) -> Self:
        paths = (folder / f"{name}_{field.name}.npy" for field in fields(cls))
        return cls(*(np.load(path, mmap_mode="r") for path in paths))

    def write(self, folder: Path, name: str) -> None:
        for field in fields(self):
            np.save(folder / f"{name}_{field.name}.npy", getattr(self, field.name))

    def plus(self, other: Self, sign: int = 1) -> Self:
        """The counts of the passages of both; with `sign` -1 of these without those of `other`."""
        terms = np.zeros(max(len(self.terms), len(other.terms)), dtype=np.int32)
        terms[: len(self.terms)] = self.terms
        terms[: len(other.terms)] += sign * other.terms
        at = np.searchsorted(self.pairs, other.pairs)
        new = np.append(self.pairs, -1)[at] != other.pairs
        counts = np.array(self.pair_counts)
        counts[at[~new]] += sign * other.pair_counts[~new]
        pairs = np.insert(self.pairs, at[new], other.pairs[new])
        counts = np.insert(counts, at[new], other.pair_counts[new])
        held = counts > 0
        sizes = self.sizes + sign * other.sizes
        return type(self)(sizes, terms, pairs[held], counts[held])


def _passages_with(values: Numbers | Keys, passages: Keys, size: int) -> Numbers:
    """For each value below `size`, how many different passages hold it."""
    held = np.sort(passages * size + values)  # numpy's unique is ten times slower
    held = held[np.append(True, held[1:] != held[:-1])] if len(held) else held
    return np.bincount(held % max(size, 1), minlength=size).astype(np.int32)
