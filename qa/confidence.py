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

_TOP = (
    "dense",
    "dense_own",
    "dense_window",
    "words",
    "words_in_sentence",
    "pairs",
    "pairs_in_sentence",
    "words_or_title",
    "names_or_title",
    "words_beyond_title",
    "beyond_title_in_sentence",
    "near",
)
NAMES = (*_TOP, "bm25_agrees", "best_sentence", "margin", "lead")
_RIVALS = 10  # hits that the first one is compared with


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
    """(len(NAMES),) signs that the best passage answers."""
    order = np.argsort(-scores.passages, kind="stable")
    first, rivals = order[0], order[1 : 1 + _RIVALS]
    top = found.passages[first]
    others = scores.passages[rivals] if len(rivals) else scores.passages[:1] - 5.0
    return np.array(
        [
            *(top[PASSAGE_NAMES.index(name)] for name in _TOP),
            float(top[PASSAGE_NAMES.index("bm25")] >= 1.0),
            scores.sentences[scores.best_rows[first]],
            scores.passages[first] - others[0],
            scores.passages[first] - others.mean(),
        ]
    )


@cache
def released_confidence() -> Confidence:
    """The model that is released with the program."""
    found = json.loads(MODEL.read_text(encoding="utf-8"))
    weights = np.array([found["weights"][name] for name in NAMES])
    return Confidence(weights, found["constant"], found["threshold"])
