"""Going back to an earlier state of an index, and whether it is whole, wherever it is kept.

It runs where `tests.test_contract` runs.
"""

import dataclasses
import shutil
from collections.abc import Sequence
from typing import Any

import pytest

from index import backend
from index.errors import BadIndexError, UsageError
from index.milvus.address import MilvusAddress
from index.types import Progress, Vectors
from tests.fakes import WordEncoder
from tests.newsroom import ADDRESS, Newsroom, StoppedError, change, in_milvus, seen
from tests.workshop import RAIN

# -- the way back ----------------------------------------------------------------------------------


class Mute(WordEncoder):
    """Embeds nothing."""

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        raise AssertionError(f"embedded again: {texts}")


def test_going_back_and_forth_restores_every_article_and_embeds_nothing(
    newsroom: Newsroom,
) -> None:
    first, opened = seen(newsroom.fresh()), newsroom.open()
    change(newsroom)
    second = seen(newsroom.fresh())
    state, report = backend.roll_back(newsroom.location)
    assert state == 1
    assert [len(report.added), len(report.changed), len(report.removed)] == [1, 1, 1]
    assert (report.articles, report.passages) == (3, 3)
    assert seen(newsroom.open()) == first
    assert backend.roll_back(newsroom.location)[0] == 2, "the step back is undone"
    assert seen(newsroom.open()) == second
    assert backend.roll_back(newsroom.location, 3)[0] == 3
    assert seen(newsroom.open()) == first
    with backend.open_catalogue(newsroom.location) as catalogue:
        assert [(u.state, u.command) for u in catalogue.updates()] == [
            (5, "index rollback 3"),
            (4, "index rollback 2"),
            (3, "index rollback 1"),
            (2, "index"),
            (1, "index"),
        ]
        assert [u.is_kept for u in catalogue.updates()][:3] == [True] * 3
    assert backend.read_status(newsroom.location).earlier_states == (2 if ADDRESS else 4)
    newsroom.update(encoder=Mute())  # the files bring it up to date again
    assert seen(newsroom.open()) == second
    for number in range(3):  # what a step back has shown again goes away as all else does
        newsroom.write("d.md", f"Vinh có gió Lào, ngày {number}.")
        newsroom.update()
        assert seen(newsroom.open()) == seen(newsroom.fresh())
    assert backend.verify_index(newsroom.location).derived == []
    opened.close()


def test_the_way_back_leads_over_a_rebuild(newsroom: Newsroom) -> None:
    first = seen(newsroom.fresh())
    change(newsroom)
    second = seen(newsroom.fresh())
    newsroom.update(rebuild=True)
    backend.roll_back(newsroom.location, 1)
    assert seen(newsroom.open()) == first
    newsroom.write("e.md", "Đà Nẵng quang mây.")
    newsroom.update()
    assert seen(newsroom.open()) == seen(newsroom.fresh())
    backend.roll_back(newsroom.location, 3)  # as the rebuild left it
    assert seen(newsroom.open()) == second
    newsroom.update(rebuild=True)
    newsroom.write("a.md", RAIN)
    newsroom.update()
    assert seen(newsroom.open()) == seen(newsroom.fresh())
    assert backend.verify_index(newsroom.location, mend=False).derived == []


def test_readers_stay_in_their_state_when_it_is_gone_back_on(newsroom: Newsroom) -> None:
    """Rows that a step back shows again, and a second one hides, are still there for readers."""
    first = seen(newsroom.fresh())
    change(newsroom)
    backend.roll_back(newsroom.location)
    reader = newsroom.open()
    backend.roll_back(newsroom.location)
    newsroom.write("e.md", "Đà Nẵng quang mây.")
    newsroom.update()
    assert seen(reader) == first


@pytest.mark.parametrize("state", [None, 0, 1, 9])
def test_there_is_nothing_to_go_back_to_at_first(newsroom: Newsroom, state: int | None) -> None:
    with pytest.raises(UsageError, match=r"the states that can be gone back to are listed by"):
        backend.roll_back(newsroom.location, state)
    assert backend.read_status(newsroom.location).state == 1


