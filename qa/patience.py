"""How long an answer may take, and how many are worked on at once."""

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
        self._longest = longest
        self._waiting: queue.SimpleQueue[tuple[Future[object], Callable[[], object]]]
        self._waiting = queue.SimpleQueue()
        for _ in range(at_once):
            threading.Thread(target=self._work, daemon=True).start()

    def call(self, function: Callable[[], Given]) -> Given:
        """What a function gives, or raises.

        Raises:
            TooSlowError: it did not come in time. A call that has not begun is never made.
        """
        future: Future[object] = Future()
        self._waiting.put((future, function))
        try:
            return future.result(self._longest)  # type: ignore[return-value]
        except TimeoutError as error:
            if future.done() and not future.cancelled():
                raise  # the function's own
            future.cancel()
            raise TooSlowError from error

    def _work(self) -> None:
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
