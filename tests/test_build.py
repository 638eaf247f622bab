"""Updates of an index, what a reader sees of them, and what is left when they are cut short."""

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import build, derived, manifest, reader
from index.build import update_index
from index.database import FILE
from index.derived import DERIVED
from index.errors import BadIndexError, RoomError, UsageError
from index.plan import embedded_text
from index.reader import Index
from index.store import Store
from index.text import keys
from index.types import Progress, Vectors
from index.verify import verify_index
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


# -- settings ------------------------------------------------------------------------------------


def other_encoder(setting: str) -> WordEncoder:
    encoder = WordEncoder("words-2" if setting == "fingerprint" else "words-1")
    if setting == "encoder":
        encoder.name = "other words"
    if setting == "dim":
        encoder.dim = 32
    return encoder


@pytest.mark.parametrize(
    ("setting", "found", "wanted"),
    [
        ("encoder", "words", "other words"),
        ("fingerprint", "words-1", "words-2"),
        ("dim", "64", "32"),
    ],
)
def test_another_encoder_is_refused_and_rebuild_mends_it(
    shop: Workshop, setting: str, found: str, wanted: str
) -> None:
    encoder = other_encoder(setting)
    message = rf"has {setting} '{found}', this run '{wanted}'; start over: .* --rebuild --index"
    with pytest.raises(BadIndexError, match=message):
        shop.update(encoder=encoder)
    assert len(held(Index(shop.index))) == 3
    if setting == "dim":
        encoder.fingerprint = "words-32"
    shop.update(rebuild=True, encoder=encoder)
    # None of another encoder's vectors is taken over.
    assert len(encoder.embedded) == (0 if setting == "encoder" else 3)
    index = Index(shop.index)
    assert index.encoder_name == encoder.name
    if setting != "dim":
        assert len(held(index)) == 3
    best = index.dense(encoder.encode_queries([f"Tin {RAIN}"]), 1)
    assert texts(index, best) == [RAIN]
    assert shop.update(encoder=encoder).changed == []


def test_a_rebuild_takes_the_vectors_of_the_new_encoder(shop: Workshop) -> None:
    class Reversed(WordEncoder):
        def _vector(self, text: str) -> Vectors:
            return super()._vector(text)[::-1]

    encoder = Reversed("reversed")
    shop.update(rebuild=True, encoder=encoder)
    index = Index(shop.index)
    for number, text in enumerate_texts(index):
        (candidate,) = index.candidates([number])
        wanted = encoder.encode_passages([embedded_text("Tin", text)])
        np.testing.assert_allclose(candidate.vectors, wanted, atol=1e-3)
    assert index.store.count("vectors") == 3


def enumerate_texts(index: Index) -> list[tuple[int, str]]:
    numbers = [row[0] for row in index.store.all_terms()]
    return list(zip(numbers, texts(index, numbers), strict=True))


def test_another_format_is_refused_and_rebuild_mends_it_without_embedding(shop: Workshop) -> None:
    with sqlite3.connect(shop.index / FILE) as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
        db.execute("DROP TABLE terms")
        db.execute("CREATE TABLE newer (x)")
    with pytest.raises(BadIndexError, match=r"has format '99', this run '2'; .* --rebuild"):
        shop.update()
    with pytest.raises(BadIndexError, match=r"has format 99, this program 2; .* --rebuild"):
        Index(shop.index)
    shop.update(rebuild=True)
    assert shop.encoder.embedded == []
    assert held(Index(shop.index)) == sorted([RAIN, SUN, TEA])


def test_an_index_of_the_first_format_keeps_its_vectors(shop: Workshop) -> None:
    with sqlite3.connect(shop.index / FILE) as db:
        db.execute("UPDATE meta SET value = '1' WHERE key = 'format'")
        db.execute("ALTER TABLE vectors DROP COLUMN crc")
        for table in ("updates", "kept_sentences", "kept_articles"):
            db.execute(f"DROP TABLE {table}")
    shop.update(rebuild=True)
    assert shop.encoder.embedded == []
    assert verify_index(shop.index, mend=False).truth == []


# -- writers and readers side by side ------------------------------------------------------------


class Interrupted(WordEncoder):
    """Calls back before it embeds."""

    def __init__(self, call: Callable[[], None]) -> None:
        super().__init__()
        self.call = call

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.call()
        return super().encode_passages(texts, progress)


def test_a_second_writer_is_told_which_process_writes(shop: Workshop) -> None:
    def second() -> None:
        message = rf"is being written by process {os.getpid()}; try again"
        with pytest.raises(UsageError, match=message):
            update_index(shop.index, [shop.articles], WordEncoder())

    shop.write("a.md", "Hà Nội tạnh.")
    encoder = Interrupted(second)
    assert len(shop.update(encoder=encoder).changed) == 1
    assert encoder.embedded == ["Tin. Hà Nội tạnh."]
    shop.update()  # the lock is free again


