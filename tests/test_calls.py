"""Calls of programs over HTTP: begun by one request, fetched by another; bounded, and in order."""

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, TypeVar

import gradio as gr
import pytest

from qa.calls import PLACE, Calls
from qa.meter import Meter
from qa.patience import Patience
from qa.programs import Programs
from qa.wording import VIETNAMESE as SAY

Given = TypeVar("Given")
Reply = tuple[int, str]


def in_loop(coroutine: Coroutine[Any, Any, Given]) -> Given:
    """Runs in a thread of its own: a browser that was tested before leaves a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class Functions(Programs):
    """Stands in for what programs may call."""

    def __init__(self, patience: Patience, **functions: Callable[..., Any]) -> None:
        self.chat: Any = SimpleNamespace(patience=patience, meter=Meter())
        self._functions = functions

    def functions(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return self._functions


def calls_of(patience: Patience | None = None, **functions: Callable[..., Any]) -> Calls:
    return Calls(Functions(patience or Patience(at_once=1), **functions), waiting=3)


async def sent(
    calls: Calls,
    path: str,
    body: bytes | None = None,
    kind: str = "application/json",
    gone: bool = False,
) -> Reply:
    """Status and body of a request, (0, "") where nothing was replied; `gone` goes away at once.
    What is not taken is Gradio's, which finds no such event."""
    if not calls.takes(PLACE + path):
        return 404, ""
    scope = {
        "path": PLACE + path,
        "method": "GET" if body is None else "POST",
        "headers": [(b"content-type", kind.encode())],
        "client": ("10.0.0.7", 1),
    }
    coming = [{"type": "http.request", "body": body or b""}]
    replied: list[dict[str, Any]] = [{"status": 0}, {"body": b""}]

    async def receive() -> dict[str, Any]:
        if coming:
            return coming.pop()
        if not gone:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        replied[message["type"] == "http.response.body"] = message

    await calls.answer(scope, receive, send)
    return replied[0]["status"], replied[1]["body"].decode()


async def begun(calls: Calls, name: str, *values: object) -> str:
    status, reply = await sent(calls, name, json.dumps({"data": values}).encode())
    assert status == 200, reply
    return f"{name}/{json.loads(reply)['event_id']}"


async def called(calls: Calls, name: str, *values: object) -> tuple[str, Any]:
    """The kind of event that a call ends with, and its data."""
    status, stream = await sent(calls, await begun(calls, name, *values))
    assert status == 200
    kind, data = stream.removesuffix("\n\n").split("\n")
    return kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_a_call_gives_what_its_function_gives_once() -> None:
    async def run() -> None:
        calls = calls_of(double=lambda value, *, unit="": {"value": (2 * value, unit)})
        assert await called(calls, "double", 4) == ("complete", [{"value": [8, ""]}])
        event = await begun(calls, "double", 1)
        assert (await sent(calls, event))[0] == 200
        assert (await sent(calls, event))[0] == 404

    in_loop(run())


def test_a_function_is_told_who_calls() -> None:
    def who(request: gr.Request | None = None) -> str:
        return str(request and request.client.host)

    assert in_loop(called(calls_of(who=who), "who")) == ("complete", ["10.0.0.7"])


def test_a_refusal_is_told_and_a_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> None:
        raise gr.Error("Không được.", print_exception=False)

    def fail() -> None:
        raise RuntimeError("đĩa hỏng")

    calls = calls_of(refuse=refuse, fail=fail)
    with caplog.at_level(logging.ERROR):
        kind, told = in_loop(called(calls, "refuse"))
        assert (kind, told["error"]) == ("error", "Không được.")
        assert not caplog.records
        kind, told = in_loop(called(calls_of(fail=fail), "fail"))
    assert (kind, told["error"]) == ("error", None)
    assert "đĩa hỏng" in caplog.text


@pytest.mark.parametrize("values", [(), (1, 2)])
def test_values_that_do_not_fit_are_refused(values: tuple[int, ...]) -> None:
    kind, told = in_loop(called(calls_of(same=lambda value: value), "same", *values))
    assert (kind, told["error"]) == ("error", SAY.bad_call)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"null", b"\xff", b'{"data": 7}', b'{"data"', b"[" * 100_000]
)
def test_what_is_no_call_is_refused(body: bytes) -> None:
    assert in_loop(sent(calls_of(same=lambda value: value), "same", body))[0] == 422


