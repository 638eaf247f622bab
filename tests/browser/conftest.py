"""A real Chromium, and the chat served over an index with one hostile article."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from index.build import update_index
from index.encoder import open_encoder
from tests.browser.served import HOSTILE_BODY, HOSTILE_TITLE, Served

ROOT = Path(__file__).parents[2]
SERVER_READY = 60  # seconds
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The chat in a process of its own, over the sample and one hostile article."""
    folder = tmp_path_factory.mktemp("chat")
    articles = folder / "articles"
    shutil.copytree(ROOT / "sample" / "articles", articles)
    (articles / "doc-hai.md").write_text(
        f"---\ntitle: '{HOSTILE_TITLE}'\ndate: 2024-01\nsource: Báo <i>Thử</i>\n"
        f"url: javascript:alert(3)\n---\n{HOSTILE_BODY}\n",
        encoding="utf-8",
    )
    update_index(folder / "index", [articles], open_encoder())
    yield from serving(folder)


@pytest.fixture(scope="session")
def served_mcp(served: Served) -> Iterator[Served]:
    """The same for programs that speak MCP."""
    yield from serving(served.index.parent, "--mcp")


def serving(folder: Path, *options: str, index: str = "") -> Iterator[Served]:
    """Serves the index of a folder, or the `index` with this address, until the tests are done."""
    port = _free_port()
    log = folder / f"server-{port}.log"
    where = index or str(folder / "index")
    command = [sys.executable, "app.py", "--index", where, "--port", str(port), *options]
    with log.open("w") as output:
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}/"
        _wait(server, url, log)
        yield Served(url, folder / "index", log)
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=_chromium(), args=BROWSER_ARGUMENTS, timeout=30_000
        )


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile at desktop width."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Iterator[Page]:
    """The chat, opened. Whatever a test does, no script of an article may run."""
    page = context.new_page()
    yield from opened(page, served)


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Page]:
    """The chat at the width of a phone."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, locale="vi-VN"
    )
    yield from opened(context.new_page(), served)
    context.close()


def opened(page: Page, served: Served) -> Iterator[Page]:
    """Opens the chat; afterwards holds it to no dialog, no foreign script, no foreign host."""
    dialogs: list[str] = []
    hosts: list[str] = []
    errors: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: hosts.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(served.url)
    page.locator(".hb-welcome").wait_for()
    page.wait_for_function("document.getElementById('hb-toast')")  # our script has run
    yield page
    assert dialogs == []
    assert page.evaluate("window.hacked") is None
    assert [url for url in hosts if not url.startswith((served.url, "data:", "blob:"))] == []
    assert errors == []


def _chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found and Path(found).is_file():
        return found
    reason = "no Chromium: apt-get install chromium, or name one in CHROMIUM"
    if os.environ.get("HOIBAO_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + SERVER_READY
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail(f"the chat did not start:\n{log.read_text()[-3000:]}")
