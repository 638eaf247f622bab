"""Retrieval metrics of a run, computed by ir-measures; their intervals and paired tests.

What is random is drawn from a fixed seed: the same run gives the same figures.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import RR, R, nDCG

from qa.judged import Dataset

MEASURES = {
    "nDCG@10": nDCG @ 10,
    "R@1": R @ 1,
    "R@5": R @ 5,
    "R@10": R @ 10,
    "R@100": R @ 100,
    "MRR@10": RR @ 10,
}
MARKED = "marked"  # share of marked sentences that hold an answer, where the first hit is right
RESAMPLES = 2000
PERMUTATIONS = 9999
_SEED = 0
_AT_ONCE = 1 << 20  # numbers drawn at a time, which bounds memory

Floats = npt.NDArray[np.float64]
Run = Mapping[str, Iterable[str]]  # question id -> article ids, best first


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more a first system has than a second on the same questions, its 95 % interval,
    and the probability `p` of a difference as large if the two were alike."""

    value: float
    low: float
    high: float
    p: float


def estimates(dataset: Dataset, run: Run) -> dict[str, Estimate]:
    """Every metric of a run, averaged over all questions of the dataset."""
    return {name: interval(values) for name, values in per_question(dataset, run).items()}


def per_question(dataset: Dataset, run: Run) -> dict[str, list[float]]:
    """Metric to its value for every question, in the dataset's order.

    A question that returned nothing counts as 0. The order of the run is what is measured: the
    measures would sort by score and break ties by id, so each rank is given a score of its own.
    """
    qrels = {question.id: question.relevant for question in dataset.questions}
    scored = {
        question: {article: -float(rank) for rank, article in enumerate(articles)}
        for question, articles in run.items()
    }
    found = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    names = {str(measure): name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels, scored):
        found[names[str(metric.measure)]][metric.query_id] = metric.value
    return {name: list(values.values()) for name, values in found.items()}


def interval(values: Sequence[float]) -> Estimate:
    """Mean and percentile-bootstrap interval (Efron 1979) of at least one value."""
    sample = np.asarray(values, dtype=np.float64)
    low, high = np.percentile(_resampled_means(sample), [2.5, 97.5])
    return Estimate(_round(sample.mean()), _round(low), _round(high))


def difference(first: Sequence[float], second: Sequence[float]) -> Difference:
    """First minus second, question by question, of at least one question.

    The interval is a bootstrap of the differences. `p` is of the two-sided paired randomisation
    test (Smucker, Allan and Carterette 2007): the sign of each difference is drawn by chance.
    """
    each = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    low, high = np.percentile(_resampled_means(each), [2.5, 97.5])
    return Difference(_round(each.mean()), _round(low), _round(high), _randomisation_p(each))


def _resampled_means(sample: Floats) -> Floats:
    if (sample == sample[0]).all():
        return sample[:1]
    draw = np.random.default_rng(_SEED)
    step = max(1, _AT_ONCE // len(sample))
    counts = [min(step, RESAMPLES - at) for at in range(0, RESAMPLES, step)]
    rows = (draw.integers(0, len(sample), (count, len(sample))) for count in counts)
    return np.concatenate([sample[row].mean(axis=1) for row in rows])


def _randomisation_p(differences: Floats) -> float:
    """Questions on which both are alike change no sum, so only the others are drawn."""
    from scipy.stats import permutation_test  # type: ignore[import-untyped]

    unlike = differences[differences != 0]
    if len(unlike) < 2:
        return 1.0  # either sign of one difference is as extreme
    test = permutation_test(
        (unlike,),
        lambda signed, axis: signed.sum(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=max(1, _AT_ONCE // len(unlike)),
        rng=np.random.default_rng(_SEED),
    )
    return round(float(test.pvalue), 5)


def _round(value: float) -> float:
    return round(float(value), 5)
