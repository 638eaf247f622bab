"""The ways of searching that are measured side by side, each one function of a question.

`full` is the search of the chat. The others say what its parts are worth: one lane alone, both
lanes summed, and the script that a textbook would write.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.build import Stages
from index.types import Candidate, Encoder, OpenIndex
from qa.baseline import open_baseline
from qa.match import Floats, Ints, Layout, bm25, coverage, match, wanted_words
from qa.search import LANE_DEPTH, Searcher
from qa.types import Hit, Query

POOL = 400  # passages that a system returns: R@100 needs 100 articles, and they may have several
NO_SENTENCE = -1  # the sentence of a hit where a system marks none

System = Callable[[str], list[Hit]]  # hits best first; the same at every call

NAMES = ("full", "lexical", "dense", "fusion", "baseline")  # qa.wording_report says what each is


def open_system(
    name: str, index: OpenIndex, encoder: Encoder, cache: Path, stages: Stages | None = None
) -> System:
    """A system over an index. `cache` is the folder where the baseline keeps its vectors."""
    searcher = Searcher(index, encoder)
    if name == "baseline":
        progress = stages("embedding passages for baseline") if stages else None
        return open_baseline(index, encoder, cache, POOL, NO_SENTENCE, progress)
    parts: dict[str, Callable[[Searcher, Query], list[Hit]]] = {
        "full": lambda searcher, query: searcher.search(query, POOL),
        "lexical": _lexical,
        "dense": _dense,
        "fusion": _fusion,
    }
    search = parts[name]

    def ask(question: str) -> list[Hit]:
        query = searcher.understand(question)
        return search(searcher, query) if query.keys else []

    return ask


@dataclass(frozen=True, slots=True)
class _Matched:
    """The lexical side of candidates: BM25 of each, the share of the question in each sentence."""

    passages: Floats
    sentences: Floats
    first_sentence: Ints


def _matched(query: Query, candidates: Sequence[Candidate], searcher: Searcher) -> _Matched:
    terms = searcher.index.terms
    wanted, layout = wanted_words(query, terms), Layout.of(candidates)
    found = match(wanted, layout, terms)
    first = layout.first_sentence
    together = found.summed(first)
    sizes = np.diff(np.append(layout.sentence_starts, len(layout.terms))) - 1
    lengths = np.add.reduceat(sizes, first).astype(np.float64)
    scores = bm25(together.words, wanted.idf, lengths, terms.mean_length)
    scores += bm25(together.pairs, wanted.pair_idf, lengths, terms.mean_length)
    return _Matched(scores, coverage(found.words, wanted.idf), first)


def _lexical(searcher: Searcher, query: Query) -> list[Hit]:
    """The lane tells an order and no scores: a hit's score is 1 / rank. It marks the sentence with
    the largest share of the question's words."""
    numbers = searcher.index.lexical(query.keys, POOL)
    candidates = searcher.index.candidates(numbers)
    if not candidates:
        return []
    matched = _matched(query, candidates, searcher)
    marked = _best_sentences(matched.sentences, matched.first_sentence)
    return [Hit(c.number, 1.0 / (at + 1), marked[at]) for at, c in enumerate(candidates)]


def _dense(searcher: Searcher, query: Query) -> list[Hit]:
    """A hit's score is the cosine of its nearest sentence, which it marks."""
    vector = searcher.encoder.encode_queries([query.text])[0]
    candidates = searcher.index.candidates(searcher.index.dense(vector, POOL))
    similarity = [c.vectors @ vector for c in candidates]
    hits = [
        Hit(c.number, float(s.max()), int(s.argmax()))
        for c, s in zip(candidates, similarity, strict=True)
    ]
    return _ranked(hits)


def _fusion(searcher: Searcher, query: Query) -> list[Hit]:
    """Min-max scaled sums (Fox and Shaw 1994, CombSUM), for passages and for their sentences."""
    vector = searcher.encoder.encode_queries([query.text])[0]
    numbers = set(searcher.index.dense(vector, LANE_DEPTH))
    numbers.update(searcher.index.lexical(query.keys, LANE_DEPTH))
    candidates = searcher.index.candidates(sorted(numbers))
    if not candidates:
        return []
    matched = _matched(query, candidates, searcher)
    first = matched.first_sentence
    similarity = (np.concatenate([c.vectors for c in candidates]) @ vector).astype(np.float64)
    scores = _scaled(np.maximum.reduceat(similarity, first)) + _scaled(matched.passages)
    marked = _best_sentences(_scaled(similarity) + _scaled(matched.sentences), first)
    return _ranked(
        [Hit(c.number, float(scores[at]), marked[at]) for at, c in enumerate(candidates)]
    )


def _ranked(hits: list[Hit]) -> list[Hit]:
    """Best first; equal scores in the order of passage numbers, so that the order is total."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.number))[:POOL]


def _scaled(scores: Floats) -> Floats:
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / max(high - low, 1e-9)


def _best_sentences(scores: Floats, first: Ints) -> list[int]:
    """The best sentence of each passage, counted from the passage's first."""
    return [int(part.argmax()) for part in np.split(scores, first[1:])]
