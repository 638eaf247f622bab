"""A run against an earlier one: the gate before a new index or model goes live."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import UsageError
from qa.judged import Dataset
from qa.report import Report
from qa.report_file import read_json


@dataclass(frozen=True, slots=True)
class Change:
    """A metric then and now. It fell when it is now below the interval that it had then."""

    dataset: str
    system: str
    slice: str
    metric: str
    old: float
    low: float
    new: float

    @property
    def fell(self) -> bool:
        return self.new < self.low


def read_run(path: Path) -> dict[str, Report]:
    """Dataset to its earlier run, from a file that `qa evaluate --json` wrote.

    Raises:
        UsageError: it is no such file.
    """
    return {report.dataset: report for report in read_json(path)}


def check_same(earlier: dict[str, Report], dataset: Dataset, path: Path) -> None:
    """Refuses to compare runs of different questions.

    Raises:
        UsageError: the earlier run is of another dataset, or the dataset has changed since.
    """
    if dataset.name not in earlier:
        raise UsageError(
            f"{path} is a run of {', '.join(earlier) or 'nothing'}, not of {dataset.name};"
            " compare with a run of the same dataset"
        )
    old = earlier[dataset.name]
    if old.queries != len(dataset.questions) or (old.questions or dataset.digest) != dataset.digest:
        raise UsageError(
            f"the questions of {dataset.name} have changed since {path} ({old.queries} then,"
            f" {len(dataset.questions)} now); run the earlier program on them again"
        )


def compare(earlier: dict[str, Report], report: Report, path: Path) -> list[Change]:
    """Every metric that a run has in common with an earlier one.

    Raises:
        UsageError: they have none in common.
    """
    return changes_between(earlier[report.dataset], report, path)


def changes_between(old: Report, new: Report, path: Path) -> list[Change]:
    """Every metric that both runs have; `path` names the old one.

    Raises:
        UsageError: they are of different questions, or have no metric in common.
    """
    if (old.dataset, old.queries) != (new.dataset, new.queries) or (
        old.questions and old.questions != new.questions
    ):
        raise UsageError(
            f"{path} is a run of other questions; compare runs of the same version of a dataset"
        )
    changes = list(_changes(old, new))
    if not changes:
        raise UsageError(
            f"{path} has no system and slice in common with this run; it has"
            f" {', '.join(old.systems)}: name one with --systems"
        )
    return changes


def _changes(old: Report, new: Report) -> Iterator[Change]:
    for system, slices in new.systems.items():
        for name, metrics in slices.items():
            then = old.systems.get(system, {}).get(name, {})
            for metric, now in metrics.items():
                if metric in then:
                    was = then[metric]
                    place = (new.dataset, system, name, metric)
                    yield Change(*place, was.value, was.low, now.value)
