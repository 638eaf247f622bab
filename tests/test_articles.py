"""Files and folders to articles: everything found is an article or is left out with its reason."""

import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import formats, records
from index.articles import MAX_TEXT, find_files, read_articles
from index.errors import UsageError
from index.types import Article, LeftOut
from tests.reading import article, reason

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "articles"
BODY = "Đại sứ quán Kazakhstan đã tổ chức họp báo về những thành tựu nổi bật trong năm 2023."


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def articles(*paths: Path) -> list[Article]:
    items = list(read_articles(paths))
    assert [item for item in items if isinstance(item, LeftOut)] == []
    return [item for item in items if isinstance(item, Article)]


def left_out(*paths: Path) -> list[LeftOut]:
    return [item for item in read_articles(paths) if isinstance(item, LeftOut)]


# ---- finding ---------------------------------------------------------------------------------


def test_folders_are_walked_in_order_without_hidden_and_unknown_files(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.MD", "a/y.jsonl.gz", ".hidden.txt", ".git/x.txt", "~$open.docx", "x.png"]
    for name in names:
        write(tmp_path / name, BODY)
    assert find_files([tmp_path]) == [
        tmp_path / name for name in ("b.txt", "a/y.jsonl.gz", "a/z.MD")
    ]


def test_files_are_taken_as_given_and_once(tmp_path: Path) -> None:
    b, a = write(tmp_path / "b.txt", BODY), write(tmp_path / "a.txt", BODY)
    assert find_files([b, tmp_path, a]) == [b, a]


def test_a_path_that_does_not_exist_stops_before_anything_is_read(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", BODY)
    with pytest.raises(UsageError, match=r"no such file or folder: .*/nowhere"):
        read_articles([tmp_path, tmp_path / "nowhere"])
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(UsageError, match="no such file or folder"):
        find_files([tmp_path / "loop"])


def test_loops_of_links_end_and_linked_folders_are_read(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "b.txt", BODY)
    write(tmp_path / "news" / "a.txt", BODY)
    (tmp_path / "news" / "up").symlink_to(tmp_path / "news")
    (tmp_path / "news" / "linked").symlink_to(tmp_path / "elsewhere")
    assert [path.name for path in find_files([tmp_path / "news"])] == ["a.txt", "b.txt"]


def test_a_folder_without_articles_says_what_it_looks_for(tmp_path: Path) -> None:
    write(tmp_path / "photo.png", b"")
    assert reason(tmp_path).startswith("no articles in this folder: looks for .txt .md .html")


def test_a_named_file_of_an_unknown_kind_is_left_out(tmp_path: Path) -> None:
    assert "save it as one of .txt .md" in reason(write(tmp_path / "a.doc", BODY))
    assert "save it as one of" in reason(write(tmp_path / "a.pdf.gz", BODY))
    assert "save it as one of" in reason(write(tmp_path / "README", BODY))


def test_broken_links_and_pipes_are_left_out_and_do_not_hang(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    reasons = [item.reason for item in left_out(tmp_path)]
    assert reasons == ["not a file that can be read: a broken link or a device"] * 2


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_vietnamese_file_names_work_and_give_the_same_id(tmp_path: Path, form: Any) -> None:
    path = write(tmp_path / form / unicodedata.normalize(form, "Bài báo số 1.txt"), BODY)
    found = article(path)
    assert found.origin == path.resolve().as_posix()
    reference = write(tmp_path / "ref" / "Bài báo số 1.txt", BODY)
    assert found.id == article(reference).id


def test_a_name_that_is_not_utf8_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"b\xe1o.txt")
    write(path, BODY)
    assert article(tmp_path).origin.endswith("/b?o.txt")


# ---- text files ------------------------------------------------------------------------------


def test_the_first_shared_article() -> None:
    found = article(_shared("000_e8fc74a7b926dc24.txt"))
    assert (found.date, found.source) == ("2024-01", "Ngày Nay")
    assert found.title == (
        "Đại sứ Kanat Tumysh nhấn mạnh Kazakhstan mong muốn tiếp tục thúc đẩy hợp tác với"
        " Việt Nam trên nhiều lĩnh vực"
    )
    assert found.text[found.body :].startswith("Đại sứ Kanat Tumysh nhấn mạnh")
    assert found.text.startswith(" date 2024-01 (Ngày Nay) - ")


def test_the_second_shared_article() -> None:
    found = article(_shared("003_41922de7c8b34a3f.txt"))
    assert found.title == (
        "Đại sứ Kazakhstan tại Việt Nam: Quan hệ hai nước đang bước vào 'giai đoạn vàng'"
    )
    assert (found.date, found.source) == ("", "Báo CAND")
    assert found.text[found.body :].startswith("Nhận lời mời của Tổng thống")


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the shared article is not here: {path}")
    return path


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_text_file_is_kept_as_it_is(text: str) -> None:
    text = f"{text}Chữ cái\n" + "a" * (2 * len(text))  # never empty, Latin for the most part
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.txt")
        path.write_bytes(text.encode())
        found = article(path)
    assert found.text == text.removeprefix("\ufeff")
    assert 0 <= found.body <= len(found.text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_their_marks_are_read_and_line_ends_kept(
    tmp_path: Path, encoding: str
) -> None:
    text = f"Tít bài\r\n\r\n{BODY}\r\n"
    found = article(write(tmp_path / "a.txt", text.encode(encoding)))
    assert found.text == text
    assert found.text[found.body :] == f"{BODY}\r\n"


def test_front_matter_gives_the_fields_and_is_no_body(tmp_path: Path) -> None:
    text = (
        "---\ntiêu đề: Tít bài\ndate: 2024-01-15 10:00:00\nnguồn: Ngày Nay\nauthor: [An, Bình]\n"
        f"url: https://ngaynay.vn/1\nid: 007\n---\n\n# Tít bài\n\n{BODY}\n"
    )
    found = article(write(tmp_path / "a.md", text))
    assert found == Article(
        id="007",
        text=text,
        title="Tít bài",
        date="2024-01-15",
        source="Ngày Nay",
        author="An, Bình",
        url="https://ngaynay.vn/1",
        origin=(tmp_path / "a.md").resolve().as_posix(),
        body=text.index(BODY),
    )


@pytest.mark.parametrize(
    ("stated", "date"),
    [("2024", "2024"), ("2024-01", "2024-01"), ("2024-02-31", ""), ("10/2/2025", "2025-02-10")],
)
def test_front_matter_dates_are_not_made_more_precise(
    tmp_path: Path, stated: str, date: str
) -> None:
    path = write(tmp_path / "a.md", f"---\ntitle: Tít\ndate: {stated}\n---\n{BODY}")
    assert article(path).date == date


def test_markdown_without_front_matter(tmp_path: Path) -> None:
    found = article(write(tmp_path / "a.md", f"# Tít bài\n\n{BODY}"))
    assert (found.title, found.text[found.body :]) == ("Tít bài", BODY)
    rule = article(write(tmp_path / "b.md", f"---\n\n{BODY}"))
    assert rule.text == f"---\n\n{BODY}"
    prose = article(write(tmp_path / "c.md", f"---\nChỉ là lời dẫn.\n---\n{BODY}"))
    assert "Chỉ là lời dẫn." in prose.text[prose.body :]


def test_broken_front_matter_is_left_out_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", f"---\ntitle: A: B\n---\n{BODY}")
    assert reason(path).startswith("the front matter is not valid YAML (line 2: ")
    nested = write(tmp_path / "b.md", f"---\na: {'[' * 5000}\n---\n{BODY}")
    assert reason(nested).startswith("the front matter is not valid YAML")


def test_front_matter_alone_is_no_article(tmp_path: Path) -> None:
    assert reason(write(tmp_path / "a.md", "---\ntitle: A\n---\n")) == "no text after its header"


# ---- records ---------------------------------------------------------------------------------


def lines(*found: object) -> str:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in found)


def test_json_lines_are_articles_with_their_line_in_the_origin(tmp_path: Path) -> None:
    text = f"  {BODY}\u2028\r\n"
    first = {"id": "7", "title": "Tít", "text": text, "date": "23/10/2013 11:39", "source": "TT"}
    second = {"headline": "Tít 2", "noi_dung": BODY, "url": "https://www.ngaynay.vn/2"}
    path = write(tmp_path / "a.jsonl", lines(first) + "\n" + lines(second))
    origin = path.resolve().as_posix()
    one, two = articles(path)
    assert one == Article("7", text, "Tít", "2013-10-23", "TT", "", "", f"{origin}#1", 0)
    assert (two.title, two.source, two.origin) == ("Tít 2", "ngaynay.vn", f"{origin}#3")
    assert two.id.startswith("u")
    assert len(two.id) == 13


def test_a_record_begins_after_a_newsroom_header(tmp_path: Path) -> None:
    header = "date 2024-01 (Ngày Nay) - "
    path = write(tmp_path / "a.jsonl", lines({"text": header + BODY, "date": "2024-01-15"}))
    found = article(path)
    assert (found.body, found.source, found.date) == (len(header), "Ngày Nay", "2024-01-15")


def test_a_record_without_a_title_is_named_by_its_lead(tmp_path: Path) -> None:
    assert article(write(tmp_path / "a.jsonl", lines({"text": BODY}))).title == BODY.rstrip(".")


def test_bad_records_are_left_out_and_the_others_read(tmp_path: Path) -> None:
    good = lines({"id": "ok", "text": BODY}).encode()
    bad = {
        2: (b'{"text": "a"\n', "not JSON (Expecting ',' delimiter, column 13)"),
        3: (b"[1, 2]\n", "not a JSON object"),
        4: (b'{"title": "a", "text": " "}\n', "no text in it"),
        5: (b'{"text": "\xe1\xba"}\n', "not UTF-8 (character"),
        6: (b'{"text": "a \\ud800 b"}\n', "holds halves of characters"),
        7: (b'{"text": "a \\u0000 b"}\n', "holds NUL characters"),
        8: (b"[" * 100_000 + b"\n", "not JSON that can be read"),
        9: (b'{"text": ' + b"1" * 5000 + b"}\n", "not JSON that can be read"),
        10: (b'{"text": 5}\n', "no text in it"),
    }
    path = write(tmp_path / "a.jsonl", good + b"".join(line for line, _ in bad.values()))
    items = list(read_articles([path]))
    assert isinstance(items[0], Article)
    assert len(items) == 1 + len(bad)
    for item, (number, (_, why)) in zip(items[1:], bad.items(), strict=True):
        assert isinstance(item, LeftOut)
        assert item.origin == f"{path.resolve()}#{number}"
        assert item.reason.startswith(why)


def test_a_line_too_long_stops_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_LINE", 500)
    path = write(tmp_path / "a.jsonl", lines({"text": BODY}, {"text": BODY * 10}))
    _, last = read_articles([path])
    assert isinstance(last, LeftOut)
    assert last.reason.startswith("line 2 has more than 500 characters")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_records_in_files_with_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.jsonl", lines({"id": "1", "text": BODY}).encode(encoding))
    assert article(path).id == "1"


def test_half_a_utf16_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    content = lines({"id": "1", "text": BODY}).encode("utf-16") + b"\x00\xd8\x00\x00"
    items = list(read_articles([write(tmp_path / "a.jsonl", content)]))
    assert isinstance(items[-1], LeftOut)
    assert items[-1].reason.startswith("not UTF-16 after line")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_rows_are_articles(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    text = f'{BODY}\r\n"Câu, hai; ba\t." ' + "rất dài " * 20_000  # above csv's default limit
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(
            [["Tiêu đề", "Nội dung", "Ngày", "Nguồn"], ["Tít", text, "tháng 3/2024", "TT"]]
        )
    found = article(path)
    assert (found.title, found.text, found.date, found.source) == ("Tít", text, "2024-03", "TT")
    assert found.origin == f"{path.resolve()}#1"


def test_csv_without_a_text_column_names_its_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,name,"le\rad"\n1,a,b\n')
    assert reason(path).endswith("name one of them text (it has: id, name, le ad)")
    unclosed = write(tmp_path / "b.csv", '"id,text\n1,a\n')
    assert reason(unclosed) == "no row of column names (unexpected end of data)"


def test_broken_csv_rows_are_left_out_and_the_others_read(tmp_path: Path) -> None:
    rows = [
        "id,text",
        f'1,"{BODY}"',
        "2,một, hai",
        f'3,"a "b" {BODY}"',
        "",
        "4",
        f'5,"{BODY}"',
        f'6,"{BODY}',
        f'7,"{BODY}"',
    ]
    items = list(read_articles([write(tmp_path / "a.csv", "\n".join(rows))]))
    assert [item.id for item in items if isinstance(item, Article)] == ["1", "5"]
    reasons = {i.origin.rpartition("#")[2]: i.reason for i in items if isinstance(i, LeftOut)}
    assert reasons["2"] == "3 fields for 2 columns: put quotes around the text"
    assert reasons["3"].startswith("not CSV (")
    assert reasons["4"] == "no text in it"
    assert reasons["6"].startswith("not CSV (")


def test_a_csv_field_that_is_not_utf8_is_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"id,text\n1,b\xe1o\n2," + BODY.encode())
    assert [item.origin[-2:] for item in left_out(path)] == ["#1"]


def test_empty_files_of_records(tmp_path: Path) -> None:
    for name, content in (("a.jsonl", ""), ("b.jsonl", "\n\n"), ("a.csv", ""), ("b.csv", "text\n")):
        assert reason(write(tmp_path / name, content)) == "no articles in it: the file is empty"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt.gz", BODY), ("a.md.gz", BODY), ("a.jsonl.gz", '{"text": "Bài báo."}'),
     ("a.csv.gz", "text\nBài báo."), ("A.TXT.GZ", BODY),
     ("a.html.gz", f"<html><body><h1>Tít</h1><p>{BODY}</p></body></html>")],
)  # fmt: skip
def test_gzip_of_every_text_format(tmp_path: Path, name: str, content: str) -> None:
    assert article(write(tmp_path / name, gzip.compress(content.encode()))).text


