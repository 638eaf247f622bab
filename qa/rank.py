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

from index.types import Candidate, Terms, Vectors
from qa import features
from qa.features import Floats
from qa.types import Hit, Query

WEIGHTS = Path(__file__).with_name("ranker.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight for each of `features.NAMES`, and for each of `features.SENTENCE_NAMES`."""

    passage: Floats
    sentence: Floats


@cache
def released_weights() -> Weights:
    """The weights that are released with the program."""
    found = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(
        np.array([found["passage"][name] for name in features.NAMES]),
        np.array([found["sentence"][name] for name in features.SENTENCE_NAMES]),
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
    weights = weights or released_weights()
    found = features.compute(query, vector, candidates, terms)
    scores = found.passages @ weights.passage
    sentences = found.sentences @ weights.sentence
    ends = [*found.first_sentence[1:].tolist(), len(sentences)]
    hits = [
        Hit(candidate.number, float(score), int(np.argmax(sentences[start:end])))
        for candidate, score, start, end in zip(
            candidates, scores, found.first_sentence.tolist(), ends, strict=True
        )
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.number))
