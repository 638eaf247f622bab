"""PDF and Word files to a draft of an article: their text, and what they state of it.

The libraries are imported where they are used: they would double the start-up time of commands
that read no such file.
"""

import re
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

from index.encodings import repaired
from index.errors import ArticleError
from index.formats import MAX_BYTES, Draft, library, with_head
from index.head import read_head
from index.metadata import Fields, clean, parse_date
from index.paragraphs import join_lines

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


# ---- documents -------------------------------------------------------------------------------


def read_pdf(path: Path) -> Draft:
    with library("damaged PDF: save it again from the program that made it", "pypdf"):
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
    text = join_lines(repaired("\f".join(map(_mended, pages))).split("\f"))
    if not text:
        raise ArticleError("no text in it, only pictures of pages: recognise it first (ocrmypdf)")
    return _document(text, properties)


def read_docx(path: Path) -> Draft:
    advice = "damaged .docx, or protected by a password: save it again as .docx without one"
    with library(advice):
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
