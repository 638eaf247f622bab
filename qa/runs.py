"""The evaluations that were run from the page: kept beside the index, the newest ones."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock

from index.errors import UsageError
from qa.against import Change, changes_between
from qa.report import Report
from qa.report_file import read_json, write_json
from qa.wording import phrases

FOLDER = "runs"  # in the folder of the index
KEPT = 30  # runs; the oldest goes first
_NAME = re.compile(r"\d{8}-\d{6}")
_SAVED = re.compile(rf"({_NAME.pattern})\.(?:json|(vi|en)\.html)")
_drawing = Lock()  # matplotlib's settings are those of the whole process


@dataclass(frozen=True, slots=True)
class Run:
    """A kept run: its name, made of its time in UTC, and what it found."""

    name: str
    report: Report

    @property
    def time(self) -> datetime:
        return datetime.strptime(self.name, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)


def keep(folder: Path, report: Report) -> str:
    """Writes the figures of a run, of which its page can be made in any language; its name."""
    runs = folder / FOLDER
    runs.mkdir(parents=True, exist_ok=True)
    name = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    draft = runs / f".{name}.{os.getpid()}"
    write_json([report], draft)
    draft.replace(runs / f"{name}.json")
    for old in _names(folder)[KEPT:]:
        for file in runs.glob(f"{old}.*"):  # earlier versions kept the page, too
            file.unlink(missing_ok=True)
    return name


def kept(folder: Path) -> list[Run]:
    """All runs, the newest first; a file that is no run is passed over."""
    found = []
    for name in _names(folder):
        try:
            (report,) = read_json(_file(folder, name))
        except (UsageError, ValueError):
            continue
        if report.systems:
            found.append(Run(name, report))
    return found


def page_of(folder: Path, name: str, code: object) -> str:
    """The report of a run as a page, in the language of this code; "" where there is none.

    What is not known of a run of an earlier version is left out.
    """
    path = _file(folder, name)
    if not _NAME.fullmatch(name) or not path.is_file():
        return ""
    with _drawing:
        return _page(path, phrases(code).code)


@lru_cache(maxsize=8)  # a page takes up to a second to make, and a run never changes
def _page(path: Path, code: str) -> str:
    from qa.report_html import page  # matplotlib takes a second to load

    return page(read_json(path), phrases(code))


def saved(folder: Path, file: str) -> str | None:
    """What is saved as a file: NAME.json, NAME.vi.html or NAME.en.html; None for any other."""
    match = _SAVED.fullmatch(file)
    if match is None or not _file(folder, match[1]).is_file():
        return None
    if not match[2]:
        return _file(folder, match[1]).read_text(encoding="utf-8")
    try:
        return page_of(folder, match[1], match[2])
    except UsageError:  # a file of that name that is no run
        return None


def compared(new: Run, old: Run) -> Sequence[Change]:
    """Every metric of a run then and now.

    Raises:
        UsageError: the runs are of other questions, or have nothing in common.
    """
    return changes_between(old.report, new.report, Path(f"{old.name}.json"))


def _file(folder: Path, name: str) -> Path:
    return folder / FOLDER / f"{name}.json"


def _names(folder: Path) -> list[str]:
    found = [path.stem for path in (folder / FOLDER).glob("*.json") if _NAME.fullmatch(path.stem)]
    return sorted(found, reverse=True)
