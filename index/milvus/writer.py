"""The rows of an index in Milvus as a writer sees them: read, written, cleared away."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from index.errors import UsageError
from index.history import Update, named_places, now
from index.lock import Waiting, locked
from index.milvus import states
from index.milvus.address import MilvusAddress
from index.milvus.connection import Connection, DamagedError, blocks, literal, plain
from index.milvus.files import files_of, words_folder
from index.milvus.gone import among
from index.milvus.lease import leased
from index.milvus.packs import Pack, pack_rows, read_packs, whole_packs
from index.milvus.rows import Head, Lanes, read_article, read_heads, searched_rows
from index.milvus.states import Facts, StateName
from index.milvus.tables import Tables, abilities
from index.milvus.words import Words, folded_numbers
from index.plan import Report
from index.types import Article, Place

_READ_AT_ONCE = 300  # passages
_UPDATES = 100  # that a state tells of


class Held:
    """The articles of a state, as `index.plan` asks for them."""

    def __init__(
        self, connection: Connection, name: StateName, facts: Facts, whole: bool = True
    ) -> None:
        self._connection = connection
        self._tables = name.tables
        self._seen = facts.seen_articles
        heads = read_heads(connection, self._tables, self._seen, whole)
        self.heads = {head.id: head for head in heads}

    def digests(self) -> dict[str, tuple[bytes, str]]:
        """As `index.store.Store.digests`."""
        return {i: (bytes.fromhex(head.digest), head.origin) for i, head in self.heads.items()}

    def article(self, article_id: str) -> Article | None:
        where = f"article == {literal(plain(article_id))} and {self._seen}"
        return read_article(self._connection, self._tables, where, is_strong=True)


class Writer:
    """A connection for writing, and the newest state."""

    def __init__(self, connection: Connection, is_mending: bool = False) -> None:
        """With `is_mending` a newest state that is damaged is what it still is, else refused.

        Raises:
            BadIndexError: the newest state is damaged or of another format.
            UsageError: the server is too old for lexical lanes.
        """
        self.connection = connection
        self.can = abilities(connection)
        address = connection.address
        if not self.can.sparse and not address.is_dense:
            raise UsageError(
                f"Milvus at {address.server} is older than 2.4 and can have no lexical lanes;"
                f" upgrade it, or do without them: --index '{replace(address, is_dense=True)}'"
            )
        self.newest = states.newest(connection, self.can)
        self.facts: Facts | None = None
        self._lost: set[str] = set()
        if self.newest is None:
            return
        self._lost = states.lost(connection, self.newest)
        connection.load(*set(self.newest.tables.all).difference(self._lost))
        if not is_mending:
            states.check_tables(connection, self.newest)
            self.facts = states.read_facts(connection, self.newest)
        elif not self._lost.intersection(self.newest.tables.truth):
            with suppress(DamagedError):
                self.facts = states.read_facts(connection, self.newest)

    def held(self, whole: bool = True) -> Held | None:
        """The articles of the newest state. Damaged ones are refused, or left out where `whole` is
        no matter."""
        if self.newest is None or self.facts is None:
            return None
        return Held(self.connection, self.newest, self.facts, whole)

    def words(self) -> Words | None:
        """The statistics of the newest state."""
        if self.newest is None or self.facts is None:
            return None
        folder = words_folder(self.connection.address, self.facts.id)
        states.fetch_words(self.connection, self.newest, folder)
        return Words(folder)

    def counted(self, report: Report) -> Report:
        if self.facts:
            report.articles = self.facts.articles
            report.passages = self.facts.passages
            report.sentences = self.facts.sentences
        return report

    def updates(
        self, state: int, command: str, paths: Sequence[Place], report: Report, articles: int
    ) -> list[dict[str, Any]]:
        """What the next state tells of the updates that led to it."""
        counts = len(report.added), len(report.changed), len(report.removed), articles
        update = Update(state, now(), command, named_places(paths), *counts, is_kept=False)
        earlier = self.facts.updates if self.facts else []
        return [asdict(update), *earlier][:_UPDATES]

    def settings(self) -> dict[str, str]:
        """Those of the newest state, which there is."""
        assert self.facts is not None
        return {key: self.facts.meta(key) for key in ("encoder", "fingerprint", "dim")}

    def packs(self, tables: Tables, heads: Iterable[Head], whole: bool = True) -> Iterator[Pack]:
        """The passages of articles. Damaged ones are refused, or left out where `whole` is no
        matter."""
        read = partial(read_packs, is_strong=True) if whole else whole_packs
        numbers = (n for head in heads for n in range(head.first, head.first + head.passages))
        for some in blocks(numbers, _READ_AT_ONCE):
            yield from read(self.connection, tables, some).values()

    def earlier_packs(
        self, ids: Sequence[str], fingerprint: str, known: Iterable[Head]
    ) -> Iterator[Pack]:
        """The passages that articles had in earlier states that are still there, without those of
        the newest state that are `known`."""
        if self.newest is None:
            return
        read = {(self.newest.generation, head.number) for head in known}
        for name in states.earlier(self.connection, self.newest):
            try:
                facts = states.read_facts(self.connection, name)
            except DamagedError:
                continue
            if facts.fingerprint != fingerprint or states.lost(self.connection, name):
                continue
            self.connection.load(*name.tables.truth)
            for some in blocks(ids, _READ_AT_ONCE):
                named = literal([plain(article_id) for article_id in some])
                where = f"article in {named} and {facts.seen_articles}"
                heads = {
                    (name.generation, head.number): head
                    for head in read_heads(self.connection, name.tables, where, whole=False)
                }
                new = [head for key, head in heads.items() if key not in read]
                read |= heads.keys()
                yield from self.packs(name.tables, new, whole=False)

    def write_passages(
        self, tables: Tables, packs: Iterable[Pack], state: int, lanes: Lanes | None
    ) -> None:
        """Writes passages; while some are written, the rows of the next are made."""
        writing: list[Future[int]] = []
        with ThreadPoolExecutor(3) as pool:
            for some in blocks(packs, _READ_AT_ONCE):
                searched = [searched_rows(pack, state, lanes) for pack in some]
                rows = {
                    tables.packs: [row for pack in some for row in pack_rows(pack)],
                    tables.sentences: [row for _, sentences in searched for row in sentences],
                    tables.passages: [passage for passage, _ in searched],
                }
                _wait(writing)
                writing = [pool.submit(self.connection.upsert, *each) for each in rows.items()]
            _wait(writing)

    def lanes(self, words: Path, mean: float) -> Lanes | None:
        is_dense = self.connection.address.is_dense
        return None if is_dense else Lanes(folded_numbers(words), mean)

    def clear(self) -> None:
        """Takes away what an update that was cut short left behind, and what only states show
        that no reader has open any more."""
        held = set(self.connection.collections())
        earlier = states.earlier(self.connection, self.newest) if self.newest else []
        for name in states.unfinished(self.connection, self.newest):
            if self.newest and name.generation == self.newest.generation:
                self.delete_unseen()
            elif name.generation not in {other.generation for other in earlier}:
                for table in held.intersection(name.tables.all):
                    self.connection.drop(table)
            # else it was a step back, which writes no rows
            self.connection.drop(name.collection)  # last: until then it says what is to be done
        if self.newest:
            states.drop_old(self.connection, self.newest)
        if self.newest and self.facts:
            self._delete_gone(self.newest.tables, self.facts)

    def delete_unseen(self) -> None:
        """Deletes the rows of updates that were cut short."""
        if self.newest and self.facts:
            for table, where in self.facts.unseen(self.newest.tables):
                self._delete(table, where)

    def _delete_gone(self, tables: Tables, facts: Facts) -> None:
        for where in among("number", _old(facts.gone_articles, facts.state)):
            self._delete(tables.articles, where)
        old = _old(facts.gone_passages, facts.state)
        for where in among("number", old):
            self._delete(tables.passages, where)
        for where in among("passage", old):
            self._delete(tables.sentences, where)
            self._delete(tables.packs, where)

    def _delete(self, table: str, where: str) -> None:
        if table not in self._lost:
            self.connection.delete(table, where)


@contextmanager
def writing(
    address: MilvusAddress, waiting: Waiting | None, is_mending: bool = False
) -> Iterator[Writer]:
    """A writer that is the only one. With `waiting` it waits for another."""
    with (
        locked(files_of(address), waiting, address),
        _opened(address) as connection,
        leased(connection, waiting),
    ):
        yield Writer(connection, is_mending)


@contextmanager
def connected(address: MilvusAddress, is_mending: bool = False) -> Iterator[Writer]:
    """A writer that looks and does not write."""
    with _opened(address) as connection:
        yield Writer(connection, is_mending)


@contextmanager
def _opened(address: MilvusAddress) -> Iterator[Connection]:
    connection = Connection(address, is_writer=True)
    try:
        yield connection
    finally:
        connection.close()


def _wait(writing: Iterable[Future[int]]) -> None:
    for each in writing:
        each.result()


def _old(gone: Sequence[list[int]], state: int) -> list[list[int]]:
    """What no state shows any more that a reader may have open."""
    return [span for span in gone if span[0] <= state - states.KEPT]


def still_gone(gone: Sequence[list[int]], state: int) -> list[list[int]]:
    """What `clear` has not deleted in a state."""
    return [span for span in gone if span[0] > state - states.KEPT]
