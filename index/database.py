"""The SQLite file of an index: its tables, and opening it to write or to read."""

import sqlite3
from pathlib import Path
from zlib import crc32

from index.errors import BadIndexError, UsageError

FORMAT = 2  # raised whenever an older program could not read what this one writes
FILE = "index.sqlite"

_VECTORS = """CREATE TABLE IF NOT EXISTS vectors (
    key BLOB PRIMARY KEY, value BLOB NOT NULL, crc INTEGER NOT NULL)"""
_SCHEMA = f"""
{_VECTORS};
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, date TEXT NOT NULL, source TEXT NOT NULL,
    author TEXT NOT NULL, url TEXT NOT NULL, origin TEXT NOT NULL, body INTEGER NOT NULL,
    digest BLOB NOT NULL, title_terms BLOB NOT NULL,
    text TEXT NOT NULL); -- last: what comes after it is read through it
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
CREATE INDEX kept_articles_by_state ON kept_articles(state);
CREATE TABLE kept_sentences (
    article INTEGER NOT NULL REFERENCES kept_articles(number) ON DELETE CASCADE,
    passage_start INTEGER NOT NULL, passage_end INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE INDEX kept_sentences_of_article ON kept_sentences(article);
CREATE INDEX kept_sentences_of_vector ON kept_sentences(vector);
"""
_CACHE = 64_000  # KiB of the file that a writer keeps in memory
_CHECKPOINT = 32_768  # pages, 128 MiB: what is embedded lands all over the file, block by block


def create(folder: Path, settings: dict[str, str]) -> sqlite3.Connection:
    """Opens the file of a folder for writing, making it where there is none.

    Raises:
        BadIndexError: it is no SQLite file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        # A second thread reads what the first has written (`index.derived`); SQLite takes turns.
        db = sqlite3.connect(
            folder / FILE, isolation_level=None, timeout=60, check_same_thread=False
        )
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA cache_size = -{_CACHE}")
        if not _tables(db):
            db.execute("BEGIN IMMEDIATE")
            if not _tables(db):
                _make_tables(db, settings, 0)
            db.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        raise _damaged(folder / FILE, error) from error
    return db


def open_file(folder: Path) -> sqlite3.Connection:
    """Opens the file of a folder for reading.

    Raises:
        BadIndexError: there is no index in the folder, or it is no SQLite file.
        UsageError: it cannot be opened here.
    """
    path = folder / FILE
    if not path.is_file():
        raise BadIndexError(f"no index in {folder}; build one: qa index ARTICLES --index {folder}")
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
    return db


def take_over(db: sqlite3.Connection) -> None:
    """Makes an index of another format one that vectors can be filed in, and `start_over`."""
    db.execute("BEGIN IMMEDIATE")
    columns = [row[1] for row in db.execute("PRAGMA table_info(vectors)")]
    if columns == ["key", "value"]:
        db.create_function("crc32", 1, crc32)
        db.execute("ALTER TABLE vectors ADD COLUMN crc INTEGER NOT NULL DEFAULT 0")
        db.execute("UPDATE vectors SET crc = crc32(value)")
    elif columns != ["key", "value", "crc"]:
        db.execute("DROP TABLE IF EXISTS vectors")
        db.execute(_VECTORS)
    db.execute("COMMIT")
    # Inside a transaction this cannot be set, and dropped tables would take rows with them.
    db.execute("PRAGMA foreign_keys = OFF")


def start_over(db: sqlite3.Connection, settings: dict[str, str]) -> None:
    """Drops all that an index of another format holds but its vectors; in a transaction."""
    (state,) = db.execute("SELECT value FROM meta WHERE key = 'state'").fetchone()
    for table in _tables(db) - {"vectors"}:
        if not table.startswith("sqlite_"):
            db.execute(f'DROP TABLE "{table}"')
    _make_tables(db, settings, int(state))


def _make_tables(db: sqlite3.Connection, settings: dict[str, str], state: int) -> None:
    for statement in _SCHEMA.split(";"):
        db.execute(statement)
    rows = {**settings, "format": str(FORMAT), "state": str(state)}
    db.executemany("INSERT INTO meta VALUES (?, ?)", rows.items())


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
