"""The SQLite file in which an update is prepared: new articles, their terms and their vectors.

Embedding is filed in it as it is done, so that an update that was cut short on this machine embeds
nothing twice. It is an index file like any other, so the code of an index in a folder fills it.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from index import database
from index.commit import write_draft
from index.milvus.packs import Pack
from index.milvus.words import Words
from index.plan import Draft
from index.store import Store
from index.terms import TermNumbers
from index.types import Article, Passage, Span

FOLDER = "update"


class Scratch:
    """What one update writes, before it goes to the server."""

    def __init__(self, folder: Path, settings: dict[str, str], words: Words | None) -> None:
        """Opens the file in a folder beside the index; of earlier updates it keeps vectors alone.
        New terms get numbers after those of `words`."""
        self.store = Store.create(folder / FOLDER, settings)
        db = self.store.db
        db.execute("BEGIN IMMEDIATE")
        database.start_over(db, settings)
        db.execute("COMMIT")
        if words:
            db.execute("ATTACH ? AS known", (str(words.folder / database.FILE),))
            db.execute("INSERT INTO terms SELECT * FROM known.terms")
            db.execute("DETACH known")

    def file_vectors(self, pack: Pack, wanted: set[bytes]) -> None:
        """Takes over the wanted vectors of a passage that there is already."""
        rows = [at for at, key in enumerate(pack.keys) if key in wanted]
        if rows:
            vectors = pack.vectors[rows].astype(np.float32)
            self.store.add_vectors([pack.keys[at] for at in rows], vectors)

    def write(self, drafts: Sequence[Draft]) -> None:
        """Writes articles whose vectors are all filed."""
        self.store.db.execute("BEGIN IMMEDIATE")
        numbers = TermNumbers(self.store)
        for draft in drafts:
            write_draft(self.store, draft, numbers)
        self.store.db.execute("COMMIT")

    def articles(self) -> Iterator[tuple[Article, int, int]]:
        """The articles that were written, by id, each with the number of its first passage, from
        1 on, and how many it has."""
        rows = self.store.db.execute(
            "SELECT article_id, min(number), count(*) FROM passages GROUP BY article_id"
        )
        numbers = {article_id: (first, count) for article_id, first, count in rows}
        for article in self.store.articles():
            yield article, *numbers.get(article.id, (1, 0))

    def terms(self) -> Iterable[bytes]:
        """The packed terms of the passages that were written."""
        return (blob for _, blob in self.store.all_terms())

    def packs(self, first: int) -> Iterator[Pack]:
        """The passages that were written, numbered from `first` on."""
        db = self.store.db
        passages = db.execute(
            "SELECT p.number, p.id, p.article_id, p.start, p.end, p.terms, a.title_terms,"
            " a.source, a.date FROM passages p JOIN articles a ON a.id = p.article_id"
            " ORDER BY p.number"
        )
        sentences = db.execute(
            "SELECT s.passage, s.start, s.end, s.vector, v.value FROM sentences s"
            " JOIN vectors v ON v.key = s.vector ORDER BY s.passage, s.number"
        )
        groups = groupby(sentences, key=lambda row: row[0])
        for number, passage_id, article_id, start, end, terms, title, outlet, date in passages:
            _, group = next(groups)
            rows: list[Any] = list(group)
            spans = tuple(Span(row[1], row[2]) for row in rows)
            passage = Passage(first + number - 1, passage_id, article_id, start, end, spans)
            yield Pack(
                passage,
                outlet,
                date,
                np.frombuffer(terms, dtype=np.int32),
                np.frombuffer(title, dtype=np.int32),
                tuple(row[3] for row in rows),
                np.frombuffer(b"".join(row[4] for row in rows), dtype=np.float16).reshape(
                    len(rows), -1
                ),
            )

    def write_words(self, folder: Path) -> None:
        """Writes the terms alone into a new index file in a folder."""
        shutil.rmtree(folder, ignore_errors=True)
        store = Store.create(folder, {})
        store.db.execute("ATTACH ? AS update_", (str(self.store.folder / database.FILE),))
        store.db.execute("INSERT INTO terms SELECT * FROM update_.terms")
        store.db.execute("DETACH update_")
        # Without a write-ahead log beside it, which would have to come along.
        store.db.execute("PRAGMA journal_mode = DELETE")
        store.close()

    def close(self) -> None:
        self.store.close()

    def remove(self) -> None:
        """Removes the file, when its state can be seen."""
        self.close()
        shutil.rmtree(self.store.folder, ignore_errors=True)
