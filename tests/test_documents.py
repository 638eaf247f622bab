"""PDF and Word files: their text, what they state of themselves, and broken ones."""

import io
from datetime import datetime
from pathlib import Path

import docx
import pypdf
import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, SimpleDocTemplate

from tests.reading import article, reason

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
LEAD = "Đại sứ quán Kazakhstan đã tổ chức họp báo về những thành tựu nổi bật trong năm 2023."
LATIN = "Hai nam qua, quan he giua hai nuoc da co nhung buoc tien moi trong nhieu linh vuc lon."


# ---- PDF -------------------------------------------------------------------------------------


def pdf(path: Path, paragraphs: list[str], title: str = "", author: str = "") -> Path:
    """A PDF with the paragraphs; in a font with Vietnamese letters where the machine has one."""
    if FONT.exists():
        pdfmetrics.registerFont(TTFont("Unicode", str(FONT)))
    style = ParagraphStyle("body", fontName="Unicode" if FONT.exists() else "Helvetica")
    document = SimpleDocTemplate(str(path), title=title or None, author=author or None)
    document.build([Paragraph(text, style) for text in paragraphs])
    return path


def test_a_pdf_is_its_paragraphs_unwrapped(tmp_path: Path) -> None:
    body = LEAD if FONT.exists() else LATIN
    paragraphs = ["Quan he hai nuoc", "15/1/2024", f"{body} " * 4, f"{LATIN} " * 3]
    found = article(pdf(tmp_path / "a.pdf", paragraphs, author="Tran An"))
    assert found.text == "\n".join(paragraph.strip() for paragraph in paragraphs)
    assert (found.title, found.date, found.author) == ("Quan he hai nuoc", "2024-01-15", "Tran An")
    assert found.text[found.body :].startswith(body)


def test_what_a_program_writes_for_nothing_is_no_title(tmp_path: Path) -> None:
    found = article(pdf(tmp_path / "a.pdf", ["Tit bai", LATIN]))  # reportlab: untitled, anonymous
    assert (found.title, found.author) == ("Tit bai", "")
    found = article(pdf(tmp_path / "b.pdf", ["Tit bai", LATIN], "Microsoft Word - bai1.doc"))
    assert found.title == "Tit bai"
    assert article(pdf(tmp_path / "c.pdf", ["Tit bai", LATIN], "Tit that")).title == "Tit that"


@pytest.mark.parametrize(
    ("created", "date"), [("D:20240115093000+07'00'", "2024-01-15"), ("D:2024", "2024"), ("x", "")]
)
def test_a_pdf_without_a_date_line_has_its_creation_date(
    tmp_path: Path, created: str, date: str
) -> None:
    writer = pypdf.PdfWriter(clone_from=pdf(tmp_path / "a.pdf", ["Tit bai", LATIN]))
    writer.add_metadata({"/CreationDate": created})
    writer.write(tmp_path / "b.pdf")
    assert article(tmp_path / "b.pdf").date == date


def test_page_numbers_do_not_cut_a_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path))
    words = LATIN.split()
    for number, line in enumerate((words[:9], words[9:]), 1):
        canvas.drawString(50, 700, " ".join(line))
        canvas.drawString(300, 30, f"Trang {number}/2")
        canvas.showPage()
    canvas.save()
    assert article(path).text == LATIN


def test_an_encrypted_pdf_asks_for_a_copy(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=pdf(tmp_path / "a.pdf", [LATIN]))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "b.pdf")
    assert reason(tmp_path / "b.pdf") == "needs a password: save a copy without one"


def test_a_pdf_that_only_its_owner_may_change_is_read(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=pdf(tmp_path / "a.pdf", [LATIN]))
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(tmp_path / "b.pdf")
    assert article(tmp_path / "b.pdf").text == LATIN


