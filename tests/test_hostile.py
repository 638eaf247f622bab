"""A hostile set of inputs through the real server: each is answered or clearly refused.

One server for all of them, over a small index, its tabs behind a password that nobody gives.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from index.build import update_index
from index.encoder import open_encoder
from qa import render
from tests.hostile import QUESTION, Sent, inputs

ROOT = Path(__file__).parents[1]
SECRET = "mật-mã-không-được-lộ-7f3a"
FORBIDDEN = (SECRET, "root:x:0", "Traceback", "import gradio", "SQLite format")


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    folder: Path
    log: Path

    def send(
        self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Status and body of a path, sent as it is."""
        about = {"content-type": "application/json", **(headers or {})}
        request = urllib.request.Request(self.url + path, body, about)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, reply.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")
        except urllib.error.URLError as error:
            if isinstance(error.reason, BrokenPipeError | ConnectionResetError):
                return 413, ""  # refused before all of it was sent
            raise

    def call(self, name: str, body: bytes) -> tuple[int, str]:
        """A call of the API to its end."""
        status, reply = self.send(f"/gradio_api/call/{name}", body)
        if status != 200:
            return status, reply
        event = json.loads(reply)["event_id"]
        return self.send(f"/gradio_api/call/{name}/{event}")

    def held(self) -> dict[str, tuple[int, int]]:
        """Every file below the folder with its size and time, but for SQLite's own and the log."""
        files = (path for path in self.folder.rglob("*") if path.is_file() and path != self.log)
        return {
            str(path): (path.stat().st_size, path.stat().st_mtime_ns)
            for path in files
            if not path.name.endswith(("-shm", "-wal"))
        }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, model_dir: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    articles = folder / "articles"
    articles.mkdir()
    for path in sorted((ROOT / "sample" / "articles").iterdir())[:4]:
        (articles / path.name).write_bytes(path.read_bytes())
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    update_index(folder / "index", [articles], open_encoder())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "server.log"
    command = [sys.executable, "app.py", "--index", str(folder / "index"), "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "HOIBAO_PASSWORD": SECRET},
        )
    found = Server(f"http://127.0.0.1:{port}", folder, log)
    try:
        while process.poll() is None:
            try:
                found.send("/health")
                break
            except OSError:
                time.sleep(0.2)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=10)


def tab_events(server: Server) -> dict[int, int]:
    """The events of the tabs, which stand between the API and the names of the tabs."""
    events = json.loads(server.send("/config")[1])["dependencies"]
    names = [event["api_name"] for event in events]
    between = events[names.index("article") + 1 : names.index("tab_names")]
    assert {"tick", "take", "go_back", "start"} <= {event["api_name"] for event in between}
    return {event["id"]: len(event["inputs"]) for event in between}


def test_each_is_answered_or_refused_and_nothing_outside_is_touched(server: Server) -> None:
    before = server.held()
    found = inputs(tab_events(server))
    assert len(found) >= 300
    bad = [
        f"{sent.family}: {str(sent)[:200]}\n  {said}"
        for sent in found
        if (said := _check(server, sent))
    ]
    assert "\n".join(bad) == ""
    log = server.log.read_text(encoding="utf-8", errors="replace")
    assert log.count("Traceback") == 0, log[log.find("Traceback") :][:3000]
    assert SECRET not in log
    assert server.held() == before
    status, reply = server.call("ask", _asking(QUESTION))
    assert status == 200
    assert '"found"' in reply, "it still answers"


