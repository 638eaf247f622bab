"""Files of many articles, a record each: JSON lines and CSV, streamed and never held whole."""

import csv
import json
import zlib
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import IO

from index.encodings import SAMPLE, encoding_of, font_encoding, misfit
from index.errors import ArticleError
from index.formats import Draft, open_file, with_head
from index.head import read_newsroom_header
from index.legacy import ENCODINGS, decoded
from index.metadata import clean, fields_of, is_text_field, text_of
from index.types import LeftOut

MAX_LINE = 20_000_000  # characters
_DELIMITERS = ",;\t"  # spreadsheets with Vietnamese settings write ";"


def record_origin(origin: str, record: int) -> str:
    return f"{origin}#{record}"


def read_jsonl(path: Path, origin: str) -> Iterator[Draft | LeftOut]:
    """One article a line; the number of its line is its record number."""
    # Only "\n" ends a line: "\u2028" and its like are legal inside a JSON string.
    for number, line in enumerate(_lines(path, newline="\n"), 1):
        if not line.strip():
            continue
        try:
            _check_encoding(line)
            yield _draft(_json_object(line), number)
        except ArticleError as error:
            yield LeftOut(record_origin(origin, number), str(error))


def _json_object(line: str) -> Mapping[str, object]:
    try:
        record = json.loads(line.rstrip("\r\n"))
    except json.JSONDecodeError as error:
        raise ArticleError(f"not JSON ({error.msg}, column {error.colno})") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, 5,000 brackets
        raise ArticleError(
            "not JSON that can be read: nested too deep or too long a number"
        ) from error
    if not isinstance(record, dict):
        raise ArticleError('not a JSON object: one article a line, {"title": …, "text": …}')
    return record


def read_csv(path: Path, origin: str) -> Iterator[Draft | LeftOut]:
    """One article a row under a row of column names; the first row after it is record 1."""
    csv.field_size_limit(MAX_LINE)  # the default, 131,072, is less than some articles
    lines = _lines(path, newline="")
    first = next(lines, "")
    _check_encoding(first)
    delimiter = max(_DELIMITERS, key=first.count)
    # Strict: a quote left open would otherwise swallow the rows after it without a word.
    rows = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
    try:
        columns = next(rows, [])
    except csv.Error as error:
        raise ArticleError(f"no row of column names ({error})") from error
    if first and not any(map(is_text_field, columns)):
        names = ", ".join(filter(None, map(clean, columns)))[:200]
        raise ArticleError(f"no column for the text; name one of them text (it has: {names})")
    number = 0
    while True:
        try:
            row = next(rows, None)
            if row is None:
                return
            if not row:
                continue
            number += 1
            _check_encoding("".join(row))
            if len(row) > len(columns):
                raise ArticleError(
                    f"{len(row)} fields for {len(columns)} columns: put quotes around the text"
                )
            yield _draft(dict(zip(columns, row, strict=False)), number)
        except csv.Error as error:
            number += 1
            yield LeftOut(record_origin(origin, number), f"not CSV ({error})")
        except ArticleError as error:
            yield LeftOut(record_origin(origin, number), str(error))


def _draft(record: Mapping[str, object], number: int) -> Draft:
    if font := font_encoding("\n".join(v for v in record.values() if isinstance(v, str))):
        record = {decoded(name, font): _decoded(value, font) for name, value in record.items()}
    text = text_of(record)
    if not text:
        raise ArticleError("no text in it")
    fields = fields_of(record)
    if newsroom := read_newsroom_header(text):
        return Draft(text, with_head(fields, newsroom), newsroom.body, number)
    return Draft(text, fields, 0, number)


def _lines(path: Path, newline: str) -> Iterator[str]:
    """The lines of a file, decoded; bytes that are not UTF-8 arrive as lone surrogates.

    So one broken record leaves out that record and not the file.
    """
    with open_file(path) as file:
        encoding = _encoding(file)
        file.seek(0)
        # Latin-1 carries every byte, so that the old encodings can be decoded line by line.
        codec = "latin-1" if encoding in ENCODINGS else encoding
        text = TextIOWrapper(file, encoding=codec, errors="surrogateescape", newline=newline)
        number = 0
        try:
            while line := text.readline(MAX_LINE):
                number += 1
                if len(line) == MAX_LINE:
                    raise ArticleError(
                        f"line {number} has more than {MAX_LINE:,} characters; one article a line"
                        " is expected. What follows is not read"
                    )
                yield decoded(line, encoding) if encoding in ENCODINGS else line
        except UnicodeDecodeError as error:  # UTF-16 has no bytes to let through
            raise ArticleError(
                f"not UTF-16 after line {number}: what follows is not read"
            ) from error


def _encoding(file: IO[bytes]) -> str:
    try:
        return encoding_of(file.read(SAMPLE))
    except (
        EOFError,
        zlib.error,
    ):  # the lines before the break in a gzip file are read all the same
        return "utf-8-sig"


def _check_encoding(line: str) -> None:
    try:
        line.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(misfit(f"character {error.start}")) from error


def _decoded(value: object, encoding: str) -> object:
    return decoded(value, encoding) if isinstance(value, str) else value
