"""Dates and outlets of a question as what it prefers and what it filters by: `qa.cues`."""

import pytest

from index.text import fold
from qa.cues import cues
from qa.outlets import OutletNames
from qa.types import Cue
from tests.time_expressions import TODAY

NAMES = OutletNames(["Ngày Nay", "Báo Nhân Dân", "VnExpress"])

PUBLISHED = [
    ("Tin tuần trước có gì về lúa gạo?", "tuần trước"),
    ("Có tin gì hôm qua về lúa gạo?", "hôm qua"),
    ("Hôm qua có tin gì về lúa gạo?", "Hôm qua"),
    ("Bài báo tháng 4/2024 nói gì về lúa gạo?", "tháng 4/2024"),
    ("Bài viết trong tháng 4/2024 nói gì?", "tháng 4/2024"),
    ("Các bài báo năm ngoái nói gì về lúa gạo?", "năm ngoái"),
    ("Tin tức tháng này về bóng đá là gì?", "tháng này"),
]
EVENTS = [
    ("Năm 2021 kim ngạch bao nhiêu?", "Năm 2021"),
    ("Công nghệ thông tin năm 2024 ra sao?", "năm 2024"),
    ("Kim ngạch tháng 4/2024 là bao nhiêu?", "tháng 4/2024"),
    ("Cơn bão tuần trước tên gì?", "tuần trước"),
    ("Đại hội Đảng năm 2021 bầu ai?", "năm 2021"),
    ("Ai đăng ký năm 2023?", "năm 2023"),
    ("Thông báo năm 2021 nói gì?", "năm 2021"),
    ("Dự báo tháng 4/2024 ra sao?", "tháng 4/2024"),
    ("Cuốn sách xuất bản năm 1930 do ai viết?", "năm 1930"),
    ("Bài hát năm 2020 của ai?", "năm 2020"),
    ("Tờ báo lập năm 1925 tên gì?", "năm 1925"),
]


@pytest.mark.parametrize(("question", "words"), PUBLISHED)
def test_a_date_of_publication_filters(question: str, words: str) -> None:
    (cue,) = cues(question, TODAY, NAMES)
    assert (cue.words, cue.is_filter) == (words, True)
    (cue,) = cues(fold(question).lower(), TODAY, NAMES)
    assert (cue.words, cue.is_filter) == (fold(words).lower(), True)


@pytest.mark.parametrize(("question", "words"), EVENTS)
def test_a_date_of_an_event_only_prefers(question: str, words: str) -> None:
    (cue,) = cues(question, TODAY, NAMES)
    assert (cue.words, cue.is_filter) == (words, False)
    (cue,) = cues(fold(question).lower(), TODAY, NAMES)
    assert (cue.words, cue.is_filter) == (fold(words).lower(), False)


def test_an_outlet_filters_and_so_does_a_date_beside_it() -> None:
    found = cues("Báo Nhân Dân ngày 25/5/2024 viết gì về năm 1986?", TODAY, NAMES)
    assert found == (
        Cue("Báo Nhân Dân", outlets=("Báo Nhân Dân",), is_filter=True),
        Cue("ngày 25/5/2024", "2024-05-25", "2024-05-25", is_filter=True),
        Cue("năm 1986", "1986-01-01", "1986-12-31"),
    )
    found = cues("Tuần trước VnExpress đưa tin gì?", TODAY, NAMES)
    assert [(cue.words, cue.is_filter) for cue in found] == [
        ("Tuần trước", True),
        ("VnExpress", True),
    ]


def test_the_name_of_an_outlet_is_no_time() -> None:
    (cue,) = cues("Theo báo Ngày Nay, ai đến thăm?", TODAY, NAMES)
    assert cue.outlets == ("Ngày Nay",)


def test_newest_names_no_days() -> None:
    assert cues("Giá vàng hiện nay là bao nhiêu?", TODAY, NAMES) == (Cue("hiện nay"),)


def test_a_question_of_neither_has_none() -> None:
    assert cues("Hai nước lập quan hệ ngoại giao năm nào?", TODAY, NAMES) == ()
    assert cues("hai nuoc lap quan he ngoai giao nam nao", TODAY, NAMES) == ()
