"""Work that is killed, and machines that refuse: the old index or the new, and one clear line."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workshop import Workshop, answers

ROOT = Path(__file__).resolve().parents[1]
# The script `qa` with an encoder that needs no model; what is given first is run before it.
QA = """
import sys
from tests.fakes import WordEncoder
import index.build, index.verify, index.reader, qa.index_cli
qa.index_cli._encoder = lambda folder, model: WordEncoder()
from qa.cli import main
exec(sys.argv.pop(1))
main()
"""
LIMIT = """
import resource
size = int(next(line.split()[1] for line in open("/proc/self/status") if "VmSize" in line)) * 1024
resource.setrlimit(resource.RLIMIT_AS, (size + {more}, size + {more}))
"""


def qa(first: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", QA, first, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def assert_one_line(done: subprocess.CompletedProcess[str], words: str, code: int = 1) -> None:
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert words in line


def test_killed_work_leaves_the_old_index_or_the_new() -> None:
    command = [sys.executable, "-m", "benchmarks.faults", "--moments", "8", "--steps", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len([line for line in lines if "killed at 2 of" in line]) == 6
    assert lines[-2:] == [
        "killed at 8 random moments",
        "each left the old index or the new one, whole",
    ]


def grow(shop: Workshop) -> None:
    """Adds an article that takes some room."""
    lines = (f"Câu số {n} nói về việc này và việc kia." for n in range(700))
    shop.write("d.md", "\n\n".join(lines))


# -- a full disk ---------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB; where none can be mounted the test is skipped, and the next ones stand."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_gets_one_line_and_leaves_the_old_index(
    shop: Workshop, small_disk: Path
) -> None:
    shop.index = small_disk / "index"
    shop.update()
    before = answers(shop.index)
    grow(shop)
    ballast = small_disk / "ballast"
    for left in (0, 100_000, 200_000, 324_000):  # it is full at another point of the work each time
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_bsize
        ballast.write_bytes(bytes(free - left))
        assert_one_line(qa("", "index", shop.articles, "--index", shop.index), "the disk is full")
        ballast.unlink()
        assert answers(shop.index) == before
    assert qa("", "index", shop.articles, "--index", shop.index).returncode == 0


@pytest.mark.parametrize("largest", [40_000, 90_000, 200_000])
def test_a_file_that_may_not_grow_gets_one_line(shop: Workshop, largest: int) -> None:
    before = answers(shop.index)
    grow(shop)
    first = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({largest},) * 2)"
    done = qa(first, "index", shop.articles, "--index", shop.index)
    assert_one_line(done, "make room, then run the same command again")
    assert answers(shop.index) == before
    assert len(shop.update().added) == 1


# -- no memory, no right to write ----------------------------------------------------------------


@pytest.mark.parametrize("more", [4_000_000, 30_000_000, 90_000_000])
def test_a_full_memory_gets_one_line(shop: Workshop, more: int) -> None:
    before = answers(shop.index)
    grow(shop)
    done = qa(LIMIT.format(more=more), "index", shop.articles, "--index", shop.index)
    assert_one_line(done, "the memory is full")
    assert answers(shop.index) == before


@pytest.mark.parametrize(
    "arguments",
    [("index", "{articles}"), ("index", "rollback"), ("index", "--remove", "{articles}/a.md")],
)
def test_a_folder_that_cannot_be_written_gets_one_line(
    shop: Workshop, small_disk: Path, arguments: tuple[str, ...]
) -> None:
    shop.index = small_disk / "index"
    shop.update()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    given = [argument.format(articles=shop.articles) for argument in arguments]
    done = qa("", *given, "--index", shop.index)
    assert_one_line(done, f"{shop.index} ", code=2)
    assert "name" in done.stderr and "--index DIR" in done.stderr


def test_a_new_index_where_nothing_can_be_written(shop: Workshop, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    done = qa("", "index", shop.articles, "--index", small_disk / "index")
    assert_one_line(done, "name a folder you can: --index DIR", code=2)


def test_a_damaged_truth_gets_one_line_from_every_command(shop: Workshop) -> None:
    file = shop.index / "index.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole[:1000] + bytes(len(whole) - 1000))
    for command in (["status"], ["verify"], ["history"], ["rollback"], [str(shop.articles)]):
        done = qa("", "index", *command, "--index", shop.index)
        assert_one_line(done, f"qa index ARTICLES --index {shop.index}")
    done = qa("", "ask", "Chè?", "--index", shop.index)
    assert_one_line(done, "is damaged")
    file.write_bytes(whole)
    status = json.loads(qa("", "index", "status", "--index", shop.index, "--json").stdout)
    assert status["articles"] == 3
