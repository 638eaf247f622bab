"""Whether an index in Milvus is whole: articles and what was embedded, then what is made of them.

Rows that searches read and the statistics of words are made anew, in a new generation, from the
articles and their packs. Damage to those is named and left alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TypeVar

import numpy as np

from index.build import unwatched
from index.lock import Waiting
from index.milvus import states
from index.milvus.address import MilvusAddress
from index.milvus.connection import Connection, Row, blocks, literal, plain
from index.milvus.lease import writer
from index.milvus.packs import UNREADABLE, Pack, whole_packs
from index.milvus.rows import Head, article_of, read_head
from index.milvus.states import Facts, StateName
from index.milvus.step import Change, next_state
from index.milvus.tables import SENTENCES_OF_PASSAGE, abilities
from index.milvus.writer import Writer, writing
from index.plan import Draft, Report, draft_of
from index.store import digest
from index.types import Article, Progress
from index.verify import NAMED, Verdict

_ARTICLES_AT_ONCE = 50

_Key = TypeVar("_Key")


def verify_index(
    address: MilvusAddress, mend: bool, waiting: Waiting | None, progress: Progress
) -> Verdict:
    """As `index.verify.verify_index`, of an index in Milvus."""
    with closing(Connection(address)) as connection:
        found = _check(connection, progress)
    if not (found.derived or found.unseen) or found.truth or not mend:
        return found.verdict
    with writing(address, waiting, is_mending=True) as writer:
        writer.clear()
        writer.delete_unseen()
        if found.derived:
            _mend(writer)
        # Another process may have damaged or mended it before this one could write.
        left = _check(writer.connection, progress, is_writer=True).verdict
    if left.truth or left.derived:
        return left
    return Verdict(left.articles, [], found.verdict.derived, is_mended=True)


def _mend(writer: Writer) -> None:
    """Makes anew what is made of articles and their packs, where these can be read."""
    held = writer.held()
    if held is None or writer.facts is None:
        return
    fingerprint = writer.facts.fingerprint
    articles = (held.article(article_id) for article_id in sorted(held.heads))
    drafts = [draft_of(article, fingerprint) for article in articles if article]
    change = Change("index verify", (), Report(), drafts, is_rebuild=True)
    next_state(writer, held, change, writer.settings(), None, unwatched)


def mending(address: MilvusAddress) -> str:
    """What a person does about damaged articles or vectors."""
    return f"build it anew: qa index ARTICLES --rebuild --index {address}"


class _Check:
    """What was found damaged in one state, a line each: `unseen` are rows that no state shows."""

    def __init__(self, connection: Connection, name: StateName, facts: Facts) -> None:
        self._connection = connection
        self._name = name
        self._tables = name.tables
        self._facts = facts
        self.articles = facts.articles
        self.truth: list[str] = []
        self.derived: list[str] = []
        self.unseen: list[str] = []
        self._wrong: Counter[str] = Counter()  # rows, by collections that are made of others
        self._right: Counter[str] = Counter()

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.articles, self.truth[:NAMED], [*self.derived, *self.unseen])

    def run(self, progress: Progress) -> None:
        lost = states.lost(self._connection, self._name)
        missing = [f"{table}: it is missing" for table in sorted(lost)]
        if lost.intersection(self._tables.truth):
            self.truth += missing
            return
        self.derived += missing
        self._connection.load(*set(self._tables.all) - lost)
        for file in states.damaged_words(self._connection, self._name):
            self.derived.append(f"{self._name.collection}: {file}")
        self._rows(lost, progress)

    def _rows(self, lost: set[str], progress: Progress) -> None:
        where = f"piece == 0 and {self._facts.seen_articles}"
        rows = list(self._connection.scan(self._tables.articles, where, ["number", "head"]))
        heads = []
        for row in rows:
            if head := read_head(row):
                heads.append(head)
            else:
                self.truth.append(
                    f"article number {row['number']}: what is listed of it is damaged"
                )
        if len(rows) != self._facts.articles or len({h.id for h in heads}) != len(heads):
            self.truth.append(
                f"{self._tables.articles}: it holds {len(rows)} articles,"
                f" {self._facts.articles} were written"
            )
        for done, some in enumerate(blocks(heads, _ARTICLES_AT_ONCE)):
            packs = self._packs(some)
            if self._tables.passages not in lost:
                self._passages(packs)
            if self._tables.sentences not in lost:
                self._sentences(packs)
            progress(min((done + 1) * _ARTICLES_AT_ONCE, len(heads)), len(heads))
        for table, seen, wanted in self._facts.seen(self._tables):
            if table == self._tables.articles or table in lost:
                continue
            count = self._connection.count(table, seen, is_strong=True)
            wrong = max(self._wrong[table], abs(count - wanted), abs(count - self._right[table]))
            if wrong and not self.truth:
                self.derived.append(f"{table}: {wrong} rows are missing, wrong or too many")

    def _packs(self, heads: Sequence[Head]) -> list[Pack]:
        """The passages of articles, which are held to the articles' own words."""
        numbers = [n for head in heads for n in range(head.first, head.first + head.passages)]
        packs = whole_packs(self._connection, self._tables, numbers)
        articles = dict(self._read(heads))
        for head in heads:
            article = articles.get(head.id)
            own = [packs.get(n) for n in range(head.first, head.first + head.passages)]
            if article is None or digest(article).hex() != head.digest:
                self.truth.append(
                    f"article {head.id}: its text or its fields are not those that were read"
                )
            elif None in own:
                self.truth.append(f"article {head.id}: passages are missing or cannot be read")
            elif not _fits(
                draft_of(article, self._facts.fingerprint),
                [pack for pack in own if pack],
                self._facts.dim,
            ):
                self.truth.append(
                    f"article {head.id}: its passages or their vectors are not those of its words"
                )
        return list(packs.values())

    def _read(self, heads: Sequence[Head]) -> Iterator[tuple[str, Article]]:
        """The articles that can be read, with their ids."""
        numbers = literal([head.number for head in heads])
        where = f"number in {numbers} and {self._facts.seen_articles}"
        fields = ["number", "piece", "content"]
        parts: dict[int, list[Row]] = {}
        for row in self._connection.scan(self._tables.articles, where, fields):
            parts.setdefault(row["number"], []).append(row)
        for head in heads:
            try:
                yield head.id, article_of(parts[head.number])
            except UNREADABLE:
                continue

    def _passages(self, packs: list[Pack]) -> None:
        table = self._tables.passages
        wanted = {pack.passage.number: plain(pack.passage.id) for pack in packs}
        where = f"{self._facts.seen_passages} and number in {literal(list(wanted))}"
        rows = self._connection.scan(table, where, ["number", "id"])
        self._compare(table, set(wanted.items()), {(row["number"], row["id"]) for row in rows})

    def _sentences(self, packs: list[Pack]) -> None:
        table = self._tables.sentences
        numbers = [pack.passage.number for pack in packs]
        wanted = {
            (pack.passage.number * SENTENCES_OF_PASSAGE + at, pack.passage.number)
            for pack in packs
            for at in range(len(pack.keys))
        }
        where = f"{self._facts.seen_sentences} and passage in {literal(numbers)}"
        rows = self._connection.scan(table, where, ["number", "passage"])
        self._compare(table, wanted, {(row["number"], row["passage"]) for row in rows})

    def _compare(self, table: str, wanted: set[_Key], found: set[_Key]) -> None:
        self._wrong[table] += len(wanted ^ found)
        self._right[table] += len(wanted)


