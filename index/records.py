"""Files of many articles, a record each: JSON lines and CSV. They are streamed, never held whole."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path

from index.errors import ArticleError
from index.formats import UTF16_MARKS, Draft, not_utf8, open_file, with_head
from index.head import read_newsroom_header
from index.metadata import fields_of, is_text_field, texts_of
from index.types import LeftOut

MAX_LINE = 20_000_000  # characters
_DELIMITERS = ",;\t"  # spreadsheets with Vietnamese settings write ";"


def read_jsonl(path: Path, origin: str) -> Iterator[Draft | LeftOut]:
    for number, line in enumerate(_lines(path, newline="\n"), 1):
        if line.strip():
            yield _record(lambda line=line: _json_object(line), line, path, origin, number)
