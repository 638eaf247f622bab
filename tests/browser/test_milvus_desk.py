"""The editor's and the engineer's tabs over an index in Milvus, in a real Chromium.

Jobs run in a process of their own, and one process at a time opens a file of Milvus Lite: the chat
and its jobs meet at a Milvus Lite that is run as a server, which there is from version 3 on.
"""

import importlib.metadata
import importlib.util
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from index import backend
from index.encoder import open_encoder
from index.location import read_location
from tests.browser.conftest import ROOT, SERVER_READY, serving
from tests.browser.served import Served
from tests.browser.test_chat import ask
from tests.browser.test_desks import DESK, NEW, _watched, done, tab, upload
from tests.server import free_port

PROGRAM = Path(sys.executable).with_name("milvus-lite")
NAMES = ("dinh-fansipan", "song-hong", "vinh-ha-long")
FANSIPAN = "Đỉnh Fansipan cao bao nhiêu mét?"
BRIDGE = "Cầu Zorvex dài bao nhiêu mét?"


def _has_server() -> bool:
    if not importlib.util.find_spec("milvus_lite") or not importlib.util.find_spec("pymilvus"):
        return False
    return PROGRAM.exists() and int(importlib.metadata.version("milvus-lite").split(".")[0]) > 2


pytestmark = pytest.mark.skipif(
    not _has_server(), reason="no Milvus Lite 3 beside this Python: make milvus-test"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Milvus Lite that serves, and the name of an index in it."""
    folder, port = tmp_path_factory.mktemp("lite"), free_port()
    command = [PROGRAM, "server", "--data-dir", folder / "data", "--host", "127.0.0.1"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--port", str(port)], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        end = time.monotonic() + SERVER_READY
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=2).close()
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < end, "no Milvus Lite serves"
                time.sleep(0.2)
        yield f"milvus://127.0.0.1:{port}/news"
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="module")
def desk(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A chat over three articles in Milvus."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "articles").mkdir()
    for name in NAMES:
        shutil.copy(ROOT / "sample" / "articles" / f"{name}.md", folder / "articles")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HOIBAO_DATA", str(folder / "data"))
        backend.update_index(read_location(address), [folder / "articles"], open_encoder())
        yield from serving(folder, index=address)


@pytest.fixture
def opened(browser: Browser, desk: Served) -> Iterator[Page]:
    yield from _watched(browser.new_context(viewport=DESK, locale="vi-VN"), desk.url)


def test_an_editor_and_an_engineer_work_on_an_index_in_milvus(
    opened: Page, address: str, tmp_path: Path
) -> None:
    expect(ask(opened, FANSIPAN).locator(".hb-citation").first).to_contain_text("3.143")
    inside = tab(opened, "Chỉ mục")
    expect(inside.locator(".hb-facts")).to_contain_text("3 bài")
    rows = inside.locator(".hb-articles tbody tr")
    expect(rows).to_have_count(3)

    # One comes, and the chat that goes on answers from it.
    (tmp_path / "cầu.md").write_text(NEW, encoding="utf-8")
    upload(inside, tmp_path / "cầu.md")
    inside.get_by_text("Đã nhận 1 tệp").wait_for()
    inside.get_by_role("button", name="Cập nhật chỉ mục").click()
    expect(done(inside, "Cập nhật chỉ mục")).to_contain_text("thêm 1, sửa 0, gỡ 0")
    expect(rows).to_have_count(4)
    opened.get_by_role("tab", name="Hỏi").click()
    expect(ask(opened, BRIDGE).locator(".hb-citation").first).to_contain_text("812 mét")

    # One goes, and a step back brings it again.
    inside = tab(opened, "Chỉ mục")
    row = rows.filter(has_text="Fansipan")
    row.locator("summary").click()
    row.get_by_role("button", name="Gỡ bài").click()
    done(inside, "Gỡ bài")
    expect(rows).to_have_count(3)
    inside.get_by_text("Quay lại…").first.click()
    inside.get_by_role("button", name="Quay lại trạng thái").first.click()
    expect(done(inside, "Quay lại trạng thái trước")).to_contain_text("thêm 1")
    expect(rows).to_have_count(4)
    opened.get_by_role("tab", name="Hỏi").click()
    expect(ask(opened, FANSIPAN).locator(".hb-citation").first).to_contain_text("3.143")

    # The engineer measures what is there now.
    inside = tab(opened, "Đánh giá")
    questions = tmp_path / "câu-hỏi.jsonl"
    line = f'{{"id": "1", "question": "{FANSIPAN}", "article": "dinh-fansipan"}}\n'
    questions.write_text(line, encoding="utf-8")
    upload(inside, questions)
    inside.get_by_text("Đã nhận câu-hỏi.jsonl: 1 câu hỏi.").wait_for()
    inside.get_by_role("button", name="Chạy đánh giá").click()
    expect(done(inside, "Đo độ chính xác")).to_contain_text("Đã hỏi 1 câu.")
    assert backend.read_status(read_location(address)).articles == 4
