"""Updates of an index: what they change, what they keep, and what a reader sees of them."""

import errno
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import update_index
from index.database import FILE
from index.errors import BadIndexError
from index.reader import Index
from index.store import Store
from index.types import Progress
from tests.fakes import WordEncoder
from tests.workshop import RAIN, SUN, TEA, Workshop, answers, held, id_of, paragraph, texts

ROOT = Path(__file__).resolve().parents[1]


# -- what changed --------------------------------------------------------------------------------


def test_a_first_build_adds_everything(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.write("a.md", f"{RAIN} {SUN}")
    shop.write("b.md", TEA)
    report = shop.update()
    assert len(set(report.added)) == 2
    assert (report.changed, report.removed, report.unchanged, report.left_out) == ([], [], [], [])
    assert (report.articles, report.passages, report.sentences) == (2, 2, 3)
    assert held(Index(shop.index)) == [f"{RAIN} {SUN}", TEA][::-1]


def test_each_article_is_reported_by_what_happened_to_it(shop: Workshop) -> None:
    rain, sun, tea = (id_of(shop, text) for text in (RAIN, SUN, TEA))
    shop.write("a.md", "Hà Nội tạnh.")
    (shop.articles / "b.md").unlink()
    shop.write("d.md", "Vinh có gió Lào.")
    report = shop.update()
    (added,) = report.added
    assert added not in (rain, sun, tea)
    assert (report.changed, report.removed, report.unchanged) == ([rain], [sun], [tea])
    assert held(Index(shop.index)) == [TEA, "Hà Nội tạnh.", "Vinh có gió Lào."]


def test_nothing_is_done_where_nothing_changed(shop: Workshop) -> None:
    before = Index(shop.index).state
    report = shop.update()
    assert len(report.unchanged) == report.articles == 3
    assert shop.encoder.embedded == []
    assert Index(shop.index).state == before


def test_unchanged_sentences_are_never_embedded_again(shop: Workshop) -> None:
    shop.write("a.md", f"{RAIN} Đường ngập.")
    shop.write("d.md", SUN)  # the same words under the same title
    shop.update()
    assert shop.encoder.embedded == ["Tin. Đường ngập."]
    shop.update(rebuild=True)
    assert shop.encoder.embedded == []


def test_a_new_title_embeds_its_own_sentences_again_and_no_others(shop: Workshop) -> None:
    rain = id_of(shop, RAIN)
    shop.write("a.md", RAIN, title="Thời tiết")
    report = shop.update()
    assert (report.changed, shop.encoder.embedded) == ([rain], [f"Thời tiết. {RAIN}"])


def test_a_new_date_changes_the_article_and_embeds_nothing(shop: Workshop) -> None:
    rain = id_of(shop, RAIN)
    shop.write("a.md", RAIN, date="2024-05-25")
    report = shop.update()
    assert (report.changed, shop.encoder.embedded) == ([rain], [])
    found = Index(shop.index).article(rain)
    assert found is not None
    assert found.date == "2024-05-25"


def test_articles_from_elsewhere_stay(shop: Workshop, tmp_path: Path) -> None:
    other = tmp_path / "nơi khác"
    other.mkdir()
    (other / "x.txt").write_text("Vinh có gió Lào thổi mạnh.", encoding="utf-8")
    report = update_index(shop.index, [other], shop.encoder)
    assert (len(report.added), report.removed, report.articles) == (1, [], 4)
    (shop.articles / "a.md").unlink()
    assert len(shop.update().removed) == 1
    assert "Vinh có gió Lào thổi mạnh." in held(Index(shop.index))
    report = shop.update(rebuild=True)  # starts over: only what is named now
    assert (len(report.removed), report.articles) == (1, 2)


def test_a_record_that_is_gone_from_a_file_is_removed(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    lines = [json.dumps({"id": f"tin-{n}", "text": f"Tin số {n} hay."}) for n in range(3)]
    file = shop.articles / "tin.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert shop.update().added == ["tin-0", "tin-1", "tin-2"]
    file.write_text("\n".join([lines[0], lines[2]]), encoding="utf-8")
    report = shop.update()
    assert report.removed == ["tin-1"]
    assert report.changed == ["tin-2"]  # its line moved, and with it what a reader sees
    file.unlink()
    shop.write("a.md", RAIN)
    assert sorted(shop.update().removed) == ["tin-0", "tin-2"]


@pytest.mark.parametrize("name", ["a#b.md", "c#/a.md", "c#1/a.md", "c.jsonl#2.md", "#1.md"])
def test_a_number_sign_in_a_path_is_no_record_number(tmp_path: Path, name: str) -> None:
    shop = Workshop(tmp_path)
    path = shop.write(name, RAIN)
    shop.write("z.md", SUN)
    update_index(shop.index, [path.parent, shop.articles], shop.encoder)
    path.write_bytes(b"\xff\xfe broken")
    assert update_index(shop.index, [path], shop.encoder).removed == []
    path.unlink()
    assert len(update_index(shop.index, [path.parent], shop.encoder).removed) == 1


@pytest.mark.parametrize("broken", [b"", b"\xff\xff\xff", b"---\ntitle: x\n---\n"])
def test_an_article_whose_file_becomes_unreadable_stays(shop: Workshop, broken: bytes) -> None:
    (shop.articles / "a.md").write_bytes(broken)
    report = shop.update()
    assert [item.origin for item in report.left_out] == [(shop.articles / "a.md").as_posix()]
    assert (report.removed, report.changed, report.articles) == ([], [], 3)
    assert RAIN in held(Index(shop.index))


@pytest.mark.parametrize("fingerprint", ["words-1", "words-2"])
@pytest.mark.parametrize("is_old", [False, True])
def test_a_rebuild_loses_no_article_whose_file_cannot_be_read(
    shop: Workshop, fingerprint: str, is_old: bool
) -> None:
    before = answers(shop.index)
    (shop.articles / "a.md").write_bytes(b"\xff\xff\xff")
    if is_old:
        with sqlite3.connect(shop.index / FILE) as db:
            db.execute("UPDATE meta SET value = '1' WHERE key = 'format'")
    report = shop.update(rebuild=True, encoder=WordEncoder(fingerprint))
    assert (len(report.left_out), report.removed, report.articles) == (1, [], 3)
    assert answers(shop.index)[:3] == before[:3]
    assert held(Index(shop.index)) == sorted([RAIN, SUN, TEA])
    assert len(shop.encoder.embedded) == (0 if fingerprint == "words-1" else 3)
    shop.write("a.md", "Hà Nội tạnh.")
    assert len(shop.update(encoder=WordEncoder(fingerprint)).changed) == 1


def test_a_rebuild_keeps_the_articles_of_a_folder_that_cannot_be_listed(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = shop.write("khoá/d.md", "Vinh có gió Lào.").parent
    shop.update()
    real = os.scandir

    def scandir(path: object) -> object:
        if Path(str(path)) == locked:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "listdir", scandir)
    assert shop.update(rebuild=True).removed == []
    assert "Vinh có gió Lào." in held(Index(shop.index))


def test_articles_of_a_folder_that_cannot_be_listed_stay(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = shop.write("khoá/d.md", "Vinh có gió Lào.").parent
    shop.update()

    def refusing(real: Callable[..., object]) -> Callable[..., object]:
        def listed(path: object) -> object:
            if Path(str(path)) == locked:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path)

        return listed

    for name in ("scandir", "listdir"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    (shop.articles / "a.md").unlink()
    report = shop.update()
    assert [item.origin for item in report.left_out] == [locked.as_posix()]
    assert (len(report.removed), report.articles) == (1, 3)


def test_the_same_text_twice_is_noted(shop: Workshop) -> None:
    copy = shop.write("d/copy.md", RAIN, title="Khác")
    report = shop.update()
    assert report.same_text == [(copy.as_posix(), (shop.articles / "a.md").as_posix())]
    assert len(report.added) == 1


def test_an_empty_folder_makes_no_index_yet(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    report = shop.update()
    assert (len(report.left_out), report.articles) == (1, 0)
    with pytest.raises(
        BadIndexError, match=r"no articles in .* yet; index some: qa index ARTICLES"
    ):
        Index(shop.index)


@pytest.mark.parametrize("rebuild", [False, True])
def test_an_index_can_become_empty_and_full_again(shop: Workshop, rebuild: bool) -> None:
    for file in shop.articles.iterdir():
        file.unlink()
    assert len(shop.update(rebuild).removed) == 3
    index = Index(shop.index)
    assert held(index) == []
    assert index.candidates([1]) == index.passages([1]) == []
    shop.write("a.md", RAIN)
    shop.update()
    assert held(Index(shop.index)) == [RAIN]


def test_stages_are_told_to_the_end(shop: Workshop) -> None:
    told: dict[str, list[tuple[int, int]]] = {}

    def begin(stage: str) -> Progress:
        return lambda done, total: told.setdefault(stage, []).append((done, total))

    shop.write("a.md", "Vinh có gió. Lào nóng.")
    update_index(shop.index, [shop.articles], WordEncoder(), begin)
    assert list(told) == ["reading", "embedding", "writing"]
    assert (told["embedding"][-1], told["writing"][-1]) == ((2, 2), (1, 1))


# -- ids -----------------------------------------------------------------------------------------


def test_ids_of_passages_survive_edits_elsewhere_and_a_rebuild(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.write("a.md", "\n\n".join(paragraph(w) for w in ("mưa", "nắng", "gió")))
    shop.update()
    ids = {p.id for p in Index(shop.index).store.passages_of(id_of(shop, "mưa"))}
    assert len(ids) == 3
    shop.write("a.md", "\n\n".join(["Mới.", *(paragraph(w) for w in ("mưa", "bão", "gió"))]))
    shop.update()
    for rebuild in (False, True):
        shop.update(rebuild)
        index = Index(shop.index)
        kept = [p for i in ids if (p := index.passage(i))]
        assert [t for t in texts(index, [p.number for p in kept]) if "gió" in t] == [
            paragraph("gió")
        ]
        assert len(kept) < 3  # a link to changed words opens nothing else in their place


# -- any history ---------------------------------------------------------------------------------

NAMES = st.sampled_from(["a.md", "b.md", "c/d.md"])
BODIES = st.sampled_from(
    [RAIN, f"{RAIN} {SUN}", TEA, f"{TEA}\n\n{paragraph('mưa')}\n\n{paragraph('nắng')}", "Mưa. Mưa."]
)
STEPS = st.lists(
    st.tuples(st.just("write"), NAMES, BODIES, st.sampled_from(["Tin", "Thời tiết"]))
    | st.tuples(st.just("remove"), NAMES)
    | st.tuples(st.just("rebuild")),
    min_size=2,
    max_size=5,
)


@settings(max_examples=7, deadline=None)
@given(STEPS)
def test_any_history_leaves_what_a_fresh_build_makes(steps: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = Workshop(Path(folder))
        shop.write("z.md", SUN)
        shop.update()
        embedded: list[str] = []
        for kind, *rest in steps:
            if kind == "write":
                shop.write(*rest)
            elif kind == "remove":
                (shop.articles / rest[0]).unlink(missing_ok=True)
            shop.update(rebuild=kind == "rebuild")
            embedded += shop.encoder.embedded
            assert kind == "write" or not shop.encoder.embedded
        fresh = Path(folder) / "fresh"
        update_index(fresh, [shop.articles], WordEncoder())
        assert answers(shop.index) == answers(fresh)
        with_vectors = Store.open(shop.index)
        assert not [*with_vectors.db.execute("PRAGMA foreign_key_check")]