def test_a_scanned_pdf_has_no_text(tmp_path: Path) -> None:
    picture = io.BytesIO(b"P6 1 1 255\n\xff\xff\xff")
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.drawImage(ImageReader(picture), 0, 0, 100, 100)
    canvas.save()
    assert reason(tmp_path / "a.pdf").startswith("no text in it, only pictures of pages")


@pytest.mark.parametrize("kept", [9, 300, -200])
def test_a_broken_pdf_is_left_out_in_one_line(
    tmp_path: Path, kept: int, caplog: pytest.LogCaptureFixture
) -> None:
    whole = pdf(tmp_path / "a.pdf", [LATIN]).read_bytes()
    path = tmp_path / "b.pdf"
    path.write_bytes(whole[:kept].replace(b"/Pages", b"/Bages"))
    assert reason(path).startswith("damaged PDF: save it again from the program that made it (")
    assert caplog.records == []


# ---- Word ------------------------------------------------------------------------------------


def word(path: Path, created: datetime | None = None, title: str = "") -> Path:
    document = docx.Document()
    for text in ("Tít bài", "", LEAD):
        document.add_paragraph(text)
    cells = document.add_table(1, 3).rows[0].cells
    cells[0].text = "Năm 2023"
    cells[1].merge(cells[2]).text = "1 tỷ USD"
    document.add_paragraph("Đoạn cuối.")
    document.core_properties.title = title
    if created:
        document.core_properties.created = created
    document.save(str(path))
    return path


def test_a_word_file_is_its_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    found = article(word(tmp_path / "a.docx", datetime(2024, 1, 15, 9, 30), "Tít trong tệp"))
    assert found.text == f"Tít bài\n{LEAD}\nNăm 2023 | 1 tỷ USD\nĐoạn cuối."
    assert (found.title, found.date, found.author) == ("Tít trong tệp", "2024-01-15", "")
    assert found.text[found.body :].startswith(LEAD)


def test_the_date_of_a_template_is_no_date(tmp_path: Path) -> None:
    found = article(word(tmp_path / "a.docx"))
    assert (found.title, found.date) == ("Tít bài", "")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"\xd0\xcf\x11\xe0 old"])
def test_a_broken_word_file_is_left_out(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    assert reason(path).startswith("damaged .docx" if content else "the file is empty")


def test_half_a_word_file_is_left_out(tmp_path: Path) -> None:
    whole = word(tmp_path / "a.docx").read_bytes()
    path = tmp_path / "b.docx"
    path.write_bytes(whole[: len(whole) // 2])
    assert reason(path).startswith("damaged .docx, or protected by a password")


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    if not FONT.exists():
        pytest.skip("no font with Vietnamese letters")
    pdfmetrics.registerFont(TTFont("Unicode", str(FONT)))
    style = ParagraphStyle("body", fontName="Unicode", fontSize=10, leading=13)
    columns = [Frame(50, 60, 240, 700), Frame(310, 60, 240, 700)]

    def head_and_foot(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Unicode", 8)
        canvas.drawString(60, 810, "Báo Thử Nghiệm – Số 12 – 15/1/2024")
        canvas.drawString(60, 30, f"Trang {document.page}")

    document = BaseDocTemplate(str(tmp_path / "a.pdf"))
    document.addPageTemplates([PageTemplate(frames=columns, onPage=head_and_foot)])
    numbers = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]
    paragraphs = [
        f"Đoạn {a} mươi {b} bắt đầu ở đây. " + f"{LEAD} Câu {a} mươi {b} là thế. " * 3
        for a in numbers
        for b in numbers[:3]
    ]
    document.build([Paragraph(text, style) for text in ["Tuyến đường ven biển", *paragraphs]])
    assert len(pypdf.PdfReader(tmp_path / "a.pdf").pages) > 1
    found = article(tmp_path / "a.pdf")
    assert " ".join(found.text.split()) == " ".join(
        ["Tuyến đường ven biển", *(text.strip() for text in paragraphs)]
    )
