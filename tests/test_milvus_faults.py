"""What goes wrong between an index in Milvus and its server, on the real server of a wheel.

It runs where $HOIBAO_TEST_MILVUS_PYTHON names the Python of an environment that has the package
`milvus` (2.3.5), which has no lexical lanes.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import backend
from index.errors import HoiBaoError
from index.location import read_location
from index.milvus.lease import EXPIRES
from tests.fakes import WordEncoder
from tests.server import Server, free_port

SERVER_PYTHON = os.environ.get("HOIBAO_TEST_MILVUS_PYTHON", "")
ROOT = Path(__file__).resolve().parents[1]
ARTICLES = 60

pytestmark = pytest.mark.skipif(not SERVER_PYTHON, reason="no environment with a Milvus server")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = Server(tmp_path_factory.mktemp("server"), SERVER_PYTHON)
    yield found
    found.kill()


@pytest.fixture
def articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOIBAO_DATA", str(tmp_path / "data"))
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(ARTICLES):
        (folder / f"{number}.txt").write_text(f"Bài {number} nói về Hà Nội.", encoding="utf-8")
    return folder


def searchable(address: str) -> list[str]:
    """The texts of all passages, as the dense lane finds them."""
    index = backend.open_index(read_location(address))
    numbers = index.dense(WordEncoder().encode_queries(["Hà Nội"]), 500)
    found = []
    for passage in index.passages(numbers):
        article = index.article(passage.article_id)
        assert article is not None
        found.append(article.text[passage.start : passage.end])
    index.close()
    return sorted(found)


UPDATE = """
import sys
from pathlib import Path
from index import backend
from index.location import read_location
from index.milvus import writer
from tests.fakes import WordEncoder
from tests.server import Server, free_port
real, rows = writer.searched_rows, 0
def searched_rows(*arguments):
    global rows
    rows += 1
    if rows == 30:
        print("half", flush=True)
        sys.stdin.readline()
    return real(*arguments)
writer.searched_rows = searched_rows
writer._READ_AT_ONCE = 10
encoder = WordEncoder()
backend.update_index(read_location(sys.argv[1]), [Path(sys.argv[2])], encoder)
print(len(encoder.embedded), flush=True)
"""


def updating(address: str, articles: Path) -> "subprocess.Popen[str]":
    """An update in a process of its own, that waits when half of its rows are written."""
    started = subprocess.Popen(
        [sys.executable, "-c", UPDATE, address, str(articles)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "half\n"
    return started


def test_a_wrong_token_is_said_in_one_line(
    tmp_path: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # First of all: two of these servers cannot run on one machine.
    guarded = Server(tmp_path / "guarded", SERVER_PYTHON, "--with-login")
    address = f"milvus://127.0.0.1:{guarded.port}/news?lanes=dense"
    try:
        monkeypatch.delenv("MILVUS_TOKEN", raising=False)
        done = qa("index", articles, "--index", address)
        assert_one_line(done, f"the token for Milvus at 127.0.0.1:{guarded.port} is missing")
        monkeypatch.setenv("MILVUS_TOKEN", "root:wrong")
        done = qa("index", articles, "--index", address)
        assert_one_line(done, f"the token for Milvus at 127.0.0.1:{guarded.port} is refused")
        monkeypatch.setenv("MILVUS_TOKEN", "root:Milvus")
        done = qa("index", "status", "--index", address)
        assert_one_line(done, "no index at milvus://", 1)
    finally:
        guarded.kill()


def test_a_server_that_is_killed_in_an_update_comes_back_and_so_does_the_update(
    server: Server, articles: Path
) -> None:
    address = f"milvus://127.0.0.1:{server.port}/killed?lanes=dense"
    location = read_location(address)
    for number in range(ARTICLES // 2, ARTICLES):
        (articles / f"{number}.txt").rename(articles / f"{number}.later")
    backend.update_index(location, [articles], WordEncoder())
    before = searchable(address)
    assert len(before) == ARTICLES // 2
    for number in range(ARTICLES):
        text = f"Bài {number} nói về Hà Nội, lần hai."
        (articles / f"{number}.txt").write_text(text, encoding="utf-8")
    wanted = sorted(f"Bài {number} nói về Hà Nội, lần hai." for number in range(ARTICLES))

    # The server goes and comes back: the update goes on where it was.
    running = updating(address, articles)
    server.kill()
    server.start()
    assert searchable(address) == before, "half of the rows are there, and no reader sees them"
    out, _ = running.communicate("go on\n")
    assert running.returncode == 0
    assert out == f"{ARTICLES}\n"
    assert searchable(address) == wanted

    # The process of the update goes: the next one embeds nothing, and ends with each passage once.
    for number in range(ARTICLES):
        text = f"Bài {number} nói về Hà Nội, lần ba."
        (articles / f"{number}.txt").write_text(text, encoding="utf-8")
    running = updating(address, articles)
    running.kill()
    running.communicate()
    assert searchable(address) == wanted
    encoder = WordEncoder()
    report = backend.update_index(location, [articles], encoder)
    assert (len(report.changed), report.articles, encoder.embedded) == (ARTICLES, ARTICLES, [])
    assert searchable(address) == [text.replace("hai", "ba") for text in wanted]


def test_a_reader_answers_again_when_the_server_is_back(
    server: Server, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"milvus://127.0.0.1:{server.port}/lost?lanes=dense"
    backend.update_index(read_location(address), [articles], WordEncoder())
    index = backend.open_index(read_location(address))
    vector = WordEncoder().encode_queries(["Hà Nội"])
    wanted = index.dense(vector, 500)
    assert len(wanted) == ARTICLES
    server.kill()
    monkeypatch.setattr(index._connection, "patience", 1.0)
    with pytest.raises(HoiBaoError, match=r"no Milvus server answers at 127\.0\.0\.1:\d+; start"):
        index.dense(vector, 500)
    server.start()
    monkeypatch.setattr(index._connection, "patience", 60.0)
    assert index.dense(vector, 500) == wanted
    index.close()


def test_a_writer_on_another_machine_is_told_who_writes(
    server: Server, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"milvus://127.0.0.1:{server.port}/shared?lanes=dense"
    running = updating(address, articles)
    monkeypatch.setenv("HOIBAO_DATA", str(tmp_path / "another machine"))
    done = qa("index", articles, "--index", address)
    assert_one_line(done, f"is being written by process {running.pid} on ")
    out, _ = running.communicate("go on\n")
    assert (running.returncode, out) == (0, f"{ARTICLES}\n")
    began = time.monotonic()
    backend.remove_articles(read_location(address), [str(articles / "0.txt")])
    assert time.monotonic() - began < EXPIRES / 2, "what was given up is not waited for"
    assert len(searchable(address)) == ARTICLES - 1


def test_a_wrong_address_is_said_in_one_line(articles: Path) -> None:
    port = free_port()
    done = qa("index", articles, "--index", f"milvus://127.0.0.1:{port}/news")
    assert_one_line(done, f"no Milvus server answers at 127.0.0.1:{port}; start it, or name")


def test_a_server_without_lexical_lanes_says_so(server: Server, articles: Path) -> None:
    done = qa("index", articles, "--index", f"milvus://127.0.0.1:{server.port}/news")
    assert_one_line(done, "is older than 2.4 and can have no lexical lanes")


def qa(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "qa", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def assert_one_line(done: "subprocess.CompletedProcess[str]", words: str, code: int = 2) -> None:
    assert (done.returncode, done.stdout) == (code, ""), done
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert words in line
