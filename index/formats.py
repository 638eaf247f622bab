"""Plain text and Markdown to a draft of an article, and what reading every other format needs."""

import gzip
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from index.encodings import decode, repaired
from index.errors import ArticleError
from index.head import Head, read_head
from index.metadata import Fields, clean, fields_of

MAX_BYTES = 200_000_000  # of one article's file, unpacked


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as its file gives it. `record` is its number in a file of many, else 0."""

    text: str
    fields: Fields
    body: int = 0
    record: int = 0


def open_file(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def read_text(path: Path, declared: Callable[[bytes], str] = lambda data: "") -> str:
    """The whole file decoded, its byte order mark removed; what is Unicode is not changed.

    `declared` finds the encoding that a page states.
    """
    with open_file(path) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ArticleError(f"larger than {MAX_BYTES // 10**6} MB: split it into articles")
    text = decode(data, declared(data))
    if "\0" in text:
        raise ArticleError("holds NUL bytes: it is not a text file")
    return repaired(text)


def with_head(fields: Fields, head: Head) -> Fields:
    """The stated fields, completed by what the first lines of the text say."""
    return replace(
        fields,
        title=fields.title or head.title,
        date=fields.date or head.date,
        source=fields.source or head.source,
    )


def read_txt(path: Path) -> Draft:
    text = read_text(path)
    head = read_head(text)
    return Draft(text, with_head(Fields(), head), head.body)


def read_markdown(path: Path) -> Draft:
    text = read_text(path)
    fields, start = _front_matter(text)
    head = read_head(text, start, fields.title)
    return Draft(text, with_head(fields, head), head.body)


def _front_matter(text: str) -> tuple[Fields, int]:
    """The fields of the YAML front matter and the offset after it."""
    import yaml  # type: ignore[import-untyped]  # comes with python-frontmatter
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    if not handler.detect(text):
        return Fields(), 0
    try:
        matter, content = handler.split(text)
    except ValueError:  # one "---": a rule above the text
        return Fields(), 0
    try:
        # The base loader leaves every value as it is written: YAML's own dates would turn an
        # impossible one into an error, and its own numbers the id 007 into 7.
        loaded = handler.load(matter, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        why = clean(str(getattr(error, "problem", "") or type(error).__name__))
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise ArticleError(f"the front matter is not valid YAML ({where}{why})") from error
    if loaded is not None and not isinstance(loaded, dict):  # prose between two rules
        return Fields(), 0
    stated = {str(name): value for name, value in (loaded or {}).items()}
    return fields_of(stated), len(text) - len(content)


@contextmanager
def library(broken: str, *loggers: str) -> Iterator[None]:
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
