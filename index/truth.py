"""Whether the SQLite file of an index says what was written to it: every row is made again from
the article's own text and compared.
"""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from zlib import crc32

import numpy as np

from index.database import FILE
from index.plan import embedded_text
from index.store import ARTICLE, NewPassage, Store, digest, passage_ids, vector_key
from index.terms import pack
from index.text import fold, key, words
from index.types import Article, Progress, Span

_HALF = 2  # bytes of a coordinate of a vector
_NO_TERMS = np.array([], dtype=np.int32)


def problems(store: Store, progress: Progress) -> Iterator[str]:
    """What is wrong, a line each; the later checks are made where the earlier find nothing."""
    for check in (_file, _meta, _terms, _vectors):
        found = False
        for problem in check(store):
            found = True
            yield problem
        if found:
            return
    numbers = dict(store.db.execute("SELECT key, number FROM terms"))
    fingerprint = store.meta("fingerprint")
    total = store.count("articles")
    rows = store.db.execute(f"SELECT {ARTICLE}, digest, title_terms FROM articles ORDER BY id")
    for done, (*fields, stored, title) in enumerate(rows):
        article = Article(*fields)
        if digest(article) != stored:
            yield f"article {article.id}: its text or its fields are not those that were read"
            continue
        if title != _packed([article.title], numbers):
            yield f"article {article.id}: the words of its title are wrong"
        yield from _passages(store, article, fingerprint, numbers)
        progress(done + 1, total)
    yield from _kept(store, fingerprint)


def _file(store: Store) -> Iterator[str]:
    try:
        for (line,) in store.db.execute("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield f"{FILE}: {' '.join(line.split())}"
        for table, row, parent, _ in store.db.execute("PRAGMA foreign_key_check"):
            yield f"{FILE}: row {row} of {table} belongs to nothing in {parent}"
    except sqlite3.DatabaseError as error:
        yield f"{FILE}: {error}"


def _meta(store: Store) -> Iterator[str]:
    for setting in ("state", "dim"):
        if not (found := store.meta(setting)).isdecimal():
            yield f"{FILE}: its {setting} is {found!r}"


def _terms(store: Store) -> Iterator[str]:
    rows = store.db.execute("SELECT number, key, folded, spelling FROM terms").fetchall()
    numbers = {row[1]: row[0] for row in rows}
    for number, name, folded, spelling in rows:
        if numbers.get(fold(name)) != folded or name not in (spelling, key(spelling or "?")):
            yield f"word {number}, {name!r}, is not one that was read"


def _vectors(store: Store) -> Iterator[str]:
    size = int(store.meta("dim")) * _HALF
    for name, value, crc in store.db.execute("SELECT key, value, crc FROM vectors"):
        if len(value) != size or crc32(value) != crc:
            yield f"vector {name.hex()} is not the one that was embedded"
    for table in ("sentences", "kept_sentences"):
        query = f"SELECT count(*) FROM {table} WHERE vector NOT IN (SELECT key FROM vectors)"
        if missing := store.db.execute(query).fetchone()[0]:
            yield f"{missing} rows of {table} have no vector"


def _passages(
    store: Store, article: Article, fingerprint: str, numbers: dict[str, int]
) -> Iterator[str]:
    rows = store.db.execute(
        "SELECT p.id, p.start, p.end, p.terms, s.start, s.end, s.vector FROM passages p"
        " LEFT JOIN sentences s ON s.passage = p.number WHERE p.article_id = ?"
        " ORDER BY p.start, p.number, s.start, s.number",
        (article.id,),
    )
    passages: list[NewPassage] = []
    stored: list[tuple[str, bytes]] = []  # id and packed terms of each
    for (passage_id, start, end, terms), group in groupby(rows, key=lambda row: row[:4]):
        parts = [(Span(row[4], row[5]), row[6]) for row in group if row[4] is not None]
        spans, vectors = tuple(span for span, _ in parts), tuple(vector for _, vector in parts)
        passages.append(NewPassage(start, end, _NO_TERMS, spans, vectors))
        stored.append((passage_id, terms))
    if not passages:
        yield f"article {article.id}: it has no passages"
    if not all(_is_inside(article, passage) for passage in passages):
        yield f"article {article.id}: passages or sentences are not slices of it"
        return
    if [passage_id for passage_id, _ in stored] != passage_ids(article, passages):
        yield f"article {article.id}: ids of its passages are not those of their words"
    for (passage_id, terms), passage in zip(stored, passages, strict=True):
        texts = [article.text[span.start : span.end] for span in passage.sentences]
        embedded = (embedded_text(article.title, text) for text in texts)
        if passage.vector_keys != tuple(vector_key(fingerprint, text) for text in embedded):
            yield f"passage {passage_id}: its sentences have the vectors of others"
        elif terms != _packed(texts, numbers):
            yield f"passage {passage_id}: the words that it is found by are wrong"


def _is_inside(article: Article, passage: NewPassage) -> bool:
    """Whether a passage is a slice of the article, and its sentences slices of it, in order."""
    borders = [passage.start]
    for span in passage.sentences:
        if span.start >= span.end:
            return False
        borders += [span.start, span.end]
    borders.append(passage.end)
    is_slice = article.body <= passage.start < passage.end <= len(article.text)
    return is_slice and bool(passage.sentences) and borders == sorted(borders)


def _packed(sentences: list[str], numbers: dict[str, int]) -> bytes:
    packed = [
        [-numbers.get(key(w), 0) if w[0].isupper() else numbers.get(key(w), 0) for w in words(text)]
        for text in sentences
    ]
    return pack(packed).tobytes()


def _kept(store: Store, fingerprint: str) -> Iterator[str]:
    rows = store.db.execute(
        f"SELECT number, state, digest, {ARTICLE} FROM kept_articles WHERE text IS NOT NULL"
    )
    for number, state, stored, *fields in rows:
        article = Article(*fields)
        spans = store.db.execute(
            "SELECT start, end, vector FROM kept_sentences WHERE article = ?", (number,)
        ).fetchall()
        texts = [embedded_text(article.title, article.text[start:end]) for start, end, _ in spans]
        is_whole = digest(article) == stored and bool(spans)
        if not is_whole or [vector_key(fingerprint, t) for t in texts] != [s[2] for s in spans]:
            yield f"article {article.id} as it was before state {state}: not what was written"
