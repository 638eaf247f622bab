"""The truth of an index: articles, passages, sentences and vectors in one SQLite file.

Everything else on disk is derived from it. Vectors are filed under a hash of the encoder and the
embedded text, so that text which has not changed is never embedded twice, and work that was cut
short goes on where it stopped.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Self
from zlib import crc32

import numpy as np
import numpy.typing as npt

from index import database
from index.types import Article, Filters, Numbers, Passage, Span, Vectors

ARTICLE = "id, text, title, date, source, author, url, origin, body"
_SETTLED = "settled_vectors"  # vectors up to this row have sentences that need them
_VECTORS_READ = 150_000  # at once: 150 MB
_MAX_PARAMETERS = 500  # SQLite's limit on `?` in one statement is far above in new versions


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage on its way into the store: its terms, and the vector key of every sentence."""

    start: int
    end: int
    terms: npt.NDArray[np.int32]
    sentences: tuple[Span, ...]
    vector_keys: tuple[bytes, ...]


def digest(article: Article) -> bytes:
    """Changes whenever anything changes that a reader sees of the article."""
    fields = (article.text, article.title, article.date, article.source, article.author)
    packed = "\0".join((*fields, article.url, article.origin, str(article.body)))
    return blake2b(packed.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def vector_key(fingerprint: str, text: str) -> bytes:
    """The name under which the vector of a text is filed."""
    packed = f"{fingerprint}\0{text}".encode("utf-8", "surrogatepass")
    return blake2b(packed, digest_size=16).digest()


def passage_ids(article: Article, passages: Sequence[NewPassage]) -> list[str]:
    """Ids made from the words: the same after a rebuild, whatever else changed in the article."""
    seen: dict[str, int] = {}
    ids = []
    for passage in passages:
        words = article.text[passage.start : passage.end].encode("utf-8", "surrogatepass")
        name = f"{article.id}.{blake2b(words, digest_size=5).hexdigest()}"
        seen[name] = seen.get(name, 0) + 1
        ids.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return ids


class Store:
    """One connection to the SQLite file of an index."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self.db = connection
        self.folder = folder

    @classmethod
    def create(cls, folder: Path, settings: dict[str, str]) -> Self:
        """Opens the store of a folder for writing, making it where there is none."""
        return cls(database.create(folder, settings), folder)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens the store of a folder for reading.

        Raises:
            BadIndexError: there is no index in the folder, or it is no SQLite file.
            UsageError: it cannot be opened here.
        """
        return cls(database.open_file(folder), folder)

    def close(self) -> None:
        self.db.close()

    # -- settings and state ---------------------------------------------------------------

    def meta(self, key: str) -> str:
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, key: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def count(self, table: str) -> int:
        return int(self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    # -- articles -------------------------------------------------------------------------

    def digests(self) -> dict[str, tuple[bytes, str]]:
        """Article id to (digest, origin), of every article."""
        rows = self.db.execute("SELECT id, digest, origin FROM articles")
        return {row[0]: (row[1], row[2]) for row in rows}

    def article(self, article_id: str) -> Article | None:
        row = self.db.execute(
            f"SELECT {ARTICLE} FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return Article(*row) if row else None

    def articles(self) -> Iterator[Article]:
        for row in self.db.execute(f"SELECT {ARTICLE} FROM articles ORDER BY id"):
            yield Article(*row)

    def outlets(self) -> list[str]:
        """The outlets that are known, those with the most articles first."""
        rows = self.db.execute(
            "SELECT source FROM articles WHERE source != ''"
            " GROUP BY source ORDER BY count(*) DESC, source"
        )
        return [row[0] for row in rows]

    def dates(self) -> tuple[str, str]:
        """The first and the last date of an article, empty where none is known."""
        query = "SELECT min(date), max(date) FROM articles WHERE date != ''"
        first, last = self.db.execute(query).fetchone()
        return first or "", last or ""

    def titles(self, longest: int) -> list[str]:
        """The titles of up to `longest` characters, in the order of the articles' ids."""
        rows = self.db.execute(
            "SELECT title FROM articles WHERE title != '' AND length(title) <= ? ORDER BY id",
            (longest,),
        )
        return [row[0] for row in rows]

    def add_article(
        self, article: Article, title: npt.NDArray[np.int32], passages: Sequence[NewPassage]
    ) -> None:
        self.db.execute(
            f"INSERT INTO articles ({ARTICLE}, digest, title_terms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.text,
                article.title,
                article.date,
                article.source,
                article.author,
                article.url,
                article.origin,
                article.body,
                digest(article),
                title.tobytes(),
            ),
        )
        for passage_id, passage in zip(passage_ids(article, passages), passages, strict=True):
            number = self.db.execute(
                "INSERT INTO passages (id, article_id, start, end, terms) VALUES (?, ?, ?, ?, ?)",
                (passage_id, article.id, passage.start, passage.end, passage.terms.tobytes()),
            ).lastrowid
            self.db.executemany(
                "INSERT INTO sentences (passage, start, end, vector) VALUES (?, ?, ?, ?)",
                [
                    (number, s.start, s.end, key)
                    for s, key in zip(passage.sentences, passage.vector_keys, strict=True)
                ],
            )

    def delete_articles(self, ids: Sequence[str]) -> list[tuple[int, bytes]]:
        """Deletes articles with all that hangs on them, but for the vectors; (number, packed
        terms) of their passages."""
        query = "SELECT number, terms FROM passages WHERE article_id IN ({})"
        passages = list(self._select(query, ids))
        self.db.executemany("DELETE FROM articles WHERE id = ?", [(i,) for i in ids])
        return passages

    def delete_all_articles(self) -> None:
        self.db.execute("DELETE FROM articles")
        self.set_meta(_SETTLED, "0")

    # -- passages -------------------------------------------------------------------------

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """The passages with these numbers, in their order; those that are gone are left out."""
        spans: dict[int, list[Span]] = {}
        for passage, start, end in self._select(
            "SELECT passage, start, end FROM sentences WHERE passage IN ({}) ORDER BY number",
            numbers,
        ):
            spans.setdefault(passage, []).append(Span(start, end))
        rows = self._select(
            "SELECT number, id, article_id, start, end FROM passages WHERE number IN ({})", numbers
        )
        found = {
            number: Passage(number, passage_id, article_id, start, end, tuple(spans[number]))
            for number, passage_id, article_id, start, end in rows
        }
        return [found[n] for n in numbers if n in found]

    def passage(self, passage_id: str) -> Passage | None:
        row = self.db.execute("SELECT number FROM passages WHERE id = ?", (passage_id,)).fetchone()
        return self.passages([row[0]])[0] if row else None

    def allowed(self, filters: Filters) -> Numbers:
        """The numbers of the passages whose articles pass, ascending."""
        wanted: list[str] = ["1"]
        values: list[str] = []
        if filters.since or filters.until:
            wanted.append("a.date != ''")
        if filters.since:  # "2024" and "2024-04" pass whatever day of theirs passes
            wanted.append("a.date >= substr(?, 1, length(a.date))")
            values.append(filters.since)
        if filters.until:
            wanted.append("a.date <= ?")
            values.append(filters.until)
        for column, names in (("source", filters.outlets), ("id", filters.articles)):
            if names:
                wanted.append(f"a.{column} IN (SELECT value FROM json_each(?))")
                values.append(json.dumps(names))
        rows = self.db.execute(
            "SELECT p.number FROM passages p JOIN articles a ON a.id = p.article_id"
            f" WHERE {' AND '.join(wanted)} ORDER BY p.number",
            values,
        )
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def dates_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Passage number to the date of its article."""
        rows = self._select(
            "SELECT p.number, a.date FROM passages p JOIN articles a ON a.id = p.article_id"
            " WHERE p.number IN ({})",
            numbers,
        )
        return dict(rows)

    def passages_of(self, article_id: str) -> list[Passage]:
        rows = self.db.execute(
            "SELECT number FROM passages WHERE article_id = ? ORDER BY start", (article_id,)
        )
        return self.passages([row[0] for row in rows])

    def neighbours(self, passage: Passage) -> tuple[str, str]:
        """Ids of the passages before and after one in its article, empty where there is none."""
        query = "SELECT id FROM passages WHERE article_id = ? AND start"
        at = (passage.article_id, passage.start)
        before = self.db.execute(f"{query} < ? ORDER BY start DESC LIMIT 1", at).fetchone()
        after = self.db.execute(f"{query} > ? ORDER BY start LIMIT 1", at).fetchone()
        return before[0] if before else "", after[0] if after else ""

    def passage_terms(self, numbers: Sequence[int]) -> dict[int, tuple[str, bytes, bytes]]:
        """Passage number to its article's id, and the packed terms of the passage and the title."""
        rows = self._select(
            "SELECT p.number, a.id, p.terms, a.title_terms FROM passages p"
            " JOIN articles a ON a.id = p.article_id WHERE p.number IN ({})",
            numbers,
        )
        return {row[0]: (row[1], row[2], row[3]) for row in rows}

    def last_passage(self) -> int:
        """The highest number that a passage ever had: those that come get higher ones."""
        query = "SELECT seq FROM sqlite_sequence WHERE name = 'passages'"
        row = self.db.execute(query).fetchone()
        return int(row[0]) if row else 0

    def all_terms(self, after: int = 0) -> Iterator[tuple[int, bytes]]:
        """(number, packed terms) of every passage, or of those after a number, by number."""
        return self.db.execute(
            "SELECT number, terms FROM passages WHERE number > ? ORDER BY number", (after,)
        )

    def passages_with_titles(self) -> list[tuple[int, str, str]]:
        """(number, article id, title) of every passage, by number."""
        return self.db.execute(
            "SELECT p.number, a.id, a.title FROM passages p JOIN articles a ON a.id = p.article_id"
            " ORDER BY p.number"
        ).fetchall()

    def sentence_passages(self, after: int = 0) -> npt.NDArray[np.int64]:
        """The passage number of every sentence, or of those of passages after a number."""
        rows = self.db.execute(
            "SELECT passage FROM sentences WHERE passage > ? ORDER BY passage", (after,)
        )
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def sentence_vectors(self, after: int = 0) -> Iterator[bytes]:
        """The packed vectors of the same sentences, in order.

        They lie in the order in which they were embedded: so many at once are read in that order.
        """
        places = self.db.execute(
            "SELECT v.rowid FROM sentences s JOIN vectors v ON v.key = s.vector"
            " WHERE s.passage > ? ORDER BY s.passage, s.number",
            (after,),
        )
        while block := [row[0] for row in places.fetchmany(_VECTORS_READ)]:
            yield from self._vectors_at(block)

    def _vectors_at(self, places: Sequence[int]) -> Iterator[bytes]:
        query = "SELECT rowid, value FROM vectors WHERE rowid IN ({}) ORDER BY rowid"
        found = dict(self._select(query, sorted(set(places))))
        yield from (found[place] for place in places)

    # -- vectors and terms ----------------------------------------------------------------

    def missing_vectors(self, keys: Iterable[bytes]) -> set[bytes]:
        wanted = list(dict.fromkeys(keys))
        rows = self._select("SELECT key FROM vectors WHERE key IN ({})", wanted)
        return set(wanted) - {row[0] for row in rows}

    def add_vectors(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Files vectors as half-precision floats: an error of 0.0005 of a coordinate at most."""
        packed = vectors.astype(np.float16)
        self.db.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?1, ?2, ?3)",
            [
                (key, value, crc32(value))
                for key, value in zip(keys, map(bytes, packed), strict=True)
            ],
        )

    def vector_sample(self, size: int) -> Vectors:
        """Up to `size` vectors (n, dim) in use: the same ones whatever else was indexed before."""
        rows = self.db.execute(
            "SELECT value FROM vectors WHERE EXISTS"
            " (SELECT 1 FROM sentences WHERE vector = vectors.key) ORDER BY key LIMIT ?",
            (size,),
        )
        packed = np.frombuffer(b"".join(row[0] for row in rows), dtype=np.float16)
        return packed.astype(np.float32).reshape(-1, int(self.meta("dim")))

    def drop_unused_vectors(self, keys: Iterable[bytes]) -> None:
        """Drops the vectors that no sentence has, nor one kept for going back to an earlier state:
        of these keys, and of those that were filed since this was last done, perhaps by a process
        that was cut short."""
        unused = (
            "NOT EXISTS (SELECT 1 FROM sentences WHERE vector = vectors.key)"
            " AND NOT EXISTS (SELECT 1 FROM kept_sentences WHERE vector = vectors.key)"
        )
        settled = int(self.meta(_SETTLED) or 0)
        self.db.execute(f"DELETE FROM vectors WHERE rowid > ? AND {unused}", (settled,))
        self.db.executemany(
            f"DELETE FROM vectors WHERE key = ? AND {unused}", [(key,) for key in keys]
        )
        (last,) = self.db.execute("SELECT max(rowid) FROM vectors").fetchone()
        self.set_meta(_SETTLED, str(last or 0))

    def term_rows(self, keys: Sequence[str]) -> dict[str, int]:
        """Key to number, of those keys that are known."""
        rows = self._select("SELECT key, number FROM terms WHERE key IN ({})", keys)
        return {row[0]: row[1] for row in rows}

    def add_term(self, number: int, key: str, folded: int, spelling: str) -> None:
        self.db.execute("INSERT INTO terms VALUES (?, ?, ?, ?)", (number, key, folded, spelling))

    def last_term(self) -> int:
        return int(self.db.execute("SELECT max(number) FROM terms").fetchone()[0] or 0)

    def terms_from(self, first: int) -> list[tuple[int, str, int]]:
        """(number, key, folded number) of the terms from a number on, by number."""
        query = "SELECT number, key, folded FROM terms WHERE number >= ? ORDER BY number"
        return self.db.execute(query, (first,)).fetchall()

    def term_keys(self, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
        """(number, key) of terms."""
        return self._select("SELECT number, key FROM terms WHERE number IN ({})", numbers)

    def variants(self, folded: Sequence[int]) -> Iterator[tuple[int, int, str, str]]:
        """(folded number, number, key, spelling) of the terms that fold to each number."""
        return self._select(
            "SELECT folded, number, key, spelling FROM terms WHERE folded IN ({})", folded
        )

    def _select(self, query: str, values: Sequence[object]) -> Iterator[tuple]:  # type: ignore[type-arg]
        """Runs a query with `IN ({})` over any number of values."""
        for at in range(0, len(values), _MAX_PARAMETERS):
            part = values[at : at + _MAX_PARAMETERS]
            yield from self.db.execute(query.format(", ".join("?" * len(part))), part)
