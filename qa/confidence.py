"""How likely it is that the first hit answers the question at all.

A logistic model over a few signs of a good match, learned by `benchmarks/train.py` on questions
that were asked twice: with the articles that answer them, and without. Two weights have floors that
are set there: what it costs that a quantity is asked for and not stated, and what reading counts.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.types import Logits
from qa.features import PASSAGE_NAMES, Features
from qa.match import Floats
from qa.reading import answers
from qa.scores import Scores

MODEL = Path(__file__).with_name("confidence.json")

NAMES = (
    *("score_stands_out", "words_stand_out", "near", "near_own"),
    *("quantity", "missing_names", "reading"),
)
# Passages that tell how near the collection is to the question: so many, or that share of a few.
_NEAR, _NEAR_OWN = (10, 0.1), (20, 0.2)
_ENOUGH = 60  # candidates, among which the first one can stand out as far as among all


class Typical(NamedTuple):
    """What the candidates of a question are like: mean and standard deviation of their scores and
    of the share of its words that they hold; and the mean of what reading the best of them gave,
    with the articles that answer and without them."""

    score: tuple[float, float]
    words: tuple[float, float]
    reading: float


@dataclass(frozen=True, slots=True)
class Confidence:
    """Weights of NAMES and the constant of the logistic model, the released threshold, and what
    stands in for candidates where there are few."""

    weights: Floats
    constant: float
    threshold: float
    typical: Typical

    def probability(self, signs: Floats) -> float:
        """The chance, in 0..1, that the first hit answers."""
        return float(1.0 / (1.0 + np.exp(-(signs @ self.weights + self.constant))))


def signs(found: Features, scores: Scores, typical: Typical, logits: Logits | None) -> Floats:
    """(len(NAMES),) signs that the best passage answers, or, as `missing_names`, that it does not.
    `logits` (its sentences,) are what reading it gave; a typical one counts where it was not read.

    By how much it stands out among all candidates, in its score and in the words of the question
    that it holds; how near the nearest passages are to the question, as they are and without what
    all have in common; that it lacks no quantity that is asked for; how rare the names and numbers
    of the question are that it does not hold; and the log of the chance that one of its
    sentences answers, by reading them.

    Where one article is all that is searched, its passages are too much alike for one of them to
    stand out: typical candidates take the places of those that are missing.
    """
    first = int(np.argmax(scores.passages))
    missing = max(0, _ENOUGH - len(scores.passages))
    return np.array(
        [
            _standing(scores.passages, first, typical.score, missing),
            _standing(_words(found), first, typical.words, missing),
            _mean_of_highest(_feature(found, "dense_window"), *_NEAR),
            _mean_of_highest(_feature(found, "dense_own"), *_NEAR_OWN),
            float(not found.lacks_quantity[scores.best_rows[first]]),
            found.missing_names[first],
            typical.reading if logits is None else answers(logits),
        ]
    )


def typical_of(
    found: Sequence[Features], scores: Sequence[Scores], logits: Sequence[Logits | None]
) -> Typical:
    """What is typical of these questions' candidates, which are many for each, and the mean of
    what reading gave."""

    def spread(values: Sequence[Floats]) -> tuple[float, float]:
        deviation = np.sqrt(np.mean([v.var() for v in values]))
        return float(np.mean([v.mean() for v in values])), float(deviation)

    return Typical(
        spread([each.passages for each in scores]),
        spread([_words(each) for each in found]),
        float(np.mean([answers(each) for each in logits if each is not None] or [0.0])),
    )


def _feature(found: Features, name: str) -> Floats:
    return found.passages[:, PASSAGE_NAMES.index(name)]


def _words(found: Features) -> Floats:
    return _feature(found, "words")


def _mean_of_highest(values: Floats, most: int, share: float) -> float:
    return float(np.sort(values)[-min(most, math.ceil(share * len(values))) :].mean())


def _standing(values: Floats, first: int, typical: tuple[float, float], missing: int) -> float:
    """How far one value is above the mean, in standard deviations, as a share of the about
    sqrt(2 ln n) of them that the largest of n chance values has; `missing` typical ones added."""
    total = len(values) + missing
    mean, deviation = typical
    middle = (values.sum() + missing * mean) / total
    spread = ((values - middle) ** 2).sum() + missing * (deviation**2 + (mean - middle) ** 2)
    chance = np.sqrt(spread / total * 2 * np.log(1 + total))
    return float((values[first] - middle) / max(float(chance), 1e-6))


@cache
def released_confidence() -> Confidence:
    """The model that is released with the program."""
    found = json.loads(MODEL.read_text(encoding="utf-8"))
    weights = np.array([found["weights"][name] for name in NAMES])
    told = found["typical"]
    typical = Typical(tuple(told["score"]), tuple(told["words"]), told["reading"])
    return Confidence(weights, found["constant"], found["threshold"], typical)