def test_a_folder_that_cannot_be_written_is_named(shop: Workshop) -> None:
    shop.index = shop.articles / "a.md"
    with pytest.raises(UsageError, match=r"cannot write to .*a\.md .*--index DIR"):
        shop.update()


def test_questions_are_answered_while_the_index_is_rebuilt(shop: Workshop) -> None:
    seen: list[list[str]] = []
    shop.write("a.md", "Hà Nội tạnh.")
    shop.update(rebuild=True, encoder=Interrupted(lambda: seen.append(held(Index(shop.index)))))
    assert seen == [sorted([RAIN, SUN, TEA])]


def test_a_reader_keeps_its_state_and_a_new_reader_sees_the_new(shop: Workshop) -> None:
    old = Index(shop.index)
    rain = old.lexical(keys("mưa"), 5)
    vectors = old.candidates(rain)[0].vectors
    for text in ("Hà Nội tạnh.", "Hà Nội nắng."):  # the second removes what the old one was made of
        shop.write("a.md", text)
        shop.update()
    assert held(old) == sorted([RAIN, SUN, TEA])
    assert texts(old, old.lexical(keys("mưa"), 5)) == [RAIN]
    np.testing.assert_array_equal(old.candidates(rain)[0].vectors, vectors)
    assert old.terms.frequency(old.terms.numbers(keys("mưa nắng tạnh"))).tolist() == [1, 1, 0]
    new = Index(shop.index)
    assert held(new) == sorted(["Hà Nội nắng.", SUN, TEA])
    assert new.lexical(keys("mưa tạnh"), 5) == []
    assert new.state == old.state + 2
    assert {p.name for p in (shop.index / DERIVED).iterdir()} == {"2", "3"}


