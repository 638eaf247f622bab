"""Where the words of a question are found in its candidates.

All candidates of a question are looked at together, as one array of term numbers; nothing is read
again from their text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.text import key
from index.text import words as words_of
from index.types import Candidate, Terms
from qa.types import Query

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

K1, B = 1.2, 0.75  # BM25's saturation and length normalisation
NEAR = 8  # terms on each side that are close together
FOLDED_MATCH = 0.6  # what a word counts that matches but for its diacritics


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words of a question to look for, and the pairs of neighbours among them.

    Arrays over words: `exact` and `folded` term numbers (0 matches nothing), `idf` weights, and
    whether the word is a number or a name.
    Arrays over pairs: positions of both words among the words, and `pair_idf`.
    """

    exact: npt.NDArray[np.int32]
    folded: npt.NDArray[np.int32]
    idf: Floats
    first: Ints
    second: Ints
    pair_idf: Floats
    is_number: npt.NDArray[np.bool_]
    is_name: npt.NDArray[np.bool_]


def wanted_words(query: Query, terms: Terms) -> Wanted:
    """Looks up the words of a query: their numbers and how rare they are."""
    words = list(dict.fromkeys(zip(query.keys, query.uncertain, strict=True)))
    at = {word: i for i, word in enumerate(words)}
    uncertain = np.array([u for _, u in words], dtype=bool)
    exact = terms.numbers([key for key, _ in words])
    folded = np.where(uncertain, terms.folded_numbers(exact), 0).astype(np.int32)
    chain = [at[w] for w in zip(query.keys, query.uncertain, strict=True)]
    pairs = list(dict.fromkeys(pairwise(chain)))
    first = np.array([a for a, _ in pairs], dtype=np.int64)
    second = np.array([b for _, b in pairs], dtype=np.int64)
    pair_count = terms.pair_frequency(exact[first], exact[second])
    return Wanted(
        exact,
        folded,
        inverse_frequency(terms.frequency(exact), terms.passages),
        first,
        second,
        inverse_frequency(pair_count, terms.passages),
        np.array([key[0].isdecimal() for key, _ in words], dtype=bool),
        np.isin([key for key, _ in words], _names(query.text)),
    )


def _names(text: str) -> list[str]:
    """Keys of the capitalised words but the first, which every question may begin with; none
    where all of it is in capitals."""
    return [] if text.isupper() else [key(word) for word in words_of(text)[1:] if word[0].isupper()]


def inverse_frequency(counts: npt.NDArray[np.int32], passages: int) -> Floats:
    """BM25's weight of a word that `counts` of `passages` hold (Robertson and Zaragoza 2009)."""
    return np.log1p((passages - counts + 0.5) / (counts + 0.5))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the sentences and passages of all candidates lie in one array of term numbers."""

    terms: npt.NDArray[np.int32]
    capitalised: npt.NDArray[np.bool_]
    sentence_starts: Ints
    passage_starts: Ints
    passage_of_sentence: Ints
    first_sentence: Ints  # of each passage
    sentence_of_term: Ints

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> "Layout":
        border = np.zeros(1, dtype=np.int32)
        parts = [part for c in candidates for part in (c.terms, border)]
        terms = np.concatenate(parts) if parts else border[:0]
        sizes = np.array([len(c.terms) + 1 for c in candidates], dtype=np.int64)
        passage_starts = np.concatenate(([0], np.cumsum(sizes)))[:-1].astype(np.int64)
        # A sentence begins after every border but the last.
        sentence_starts = np.concatenate(([0], np.flatnonzero(terms == 0)[:-1] + 1))
        passage_of_sentence = np.searchsorted(passage_starts, sentence_starts, side="right") - 1
        first_sentence = np.searchsorted(sentence_starts, passage_starts)
        sizes = np.diff(np.append(sentence_starts, len(terms)))
        sentence_of_term = np.repeat(np.arange(len(sizes)), sizes)
        return cls(
            np.abs(terms),
            terms < 0,
            sentence_starts,
            passage_starts,
            passage_of_sentence,
            first_sentence,
            sentence_of_term,
        )


@dataclass(frozen=True, slots=True)
class Matches:
    """How often the words of a question are found: rows are sentences or passages.

    `words` (rows, words) and `pairs` (rows, pairs) count matches, an inexact one as a part.
    """

    words: Floats
    pairs: Floats

    def summed(self, starts: Ints) -> "Matches":
        """The counts of groups of rows; each group begins at one of `starts`."""
        return Matches(
            np.add.reduceat(self.words, starts, axis=0), np.add.reduceat(self.pairs, starts, axis=0)
        )


def titles_with(wanted: Wanted, candidates: Sequence[Candidate]) -> npt.NDArray[np.bool_]:
    """(candidates, words) whether the title of a candidate's article holds a word."""
    border = np.zeros(1, dtype=np.int32)
    terms = np.concatenate([part for c in candidates for part in (c.title, border)])
    starts = np.cumsum([0, *(len(c.title) + 1 for c in candidates)])[:-1]
    found = (np.abs(terms)[:, None] == wanted.exact) & (wanted.exact > 0)
    return np.logical_or.reduceat(found, starts, axis=0)


