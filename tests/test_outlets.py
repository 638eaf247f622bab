"""Outlets that a question names: `qa.outlets`."""

import pytest

from index.text import fold
from qa.outlets import OutletNames

OUTLETS = [
    "Ngày Nay",
    "Báo Nhân Dân",
    "Thanh Niên",
    "Lao Động",
    "VnExpress",
    "cand.com.vn",
    "www.tuoitre.vn",
    "Tạp chí Cộng sản",
    "Báo điện tử Chính phủ",
    "Đài Tiếng nói Việt Nam",
    "Quân đội Nhân dân",
]
NAMES = OutletNames(OUTLETS)

NAMED = [
    ("Theo Ngày Nay, đại sứ là ai?", "Theo Ngày Nay", "Ngày Nay"),
    ("Theo báo Ngày Nay, đại sứ là ai?", "Theo báo Ngày Nay", "Ngày Nay"),
    ("Đại sứ là ai, theo tờ ngày nay?", "theo tờ ngày nay", "Ngày Nay"),
    ("Báo Nhân Dân viết gì về lúa gạo?", "Báo Nhân Dân", "Báo Nhân Dân"),
    ("báo nhân dân viết gì về lúa gạo?", "báo nhân dân", "Báo Nhân Dân"),
    ("Nhân Dân viết gì về lúa gạo?", "Nhân Dân", "Báo Nhân Dân"),
    ("Trên báo CAND có tin gì?", "Trên báo CAND", "cand.com.vn"),
    ("trên cand có tin gì?", "trên cand", "cand.com.vn"),
    ("Báo Công an Nhân dân nói gì?", "Báo Công an Nhân dân", "cand.com.vn"),
    ("Báo Tuổi Trẻ đưa tin gì?", "Báo Tuổi Trẻ", "www.tuoitre.vn"),
    ("Theo Tuổi Trẻ, giá xăng bao nhiêu?", "Theo Tuổi Trẻ", "www.tuoitre.vn"),
    ("VnExpress đưa tin gì hôm qua?", "VnExpress", "VnExpress"),
    ("vnexpress đưa tin gì?", "vnexpress", "VnExpress"),
    ("Theo VnExpress thì sao?", "Theo VnExpress", "VnExpress"),
    ("Tạp chí Cộng sản đăng bài gì?", "Tạp chí Cộng sản", "Tạp chí Cộng sản"),
    ("Trên báo điện tử Chính phủ có gì?", "Trên báo điện tử Chính phủ", "Báo điện tử Chính phủ"),
    ("Theo báo Chính phủ, thuế giảm mấy?", "Theo báo Chính phủ", "Báo điện tử Chính phủ"),
    ("Đài Tiếng nói Việt Nam đưa tin gì?", "Đài Tiếng nói Việt Nam", "Đài Tiếng nói Việt Nam"),
    ("Theo báo QĐND, ai đến thăm?", "Theo báo QĐND", "Quân đội Nhân dân"),
    ("Báo Lao Động viết gì về lương?", "Báo Lao Động", "Lao Động"),
    ("Dẫn lời Thanh Niên, ai đoạt giải?", "Dẫn lời Thanh Niên", "Thanh Niên"),
]


@pytest.mark.parametrize(("question", "words", "outlet"), NAMED)
def test_a_name_with_a_cue_is_an_outlet(question: str, words: str, outlet: str) -> None:
    (found,) = NAMES.find(question)
    assert question[found.start : found.end] == words
    assert found.outlets == (outlet,)


@pytest.mark.parametrize(
    ("question", "outlet"),
    [
        (q, o)
        for q, w, o in NAMED
        if w.lower().startswith(("báo", "theo báo", "trên báo", "tạp")) and "Công an" not in w
    ],
)
def test_a_name_with_its_noun_is_one_without_diacritics_too(question: str, outlet: str) -> None:
    (found,) = NAMES.find(fold(question).lower())
    assert found.outlets == (outlet,)


@pytest.mark.parametrize(
    "question",
    [
        "Ngày nay người ta ăn gì?",
        "Ở Việt Nam ngày nay ra sao?",
        "Theo luật lao động, lương tối thiểu là bao nhiêu?",
        "Thanh niên xung phong làm gì?",
        "Theo thanh niên trong làng, ai đến trước?",
        "Nhân dân cho biết điều gì?",
        "Chính phủ thông báo chính phủ mới khi nào?",
        "Dự báo lao động năm tới ra sao?",
        "Bão ngày nay mạnh hơn không?",
        "Tạp chí Thời trang viết gì?",
        "Quân đội nhân dân thành lập khi nào?",
        "Tuổi trẻ cần làm gì?",
        "Đảng Cộng sản ra đời khi nào?",
        "Có bao cô ai nói dối?",  # the letters of cand, behind what may be báo
    ],
)
def test_the_same_words_in_ordinary_use_are_not(question: str) -> None:
    assert NAMES.find(question) == []


def test_an_address_is_called_by_its_own_part() -> None:
    names = OutletNames(["thethao.vnexpress.net", "vnexpress.net", "com.vn", "baochinhphu.vn"])
    (found,) = names.find("Theo VnExpress, ai thắng?")
    assert found.outlets == ("thethao.vnexpress.net", "vnexpress.net")
    assert names.find("Trên kênh thể thao, ai thắng?") == []
    assert names.called("Báo Chính phủ") == ["baochinhphu.vn"]


def test_all_outlets_of_one_name_are_meant() -> None:
    names = OutletNames(["Tuổi Trẻ", "tuoitre.vn"])
    (found,) = names.find("Theo báo Tuổi Trẻ, ai thắng?")
    assert found.outlets == ("Tuổi Trẻ", "tuoitre.vn")


def test_no_outlets_name_nothing() -> None:
    assert OutletNames([]).find("Theo báo Tuổi Trẻ, ai thắng?") == []
    assert OutletNames(["…"]).find("Theo báo …, ai thắng?") == []
