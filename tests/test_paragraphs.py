"""Lines of printed pages to paragraphs: heads and feet gone, broken words whole."""

import pytest

from index.paragraphs import join_lines

LINES = (
    "Sáng qua, đoàn công tác của tỉnh đã đến kiểm tra tiến độ",
    "thi công tuyến đường ven biển, công trình trọng điểm của",
    "miền Trung. Theo ban quản lý, đến nay nhà thầu hoàn thành",
    "gần 70 % khối lượng, phần nền đường đã xong toàn bộ.",
    "Giám đốc dự án cho biết đoạn qua đèo khó nhất vì đá rơi",
    "sau mỗi trận mưa, máy móc phải dừng hàng tuần liền để dọn",
    "đường, trong khi công nhân chuyển sang làm cống và kè đá ở",
)  # each page of a test is cut from these


def page(number: int, *lines: str, head: str = "Báo Thử – Số 12", foot: str = "Trang {}") -> str:
    return "\n".join([head.format(number), *lines, foot.format(number)])


def test_paragraphs_go_on_over_lines_and_pages() -> None:
    text = join_lines(["\n".join(LINES[:2]), "\n".join(LINES[2:])])
    assert text == f"{' '.join(LINES[:4])}\n{' '.join(LINES[4:])}"


def test_running_heads_and_feet_are_left_out() -> None:
    pages = [page(n, *(f"{line} {'abc'[n]}" for line in LINES)) for n in range(3)]
    text = join_lines(pages)
    assert "Báo Thử" not in text and "Trang" not in text
    assert all(f"{line} {letter}" in text for line in LINES for letter in "abc")


def test_left_and_right_pages_have_heads_of_their_own() -> None:
    heads = ["{} THỜI SỰ", "KINH TẾ {}"] * 3
    pages = [page(n, *(f"{line} {'abcdef'[n]}" for line in LINES), head=heads[n]) for n in range(6)]
    text = join_lines(pages)
    assert "THỜI SỰ" not in text and "KINH TẾ" not in text


def test_a_head_that_repeats_the_title_leaves_the_title() -> None:
    title = "Tuyến đường ven biển sắp xong"
    pages = [page(n, *(f"{line} {'abc'[n]}" for line in LINES), head=title) for n in range(3)]
    assert join_lines(pages).splitlines()[0] == title
    assert join_lines(pages).count(title) == 1


def test_a_line_that_stands_twice_inside_pages_stays() -> None:
    chorus = "Ơi con sông quê, con sông quê."
    pages = [
        "\n".join([*(f"{line} {'ab'[n]}" for line in LINES), chorus, *LINES[:3], f"hết {n} x"])
        for n in range(2)
    ]
    assert join_lines(pages).count(chorus) == 2


@pytest.mark.parametrize("number", ["3", "- 3 -", "Trang 3/12", "Page 3 of 12", "trang 3 trên 12"])
def test_page_numbers_are_left_out(number: str) -> None:
    assert join_lines([f"{LINES[0]}\n{number}", f"{LINES[1]}\n{number}"]) == " ".join(LINES[:2])


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("cả nước cùng bàn chuyện phát tri-", "ển lâu dài", "phát triển lâu"),
        ("cả nước cùng bàn chuyện phát ngh", "iên cứu lâu dài", "phát nghiên cứu"),
        ("cả nước cùng bàn chuyện nghi\xad", "êng về một phía", "chuyện nghiêng về"),
        ("theo như tập đoàn Micro-", "soft công bố", "tập đoàn Microsoft công"),
        ("cả nước cùng bàn chuyện kinh-", "tế thời ấy", "chuyện kinh-tế thời"),
        ("cả nước cùng phòng dịch Covid-", "19 năm ấy", "dịch Covid-19 năm"),
        ("cả nước cùng bàn quan hệ Nga-", "Mỹ năm ấy", "hệ Nga-Mỹ năm"),
        ("cả nước cùng bàn tuyến Hà Nội -", "Huế năm ấy", "Hà Nội - Huế"),
        ("cả nước cùng bàn chuyện rộng 5 m", "ai cũng biết", "rộng 5 m ai cũng"),
        ("cả nước cùng bàn chuyện anh", "em một nhà", "chuyện anh em một"),
    ],
)
def test_words_broken_at_the_end_of_a_line(above: str, below: str, joined: str) -> None:
    assert joined in join_lines([f"{above}\n{below}"])
