"""One state of an index in Milvus, open for reading. A newer state is a newer object."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from index.history import Update
from index.listing import Listing, Order, Row, sort_rows
from index.milvus import states
from index.milvus.address import MilvusAddress
from index.milvus.bm25 import question_weights
from index.milvus.connection import Connection, literal, plain
from index.milvus.files import words_folder
from index.milvus.packs import Pack, read_packs
from index.milvus.rows import Head, read_article, read_heads
from index.milvus.tables import SENTENCES_OF_PASSAGE, abilities
from index.milvus.words import Words
from index.types import Article, Candidate, Filters, Numbers, Passage, Terms, Vectors

# A sentence is rarely alone near a question: this many vectors give the wanted passages.
_SENTENCES_PER_PASSAGE = 4
_KEPT = 4_000  # passages in memory, some 30 MB
_ARTICLES_KEPT = 500


@dataclass(frozen=True, slots=True)
class Allowed:
    """The passages that filters leave: how many, and the filter by which the server picks them."""

    where: str
    count: int

    def __len__(self) -> int:
        return self.count


class MilvusIndex:
    """A snapshot of an index in Milvus; implements `index.types.OpenIndex`. Threads may share it.

    Every search asks for the rows of its state alone, so an update that goes on beside it changes
    nothing of what is seen here, nor do the next few that follow.
    """

    def __init__(self, address: MilvusAddress) -> None:
        """Opens the newest state.

        Raises:
            BadIndexError: there is no such index, or it is of another format.
            UsageError: the server cannot be reached, or pymilvus is missing.
        """
        self.address = address
        self._connection = Connection(address)
        try:
            self._open()
        except BaseException:
            self._connection.close()
            raise

    def _open(self) -> None:
        connection = self._connection
        name = states.newest(connection, abilities(connection))
        if name is None:
            raise states.no_index(self.address)
        self.state = name.state
        self._tables = name.tables
        states.check_tables(connection, name)
        self._earlier = {earlier.state for earlier in states.earlier(connection, name)}
        connection.load(*name.tables.all)
        self._facts = states.read_facts(connection, name)
        folder = words_folder(self.address, self._facts.id)
        states.fetch_words(connection, name, folder)
        self._words = Words(folder)
        self._packs: dict[int, Pack] = {}
        # Of one state: they never change.
        self.article = lru_cache(_ARTICLES_KEPT)(self._article)
        self._lock = threading.Lock()

    def close(self) -> None:
        self._words.close()
        self._connection.close()

    # -- what search asks -----------------------------------------------------------------

    @property
    def terms(self) -> Terms:
        return self._words.terms

    @property
    def common(self) -> Vectors:
        return self._words.common

    def outlets(self) -> Sequence[str]:
        return self._facts.outlets

    def allowed(self, filters: Filters) -> Allowed | None:
        if not filters:
            return None
        wanted = []
        if filters.since:  # "2024-99" is after every day of 2024
            wanted.append(f"last >= {literal(filters.since)}")
        if filters.until:
            wanted.append(f'date != "" and date <= {literal(filters.until)}')
        for field, names in (("outlet", filters.outlets), ("article", filters.articles)):
            if names:
                wanted.append(f"{field} in {literal([plain(name) for name in names])}")
        where = " and ".join(wanted)
        seen = f"{self._facts.seen_passages} and {where}"
        return Allowed(where, self._connection.count(self._tables.passages, seen))

    def lexical(
        self, keys: Sequence[str], limit: int, folded: bool = False, allowed: Any = None
    ) -> list[int]:
        weights = {} if self.address.is_dense else question_weights(keys, folded, self.terms)
        if not weights or limit < 1 or (allowed is not None and not len(allowed)):
            return []
        where = _among(self._facts.seen_passages, "number", allowed)
        field = "folded" if folded else "lexical"
        hits = self._connection.search(
            self._tables.passages, field, weights, limit, where, "number"
        )
        return [number for _, number in hits]

    def dense(self, vector: Vectors, limit: int, allowed: Any = None) -> list[int]:
        if limit < 1 or (allowed is not None and not len(allowed)):
            return []
        where = _among(self._facts.seen_sentences, "passage", allowed)
        hits = self._connection.search(
            self._tables.sentences,
            "vector",
            vector.reshape(-1).astype(np.float32),
            limit * _SENTENCES_PER_PASSAGE,
            where,
            "number",
        )
        # Equal scores are in the order of passages, not of sentences in different ones.
        found = sorted((score, number // SENTENCES_OF_PASSAGE) for score, number in hits)
        return list(dict.fromkeys(number for _, number in found))[:limit]

    def candidates(self, numbers: Sequence[int]) -> list[Candidate]:
        return [pack.candidate for pack in self._read(numbers)]

    def dates(self, numbers: Sequence[int]) -> dict[int, str]:
        return {pack.passage.number: pack.date for pack in self._read(numbers)}

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        return [pack.passage for pack in self._read(numbers)]

    def passage(self, passage_id: str) -> Passage | None:
        where = f"id == {literal(plain(passage_id))} and {self._facts.seen_passages}"
        rows = self._connection.query(self._tables.passages, where, ["number"])
        found = self.passages([row["number"] for row in rows])
        return found[0] if found else None

    def _article(self, article_id: str) -> Article | None:
        where = f"article == {literal(plain(article_id))} and {self._facts.seen_articles}"
        return read_article(self._connection, self._tables, where)

    def _read(self, numbers: Sequence[int]) -> list[Pack]:
        """Passages in the order of their numbers; those that are gone are left out."""
        with self._lock:
            known = {n: self._packs[n] for n in numbers if n in self._packs}
        missing = [n for n in dict.fromkeys(numbers) if n not in known]
        if missing:
            known |= read_packs(self._connection, self._tables, missing)
            with self._lock:
                if len(self._packs) > _KEPT:
                    self._packs.clear()
                self._packs.update((n, known[n]) for n in missing if n in known)
        return [known[n] for n in numbers if n in known]

    # -- what else is asked of an open index ----------------------------------------------

    @property
    def encoder_name(self) -> str:
        return self._facts.encoder

    def meta(self, key: str) -> str:
        return self._facts.meta(key)

    def check_whole(self) -> None:
        """Nothing: what a server holds is its own to check."""

    @property
    def where(self) -> str:
        return str(self.address)

    def count(self, kind: str) -> int:
        return int(getattr(self._facts, kind))

    def date_span(self) -> tuple[str, str]:
        return self._facts.first_date, self._facts.last_date

    def titles(self, longest: int) -> list[str]:
        return [title for title in self._facts.titles if len(title) <= longest]

    def origins(self) -> dict[str, str]:
        return {head.id: head.origin for head in self.heads}

    def updates(self) -> list[Update]:
        kept = {self.state, *self._earlier}
        made = [Update(**update) for update in self._facts.updates]
        return [replace(update, is_kept=update.state in kept) for update in made]

    def listing(self, words: str, order: Order, falling: bool, first: int, most: int) -> Listing:
        """As `index.listing.list_articles`; all that is listed is read from the server first."""
        rows = [
            (
                f"{h.title} {h.source} {h.author} {h.origin}",
                Row(h.id, h.title, h.source, h.date, h.length, h.origin),
            )
            for h in self.heads
        ]
        return sort_rows(rows, words, order, falling, first, most)

    def articles(self) -> Iterator[Article]:
        for head in self.heads:
            if article := self.article(head.id):
                yield article

    def passages_of(self, article_id: str) -> list[Passage]:
        where = f"article == {literal(plain(article_id))} and {self._facts.seen_passages}"
        rows = self._connection.query(self._tables.passages, where, ["number"])
        return self.passages(sorted(row["number"] for row in rows))

    def neighbours(self, passage: Passage) -> tuple[str, str]:
        ids = [p.id for p in self.passages_of(passage.article_id)]
        at = ids.index(passage.id)
        return ids[at - 1] if at else "", ids[at + 1] if at + 1 < len(ids) else ""

    def passages_with_titles(self) -> list[tuple[int, str, str]]:
        titles = {plain(head.id): (head.id, head.title) for head in self.heads}
        rows = self._connection.scan(
            self._tables.passages, self._facts.seen_passages, ["number", "article"]
        )
        return sorted((row["number"], *titles[row["article"]]) for row in rows)

    @cached_property
    def heads(self) -> list[Head]:
        """What is listed of every article, by id; read from the server once."""
        heads = read_heads(self._connection, self._tables, self._facts.seen_articles)
        return sorted(heads, key=lambda head: head.id)


def _among(seen: str, field: str, allowed: Allowed | Numbers | None) -> str:
    """The filter for the allowed rows; their field holds the number of the passage."""
    if allowed is None:
        return seen
    if isinstance(allowed, Allowed):
        return f"{seen} and {allowed.where}"
    return f"{seen} and {field} in {literal(allowed.tolist())}"
