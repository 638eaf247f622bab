"""How long an answer may take, and how many are worked on at once."""

import asyncio
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, TimeoutError
from typing import TypeVar

Given = TypeVar("Given")

LONGEST = 20.0  # seconds, waiting for others included; most answers take some hundredths of one


class TooSlowError(Exception):
    """No answer came in time."""


class Patience:
    """Calls functions in a few threads of its own and waits for each only so long."""

    def __init__(self, longest: float = LONGEST, at_once: int = max(2, os.cpu_count() or 1)):
        self.longest = longest
        self.at_once = at_once
        self._own = threading.local()
        self._waiting: queue.SimpleQueue[tuple[Future[object], Callable[[], object]]]
        self._waiting = queue.SimpleQueue()
        for _ in range(at_once):
            threading.Thread(target=self._work, daemon=True).start()

    def call(self, function: Callable[[], Given]) -> Given:
        """What a function gives, or raises.

        Raises:
            TooSlowError: it did not come in time. A call that has not begun is never made.
        """
        if getattr(self._own, "is_working", False):  # whoever called this function waits already
            return function()
        future = self._put(function)
        try:
            return future.result(self.longest)  # type: ignore[return-value]
        except TimeoutError as error:
            if future.done() and not future.cancelled():
                raise  # the function's own
            future.cancel()
            raise TooSlowError from error

    async def begin(self, function: Callable[[], Given]) -> Given:
        """The same for a loop, which says itself how long it waits. A call that is cancelled
        before it has begun is never made."""
        return await asyncio.wrap_future(self._put(function))  # type: ignore[arg-type]

    def _put(self, function: Callable[[], object]) -> Future[object]:
        future: Future[object] = Future()
        self._waiting.put((future, function))
        return future

    def _work(self) -> None:
        self._own.is_working = True
        while True:
            future, function = self._waiting.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                given = function()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(given)
