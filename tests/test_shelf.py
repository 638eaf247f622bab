"""Files that come through the page: names, kinds, room; and the sources of an index."""

import io
import zipfile
from pathlib import Path

import pytest

from index.build import reading, update_index
from index.history import updates
from qa import runs, shelf
from qa.shelf import RefusedError, Shelf, safe_name
from qa.sources import addresses, keep_addresses, sources, uploads
from tests.fakes import WordEncoder


@pytest.fixture
def held(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf", (".txt", ".pdf", ".docx"), 1000)


def sent(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "sent"
    path.write_bytes(content)
    return path


def docx(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in files.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("bài báo.txt", "bài báo.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\win.TXT", "win.txt"),
        ("/etc/cron.d/x.txt", "x.txt"),
        (".htaccess.txt", "htaccess.txt"),
        ("a\x00b\n\u202etxt.exe.txt", "abtxt.exe.txt"),
        ("<img onerror=alert(1)>.txt", "_img onerror_alert(1)_.txt"),
        ("$(rm -rf ~);`x`.txt", "_(rm -rf _)__x_.txt"),
        ("a" * 300 + ".txt", "a" * 80 + ".txt"),
        ("ba\u0300i.txt", "bài.txt"),
    ],
)
def test_names_are_made_safe(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@pytest.mark.parametrize("name", ["", ".", "..", ".txt", "...", "\u202e.txt", "không-đuôi", "/"])
def test_a_file_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(RefusedError, match="wrong_kind"):
        safe_name(name)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.exe", b"x", "wrong_kind"),
        ("a.zip", b"PK\x03\x04", "wrong_kind"),
        ("a.txt.gz", b"\x1f\x8b", "wrong_kind"),
        ("a.txt", b"PK\x03\x04...", "archive"),
        ("a.txt", b"\x1f\x8b\x08", "archive"),
        ("a.txt", b"\x7fELF\x00\x00", "not_text"),
        ("a.txt", b"MZ\x00\x01", "not_text"),
        ("a.pdf", b"no pdf", "not_text"),
        ("a.docx", b"no zip", "not_text"),
        ("a.docx", docx(**{"evil_xml": "x"}), "archive"),
        ("a.txt", b"x" * 2000, "shelf_full"),
    ],
)
def test_what_is_not_taken(
    held: Shelf, tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(RefusedError, match=why):
        held.take(sent(tmp_path, content), name)
    assert held.files() == []


def test_a_word_file_that_unpacks_to_too_much_is_refused(
    held: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = docx(word__document_xml="x" * 500)
    path, _ = held.take(sent(tmp_path, content), "a.docx")
    assert path.read_bytes() == content
    monkeypatch.setattr(shelf, "_UNPACKED", 400)
    with pytest.raises(RefusedError, match="too_large"):
        held.take(sent(tmp_path, content), "b.docx")


def test_a_large_file_is_refused(
    held: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "LARGEST", 5)
    with pytest.raises(RefusedError, match="too_large"):
        held.take(sent(tmp_path, b"123456"), "a.txt")


def test_a_file_of_the_same_name_takes_the_place_of_the_old(held: Shelf, tmp_path: Path) -> None:
    assert held.take(sent(tmp_path, b"x" * 900), "a.txt") == (held.folder / "a.txt", False)
    assert held.take(sent(tmp_path, b"y" * 900), "a.txt")[1], "its room is not counted twice"
    assert [path.name for path in held.files()] == ["a.txt"]
    assert held.find("a.txt") == held.folder / "a.txt"
    assert held.find("../shelf/a.txt") is None


# ---- sources ---------------------------------------------------------------------------------


def test_an_update_reads_what_was_indexed_uploads_and_addresses(tmp_path: Path) -> None:
    articles, folder = tmp_path / "articles", tmp_path / "index"
    for place, name in ((articles, "a"), (tmp_path / "old", "b")):
        place.mkdir()
        (place / f"{name}.txt").write_text(f"Bài {name} ở Hà Nội.", encoding="utf-8")
    update_index(folder, [articles], WordEncoder())
    update_index(folder, [tmp_path / "old"], WordEncoder())
    (tmp_path / "old" / "b.txt").unlink()
    (tmp_path / "old").rmdir()
    assert keep_addresses(folder, " https://news.example/rss \n\n") == ()
    uploads(folder).take(sent(tmp_path, "Bài mới.".encode()), "c.txt")
    with reading(folder) as store:
        found = sources(folder, updates(store))
    assert found.places == (articles, folder / "uploads", "https://news.example/rss")
    assert found.gone == (str(tmp_path / "old"),)
    update_index(folder, [articles], WordEncoder(), rebuild=True)
    with reading(folder) as store:
        assert sources(folder, updates(store)).gone == (), (
            "what was before starting over is forgotten"
        )


@pytest.mark.parametrize(
    "bad",
    [
        "file:///etc/passwd",
        "ftp://news.example/",
        "javascript:alert(1)",
        "//news.example/",
        "http://",
        "http://localhost/",
        "http://127.0.0.1:22/",
        "http://[::1]/",
        "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data/",
        "http://máy-chủ/",
        "http://a.example/\u202e",
        "http://a.example/" + "a" * 2000,
        "--rebuild",
        "/etc/passwd",
    ],
)
def test_addresses_that_are_refused_change_nothing(tmp_path: Path, bad: str) -> None:
    keep_addresses(tmp_path, "https://news.example/rss")
    assert keep_addresses(tmp_path, f"https://other.example/\n{bad}") == (bad,)
    assert addresses(tmp_path) == ("https://news.example/rss",)


# ---- kept runs -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "..", "../index", "20260101-000000/../x", "x" * 15])
@pytest.mark.parametrize("kind", ["json", "vi.html", "en.html", "html", "fr.html", "sqlite"])
def test_only_runs_are_found_by_name(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "index.json").write_text("{}")
    assert runs.page_of(tmp_path, name, "vi") == ""
    for each in (name, "20260101-000000"):
        assert runs.saved(tmp_path, f"{each}.{kind}") is None


def test_what_is_no_run_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    for name, content in (("20260101-000000", "{"), ("20260101-000001", "[]"), ("x", "{}")):
        (tmp_path / "runs" / f"{name}.json").write_text(content)
    assert runs.kept(tmp_path) == []
    assert runs.saved(tmp_path, "20260101-000000.vi.html") is None
