"""Reports as files: the object that `--json` writes, read again, and a line for each question."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, TypeVar

from index.errors import UsageError
from qa.asking import Quote
from qa.judged import Dataset
from qa.metrics import Estimate
from qa.not_found import Bin, NotFound
from qa.report import Compared, Latency, Report, Runs, Worst, values_of

T = TypeVar("T")


def write_json(reports: Sequence[Report], path: Path) -> None:
    """One dataset: its object. Several: an array of them."""
    content = [asdict(report) for report in reports]
    text = json.dumps(content[0] if len(content) == 1 else content, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> list[Report]:
    """The reports of a file that `write_json` wrote, of this version or an earlier one.

    Raises:
        UsageError: it is no such file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [_report(run) for run in (content if isinstance(content, list) else [content])]
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror}); check its name") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} is not a run ({error!r}); write one: qa evaluate DATASET --json {path}"
        ) from error


def _report(run: dict[str, Any]) -> Report:
    not_found = run.get("not_found")
    read = {
        "systems": _by_slice(run["systems"], _estimates),
        "latency_ms": _by_slice(run.get("latency_ms", {}), _latency),
        "differences": tuple(Compared(**each) for each in run.get("differences", ())),
        "worst": {n: tuple(map(_worst, found)) for n, found in run.get("worst", {}).items()},
        "not_found": _not_found(not_found) if not_found else None,
    }
    return Report(**run | read)


def _by_slice(systems: dict[str, Any], read: Callable[[Any], T]) -> dict[str, dict[str, T]]:
    return {
        system: {name: read(found) for name, found in slices.items()}
        for system, slices in systems.items()
    }


def _estimates(metrics: dict[str, Any]) -> dict[str, Estimate]:
    return {
        name: Estimate(float(e["value"]), float(e["low"]), float(e["high"]))
        for name, e in metrics.items()
    }


def _latency(found: dict[str, Any]) -> Latency:
    return Latency(found["p50"], found["p95"], tuple(found.get("within", ())))


def _worst(found: dict[str, Any]) -> Worst:
    lists = {name: tuple(found[name]) for name in ("expected", "titles", "answers")}
    return Worst(**found | lists | {"returned": tuple(Quote(**each) for each in found["returned"])})


def _not_found(found: dict[str, Any]) -> NotFound:
    return NotFound(**found | {"bins": tuple(Bin(**each) for each in found.get("bins", ()))})


def write_per_question(dataset: Dataset, runs: Runs, file: IO[str]) -> None:
    """A JSON line for every question, system and slice: what was asked, returned, and its worth."""
    for (system, name), run in runs.items():
        values = values_of(dataset, run)
        for at, question in enumerate(dataset.questions):
            back = run[question.id]
            line = {
                "dataset": dataset.name,
                "system": system,
                "slice": name,
                "question": question.id,
                "asked": back.asked,
                "relevant": question.relevant,
                "answers": question.answers,
                "rank": back.rank(question.relevant),
                "metrics": {m: v[at] for m, v in values.items() if v[at] == v[at]},
                "took_ms": back.took_ms,
                "articles": back.articles[:10],
                "returned": [asdict(quote) for quote in back.quotes],
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