def is_one_of(terms: npt.NDArray[np.int32], numbers: npt.NDArray[np.int32]) -> Flags:
    """Whether each of many terms is one of a few numbers: looked up, not compared with each."""
    table = np.zeros(int(terms.max(initial=0)) + 1, dtype=bool)
    table[numbers[numbers < len(table)]] = True
    return table[terms]


def near(wanted: Wanted, layout: Layout) -> Floats:
    """(sentences,) the largest share of the question's words found close together in each."""
    weight_of = np.zeros(int(max(layout.terms.max(initial=0), wanted.exact.max(initial=0))) + 1)
    weight_of[wanted.exact] = wanted.idf
    weight_of[0] = 0.0
    weights = weight_of[layout.terms]
    total = np.concatenate(([0.0], np.cumsum(weights)))
    at = np.arange(len(weights))
    first = layout.sentence_starts[layout.sentence_of_term]
    last = np.append(layout.sentence_starts[1:], len(weights))[layout.sentence_of_term]
    inside = total[np.minimum(at + NEAR + 1, last)] - total[np.maximum(at - NEAR, first)]
    best = np.maximum.reduceat(inside, layout.sentence_starts)
    return np.minimum(best / max(float(wanted.idf.sum()), 1e-9), 1.0)


def match(wanted: Wanted, layout: Layout, terms: Terms) -> Matches:
    """Counts the question's words and pairs in every sentence."""
    is_wanted = is_one_of(layout.terms, wanted.exact)
    if wanted.folded.any():
        folded = terms.folded_numbers(layout.terms)
        is_wanted |= is_one_of(folded, wanted.folded)
    at = np.flatnonzero(is_wanted & (layout.terms > 0))  # few: all else is done for these alone
    found = (layout.terms[at, None] == wanted.exact) & (wanted.exact > 0)
    strength = found.astype(np.float32)
    if wanted.folded.any():
        loose = (folded[at, None] == wanted.folded) & (wanted.folded > 0) & ~found
        strength += np.float32(FOLDED_MATCH) * loose
    following = np.zeros_like(strength)
    following[:-1] = strength[1:] * (np.diff(at) == 1)[:, None]
    pairs = np.minimum(strength[:, wanted.first], following[:, wanted.second])
    sentences = layout.sentence_of_term[at]
    return Matches(
        _summed(strength, sentences, len(layout.sentence_starts)),
        _summed(pairs, sentences, len(layout.sentence_starts)),
    )


def _summed(counts: npt.NDArray[np.float32], sentences: Ints, size: int) -> Floats:
    """The sums of the rows of each of `size` sentences; `sentences` ascend."""
    sums = np.zeros((size, counts.shape[1]))
    if len(counts):
        starts = np.flatnonzero(np.diff(sentences, prepend=-1))
        sums[sentences[starts]] = np.add.reduceat(counts, starts, axis=0)
    return sums


def bm25(counts: Floats, idf: Floats, lengths: Floats, mean_length: float) -> Floats:
    """BM25 of rows with term `counts` (rows, words) and `lengths` in terms."""
    norm = K1 * (1 - B + B * lengths / max(mean_length, 1e-9))
    return (counts * (K1 + 1) / (counts + norm[:, None])) @ idf


def coverage(counts: Floats, idf: Floats) -> Floats:
    """The share, in 0..1 by rarity, of the question's words that each row holds."""
    return np.minimum(counts, 1.0) @ idf / max(float(idf.sum()), 1e-9)
