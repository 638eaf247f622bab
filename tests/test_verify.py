"""Damage: derived files are mended without embedding, the truth is named and left alone."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import roll_back
from index.database import FILE
from index.derived import DERIVED
from index.errors import BadIndexError, UsageError
from index.lock import locked
from index.reader import Index
from index.verify import verify_index
from tests.workshop import RAIN, SUN, TEA, Workshop, answers, held

OLD = sorted([RAIN, SUN, TEA])


def derived_files(shop: Workshop) -> list[Path]:
    files = sorted(p for p in (shop.index / DERIVED).rglob("*") if p.is_file())
    return [p for p in files if p.suffix != ".lock"]


def put(file: Path, data: bytes) -> None:
    """Another file in the place of one: what an open reader sees of the old one stays whole."""
    file.unlink()
    file.write_bytes(data)


def truncate(file: Path) -> None:
    put(file, file.read_bytes()[:-1])


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    put(file, data)


DAMAGES = [Path.unlink, truncate, flip, lambda file: put(file, b"")]


def test_a_whole_index_is_whole_and_stays_as_it_is(shop: Workshop) -> None:
    verdict = verify_index(shop.index)
    assert (verdict.articles, verdict.truth, verdict.derived) == (3, [], [])
    assert not verdict.is_mended
    assert Index(shop.index).state == 1


@pytest.mark.parametrize("damage", DAMAGES, ids=["gone", "truncated", "flipped", "empty"])
def test_every_damaged_derived_file_is_found(
    shop: Workshop, damage: Callable[[Path], object]
) -> None:
    files = derived_files(shop)
    assert len(files) > 10
    for file in files:
        whole = file.read_bytes()
        damage(file)
        verdict = verify_index(shop.index, mend=False)
        assert len(verdict.derived) == 1, file
        assert (verdict.truth, verdict.is_mended) == ([], False)
        file.unlink(missing_ok=True)
        file.write_bytes(whole)
    assert verify_index(shop.index, mend=False).derived == []


@pytest.mark.parametrize("damage", DAMAGES, ids=["gone", "truncated", "flipped", "empty"])
def test_damaged_derived_files_are_mended_in_a_new_state(
    shop: Workshop, damage: Callable[[Path], object]
) -> None:
    before = answers(shop.index)
    for file in derived_files(shop):
        damage(file)
    verdict = verify_index(shop.index)  # it has no encoder: nothing can be embedded
    assert verdict.is_mended
    assert answers(shop.index) == before
    assert Index(shop.index).state == 2
    assert verify_index(shop.index).derived == []


def test_all_derived_files_may_be_gone(shop: Workshop) -> None:
    before = answers(shop.index)
    shutil.rmtree(shop.index / DERIVED)
    with pytest.raises(BadIndexError, match=r"missing or damaged; .*: qa index verify --index"):
        Index(shop.index)
    assert verify_index(shop.index).is_mended
    assert answers(shop.index) == before


def test_it_is_mended_by_one_writer_only(shop: Workshop) -> None:
    derived_files(shop)[0].unlink()
    with locked(shop.index), pytest.raises(UsageError, match="is being written by process"):
        verify_index(shop.index)
    assert verify_index(shop.index).is_mended


# -- the truth -----------------------------------------------------------------------------------

CHANGES = {
    "its text or its fields are not those": "UPDATE articles SET text = replace(text, 'to', 'tơ')",
    "the words of its title are wrong": "UPDATE articles SET title_terms = x'01000000'",
    "are not slices of it": "UPDATE passages SET end = end + 900",
    "ids of its passages are not those of their words": "UPDATE passages SET end = end + 1",
    "ids of its passages": "UPDATE passages SET id = id || 'x'",
    "has no passages": "DELETE FROM sentences; DELETE FROM passages",
    "passages or sentences are not slices": "DELETE FROM sentences WHERE passage = 1",
    "have the vectors of others": "UPDATE sentences SET start = start + 1",
    "the words that it is found by": "UPDATE passages SET terms = zeroblob(8)",
    "is not the one that was embedded": "UPDATE vectors SET value = zeroblob(128)",
    "not the one that was embedded": "UPDATE vectors SET value = substr(value, 3)",
    "1 rows of sentences have no vector": "DELETE FROM vectors WHERE rowid = 1",
    "is not one that was read": "UPDATE terms SET key = 'khac' WHERE number = 2",
    "its state is '1x'": "UPDATE meta SET value = '1x' WHERE key = 'state'",
    "belongs to nothing in articles": "UPDATE passages SET article_id = 'x' WHERE number = 1",
}


@pytest.mark.parametrize("words", CHANGES)
def test_every_kind_of_damage_to_the_truth_is_named(shop: Workshop, words: str) -> None:
    with sqlite3.connect(shop.index / FILE) as db:
        db.executescript(CHANGES[words])
    verdict = verify_index(shop.index)
    assert any(words in line for line in verdict.truth), verdict.truth
    assert not verdict.is_mended
    assert verify_index(shop.index) == verdict  # nothing was written


def test_a_damaged_earlier_version_is_named(shop: Workshop) -> None:
    (shop.articles / "a.md").unlink()
    shop.update()
    with sqlite3.connect(shop.index / FILE) as db:
        db.execute("UPDATE kept_articles SET text = replace(text, 'mưa', 'nắng')")
    (line,) = verify_index(shop.index).truth
    assert "as it was before state 2" in line


def test_damage_to_both_is_named_and_nothing_is_mended(shop: Workshop) -> None:
    derived_files(shop)[0].unlink()
    with sqlite3.connect(shop.index / FILE) as db:
        db.execute("UPDATE articles SET title = 'Khác'")
    verdict = verify_index(shop.index)
    assert (len(verdict.truth), len(verdict.derived), verdict.is_mended) == (3, 1, False)


def sqlite_file(shop: Workshop) -> Path:
    file = shop.index / FILE
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return file


def test_a_truncated_sqlite_file_is_named(shop: Workshop) -> None:
    file = sqlite_file(shop)
    whole = file.read_bytes()
    for share in (0.3, 0.7, 0.95):
        file.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(BadIndexError, match=r"index.sqlite .*qa index"):
            raise_of(shop)


def raise_of(shop: Workshop) -> None:
    """What `verify` finds as an error, however far it comes."""
    if truth := verify_index(shop.index).truth:
        raise BadIndexError(f"{'; '.join(truth)} qa index")


def test_a_flipped_bit_of_what_is_stored_is_named(shop: Workshop) -> None:
    shop.write("d.md", " ".join(f"Câu số {n} nói về mưa và nắng ở Hà Nội." for n in range(40)))
    shop.update()
    roll_back(shop.index)
    shop.update()
    file = sqlite_file(shop)
    whole = file.read_bytes()
    for stored in ("Câu số 7", "Huế", "tạnh", "Tin", "bài/c.md"):
        at = whole.find(stored.encode()) if stored != "tạnh" else whole.find(RAIN.encode())
        assert at > 0
        damaged = bytearray(whole)
        damaged[at] ^= 1
        file.write_bytes(damaged)
        with pytest.raises(BadIndexError):
            raise_of(shop)
    file.write_bytes(whole)
    assert verify_index(shop.index).truth == []
    assert set(OLD) < set(held(Index(shop.index)))


def test_a_missing_index_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(BadIndexError, match=r"no index in .*nowhere"):
        verify_index(tmp_path / "nowhere")
