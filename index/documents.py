"""Web pages, PDF and Word files to a draft of an article: their text, and what they state of it.

The libraries are imported where they are used: they would double the start-up time of commands
that read no such file.
"""

import logging
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from math import ceil
from pathlib import Path
from typing import Any

from index.encodings import repaired
from index.errors import ArticleError
from index.formats import MAX_BYTES, Draft, read_text, with_head
from index.head import read_head
from index.metadata import Fields, clean, parse_date, web_url

_PAGE_DATES = (
    "article:published_time", "datepublished", "pubdate", "publishdate", "publish_date",
    "publication_date", "dc.date.issued", "dcterms.created", "dc.date", "date",
)  # fmt: skip
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]{3,30})""", re.IGNORECASE)
# Letters that pages made for old fonts write as references; trafilatura drops the soft hyphen.
_LETTERS = re.compile(
    r"&(?!nbsp;|quot;|lt;|gt;|amp;)(?:[a-z]{2,8}|#(?:1[6-9]|2[0-5])\d);", re.IGNORECASE
)
_JSON_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
# What programs write into a document's properties when the writer says nothing.
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint)\b.*|untitled.*|word document|document ?\d*"
    r"|\(?(?:anonymous|unspecified)\)?|.*\.(?:docx?|pdf|indd|rtf|odt|html?|txt)",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"\(?(?:anonymous|unspecified)\)?|python-docx|admin(?:istrator)?|(?:windows )?user|pc",
    re.IGNORECASE,
)
_TEMPLATE_CREATED = "2013-12-23T23:15"  # of every file made by python-docx
_PAGE_NUMBER = re.compile(r"[-–— ]*(?:trang )?\d{1,4}(?: ?/ ?\d{1,4})?[-–— ]*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")


@contextmanager
def _library(broken: str, *loggers: str) -> Iterator[None]:
    """Turns whatever a format's library raises on a damaged file into one ArticleError.

    The libraries promise no closed set of exceptions, so this is the one place that catches all.
    Their log lines would repeat, less clearly, what the left-out line says.
    """
    for name in loggers:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    except (ArticleError, OSError):
        raise
    except Exception as error:
        raise ArticleError(f"{broken} ({clean(str(error)) or type(error).__name__})") from error


# ---- web pages -------------------------------------------------------------------------------


def read_html(path: Path) -> Draft:
    html = repaired(_LETTERS.sub(lambda entity: unescape(entity[0]), read_text(path, _declared)))
    with _library("not a readable page", "trafilatura", "htmldate"):
        import trafilatura

        page = trafilatura.bare_extraction(html, with_metadata=True, include_comments=False)
        tree = trafilatura.load_html(html)
        text = getattr(page, "text", None)
        if not text or tree is None:
            raise ArticleError("no article text found in the page")
        fields = Fields(
            title=clean(getattr(page, "title", "")),
            date=_page_date(tree),
            source=clean(getattr(page, "sitename", "")),
            author=clean(getattr(page, "author", "")),
            url=web_url(getattr(page, "url", "")),
        )
        times = tree.xpath("//article//time/@datetime | //main//time/@datetime")
    head = read_head(text, title=fields.title)
    fields = with_head(fields, head)
    if not fields.date:
        fields = replace(fields, date=next(filter(None, map(parse_date, times)), ""))
    return Draft(text, fields, head.body)


def _declared(data: bytes) -> str:
    """The encoding that a page states in its first lines."""
    stated = _CHARSET.search(data[:4096])
    name = stated[1].decode().lower() if stated else ""
    return "windows-1252" if name == "iso-8859-1" else name  # as every browser reads it


def _page_date(tree: Any) -> str:  # an lxml element; lxml has no types
    """The publication date that the page's metadata states, as precise as it is stated.

    Not trafilatura's own date: that is always a whole day, found in the text where need be.
    """
    stated: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        stated.setdefault(name.lower(), parse_date(meta.get("content")))
    linked = _JSON_LD_DATE.findall(" ".join(tree.xpath("//script[contains(@type, 'json')]/text()")))
    dates = [stated.get(name, "") for name in _PAGE_DATES] + [parse_date(value) for value in linked]
    return next(filter(None, dates), "")


# ---- documents -------------------------------------------------------------------------------


def read_pdf(path: Path) -> Draft:
    with _library("damaged PDF: save it again from the program that made it", "pypdf"):
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, FileNotDecryptedError

        try:
            reader = PdfReader(path)
            if reader.is_encrypted and not reader.decrypt(""):
                raise FileNotDecryptedError
            pages = [page.extract_text() for page in reader.pages]
            stated = reader.metadata
        # AES takes a package that is not installed: for the reader, the same outcome.
        except (DependencyError, FileNotDecryptedError) as error:
            raise ArticleError("needs a password: save a copy without one") from error
        properties = Fields(
            title=_unless(_NO_TITLE, stated and stated.title),
            date=parse_date(stated and stated.creation_date_raw),
            author=_unless(_NO_AUTHOR, stated and stated.author),
        )
    text = _paragraphs(repaired("\f".join(map(_mended, pages))).split("\f"))
    if not text:
        raise ArticleError("no text in it, only pictures of pages: recognise it first (ocrmypdf)")
    return _document(text, properties)


def read_docx(path: Path) -> Draft:
    advice = "damaged .docx, or protected by a password: save it again as .docx without one"
    with _library(advice):
        import docx
        from docx.table import Table

        with zipfile.ZipFile(path) as package:
            if sum(part.file_size for part in package.infolist()) > 2 * MAX_BYTES:
                raise ArticleError(f"unpacks to more than {2 * MAX_BYTES // 10**6} MB: split it")
        document = docx.Document(str(path))
        lines: list[str] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                # A merged cell is listed once for every place that it covers.
                rows = (
                    dict.fromkeys(cell.text.strip() for cell in row.cells) for row in block.rows
                )
                lines += (" | ".join(filter(None, row)) for row in rows)
            else:
                lines.append(block.text)
        stated = document.core_properties
        created = stated.created.isoformat() if stated.created else ""
        properties = Fields(
            title=_unless(_NO_TITLE, stated.title),
            date="" if created.startswith(_TEMPLATE_CREATED) else parse_date(created),
            author=_unless(_NO_AUTHOR, stated.author),
        )
    return _document(repaired("\n".join(filter(str.strip, lines))), properties)


def _document(text: str, properties: Fields) -> Draft:
    """The text's own date line comes first: the properties tell when the file was made."""
    head = read_head(text)
    fields = with_head(properties, head)
    return Draft(text, replace(fields, date=head.date or properties.date), head.body)


