"""The textbook script of dense retrieval: what a tutorial builds in an afternoon.

Each passage is one vector of its whole text, without its title; FAISS compares a question with all
of them; nothing looks at words. The passages and the encoder are those of the index, so that what
differs is the method.
"""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
import numpy as np

from index.store import vector_key
from index.types import Encoder, OpenIndex, Progress, Vectors
from qa.types import Hit

CACHE = "passages.sqlite"
_BLOCK = 256  # passages embedded between two writes of the cache


def open_baseline(
    index: OpenIndex,
    encoder: Encoder,
    cache: Path,
    limit: int,
    no_sentence: int,
    progress: Progress | None = None,
) -> Callable[[str], list[Hit]]:
    """A question to its `limit` nearest passages; vectors are kept in the folder `cache`."""
    numbers, texts = _passages(index)
    flat = faiss.IndexFlatIP(encoder.dim)
    if texts:
        flat.add(cached_vectors(texts, encoder, cache, progress))

    def ask(question: str) -> list[Hit]:
        vector = encoder.encode_queries([question])
        scores, rows = flat.search(vector, min(limit, len(numbers)))
        hits = [
            Hit(numbers[row], float(score), no_sentence)
            for score, row in zip(scores[0], rows[0], strict=True)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.number))

    return ask


def _passages(index: OpenIndex) -> tuple[list[int], list[str]]:
    """Number and text of every passage."""
    numbers, texts = [], []
    for article in index.articles():
        for passage in index.passages_of(article.id):
            numbers.append(passage.number)
            texts.append(article.text[passage.start : passage.end])
    return numbers, texts


def cached_vectors(
    texts: Sequence[str], encoder: Encoder, cache: Path, progress: Progress | None = None
) -> Vectors:
    """(len(texts), dim); what was embedded before is read, by the hash of encoder and text."""
    cache.mkdir(parents=True, exist_ok=True)
    keys = [vector_key(encoder.fingerprint, text) for text in texts]
    db = sqlite3.connect(cache / CACHE, isolation_level=None, timeout=60)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, value BLOB NOT NULL)")
        missing = {
            key: text for key, text in zip(keys, texts, strict=True) if _read(db, key) is None
        }
        _embed(db, missing, encoder, progress)
        rows = [_read(db, key) or b"" for key in keys]
    finally:
        db.close()
    return np.frombuffer(b"".join(rows), dtype=np.float32).reshape(len(texts), encoder.dim)


def _read(db: sqlite3.Connection, key: bytes) -> bytes | None:
    row = db.execute("SELECT value FROM vectors WHERE key = ?", (key,)).fetchone()
    return bytes(row[0]) if row else None


def _embed(
    db: sqlite3.Connection, missing: dict[bytes, str], encoder: Encoder, progress: Progress | None
) -> None:
    """Neighbours in length share a block, which spares torch models their padding."""
    keys = sorted(missing, key=lambda key: (len(missing[key]), key))
    for at in range(0, len(keys), _BLOCK):
        block = keys[at : at + _BLOCK]
        vectors = encoder.encode_passages([missing[key] for key in block])
        rows = [(key, row.tobytes()) for key, row in zip(block, vectors, strict=True)]
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        db.execute("COMMIT")
        if progress:
            progress(at + len(block), len(keys))
