"""The work of one job, in a process of its own: `qa.jobs` starts it and hears what it says.

It reads one JSON object from stdin (`kind`, `folder` and what the kind needs) and writes JSON
lines to stdout: `stage`, `progress`, `result`, and the lines of the log by the names of phrases.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.build import Stages, update_index
from index.encoder import DEFAULT_MODEL, open_encoder
from index.errors import HoiBaoError
from index.reader import Index
from index.store import Store
from index.types import Encoder, Progress
from qa import feedback, runs
from qa.datasets import read_dataset
from qa.evaluate import Plan, evaluate

_NICENESS = 10  # answers come first
_PAUSE = 0.25  # seconds between two words on the progress


def main() -> int:
    """Does what stdin asks for; 0 where it was done."""
    os.nice(_NICENESS)
    order = json.loads(sys.stdin.read())
    try:
        _WORK[order["kind"]](Path(order["folder"]), order)
    except HoiBaoError as error:
        _say("failed", why=str(error))
        return 1
    return 0


def _say(what: str, **fields: Any) -> None:
    print(json.dumps({"what": what, **fields}), flush=True)


def _stages(stage: str) -> Progress:
    _say("stage", stage=stage)
    said = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said > _PAUSE or done == total:
            said = time.monotonic()
            _say("progress", done=done, total=total)

    return progress


def _encoder(folder: Path) -> Encoder:
    store = Store.open(folder)
    try:
        name = store.meta("encoder") or DEFAULT_MODEL
    finally:
        store.close()
    _say("stage", stage="opening")
    return open_encoder(name)


def _evaluate(folder: Path, order: dict[str, Any]) -> None:
    """Asks judged questions: about the articles that come with them, or else about the index."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(order["questions"]) if order["questions"] else Path(scratch) / "thumbs"
        if not order["questions"]:
            feedback.export(folder, path)
        dataset = read_dataset(path)
        if not order["questions"]:  # judged on the index, whose articles the export repeats
            dataset = replace(dataset, corpus=None)
        plan = Plan(tuple(order["systems"]), tuple(order["slices"]))
        stages: Stages = _stages
        encoder = _encoder(folder)
        index = Index(folder) if dataset.corpus is None else None
        try:
            found = evaluate(dataset, encoder, plan, index, stages)
        finally:
            if index:
                index.close()
    name = runs.keep(folder, found, order["command"])
    _say("measured", questions=found.report.queries, seconds=found.report.seconds)
    _say("result", result={"run": name})


_WORK: dict[str, Callable[[Path, dict[str, Any]], None]] = {"evaluate": _evaluate}


if __name__ == "__main__":
    sys.exit(main())
