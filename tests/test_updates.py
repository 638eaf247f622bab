"""Updates that take over the files of the state before, against an index made from nothing.

Small collections are written anew, so here the limits are lowered until nothing is small.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from index import dense, derived, history, vectors
from index.build import update_index
from index.counts import Counts
from index.dense import DenseLane
from index.derived import DERIVED
from index.errors import BadIndexError
from index.manifest import check, damaged_files, is_whole, link, seal
from index.reader import Index
from index.text import keys
from index.types import Filters, Vectors
from index.vectors import Part, write_part
from qa.search import Searcher
from tests.fakes import WordEncoder
from tests.workshop import (
    RAIN,
    SUN,
    TEA,
    Workshop,
    answers,
    held,
    nothing_is_small,
    texts,
    unranked,
)

WORDS = ("mưa", "nắng", "gió", "bão", "lũ", "hạn", "rét", "nóng", "mây", "sấm", "chớp")
FEW = 24  # vectors that are scanned as they are: FAISS learns codes from no fewer than 16


def report(day: int) -> str:
    """Some sentences, no two of them alike, and not the same as another day's."""
    return " ".join(
        f"Ngày {day} {WORDS[(day + n) % 11]} {WORDS[day * n % 11]} {n}." for n in range(4)
    )


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Workshop]:
    """Twelve articles of four sentences, too many vectors to be scanned as they are."""
    with nothing_is_small():
        shop = Workshop(tmp_path)
        for day in range(12):
            shop.write(f"{day}.md", report(day))
        shop.update()
        yield shop


def fresh(shop: Workshop, folder: Path) -> Path:
    update_index(folder, [shop.articles], WordEncoder())
    return folder


def rankings(folder: Path) -> list[list[tuple[str, float, int]]]:
    """What the whole search gives: passages' texts, scores and marked sentences, in order."""
    index = Index(folder)
    searcher = Searcher(index, WordEncoder())
    found = []
    for question in ("Hà Nội mưa", "che thai nguyen", "ngày 7 gió bão", "tin nắng 3"):
        hits = searcher.rank(searcher.understand(question)).hits
        shown = texts(index, [hit.number for hit in hits])
        rows = [(t, round(h.score, 4), h.sentence) for t, h in zip(shown, hits, strict=True)]
        found.append(sorted(rows, key=lambda row: (-row[1], row[0])))
    index.close()
    return found


def check_filters(folder: Path) -> None:
    """In every lane only allowed passages come, in the order that they have among all."""
    index = Index(folder)
    ids = sorted(article.id for article in index.store.articles())
    for articles in (ids[:1], ids[::2], ids[1:]):
        allowed = index.allowed(Filters(articles=tuple(articles)))
        assert allowed is not None
        among = set(allowed.tolist())
        for question in ("mưa gió", "ngay 7 bao"):
            query = WordEncoder().encode_queries([question])
            for search in (
                partial(index.lexical, keys(question)),
                partial(index.lexical, keys(question), folded=True),
                partial(index.dense, query),
            ):
                wanted = [n for n in search(limit=99) if n in among]
                for limit in (1, 2, 99):
                    assert search(limit=limit, allowed=allowed) == wanted[:limit]
    index.close()


# -- the same as from nothing --------------------------------------------------------------------

