"""How long answers take while the index is rebuilt: beside a process, or in a thread of it.

python benchmarks/beside.py --index my-index
"""

import json
import sqlite3
import statistics
import threading
import time
from pathlib import Path

import click

from index.backend import open_catalogue
from index.build import update_index
from index.database import FILE
from index.encoder import open_encoder
from qa.collection import SAMPLE_QUESTIONS
from qa.jobs import Jobs
from qa.live import LiveIndex
from qa.sources import sources

_REST = 3.0  # seconds of answering alone


def asked(live: LiveIndex, questions: list[str], goes_on: "threading.Event | float") -> list[float]:
    """Milliseconds of one answer after the other, until an event is set or some seconds passed."""
    took, end = [], time.monotonic() + goes_on if isinstance(goes_on, float) else 0.0
    at = 0
    while time.monotonic() < end if end else not goes_on.is_set():  # type: ignore[union-attr]
        began = time.perf_counter()
        live.snapshot().answerer.ask(questions[at % len(questions)])
        took.append((time.perf_counter() - began) * 1000)
        at += 1
    return took


def told(name: str, took: list[float]) -> None:
    took = sorted(took)
    p50, p95 = statistics.median(took), took[len(took) * 95 // 100]
    click.echo(f"{name:<16} {len(took):>5} answers  p50 {p50:6.1f} ms  p95 {p95:6.1f} ms")


@click.command()
@click.option("--index", "folder", type=click.Path(path_type=Path), required=True)
def main(folder: Path) -> None:
    """Drops the vectors of an index twice, so that a rebuild embeds everything, and asks."""
    lines = SAMPLE_QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    live = LiveIndex(folder)
    asked(live, questions, 1.0)
    told("alone", asked(live, questions, _REST))
    for name in ("beside a process", "beside a thread"):
        with open_catalogue(folder) as catalogue:
            places = sources(folder, catalogue.updates()).places
        _forget_vectors(folder)
        done = threading.Event()
        if name.endswith("process"):
            jobs = Jobs()
            jobs.start("rebuild", folder)
            work = threading.Thread(target=_wait, args=(jobs, done))
        else:
            work = threading.Thread(target=_rebuild, args=(folder, places, done))
        work.start()
        told(name, asked(live, questions, done))
        work.join()


def _wait(jobs: Jobs, done: threading.Event) -> None:
    while (job := jobs.current()) and job.state == "running":
        time.sleep(0.05)
    done.set()


def _rebuild(folder: Path, places: tuple[Path | str, ...], done: threading.Event) -> None:
    update_index(folder, places, open_encoder(), rebuild=True)
    done.set()


def _forget_vectors(folder: Path) -> None:
    with sqlite3.connect(folder / FILE) as db:
        db.execute("DELETE FROM vectors")


if __name__ == "__main__":
    main()
