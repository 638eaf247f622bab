"""The quantity that a question asks for, and the passages that state none."""

from collections.abc import Callable

import pytest

from index.reader import Index
from index.text import keys
from qa.match import Layout, wanted_words
from qa.quantities import lacks_quantity, units_asked_for
from qa.types import Query

BuildIndex = Callable[..., Index]


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("Sân vận động có bao nhiêu khán giả?", "khán"),
        ("Sông Mê Kông chảy qua mấy nước?", "nước"),
        ("Giá vé vào cửa là bao nhiêu?", "đồng"),
        ("Giải thưởng là bao nhiêu tiền?", "usd"),
        ("Cầu dài bao nhiêu?", "mét"),
        ("Cầu dài mấy mét?", "km"),
        ("Vườn rộng bao nhiêu hec-ta?", "ha"),
        ("Diện tích của hồ là bao nhiêu?", "m²"),
        ("Kính nặng bao nhiêu?", "tấn"),
        ("Nhiệt độ trong hang là bao nhiêu?", "độ"),
        ("Hội nghị kéo dài bao lâu?", "ngày"),
        ("Có bao nhiêu người dự?", "khách"),
        ("Nhiệt độ cao nhất là bao nhiêu?", "độ"),
        ("Mức phạt cao nhất là bao nhiêu?", "đồng"),
        ("Chiều cao của tháp là bao nhiêu?", "mét"),
        ("Tháp cao khoảng bao nhiêu?", "mét"),
        ("Người đó bao nhiêu tuổi?", "tuổi"),
        ("Nhà có mấy tầng?", "tầng"),
        ("Có bao nhiêu nước dự?", "quốc"),
    ],
)
def test_a_question_tells_what_its_number_stands_before(question: str, unit: str) -> None:
    assert keys(unit)[0] in units_asked_for(keys(question))


@pytest.mark.parametrize(
    "question",
    [
        "Ai xây cầu Long Biên?",
        "Máy bay cất cánh lúc nào?",
        "Anh đứng thứ mấy?",
        "Lương thử việc bằng bao nhiêu phần trăm lương chính thức?",
        "Con số đó là bao nhiêu?",
        "Điểm chuẩn cao nhất là bao nhiêu?",
        "Tiền vệ Quang Hải mang áo số bao nhiêu?",
        "Sản lượng lương thực năm ngoái là bao nhiêu?",
        "Tỷ lệ nợ xấu của ngân hàng là bao nhiêu?",
        "Lãi suất tiền gửi là bao nhiêu?",
        "Sản xuất tăng mấy phần trăm?",
        "Giá vàng tăng bao nhiêu kể từ đầu năm?",
        "Đội thắng ở vòng mấy Serie A?",
        "Vì sao mấy năm gần đây sen nở sớm?",
        "Mấy giờ chợ họp?",
        "",
    ],
)
def test_no_quantity_is_asked_for(question: str) -> None:
    assert not units_asked_for(keys(question))


def lacks(index: Index, question: str) -> list[bool]:
    rows = index.store.db.execute("SELECT number FROM passages ORDER BY number")
    layout = Layout.of(index.candidates([row[0] for row in rows]))
    found = tuple(keys(question))
    query = Query(question, question, found, (False,) * len(found))
    return lacks_quantity(query, wanted_words(query, index.terms), layout, index.terms).tolist()


def test_a_passage_states_a_quantity_by_a_number_soon_before_its_unit(
    build_index: BuildIndex,
) -> None:
    index = build_index(
        a="Sân vận động có 40.000 khán giả.",
        b="Sân vận động đón khán giả từ năm 2003.",
        c="Ba mươi nghìn lượt khán giả đến sân.",
    )
    assert lacks(index, "Sân có bao nhiêu khán giả?") == [False, True, False]
    assert lacks(index, "Sân ở đâu?") == [False, False, False]
    assert lacks(index, "Sân kín bao nhiêu % khán giả?") == [False, False, False]


def test_a_number_of_the_question_states_nothing_new(build_index: BuildIndex) -> None:
    index = build_index(a="Cuộc đua năm 2021 có 12 người.", b="Năm 2021 người dân xem đua.")
    assert lacks(index, "Năm 2021 có bao nhiêu người đua?") == [False, True]


def test_units_of_one_kind_stand_for_one_another(build_index: BuildIndex) -> None:
    index = build_index(a="Cầu bắc qua sông dài 1,7 km.", b="Cầu có 19 nhịp.")
    assert lacks(index, "Cầu dài bao nhiêu mét?") == [False, True]


def test_a_range_and_an_age_are_quantities(build_index: BuildIndex) -> None:
    index = build_index(
        a="Đi mất 3-5 ngày đường.", b="Ông nghỉ hưu ở tuổi 62.", c="Họ đi từ ngày 3/5."
    )
    assert lacks(index, "Đi mất bao nhiêu ngày?") == [False, True, True]
    assert lacks(index, "Ông bao nhiêu tuổi?") == [True, False, True]


def test_a_round_number_is_a_sum_of_money_where_nothing_else_is_counted(
    build_index: BuildIndex,
) -> None:
    index = build_index(
        a="Căn nhà giá 3,2 tỷ.", b="Nhà giá 500 triệu là rẻ.", c="Nhà bán cho 10 triệu người."
    )
    assert lacks(index, "Nhà giá bao nhiêu?") == [False, False, True]


def test_a_year_right_before_what_is_counted_counts_nothing(build_index: BuildIndex) -> None:
    index = build_index(a="Tháng 6/2019, Quốc hội họp.", b="Hội có 28 thành viên.")
    assert lacks(index, "Có bao nhiêu nước trong hội?") == [True, False]


def test_a_syllable_of_another_word_counts_nothing(build_index: BuildIndex) -> None:
    index = build_index(
        a="Cầu dài 2,75 km, khánh thành sớm.",
        b="Vùng có 13 tỉnh, thành.",
        c="Hội có 28 thành viên.",
        d="Có 9 quốc gia dự.",
        e="Có 9 gia đình dự.",
    )
    assert lacks(index, "Có bao nhiêu nước trong hội?") == [True, True, False, False, True]
    assert lacks(index, "Có bao nhiêu người?") == [True, True, False, True, False]


def test_one_counts_right_before_what_is_counted_alone(build_index: BuildIndex) -> None:
    index = build_index(a="Sông chảy qua một nước.", b="Nơi đây là một vườn quốc gia bên sông.")
    assert lacks(index, "Sông chảy qua mấy nước?") == [False, True]


def test_five_is_no_year_right_before_what_is_counted(build_index: BuildIndex) -> None:
    index = build_index(a="Đoàn có năm thuyền.", b="Năm 1902 thuyền cập bến.")
    assert lacks(index, "Đoàn có bao nhiêu thuyền?") == [False, True]


def test_a_date_is_no_quantity(build_index: BuildIndex) -> None:
    index = build_index(a="Năm 1902 người dân đi qua cầu.", b="Ngày khánh thành có 1902 người.")
    assert lacks(index, "Có bao nhiêu người đi qua cầu?") == [True, False]
