"""Calls of programs over plain HTTP: one request begins a call, another waits for what it gives.

    POST /gradio_api/call/NAME      {"data": [...]}  ->  {"event_id": EVENT}
    GET  /gradio_api/call/NAME/EVENT                 ->  event: complete (or error), data: ...

The protocol is Gradio's, which leads such calls through the queue and the event streams of its
page; for many programs at once that costs as much of the processor as the answers themselves.
"""

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from inspect import signature
from typing import Any
from uuid import uuid4

import gradio as gr
from gradio.utils import error_payload

from qa.programs import Programs
from qa.tab_paths import Message, Scope, client_of, headers_of, reply
from qa.wording import VIETNAMESE as SAY

log = logging.getLogger(__name__)

PLACE = "/gradio_api/call/"
WAITING = 200  # calls at once; whoever comes then is told that the server is overloaded
_KEPT = 1000  # calls whose answers may still be fetched; the oldest is forgotten first,
_KEPT_FOR = 60.0  # and any so many seconds after it was answered
_STREAM = b"text/event-stream; charset=utf-8"


class Calls:
    """Answers the paths of the functions that programs may call. Of one event loop."""

    def __init__(self, programs: Programs, waiting: int = WAITING) -> None:
        self._functions = programs.functions()
        self._patience = programs.chat.patience
        self._meter = programs.chat.meter
        self._most = waiting
        self._waiting = 0
        # First come, first served; readers of the page never stand behind more than these.
        self._turns = asyncio.Semaphore(2 * self._patience.at_once)
        self._events: OrderedDict[str, asyncio.Task[str]] = OrderedDict()

    def takes(self, path: str) -> bool:
        """Whether a path begins a call or fetches one that was begun here: Gradio has others."""
        name, _, event = path.removeprefix(PLACE).partition("/")
        is_own = path.startswith(PLACE) and name in self._functions
        return is_own and (not event or event in self._events)

    async def answer(self, scope: Scope, receive: Any, send: Any) -> None:
        name, _, event = scope["path"].removeprefix(PLACE).partition("/")
        if scope["method"] == "POST" and not event:
            await self._begin(name, scope, receive, send)
        elif scope["method"] != "GET" or not event:
            await reply(send, 405, '{"detail":"Method Not Allowed"}')
        else:
            task = self._events.pop(event)
            if await _finished(task, receive):
                await reply(send, 200, task.result(), kind=_STREAM)

    async def _begin(self, name: str, scope: Scope, receive: Any, send: Any) -> None:
        values = _values(scope, await _body(receive))
        if values is None:
            await reply(send, 422, json.dumps({"detail": SAY.bad_call}))
        elif self._waiting >= self._most:
            self._meter.count("refused")
            await reply(send, 503, json.dumps({"detail": SAY.busy}))
        else:
            event = uuid4().hex
            self._events[event] = asyncio.create_task(self._event(name, values, client_of(scope)))
            self._events[event].add_done_callback(lambda _: self._leave(event))
            self._waiting += 1
            if len(self._events) > _KEPT:
                self._events.popitem(last=False)[1].cancel()
            await reply(send, 200, json.dumps({"event_id": event}))

    def _leave(self, event: str) -> None:
        self._waiting -= 1
        asyncio.get_running_loop().call_later(_KEPT_FOR, self._events.pop, event, None)

    async def _event(self, name: str, values: list[Any], visitor: str) -> str:
        """What a call gives, or why it gives nothing, as an event of its stream."""
        function = self._functions[name]
        if "request" in signature(function).parameters:
            function = partial(function, request=gr.Request(client={"host": visitor}))
        limit = asyncio.timeout(self._patience.longest)
        try:
            try:
                call = signature(function).bind(*values)
            except TypeError:
                raise gr.Error(SAY.bad_call) from None
            begin = partial(_given, function, *call.args)
            async with limit, self._turns:
                return f"event: complete\ndata: {await self._patience.begin(begin)}\n\n"
        except Exception as found:
            error = found
            if isinstance(found, TimeoutError) and limit.expired():
                self._meter.count("too_slow")
                error = gr.Error(SAY.too_slow)
            elif not isinstance(found, gr.Error):
                log.exception("a call failed")
        return f"event: error\ndata: {json.dumps(error_payload(error, False))}\n\n"


def _given(function: Callable[..., object], *values: object) -> str:
    """Written out where the function is called, not in the loop that all requests share."""
    return json.dumps([function(*values)])


def _values(scope: Scope, body: bytes) -> list[Any] | None:
    """What a call is made with, None where it is none.

    No page of another site can say that it sends JSON without asking first.
    """
    kind = headers_of(scope).get("content-type", "").partition(";")[0].strip().lower()
    try:
        sent = json.loads(body) if kind == "application/json" else None
    except (ValueError, RecursionError):
        return None
    values = sent.get("data") if isinstance(sent, dict) else None
    return values if isinstance(values, list) else None


async def _body(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _finished(task: asyncio.Task[str], receive: Any) -> bool:
    """Waits for a call; False, and the call is given up, where its caller goes away before."""
    if not task.done():
        gone = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            task.cancel()  # does nothing where it is done
    return task.done() and not task.cancelled()


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
