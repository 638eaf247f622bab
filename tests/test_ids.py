"""Ids: no two articles of an index have the same, and none changes without need."""

import json
import shutil
from pathlib import Path

import pytest

from index.build import update_index
from index.plan import Report
from index.reader import Index
from tests.fakes import WordEncoder

TEXTS = {"một.md": "Hà Nội mưa to.", "hai.md": "Huế nắng gắt."}


def write(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def update(tmp_path: Path, *paths: Path, rebuild: bool = False) -> Report:
    return update_index(tmp_path / "index", paths, WordEncoder(), rebuild=rebuild)


def held(tmp_path: Path) -> dict[str, str]:
    """Text to id, of every article."""
    index = Index(tmp_path / "index")
    found = {a.text: a.id for a in index.store.articles()}
    assert index.store.count("articles") == len(found)
    index.close()
    return found


def test_folders_of_the_same_name_keep_apart_in_separate_runs(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "tin", TEXTS)
    second = write(tmp_path / "b" / "tin", {n: f"Khác: {t}" for n, t in TEXTS.items()})
    update(tmp_path, first)
    before = held(tmp_path)
    report = update(tmp_path, second)
    assert (len(report.added), report.changed, report.removed) == (2, [], [])
    both = held(tmp_path)
    assert len(both) == 4
    assert before.items() <= both.items()
    for paths in ([first], [second], [second, first]):  # and each of them stays
        assert update(tmp_path, *paths).added == []
        assert held(tmp_path) == both
    assert update(tmp_path, second, first, rebuild=True).added == []
    assert held(tmp_path) == both


def test_folders_of_the_same_name_keep_apart_in_one_run(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "tin", TEXTS)
    second = write(tmp_path / "b" / "tin", {n: f"Khác: {t}" for n, t in TEXTS.items()})
    report = update(tmp_path, first, second)
    assert (len(set(report.added)), report.left_out) == (4, [])


def test_the_second_folder_keeps_its_ids_when_the_first_goes(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "tin", TEXTS)
    second = write(tmp_path / "b" / "tin", {n: f"Khác: {t}" for n, t in TEXTS.items()})
    update(tmp_path, first)
    update(tmp_path, second)
    ids = {i for text, i in held(tmp_path).items() if text.startswith("Khác")}
    for file in first.iterdir():
        file.unlink()
    assert len(update(tmp_path, first).removed) == 2
    assert set(update(tmp_path, second).unchanged) == ids
    assert set(held(tmp_path).values()) == ids


def test_a_file_has_one_id_by_whatever_path_it_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "a" / "tin", TEXTS)
    update(tmp_path, folder)
    before = held(tmp_path)
    for path in (folder / "một.md", folder.parent, folder):
        assert update(tmp_path, path).added == []
    assert held(tmp_path) == before


@pytest.mark.parametrize("gone", [False, True])
def test_a_folder_that_moved_keeps_its_ids(tmp_path: Path, gone: bool) -> None:
    folder = write(tmp_path / "a" / "tin", TEXTS)
    write(folder, {"ba.md": "---\ntitle: Chè\n---\nChè ngon."})
    update(tmp_path, folder)
    before = held(tmp_path)
    moved = tmp_path / "b" / "tin"
    (shutil.move if gone else shutil.copytree)(folder, moved)
    write(moved, {"ba.md": "---\ntitle: Chè\n---\nChè rất ngon."})  # the same title, other words
    report = update(tmp_path, moved)
    if gone:
        assert (report.added, set(report.changed)) == ([], set(before.values()))
    else:
        assert (len(report.added), report.changed) == (3, [])
        assert set(before.values()).isdisjoint(report.added)


def test_a_missing_folder_gives_its_ids_to_no_other_articles(tmp_path: Path) -> None:
    folder = write(tmp_path / "a" / "tin", TEXTS)
    update(tmp_path, folder)
    shutil.move(folder, tmp_path / "taken away")
    other = write(tmp_path / "b" / "tin", {n: f"Khác: {t}" for n, t in TEXTS.items()})
    assert len(update(tmp_path, other).added) == 2
    assert set(TEXTS.values()) < held(tmp_path).keys()


def record(text: str) -> str:
    return json.dumps({"id": "tin-1", "text": text}, ensure_ascii=False)


def test_an_id_that_is_stated_stays_with_the_file_that_had_it_first(tmp_path: Path) -> None:
    first = write(tmp_path / "a", {"x.jsonl": record("Hà Nội mưa to.")})
    second = write(tmp_path / "b", {"x.jsonl": record("Huế nắng gắt.")})
    update(tmp_path, first)
    report = update(tmp_path, second)
    (left_out,) = report.left_out
    assert "its id 'tin-1' is that of" in left_out.reason
    assert "qa index --remove tin-1" in left_out.reason
    assert held(tmp_path) == {"Hà Nội mưa to.": "tin-1"}
    (first / "x.jsonl").unlink()  # whoever states an id when nobody else does, has it
    assert update(tmp_path, second).changed == ["tin-1"]


def test_a_record_that_moves_to_another_file_read_with_it_keeps_its_id(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "a", {"x.jsonl": record("Hà Nội mưa to.") + "\n" + '{"text": "Chè."}'}
    )
    update(tmp_path, folder)
    write(folder, {"x.jsonl": '{"text": "Chè."}', "y.jsonl": record("Hà Nội mưa to.")})
    assert "tin-1" in update(tmp_path, folder).changed
