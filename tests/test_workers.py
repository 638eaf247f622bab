"""Embedding shared among processes."""

import os
import signal
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index.errors import EncoderError
from index.types import Progress, Vectors
from index.workers import SharedEncoder
from tests.fakes import WordEncoder

TEXTS = [f"Câu số {number} nói về Hà Nội." for number in range(500)]


class Dying(WordEncoder):
    """Its process is killed, as when memory is full, as often as a file has lines."""

    def __init__(self, deaths: Path) -> None:
        super().__init__()
        self.deaths = deaths

    def encode_passages(self, texts: list[str], progress: Progress | None = None) -> Vectors:  # type: ignore[override]
        left = self.deaths.read_text()
        if left and "Câu số 200 nói về Hà Nội." in texts:
            self.deaths.write_text(left[1:])
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode_passages(texts, progress)


def test_vectors_are_those_of_one_process_in_the_order_of_the_texts() -> None:
    shared = SharedEncoder(WordEncoder(), WordEncoder, 2)
    told: list[tuple[int, int]] = []
    found = shared.encode_passages(TEXTS, lambda done, total: told.append((done, total)))
    np.testing.assert_array_equal(found, WordEncoder().encode_passages(TEXTS))
    assert told[-1] == (500, 500)
    assert shared.encode_passages([]).shape == (0, WordEncoder.dim)
    assert (shared.name, shared.fingerprint) == (WordEncoder.name, WordEncoder().fingerprint)
    shared.close()


def test_what_a_worker_that_died_was_doing_another_does(tmp_path: Path) -> None:
    deaths = tmp_path / "deaths"
    deaths.write_text("xx")
    shared = SharedEncoder(WordEncoder(), partial(Dying, deaths), 2)
    found = shared.encode_passages(TEXTS)
    np.testing.assert_array_equal(found, WordEncoder().encode_passages(TEXTS))
    assert deaths.read_text() == ""
    shared.close()


def test_workers_that_die_again_and_again_are_given_up(tmp_path: Path) -> None:
    deaths = tmp_path / "deaths"
    deaths.write_text("x" * 99)
    shared = SharedEncoder(WordEncoder(), partial(Dying, deaths), 1)
    with pytest.raises(EncoderError, match=r"die, 3 times in a row.*fewer --workers"):
        shared.encode_passages(TEXTS[190:210])
    shared.close()
