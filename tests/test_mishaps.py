"""What may befall an index: another encoder, readers beside a writer, damage, a killed update."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index import derived, embedding, manifest, reader
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
from tests.workshop import RAIN, SUN, TEA, Workshop, held, texts

ROOT = Path(__file__).resolve().parents[1]


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
    monkeypatch.setattr(embedding, "_BLOCK", 2)
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
from index import build, commit, derived, embedding
from tests.test_mishaps import Interrupted, POINTS
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
    embedding._BLOCK = 1
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
