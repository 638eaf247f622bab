"""The lexical lanes as sparse vectors: their inner product is BM25 as tantivy computes it.

A passage's side holds what does not change with the collection: how often a word stands in it,
saturated, and dampened by its length beside a mean length that is kept for a generation. The
question's side holds the idf of today (Robertson and Zaragoza 2009).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from index.text import fold
from index.types import Terms

K1, B = 1.2, 0.75  # tantivy's
_PAIRS_FROM = 1 << 24  # numbers of words are below, hashes of pairs above
_HIGHEST = (1 << 32) - 2  # number of a dimension
_PAIRS = _HIGHEST - _PAIRS_FROM
_MIX = np.uint64(0x9E3779B97F4A7C15)  # of a Fibonacci hash (Knuth 1998, 6.4)
ANY = 0  # a dimension that every passage has and no question asks: empty vectors are refused

Numbers = npt.NDArray[np.int32]
Sparse = dict[int, float]


def _lengths() -> npt.NDArray[np.float64]:
    """The lengths that tantivy can keep, in one byte: exact up to 40, then coarser."""

    def length(code: int) -> int:
        if code < 24:
            return code
        bits, shift = (code - 24) & 7, ((code - 24) >> 3) - 1
        return 24 + (bits if shift < 0 else (bits | 8) << shift)

    return np.array([length(code) for code in range(256)], dtype=np.float64)


_LENGTHS = _lengths()


def dimensions(terms: Numbers) -> npt.NDArray[np.int64]:
    """The words of a passage and its pairs of neighbours, as numbers of dimensions. `terms` are
    numbers of terms above 0, with 0 between sentences."""
    terms = terms.astype(np.int64)
    first, second = terms[:-1], terms[1:]
    inside = (first > 0) & (second > 0)
    return np.concatenate([terms[terms > 0], pair_dimensions(first[inside], second[inside])])


def pair_dimensions(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    keys = (first.astype(np.uint64) << np.uint64(32)) | second.astype(np.uint64)
    mixed = (keys * _MIX) >> np.uint64(32)
    return (mixed % np.uint64(_PAIRS)).astype(np.int64) + _PAIRS_FROM


def length_of(terms: Numbers) -> int:
    """How many words and pairs a passage has."""
    return len(dimensions(terms))


def passage_weights(terms: Numbers, mean: float) -> csr_array:
    """The passage's side of BM25, beside passages of a mean length, as one row."""
    found = dimensions(terms)
    numbers, counts = np.unique(found, return_counts=True)
    length = _LENGTHS[np.searchsorted(_LENGTHS, len(found), side="right") - 1]
    weights = counts * (K1 + 1) / (counts + K1 * (1 - B + B * length / max(mean, 1e-9)))
    row = np.append(ANY, numbers), np.append(1.0, weights)
    # pymilvus looks at each number of a dict three times before it sends it.
    return csr_array((row[1], row[0], [0, len(row[0])]), shape=(1, _HIGHEST + 1))


def question_weights(keys: Sequence[str], folded: bool, terms: Terms) -> Sparse:
    """The question's side: the idf of its words and pairs, each once; without unknown ones."""
    wanted = terms.numbers([fold(key) for key in keys] if folded else keys)
    words = np.unique(wanted[wanted > 0])
    pairs = np.unique(np.stack([wanted[:-1], wanted[1:]]), axis=1) if len(wanted) > 1 else None
    weights = dict(
        zip(words.tolist(), _idf(terms.frequency(words, folded), terms.passages), strict=True)
    )
    if pairs is not None:
        first, second = pairs[:, (pairs > 0).all(axis=0)]
        held = terms.pair_frequency(first, second, folded)
        numbers = pair_dimensions(first, second).tolist()
        weights |= dict(zip(numbers, _idf(held, terms.passages), strict=True))
    return {number: weight for number, weight in weights.items() if weight > 0}


def _idf(held: Numbers, passages: int) -> list[float]:
    """Of words that stand in `held` passages; 0 for words that stand in none."""
    held64 = held.astype(np.float64)
    idf = np.log(1 + (passages - held64 + 0.5) / (held64 + 0.5))
    weights: list[float] = np.where(held64 > 0, idf, 0.0).tolist()
    return weights
