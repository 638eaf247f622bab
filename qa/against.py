"""A run against an earlier one: the gate before a new index or model goes live."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import UsageError
from qa.judged import Dataset
from qa.report import Report


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is read of an earlier run of one dataset; `questions` is "" in runs without it."""

    dataset: str
    queries: int
    questions: str
    systems: dict[str, dict[str, dict[str, dict[str, float]]]]


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


def read_run(path: Path) -> dict[str, Earlier]:
    """Dataset to its earlier run, from a file that `qa evaluate --json` wrote.

    Raises:
        UsageError: it is no such file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        runs = content if isinstance(content, list) else [content]
        return {run["dataset"]: _earlier(run) for run in runs}
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror}); check its name") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} is not a run ({error!r}); write one: qa evaluate DATASET --json {path}"
        ) from error


def _earlier(run: dict[str, Any]) -> Earlier:
    systems = {
        system: {
            name: {m: {k: float(e[k]) for k in ("value", "low", "high")} for m, e in found.items()}
            for name, found in slices.items()
        }
        for system, slices in run["systems"].items()
    }
    return Earlier(str(run["dataset"]), int(run["queries"]), str(run.get("questions", "")), systems)


def check_same(earlier: dict[str, Earlier], dataset: Dataset, path: Path) -> None:
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


def compare(earlier: dict[str, Earlier], report: Report, path: Path) -> list[Change]:
    """Every metric that a run has in common with an earlier one.

    Raises:
        UsageError: they have none in common.
    """
    return changes_between(earlier[report.dataset], _earlier(asdict(report)), path)


def changes_between(old: Earlier, new: Earlier, path: Path) -> list[Change]:
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


def _changes(old: Earlier, new: Earlier) -> Iterator[Change]:
    for system, slices in new.systems.items():
        for name, metrics in slices.items():
            then = old.systems.get(system, {}).get(name, {})
            for metric, now in metrics.items():
                if metric in then:
                    was = then[metric]
                    place = (new.dataset, system, name, metric)
                    yield Change(*place, was["value"], was["low"], now["value"])
