"""Which articles are at some places, and which of what was found is left out, and why.

Everything that is named or found ends as an `Article` or as a `LeftOut`: one bad file never keeps
the others from being read.
"""

import os
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from index import documents, formats, records, webpage
from index.errors import ArticleError, UsageError
from index.fetch import is_address
from index.formats import MAX_BYTES, Draft
from index.head import interview_outlet, lead_title
from index.ids import Ids, short_digest
from index.metadata import host
from index.types import Article, LeftOut, Place
from index.web import Visit

MAX_TEXT = 2_000_000  # characters of one article

_SINGLE: dict[str, Callable[[Path], Draft]] = {
    ".txt": formats.read_txt,
    ".md": formats.read_markdown,
    ".html": webpage.read_html,
    ".htm": webpage.read_html,
    ".pdf": documents.read_pdf,
    ".docx": documents.read_docx,
}
_RECORDS: dict[str, Callable[[Path, str], Iterator[Draft | LeftOut]]] = {
    ".jsonl": records.read_jsonl,
    ".csv": records.read_csv,
}
_PACKED = {".txt", ".md", ".html", ".htm", ".jsonl", ".csv"}  # also with ".gz" behind
_KINDS = f"{' '.join([*_SINGLE, *_RECORDS])}, and .gz of those that are text"
_PLAIN = re.compile("[A-Za-z]")
# Outside of Latin letters, marks that combine with them, punctuation and signs.
_OTHER_SCRIPT = re.compile("[^\u0000-\u024f\u0300-\u036f\u1e00-\u1eff\u2000-\u2bff]")


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read. `relative` names it from the path that was given, for the article's id."""

    path: Path
    origin: str
    relative: str


# ---- finding ---------------------------------------------------------------------------------


def find_files(paths: Sequence[Place]) -> list[Path]:
    """The files that `read_articles` reads or leaves out, each once, in its order.

    Files as given; folders with all below them, sorted, without hidden files and unknown kinds;
    nothing for web addresses.

    Raises:
        UsageError: a path does not exist.
    """
    return [found.path for found in _find(paths) if isinstance(found, _File)]


def _find(places: Sequence[Place]) -> list[_File | LeftOut | str]:
    """Files, web addresses as text, and what cannot be read."""
    found: list[_File | LeftOut | str] = []
    seen: set[Path] = set()  # a file that is named twice, or linked to, is read once
    for place in places:
        if is_address(place):
            found.append(str(place))
            continue
        path = Path(place)
        try:
            root = path.resolve(strict=True)
            items = _walk(path, root) if root.is_dir() else [_File(path, _shown(root), path.name)]
        except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a loop of links
            why = getattr(error, "strerror", None) or "not a path"
            raise UsageError(f"no such file or folder: {_shown(path)} ({why})") from error
        for item in items:
            real = item.path.resolve() if isinstance(item, _File) else None
            if real is None or real not in seen:
                found.append(item)
            if real is not None:
                seen.add(real)
    return found


def _walk(folder: Path, root: Path) -> list[_File | LeftOut]:
    found: list[_File | LeftOut] = []
    unreadable: list[LeftOut] = []

    def note(error: OSError) -> None:
        unreadable.append(LeftOut(_shown(Path(error.filename)), f"not readable: {error.strerror}"))

    entered = {root}
    for parent, folders, names in os.walk(root, onerror=note, followlinks=True):
        below = [Path(parent, name) for name in sorted(folders) if not _is_hidden(name)]
        folders[:] = []
        for path in below:  # a link may lead to a folder above it
            real = path.resolve()
            if real not in entered:
                entered.add(real)
                folders.append(path.name)
        for name in sorted(names):
            path = Path(parent, name)
            if not _is_hidden(name) and _kind(path):
                inside = path.relative_to(root)
                found.append(_File(folder / inside, _shown(path), f"{root.name}/{_shown(inside)}"))
    if not found and not unreadable:
        return [LeftOut(_shown(root), f"no articles in this folder: looks for {_KINDS}")]
    return unreadable + found


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$"))  # "~$": Word's lock beside a document that is open


def _kind(path: Path) -> str:
    """The suffix that decides how a file is read; "" for one that is not read."""
    name = path.name.lower()
    suffix = Path(name.removesuffix(".gz")).suffix
    known = _PACKED if name.endswith(".gz") else _SINGLE.keys() | _RECORDS.keys()
    return suffix if suffix in known else ""


def _shown(path: Path) -> str:
    """The path as text that can be stored: names on disk may hold bytes that are not UTF-8."""
    return path.as_posix().encode("utf-8", "replace").decode()


# ---- reading ---------------------------------------------------------------------------------


def read_articles(paths: Sequence[Place], ids: Ids | None = None) -> Iterator[Article | LeftOut]:
    """The articles at `paths`, one at a time, and what is left out with the reason.

    `ids` knows the ids that an index has given out already.

    Raises:
        UsageError: a path does not exist; at the call, before anything is read.
    """
    return _read_all(_find(paths), ids or Ids())