def _fits(draft: Draft, packs: Sequence[Pack], dim: int) -> bool:
    """Whether packs are those of an article that is cut into passages as now."""
    cut = [(span.start, span.end, span.sentences) for span in draft.passages]
    return (
        cut == [(p.passage.start, p.passage.end, p.passage.sentences) for p in packs]
        and draft.vector_keys == [list(pack.keys) for pack in packs]
        and all(pack.passage.article_id == draft.article.id for pack in packs)
        and all(pack.vectors.shape == (len(pack.keys), dim) for pack in packs)
        and all(np.isfinite(pack.vectors).all() for pack in packs)
    )


def _unseen(connection: Connection, name: StateName, facts: Facts) -> Iterator[str]:
    """What updates that were cut short have left behind, a line each."""
    for state in states.unfinished(connection, name):
        yield f"{state.collection}: an update that was cut short"
    for table, where in facts.unseen(name.tables):
        if count := connection.count(table, where, is_strong=True):
            yield f"{table}: {count} rows of an update that was cut short"


def _check(connection: Connection, progress: Progress, is_writer: bool = False) -> _Check:
    """What is damaged in the newest state. The rows of another writer's update are no damage."""
    can = abilities(connection)
    while True:
        name = states.newest(connection, can)
        if name is None:
            raise states.no_index(connection.address)
        facts = states.read_facts(connection, name)
        found = _Check(connection, name, facts)
        found.run(progress)
        if not states.lost(connection, name) and (is_writer or not writer(connection)):
            found.unseen = list(_unseen(connection, name, facts))
        if states.newest(connection, can) == name:
            return found
        # Rows were deleted while they were looked at: look at those of the newer state.