def test_a_form_of_another_site_begins_nothing() -> None:
    calls = calls_of(same=lambda value: value)
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert in_loop(sent(calls, "same", b'{"data": [1]}', kind))[0] == 422


def test_only_its_own_paths_are_taken() -> None:
    calls = calls_of(same=lambda value: value)

    async def run() -> None:
        assert calls.takes(f"{PLACE}same")
        others = ("other", "same/0", "same/0/1", "", "v2/same")  # an event of a call to v2
        for path in (*(PLACE + other for other in others), "same", "/same"):
            assert not calls.takes(path)
        assert (await sent(calls, "same"))[0] == 405
        event = await begun(calls, "same", 1)
        assert (await sent(calls, event, b"{}"))[0] == 405
        assert (await sent(calls, event))[0] == 200

    in_loop(run())


def test_who_comes_when_too_many_wait_is_told_so() -> None:
    async def run() -> None:
        held = threading.Event()
        calls = calls_of(wait=held.wait)
        events = [await begun(calls, "wait") for _ in range(3)]
        status, reply = await sent(calls, "wait", b'{"data": []}')
        assert (status, json.loads(reply)["detail"]) == (503, SAY.busy)
        held.set()
        assert [(await sent(calls, event))[0] for event in events] == [200] * 3
        assert await called(calls, "wait") == ("complete", [True])

    in_loop(run())


def test_first_come_is_first_served() -> None:
    async def run() -> None:
        held, served = threading.Event(), list[int]()
        calls = Calls(Functions(Patience(at_once=1), wait=held.wait, note=served.append))
        first = await begun(calls, "wait")
        events = [await begun(calls, "note", number) for number in range(20)]
        held.set()
        for event in [first, *events[::-1]]:
            await sent(calls, event)
        assert served == list(range(20))

    in_loop(run())


def test_what_takes_too_long_is_given_up_and_counted() -> None:
    async def run() -> None:
        held = threading.Event()
        functions = Functions(Patience(longest=0.05, at_once=1), wait=held.wait)
        kind, told = await called(Calls(functions), "wait")
        assert (kind, told["error"]) == ("error", SAY.too_slow)
        assert functions.chat.meter.figures()["too_slow"] == 1
        held.set()

    in_loop(run())


def test_a_call_is_never_made_whose_caller_went_away() -> None:
    async def run() -> None:
        held, made = threading.Event(), list[str]()
        calls = calls_of(wait=held.wait, note=made.append)
        first, lost = await begun(calls, "wait"), await begun(calls, "note", "lost")
        await asyncio.sleep(0)  # both have begun to wait
        assert await sent(calls, lost, gone=True) == (0, "")
        while calls._waiting > 1:
            await asyncio.sleep(0.001)
        held.set()
        await sent(calls, first)
        await called(calls, "note", "kept")
        assert made == ["kept"]

    in_loop(run())


def test_answers_that_nobody_fetches_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.calls._KEPT", 2)

    async def run() -> None:
        calls = calls_of(same=lambda value: value)
        events = []
        for number in range(3):
            events.append(await begun(calls, "same", number))
            while calls._waiting:
                await asyncio.sleep(0.001)
        assert [(await sent(calls, event))[0] for event in events] == [404, 200, 200]

    in_loop(run())


def test_an_answer_is_kept_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.calls._KEPT_FOR", 0.01)

    async def run() -> None:
        calls = calls_of(same=lambda value: value)
        event = await begun(calls, "same", 1)
        while calls._events:
            await asyncio.sleep(0.005)
        assert (await sent(calls, event))[0] == 404

    in_loop(run())


def test_a_function_that_meets_a_time_limit_of_its_own_has_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def slow() -> None:
        raise TimeoutError("cổng không đáp")

    calls = calls_of(slow=slow)
    with caplog.at_level(logging.ERROR):
        assert in_loop(called(calls, "slow"))[0] == "error"
    assert "a call failed" in caplog.text
    assert calls._meter.figures()["too_slow"] == 0


def test_an_answer_inside_another_does_not_wait_for_a_thread() -> None:
    patience = Patience(longest=5, at_once=1)
    assert patience.call(lambda: patience.call(lambda: 7)) == 7
