"""Candidates to hits: one linear score per passage, and the sentence to mark in each.

The weights are learned (`benchmarks/train.py`) and lie in `ranker.json` beside this file, with
their provenance.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.types import Candidate, Terms, Vectors
from qa.features import PASSAGE_NAMES, SENTENCE_NAMES, Features, compute
from qa.match import Floats
from qa.types import Hit, Query

WEIGHTS = Path(__file__).with_name("ranker.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight for each of SENTENCE_NAMES and PASSAGE_NAMES, and for the best sentence's score."""

    sentence: Floats
    passage: Floats
    best_sentence: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one question's passages, and the row of the sentence to mark in each."""

    passages: Floats
    best_rows: npt.NDArray[np.int64]


def score(found: Features, weights: Weights) -> Scores:
    """A passage's score is linear in its features and in the score of its best sentence."""
    sentences = found.sentences @ weights.sentence
    ends = [*found.first_sentence[1:].tolist(), len(sentences)]
    best = np.array(
        [
            start + int(np.argmax(sentences[start:end]))
            for start, end in zip(found.first_sentence.tolist(), ends, strict=True)
        ]
    )
    passages = found.passages @ weights.passage + weights.best_sentence * sentences[best]
    return Scores(passages, best)


@cache
def released_weights() -> Weights:
    """The weights that are released with the program."""
    found = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(
        np.array([found["sentence"][name] for name in SENTENCE_NAMES]),
        np.array([found["passage"][name] for name in PASSAGE_NAMES]),
        found["best_sentence"],
    )


def rank(
    query: Query,
    vector: Vectors,
    candidates: Sequence[Candidate],
    terms: Terms,
    weights: Weights | None = None,
) -> list[Hit]:
    """Hits of all candidates, best first; equal scores in the order of their numbers."""
    if not candidates:
        return []
    found = compute(query, vector, candidates, terms)
    scores = score(found, weights or released_weights())
    hits = [
        Hit(candidate.number, float(value), int(row - first))
        for candidate, value, row, first in zip(
            candidates, scores.passages, scores.best_rows, found.first_sentence, strict=True
        )
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.number))
