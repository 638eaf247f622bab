"""What the ranker knows of each candidate: numbers between a question and a passage.

All candidates of a question are computed at once, on arrays of term numbers; nothing is read
again from their text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.types import Candidate, Terms, Vectors
from qa.types import Query

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

K1, B = 1.2, 0.75  # BM25's saturation and length normalisation
FOLDED_MATCH = 0.6  # what a word counts that matches but for its diacritics


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words of a question to look for, and the pairs of neighbours among them.

    Arrays over words: `exact` and `folded` term numbers (0 matches nothing), `idf` weights.
    Arrays over pairs: positions of both words among the words, and `pair_idf`.
    """

    exact: npt.NDArray[np.int32]
    folded: npt.NDArray[np.int32]
    idf: Floats
    first: Ints
    second: Ints
    pair_idf: Floats
    is_number: npt.NDArray[np.bool_]


def wanted_words(query: Query, terms: Terms) -> Wanted:
    """Looks up the words of a query: their numbers and how rare they are."""
    words = list(dict.fromkeys(zip(query.keys, query.uncertain, strict=True)))
    at = {word: i for i, word in enumerate(words)}
    uncertain = np.array([u for _, u in words], dtype=bool)
    exact = terms.numbers([key for key, _ in words])
    folded = np.where(uncertain, terms.folded_numbers(exact), 0).astype(np.int32)
    chain = [at[w] for w in zip(query.keys, query.uncertain, strict=True)]
    pairs = list(dict.fromkeys(zip(chain, chain[1:], strict=False)))
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
    )


def inverse_frequency(counts: npt.NDArray[np.int32], passages: int) -> Floats:
    """BM25's weight of a word that `counts` of `passages` hold (Robertson and Zaragoza 2009)."""
    return np.log1p((passages - counts + 0.5) / (counts + 0.5))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the sentences and passages of all candidates lie in one array of term numbers."""

    terms: npt.NDArray[np.int32]
    sentence_starts: Ints
    passage_starts: Ints
    passage_of_sentence: Ints
    first_sentence: Ints  # of each passage

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
        return cls(terms, sentence_starts, passage_starts, passage_of_sentence, first_sentence)


@dataclass(frozen=True, slots=True)
class Matches:
    """How well the words of a question are found: rows are sentences or passages.

    `words` (rows, words) and `pairs` (rows, pairs) count matches, an inexact one as a part.
    """

    words: Floats
    pairs: Floats


def match(wanted: Wanted, layout: Layout, terms: Terms) -> Matches:
    """Counts the question's words and pairs in every sentence."""
    found = (layout.terms[:, None] == wanted.exact) & (wanted.exact > 0)
    strength = found.astype(np.float32)
    if wanted.folded.any():
        folded = terms.folded_numbers(layout.terms)
        loose = (folded[:, None] == wanted.folded) & (wanted.folded > 0) & ~found
        strength += np.float32(FOLDED_MATCH) * loose
    following = np.zeros_like(strength)
    following[:-1] = strength[1:]
    pairs = np.minimum(strength[:, wanted.first], following[:, wanted.second])
    starts = layout.sentence_starts
    return Matches(
        np.add.reduceat(strength, starts, axis=0).astype(np.float64),
        np.add.reduceat(pairs, starts, axis=0).astype(np.float64),
    )


def bm25(counts: Floats, idf: Floats, lengths: Floats, mean_length: float) -> Floats:
    """BM25 of rows with term `counts` (rows, words) and `lengths` in terms."""
    norm = K1 * (1 - B + B * lengths / max(mean_length, 1e-9))
    return (counts * (K1 + 1) / (counts + norm[:, None])) @ idf


def coverage(counts: Floats, idf: Floats) -> Floats:
    """The share, in 0..1 by rarity, of the question's words that each row holds."""
    return np.minimum(counts, 1.0) @ idf / max(float(idf.sum()), 1e-9)


NAMES = (
    "bm25",
    "bm25_scaled",
    "dense",
    "dense_scaled",
    "dense_second",
    "dense_mean",
    "words_in_passage",
    "words_in_sentence",
    "words_in_window",
    "pairs_in_passage",
    "pairs_in_sentence",
    "words_in_title",
    "words_in_title_or_passage",
    "numbers",
    "best_sentence",
    "log_length",
)