def test_broken_gzip(tmp_path: Path) -> None:
    packed = gzip.compress(os.urandom(50_000).hex().encode())
    why = "damaged gzip file: pack or copy it again"
    assert reason(write(tmp_path / "a.txt.gz", BODY)) == why
    assert reason(write(tmp_path / "b.txt.gz", packed[:1000])) == why
    flipped = packed[:500] + bytes(255 - byte for byte in packed[500:600]) + packed[600:]
    assert reason(write(tmp_path / "c.txt.gz", flipped)) == why


def test_articles_before_the_break_in_a_gzip_file_are_read(tmp_path: Path) -> None:
    records_ = [{"id": str(n), "text": os.urandom(2000).hex()} for n in range(100)]
    packed = gzip.compress(lines(*records_).encode())
    items = list(read_articles([write(tmp_path / "a.jsonl.gz", packed[: len(packed) // 2])]))
    assert isinstance(items[0], Article)
    assert items[-1] == LeftOut(
        (tmp_path / "a.jsonl.gz").resolve().as_posix(),
        "damaged gzip file: pack or copy it again; what follows the articles before is lost",
    )


# ---- what is no article ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t\n", "no text in it"),
        ("\ufeff".encode(), "no text in it"),
        (b"B\xe1o", "not UTF-8 (byte 1), and not Vietnamese in TCVN3, VNI, VISCII, windows-1258"),
        (b"\xff\xfeA", "not UTF-8 (byte"),
        (b"ELF\0\0\1", "holds NUL bytes: it is not a text file"),
        (
            "新闻报道，今天 (AFP)".encode(),
            "not Vietnamese: less than half of its letters are Latin",
        ),
        (b"123 456 - 789!", "not Vietnamese: less than half"),
    ],
)
def test_texts_that_are_left_out(tmp_path: Path, content: bytes, why: str) -> None:
    assert reason(write(tmp_path / "a b.txt", content)).startswith(why)


def test_foreign_words_in_a_vietnamese_text_are_welcome(tmp_path: Path) -> None:
    text = f"{BODY} Tiếng Trung: 新闻报道."
    assert article(write(tmp_path / "a.txt", text)).text == text
    decomposed = unicodedata.normalize("NFD", text)
    assert article(write(tmp_path / "b.txt", decomposed)).text == decomposed


def test_a_text_too_long_is_left_out(tmp_path: Path) -> None:
    assert article(write(tmp_path / "a.txt", "a" * MAX_TEXT))
    why = reason(write(tmp_path / "b.txt", "a" * (MAX_TEXT + 1)))
    assert why == "2,000,001 characters, more than 2,000,000: split it into articles"


def test_a_file_too_large_is_left_out_packed_or_not(tmp_path: Path) -> None:
    sparse = tmp_path / "a.txt"
    with sparse.open("wb") as file:
        file.truncate(formats.MAX_BYTES + 1)
    assert reason(sparse) == "larger than 200 MB: split it into articles"
    bomb = tmp_path / "b.txt.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as packed:
        for _ in range(201):
            packed.write(b"a" * 1_000_000)
    assert reason(bomb) == "larger than 200 MB: split it into articles"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:  # file modes do not bind root, which runs tests in containers
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(formats, "open_file", refuse)
    assert reason(write(tmp_path / "a.txt", BODY)) == "not readable: Permission denied"


def test_the_libraries_of_formats_are_not_loaded_before_they_are_needed() -> None:
    code = "import sys, index.articles; print({'trafilatura', 'pypdf', 'docx'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# ---- ids -------------------------------------------------------------------------------------


def test_ids_are_stable_and_safe(tmp_path: Path) -> None:
    write(tmp_path / "news" / "a.txt", BODY)
    write(tmp_path / "news" / "sub" / "a.txt", BODY)
    write(tmp_path / "news" / "b.jsonl", lines({"text": BODY}, {"id": "a/b", "text": BODY}))
    before = [found.id for found in articles(tmp_path / "news")]
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "news").rename(tmp_path / "elsewhere" / "news")
    assert [found.id for found in articles(tmp_path / "elsewhere" / "news")] == before
    assert len(set(before)) == 4
    assert all(len(id_) == 13 and id_.isalnum() and id_.startswith("a") for id_ in before)


def test_the_current_folder_is_known_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "news" / "a.txt", BODY)
    expected = article(path.parent).id
    monkeypatch.chdir(path.parent)
    assert article(Path()).id == expected
    assert article(Path("../news")).id == expected


def test_the_second_article_of_an_id_is_left_out(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", lines({"id": "1", "text": BODY}, {"id": "2", "text": BODY}))
    second = write(tmp_path / "b.jsonl", lines({"id": "1", "text": f"{BODY} Thêm."}))
    assert left_out(first, second) == [
        LeftOut(
            f"{second.resolve()}#1",
            f"its id '1' is that of {first.resolve()}#1 already: give it another",
        )
    ]


def test_a_reprint_is_an_article_too(tmp_path: Path) -> None:
    one, two = articles(write(tmp_path / "a.txt", BODY), write(tmp_path / "b.txt", BODY))
    assert one.text == two.text
    assert one.id != two.id