NAMES = st.sampled_from(["a.md", "b.md", "c/d.md", "5.md"])
BODIES = st.sampled_from([RAIN, f"{RAIN} {SUN}", TEA, report(7), report(40), "Mưa. Mưa."])
STEPS = st.lists(
    st.tuples(st.just("write"), NAMES, BODIES, st.sampled_from(["Tin", "Thời tiết"]))
    | st.tuples(st.just("remove"), NAMES),
    min_size=2,
    max_size=6,
)


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(STEPS, st.sampled_from([0, FEW, 10**6]))
def test_any_updates_leave_what_a_fresh_build_makes(
    steps: list[tuple[str, ...]], few_vectors: int
) -> None:
    # 0: every update merges codes anew; FEW: recent passages apart; many: one plain part.
    with tempfile.TemporaryDirectory() as folder, nothing_is_small(max(few_vectors, 16)):
        shop = Workshop(Path(folder))
        for day in range(6):
            shop.write(f"{day}.md", report(day))
        shop.update()
        for kind, *rest in steps:
            if kind == "write":
                shop.write(*rest)
            else:
                (shop.articles / rest[0]).unlink(missing_ok=True)
            shop.update()
            check_filters(shop.index)
            state = Index(shop.index).state
            assert damaged_files(shop.index / DERIVED / str(state)) == []
        made = fresh(shop, Path(folder) / "fresh")
        assert rankings(shop.index) == rankings(made)
        assert unranked(answers(shop.index)) == unranked(answers(made))


counted = st.lists(
    st.lists(st.lists(st.integers(1, 5), max_size=4), min_size=1, max_size=3), max_size=5
)


def of(passages: Sequence[Sequence[Sequence[int]]], size: int = 6) -> Counts:
    packed = [[n for s in p for n in (*s, 0)][:-1] for p in passages]
    terms = np.array([n for p in packed for n in p], dtype=np.int32)
    return Counts.of(terms, [len(p) for p in packed], size)


def plain(counts: Counts) -> list[list[int]]:
    arrays = (counts.sizes, counts.terms, counts.pairs, counts.pair_counts)
    return [values.tolist() for values in arrays]


@settings(max_examples=60, deadline=None)
@given(counted, counted)
def test_counts_add_up_and_take_away(
    first: list[list[list[int]]], second: list[list[list[int]]]
) -> None:
    both = of(first).plus(of(second))
    assert plain(both) == plain(of([*first, *second]))
    assert plain(both.plus(of(second), -1)) == plain(of(first))


def test_terms_that_come_later_have_counts_too() -> None:
    first, second = [[[1, 2]]], [[[7, 2]]]
    both = of(first, 3).plus(of(second, 8))
    assert plain(both) == plain(of([*first, *second], 8))


# -- what an update writes -----------------------------------------------------------------------


def files(folder: Path) -> dict[str, int]:
    """Names of files to what they are on disk."""
    found = (p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".lock"))
    return {p.relative_to(folder).as_posix(): p.stat().st_ino for p in found}


def test_an_update_takes_over_what_it_leaves_as_it_was(many: Workshop) -> None:
    before = files(many.index / DERIVED / "1")
    many.write("99.md", report(99))
    (many.articles / "3.md").unlink()
    many.update()
    after = files(many.index / DERIVED / "2")
    shared = {name for name, inode in after.items() if before.get(name) == inode}
    assert {f"dense/base{end}" for end in (".faiss", "_vectors.npy", "_passages.npy")} <= shared
    assert {name for name in before if name.startswith("lexical/") and name.endswith(".idx")} & (
        shared
    )
    assert not {name for name in shared if "written" in name or "manifest" in name}
    assert report(99) in held_texts(many)
    assert report(3) not in held_texts(many)


def held_texts(shop: Workshop) -> list[str]:
    return held(Index(shop.index))


def test_a_reader_of_the_old_state_sees_nothing_of_shared_files(many: Workshop) -> None:
    old = Index(many.index)
    was = [old.lexical(keys("mưa"), 99), old.dense(WordEncoder().encode_queries(["mưa"]), 99)]
    for day in (3, 4, 5):
        (many.articles / f"{day}.md").unlink()
        many.write(f"{day + 50}.md", report(day + 50))
        many.update()
    assert [old.lexical(keys("mưa"), 99), old.dense(WordEncoder().encode_queries(["mưa"]), 99)] == (
        was
    )
    assert len(held_texts(many)) == 12


