"""Long work beside the chat: one job at a time, in a process of its own.

The process keeps answering fast: it computes with what the answers leave over, it goes on when
the page is closed, and ending it at any moment leaves the index as it was or as it shall be.
"""

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal

from index.location import Location

log = logging.getLogger(__name__)

LINES_KEPT = 300  # lines of a job's log; of more, the first are kept and the rest counted
_ROOT = Path(__file__).resolve().parents[1]
_LONGEST_END = 10.0  # seconds that a cancelled process may take to end

Kind = Literal["update", "rebuild", "remove", "rollback", "evaluate"]
State = Literal["running", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a job's log: the name of a phrase and what is filled into it."""

    what: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. Times are seconds of the machine's clock; `total` is 0 where nobody
    knows it; `lines` are the log, `more` how many lines are not kept; `result` is of its kind.
    """

    number: int
    kind: Kind
    began: float
    state: State = "running"
    stage: str = ""
    stage_began: float = 0.0
    done: int = 0
    total: int = 0
    ended: float = 0.0
    lines: tuple[Line, ...] = ()
    more: int = 0
    result: dict[str, Any] = field(default_factory=dict)

    def left(self, now: float) -> float | None:
        """Seconds that the stage will still take at its pace; None where that is not known."""
        if self.state != "running" or not 0 < self.done <= self.total:
            return None
        return (now - self.stage_began) / self.done * (self.total - self.done)


class BusyError(Exception):
    """Another job is running."""

    def __init__(self, job: Job) -> None:
        super().__init__(f"job {job.number} ({job.kind}) is running")
        self.job = job


class Jobs:
    """Starts jobs and tells how they stand. Threads may share it."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._job: Job | None = None
        self._process: subprocess.Popen[str] | None = None
        self._is_cancelled = False

    def current(self) -> Job | None:
        """The running job, or else the last one; None where there was none."""
        with self._lock:
            return self._job

    def start(self, kind: Kind, location: Location, **wanted: Any) -> Job:
        """Begins a job on an index.

        Raises:
            BusyError: another one is running.
        """
        with self._lock:
            if self._job and self._job.state == "running":
                raise BusyError(self._job)
            now = self._clock()
            number = self._job.number + 1 if self._job else 1
            self._job = Job(number, kind, now, stage_began=now)
            self._is_cancelled = False
            self._process = process = _begin()
            job = self._job
        resolved = location.resolve() if isinstance(location, Path) else location
        order = {"kind": kind, "index": str(resolved), **wanted}
        threading.Thread(target=self._follow, args=(process, order), daemon=True).start()
        return job

    def cancel(self) -> None:
        """Ends the running job, if there is one."""
        with self._lock:
            process = self._process
            if process is None:
                return
            self._is_cancelled = True
        process.terminate()

    def close(self) -> None:
        """Ends the running job and waits for its end, as the server stops."""
        process = self._process
        self.cancel()
        if process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_LONGEST_END)

    def _follow(self, process: "subprocess.Popen[str]", order: dict[str, Any]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(order))
            process.stdin.close()
        for text in process.stdout:
            self._hear(text)
        code = process.wait()
        with self._lock:
            self._process = None
            assert self._job is not None
            state: State = "done" if code == 0 else "cancelled" if self._is_cancelled else "failed"
            told = any(line.what == "failed" for line in self._job.lines)
            self._job = replace(self._job, state=state, ended=self._clock())
            if state == "failed" and not told:
                self._job = _with_line(self._job, "broke", {"code": code})
        log.info("job %s ended: %s", order["kind"], state)

    def _hear(self, text: str) -> None:
        """Takes in what the process says: one JSON object a line."""
        try:
            said = json.loads(text)
            what = said.pop("what")
        except (ValueError, KeyError, AttributeError):
            log.warning("a job said %r", text[:200])
            return
        with self._lock:
            job = self._job
            assert job is not None
            if what == "stage":
                stage_began = self._clock()
                job = replace(job, stage=said["stage"], stage_began=stage_began, done=0, total=0)
            elif what == "progress":
                job = replace(job, done=said["done"], total=said["total"])
            elif what == "result":
                job = replace(job, result=said["result"])
            else:
                job = _with_line(job, what, said)
            self._job = job


def _with_line(job: Job, what: str, fields: dict[str, Any]) -> Job:
    if len(job.lines) >= LINES_KEPT:
        return replace(job, more=job.more + 1)
    return replace(job, lines=(*job.lines, Line(what, fields)))


def _begin() -> "subprocess.Popen[str]":
    """The process that works; it finds this program however the server was started."""
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    pipe: IO[str] | int = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-m", "qa.job_work"],
        stdin=pipe,
        stdout=pipe,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
