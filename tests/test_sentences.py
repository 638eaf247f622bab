"""Sentence borders: a table of cases, and what holds for any text."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import split_paragraphs, split_sentences
from index.types import Span

# "|" marks the borders that are wanted.
CASES = [
    "Trời mưa.| Đường ngập.",
    "không có dấu chấm câu nào cả",
    "Một câu có dấu ở cuối.",
    # abbreviations, also where a paragraph begins
    "Ông về TP. Hồ Chí Minh.| Bà ở lại.",
    "TP. Hồ Chí Minh mưa to.| Hà Nội nắng.",
    "Mở đầu.|\nTS. Nguyễn Văn An nói.| Ông về.",
    "Trong năm 2024, TP.HCM thu lớn.| Tốt.",
    "TP.Hồ Chí Minh rất vui.| Tốt.",
    "Theo tp.Hồ Chí Minh.| Tốt.",
    "Theo PGS.TS. Trần Đức Thiên, giá giảm.| Ông lo.",
    "Theo PGS. TS. Trần Đức Thiên, giá giảm.",
    "Theo GS.TSKH Nguyễn Ngọc, nên dừng.| Ông nói.",
    "ThS. Lê Thị Bích và BS.CKII. Trần Nam đến.| Họ nói.",
    "Ra đời khoảng năm 200 Tr.CN ở đó.| Sau mất.",
    "Nhà ở Q.1 rất đắt.| Nhà ở Q. 3 cũng vậy.",
    "Nhà ở P. Bến Nghé, Q. Gò Vấp.",
    "Xem tr. 25 của sách.| Hết.",
    "Ông ấy tên Mr. Bean.| Vui.",
    "Công ty Apple Inc. Mỹ báo lãi.| Cổ phiếu tăng.",
    # numbers and dates
    "Tăng 3.5 lần.| Giảm 2,5%.",
    "Giá 1.000.000 đồng.| Rẻ.",
    "Xảy ra ngày 25/5/2024.| Công an vào cuộc.",
    "Ngày 10.2.2025 khởi công.| Xong năm sau.",
    "Sinh năm 1990.| Ông là con út.",
    "Ông đi lúc 5 giờ.| 3 người ở lại.",
    "1. Tên gọi của cây.| Cây cao.",
    "3.2. Nguyên nhân",
    "II. Lịch sử của làng.| Làng cổ.",
    "A. Phương án một",
    "Có hai loại.|\n1. Tên gọi|\n2. Nguồn gốc",
    # initials, and single letters that end a sentence
    "Truyện của J. K. Rowling bán chạy.| Phim cũng vậy.",
    "Truyện của J.K. Rowling bán chạy.| Phim cũng vậy.",
    "J. Robert Oppenheimer là nhà vật lý.| Ông người Mỹ.",
    "Ông George W. Bush đến.| Ông nói.",
    "Bài hát Johnny B. Goode hay.| Tôi thích.",
    "Công an bắt Nguyễn Văn A. và hai người.| Họ khai.",
    "Công an bắt Nguyễn Văn A.| Sau đó thả.",
    "Công an bắt Nguyễn Thị H.| Đến nay chị đã khai.",
    "Bị hại là bà Phan Thị H. (54 tuổi, ở Huế).| Bà đã khỏe.",
    "Cam giàu vitamin C.| Ngoài ra có chất xơ.",
    "Lạm phát lan khắp Đông Nam Á.| Giá gạo tăng.",
    "Anh là F0.| Chị là F1.",
    "Sống ở Mỹ (U.S. Army) lâu.| Hết.",
    # ellipses
    "Anh ấy... không về.| Chị đợi.",
    "Anh ấy… không về.| Chị đợi.",
    "Anh ấy đi mãi...| Chị đợi.",
    "Anh ấy đi mãi…| Chị đợi.",
    "Có cam, táo, v.v. và nho.| Hết.",
    "Có cam, táo, v.v.| Tất cả đều ngon.",
    "Có cam, táo, v.v...| Tất cả đều ngon.",
    # quotes
    "“Anh về chưa?” chị hỏi.| Anh im.",
    "“Tôi về đây.” - ông Nam nói.| Rồi ông đi.",
    "“Anh về rồi.”| Chị cười.",
    'Ông nói: "Tôi về."| Rồi ông đi.',
    "Đội thắng 3-0.| “Chúng tôi vui”, ông nói.",
    "(Ông về.)| Bà ở.",
    "Thật sao!?| Không tin được!!!| Thật.",
    # a missing space, and what only looks like one
    "Họ bỏ chế độ.|Họ đã về.",
    "Xem vnexpress.net để biết.| Hoặc gọi.",
    "Xem https://bao.vn/a.html?x=1.| Hoặc gọi.",
    "Trang VnExpress.Net và Zing.vn.| Hết.",
    "Thư gửi a@b.vn nhé.| Cảm ơn.",
    # lines
    "Dòng này bị\nngắt giữa chừng.| Câu sau.",
    "Dòng này bị  \r\n  ngắt giữa chừng.| Câu sau.",
    "Tiêu đề|\nCâu đầu.| Câu sau.",
    "Đoạn đầu không có dấu chấm|\n\nđoạn sau chữ nhỏ",
    "Một.|\r\nHai.|\r\n\r\nBa.",
    "Ông chia sẻ:|\n- câu một|\n- Câu hai.",
    # other scripts
    "Tên tiếng Trung là 河内。 Rất đẹp.| Đúng 🎉.| Hết 🎉!",
    "🎉",
]


def slices(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_borders(case: str, form: str) -> None:
    marked = unicodedata.normalize(form, case)
    assert slices(marked.replace("|", "")) == [part.strip() for part in marked.split("|")]


@pytest.mark.parametrize("text", ["", " ", "\n\n \r\n\t", "\u3000\xa0"])
def test_white_space_has_no_sentences(text: str) -> None:
    assert split_sentences(text) == split_paragraphs(text) == []


def test_only_the_asked_part_of_the_text_is_split() -> None:
    text = "Tiêu đề.\nTS. Nam nói. Bà cười. Hết."
    begin, end = text.index("TS"), text.index(" Hết")
    found = [text[s.start : s.end] for s in split_sentences(text, begin, end)]
    assert found == ["TS. Nam nói.", "Bà cười."]


def test_paragraphs_end_at_line_breaks_of_every_kind() -> None:
    text = "Một.\nHai.\r\nBa.\rBốn.\u2028Năm.\x85Sáu.\n \t\n  Bảy."
    assert [text[s.start : s.end] for s in split_paragraphs(text)] == [
        *("Một.", "Hai.", "Ba.", "Bốn.", "Năm.", "Sáu.", "Bảy.")
    ]


PIECES = st.sampled_from(
    [
        *("Ông", "về", "TP", "PGS", "A", "J", "v", "1", "5.000", "net", "đường", "Ý", ".", "..."),
        *(
            "…",
            "?",
            "!",
            "”",
            "“",
            '"',
            ")",
            "(",
            " ",
            "\n",
            "\r\n",
            "\n\n",
            ",",
            "-",
            "河内",
            "🎉",
        ),
    ]
)
texts = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)


def assert_in_order_and_complete(text: str, spans: list[Span]) -> None:
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert not text[end : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        end = span.end
    assert not text[end:].strip()


@settings(deadline=None)
@given(texts)
def test_sentences_hold_every_character_but_white_space_between(text: str) -> None:
    assert_in_order_and_complete(text, split_sentences(text))
    assert_in_order_and_complete(text, split_paragraphs(text))


@settings(deadline=None)
@given(texts)
def test_no_sentence_crosses_a_paragraph(text: str) -> None:
    within = [s for p in split_paragraphs(text) for s in split_sentences(text, p.start, p.end)]
    assert within == split_sentences(text)


@settings(deadline=None)
@given(texts)
def test_nfd_text_has_the_same_sentences(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", composed)
    found = [unicodedata.normalize("NFC", s) for s in slices(decomposed)]
    assert found == slices(composed)


@pytest.mark.parametrize(
    "unit",
    [
        *(".", " ", ". ", "”", ".”", "a", "A.", "A. Rowling ", "TP. A ", "a.a.", "… ", " \n"),
        *("a.B", "Q. 1 ", ". - ", "e\u0301"),
    ],
)
def test_long_monotonous_text_takes_no_longer_than_its_length(unit: str) -> None:
    """What takes quadratic time somewhere would run for minutes here."""
    text = "x" + unit * (200_000 // len(unit)) + "z"
    spans = split_sentences(text)
    assert (spans[0].start, spans[-1].end) == (0, len(text))