def test_a_step_back_that_was_cut_short_leaves_the_state(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(newsroom)
    newsroom.update(rebuild=True)
    wanted = seen(newsroom.fresh())

    def stop(*_: object, **__: object) -> None:
        raise StoppedError

    with monkeypatch.context() as patched:
        if ADDRESS:
            from index.milvus import publish

            patched.setattr(publish, "_check", stop)
        else:
            patched.setattr("index.commit.update_derived", stop)
        with pytest.raises(StoppedError):
            backend.roll_back(newsroom.location, 1)
    assert seen(newsroom.open()) == wanted
    newsroom.write("d.md", "Vinh lặng gió.")
    newsroom.update()
    assert seen(newsroom.open()) == seen(newsroom.fresh())
    backend.roll_back(newsroom.location, 2)
    assert backend.verify_index(newsroom.location, mend=False).derived == []


# -- whether it is whole ---------------------------------------------------------------------------


def test_a_whole_index_is_found_whole(newsroom: Newsroom) -> None:
    change(newsroom)
    told: list[tuple[int, int]] = []
    found = backend.verify_index(newsroom.location, progress=lambda *of: told.append(of))
    assert (found.articles, found.truth, found.derived, found.is_mended) == (3, [], [], False)
    assert told[-1] == (3, 3)
    assert backend.read_status(newsroom.location).state == 2, "nothing was written"


def rows_of(newsroom: Newsroom) -> Any:
    """The rows of an index in Milvus as a writer has them."""
    from index.milvus.writer import connected

    assert isinstance(newsroom.location, MilvusAddress)
    return connected(newsroom.location)


@in_milvus
@pytest.mark.parametrize("table", ["passages", "sentences"])
@pytest.mark.parametrize("damage", ["rows", "collection"])
def test_rows_that_are_gone_are_made_again(newsroom: Newsroom, table: str, damage: str) -> None:
    wanted = seen(newsroom.open())
    with rows_of(newsroom) as writer:
        name = getattr(writer.newest.tables, table)
        if damage == "rows":
            writer.connection.delete(name, "number >= 0")
        else:
            writer.connection.drop(name)
    found = backend.verify_index(newsroom.location, mend=False)
    said = "3 rows are missing, wrong or too many" if damage == "rows" else "it is missing"
    assert (found.truth, found.derived) == ([], [f"{name}: {said}"])
    if damage == "collection":
        with pytest.raises(BadIndexError, match=rf"{name} is missing at .*: qa index verify"):
            newsroom.open()
        with pytest.raises(BadIndexError, match=rf"{name} is missing at .*: qa index verify"):
            newsroom.update()
    assert backend.verify_index(newsroom.location).is_mended
    assert backend.verify_index(newsroom.location).derived == []
    assert seen(newsroom.open()) == wanted
    assert backend.read_status(newsroom.location).state == 2


@in_milvus
def test_rows_that_nobody_wrote_are_found(newsroom: Newsroom) -> None:
    with rows_of(newsroom) as writer:
        tables = writer.newest.tables
        (pack, *_) = writer.packs(tables, writer.held().heads.values())
        odd = dataclasses.replace(pack, passage=dataclasses.replace(pack.passage, number=77))
        lanes = writer.lanes(writer.words().folder, writer.facts.mean)
        writer.write_passages(tables, [odd], 1, lanes)
    found = backend.verify_index(newsroom.location)
    assert [line.partition(": ")[2] for line in found.derived] == [
        "1 rows are missing, wrong or too many",
        "1 rows are missing, wrong or too many",
        "1 rows of an update that was cut short",
    ]
    assert (found.is_mended, seen(newsroom.open())) == (True, seen(newsroom.fresh()))


@in_milvus
def test_damaged_statistics_are_made_again(newsroom: Newsroom) -> None:
    from index.milvus.files import words_folder

    wanted = seen(newsroom.open())
    with rows_of(newsroom) as writer:
        writer.connection.delete(writer.newest.collection, 'key == "moments.npy 0"')
        shutil.rmtree(words_folder(newsroom.location, writer.facts.id))
    with pytest.raises(BadIndexError, match=r"statistics in .* damaged; mend them.*index verify"):
        newsroom.open()
    found = backend.verify_index(newsroom.location)
    assert [line.partition(": ")[2] for line in found.derived] == ["moments.npy"]
    assert (found.is_mended, seen(newsroom.open())) == (True, wanted)


@in_milvus
def test_what_an_update_left_behind_is_taken_away(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = seen(newsroom.open())
    newsroom.write("d.md", "Vinh có gió Lào.")

    def stop(*_: object, **__: object) -> None:
        raise StoppedError

    with monkeypatch.context() as patched:
        from index.milvus import publish

        patched.setattr(publish, "_check", stop)
        with pytest.raises(StoppedError):
            newsroom.update()
    found = backend.verify_index(newsroom.location, mend=False)
    assert [line.partition(": ")[2] for line in found.derived] == [
        "an update that was cut short", *["1 rows of an update that was cut short"] * 4,
    ]  # fmt: skip
    assert backend.verify_index(newsroom.location).is_mended
    assert backend.verify_index(newsroom.location).derived == []
    assert backend.read_status(newsroom.location).state == 1, "nothing else was written"
    assert seen(newsroom.open()) == wanted


@in_milvus
def test_what_a_state_says_is_damaged(newsroom: Newsroom) -> None:
    change(newsroom)
    with rows_of(newsroom) as writer:
        from index.milvus import states

        (earlier,) = states.earlier(writer.connection, writer.newest)
        writer.connection.delete(earlier.collection, 'key == "facts 0"')
    newsroom.write("e.md", "Đà Nẵng quang mây.")
    newsroom.update()  # an earlier state is no matter
    assert seen(newsroom.open()) == seen(newsroom.fresh())
    with rows_of(newsroom) as writer:
        writer.connection.delete(writer.newest.collection, 'key == "facts 0"')
    for look in (backend.open_index, backend.verify_index):
        with pytest.raises(BadIndexError, match=r"not finished; .* --rebuild --index"):
            look(newsroom.location)
    newsroom.update(rebuild=True)
    assert seen(newsroom.open()) == seen(newsroom.fresh())


@in_milvus
@pytest.mark.parametrize("table", ["articles", "packs"])
@pytest.mark.parametrize("damage", ["rows", "bytes", "collection"])
def test_damage_to_the_truth_is_named_and_left_to_a_rebuild(
    newsroom: Newsroom, table: str, damage: str
) -> None:
    wanted = seen(newsroom.open())
    with rows_of(newsroom) as writer:
        name = getattr(writer.newest.tables, table)
        key = ("number" if table == "articles" else "passage") + " == 1"
        if damage == "collection":
            writer.connection.drop(name)
        elif damage == "rows":
            writer.connection.delete(name, key)
        else:
            (row,) = writer.connection.query(name, key, ["*"], True)
            writer.connection.upsert(name, [{**row, "content": "AAAA"}])
    found = backend.verify_index(newsroom.location)
    assert found.truth != [] and not found.is_mended
    assert "--rebuild" in backend.mending(newsroom.location)
    newsroom.update(rebuild=True)
    assert backend.verify_index(newsroom.location).truth == []
    assert seen(newsroom.open()) == wanted


@in_milvus
def test_an_article_that_cannot_be_read_is_named(newsroom: Newsroom) -> None:
    with rows_of(newsroom) as writer:
        name = writer.newest.tables.articles
        (row,) = writer.connection.query(name, "number == 1", ["*"], True)
        writer.connection.upsert(name, [{**row, "content": "AAAA"}])
    index = newsroom.open()
    with pytest.raises(BadIndexError, match=rf"rows of {name} at .*; see which: qa index verify"):
        list(index.articles())


@in_milvus
def test_a_rebuild_takes_over_all_but_an_article_whose_listing_is_damaged(
    newsroom: Newsroom,
) -> None:
    wanted = seen(newsroom.open())
    with rows_of(newsroom) as writer:
        name = writer.newest.tables.articles
        (row,) = writer.connection.query(name, "number == 1", ["*"], True)
        writer.connection.upsert(name, [{**row, "head": row["head"][:20]}])
    newsroom.write("d.md", "Vinh có gió Lào.")
    with pytest.raises(BadIndexError, match=rf"rows of {name} at .*; see which: qa index verify"):
        newsroom.update()
    (newsroom.articles / "d.md").unlink()
    found = backend.verify_index(newsroom.location)
    assert found.truth == ["article number 1: what is listed of it is damaged"]
    newsroom.update(rebuild=True)
    assert len(newsroom.encoder.embedded) == 1
    assert backend.verify_index(newsroom.location).truth == []
    assert seen(newsroom.open()) == wanted


@in_milvus
def test_a_damaged_earlier_state_leaves_the_others(newsroom: Newsroom) -> None:
    first = seen(newsroom.fresh())
    change(newsroom)
    newsroom.write("e.md", "Đà Nẵng quang mây.")
    newsroom.update()
    with rows_of(newsroom) as writer:
        from index.milvus import states

        second, _ = states.earlier(writer.connection, writer.newest)
        writer.connection.delete(second.collection, 'key == "facts 0"')
    with pytest.raises(BadIndexError, match=r"what state 2 of .* damaged; .* qa index history"):
        backend.roll_back(newsroom.location, 2)
    assert backend.roll_back(newsroom.location, 1)[0] == 1
    assert seen(newsroom.open()) == first
    newsroom.update(rebuild=True)
    with rows_of(newsroom) as writer:
        writer.connection.drop(states.earlier(writer.connection, writer.newest)[0].tables.packs)
    with pytest.raises(BadIndexError, match=r"what state 4 of .* damaged; .* qa index history"):
        backend.roll_back(newsroom.location)


@in_milvus
def test_what_is_mended_is_looked_at_again(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Damage that comes between the look and the mending is not said to be mended."""
    from index.milvus import verify

    real = verify.writing
    with rows_of(newsroom) as writer:
        tables = writer.newest.tables
        writer.connection.delete(tables.passages, "number >= 0")

    def writing(*of: Any, **named: Any) -> Any:
        with rows_of(newsroom) as writer:
            writer.connection.drop(tables.packs)
        return real(*of, **named)

    monkeypatch.setattr(verify, "writing", writing)
    found = backend.verify_index(newsroom.location)
    assert (found.truth, found.is_mended) == ([f"{tables.packs}: it is missing"], False)