def _read_all(found: Sequence[_File | LeftOut | str], ids: Ids) -> Iterator[Article | LeftOut]:
    visit = Visit()
    for item in found:
        if isinstance(item, LeftOut):
            yield item
        elif isinstance(item, _File):
            yield from _read_file(item, ids)
        else:
            for read in visit.drafts(item):
                yield read if isinstance(read, LeftOut) else _article_or_why(read[1], read[0], ids)


def _read_file(file: _File, ids: Ids) -> Iterator[Article | LeftOut]:
    is_empty = True
    try:
        for draft in _drafts(file):
            is_empty = False
            if isinstance(draft, LeftOut):
                yield draft
                continue
            yield _article_or_why(draft, _origin(file, draft), ids, file.relative)
        if is_empty:
            yield LeftOut(file.origin, "no articles in it: the file is empty")
    except ArticleError as error:
        yield LeftOut(file.origin, str(error))
    except (EOFError, zlib.error, OSError) as error:
        yield LeftOut(file.origin, _trouble(error, file.path, is_empty))


def _drafts(file: _File) -> Iterator[Draft | LeftOut]:
    kind = _kind(file.path)
    if not kind:
        raise ArticleError(f"not a kind of file that is read: save it as one of {_KINDS}")
    if not file.path.is_file():
        raise ArticleError("not a file that can be read: a broken link or a device")
    if kind in _RECORDS:
        yield from _RECORDS[kind](file.path, file.origin)
        return
    size = file.path.stat().st_size
    if size > MAX_BYTES:
        raise ArticleError(f"larger than {MAX_BYTES // 10**6} MB: split it into articles")
    if size == 0:
        raise ArticleError("the file is empty")
    yield _SINGLE[kind](file.path)


def _trouble(error: Exception, path: Path, is_empty: bool) -> str:
    read = "" if is_empty else "; what follows the articles before is lost"
    if path.suffix.lower() == ".gz" and getattr(error, "errno", None) is None:
        return f"damaged gzip file: pack or copy it again{read}"
    return f"not readable: {getattr(error, 'strerror', None) or error}{read}"


# ---- articles --------------------------------------------------------------------------------


def _article_or_why(draft: Draft, origin: str, ids: Ids, relative: str = "") -> Article | LeftOut:
    try:
        article = _article(draft, origin, relative)
    except ArticleError as error:
        return LeftOut(origin, str(error))
    settled = ids.settle(article, is_stated=bool(draft.fields.id or draft.fields.url))
    return settled if isinstance(settled, LeftOut) else replace(article, id=settled)


def _article(draft: Draft, origin: str, relative: str) -> Article:
    _check(draft.text, draft.body)
    fields = draft.fields
    source = fields.source or host(fields.url) or interview_outlet(draft.text, draft.body)
    return Article(
        id=_id(draft, relative),
        text=draft.text,
        title=fields.title or lead_title(draft.text, draft.body),
        date=fields.date,
        source=source,
        author=fields.author,
        url=fields.url,
        origin=origin,
        body=draft.body,
    )


def _origin(file: _File, draft: Draft) -> str:
    return records.record_origin(file.origin, draft.record) if draft.record else file.origin


def _id(draft: Draft, relative: str) -> str:
    """The record's own id, or one that stays the same while the url, or else the place, does."""
    if draft.fields.id:
        return draft.fields.id
    if draft.fields.url:
        return "u" + short_digest(draft.fields.url)
    place = unicodedata.normalize("NFC", relative)
    return "a" + short_digest(f"{place}#{max(draft.record, 1)}")


def _check(text: str, body: int) -> None:
    """Raises ArticleError for a text that no reader could be shown an answer from."""
    if len(text) > MAX_TEXT:
        raise ArticleError(
            f"{len(text):,} characters, more than {MAX_TEXT:,}: split it into articles"
        )
    if not text[body:].strip():
        raise ArticleError("no text in it" if not text.strip() else "no text after its header")
    if "\0" in text:
        raise ArticleError("holds NUL characters: it is not text")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(
            "holds halves of characters (lone surrogates): export it again"
        ) from error
    # Counting every letter is slow, and nearly every text has Latin ones only.
    if _PLAIN.search(text) and not _OTHER_SCRIPT.search(text):
        return
    scripts = {_is_latin(letter) for letter in set(text)} - {None}
    if scripts == {True, False}:
        latin = [_is_latin(letter) for letter in text]
        scripts = {latin.count(True) >= latin.count(False)}
    if True not in scripts:
        raise ArticleError("not Vietnamese: less than half of its letters are Latin")


@cache
def _is_latin(letter: str) -> bool | None:
    """Whether a letter is of the Latin script; None for what is no letter."""
    return unicodedata.name(letter, "").startswith("LATIN") if letter.isalpha() else None
