"""Going back to earlier states, and what is kept for it."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import commit, history
from index.build import remove_articles, roll_back, update_index
from index.derived import DERIVED, write_derived
from index.errors import BadIndexError, UsageError
from index.reader import Index
from index.store import Store
from index.types import Progress, Vectors
from index.verify import verify_index
from tests.fakes import WordEncoder
from tests.workshop import RAIN, SUN, TEA, Workshop, answers, held, id_of, paragraph


class Mute(WordEncoder):
    """Embeds nothing."""

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        raise AssertionError(f"embedded again: {texts}")


def recorded(shop: Workshop) -> list[history.Update]:
    store = Store.open(shop.index)
    found = history.updates(store)
    store.close()
    return found


def change(shop: Workshop) -> None:
    """One article changed, one gone, one new: state 2."""
    shop.write("a.md", "Hà Nội tạnh.")
    (shop.articles / "b.md").unlink()
    shop.write("d.md", "Vinh có gió Lào.")
    shop.update()


def test_each_update_is_recorded(shop: Workshop) -> None:
    change(shop)
    shop.update()  # changes nothing, makes no state
    shop.update(rebuild=True)
    found = recorded(shop)
    assert [(u.state, u.command, u.added, u.changed, u.removed, u.articles) for u in found] == [
        (3, "index --rebuild", 0, 0, 0, 3),
        (2, "index", 1, 1, 1, 3),
        (1, "index", 3, 0, 0, 3),
    ]
    assert found[0].paths == [str(shop.articles)]
    assert found[0].time.endswith("+00:00")
    assert found[0].time >= found[2].time


def test_going_back_and_forth_restores_every_article_and_embeds_nothing(shop: Workshop) -> None:
    rain, sun = id_of(shop, RAIN), id_of(shop, SUN)
    first = answers(shop.index)
    change(shop)
    second = answers(shop.index)
    state, report = roll_back(shop.index)
    assert (state, report.changed, report.added) == (1, [rain], [sun])
    assert (len(report.removed), report.articles) == (1, 3)
    assert answers(shop.index) == first
    assert roll_back(shop.index)[0] == 2  # the state before the newest: the step back is undone
    assert answers(shop.index) == second
    roll_back(shop.index, 1)
    assert answers(shop.index) == first
    shop.update(encoder=Mute())  # and the files bring it up to date again
    assert answers(shop.index) == second
    assert verify_index(shop.index).truth == []


def test_an_article_that_came_and_went_is_gone_in_between(shop: Workshop) -> None:
    first = answers(shop.index)
    shop.write("d.md", "Vinh có gió Lào.")
    shop.update()
    (shop.articles / "d.md").unlink()
    shop.update()
    shop.write("d.md", "Vinh có gió Lào, rồi mưa.")
    shop.update()
    roll_back(shop.index, 2)
    assert "Vinh có gió Lào." in held(Index(shop.index))
    roll_back(shop.index, 3)
    assert answers(shop.index) == first


def test_only_the_last_states_can_be_gone_back_to(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT", 2)
    monkeypatch.setattr(history, "RECORDED", 4)
    for number in range(5):
        shop.write("a.md", f"Hà Nội mưa ngày {number}.")
        shop.update()
    assert [(u.state, u.is_kept) for u in recorded(shop)] == [
        (6, True), (5, True), (4, True), (3, False),
    ]  # fmt: skip
    with pytest.raises(UsageError, match=r"state 3 is not among them: .*: qa index history"):
        roll_back(shop.index, 3)
    store = Store.open(shop.index)
    assert store.count("kept_articles") == 2
    assert store.count("vectors") == 3 + 2  # of the newest state, and of what is kept
    roll_back(shop.index, 4)
    assert "Hà Nội mưa ngày 2." in held(Index(shop.index))


@pytest.mark.parametrize("state", [None, 0, 1, 9])
def test_there_is_nothing_to_go_back_to_at_first(shop: Workshop, state: int | None) -> None:
    with pytest.raises(UsageError, match=r"the states that can be gone back to are listed by"):
        roll_back(shop.index, state)


def test_nothing_is_made_where_there_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(BadIndexError, match="no index in"):
        roll_back(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_another_encoder_ends_the_way_back(shop: Workshop) -> None:
    change(shop)
    shop.update(rebuild=True, encoder=WordEncoder("words-2"))
    assert [u.is_kept for u in recorded(shop)] == [True, False, False]
    with pytest.raises(UsageError, match="there is none"):
        roll_back(shop.index)
    assert Store.open(shop.index).count("vectors") == 3


def test_articles_are_removed_by_id_file_or_folder_and_come_back(shop: Workshop) -> None:
    before = answers(shop.index)
    shop.write("sâu/hơn/d.md", "Vinh có gió Lào.")
    shop.update()
    tea = id_of(shop, TEA)
    names = [tea, str(shop.articles / "a.md"), str(shop.articles / "sâu")]
    preview = remove_articles(shop.index, names, dry_run=True)
    assert len(preview.report.removed) == 3
    assert len(held(Index(shop.index))) == 4
    plan = remove_articles(shop.index, names)
    assert (len(plan.report.removed), plan.report.articles) == (3, 1)
    assert plan.origins[tea] == str(shop.articles / "c.md")
    assert held(Index(shop.index)) == [SUN]
    with pytest.raises(UsageError, match=r"no article has the id 'nix' or came from there"):
        remove_articles(shop.index, [id_of(shop, SUN), "nix"])
    assert held(Index(shop.index)) == [SUN]
    roll_back(shop.index, 1)
    assert answers(shop.index) == before


# -- any sequence --------------------------------------------------------------------------------

NAMES = st.sampled_from(["a.md", "b.md", "c/d.md"])
BODIES = st.sampled_from(
    [RAIN, f"{RAIN} {SUN}", f"{TEA}\n\n{paragraph('mưa')}\n\n{paragraph('nắng')}"]
)
STEPS = st.lists(
    st.tuples(st.just("write"), NAMES, BODIES, st.sampled_from(["Tin", "Thời tiết"]))
    | st.tuples(st.just("delete"), NAMES)
    | st.tuples(st.sampled_from(["rebuild", "crash", "mend"]))
    | st.tuples(st.just("back"), st.integers(1, 3)),
    min_size=3,
    max_size=7,
)


class Crash(BaseException):
    """What no program catches."""


def crash(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """An update that ends when the derived files are written, just before it is committed."""

    def ending(store: Store, folder: Path) -> None:
        write_derived(store, folder)
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(commit, "write_derived", ending)
        try:
            shop.update()
        except Crash:
            return


@settings(max_examples=8, deadline=None)
@given(STEPS)
def test_any_sequence_leaves_what_a_fresh_index_of_the_same_articles_holds(
    steps: list[tuple[str, ...]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        shop = Workshop(Path(folder))
        shop.write("z.md", SUN)
        shop.update()
        views = {1: answers(shop.index)}
        for kind, *rest in steps:
            wanted = None
            if kind == "write":
                shop.write(*rest)
                shop.update()
            elif kind == "delete":
                (shop.articles / rest[0]).unlink(missing_ok=True)
                shop.update()
            elif kind == "rebuild":
                shop.update(rebuild=True)
            elif kind == "mend":
                wanted = views[max(views)]
                newest = shop.index / DERIVED / str(recorded(shop)[0].state)
                next(newest.rglob("*.npy")).unlink()
                assert verify_index(shop.index).is_mended
            elif kind == "crash":
                wanted = views[max(views)]
                shop.write("c/d.md", f"{TEA} {len(views)}")
                crash(shop, patched)
            else:
                states = [u.state for u in recorded(shop)]
                target = states[min(int(rest[0]), len(states) - 1)]
                if target == states[0]:
                    continue
                wanted = views[target]
                roll_back(shop.index, target)
            if wanted is None:
                fresh = Path(folder) / "fresh" / str(len(views))
                update_index(fresh, [shop.articles], WordEncoder())
                wanted = answers(fresh)
            assert answers(shop.index) == wanted
            views[recorded(shop)[0].state] = wanted
        assert verify_index(shop.index, mend=False).truth == []
