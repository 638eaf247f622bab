"""What the ranker knows of each candidate: numbers between a question and a sentence or passage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.types import Candidate, Terms, Vectors
from qa import evidence
from qa.match import Floats, Ints, Layout, bm25, coverage, match, near, wanted_words
from qa.types import Query

SENTENCE_NAMES = (
    "dense",
    "words",
    "pairs",
    "near",
    "words_before",
    "words_after",
    "is_first",
    "log_new_words",
    *evidence.NAMES,
)
PASSAGE_NAMES = (
    "bm25",
    "bm25_scaled",
    "dense",
    "dense_scaled",
    "dense_second",
    "dense_mean",
    "words",
    "words_in_sentence",
    "words_in_window",
    "pairs",
    "pairs_in_sentence",
    "words_in_title",
    "words_or_title",
    "numbers",
    "near",
    "log_length",
)


@dataclass(frozen=True, slots=True)
class Features:
    """Of one question: `sentences` (sentences, len(SENTENCE_NAMES)), `passages` (passages,
    len(PASSAGE_NAMES)), and the first sentence of every passage."""

    sentences: Floats
    passages: Floats
    first_sentence: Ints


def compute(
    query: Query, vector: Vectors, candidates: Sequence[Candidate], terms: Terms
) -> Features:
    """Features of at least one candidate for a query with this vector (dim,)."""
    wanted = wanted_words(query, terms)
    layout = Layout.of(candidates)
    first = layout.first_sentence
    found = match(wanted, layout, terms)
    together = found.summed(first)

    similarity = (np.concatenate([c.vectors for c in candidates]) @ vector).astype(np.float64)
    words, pairs = coverage(found.words, wanted.idf), coverage(found.pairs, wanted.pair_idf)
    close = near(wanted, layout)
    sizes = np.diff(np.append(layout.sentence_starts, len(layout.terms))) - 1
    same = layout.passage_of_sentence[1:] == layout.passage_of_sentence[:-1]
    is_first = np.zeros(len(words))
    is_first[first] = 1.0
    sentences = np.column_stack(
        [
            similarity,
            words,
            pairs,
            close,
            np.append(0.0, np.where(same, words[:-1], 0.0)),
            np.append(np.where(same, words[1:], 0.0), 0.0),
            is_first,
            np.log1p(np.maximum(sizes - (found.words > 0).sum(axis=1), 0)),
            evidence.evidence(query, wanted, layout, terms),
        ]
    )

    lengths = np.add.reduceat(sizes, first).astype(np.float64)
    lexical = bm25(together.words, wanted.idf, lengths, terms.mean_length)
    lexical += bm25(together.pairs, wanted.pair_idf, lengths, terms.mean_length)
    dense = np.maximum.reduceat(similarity, first)
    in_title = np.stack([np.isin(wanted.exact, np.abs(c.title)) for c in candidates])
    in_title = (in_title & (wanted.exact > 0)).astype(np.float64)
    passages = {
        "bm25": lexical / max(float(wanted.idf.sum() + wanted.pair_idf.sum()), 1e-9),
        "bm25_scaled": _scaled(lexical),
        "dense": dense,
        "dense_scaled": _scaled(dense),
        "dense_second": _second_best(similarity, layout),
        "dense_mean": _mean_similarity(candidates, vector),
        "words": coverage(together.words, wanted.idf),
        "words_in_sentence": np.maximum.reduceat(words, first),
        "words_in_window": _best_window(found.words, wanted.idf, layout),
        "pairs": coverage(together.pairs, wanted.pair_idf),
        "pairs_in_sentence": np.maximum.reduceat(pairs, first),
        "words_in_title": coverage(in_title, wanted.idf),
        "words_or_title": coverage(together.words + in_title, wanted.idf),
        "numbers": coverage(together.words, wanted.idf * wanted.is_number),
        "near": np.maximum.reduceat(close, first),
        "log_length": np.log(np.maximum(lengths, 1.0)),
    }
    columns = np.column_stack([passages[name] for name in PASSAGE_NAMES])
    return Features(sentences, columns, first)


def _scaled(scores: Floats) -> Floats:
    """Scores to 0..1 over the candidates of this question."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / max(high - low, 1e-9)


def _second_best(similarity: Floats, layout: Layout) -> Floats:
    """Similarity of the second best sentence of each passage, or of the only one."""
    order = np.lexsort((similarity, layout.passage_of_sentence))  # best last in each passage
    last = np.append(layout.first_sentence[1:], len(similarity)) - 1
    return similarity[order[np.maximum(last - 1, layout.first_sentence)]]


def _mean_similarity(candidates: Sequence[Candidate], vector: Vectors) -> Floats:
    """Cosine with the mean of a passage's sentences: what the passage is about as a whole."""
    means = np.stack([c.vectors.mean(axis=0) for c in candidates])
    cosines = means @ vector / np.maximum(np.linalg.norm(means, axis=1), 1e-9)
    return np.asarray(cosines, dtype=np.float64)


def _best_window(counts: Floats, idf: Floats, layout: Layout) -> Floats:
    """Coverage of the best two neighbouring sentences of each passage."""
    following = np.zeros_like(counts)
    same = layout.passage_of_sentence[1:] == layout.passage_of_sentence[:-1]
    following[:-1][same] = counts[1:][same]
    return np.maximum.reduceat(coverage(counts + following, idf), layout.first_sentence)
