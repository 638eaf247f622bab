"""What an evaluation found, as figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from qa.asking import Quote, Returned
from qa.judged import Dataset
from qa.markup import figures
from qa.metrics import MARKED, Difference, Estimate, difference, interval, per_question
from qa.not_found import NotFound
from qa.wording import Phrases

NONE = "none"
PERCENTS = tuple(range(0, 101, 5))  # of the questions, by which the time of a search is told
# Ranks of the first relevant article that are counted together: the first of each group.
_GROUPS = (1, 2, 3, 4, 5, 6, 11, 101)
RANK_GROUPS = (
    *(f"{a}" if a + 1 == b else f"{a}–{b - 1}" for a, b in pairwise(_GROUPS)),
    NONE,
)

Runs = Mapping[tuple[str, str], dict[str, Returned]]  # (system, slice) -> question id -> returned


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of one search, from the question as typed to ranked passages.

    `within`: those within which 0, 5, … 100 % of the questions were answered.
    """

    p50: float
    p95: float
    within: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """The first system of a run against another, on the questions of a slice."""

    slice: str
    metric: str
    first: str
    second: str
    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Worst:
    """A question that went wrong: `rank` is of its first relevant article, 0 for none.

    `expected` holds the ids of the relevant articles, `titles` those that they have.
    """

    id: str
    asked: str
    understood: str
    expected: tuple[str, ...]
    titles: tuple[str, ...]
    answers: tuple[str, ...]
    rank: int
    returned: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One evaluation of one dataset. Mappings go by system, then by slice.

    `questions` is the digest of the judged questions: runs that have the same can be compared.
    `missing` counts questions whose article is not in the index; they count as not found.
    `command` is what repeats it. Runs of earlier versions lack some of the fields with defaults.
    """

    dataset: str
    articles: int
    passages: int
    queries: int
    encoder: str
    systems: dict[str, dict[str, dict[str, Estimate]]]
    seconds: float
    seed: int = 0
    questions: str = ""
    missing: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    latency_ms: dict[str, dict[str, Latency]] = field(default_factory=dict)
    first_relevant: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    differences: tuple[Compared, ...] = ()
    worst: dict[str, tuple[Worst, ...]] = field(default_factory=dict)
    not_found: NotFound | None = None
    command: str = ""


def summarise(dataset: Dataset, runs: Runs, reference: str) -> Report:
    """All figures of the runs of a resolved dataset; what only the index knows is left empty."""
    values = {at: values_of(dataset, run) for at, run in runs.items()}
    report = Report(
        dataset.name,
        0,
        0,
        len(dataset.questions),
        "",
        {system: {} for system, _ in runs},
        0.0,
        left_out=dataset.left_out,
        latency_ms={system: {} for system, _ in runs},
        first_relevant={system: {} for system, _ in runs},
        differences=tuple(_differences(values, reference)),
    )
    for (system, name), run in runs.items():
        report.systems[system][name] = _estimates(values[system, name])
        report.latency_ms[system][name] = _latency(run)
        report.first_relevant[system][name] = _rank_counts(dataset, run)
    return report


def values_of(dataset: Dataset, run: dict[str, Returned]) -> dict[str, list[float]]:
    """Metric to its value for every question; `marked` is NaN where it cannot be asked."""
    values = per_question(dataset, {id_: back.articles for id_, back in run.items()})
    marked = [run[question.id].is_marked for question in dataset.questions]
    values[MARKED] = [float("nan") if each is None else float(each) for each in marked]
    return values


def _estimates(values: dict[str, list[float]]) -> dict[str, Estimate]:
    """A metric that no question has is left out."""
    known = {name: [v for v in each if v == v] for name, each in values.items()}
    return {name: interval(each) for name, each in known.items() if each}


def _differences(
    values: dict[tuple[str, str], dict[str, list[float]]], reference: str
) -> Iterator[Compared]:
    for (system, name), theirs in values.items():
        if system == reference:
            continue
        for metric, ours in values[reference, name].items():
            pairs = [(a, b) for a, b in zip(ours, theirs[metric], strict=True) if a == a and b == b]
            if pairs:
                d: Difference = difference([a for a, _ in pairs], [b for _, b in pairs])
                yield Compared(name, metric, reference, system, d.value, d.low, d.high, d.p)


def _latency(run: dict[str, Returned]) -> Latency:
    found = np.percentile([back.took_ms for back in run.values()], PERCENTS)
    within = tuple(round(float(each), 2) for each in found)
    return Latency(within[PERCENTS.index(50)], within[PERCENTS.index(95)], within)


def _rank_counts(dataset: Dataset, run: dict[str, Returned]) -> dict[str, int]:
    counts = dict.fromkeys(RANK_GROUPS, 0)
    for question in dataset.questions:
        rank = run[question.id].rank(question.relevant)
        group = sum(rank >= first for first in _GROUPS) - 1
        counts[RANK_GROUPS[group] if rank else NONE] += 1
    return counts


def notes(report: Report, say: Phrases) -> list[str]:
    """What a reader of the figures must know of the questions."""
    words = say.report
    lines = [
        words.left_out.format(count=n, reason=words.reasons.get(reason, reason))
        for reason, n in report.left_out.items()
    ]
    if report.missing:
        lines.append(words.missing.format(count=report.missing))
    return lines


def shown(found: NotFound, say: Phrases) -> dict[str, str]:
    """What is known of not knowing, under its headings, for people to read."""
    words = say.report
    threshold = figures(f"{found.threshold:g}", say)
    columns = {
        "AUROC": f"{found.auroc:.4f}",
        words.false_answers: f"{found.false_answers:.1%}",
        words.answered.format(threshold=threshold): f"{found.answered:.1%}",
        words.refused.format(threshold=threshold): f"{found.refused:.1%}",
        words.calibration_error: f"{found.calibration_error:.3f}",
    }
    columns = {name: figures(value, say) for name, value in columns.items()}
    if found.unanswerable:
        columns[words.unanswerable] = words.some_of.format(
            count=found.unanswerable_answered, all=found.unanswerable
        )
    return columns