def _unless(junk: re.Pattern[str], value: object) -> str:
    line = clean(value)
    return "" if junk.fullmatch(line) else line


def _mended(text: str) -> str:
    """Page text without what a PDF's font tables may leave in it: NULs, halves of characters."""
    whole = text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole)


def _paragraphs(pages: list[str]) -> str:
    """The lines of pages joined to paragraphs, one a line; page numbers left out.

    A line ends its paragraph when it ends a sentence or stops well before the margin, but never
    when the next begins with a small letter.
    """
    lines: list[str] = []
    for page in pages:
        found = [" ".join(line.split()) for line in page.splitlines() if line.strip()]
        for edge in (0, -1):
            if found and _PAGE_NUMBER.fullmatch(found[edge]):
                del found[edge]
        lines += found
    # Most lines are as long as the longest; a few, of tables, may be longer still.
    margin = 0.75 * sorted(map(len, lines))[ceil(0.9 * (len(lines) - 1))] if lines else 0
    paragraphs: list[str] = []
    last = ""
    for line in lines:
        goes_on = line[0].islower() or (len(last) >= margin and not _SENTENCE_END.search(last))
        if paragraphs and goes_on:
            paragraphs[-1] += " " + line
        else:
            paragraphs.append(line)
        last = line
    return "\n".join(paragraphs)