def test_much_that_is_gone_is_cleared_away(many: Workshop) -> None:
    for day in range(8):
        (many.articles / f"{day}.md").unlink()
    many.update()
    folder = many.index / DERIVED / "2"
    assert len(Part(folder / "dense", "base").passages) == 4 * 4
    assert np.load(folder / "dense" / "removed.npy").tolist() == []
    assert sorted(held_texts(many)) == sorted(report(day) for day in range(8, 12))


def test_recent_vectors_join_the_others_when_they_are_many(many: Workshop) -> None:
    sizes = []
    for day in range(20, 28):
        many.write(f"{day}.md", report(day))
        many.update()
        folder = many.index / DERIVED / str(Index(many.index).state) / "dense"
        sizes.append(tuple(len(Part(folder, name).passages) for name in ("base", "recent")))
    assert sizes == [*((48, 4 * n) for n in range(1, 7)), (76, 0), (76, 4)]
    assert len(held_texts(many)) == 20


def test_a_vector_that_two_articles_need_stays_while_one_does(
    many: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT", 0)
    many.write("copy.md", report(1))
    many.update()
    (many.articles / "1.md").unlink()
    many.update()
    assert report(1) in held_texts(many)
    (many.articles / "copy.md").unlink()
    many.update()
    assert Index(many.index).store.count("vectors") == 11 * 4
    many.write("1.md", report(1))
    many.update()
    assert len(many.encoder.embedded) == 4


def test_vectors_of_an_update_that_failed_go_when_nobody_needs_them(
    many: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT", 0)
    many.write("1.md", report(77))
    with monkeypatch.context() as patched, pytest.raises(OSError, match="full"):

        def full(*_: object) -> None:
            raise OSError("full")

        patched.setattr(derived, "update_dense", full)
        many.update()
    assert Index(many.index).store.count("vectors") == 12 * 4 + 4
    many.write("1.md", report(78))
    many.update()
    assert Index(many.index).store.count("vectors") == 12 * 4


# -- states that cannot be taken over ------------------------------------------------------------


@pytest.mark.parametrize("damage", ["no manifest", "another layout", "cut short", "gone"])
def test_a_state_that_is_not_whole_is_written_anew(many: Workshop, damage: str) -> None:
    folder = many.index / DERIVED / "1"
    manifest, part = folder / "manifest.json", folder / "dense" / "base.faiss"
    if damage == "no manifest":
        manifest.unlink()
    elif damage == "another layout":
        manifest.write_text(manifest.read_text().replace('"layout": 2', '"layout": 1'))
    elif damage == "cut short":
        part.write_bytes(part.read_bytes()[:-1])
    else:
        part.unlink()
    assert not is_whole(folder)
    with pytest.raises(BadIndexError, match=r"missing or damaged"):
        Index(many.index)
    assert len(many.update().unchanged) == 12  # nothing new, but files to be mended
    assert many.encoder.embedded == []
    assert len(held_texts(many)) == 12
    assert damaged_files(many.index / DERIVED / "2") == []


# -- the manifest --------------------------------------------------------------------------------


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    folder = tmp_path / "one"
    (folder / "inner").mkdir(parents=True)
    (folder / "a").write_bytes(b"a" * 1000)
    (folder / "inner" / "b").write_bytes(b"")
    seal(folder)
    return folder


def test_damage_that_leaves_the_size_is_found_by_reading(sealed: Path) -> None:
    assert damaged_files(sealed) == []
    (sealed / "a").write_bytes(b"a" * 999 + b"b")
    check(sealed)
    assert damaged_files(sealed) == ["a"]
    (sealed / "inner" / "b").unlink()
    assert damaged_files(sealed) == ["a", "inner/b"]
    (sealed / "manifest.json").write_text("{")
    assert damaged_files(sealed) == ["manifest.json"]


def test_files_can_be_taken_over_where_there_are_no_links(
    sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    other = sealed.parent / "two"
    other.mkdir()
    monkeypatch.setattr(os, "link", refuse)
    link(sealed, other, ["a", "inner/b"])
    seal(other, sealed)
    assert (damaged_files(other), (other / "a").read_bytes()) == ([], b"a" * 1000)
    (other / "a").write_bytes(b"")
    assert damaged_files(sealed) == []


# -- many vectors --------------------------------------------------------------------------------


def on_topics(rng: np.random.Generator) -> Vectors:
    """4,000 vectors around 50 of them."""
    around = rng.normal(size=(50, 32))[rng.integers(0, 50, 4000)]
    rows = around + rng.normal(size=(4000, 32)) + 2
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_codes_find_nearly_all_that_an_exact_search_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "FEW", 1_000)
    monkeypatch.setattr(vectors, "_COMPARED", 300)
    rng = np.random.default_rng(4)
    rows = on_topics(rng)
    halves = rows.astype(np.float16)
    write_part(tmp_path, "p", np.arange(4000), 32, [halves[:1500], halves[1500:]])
    part = Part(tmp_path, "p")
    right = 0
    for query in rows[:50] + rng.normal(scale=0.05, size=(50, 32)).astype(np.float32):
        exact = np.argsort(-(halves.astype(np.float32) @ query))[:10]
        right += np.isin(exact, part.nearest(query, 10)).sum()
    assert right >= 0.98 * 500
    np.testing.assert_array_equal(part.read(np.array([7, 3999])), halves[[7, 3999]])


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
@pytest.mark.parametrize("few", [1_000, 10_000])  # codes, and vectors as they are
def test_the_nearest_of_some_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, few: int
) -> None:
    monkeypatch.setattr(vectors, "FEW", few)
    monkeypatch.setattr(vectors, "_COMPARED", 300)
    rng = np.random.default_rng(4)
    rows = on_topics(rng)
    halves = rows.astype(np.float16)
    write_part(tmp_path, "p", np.arange(4000), 32, [halves])
    part = Part(tmp_path, "p")
    right = 0
    for query in rows[:40]:
        scores = halves.astype(np.float32) @ query
        farthest = scores < np.quantile(scores, share)  # FAISS comes to them last
        for among in (rng.random(4000) < share, farthest):
            found = part.nearest(query, 40, among)
            assert len(found) == min(300 if few == 1_000 else 40, among.sum())
            assert among[found].all()
            assert sorted(set(found.tolist())) == found.tolist()
            if among is not farthest:
                exact = np.flatnonzero(among)[np.argsort(-scores[among])[:10]]
                right += np.isin(exact, found).sum()
    assert right >= (0.98 if few == 1_000 else 1) * 400
    assert part.nearest(rows[0], 5, np.zeros(4000, bool)).tolist() == []


def test_passages_that_are_gone_keep_no_others_from_being_found(tmp_path: Path) -> None:
    rows = np.zeros((300, 32), dtype=np.float16)
    rows[:100, 0], rows[100:, 1] = 1, 1  # the first are near, the others are not
    with nothing_is_small(64):
        before, after = tmp_path / "1", tmp_path / "2"
        before.mkdir()
        after.mkdir()
        dense.write_dense(before, np.arange(1, 301), 32, [rows])
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(dense, "_GONE", 1.0)
            dense.update_dense(before, after, range(1, 101), np.zeros(0, dtype=np.int64), [])
        dense.write_common(after, rows.astype(np.float32))
        assert len(Part(after / "dense", "base").passages) == 300
        assert DenseLane(after).search(rows[0].astype(np.float32), 2) == [101, 102]


def test_fewer_or_more_vectors_than_passages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 vectors for 2 sentences"):
        write_part(tmp_path, "p", np.array([1, 2]), 2, [np.ones((1, 2), np.float16)])


def test_a_lane_of_an_odd_dimension_is_scanned_as_it_is(tmp_path: Path) -> None:
    with nothing_is_small(16):
        rows = np.eye(33, dtype=np.float16)
        dense.write_dense(tmp_path, np.arange(1, 34), 33, [rows])
        dense.write_common(tmp_path, rows.astype(np.float32))
        assert DenseLane(tmp_path).search(rows[20].astype(np.float32), 1) == [21]
