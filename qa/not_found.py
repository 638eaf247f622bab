"""How well the program knows that it does not know.

Every judged question is asked twice of the same index: as it stands, and with the articles that
answer it kept out of the search. So are, once, the questions that nothing answers, where a
dataset has such.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.types import Encoder, OpenIndex, Progress
from qa.confidence import released_confidence
from qa.judged import Dataset
from qa.search import Searcher

REFUSED = 0.05  # of the answerable questions: there false answers are counted
_BINS = 10

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of about the same chance: its mean, the share answered rightly, how many."""

    chance: float
    right: float
    questions: int


@dataclass(frozen=True, slots=True)
class NotFound:
    """Shares, of 0..1.

    `auroc`: how often an answerable question is trusted more than one whose articles are gone.
    `false_answers`: of the latter, those answered where 5 % of the answerable are refused;
    `answered` and `refused`: the same of both at the released `threshold`. `calibration_error`:
    the mean distance of chance and truth over ten bins (Naeini, Cooper and Hauskrecht 2015).
    """

    auroc: float
    false_answers: float
    calibration_error: float
    threshold: float
    answered: float
    refused: float
    unanswerable: int = 0
    unanswerable_answered: int = 0
    bins: tuple[Bin, ...] = ()


@dataclass(frozen=True, slots=True)
class Chances:
    """That the first hit answers: with the answering articles (n,), where `right` (n,) tells
    whether it is of one, without them (n,), and of the unanswerable questions (m,)."""

    found: Floats
    right: npt.NDArray[np.bool_]
    gone: Floats
    unanswerable: Floats


def ask(dataset: Dataset, index: OpenIndex, encoder: Encoder, progress: Progress) -> Chances:
    """Asks the questions of a dataset with and without the articles that answer them.

    Articles that share their title go together: judged sets cut one article into several.
    """
    searcher = Searcher(index, encoder)
    rows = index.passages_with_titles()
    numbers = np.array([number for number, _, _ in rows], dtype=np.int64)
    titles = {article: title or article for _, article, title in rows}
    title_of = np.array([titles[article] for _, article, _ in rows])
    found: list[float] = []
    right: list[bool] = []
    gone: list[float] = []
    total = len(dataset.questions) + len(dataset.unanswerable)
    for question in dataset.questions:
        query = searcher.understand(question.text)
        ranking = searcher.rank(query)
        first = index.passages([ranking.hits[0].number]) if ranking.hits else []
        found.append(ranking.confidence)
        right.append(bool(first) and first[0].article_id in question.relevant)
        removed = [titles[article] for article in question.relevant if article in titles]
        gone.append(searcher.rank(query, numbers[~np.isin(title_of, removed)]).confidence)
        progress(len(found), total)
    unanswerable: list[float] = []
    for text in dataset.unanswerable:
        unanswerable.append(searcher.rank(searcher.understand(text)).confidence)
        progress(len(found) + len(unanswerable), total)
    return Chances(np.array(found), np.array(right), np.array(gone), np.array(unanswerable))


def summarise(chances: Chances, threshold: float | None = None) -> NotFound:
    """The figures of at least one question; `threshold` is the released one when not given."""
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

    threshold = released_confidence().threshold if threshold is None else threshold
    found, gone = chances.found, chances.gone
    answerable = np.repeat([True, False], [len(found), len(gone)])
    both = np.concatenate([found, gone])
    truth = np.concatenate([chances.right, np.zeros(len(gone), dtype=bool)])
    bins = _bins(both, truth)
    error = sum(abs(b.chance - b.right) * b.questions for b in bins) / len(both)
    return NotFound(
        round(float(roc_auc_score(answerable, both)), 4),
        round(float((gone >= np.quantile(found, REFUSED)).mean()), 4),
        round(float(error), 4),
        threshold,
        round(float((gone >= threshold).mean()), 4),
        round(float((found < threshold).mean()), 4),
        len(chances.unanswerable),
        int((chances.unanswerable >= threshold).sum()),
        bins,
    )


def _bins(chances: Floats, truth: Sequence[bool] | npt.NDArray[np.bool_]) -> tuple[Bin, ...]:
    at = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    right = np.asarray(truth)
    members = [at == number for number in range(_BINS)]
    return tuple(
        Bin(
            round(float(chances[inside].mean()), 4),
            round(float(right[inside].mean()), 4),
            int(inside.sum()),
        )
        for inside in members
        if inside.any()
    )
