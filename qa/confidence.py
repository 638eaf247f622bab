"""How likely it is that the first hit answers the question at all.

A logistic model over a few signs of a good match, learned by `benchmarks/train.py` on questions
that were asked twice: with the articles that answer them, and without.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from qa.features import PASSAGE_NAMES, Features
from qa.match import Floats
from qa.scores import Scores

MODEL = Path(__file__).with_name("confidence.json")

_TOP = ("dense", "dense_own", "pairs_in_sentence", "rare_words_or_title")  # of the first hit
NAMES = (*_TOP, "margin", "standing", "sentence_lead", "quantity")
_SENTENCES = 7  # that the best sentence is compared with
_ALONE = 5.0  # the margin of a hit that has no rivals


@dataclass(frozen=True, slots=True)
class Confidence:
    """Weights of NAMES and the constant of the logistic model, and the released threshold."""

    weights: Floats
    constant: float
    threshold: float

    def probability(self, signs: Floats) -> float:
        """The chance, in 0..1, that the first hit answers."""
        return float(1.0 / (1.0 + np.exp(-(signs @ self.weights + self.constant))))


def signs(found: Features, scores: Scores) -> Floats:
    """(len(NAMES),) signs that the best passage answers.

    Some of its features; by how much its score leads the best passage of another article (margin)
    and stands out among all (standing); by how much the best sentence of all leads the next ones;
    and that it lacks no quantity that is asked for. The more of each, the surer. Standing is in
    standard deviations, as shares of the about sqrt(2 ln n) of them that the largest of n chance
    values has: few articles make it no lower.
    """
    first = int(np.argmax(scores.passages))
    top, score = found.passages[first], scores.passages[first]
    chance = scores.passages.std() * np.sqrt(2 * np.log(1 + len(scores.passages)))
    rivals = scores.passages[found.articles != found.articles[first]]
    sentences = np.sort(scores.sentences)[::-1]
    following = sentences[1 : 1 + _SENTENCES]
    return np.array(
        [
            *(top[PASSAGE_NAMES.index(name)] for name in _TOP),
            score - rivals.max() if len(rivals) else _ALONE,
            (score - scores.passages.mean()) / max(float(chance), 1e-6),
            sentences[0] - following.mean() if len(following) else 0.0,
            float(not found.lacks_quantity[first]),
        ]
    )


@cache
def released_confidence() -> Confidence:
    """The model that is released with the program."""
    found = json.loads(MODEL.read_text(encoding="utf-8"))
    weights = np.array([found["weights"][name] for name in NAMES])
    return Confidence(weights, found["constant"], found["threshold"])
