"""The encodings before Unicode: told apart, converted letter for letter, or refused in one line.

The codes below were written down from the standards (TCVN 5712:1993, RFC 1456, the tables of VNI),
not computed from the tables under test.
"""

import csv
import io
import json
import unicodedata
from pathlib import Path

import docx
import pytest

from index.articles import read_articles
from index.encodings import encoding_of, repaired, text_in
from index.errors import ArticleError
from index.legacy import decoded
from index.types import LeftOut
from tests.reading import article

SENTENCE = "Đường phố Hà Nội mở rộng thêm, nghĩa là người dân đỡ kẹt xe."
IN_BYTES = {
    "TCVN3": b"\xa7\xad\xeang ph\xe8 H\xb5 N\xe9i m\xeb r\xe9ng th\xaam, ngh\xdca l\xb5"
    b" ng\xad\xeai d\xa9n \xae\xec k\xd1t xe.",
    "VNI": b"\xd1\xf6\xf4\xf8ng pho\xe1 Ha\xf8 No\xe4i m\xf4\xfb ro\xe4ng the\xe2m, ngh\xf3a la\xf8"
    b" ng\xf6\xf4\xf8i da\xe2n \xf1\xf4\xf5 ke\xeft xe.",
    "VISCII": b"\xd0\xdf\xb6ng ph\xaf H\xe0 N\xb5i m\xb7 r\xb5ng th\xeam, ngh\xeea l\xe0"
    b" ng\xdf\xb6i d\xe2n \xf0\xde k\xa9t xe.",
    "windows-1258": b"\xd0\xfd\xf5\xccng ph\xf4\xec Ha\xcc N\xf4\xf2i m\xf5\xd2 r\xf4\xf2ng"
    b" th\xeam, nghi\xdea la\xcc ng\xfd\xf5\xcci d\xe2n \xf0\xf5\xde ke\xf2t xe.",
}
IN_OLD_FONTS = {  # what a page or a document holds whose font is gone
    "TCVN3": "§­êng phè Hµ Néi më réng thªm, nghÜa lµ ng­êi d©n ®ì kÑt xe.",
    "VNI": "Ñöôøng phoá Haø Noäi môû roäng theâm, nghóa laø ngöôøi daân ñôõ keït xe.",
    "VISCII": "Ðß¶ng ph¯ Hà Nµi m· rµng thêm, nghîa là ngß¶i dân ðÞ k©t xe.",
    "UTF-8 written twice": SENTENCE.encode().decode("latin-1"),
}
ALPHABET = (
    "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
)  # fmt: skip
# The codes of the letters above, in their order.
TCVN3 = (
    "61 b5 b6 b7 b8 b9 a8 bb bc bd be c6 a9 c7 c8 c9 ca cb 65 cc ce cf d0 d1 aa d2 d3 d4 d5 d6"
    " 69 d7 d8 dc dd de 6f df e1 e2 e3 e4 ab e5 e6 e7 e8 e9 ac ea eb ec ed ee 75 ef f1 f2 f3 f4"
    " ad f5 f6 f7 f8 f9 79 fa fb fc fd fe ae"
)
VISCII = (
    "61 e0 e4 e3 e1 d5 e5 a2 c6 c7 a1 a3 e2 a5 a6 e7 a4 a7 65 e8 eb a8 e9 a9 ea ab ac ad aa ae"
    " 69 ec ef ee ed b8 6f f2 f6 f5 f3 f7 f4 b0 b1 b2 af b5 bd b6 b7 de be fe 75 f9 fc fb fa f8"
    " df d7 d8 e6 d1 f1 79 cf d6 db fd dc f0"
)
VISCII_CAPITALS = (
    "41 c0 c4 c3 c1 80 c5 82 02 05 81 83 c2 85 86 06 84 87 45 c8 cb 88 c9 89 ca 8b 8c 8d 8a 8e"
    " 49 cc 9b ce cd 98 4f d2 99 a0 d3 9a d4 90 91 92 8f 93 b4 96 97 b3 95 94 55 d9 9c 9d da 9e"
    " bf bb bc ff ba b9 59 9f 14 19 dd 1e d0"
)
TCVN_CAPITALS = (
    "41 80 81 82 83 84 a1 af ba bf c0 85 a2 c1 c2 c3 c4 86 45 87 88 89 8a 8b a3 c5 cd d9 da 8c"
    " 49 8d 8e 8f 90 91 4f 92 93 94 95 96 a4 db e0 f0 ff 97 a5 98 99 9a 9b 9c 55 9d 9e 9f 01 02"
    " a6 04 05 06 11 12 59 13 14 15 16 17 a7"
)
VNI = (
    "a aø aû aõ aù aï aê aè aú aü aé aë aâ aà aå aã aá aä e eø eû eõ eù eï eâ eà eå eã eá eä"
    " i ì æ ó í ò o oø oû oõ où oï oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï u uø uû uõ uù uï"
    " ö öø öû öõ öù öï y yø yû yõ yù î ñ"
)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def in_1258(text: str) -> bytes:
    """The tone mark apart, as this code page wants it."""
    return b"".join(_letter_in_1258(letter) for letter in text)