def _check(server: Server, sent: Sent) -> str:
    """What is wrong with the answer to an input, "" where nothing is."""
    if sent.family == "tabs" or sent.family == "forged":
        status, reply = _joined(server, sent)
    elif sent.path.startswith("/gradio_api/call/") and sent.body is not None:
        status, reply = server.call(sent.path.rpartition("/")[2], sent.body)
    elif sent.path:
        status, reply = server.send(sent.path, sent.body, sent.headers)
    else:
        status, reply = server.call("ask", _asking(sent.ask))
    if leaked := [each for each in FORBIDDEN if each in reply]:
        return f"{status} with {leaked}"
    if sent.family == "files":
        return "" if status in (403, 404, 405) else f"{status}: {reply[:200]}"
    if sent.family == "links":
        return "" if status == 200 and "window.hacked" not in reply.lower() else f"{status}"
    if sent.family in ("malformed", "ids"):
        is_refused = (
            status in (400, 404, 413, 422, 500) or "event: " in reply or "event_id" in reply
        )
        return "" if is_refused else f"{status}: {reply[:200]}"
    if sent.family == "tabs":
        shown = ("hb-facts", "hb-articles", "hb-job", "hb-table", "sample")
        return "" if not any(each in reply for each in shown) else f"shown: {reply[:300]}"
    if sent.family == "forged":
        return "" if status in (200, 400, 404, 422, 500) else f"{status}"
    return _of_answer(sent.ask, status, reply)


def _asking(question: object) -> bytes:
    """The body of a call: the question, and all that goes with it left empty."""
    return json.dumps({"data": [question, False, "", "", None, None, None]}).encode()


def _of_answer(asked: object, status: int, reply: str) -> str:
    """A question is answered with an object, or refused in words."""
    if status == 413:
        return "" if len(str(asked)) > 50_000 else "too large?"
    kind, _, data = reply.partition("\n")
    content = json.loads(data.removeprefix("data: ").strip() or "null")
    if kind == "event: complete":
        answer = content[0]
        if not isinstance(asked, str):
            return "no question, yet answered"
        return "" if answer["question"] == asked.strip() else f"of {answer['question'][:100]!r}"
    if kind == "event: error":
        words = str(content)
        is_said = any(each in words for each in ("Câu hỏi trống", "ký tự. Xin rút gọn"))
        return "" if is_said else f"refused without a word: {words[:200]}"
    return f"{status}: {reply[:200]}"


def _joined(server: Server, sent: Sent) -> tuple[int, str]:
    """An event of the page, and what the page would be told."""
    status, reply = server.send(sent.path, sent.body, sent.headers)
    if status != 200:
        return status, reply
    session = json.loads(sent.body or b"{}")["session_hash"]
    request = urllib.request.Request(
        f"{server.url}/gradio_api/queue/data?session_hash={session}", headers=sent.headers
    )
    lines = []
    with urllib.request.urlopen(request, timeout=60) as stream:
        for line in stream:
            lines.append(line.decode("utf-8", "replace"))
            if "process_completed" in lines[-1] or "close_stream" in lines[-1]:
                break
    return status, "".join(lines)


class _Tags(HTMLParser):
    """Elements and attributes of a piece of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)


def test_every_text_is_text_in_the_conversation() -> None:
    for sent in inputs({}):
        if isinstance(sent.ask, str):
            tags = _Tags()
            tags.feed(render.question(sent.ask, without=[sent.ask[:500]]))
            assert tags.names <= {"div", "p", "span", "bdi", "button"}
            assert tags.attributes <= {"class", "type", "data-without"}


def test_an_upload_without_the_password_is_refused(server: Server) -> None:
    boundary = "x"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="../../a.txt"\r\n'
        f"Content-Type: text/plain\r\n\r\nx\r\n--{boundary}--\r\n"
    ).encode()
    kind = {"content-type": f"multipart/form-data; boundary={boundary}"}
    assert server.send("/gradio_api/upload", body, kind)[0] == 404
    forged = {**kind, "cookie": "hoibao-tabs=forged", "x-forwarded-for": "127.0.0.1"}
    assert server.send("/gradio_api/upload", body, forged)[0] == 404


def test_passwords_cannot_be_tried_without_end(server: Server) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    seen = [server.send("/tabs/enter", b"password=sai", form)[0] for _ in range(7)]
    assert seen == [403] * 5 + [429] * 2
    assert server.send("/tabs/enter", f"password={SECRET}".encode(), form)[0] == 429
