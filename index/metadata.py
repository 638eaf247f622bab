"""What a record, front matter or a document's properties say about an article.

Nothing here guesses: a date that is impossible, or that holds more than a date, is unknown ("").
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from email.utils import parsedate
from functools import lru_cache
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Fields:
    """The known fields of an article, each on one line; "" where nothing is said."""

    id: str = ""
    title: str = ""
    date: str = ""
    source: str = ""
    author: str = ""
    url: str = ""


# ---- values ----------------------------------------------------------------------------------


def clean(value: object) -> str:
    """A metadata value on one line, NFC, without control characters; "" for "null" and the like."""
    if isinstance(value, list | tuple):
        value = ", ".join(item for item in value if isinstance(item, str))  # authors
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    line = " ".join(unicodedata.normalize("NFC", str(value)).split())[:500]
    if not line.isprintable():
        line = "".join(letter for letter in line if letter.isprintable()).strip()
    return "" if line.casefold() in {"null", "none", "nan", "~"} else line


def web_url(value: object) -> str:
    """The address when it is one of the web that a reader can open, else ""."""
    url = clean(value)
    return url if host(url) and " " not in url else ""


def host(url: str) -> str:
    """ "https://www.tienphong.vn/a" -> "tienphong.vn"; "" for what is no web address."""
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
    except ValueError:  # "http://[": not an address
        return ""
    return name.removeprefix("www.") if parts.scheme in {"http", "https"} else ""


# ---- dates -----------------------------------------------------------------------------------

# What stands around a date on a date line: the weekday, the time, the zone, "ngày", a label.
_AROUND_DATE = re.compile(
    r"""\bthứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])\b | \bchủ\s+nhật\b
    | \b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b
    | (?:(?<=\d)T|\b)\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?(?:\s*[ap]m\b)?(?:Z|\s?[+-]\d{2}:?\d{2})?
    | \b\d{1,2}\s?(?:h|g|giờ)(?:\s?\d{2})?\b
    | \b(?:GMT|UTC)(?:\s?[+-]\d{1,2}(?::?\d{2})?)?
    | \b(?:ngày\s+)?(?:đăng|cập\s+nhật|xuất\s+bản)\b | \bngày\b | \blúc\b
    | \b(?:date|published|posted|updated)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})(?:\2(?P<d>\d{1,2}))?",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<d>\d{1,2}) ?([-/.]) ?(?P<m>\d{1,2}) ?\2 ?(?P<y>\d{4})",
        r"(?P<d>\d{1,2}) tháng (?P<m>\d{1,2})(?: ?[-/] ?| năm | )(?P<y>\d{4})",
        r"(?:tháng )?(?P<m>\d{1,2})(?: ?[-/.] ?| năm )(?P<y>\d{4})",
        r"tháng (?P<m>\d{1,2}) (?P<y>\d{4})",
        r"(?:năm )?(?P<y>\d{4})",
    )
)
_PDF_DATE = re.compile(r"D:(?P<y>\d{4})(?P<m>\d{2})?(?P<d>\d{2})?")


def parse_date(value: object) -> str:
    """An ISO prefix as precise as the value, which must hold a date and nothing else.

    Day comes before month, as in Vietnam. "Thứ hai, 10/2/2025, 09:42 (GMT+7)" -> "2025-02-10";
    "tháng 3/2024" -> "2024-03"; "2024" -> "2024"; "31/2/2024", "5-12/5/2025" -> "".
    """
    line = clean(value)
    if not 4 <= len(line) <= 80:
        return ""
    if pdf := _PDF_DATE.match(line):
        return _iso(pdf["y"], pdf["m"], pdf["d"])
    bare = re.sub(r"[\s,|()–—]+", " ", _AROUND_DATE.sub(" ", line)).strip(" -.:;")
    for pattern in _DATES:
        if found := pattern.fullmatch(bare):
            parts = found.groupdict()
            return _iso(parts["y"], parts.get("m"), parts.get("d"))
    # Feeds write "Mon, 10 Feb 2025 09:42:00 GMT".
    mail = (
        parsedate(line) if re.match(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4}", line) else None
    )
    return _iso(*mail[:3]) if mail else ""


def _iso(year: str | int, month: str | int | None, day: str | int | None) -> str:
    try:
        full = Date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    if not 1800 <= full.year <= 2100:  # a number of four digits, not a year of news
        return ""
    return full.isoformat()[: 10 if day else 7 if month else 4]


# ---- fields by their many names --------------------------------------------------------------

_NAMES = {
    "id": ("id",),
    "title": ("title", "headline", "tieude"),
    "text": ("text", "content", "body", "noidung"),
    "date": (
        "date", "published", "datepublished", "publisheddate", "publishedat", "publishdate",
        "pubdate", "ngay", "ngaydang", "ngayxuatban",
    ),
    "source": ("source", "outlet", "publisher", "newspaper", "sitename", "nguon", "bao"),
    "author": ("author", "authors", "byline", "tacgia"),
    "url": ("url", "link", "duongdan", "lienket"),
}  # fmt: skip


_SAFE_ID = re.compile(r"""[^\s/\\?#&%<>"]{1,100}""")


@lru_cache(maxsize=1024)
def _folded(name: str) -> str:
    """ "Tiêu đề", "tieu_de" and "TIEU-DE" are one name."""
    plain = unicodedata.normalize("NFD", name.casefold()).replace("đ", "d")
    return "".join(letter for letter in plain if letter.isalnum())


def is_text_field(name: str) -> bool:
    return _folded(name) in _NAMES["text"]


def text_of(record: Mapping[str, object]) -> str:
    """The text of a record exactly as it stands; "" when there is none."""
    texts = (value for value in _values(_by_name(record), "text") if isinstance(value, str))
    return next((text for text in texts if text and not text.isspace()), "")


def fields_of(record: Mapping[str, object]) -> Fields:
    """The known fields of a record, under any of their names; the first that says something."""
    named = _by_name(record)
    return Fields(
        id=_first(map(_record_id, _values(named, "id"))),
        title=_first(map(clean, _values(named, "title"))),
        date=_first(map(parse_date, _values(named, "date"))),
        source=_first(map(clean, _values(named, "source"))),
        author=_first(map(clean, _values(named, "author"))),
        url=_first(map(web_url, _values(named, "url"))),
    )


def _by_name(record: Mapping[str, object]) -> Mapping[str, object]:
    return {_folded(name): value for name, value in record.items()}


def _values(named: Mapping[str, object], field: str) -> Iterator[object]:
    """The values under the field's names, the better name first."""
    return (named[name] for name in _NAMES[field] if name in named)


def _first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")


def _record_id(value: object) -> str:
    """The record's own id where it is safe in links and file names as it stands, else ""."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    name = str(value)
    return name if _SAFE_ID.fullmatch(name) and name.isprintable() else ""