def _letter_in_1258(letter: str) -> bytes:
    apart = unicodedata.normalize("NFD", letter)
    base = "".join(c for c in apart if c not in "\u0300\u0301\u0303\u0309\u0323")
    tone = "".join(c for c in apart if c in "\u0300\u0301\u0303\u0309\u0323")
    return (unicodedata.normalize("NFC", base) + tone).encode("cp1258")


# ---- letter for letter -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "codes", "letters"),
    [
        ("TCVN3", TCVN3, ALPHABET),
        ("TCVN 5712", TCVN3, ALPHABET),
        ("TCVN 5712", TCVN_CAPITALS, ALPHABET.upper()),
        ("VISCII", VISCII, ALPHABET),
        ("VISCII", VISCII_CAPITALS, ALPHABET.upper()),
    ],
)
def test_every_letter_of_the_alphabet(encoding: str, codes: str, letters: str) -> None:
    shown = bytes.fromhex(codes).decode("latin-1")
    assert [decoded(letter, encoding) for letter in shown] == list(letters)


def test_every_letter_of_vni_in_small_letters_and_capitals() -> None:
    letters = VNI.split()
    assert [decoded(letter, "VNI") for letter in letters] == list(ALPHABET)
    assert [decoded(letter.upper(), "VNI") for letter in letters] == list(ALPHABET.upper())
    assert decoded("Aùnh AÙNH Ñaø Naüng", "VNI") == "Ánh ÁNH Đà Nẵng"  # both ways of a capital


def test_every_letter_of_windows_1258() -> None:
    for letters in (ALPHABET, ALPHABET.upper()):
        assert decoded(in_1258(letters).decode("latin-1"), "windows-1258") == letters


def test_capitals_of_the_abc_fonts() -> None:
    assert decoded("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", "TCVN3") == (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    )
    assert decoded("§éc lËp - Tù do\nTù DO\nSèNG ë Hµ NéI", "TCVN3") == (
        "Độc lập - Tự do\nTỰ DO\nSỐNG Ở HÀ NỘI"
    )
    assert decoded("UBND TP Hµ Néi, ë Hµ TÜnh", "TCVN3") == "UBND TP Hà Nội, ở Hà Tĩnh"
    assert decoded("¡ ¢ £ ¤ ¥ ¦ §", "TCVN3") == "Ă Â Ê Ô Ơ Ư Đ"


def test_quotes_and_dashes_of_windows_stay() -> None:
    assert text_in(b"\x93H\xb5 N\xe9i\x94 \x96 \x85", "TCVN3") == "“Hà Nội” – …"


# ---- which encoding --------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", IN_BYTES)
def test_bytes_are_read_in_the_encoding_that_makes_vietnamese_of_them(
    tmp_path: Path, encoding: str
) -> None:
    data = IN_BYTES[encoding]
    assert encoding_of(data) == encoding
    found = article(write(tmp_path / "a.txt", b"Tin 1\r\n\r\n" + data))
    assert found.text == f"Tin 1\r\n\r\n{SENTENCE}"
    assert found.text[found.body :] == SENTENCE


@pytest.mark.parametrize("encoding", IN_BYTES)
def test_every_format_of_text_is_read_in_old_encodings(tmp_path: Path, encoding: str) -> None:
    data = IN_BYTES[encoding]
    assert SENTENCE in article(write(tmp_path / "a.md", b"---\nid: 1\n---\n" + data)).text
    page = b"<html><body><article><p>" + data + b"</p><p>Xe 1.</p></article></body></html>"
    assert article(write(tmp_path / "a.html", page)).text == f"{SENTENCE}\nXe 1."
    lines = b'{"id": "1", "text": "' + data + b'"}\n{"id": "2", "text": "' + data + b'"}\n'
    items = list(read_articles([write(tmp_path / "a.jsonl", lines)]))
    assert [getattr(item, "text", item) for item in items] == [SENTENCE, SENTENCE]
    rows = b'title,text\r\nA,"' + data + b'\r\n"\r\n'
    assert article(write(tmp_path / "a.csv", rows)).text == f"{SENTENCE}\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_unicode_is_kept_as_it_is(tmp_path: Path, encoding: str, form: str) -> None:
    text = unicodedata.normalize(form, f"Tin ngắn\n\n{SENTENCE}")
    assert article(write(tmp_path / "a.txt", text.encode(encoding))).text == text


