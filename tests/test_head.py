"""What the first lines of a text say: newsroom header, title, date line, an interview's outlet."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.head import Head, interview_outlet, lead_title, read_head, read_newsroom_header

BODY = "Đại sứ quán Kazakhstan đã tổ chức họp báo về những thành tựu nổi bật trong năm 2023."


@pytest.mark.parametrize(
    ("header", "date", "source"),
    [
        (" date 2024-01 (Ngày Nay) - ", "2024-01", "Ngày Nay"),
        ("date: 2024-01-15 (Báo X) – ", "2024-01-15", "Báo X"),
        ("15/1/2024 (VnExpress) - ", "2024-01-15", "VnExpress"),
        ("(Ngày Nay) - ", "", "Ngày Nay"),
        ("(Dân trí) — ", "", "Dân trí"),
        ("(VnMedia)- ", "", "VnMedia"),
        ("date 31/2/2024 (Ngày Nay) - ", "", "Ngày Nay"),  # no such day: unknown
        ("\n\tdate 2024 (VTV24) -\n", "2024", "VTV24"),
    ],
)
def test_a_newsroom_header_gives_date_and_outlet(header: str, date: str, source: str) -> None:
    head = read_head(header + BODY)
    assert head == Head(len(header), "", date, source)


@pytest.mark.parametrize(
    "text",
    [
        "Bà Tư Hường (Trần Thị Hường) - mẹ của ông Nguyễn Quốc Toàn.",
        "Ngày 12-5, bé Đạt (10 tuổi) - bệnh nhân nhỏ nhất.",
        "(Ảnh minh họa) - Một góc phố.",
        "(Nguồn: AFP) - Một góc phố.",
        "(tiếp theo) - Một góc phố.",
        "(Ngày 15/1) - Một góc phố.",
        "( Tệ nạn xã hội ) - Một góc phố.",
        "(AFP) đưa tin - rồi thôi.",
    ],
)
def test_prose_with_parentheses_is_no_header(text: str) -> None:
    assert read_newsroom_header(text) is None


def test_a_short_first_line_is_the_title_and_the_body_begins_after_it() -> None:
    text = f"\n  Quan hệ hai nước: 'giai đoạn vàng'\n\n{BODY}"
    head = read_head(text)
    assert head == Head(text.index(BODY), "Quan hệ hai nước: 'giai đoạn vàng'")


@pytest.mark.parametrize("end", ["?", "!", '"', "'", "...", "…", ""])
def test_a_title_may_end_like_one(end: str) -> None:
    assert read_head(f"Mỹ phạm tội ác chiến tranh{end}\n{BODY}").title.endswith(f"tranh{end}")


@pytest.mark.parametrize(
    "first",
    [
        "Một câu ngắn.",
        "Trong đó gồm:",
        "Một vế;",
        "Một vế,",
        "từ " * 41,
        "***",
        "PV: Thưa Đại sứ",
    ],
)
def test_such_a_first_line_is_no_title(first: str) -> None:
    text = f"{first}\n{BODY}"
    assert read_head(text) == Head(0)


def test_a_line_alone_is_the_body() -> None:
    assert read_head("  Chỉ có một dòng") == Head(2)
    assert read_head("Dòng đầu dài hơn dòng sau\nHết") == Head(0)


def test_a_paragraph_wrapped_by_hand_has_no_title() -> None:
    assert (
        read_head("Đại sứ Kanat Tumysh nhấn mạnh Kazakhstan\nmong muốn hợp tác. " + BODY).title
        == ""
    )


@pytest.mark.parametrize(
    "lines",
    ["Tít bài\nThứ hai, 10/2/2025, 09:42 (GMT+7)\n", "10/2/2025\n\nTít bài\n\n",
     "Tít bài\n\n10/2/2025\n"],
)  # fmt: skip
def test_a_date_line_beside_the_title_is_the_date_and_no_body(lines: str) -> None:
    assert read_head(lines + BODY) == Head(len(lines), "Tít bài", "2025-02-10")


def test_a_date_line_below_the_lead_is_the_date_and_stays_in_the_body() -> None:
    text = f"Tít bài\nĐây là sapo của bài.\n10/2/2025\n{BODY}"
    assert read_head(text) == Head(text.index("Đây"), "Tít bài", "2025-02-10")


def test_a_year_alone_on_a_line_is_a_title() -> None:
    assert read_head("1984\n" + BODY).date == ""


def test_only_the_known_title_is_skipped_where_there_is_one() -> None:
    assert read_head(f"TÍT  bài\n{BODY}", title="Tít bài").body == len("TÍT  bài\n")
    assert read_head(f"Một dòng khác\n{BODY}", title="Tít bài").body == 0
    assert read_head(f"# Một dòng khác\n{BODY}", title="Tít bài").body == len("# Một dòng khác\n")


def test_offsets_are_of_the_text_as_it_is_also_when_decomposed() -> None:
    text = unicodedata.normalize("NFD", f"Tít bài\nThứ hai, 10/2/2025\n{BODY}")
    head = read_head(text)
    assert head.title == "Tít bài"
    assert unicodedata.normalize("NFC", text[head.body :]) == BODY


@given(st.text(), st.text(max_size=20))
def test_any_text_has_a_head_inside_it(text: str, title: str) -> None:
    head = read_head(text, title=title)
    assert 0 <= head.body <= len(text)
    assert head.body == len(text) or not text[head.body].isspace()


def test_a_title_from_the_lead_ends_at_a_clause() -> None:
    clause = "Đại sứ Kanat Tumysh nhấn mạnh Kazakhstan mong muốn hợp tác với Việt Nam"
    text = f"{clause}, trong đó đặc biệt chú trọng đến việc ứng phó với các thách thức an ninh mới."
    assert lead_title(text, 0) == clause


def test_a_title_from_the_lead_tells_when_it_is_cut_in_mid_clause() -> None:
    assert lead_title("từ " * 30 + "cuối.", 0) == " ".join(["từ"] * 25) + "…"


def test_a_short_lead_is_the_title_without_its_full_stop() -> None:
    assert lead_title("Bỏ. Hôm nay trời đẹp ở TP. Hồ Chí Minh. Câu sau.", 4) == (
        "Hôm nay trời đẹp ở TP. Hồ Chí Minh"
    )
    assert lead_title("Vì sao? Câu sau.", 0) == "Vì sao?"


def test_a_comma_in_parentheses_or_in_a_number_is_no_clause_border() -> None:
    text = "Giá trị (tính đến nay, theo báo cáo mới nhất) là 4,3 " + "tỷ " * 30 + "đồng."
    assert lead_title(text, 0).endswith("tỷ…")


@pytest.mark.parametrize(
    ("lead", "source"),
    [
        ("Đại sứ đã có cuộc trò chuyện với Báo CAND về quan hệ hai nước.", "Báo CAND"),
        ("Ông trả lời phỏng vấn của phóng viên báo Tuổi Trẻ.", "Báo Tuổi Trẻ"),
        ("Bà trao đổi với PV Báo Quân đội nhân dân về việc này.", "Báo Quân đội nhân dân"),
        ("Ông trả lời phỏng vấn Tạp chí Cộng Sản, số ra hôm nay.", "Tạp chí Cộng Sản"),
        ("Ông trò chuyện với Báo Bình minh về việc này.", ""),  # half a name is none
        ("Ông trò chuyện với báo chí về việc này.", ""),
        ("Theo Báo CAND, hai nước hợp tác.", ""),
    ],
)
def test_the_outlet_of_an_interview_is_in_its_lead(lead: str, source: str) -> None:
    assert interview_outlet(f"{lead}\nPV: Thưa ông?\nÔng A: Vâng.", 0) == source
    decomposed = unicodedata.normalize("NFD", f"{lead}\nPhóng viên: Thưa ông?")
    assert interview_outlet(decomposed, 0) == source


def test_without_an_interviewer_there_is_no_interview() -> None:
    assert interview_outlet("Đại sứ trò chuyện với Báo CAND.\nÔng nói: Vâng.", 0) == ""
    assert interview_outlet("PV: Thưa ông?\nÔng trò chuyện với Báo CAND.", 0) == ""
