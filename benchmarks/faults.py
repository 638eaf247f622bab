"""Kills what writes an index at random moments, and before and after every step that matters, and
looks at what is left.

    python -m benchmarks.faults

After each kill the index must open, hold exactly the old or the new articles, and answer a
question; the same command run again must complete and leave what a fresh index holds.
"""

import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import faiss
import numpy as np

from benchmarks.works import WORKS, Work, back, view
from index.build import update_index
from index.reader import Index
from index.verify import verify_index
from qa.answer import Answerer
from tests.fakes import WordEncoder
from tests.workshop import Workshop

_STEPS = ("BEGIN", "COMMIT", "DELETE", "DROP", "ALTER", "INSERT OR REPLACE INTO meta")
_CALLS = [
    *((os, name) for name in ("replace", "rename", "link", "unlink", "rmdir", "mkdir", "fsync")),
    *((shutil, name) for name in ("rmtree", "copyfile")),
    (np, "save"),
    (faiss, "write_index"),
]


def count_steps(reached: Callable[[int], None]) -> None:
    """From now on calls `reached` before and after every step that matters, with its number."""
    number = 0

    def step() -> None:
        nonlocal number
        number += 1
        reached(number)

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            step()
            done = real(*given, **named)
            step()
            return done

        return call

    for module, name in _CALLS:
        setattr(module, name, counted(getattr(module, name)))

    class Counted(sqlite3.Connection):
        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            real = super().execute
            run = counted(real) if statement.startswith(_STEPS) else real
            return run(statement, *values)

    connect = sqlite3.connect
    sqlite3.connect = lambda *given, **named: connect(*given, factory=Counted, **named)


def in_child(do: Callable[[], object]) -> int:
    """Runs something in a process of its own, so that this one never starts a thread; its pid."""
    if pid := os.fork():
        return pid
    code = 1
    try:
        do()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def finish(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


class Bench:
    """A folder in which each piece of work is killed again and again, from the same beginning."""

    def __init__(self, folder: Path, work: Work) -> None:
        self.work = work
        self.trial, self.begin = folder / "trial", folder / f"{work.name} begin"
        self.facts = folder / f"{work.name} facts"

    def prepare(self) -> tuple[int, float]:
        """Makes the beginning; how many steps the work has, and how many seconds it takes."""
        shutil.rmtree(self.trial, ignore_errors=True)
        if finish(in_child(self._prepare)):
            raise RuntimeError(f"{self.work.name} cannot be prepared")
        steps, seconds = self.facts.read_text().split()
        return int(steps), float(seconds)

    def _prepare(self) -> None:
        shop = Workshop(self.trial)
        self.work.prepare(shop)
        shutil.copytree(self.trial, self.begin)
        began = time.monotonic()
        self.work.run(shop)
        seconds = time.monotonic() - began
        self._restore()
        steps = [0]
        count_steps(steps.append)
        self.work.run(shop)
        self.facts.write_text(f"{steps[-1]} {seconds}")

    def _restore(self) -> None:
        shutil.rmtree(self.trial, ignore_errors=True)
        shutil.copytree(self.begin, self.trial)

    def kill_at_step(self, step: int) -> None:
        def die(number: int) -> None:
            if number == step:
                os.kill(os.getpid(), signal.SIGKILL)

        def run() -> None:
            count_steps(die)
            self.work.run(self._shop())

        self._restore()
        if finish(in_child(run)) != -signal.SIGKILL:
            raise RuntimeError(f"{self.work.name} never came to step {step}")
        self._check(f"step {step}")

    def kill_after(self, seconds: float) -> None:
        self._restore()
        pid = in_child(lambda: self.work.run(self._shop()))
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        finish(pid)
        self._check(f"{seconds:.3f} s")

    def _shop(self) -> Workshop:
        shop = Workshop.__new__(Workshop)
        shop.articles, shop.index = self.trial / "bài", self.trial / "index"
        return shop

    def _check(self, moment: str) -> None:
        if finish(in_child(self._look)):
            raise RuntimeError(
                f"{self.work.name} killed at {moment}: the index is not as it must be"
            )

    def _look(self) -> None:
        shop = self._shop()
        found = view(shop)
        if found is not None:
            index = Index(shop.index)
            answer = Answerer(index, WordEncoder()).ask("Chè ngon ở đâu?")
            assert answer.citations or answer.near_misses
            index.close()
        self.work.run(shop)
        new = view(shop)
        assert new is not None
        assert verify_index(shop.index, mend=False).truth == []
        self._restore()
        old = view(shop)
        assert found in (old, new), "neither the old articles nor the new"
        fresh = Workshop.__new__(Workshop)
        fresh.index = self.trial / "fresh"
        if self.work.run is not back:
            update_index(fresh.index, [shop.articles], WordEncoder())
            assert new == view(fresh), "not what a fresh index holds"


@click.command()
@click.option("--moments", default=200, show_default=True, help="Kills at random moments.")
@click.option("--steps", default=0, help="Steps of each work, spread evenly; all when 0.")
@click.option("--seed", default=0, show_default=True)
def main(moments: int, steps: int, seed: int) -> None:
    """Kills builds, updates, rebuilds, rollbacks and mendings, and looks at what is left."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        benches = []
        for work in WORKS:
            bench = Bench(Path(folder), work)
            total, seconds = bench.prepare()
            wanted = range(1, total + 1)
            for step in chance.sample(wanted, min(steps, total)) if steps else wanted:
                bench.kill_at_step(step)
            click.echo(f"{work.name}: killed at {min(steps or total, total)} of {total} steps")
            benches.append((bench, seconds))
        for number in range(moments):
            bench, seconds = benches[number % len(benches)]
            bench.kill_after(chance.uniform(0, seconds))
        click.echo(f"killed at {moments} random moments")
    click.echo("each left the old index or the new one, whole")


if __name__ == "__main__":
    main()
