"""One `qa evaluate`, from judged questions to what is printed and written."""

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from index.backend import open_index
from index.encoder import DEFAULT_MODEL, open_encoder
from index.errors import UsageError
from index.location import Location
from index.types import OpenIndex
from qa.against import check_same, compare, read_run
from qa.conversations import Conversations
from qa.evaluate import Evaluation, Plan, evaluate
from qa.evaluate_conversations import (
    evaluate_conversations,
    print_conversations,
    write_conversations,
)
from qa.judged import Dataset
from qa.progress import progress_bars
from qa.report import Report
from qa.report_file import write_json, write_per_question
from qa.report_terminal import print_changes, print_report
from qa.wording import ENGLISH


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where to write, and the earlier run to compare with; None for nowhere."""

    json: Path | None
    html: Path | None
    per_question: Path | None
    against: Path | None

    def check(self) -> None:
        """Before the work, which may take long.

        Raises:
            UsageError: a file cannot be written.
        """
        for path in filter(None, (self.json, self.html, self.per_question)):
            place = path if path.exists() else path.resolve().parent
            if not os.access(place, os.W_OK):
                raise UsageError(f"cannot write {path}; name a file in a folder that you can write")


def run(
    datasets: Sequence[Dataset],
    plan: Plan,
    location: Location | None,
    model: str | None,
    outputs: Outputs,
) -> bool:
    """Evaluates, prints and writes; whether a metric fell against the earlier run.

    `location` is of an index that is there already; without it each dataset is indexed.
    """
    earlier = _earlier(outputs.against, datasets) if outputs.against else {}
    with _opened(location) as index, progress_bars() as stages:
        encoder = open_encoder(index.encoder_name if index else model or DEFAULT_MODEL)
        found = [evaluate(dataset, encoder, plan, index, stages) for dataset in datasets]
    for evaluation in found:
        print_report(evaluation.report)
    _write(found, outputs)
    return outputs.against is not None and _has_fallen(found, earlier, outputs.against)


def run_conversations(
    conversations: Conversations,
    location: Location | None,
    model: str | None,
    worst: int,
    json_file: Path | None,
) -> None:
    """Evaluates conversations, prints and writes."""
    with _opened(location) as index, progress_bars() as stages:
        encoder = open_encoder(index.encoder_name if index else model or DEFAULT_MODEL)
        report = evaluate_conversations(conversations, encoder, index, stages)
    print_conversations(report, worst)
    if json_file:
        write_conversations(report, json_file)


def _earlier(path: Path, datasets: Sequence[Dataset]) -> dict[str, Report]:
    """The earlier run, refused before the work if it is of other questions."""
    earlier = read_run(path)
    for dataset in datasets:
        check_same(earlier, dataset, path)
    return earlier


@contextmanager
def _opened(location: Location | None) -> Iterator[OpenIndex | None]:
    index = open_index(location) if location else None
    try:
        yield index
    finally:
        if index:
            index.close()


def _write(found: Sequence[Evaluation], outputs: Outputs) -> None:
    command = shlex.join(["qa", *sys.argv[1:]])
    reports = [replace(evaluation.report, command=command) for evaluation in found]
    if outputs.json:
        write_json(reports, outputs.json)
    if outputs.per_question:
        with outputs.per_question.open("w", encoding="utf-8") as file:
            for evaluation in found:
                write_per_question(evaluation.dataset, evaluation.returned, file)
    if outputs.html:
        from qa.report_html import page  # matplotlib takes a second to load

        outputs.html.write_text(page(reports, ENGLISH), encoding="utf-8")


def _has_fallen(found: Sequence[Evaluation], earlier: dict[str, Report], against: Path) -> bool:
    """Prints every metric then and now; whether one fell."""
    reports = [evaluation.report for evaluation in found]
    changes = [change for report in reports for change in compare(earlier, report, against)]
    print_changes(changes)
    return any(change.fell for change in changes)
