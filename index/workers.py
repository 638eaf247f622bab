"""Embedding shared among processes: what one that dies was doing, another does."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import numpy as np

from index.errors import EncoderError
from index.types import Encoder, Logits, Progress, Vectors

_SHARE = 64  # texts given to a worker at once
_DEATHS = 3  # in a row, without a share done between them

_encoder: Encoder  # of a worker


class SharedEncoder:
    """An `Encoder` whose passages are embedded by several processes; questions by this one."""

    def __init__(self, encoder: Encoder, open_one: Callable[[], Encoder], count: int) -> None:
        """`open_one` opens the same encoder in each of `count` processes; it must be picklable."""
        self.name, self.fingerprint, self.dim = encoder.name, encoder.fingerprint, encoder.dim
        self._encoder = encoder
        self._open_one = open_one
        self._count = count
        self._pool: ProcessPoolExecutor | None = None

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_queries(texts)

    def read(self, question: str, title: str, sentences: Sequence[str]) -> Logits | None:
        return self._encoder.read(question, title, sentences)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """As `Encoder.encode_passages`.

        Raises:
            EncoderError: the workers die again and again.
        """
        shares = {at: list(texts[at : at + _SHARE]) for at in range(0, len(texts), _SHARE)}
        found: dict[int, Vectors] = {}
        deaths = 0
        while len(found) < len(shares):
            before = len(found)
            try:
                self._work({at: s for at, s in shares.items() if at not in found}, found, progress)
            except BrokenProcessPool as error:
                self._pool = None
                deaths = deaths + 1 if len(found) == before else 1
                if deaths == _DEATHS:
                    raise EncoderError(
                        f"the processes that embed die, {deaths} times in a row; what was embedded"
                        " is kept: run the same command with fewer --workers, or without"
                    ) from error
        if not found:
            return np.zeros((0, self.dim), dtype=np.float32)
        return np.concatenate([found[at] for at in shares])

    def _work(
        self, shares: dict[int, list[str]], found: dict[int, Vectors], progress: Progress | None
    ) -> None:
        """Has shares of texts embedded, by where they begin, and files them in `found`."""
        if self._pool is None:
            # Not forked: threads of the libraries that are loaded here would not be there.
            context = multiprocessing.get_context("spawn")
            begun = context.Value("i", 0)
            self._pool = ProcessPoolExecutor(
                self._count, context, _begin, (self._open_one, begun, self._count)
            )
        total = sum(map(len, shares.values()))
        done = 0
        waiting: dict[Future[Vectors], int] = {
            self._pool.submit(_encode, texts): at for at, texts in shares.items()
        }
        for future in as_completed(waiting):
            at = waiting[future]
            found[at] = future.result()
            done += len(shares[at])
            if progress:
                progress(done, total)

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


def _begin(open_one: Callable[[], Encoder], begun: Any, count: int) -> None:
    """Opens the encoder of a worker, on its share of the processor."""
    global _encoder
    with begun.get_lock():
        number, begun.value = begun.value, begun.value + 1
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[number % count :: count] or cores)
    _encoder = open_one()


def _encode(texts: list[str]) -> Vectors:
    return _encoder.encode_passages(texts)
