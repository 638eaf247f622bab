"""Web pages: the article, what the page states of it, and nothing of what stands around it."""

from pathlib import Path

import pytest

from tests.reading import article, reason

LEAD = "Đại sứ quán Kazakhstan đã tổ chức họp báo về những thành tựu nổi bật trong năm 2023."


def page(folder: Path, head: str = "", above: str = "", below: str = "") -> Path:
    path = folder / "page.html"
    paragraphs = "".join(f"<p>Đoạn {number}. {LEAD}</p>" for number in range(4))
    path.write_text(
        f"<html><head><title>Tít bài - Ngày Nay</title>{head}</head><body><nav>Trang chủ</nav>"
        f"<article><h1>Tít bài</h1>{above}{paragraphs}{below}</article>"
        "<footer>Copyright 2020</footer></body></html>",
        encoding="utf-8",
    )
    return path


def test_a_page_is_its_main_text_and_what_it_states(tmp_path: Path) -> None:
    path = page(
        tmp_path,
        '<meta property="og:title" content="Tít bài"><meta name="author" content="Trần Văn An">'
        '<meta property="og:site_name" content="Ngày Nay">'
        '<meta property="og:url" content="https://ngaynay.vn/bai-1.html">'
        '<meta property="article:published_time" content="2024-01-15T10:00:00+07:00">',
        "<p>Thứ ba, 16/1/2024</p>",
    )
    found = article(path)
    assert (found.title, found.date) == ("Tít bài", "2024-01-15")
    assert (found.source, found.author) == ("Ngày Nay", "Trần Văn An")
    assert found.url == "https://ngaynay.vn/bai-1.html"
    assert found.id.startswith("u")
    expected = "\n".join(f"Đoạn {number}. {LEAD}" for number in range(4))
    assert found.text[found.body :] == expected
    assert "Trang chủ" not in found.text


@pytest.mark.parametrize(
    ("head", "above", "date"),
    [
        ('<meta itemprop="datePublished" content="2024-01">', "", "2024-01"),
        ('<meta name="pubdate" content="2024">', "", "2024"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle",'
            ' "dateModified": "2024-02-01", "datePublished": "2024-01-15T10:00"}</script>',
            "",
            "2024-01-15",
        ),
        ("", "<p>Thứ hai, 10/2/2025, 09:42 (GMT+7)</p>", "2025-02-10"),
        ("", '<time datetime="2025-02-10T09:42">hôm qua</time>', "2025-02-10"),
        ('<meta name="date" content="2024-02-31">', "", ""),
        ("", "<p>Ngày 26/5/1995, hai nước ký kết một hiệp định quan trọng.</p>", ""),
        ("", "", ""),  # not the copyright year, not the day the file was saved
    ],
)
def test_a_page_has_the_date_that_it_states(
    tmp_path: Path, head: str, above: str, date: str
) -> None:
    assert article(page(tmp_path, head, above)).date == date


@pytest.mark.parametrize("html", ["<html></html>", "<html><body><script>1</script></body></html>"])
def test_a_page_without_text_is_left_out(tmp_path: Path, html: str) -> None:
    path = tmp_path / "a.htm"
    path.write_text(html)
    assert reason(path).startswith("no article text found in the page")


# ---- what stands around an article -----------------------------------------------------------

