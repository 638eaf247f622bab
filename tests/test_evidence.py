"""The kind of answer that a question asks for, and the sentences that hold such a thing."""

from collections.abc import Callable

import pytest

from index.reader import Index
from index.text import keys
from qa.evidence import NAMES, evidence, kinds_of
from qa.match import Layout, wanted_words
from qa.places import COUNTRIES, PROVINCES
from qa.types import Query

BuildIndex = Callable[..., Index]


def query(text: str) -> Query:
    found = tuple(keys(text))
    return Query(text, text, found, (False,) * len(found))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Chùa được xây năm nào?", "time"),
        ("chua duoc xay khi nao", "time"),
        ("Sông dài bao nhiêu km?", "number"),
        ("Hội nghị họp ở đâu?", "place"),
        ("Ai chỉ huy trận đánh?", "person"),
        ("Vì sao nước biển mặn?", "cause"),
        ("Tên của con tàu là gì", "meaning"),
        ("Thuốc được điều chế như thế nào?", "manner"),
        ("Hành lang đi qua những nước nào?", "place"),
    ],
)
def test_question_words_tell_the_kind(question: str, kind: str) -> None:
    assert kind in kinds_of(query(question))


def test_a_question_without_question_words_has_no_kind() -> None:
    assert kinds_of(query("giá gạo xuất khẩu")) == set()


def marks(index: Index, question: str) -> list[dict[str, float]]:
    numbers = [
        row[0] for row in index.store.db.execute("SELECT number FROM passages ORDER BY number")
    ]
    layout = Layout.of(index.candidates(numbers))
    asked = query(question)
    rows = evidence(asked, wanted_words(asked, index.terms), layout, index.terms)
    return [dict(zip(NAMES, row, strict=True)) for row in rows.tolist()]


def test_a_year_counts_only_where_a_time_is_asked_and_it_is_new(build_index: BuildIndex) -> None:
    index = build_index(a="Cầu khánh thành năm 1902. Cầu dài và đẹp.")
    with_year, without = marks(index, "Cầu khánh thành khi nào?")
    assert with_year["time_year"] == 1 and without["time_year"] == 0
    assert marks(index, "Cầu ở đâu?")[0]["time_year"] == 0
    assert marks(index, "Năm 1902 khánh thành khi nào?")[0]["time_year"] == 0


def test_a_name_is_a_capital_inside_the_sentence(build_index: BuildIndex) -> None:
    index = build_index(a="Trận đánh do Ngô Quyền chỉ huy. Trận đánh rất lớn.")
    by_name, without = marks(index, "Ai chỉ huy trận đánh?")
    assert by_name["person_name"] == 1 and without["person_name"] == 0


def test_a_number_stands_before_what_is_counted(build_index: BuildIndex) -> None:
    index = build_index(a="Lễ kéo dài 40 ngày. Có 300 khách, lễ vui từng ngày.")
    counted, beside = marks(index, "Lễ kéo dài bao nhiêu ngày?")
    assert counted["counted_head"] == 1 and beside["counted_head"] == 0


def test_countries_and_provinces_count_where_they_are_asked_for(build_index: BuildIndex) -> None:
    index = build_index(a="Đường đi qua Thổ Nhĩ Kỳ. Đường đi qua tỉnh Thanh Hóa. Đường rất dài.")
    country, province, neither = marks(index, "Đường đi qua nước nào?")
    assert [m["country_country"] for m in (country, province, neither)] == [1, 0, 0]
    country, province, neither = marks(index, "duong di qua tinh nao")
    assert [m["province_province"] for m in (country, province, neither)] == [0, 1, 0]


def test_several_places_answer_a_question_for_several(build_index: BuildIndex) -> None:
    index = build_index(a="Tuyến nối Trung Quốc với châu Âu. Tuyến đi qua Gruzia và Azerbaijan.")
    one, several = marks(index, "Tuyến đi qua những nước nào?")
    assert [m["places_places"] for m in (one, several)] == [0, 1]
    assert marks(index, "Tuyến đi qua nước nào?")[1]["places_places"] == 0


def test_the_names_of_places_are_those_of_the_lists() -> None:
    assert "Thổ Nhĩ Kỳ" in COUNTRIES and "Mỹ" in COUNTRIES and "TP.HCM" in PROVINCES
    assert all(name == name.strip() and name for name in COUNTRIES + PROVINCES)
    assert len(set(COUNTRIES)) == len(COUNTRIES) and len(set(PROVINCES)) == len(PROVINCES)
