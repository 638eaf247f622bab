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

from index.errors import BadIndexError, UsageError
from index.types import Article, Filters, Numbers, Passage, Span, Vectors

FORMAT = 2  # raised whenever an older program could not read what this one writes
FILE = "index.sqlite"

_VECTORS = """CREATE TABLE IF NOT EXISTS vectors (
    key BLOB PRIMARY KEY, value BLOB NOT NULL, crc INTEGER NOT NULL)"""
_SCHEMA = f"""
{_VECTORS};
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, text TEXT NOT NULL, title TEXT NOT NULL, date TEXT NOT NULL,
    source TEXT NOT NULL, author TEXT NOT NULL, url TEXT NOT NULL, origin TEXT NOT NULL,
    body INTEGER NOT NULL, digest BLOB NOT NULL, title_terms BLOB NOT NULL);
CREATE INDEX articles_of_outlet ON articles(source, date);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, terms BLOB NOT NULL);
CREATE INDEX passages_of_article ON passages(article_id);
CREATE TABLE sentences (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    passage INTEGER NOT NULL REFERENCES passages(number) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE INDEX sentences_of_passage ON sentences(passage);
CREATE INDEX sentences_of_vector ON sentences(vector);
CREATE TABLE terms (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, folded INTEGER NOT NULL,
    spelling TEXT NOT NULL);
CREATE INDEX terms_by_folded ON terms(folded);
CREATE TABLE updates (
    state INTEGER PRIMARY KEY, time TEXT NOT NULL, command TEXT NOT NULL, paths TEXT NOT NULL,
    added INTEGER NOT NULL, changed INTEGER NOT NULL, removed INTEGER NOT NULL,
    articles INTEGER NOT NULL);
CREATE TABLE kept_articles (
    number INTEGER PRIMARY KEY, state INTEGER NOT NULL, id TEXT NOT NULL, text TEXT, title TEXT,
    date TEXT, source TEXT, author TEXT, url TEXT, origin TEXT, body INTEGER, digest BLOB);
CREATE UNIQUE INDEX kept_articles_by_id ON kept_articles(id, state);
CREATE TABLE kept_sentences (
    article INTEGER NOT NULL REFERENCES kept_articles(number) ON DELETE CASCADE,
    passage_start INTEGER NOT NULL, passage_end INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE INDEX kept_sentences_of_article ON kept_sentences(article);
CREATE INDEX kept_sentences_of_vector ON kept_sentences(vector);
"""
ARTICLE = "id, text, title, date, source, author, url, origin, body"
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
        folder.mkdir(parents=True, exist_ok=True)
        try:
            db = sqlite3.connect(folder / FILE, isolation_level=None, timeout=60)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            store = cls(db, folder)
            if not _tables(db):
                db.execute("BEGIN IMMEDIATE")
                if not _tables(db):
                    store._make_tables(settings, 0)
                db.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise _damaged(folder / FILE, error) from error
        return store

    def take_over(self) -> None:
        """Makes an index of another format one that vectors can be filed in, and `start_over`."""
        self.db.execute("BEGIN IMMEDIATE")
        columns = [row[1] for row in self.db.execute("PRAGMA table_info(vectors)")]
        if columns == ["key", "value"]:
            self.db.create_function("crc32", 1, crc32)
            self.db.execute("ALTER TABLE vectors ADD COLUMN crc INTEGER NOT NULL DEFAULT 0")
            self.db.execute("UPDATE vectors SET crc = crc32(value)")
        elif columns != ["key", "value", "crc"]:
            self.db.execute("DROP TABLE IF EXISTS vectors")
            self.db.execute(_VECTORS)
        self.db.execute("COMMIT")
        # Inside a transaction this cannot be set, and dropped tables would take rows with them.
        self.db.execute("PRAGMA foreign_keys = OFF")

    def start_over(self, settings: dict[str, str]) -> None:
        """Drops all that an index of another format holds but its vectors; in a transaction."""
        state = int(self.meta("state"))
        for table in _tables(self.db) - {"vectors"}:
            if not table.startswith("sqlite_"):
                self.db.execute(f'DROP TABLE "{table}"')
        self._make_tables(settings, state)

    def _make_tables(self, settings: dict[str, str], state: int) -> None:
        for statement in _SCHEMA.split(";"):
            self.db.execute(statement)
        for key, value in {**settings, "format": str(FORMAT), "state": str(state)}.items():
            self.set_meta(key, value)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens the store of a folder for reading.

        Raises:
            BadIndexError: there is no index in the folder, or it is no SQLite file.
            UsageError: it cannot be opened here.
        """
        path = folder / FILE
        if not path.is_file():
            raise BadIndexError(
                f"no index in {folder}; build one: qa index ARTICLES --index {folder}"
            )
        try:
            db = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro",
                uri=True,
                isolation_level=None,
                timeout=60,
                check_same_thread=False,
            )
            if "meta" not in _tables(db):
                raise BadIndexError(
                    f"no articles in {folder}; build the index: qa index ARTICLES --index {folder}"
                )
        except sqlite3.OperationalError as error:
            raise unreadable(folder, str(error)) from error
        except sqlite3.DatabaseError as error:
            raise _damaged(path, error) from error
        return cls(db, folder)

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

    def delete_articles(self, ids: Iterable[str]) -> None:
        self.db.executemany("DELETE FROM articles WHERE id = ?", [(i,) for i in ids])

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

    def all_terms(self) -> Iterator[tuple[int, bytes, bytes]]:
        """(number, packed terms, packed terms of the title) of every passage, by number."""
        yield from self.db.execute(
            "SELECT p.number, p.terms, a.title_terms FROM passages p"
            " JOIN articles a ON a.id = p.article_id ORDER BY p.number"
        )

    def sentence_vectors(self) -> Iterator[tuple[int, bytes]]:
        """(passage number, packed vector) of every sentence, in order."""
        yield from self.db.execute(
            "SELECT s.passage, v.value FROM sentences s JOIN vectors v ON v.key = s.vector"
            " ORDER BY s.passage, s.number"
        )

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

    def drop_unused_vectors(self) -> None:
        """Spares the vectors of articles that are kept for going back to an earlier state."""
        self.db.execute(
            "DELETE FROM vectors WHERE"
            " NOT EXISTS (SELECT 1 FROM sentences WHERE vector = vectors.key)"
            " AND NOT EXISTS (SELECT 1 FROM kept_sentences WHERE vector = vectors.key)"
        )

    def term_rows(self, keys: Sequence[str]) -> dict[str, int]:
        """Key to number, of those keys that are known."""
        rows = self._select("SELECT key, number FROM terms WHERE key IN ({})", keys)
        return {row[0]: row[1] for row in rows}

    def add_term(self, number: int, key: str, folded: int, spelling: str) -> None:
        self.db.execute("INSERT INTO terms VALUES (?, ?, ?, ?)", (number, key, folded, spelling))

    def terms_without_diacritics(self) -> Iterator[tuple[int, str]]:
        """(number, key) of the terms that other terms fold to, and of those without marks."""
        yield from self.db.execute("SELECT number, key FROM terms WHERE folded = number")

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


def unreadable(folder: Path, reason: str) -> UsageError:
    """Readers leave word of themselves beside what they read, in SQLite and in the lanes."""
    return UsageError(
        f"the index in {folder} cannot be opened ({reason}): that takes the right to write there;"
        " copy it to a folder of your own and name that: --index DIR"
    )


def _damaged(path: Path, error: sqlite3.DatabaseError) -> BadIndexError:
    return BadIndexError(
        f"{path} is damaged ({error}); restore it from a copy, or delete it and build the index:"
        f" qa index ARTICLES --index {path.parent}"
    )


def _tables(db: sqlite3.Connection) -> set[str]:
    return {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
