"""Retrieval metrics of a run, computed by ir-measures, with bootstrap intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

from qa.datasets import Dataset

MEASURES = {
    "nDCG@10": nDCG @ 10,
    "R@1": R @ 1,
    "R@5": R @ 5,
    "R@10": R @ 10,
    "R@100": R @ 100,
    "MRR@10": RR @ 10,
}
_RESAMPLES = 2000
_SEED = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions and its 95 % interval."""

    value: float
    low: float
    high: float


def estimates(dataset: Dataset, run: dict[str, dict[str, float]]) -> dict[str, Estimate]:
    """Every metric of a run, averaged over all questions of the dataset."""
    return {name: interval(values) for name, values in per_question(dataset, run).items()}


def per_question(
    dataset: Dataset, run: dict[str, dict[str, float]]
) -> dict[str, list[float]]:
    """Metric to its value for every question, in the dataset's order.

    A question that returned nothing counts as 0.
    """
    qrels = {question.id: question.relevant for question in dataset.questions}
    found = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    names = {str(measure): name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels, run):
        found[names[str(metric.measure)]][metric.query_id] = metric.value
    return {name: list(values.values()) for name, values in found.items()}


def interval(values: Sequence[float]) -> Estimate:
    """Mean and percentile-bootstrap interval (Efron 1979), the same at every call."""
    sample = np.asarray(values, dtype=np.float64)
    draw = np.random.default_rng(_SEED)
    means = [
        sample[draw.integers(0, len(sample), len(sample))].mean() for _ in range(_RESAMPLES)
    ]
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(round(float(sample.mean()), 5), round(float(low), 5), round(float(high), 5))
