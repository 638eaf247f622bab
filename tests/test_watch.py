"""Following files: an update after they settle, and none that ends the following."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.errors import HoiBaoError, RoomError
from qa import watch
from qa.watch import follow


class EndedError(Exception):
    """The steps of a test are through."""


class Desk:
    """Follows a folder; before each look the next step is taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: list[object] = []
        self.update: Callable[[], None] = self.note
        folder.mkdir()

    def note(self) -> None:
        self.seen.append(sorted(p.name for p in self.folder.iterdir()))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def follow(self, *steps: Callable[[], object]) -> list[object]:
        left: Iterator[Callable[[], object]] = iter(steps)

        def pause(seconds: float) -> None:
            step = next(left, None)
            if step is None:
                raise EndedError
            step()

        def failed(error: HoiBaoError) -> None:
            self.seen.append(str(error))

        with pytest.raises(EndedError):
            follow([self.folder], lambda: self.update(), failed, pause)
        return self.seen


def nothing() -> None:
    """A look at files that nobody touched."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "bài")
    desk.write("a.txt", "Hà Nội mưa to.")
    return desk


def test_it_updates_at_once_and_after_each_change(desk: Desk) -> None:
    seen = desk.follow(
        nothing,
        lambda: desk.write("b.txt", "Huế."), nothing, nothing,
        (desk.folder / "a.txt").unlink, nothing, nothing,
        lambda: desk.write("b.txt", "Huế nắng."), nothing, nothing,
    )  # fmt: skip
    assert seen == [["a.txt"], ["a.txt", "b.txt"], ["b.txt"], ["b.txt"]]


def test_it_waits_until_files_stay_as_they_are(desk: Desk) -> None:
    growing = [lambda n=n: desk.write("b.txt", "Huế " * n) for n in range(1, 5)]
    assert desk.follow(*growing) == [["a.txt"]]
    desk.seen.clear()
    assert desk.follow(*growing, nothing) == [["a.txt", "b.txt"]] * 2


def test_a_failed_update_is_told_once_and_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        desk.update = desk.note
        raise RoomError("the disk is full")

    desk.update = full
    assert desk.follow(nothing, nothing) == ["the disk is full"]  # not again at every look
    desk.update = full
    desk.seen.clear()
    monkeypatch.setattr(watch, "_AGAIN", 0.0)
    assert desk.follow(nothing, nothing, nothing) == ["the disk is full", ["a.txt"]]


def test_a_folder_that_is_gone_for_a_while_is_told_once(desk: Desk) -> None:
    away = desk.folder.with_name("away")
    seen = desk.follow(
        lambda: desk.folder.rename(away), nothing, nothing,
        lambda: away.rename(desk.folder), nothing,
        lambda: desk.write("b.txt", "Huế."), nothing, nothing,
    )  # fmt: skip
    assert seen[0] == ["a.txt"]
    assert str(seen[1]).startswith("no such file or folder")
    assert seen[2:] == [["a.txt", "b.txt"]]
