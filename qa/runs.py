"""The evaluations that were run from the page: kept beside the index, the newest ones."""

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qa.against import Change, changes_between, read_run
from qa.evaluate import Evaluation
from qa.report import write_json
from qa.report_html import page

FOLDER = "runs"  # in the folder of the index
KEPT = 30  # runs; the oldest goes first
_NAME = re.compile(r"\d{8}-\d{6}")
KINDS = ("json", "html")


@dataclass(frozen=True, slots=True)
class Run:
    """A kept run: its name, made of its time in UTC, and what it measured."""

    name: str
    dataset: str
    queries: int
    systems: tuple[str, ...]
    slices: tuple[str, ...]

    @property
    def time(self) -> datetime:
        return datetime.strptime(self.name, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)


def keep(folder: Path, evaluation: Evaluation, command: str) -> str:
    """Writes a run as JSON and as a page; its name."""
    runs = folder / FOLDER
    runs.mkdir(parents=True, exist_ok=True)
    name = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    draft = runs / f".{name}.{os.getpid()}"
    draft.write_text(page([evaluation], command), encoding="utf-8")
    draft.replace(runs / f"{name}.html")
    write_json([evaluation.report], draft)
    draft.replace(runs / f"{name}.json")  # last: a run is there when its figures are
    for old in _names(folder)[KEPT:]:
        for kind in KINDS:
            (runs / f"{old}.{kind}").unlink(missing_ok=True)
    return name


def kept(folder: Path) -> list[Run]:
    """All runs, the newest first; a file that is no run is passed over."""
    found = []
    for name in _names(folder):
        try:
            content = json.loads((folder / FOLDER / f"{name}.json").read_text(encoding="utf-8"))
            systems = content["systems"]
            slices = tuple(next(iter(systems.values())))
            queries = int(content["queries"])
            found.append(Run(name, str(content["dataset"]), queries, tuple(systems), slices))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration):
            continue
    return found


def file_of(folder: Path, name: str, kind: str) -> Path | None:
    """The file of a run; None for any name that is not one of a run."""
    if not _NAME.fullmatch(name) or kind not in KINDS:
        return None
    path = folder / FOLDER / f"{name}.{kind}"
    return path if path.is_file() else None


def compared(folder: Path, name: str, with_name: str) -> Sequence[Change]:
    """Every metric of a run then and now.

    Raises:
        UsageError: the runs are of other questions, or have nothing in common.
    """
    paths = [folder / FOLDER / f"{each}.json" for each in (with_name, name)]
    old, new = (next(iter(read_run(path).values())) for path in paths)
    return changes_between(old, new, paths[0])


def _names(folder: Path) -> list[str]:
    found = [path.stem for path in (folder / FOLDER).glob("*.json") if _NAME.fullmatch(path.stem)]
    return sorted(found, reverse=True)
