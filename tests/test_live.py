"""A served index: its newest state answers, and an old one until the newest can be opened."""

import logging
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.build import update_index
from index.database import FILE
from index.errors import BadIndexError
from qa import live
from qa.live import LiveIndex
from tests.fakes import WordEncoder


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> WordEncoder:
    encoder = WordEncoder()
    monkeypatch.setattr(live, "open_encoder", lambda name: encoder)
    return encoder


def write(folder: Path, name: str, encoder: WordEncoder) -> Path:
    """Adds an article with this title to the index in a folder."""
    articles = folder / "articles"
    articles.mkdir(exist_ok=True)
    (articles / f"{name}.md").write_text(
        f"---\ntitle: {name}\nsource: Báo Thử\ndate: 2024\n---\nBài này nói về {name} ở Hà Nội.\n",
        encoding="utf-8",
    )
    update_index(folder / "index", [articles], encoder)
    return folder / "index"


def titles(served: LiveIndex) -> list[str]:
    return sorted(a.title for a in served.snapshot().index.store.articles())


def test_a_new_state_is_answered_from_without_opening_anything_twice(
    tmp_path: Path, encoder: WordEncoder
) -> None:
    served = LiveIndex(write(tmp_path, "một", encoder))
    before = served.snapshot()
    assert served.snapshot() is before
    write(tmp_path, "hai", encoder)
    assert titles(served) == ["hai", "một"]
    assert served.snapshot() is served.snapshot()
    assert served.snapshot().collection.articles == 2
    # A question that began before the update goes on in the state that it began with.
    assert [a.title for a in before.index.store.articles()] == ["một"]


def test_an_index_that_was_replaced_as_a_whole_is_noticed(
    tmp_path: Path, encoder: WordEncoder
) -> None:
    for name in ("cũ", "mới"):
        (tmp_path / name).mkdir()
    folder = write(tmp_path / "cũ", "một", encoder)
    served = LiveIndex(folder)
    shutil.rmtree(folder)
    shutil.move(write(tmp_path / "mới", "hai", encoder), folder)
    assert titles(served) == ["hai"]


def test_the_old_state_answers_while_the_new_cannot_be_opened(
    tmp_path: Path, encoder: WordEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write(tmp_path, "một", encoder)
    served = LiveIndex(folder)
    with sqlite3.connect(folder / FILE) as db:
        db.execute("UPDATE meta SET value = '99' WHERE key IN ('state', 'format')")
    with caplog.at_level(logging.ERROR):
        assert titles(served) == ["một"]
    assert "has format 99" in caplog.text


def test_a_folder_without_an_index_is_refused(tmp_path: Path, encoder: WordEncoder) -> None:
    with pytest.raises(BadIndexError, match="no index in"):
        LiveIndex(tmp_path)


def test_threads_share_it_while_it_changes(tmp_path: Path, encoder: WordEncoder) -> None:
    served = LiveIndex(write(tmp_path, "bài 0", encoder))

    def counts(_: int) -> list[int]:
        return [len(list(served.snapshot().index.store.articles())) for _ in range(50)]

    with ThreadPoolExecutor(4) as threads:
        running = [threads.submit(counts, i) for i in range(4)]
        for i in range(1, 4):
            write(tmp_path, f"bài {i}", encoder)
        for thread in running:
            seen = thread.result()
            assert seen == sorted(seen), "never back to an older state"
    assert len(titles(served)) == 4


def test_questions_asked_without_pause_are_answered_from_the_old_state_or_the_new(
    tmp_path: Path, encoder: WordEncoder
) -> None:
    """Articles come, change and go while threads ask; nothing else is ever answered."""
    articles = tmp_path / "articles"
    folder = write(tmp_path, "cầu", encoder)
    served = LiveIndex(folder)
    question = "Bài này nói về gì ở Hà Nội?"

    def answer() -> tuple[int, list[str]]:
        snapshot = served.snapshot()
        found = snapshot.answerer.ask(question)
        cited = found.citations or found.near_misses
        return snapshot.index.state, sorted(f"{c.title}: {c.quote}" for c in cited)

    asked: list[tuple[int, list[str]]] = []
    ended = threading.Event()

    def client() -> None:
        while not ended.is_set():
            asked.append(answer())

    expected = dict([answer()])
    with ThreadPoolExecutor(4) as threads:
        clients = [threads.submit(client) for _ in range(4)]
        try:
            for step in range(9):
                if step % 3 == 0:
                    write(tmp_path, f"chùa {step}", encoder)
                elif step % 3 == 1:
                    file = articles / f"chùa {step - 1}.md"
                    file.write_text(file.read_text().replace("Bài này", "Bài mới này"))
                    update_index(folder, [articles], encoder)
                else:
                    (articles / f"chùa {step - 2}.md").unlink()
                    update_index(folder, [articles], encoder)
                state, answered = answer()
                assert state == step + 2  # the very next question is answered from the new state
                expected[state] = answered
        finally:
            ended.set()
        for each in clients:
            each.result()
    assert len(expected) == 10
    assert {state for state, _ in asked} <= expected.keys()
    assert len({state for state, _ in asked}) > 3
    wrong = [(state, found) for state, found in asked if found != expected[state]]
    assert wrong == []
