"""Accessibility by axe-core, the headers, the paths, and the MCP server."""

import asyncio
import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.served import Served
from tests.browser.test_chat import NONSENSE, QUESTION, ask


def faults(page: Page) -> list[str]:
    """Serious and critical faults that axe-core finds on a page as it stands."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in serious for n in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.reload()
    page.locator(".hb-welcome").wait_for()
    page.wait_for_timeout(500)
    assert faults(page) == [], "the empty page"
    answer = ask(page, "vinh ha long duoc unesco ghi danh lan thu nhat vao ngay nao")
    answer.locator(".hb-further > summary").click()
    answer.get_by_role("button", name="Không đúng").click()
    ask(page, NONSENSE)
    page.wait_for_timeout(500)
    assert faults(page) == [], "with answers"
    page.get_by_role("button", name="Lịch sử").click()
    assert faults(page) == [], "with the history"
    page.keyboard.press("Escape")
    answer.get_by_role("button", name="Đọc trong bài").first.click()
    page.locator(".hb-passage").wait_for()
    assert faults(page) == [], "with an article"


def get(served: Served, path: str, data: bytes | None = None) -> tuple[int, Any, bytes]:
    """(status, headers, body) of a path, sent as it is."""
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(served.url.rstrip("/") + path, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_browsers_are_told_to_run_only_the_pages_own_scripts(served: Served) -> None:
    _, headers, body = get(served, "/")
    policy = headers["content-security-policy"]
    assert "script-src 'self' 'nonce-" in policy
    assert "unsafe-inline' 'nonce" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert b"Gradio</title>" not in body
    assert get(served, "/")[1]["content-security-policy"] != policy, "a nonce is used once"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=app.py",
        "/gradio_api/file/etc/passwd",
        "/file=/etc/passwd",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/stream/x/1/2/playlist-file",
        "/gradio_api/component_server",
        "/gradio_api/upload",
        "/gradio_api/mcp/sse",
        "/static/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/routes.py",
        "/svelte/../../routes.py",
        "/assets//etc/passwd",
        "/monitoring",
        "/openapi.json",
        "/docs",
    ],
)
def test_no_file_of_the_server_can_be_read(served: Served, path: str) -> None:
    status, _, body = get(served, path)
    assert status in (403, 404), body[:200]
    assert b"root:" not in body
    assert b"import" not in body


def test_a_request_that_is_too_large_is_refused(served: Served) -> None:
    assert get(served, "/gradio_api/call/ask", b"x" * 300_000)[0] == 413


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b'{"data": 7}', b'{"data": [[]]}'])
def test_malformed_calls_are_refused_without_a_traceback(served: Served, body: bytes) -> None:
    before = served.log.read_text().count("Traceback")
    status, _, reply = get(served, "/gradio_api/call/ask", body)
    assert status in (200, 400, 422, 500)
    assert b"Traceback" not in reply
    assert served.log.read_text().count("Traceback") == before


def test_a_call_may_leave_out_all_but_the_question(served: Served) -> None:
    _, _, begun = get(served, "/gradio_api/call/ask", json.dumps({"data": [QUESTION]}).encode())
    _, _, reply = get(served, f"/gradio_api/call/ask/{json.loads(begun)['event_id']}")
    (answer,) = json.loads(reply.decode().partition("data: ")[2])
    assert "17/12/1994" in answer["citations"][0]["quote"]


def test_health_tells_counts_and_no_questions(served: Served, page: Page) -> None:
    ask(page, QUESTION)
    status, _, body = get(served, "/health")
    figures = json.loads(body)
    assert (status, figures["status"]) == (200, "ok")
    assert figures["answered"] >= 1
    assert figures["articles"] == 49
    assert QUESTION not in body.decode() + served.log.read_text()


def test_an_mcp_client_asks_and_reads(served_mcp: Served) -> None:
    mcp = pytest.importorskip("mcp")
    from mcp.client.streamable_http import streamable_http_client

    async def talk() -> tuple[list[str], str]:
        async with (
            streamable_http_client(f"{served_mcp.url}gradio_api/mcp/") as (read, write, _),
            mcp.ClientSession(read, write) as session,
        ):
            await session.initialize()
            names = sorted(tool.name for tool in (await session.list_tools()).tools)
            answer = await session.call_tool("ask", {"question": QUESTION})
            return names, answer.content[0].text

    with ThreadPoolExecutor(1) as thread:  # Playwright's loop runs in this one
        names, text = thread.submit(lambda: asyncio.run(talk())).result(60)
    assert names == ["ask", "passage", "read_article"]
    assert "17/12/1994" in text
