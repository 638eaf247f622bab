"""One writer at a time, who is named; one that died holds nothing."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.errors import UsageError
from index.lock import LOCK, locked, writer

ROOT = Path(__file__).resolve().parents[1]
HOLDS = """
import sys
from pathlib import Path
from index.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_the_second_writer_is_told_who_holds_it(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    assert writer(tmp_path) == f"process {holder.pid}"
    message = rf"is being written by process {holder.pid}; try again when it is done"
    with pytest.raises(UsageError, match=message), locked(tmp_path):
        pass


def test_a_second_writer_may_wait(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    told: list[str] = []

    def release() -> None:
        assert holder.stdin is not None
        holder.stdin.write("done\n")
        holder.stdin.flush()

    def waiting(who: str) -> None:
        told.append(who)
        threading.Timer(0.1, release).start()

    with locked(tmp_path, waiting):
        assert told == [f"process {holder.pid}"]
        assert writer(tmp_path) == f"process {os.getpid()}"
    assert writer(tmp_path) == ""


def test_a_holder_that_died_holds_nothing(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert writer(tmp_path) == ""
    with locked(tmp_path):
        assert (tmp_path / LOCK).read_text() == str(os.getpid())


def test_nobody_writes_where_there_is_no_index(tmp_path: Path) -> None:
    assert writer(tmp_path / "nowhere") == ""
    assert not (tmp_path / "nowhere").exists()