def test_a_utf16_file_that_names_its_order(tmp_path: Path) -> None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        content = mark + SENTENCE.encode(encoding)
        assert article(write(tmp_path / "a.txt", content)).text == SENTENCE


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Le président a déclaré à Genève que l'été et la fête étaient terminés.", "cp1252"),
        ("Die Prüfung für Mädchen wäre später möglich; müßten größere Städte zahlen?", "cp1252"),
        ("El niño comió; además, según la policía, había más información aquí.", "cp1252"),
        ("La città è più bella perché c'è libertà; così però andrà né più né meno.", "cp1252"),
        ("Navn på menyen på én side; du må velge på nytt når én må gå på tur.", "cp1252"),
        ("新闻报道今天在北京举行的会议上发表了重要讲话", "gbk"),
        ("Новости сегодня: президент выступил с речью", "cp1251"),
    ],
)
def test_other_languages_are_no_vietnamese(tmp_path: Path, text: str, codec: str) -> None:
    with pytest.raises(ArticleError, match="and not Vietnamese in TCVN3, VNI, VISCII, windows"):
        (item,) = read_articles([write(tmp_path / "a.txt", text.encode(codec))])
        assert isinstance(item, LeftOut)
        raise ArticleError(item.reason)
    assert repaired(text) == text


def test_half_a_vietnamese_file_with_broken_characters_stays_utf8(tmp_path: Path) -> None:
    (item,) = read_articles([write(tmp_path / "a.txt", SENTENCE.encode() + b" \xe1\xba!")])
    assert isinstance(item, LeftOut) and item.reason.startswith("not UTF-8 (byte ")


def test_a_page_in_no_vietnamese_encoding_is_read_as_it_states(tmp_path: Path) -> None:
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'
        "</head><body><article><p>Café “Hà Nam”: " + "a long line of text. " * 9 + "</p>"
        "</article></body></html>"
    ).encode("cp1252")
    assert "Café “Hà Nam”: a" in article(write(tmp_path / "a.html", page)).text


# ---- documents for old fonts -----------------------------------------------------------------


@pytest.mark.parametrize("encoding", IN_OLD_FONTS)
def test_text_for_old_fonts_is_recognised(tmp_path: Path, encoding: str) -> None:
    shown = IN_OLD_FONTS[encoding]
    assert repaired(shown) == SENTENCE
    document = docx.Document()
    document.add_paragraph(shown)
    document.add_paragraph("Tiêu đề bằng chữ Unicode, gõ sau này.")
    document.add_paragraph(f"{shown} Th\xe1ng 5." if encoding == "VISCII" else "ABC 1.")
    document.save(str(tmp_path / "a.docx"))
    assert article(tmp_path / "a.docx").text.startswith(
        f"{SENTENCE}\nTiêu đề bằng chữ Unicode, gõ sau này.\n"
    )
    record = json.dumps({"title": "Tin", "text": shown}).encode()
    assert article(write(tmp_path / "a.jsonl", record)).text == SENTENCE
    rows = io.StringIO()
    csv.writer(rows).writerows([["text"], [shown]])
    assert article(write(tmp_path / "a.csv", rows.getvalue().encode())).text == SENTENCE


def test_a_page_for_old_fonts_keeps_its_soft_hyphens(tmp_path: Path) -> None:
    written = IN_OLD_FONTS["TCVN3"].replace("­", "&shy;").replace("é", "&eacute;")
    page = f"<html><body><article><p>{written.replace('µ', '&#181;')}</p></article></body></html>"
    assert article(write(tmp_path / "a.html", page.encode())).text == SENTENCE


def test_a_soft_hyphen_that_became_a_hyphen() -> None:
    shown = IN_OLD_FONTS["TCVN3"].replace("­", "-")
    assert repaired(f"{shown} Xe T-90, nh- x-a; Hµ Néi-HuÕ, ®-îc 1945-1975.") == (
        f"{SENTENCE} Xe T-90, như xưa; Hà Nội-Huế, được 1945-1975."
    )


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        unicodedata.normalize("NFD", SENTENCE),
        SENTENCE.upper(),
        "Bà Hà và bé Na là ai? Có ba mà. Là cá!",  # no letter that only Unicode has
        "Beyoncé, Zoë và Björk hát ở São Paulo – 30 °C, ®, ©, 50 m², “naïve”.",
        "Café crème, déjà vu, hôtel à Genève: où est la forêt?",
        "Plain English text – with “quotes”, £5 and 20 °C.",
        "新闻报道，今天。ÿ µ ¸",
        "µ ¸ ¶",
        "",
    ],
)
def test_proper_text_is_not_touched(text: str) -> None:
    assert repaired(text) == text
