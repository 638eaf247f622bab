"""Features to scores by learned weights: of every passage, and of the sentence to mark in each."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.features import PASSAGE_NAMES, SENTENCE_NAMES, Features
from qa.match import Floats

WEIGHTS = Path(__file__).with_name("ranker.json")
_DECIMALS = 6  # the same words get the same score, in whatever row they are computed


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight for each of SENTENCE_NAMES and PASSAGE_NAMES, for the best sentence's score, and for
    what reading gives beside a score: a sentence's log odds (`Encoder.read`), and the log of the
    chance that a passage answers (`qa.reading.answers`)."""

    sentence: Floats
    passage: Floats
    best_sentence: float
    reading: float
    passage_reading: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one question's passages and sentences, and the best sentence's row for each passage."""

    passages: Floats
    sentences: Floats
    best_rows: npt.NDArray[np.int64]


def score(found: Features, weights: Weights) -> Scores:
    """A passage's score is linear in its features and in the score of its best sentence.

    Inside an article, passages trade their scores so that the one with the best sentence has the
    highest: what sets its passages apart is less what they are about than which of them answers.
    Sentences that lack a quantity that is asked for come behind the others, and so do passages of
    an article that have no other.
    """
    sentences = np.round(found.sentences @ weights.sentence, _DECIMALS)
    passage = np.zeros(len(sentences), dtype=np.int64)
    passage[found.first_sentence[1:]] = 1
    # Sorted by passage, those that lack nothing first, then best first: each passage's best stands
    # where its first one stood.
    lacks = found.lacks_quantity
    best = np.lexsort((-sentences, lacks, passage.cumsum()))[found.first_sentence]
    highest = np.maximum.reduceat(sentences, found.first_sentence)
    passages = found.passages @ weights.passage + weights.best_sentence * highest
    passages = np.round(passages, _DECIMALS)
    by_sentence = np.lexsort((-sentences[best], lacks[best], found.articles))
    passages[by_sentence] = passages[np.lexsort((-passages, found.articles))]
    return Scores(passages, sentences, best)


def rows_of(found: Features, passage: int) -> slice:
    """The rows of a passage's sentences."""
    ends = np.append(found.first_sentence[1:], len(found.sentences))
    return slice(int(found.first_sentence[passage]), int(ends[passage]))


@cache
def released_weights() -> Weights:
    """The weights that are released with the program."""
    found = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(
        np.array([found["sentence"][name] for name in SENTENCE_NAMES]),
        np.array([found["passage"][name] for name in PASSAGE_NAMES]),
        found["best_sentence"],
        found["reading"],
        found["passage_reading"],
    )
