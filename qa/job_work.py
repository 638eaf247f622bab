"""The work of one job, in a process of its own: `qa.jobs` starts it and hears what it says.

It reads one JSON object from stdin (`kind`, `index` and what the kind needs) and writes JSON
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

from index.backend import (
    encoder_of,
    open_catalogue,
    open_index,
    remove_articles,
    roll_back,
    update_index,
)
from index.build import Stages
from index.encoder import open_encoder
from index.errors import HoiBaoError, UsageError
from index.ids import file_of
from index.location import Location, files_of, read_location
from index.plan import Report
from index.types import Encoder, Progress
from qa import feedback, runs
from qa.datasets import read_dataset
from qa.evaluate import Plan, evaluate
from qa.sources import sources, uploads

_NICENESS = 5  # answers come first; beside a busy chat a quarter is left
_PAUSE = 0.25  # seconds between two words on the progress
_COUNTED = ("added", "changed", "removed", "unchanged", "left_out")


def main() -> int:
    """Does what stdin asks for; 0 where it was done."""
    os.nice(_NICENESS)
    order = json.loads(sys.stdin.read())
    try:
        _WORK[order["kind"]](read_location(order["index"]), order)
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


def _encoder(location: Location) -> Encoder:
    _say("stage", stage="opening")
    return open_encoder(encoder_of(location))


# ---- the index -------------------------------------------------------------------------------


def _update(location: Location, order: dict[str, Any]) -> None:
    """Brings the index up to date with all its sources, or starts it over from them."""
    with open_catalogue(location) as catalogue:
        found = sources(files_of(location), catalogue.updates())
    for source in found.gone:
        _say("gone_source", source=source)
    if not found.places:
        _say("nothing")
        return
    rebuild = order["kind"] == "rebuild"
    _told(update_index(location, found.places, _encoder(location), _stages, rebuild))


def _told(report: Report) -> None:
    for item in report.left_out:
        _say("left_out", origin=item.origin, why=item.reason)
    for copy, first in report.same_text:
        _say("same_text", copy=copy, first=first)
    counts = {name: len(getattr(report, name)) for name in _COUNTED}
    _say("indexed", articles=report.articles, **counts)
    _say("result", result=counts)


def _remove(location: Location, order: dict[str, Any]) -> None:
    """Removes an article, and the uploaded file that held nothing else."""
    name = order["article"]
    with open_catalogue(location) as catalogue:
        origins = catalogue.origins()
    if name not in origins:
        raise UsageError(f"no article has the id {name!r}")
    file = file_of(origins[name])
    _told(remove_articles(location, [name]).report)
    others = [i for i, origin in origins.items() if i != name and file_of(origin) == file]
    if file.parent == uploads(files_of(location)).folder and not others:
        file.unlink(missing_ok=True)
        _say("file_deleted", file=file.name)
    else:
        _say("file_stays", file=origins[name])


def _go_back(location: Location, order: dict[str, Any]) -> None:
    state, report = roll_back(location, order["state"])
    _say("went_back", state=state)
    _told(report)


# ---- measuring -------------------------------------------------------------------------------


def _evaluate(location: Location, order: dict[str, Any]) -> None:
    """Asks judged questions: about the articles that come with them, or else about the index."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(order["questions"]) if order["questions"] else Path(scratch) / "thumbs"
        if not order["questions"]:
            feedback.export(location, path)
        dataset = read_dataset(path)
        if not order["questions"]:  # judged on the index, whose articles the export repeats
            dataset = replace(dataset, corpus=None)
        plan = Plan(tuple(order["systems"]), tuple(order["slices"]))
        stages: Stages = _stages
        encoder = _encoder(location)
        index = open_index(location) if dataset.corpus is None else None
        try:
            found = evaluate(dataset, encoder, plan, index, stages)
        finally:
            if index:
                index.close()
    name = runs.keep(files_of(location), replace(found.report, command=order["command"]))
    _say("measured", questions=found.report.queries, seconds=found.report.seconds)
    _say("result", result={"run": name})


_WORK: dict[str, Callable[[Location, dict[str, Any]], None]] = {
    "update": _update,
    "rebuild": _update,
    "remove": _remove,
    "rollback": _go_back,
    "evaluate": _evaluate,
}


if __name__ == "__main__":
    sys.exit(main())
