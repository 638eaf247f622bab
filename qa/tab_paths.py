"""What the tabs need of HTTP beside Gradio: coming in by the password, and the files of runs."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from qa import runs
from qa.access import COOKIE, LASTS, Access, is_foreign

Scope = dict[str, Any]
Message = dict[str, Any]
Answer = Callable[..., Any]

PLACE = "/tabs/"
_RUNS = f"{PLACE}runs/"
_LONGEST_FORM = 4096  # bytes
_TYPES = {"json": b"application/json", "html": b"text/html; charset=utf-8"}


class TabPaths:
    """Answers the paths below `/tabs/`; each looks the same to those who are not let in."""

    def __init__(self, access: Access, folder: Path) -> None:
        """`folder` is of the index."""
        self.access = access
        self.folder = folder

    def lets_in(self, scope: Scope) -> bool:
        return self.access.lets_in(headers_of(scope), client_of(scope))

    async def answer(self, scope: Scope, receive: Any, send: Any) -> None:
        path, method = scope["path"], scope["method"]
        if method == "POST" and path == f"{PLACE}enter" and self.access.mode == "password":
            await self._enter(scope, receive, send)
        elif method == "POST" and path == f"{PLACE}leave" and self.lets_in(scope):
            self.access.log_out(headers_of(scope))
            await reply(send, 200, "{}", [(b"set-cookie", _cookie(scope, "", 0))])
        elif method == "GET" and path.startswith(_RUNS) and self.lets_in(scope):
            await self._run(path.removeprefix(_RUNS), send)
        else:
            await reply(send, 404, '{"detail":"Not Found"}')

    async def _enter(self, scope: Scope, receive: Any, send: Any) -> None:
        client, password = client_of(scope), await _password(receive)
        if is_foreign(headers_of(scope)):
            await reply(send, 403, '{"detail":"Forbidden"}')
        elif not self.access.may_try(client):
            await reply(send, 429, '{"detail":"Too Many Requests"}')
        elif token := self.access.log_in(password, client):
            await reply(send, 200, "{}", [(b"set-cookie", _cookie(scope, token, LASTS))])
        else:
            await reply(send, 403, '{"detail":"Forbidden"}')

    async def _run(self, name: str, send: Any) -> None:
        content = await asyncio.to_thread(runs.saved, self.folder, name)
        if content is None:
            await reply(send, 404, '{"detail":"Not Found"}')
            return
        # Saved, never shown here: as a page of this address it could do what the tabs can.
        saved = f'attachment; filename="hoibao-{name}"'.encode()
        kind = _TYPES[name.rpartition(".")[2]]
        await reply(send, 200, content, [(b"content-disposition", saved)], kind)


def headers_of(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def client_of(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


async def reply(
    send: Any,
    status: int,
    body: str,
    headers: list[tuple[bytes, bytes]] | None = None,
    kind: bytes = b"application/json",
) -> None:
    content = body.encode()
    about = [(b"content-type", kind), (b"content-length", str(len(content)).encode())]
    about += [(b"cache-control", b"no-store"), *(headers or [])]
    await send({"type": "http.response.start", "status": status, "headers": about})
    await send({"type": "http.response.body", "body": content})


async def _password(receive: Any) -> str:
    """The field `password` of a form; "" where the form is none."""
    body, more = b"", True
    while more:
        message: Message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _LONGEST_FORM:
            return ""
    try:
        found = parse_qs(body.decode("utf-8"), max_num_fields=4)
    except ValueError:
        return ""
    return found.get("password", [""])[0]


def _cookie(scope: Scope, token: str, lasts: float) -> bytes:
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return (
        f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={lasts:.0f}{secure}"
    ).encode("latin-1")