def test_a_reader_that_is_overtaken_by_two_updates_opens_the_newest(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = reader.StoredTerms

    def overtaken(folder: Path, store: Store) -> object:
        monkeypatch.setattr(reader, "StoredTerms", real)
        for text in ("Hà Nội tạnh.", "Hà Nội nắng."):  # the second removes what is being opened
            shop.write("a.md", text)
            shop.update()
        return real(folder, store)

    monkeypatch.setattr(reader, "StoredTerms", overtaken)
    index = Index(shop.index)
    assert (index.state, held(index)) == (3, sorted(["Hà Nội nắng.", SUN, TEA]))


def test_candidates_hold_the_terms_and_vectors_of_their_passage(shop: Workshop) -> None:
    shop.write("a.md", f"{RAIN} Trời lạnh.", title="Thời tiết")
    shop.update()
    index = Index(shop.index)
    (number,) = index.lexical(keys("lạnh"), 5)
    (candidate,) = index.candidates([number, 999])
    signs = [-1, -1, 1, 1, 0, -1, 1]  # negative where capitalised, 0 between sentences
    wanted = [*index.terms.numbers(keys("Hà Nội mưa to")).tolist(), 0]
    wanted += index.terms.numbers(keys("Trời lạnh")).tolist()
    assert candidate.terms.tolist() == [n * s for n, s in zip(wanted, signs, strict=True)]
    assert np.abs(candidate.title).tolist() == index.terms.numbers(keys("Thời tiết")).tolist()
    embedded = [f"Thời tiết. {RAIN}", "Thời tiết. Trời lạnh."]
    np.testing.assert_allclose(candidate.vectors, shop.encoder.encode_passages(embedded), atol=1e-3)
    (passage,) = index.passages([number])
    assert index.passage(passage.id) == passage
    assert index.passage("unknown") is index.article("unknown") is None


# -- damage --------------------------------------------------------------------------------------


def test_a_missing_folder_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(BadIndexError, match=r"no index in .*nowhere; build one: qa index ARTICLES"):
        Index(tmp_path / "nowhere")


def derived_files(shop: Workshop) -> list[Path]:
    files = sorted(p for p in (shop.index / DERIVED).rglob("*") if p.is_file())
    return [p for p in files if not p.name.startswith(".")]


@pytest.mark.parametrize("damage", ["gone", "empty", "half"])
def test_a_damaged_derived_file_is_an_error_that_names_the_mending(
    shop: Workshop, damage: str
) -> None:
    files = [file for file in derived_files(shop) if file.name != manifest.FILE]
    assert len(files) > 10
    for file in files:
        whole = file.read_bytes()
        file.unlink()  # another file in its place: an open reader goes on with the old one
        if damage != "gone":
            file.write_bytes(whole[: len(whole) // 2 if damage == "half" else 0])
        with pytest.raises(BadIndexError, match=r"missing or damaged; .*: qa index verify --index"):
            Index(shop.index)
        file.write_bytes(whole)
    Index(shop.index).close()
    files[0].unlink()
    shop.update(rebuild=True)
    assert shop.encoder.embedded == []
    assert len(held(Index(shop.index))) == 3


def test_deleted_derived_files_come_back_with_the_next_update(shop: Workshop) -> None:
    shutil.rmtree(shop.index / DERIVED)
    with pytest.raises(BadIndexError, match="missing or damaged"):
        Index(shop.index)
    assert len(shop.update().unchanged) == 3
    assert shop.encoder.embedded == []
    assert len(held(Index(shop.index))) == 3


# -- work that is cut short ----------------------------------------------------------------------


class Failing(WordEncoder):
    """Gives up when it is asked for more than so many texts in all."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if len(self.embedded) + len(texts) > self.limit:
            raise RuntimeError("out of memory")
        return super().encode_passages(texts, progress)


def test_what_was_embedded_before_a_failure_is_kept(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_BLOCK", 2)
    shop.write("a.md", " ".join(f"Câu số {n} đây." for n in range(9)))
    failing = Failing(5)
    with pytest.raises(RuntimeError, match="out of memory"):
        shop.update(encoder=failing)
    assert len(failing.embedded) == 4
    assert held(Index(shop.index)) == sorted([RAIN, SUN, TEA])
    shop.update()
    assert len(shop.encoder.embedded) == 5
    assert set(failing.embedded).isdisjoint(shop.encoder.embedded)
    assert len(held(Index(shop.index))) == 3


def test_a_first_build_that_failed_is_no_index_yet(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.write("a.md", RAIN)
    with pytest.raises(RuntimeError, match="out of memory"):
        shop.update(encoder=Failing(0))
    with pytest.raises(BadIndexError, match=r"no articles in .* yet; index some"):
        Index(shop.index)
    shop.update()
    assert held(Index(shop.index)) == [RAIN]


def test_a_failure_while_writing_leaves_the_old_state(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.write("a.md", "Hà Nội tạnh.")
    message = (
        r"the disk is full or fails .*No space left.*; the index in .* is as it was: make room"
    )
    with monkeypatch.context() as patched, pytest.raises(RoomError, match=message):

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        patched.setattr(derived, "write_dense", full)
        shop.update()
    assert held(Index(shop.index)) == sorted([RAIN, SUN, TEA])
    assert [p.name for p in (shop.index / DERIVED).iterdir()] == ["1"]
    shop.update()
    assert shop.encoder.embedded == []  # kept from the first try
    assert held(Index(shop.index)) == sorted(["Hà Nội tạnh.", SUN, TEA])


POINTS = ["embedding", "embedded", "terms written", "before the commit", "after the commit"]
# Each point gets an index, and a process that is killed there while it updates it.
KILLED = """
import os, signal, sys
from pathlib import Path
from index import build, commit, derived
from tests.test_build import Interrupted, POINTS
from tests.workshop import RAIN, SUN, TEA, Workshop

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def then_die(real):
    return lambda *arguments: (real(*arguments), die())

for at, point in enumerate(POINTS):
    if pid := os.fork():
        assert os.waitpid(pid, 0)[1] == signal.SIGKILL, point
        continue
    shop = Workshop(Path(sys.argv[1]) / str(at))
    for name, text in {"a.md": RAIN, "b.md": SUN, "c.md": TEA}.items():
        shop.write(name, text)
    shop.update()
    shop.write("a.md", "Hà Nội tạnh. Đường khô.")
    (shop.articles / "b.md").unlink()
    build._BLOCK = 1
    derived._FEW = 0  # so that the files of the state before are taken over
    encoder = None
    if point == "embedding":
        encoder = Interrupted(lambda: die() if encoder.embedded else None)
    elif point == "embedded":
        build.next_state = die
    elif point == "terms written":
        derived.update_terms = then_die(derived.update_terms)
    elif point == "before the commit":
        commit.update_derived = then_die(commit.update_derived)
    else:
        build._counted = die
    shop.update(encoder=encoder)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    subprocess.run([sys.executable, "-c", KILLED, str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_update_leaves_the_old_state_or_the_new(killed: Path, point: str) -> None:
    folder = killed / str(POINTS.index(point))
    old, new = sorted([RAIN, SUN, TEA]), sorted(["Hà Nội tạnh. Đường khô.", TEA])
    assert held(Index(folder / "index")) == (new if point == "after the commit" else old)
    encoder = WordEncoder()
    report = update_index(folder / "index", [folder / "bài"], encoder)
    assert len(encoder.embedded) == (1 if point == "embedding" else 0)
    assert report.articles == 2
    index = Index(folder / "index")
    assert held(index) == new
    # What the killed process left behind is cleared with the first state that follows.
    states = {p.name for p in (folder / "index" / DERIVED).iterdir()}
    assert states == {"1", "2"}


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
