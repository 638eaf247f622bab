"""What fields say: dates as precise as they are stated, values by any of their names."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.metadata import Fields, clean, fields_of, host, parse_date, text_of, web_url


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-01-15", "2024-01-15"),
        ("2013-10-23T11:39", "2013-10-23"),
        ("2024-01-15T10:00:00.123+07:00", "2024-01-15"),
        ("2024-01-15 10:00:00Z", "2024-01-15"),
        ("2024-1-5", "2024-01-05"),
        ("2024/01/15", "2024-01-15"),
        ("20240115", "2024-01-15"),
        (20240115, "2024-01-15"),
        ("15/01/2024", "2024-01-15"),
        ("5-3-2024", "2024-03-05"),
        ("5.3.2024", "2024-03-05"),
        ("23/10/2013 11:39", "2013-10-23"),
        ("Thứ hai, 10/2/2025, 09:42 (GMT+7)", "2025-02-10"),
        ("Chủ nhật, 16/2/2025, 05:00 (GMT+7)", "2025-02-16"),
        ("09:42 | 10/02/2025", "2025-02-10"),
        ("9h30 ngày 10/2/2025", "2025-02-10"),
        ("Cập nhật: 10/2/2025 - 18:30", "2025-02-10"),
        ("ngày 5 tháng 3 năm 2024", "2024-03-05"),
        ("Thứ năm, ngày 5 tháng 12, 2024", "2024-12-05"),
        ("tháng 3/2024", "2024-03"),
        ("Tháng 3 năm 2024", "2024-03"),
        ("3/2024", "2024-03"),
        ("2024-01", "2024-01"),
        ("2024", "2024"),
        (2024, "2024"),
        ("năm 2024", "2024"),
        ("D:20240115093000+07'00'", "2024-01-15"),
        ("D:202401", "2024-01"),
        ("D:2024", "2024"),
        ("Mon, 10 Feb 2025 09:42:00 GMT", "2025-02-10"),
    ],
)
def test_a_date_is_as_precise_as_it_is_stated(value: object, expected: str) -> None:
    assert parse_date(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "31/2/2024",
        "2024-02-30",
        "2024-13",
        "1/15/2024",  # month first is not read as something else
        "5-12/5/2025",  # a range
        "15/1",
        "15/1/24",
        "9999",
        "0000-01-01",
        "1700000000",
        "Hà Nội 2024",
        "ngày 15/1, Đại sứ quán họp báo năm 2024",
        "hôm qua",
        "",
        None,
        True,
        {"year": 2024},
        "31 Feb 2025 10:00",
    ],
)
def test_what_is_no_date_is_unknown(value: object) -> None:
    assert parse_date(value) == ""


def test_a_decomposed_date_line_is_read() -> None:
    line = unicodedata.normalize("NFD", "Thứ bảy, ngày 5 tháng 3 năm 2024")
    assert parse_date(line) == "2024-03-05"


@given(st.dates(date(1800, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_in_every_order(day: date) -> None:
    iso = day.isoformat()
    assert parse_date(iso) == iso
    assert parse_date(f"{day.day}/{day.month}/{day.year}") == iso
    assert parse_date(f"ngày {day.day} tháng {day.month} năm {day.year}") == iso


@given(st.text(max_size=90))
def test_any_text_gives_a_date_or_nothing(text: str) -> None:
    stated = parse_date(text)
    assert len(stated) in (0, 4, 7, 10)
    if stated:
        date.fromisoformat(stated + "-01-01"[: 10 - len(stated)])


def test_fields_are_known_by_their_vietnamese_and_english_names() -> None:
    expected = Fields("7", "Tít", "2024-01-15", "Ngày Nay", "An", "https://a.vn/1")
    assert expected == fields_of(
        {"_id": 7, "Tiêu đề": "Tít", "ngày": "15/1/2024", "Nguồn": "Ngày Nay", "tác giả": "An",
         "link": "https://a.vn/1"}
    )  # fmt: skip
    assert expected == fields_of(
        {"id": "7", "headline": "Tít", "published_at": "2024-01-15T00:00", "publisher": "Ngày Nay",
         "authors": ["An"], "url": "https://a.vn/1"}
    )  # fmt: skip


def test_names_in_decomposed_letters_and_capitals_are_the_same_names() -> None:
    assert fields_of({unicodedata.normalize("NFD", "TIÊU ĐỀ"): "Tít"}).title == "Tít"


def test_an_empty_field_gives_way_to_the_next_name() -> None:
    record = {
        "title": None,
        "headline": "Tít",
        "text": " ",
        "content": "Nội dung",
        "source": "null",
    }
    assert fields_of(record).title == "Tít"
    assert fields_of(record).source == ""
    assert text_of(record) == "Nội dung"


def test_text_is_given_unchanged_and_only_when_it_is_text() -> None:
    assert text_of({"noi_dung": " \u0301a\r\n "}) == " \u0301a\r\n "
    assert text_of({"text": 5, "summary": "Sapo"}) == ""


@pytest.mark.parametrize(
    "id_",
    ["", "a b", "a/b", "a\\b", "a?b", "a#b", "a&b", "a%b", "<a>", '"a"', "x" * 101, "a\u200bb"],
)
def test_an_unsafe_id_is_not_taken(id_: str) -> None:
    assert fields_of({"id": id_, "_id": ""}).id == ""


@pytest.mark.parametrize("id_", ["12240106", "bài-1", "x" * 100, "a.b_c:d"])
def test_a_safe_id_is_taken_as_it_stands(id_: str) -> None:
    assert fields_of({"id": id_}).id == id_


def test_values_are_one_line_of_composed_printable_letters() -> None:
    assert clean(unicodedata.normalize("NFD", " Đại\n  sứ\x07\u200b ")) == "Đại sứ"
    assert clean("half \ud800 gone") == "half  gone"
    assert clean(float("nan")) == ""
    assert clean(False) == ""


def test_only_addresses_of_the_web_are_taken() -> None:
    assert web_url(" https://vnexpress.net/a.html ") == "https://vnexpress.net/a.html"
    for bad in ("javascript:alert(1)", "ftp://a.vn/x", "/a/b", "http://[", "https://", "vnexpress"):
        assert web_url(bad) == ""
    assert host("https://www.tienphong.vn/a") == "tienphong.vn"