NEWS = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">
<title>Cầu Rồng lắp hệ thống đèn mới | Báo Miền Trung</title>
<meta property="og:title" content="Cầu Rồng lắp hệ thống đèn mới">
<meta property="article:published_time" content="2024-03-05T08:00:00+07:00"></head><body>
<header><nav class="menu"><ul><li><a href="/">Trang chủ</a></li><li><a href="/thoi-su">Thời sự</a>
</li></ul></nav></header>
<div class="breadcrumb"><a href="/">Trang chủ</a> &raquo; <a href="/do-thi">Đô thị</a></div>
<div class="main"><h1 class="title-detail">Cầu Rồng lắp hệ thống đèn mới</h1>
<div class="meta">Thứ ba, 5/3/2024, 08:00 (GMT+7) <span>Chia sẻ Facebook Zalo</span></div>
<p class="description">Hơn 15.000 bóng đèn LED được thay mới, tiết kiệm khoảng 40 % điện năng.</p>
<article class="detail">
<p>Ban quản lý cho biết việc thay đèn bắt đầu từ tháng 1 và xong trước lễ hội pháo hoa.</p>
<figure><img src="a.jpg" alt="Cầu về đêm"><figcaption><p>Cầu nhìn từ bờ đông. Ảnh: Khôi</p>
</figcaption></figure>
<p>Theo giám đốc dự án, hệ thống cũ dùng từ năm 2013 đã xuống cấp do hơi muối.</p>
<h2>Chi phí</h2><p>Tổng kinh phí là 28 tỷ đồng, trong đó ngân sách thành phố chi 20 tỷ.</p>
<table><tr><th>Hạng mục</th><th>Tỷ đồng</th></tr><tr><td>Thân rồng</td><td>18</td></tr></table>
<div class="related"><b>Xem thêm:</b><ul><li><a href="/1">Sửa cầu Thuận Phước</a></li></ul></div>
<p>Dự kiến tháng 6, thành phố lắp tiếp đèn cho cầu Trần Thị Lý.</p></article>
<div class="tags">Từ khóa: <a href="/t">cầu Rồng</a></div>
<div class="comments"><h3>Ý kiến (1)</h3><p>Đèn mới đẹp quá, mong làm thêm nhiều cầu nữa.</p></div>
<div class="related"><h3>Tin liên quan</h3><h4><a href="/3">Pháo hoa có tám đội</a></h4>
<p>Tám đội tranh tài trong năm đêm bên bờ sông Hàn.</p></div></div>
<aside><h3>Đọc nhiều</h3><ol><li><a href="/5">Giá vàng tăng</a></li></ol></aside>
<footer><p>Báo Miền Trung. Giấy phép số 123. Địa chỉ: 1 Bạch Đằng.</p></footer></body></html>"""


def test_a_page_of_news_is_its_lead_and_its_text_and_nothing_around_it(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(NEWS, encoding="utf-8")
    found = article(path)
    assert found.title == "Cầu Rồng lắp hệ thống đèn mới"
    assert [line for line in found.text.splitlines() if not line.startswith("|--")] == [
        "Hơn 15.000 bóng đèn LED được thay mới, tiết kiệm khoảng 40 % điện năng.",
        "Ban quản lý cho biết việc thay đèn bắt đầu từ tháng 1 và xong trước lễ hội pháo hoa.",
        "Theo giám đốc dự án, hệ thống cũ dùng từ năm 2013 đã xuống cấp do hơi muối.",
        "Chi phí",
        "Tổng kinh phí là 28 tỷ đồng, trong đó ngân sách thành phố chi 20 tỷ.",
        "| Hạng mục | Tỷ đồng | ",
        "| Thân rồng | 18 | ",
        "Dự kiến tháng 6, thành phố lắp tiếp đèn cho cầu Trần Thị Lý.",
    ]


def test_a_lead_inside_the_article_stands_once(tmp_path: Path) -> None:
    path = page(tmp_path, above=f'<p class="sapo">Lời dẫn. {LEAD}</p>')
    assert article(path).text.count("Lời dẫn.") == 1


def test_an_older_page_arranged_in_tables_keeps_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><head><title>Nhà văn kể chuyện làng</title></head><body><table width='100%'><tr>"
        "<td width='20%'><a href=x>Thơ</a><br><a href=z>Truyện</a></td><td><h1>Nhà văn kể chuyện"
        " làng</h1><div class=date>12/04/2019</div><b>Sau mười năm im lặng, nhà văn trở lại với"
        " tập truyện viết về ngôi làng ven sông nơi ông lớn lên.</b><br><br>PV: Vì sao mười năm"
        " ông mới in sách?<br>Nhà văn: Tôi viết chậm. Mỗi truyện để ngăn kéo hai năm.<br><br>"
        "PV: Ngôi làng trong sách có thật không?<br>Nhà văn: Có thật, nhưng đã dời lên đê vì sạt"
        " lở từ năm 2008.<hr>Các tin khác:<br>- <a href=q>Triển lãm gốm cổ</a> (10/04)<br></td>"
        "</tr></table></body></html>",
        encoding="utf-8",
    )
    found = article(path)
    assert (found.title, found.date) == ("Nhà văn kể chuyện làng", "2019-04-12")
    assert found.text[found.body :].splitlines() == [
        "Sau mười năm im lặng, nhà văn trở lại với tập truyện viết về ngôi làng ven sông nơi ông"
        " lớn lên.",
        "PV: Vì sao mười năm ông mới in sách?",
        "Nhà văn: Tôi viết chậm. Mỗi truyện để ngăn kéo hai năm.",
        "PV: Ngôi làng trong sách có thật không?",
        "Nhà văn: Có thật, nhưng đã dời lên đê vì sạt lở từ năm 2008.",
    ]


def test_other_articles_named_in_the_middle_do_not_cut_the_text(tmp_path: Path) -> None:
    found = article(page(tmp_path, above="<p>Lời đầu.</p><p>Xem thêm:</p>"))
    assert found.text.endswith(f"Đoạn 3. {LEAD}")
