"""What the ranker knows of each candidate: numbers between a question and a sentence or passage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.types import Candidate, SearchIndex, Vectors
from qa import evidence
from qa.match import (
    Flags,
    Floats,
    Ints,
    Layout,
    bm25,
    coverage,
    match,
    near,
    titles_with,
    wanted_words,
)
from qa.quantities import lacks_quantity
from qa.types import Query

SENTENCE_NAMES = (
    "dense",
    "dense_own",
    "words",
    "pairs",
    "near",
    "words_beyond_title",
    "words_before",
    "words_after",
    "is_first",
    "log_new_words",
    *evidence.NAMES,
)
PASSAGE_NAMES = (
    "bm25",
    "dense",
    "dense_scaled",
    "dense_own",
    "dense_window",
    "words",
    "words_in_sentence",
    "pairs",
    "pairs_in_sentence",
    "words_or_title",
    "names_or_title",
    "rare_words_or_title",
    "words_beyond_title",
    "beyond_title_in_sentence",
    "numbers",
    "near",
    "log_length",
)


@dataclass(frozen=True, slots=True)
class Features:
    """Of one question: `sentences` (sentences, len(SENTENCE_NAMES)), `passages` (passages,
    len(PASSAGE_NAMES)), and of every passage its first sentence, a number for its article, and how
    rare the names and numbers of the question are that neither it nor its title holds: the sum of
    their `inverse_frequency`. Of every sentence, whether it lacks a quantity that is asked for.
    """

    sentences: Floats
    passages: Floats
    first_sentence: Ints
    articles: Ints
    lacks_quantity: Flags
    missing_names: Floats


def compute(
    query: Query, vector: Vectors, candidates: Sequence[Candidate], index: SearchIndex
) -> Features:
    """Features of at least one candidate for a query with this vector (dim,)."""
    terms = index.terms
    wanted = wanted_words(query, terms)
    layout = Layout.of(candidates)
    first = layout.first_sentence
    found = match(wanted, layout, terms)
    together = found.summed(first)

    vectors = np.concatenate([c.vectors for c in candidates])
    dense, own = _similarities(vectors, vector, index.common)
    words, pairs = coverage(found.words, wanted.idf), coverage(found.pairs, wanted.pair_idf)
    close = near(wanted, layout)
    sizes = np.diff(np.append(layout.sentence_starts, len(layout.terms))) - 1
    in_title = titles_with(wanted, candidates)
    beyond = _beyond_title(found.words, wanted.idf, in_title[layout.passage_of_sentence])
    follows = layout.passage_of_sentence[1:] == layout.passage_of_sentence[:-1]
    is_first = np.zeros(len(words))
    is_first[first] = 1.0
    sentences = np.column_stack(
        [
            dense,
            own,
            words,
            pairs,
            close,
            beyond,
            np.append(0.0, np.where(follows, words[:-1], 0.0)),
            np.append(np.where(follows, words[1:], 0.0), 0.0),
            is_first,
            np.log1p(np.maximum(sizes - (found.words > 0).sum(axis=1), 0)),
            evidence.evidence(query, wanted, layout, terms),
        ]
    )

    lengths = np.add.reduceat(sizes, first).astype(np.float64)
    lexical = bm25(together.words, wanted.idf, lengths, terms.mean_length)
    lexical += bm25(together.pairs, wanted.pair_idf, lengths, terms.mean_length)
    here_or_title = together.words + in_title
    best = np.maximum.reduceat(dense, first)
    passages = {
        "bm25": _scaled(lexical),
        "dense": best,
        "dense_scaled": _scaled(best),
        "dense_own": np.maximum.reduceat(own, first),
        "dense_window": np.maximum.reduceat(_window_similarity(vectors, dense, follows), first),
        "words": coverage(together.words, wanted.idf),
        "words_in_sentence": np.maximum.reduceat(words, first),
        "pairs": coverage(together.pairs, wanted.pair_idf),
        "pairs_in_sentence": np.maximum.reduceat(pairs, first),
        "words_or_title": coverage(here_or_title, wanted.idf),
        "names_or_title": coverage(here_or_title, wanted.idf * wanted.is_name),
        "rare_words_or_title": coverage(here_or_title, wanted.idf**2),
        "words_beyond_title": _beyond_title(together.words, wanted.idf, in_title),
        "beyond_title_in_sentence": np.maximum.reduceat(beyond, first),
        "numbers": coverage(together.words, wanted.idf * wanted.is_number),
        "near": np.maximum.reduceat(close, first),
        "log_length": np.log(np.maximum(lengths, 1.0)),
    }
    columns = np.column_stack([passages[name] for name in PASSAGE_NAMES])
    _, articles = np.unique([c.article for c in candidates], return_inverse=True)
    lacks = lacks_quantity(query, wanted, layout, terms)
    names = wanted.idf * (wanted.is_name | wanted.is_number)
    missing = (here_or_title <= 0.0) @ names
    return Features(sentences, columns, first, articles, lacks, missing)


def _scaled(scores: Floats) -> Floats:
    """Scores to 0..1 over the candidates of this question."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / max(high - low, 1e-9)


def _beyond_title(counts: Floats, idf: Floats, in_title: npt.NDArray[np.bool_]) -> Floats:
    """Coverage of the question's words that the title does not hold (all: rows, words).

    Inside an article everyone knows what it is about: what tells its sentences apart is the rest
    of the question. 0 where the title holds all of it.
    """
    weights = idf * ~in_title
    found = (np.minimum(counts, 1.0) * weights).sum(axis=1)
    return np.asarray(found / np.maximum(weights.sum(axis=1), 1e-9))


def _similarities(vectors: Vectors, vector: Vectors, common: Vectors) -> tuple[Floats, Floats]:
    """Cosines of unit `vectors` with a unit vector: as they are, and without what all sentences
    have in common.

    With P the projection that takes the common directions out, P(v - mean) . P(q - mean) is
    v . p - mean . p for p = P(q - mean); lengths follow from Pythagoras. So one product of the
    vectors with a few rows is all that is computed.
    """
    mean, directions = common[0], common[1:]
    own = vector - mean
    own = own - (directions @ own) @ directions
    products = (vectors @ np.vstack([vector, own, mean, directions]).T).astype(np.float64)
    along = products[:, 3:] - directions @ mean
    lengths = 1.0 - 2.0 * products[:, 2] + mean @ mean - (along**2).sum(axis=1)
    scale = np.sqrt(np.maximum(lengths, 1e-9)) * max(float(np.linalg.norm(own)), 1e-9)
    return products[:, 0], (products[:, 1] - mean @ own) / scale


def _window_similarity(vectors: Vectors, dense: Floats, follows: npt.NDArray[np.bool_]) -> Floats:
    """Cosine with the sum of each sentence and the next one in its passage."""
    between = np.einsum("ij,ij->i", vectors[:-1], vectors[1:]).astype(np.float64)
    windows = (dense[:-1] + dense[1:]) / np.sqrt(np.maximum(2.0 + 2.0 * between, 1e-9))
    return np.append(np.where(follows, windows, dense[:-1]), dense[-1])