@dataclass(frozen=True, slots=True)
class Features:
    """Of the passages (passages, len(NAMES)), and scores of the sentences, for one question."""

    passages: Floats
    sentence_dense: Floats
    sentence_words: Floats
    sentence_pairs: Floats
    first_sentence: Ints  # of each passage; sentences of a passage follow one another


def compute(
    query: Query, vector: Vectors, candidates: Sequence[Candidate], terms: Terms
) -> Features:
    """Features of every candidate for a query with this vector."""
    wanted = wanted_words(query, terms)
    layout = Layout.of(candidates)
    first = layout.first_sentence
    found = match(wanted, layout, terms)
    in_passage = Matches(
        np.add.reduceat(found.words, first, axis=0), np.add.reduceat(found.pairs, first, axis=0)
    )
    similarity = np.concatenate([c.vectors for c in candidates]) @ vector
    similarity = similarity.astype(np.float64)
    words = coverage(found.words, wanted.idf)
    pairs = coverage(found.pairs, wanted.pair_idf)
    titles = np.stack([np.isin(wanted.exact, c.title) & (wanted.exact > 0) for c in candidates])
    lengths = np.array([np.count_nonzero(c.terms) for c in candidates], dtype=np.float64)
    lexical = bm25(in_passage.words, wanted.idf, lengths, terms.mean_length) + bm25(
        in_passage.pairs, wanted.pair_idf, lengths, terms.mean_length
    )
    dense = np.maximum.reduceat(similarity, first)
    columns = {
        "bm25": lexical / max(float(wanted.idf.sum() + wanted.pair_idf.sum()), 1e-9),
        "bm25_scaled": _scaled(lexical),
        "dense": dense,
        "dense_scaled": _scaled(dense),
        "dense_second": _second(similarity, layout),
        "dense_mean": _mean_vector(candidates, vector),
        "words_in_passage": coverage(in_passage.words, wanted.idf),
        "words_in_sentence": np.maximum.reduceat(words, first),
        "words_in_window": _best_window(found.words, wanted.idf, layout),
        "pairs_in_passage": coverage(in_passage.pairs, wanted.pair_idf),
        "pairs_in_sentence": np.maximum.reduceat(pairs, first),
        "words_in_title": coverage(titles.astype(np.float64), wanted.idf),
        "words_in_title_or_passage": coverage(in_passage.words + titles, wanted.idf),
        "numbers": coverage(in_passage.words, wanted.idf * wanted.is_number),
        "best_sentence": np.maximum.reduceat(similarity + 0.2 * words + 0.1 * pairs, first),
        "log_length": np.log(np.maximum(lengths, 1.0)),
    }
    return Features(
        np.stack([columns[name] for name in NAMES], axis=1), similarity, words, pairs, first
    )


def _scaled(scores: Floats) -> Floats:
    """Scores to 0..1 over the candidates of this question."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / max(high - low, 1e-9)


def _second(similarity: Floats, layout: Layout) -> Floats:
    """The second best sentence of each passage, or the only one."""
    rest = similarity.copy()
    order = np.lexsort((similarity, layout.passage_of_sentence))
    last = np.append(layout.first_sentence[1:], len(similarity)) - 1  # best, in sorted order
    alone = np.diff(np.append(layout.first_sentence, len(similarity))) == 1
    second = similarity[order[np.maximum(last - 1, 0)]]
    return np.where(alone, rest[order[last]], second)


def _mean_vector(candidates: Sequence[Candidate], vector: Vectors) -> Floats:
    """Cosine with the mean of a passage's sentences: what the passage is about as a whole."""
    means = np.stack([c.vectors.mean(axis=0) for c in candidates])
    return (means @ vector / np.maximum(np.linalg.norm(means, axis=1), 1e-9)).astype(np.float64)


def _best_window(counts: Floats, idf: Floats, layout: Layout) -> Floats:
    """Coverage of the best two neighbouring sentences of each passage."""
    following = np.zeros_like(counts)
    same = layout.passage_of_sentence[1:] == layout.passage_of_sentence[:-1]
    following[:-1][same] = counts[1:][same]
    return np.maximum.reduceat(coverage(counts + following, idf), layout.first_sentence)
