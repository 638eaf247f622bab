"""What stands between the network and Gradio: which paths there are, and what browsers are told.

Gradio serves files, uploads and more for apps that need them. This one needs none of that, so
only the paths it uses exist.
"""

import json
import re
import secrets
from collections.abc import Callable
from typing import Any

from qa.calls import Calls
from qa.tab_paths import PLACE, Message, Scope, TabPaths, reply

LARGEST_BODY = 256 << 10  # bytes of one request
LARGEST_UPLOAD = 64 << 20  # of one that brings files
_EXACT = frozenset(
    {"/", "/config", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json"}
    | {f"/gradio_api/{name}" for name in ("info", "startup-events", "app_id", "cancel", "reset")}
    | {"/gradio_api/queue/join", "/gradio_api/queue/data"}
)
_FOLDERS = (
    *("/assets/", "/static/", "/svelte/"),
    *(f"/gradio_api/{name}/" for name in ("call", "run", "api", "heartbeat")),
)
_MCP = "/gradio_api/mcp"
_UPLOAD = {"/gradio_api/upload": "POST", "/gradio_api/upload_progress": "GET"}
# A script runs only where Gradio's own page put it. Gradio makes functions of its HTML
# components' scripts, hence 'unsafe-eval'; its components set styles in place.
_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:;"
    " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
# Gradio's page presents itself as Gradio to whoever previews a link.
_GRADIOS_OWN = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>')


class Guard:
    """An ASGI application around Gradio's."""

    def __init__(
        self,
        app: Any,
        health: Callable[[], dict[str, Any]],
        mcp: bool,
        tabs: TabPaths,
        calls: Calls,
    ) -> None:
        """`health` gives the figures of `/health`; without `mcp` its paths do not exist."""
        self.app = app
        self.health = health
        self.mcp = mcp
        self.tabs = tabs
        self.calls = calls

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        send = _with_headers(send, nonce)
        path = scope["path"]
        if path == "/health":
            await reply(send, 200, json.dumps({"status": "ok", **self.health()}))
        elif path.startswith(PLACE):
            await self.tabs.answer(scope, _limited(receive, LARGEST_BODY), send)
        elif not self._exists(path) and not self._takes_files(scope):
            await reply(send, 404, '{"detail":"Not Found"}')
        elif _length(scope) > (largest := LARGEST_UPLOAD if path in _UPLOAD else LARGEST_BODY):
            await reply(send, 413, '{"detail":"Content Too Large"}')
        elif path == "/":
            await self.app(scope, receive, _Page(send, nonce))
        elif self.calls.takes(path):
            await self.calls.answer(scope, _limited(receive, largest), send)
        else:
            await self.app(scope, _limited(receive, largest), send)

    def _takes_files(self, scope: Scope) -> bool:
        """Only from those who may use the tabs."""
        return _UPLOAD.get(scope["path"]) == scope["method"] and self.tabs.lets_in(scope)

    def _exists(self, path: str) -> bool:
        if path == _MCP or path.startswith(f"{_MCP}/"):
            return self.mcp
        return path in _EXACT or path.startswith(_FOLDERS)


class _Page:
    """Passes Gradio's page on, with a nonce in its scripts, in Vietnamese, as our own."""

    def __init__(self, send: Any, nonce: str) -> None:
        self._send = send
        self._nonce = nonce.encode()
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        # Gradio's template writes every "<" of our data as \\u003c: these tags are its own.
        body = self._body.replace(b"<script", b'<script nonce="%s"' % self._nonce)
        body = _GRADIOS_OWN.sub(b"", body.replace(b'lang="en"', b'lang="vi"', 1))
        headers = [h for h in self._start["headers"] if h[0].lower() != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        await self._send({**self._start, "headers": [*headers, length]})
        await self._send({**message, "body": body})


def _with_headers(send: Any, nonce: str) -> Any:
    policy = (b"content-security-policy", _POLICY.format(nonce=nonce).encode())

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *_HEADERS, policy]}
        await send(message)

    return with_headers


def _limited(receive: Any, largest: int) -> Any:
    """A body that comes without its length is cut off where it grows too long."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message: Message = await receive()
        seen += len(message.get("body", b""))
        return message if seen <= largest else {"type": "http.disconnect"}

    return limited


def _length(scope: Scope) -> int:
    found = dict(scope["headers"]).get(b"content-length", b"0")
    return int(found) if found.isdigit() else LARGEST_BODY + 1
