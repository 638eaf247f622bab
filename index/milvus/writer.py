"""The rows of an index in Milvus as a writer sees them: read, written, cleared away."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.errors import UsageError
from index.milvus import states
from index.milvus.connection import Connection, blocks, literal, plain
from index.milvus.files import words_folder
from index.milvus.gone import among
from index.milvus.packs import Pack, pack_rows, read_packs
from index.milvus.rows import Head, Lanes, article_of, read_head, searched_rows
from index.milvus.states import Facts, StateName
from index.milvus.tables import Tables, abilities
from index.milvus.words import Words, folded_numbers
from index.plan import Report
from index.types import Article

_READ_AT_ONCE = 300  # passages


class Held:
    """The articles of the newest state, as `index.plan` asks for them."""

    def __init__(self, connection: Connection, name: StateName, facts: Facts) -> None:
        self._connection = connection
        self._tables = name.tables
        self._seen = facts.seen_articles
        rows = connection.scan(self._tables.articles, f"piece == 0 and {self._seen}", ["head"])
        self.heads = {head.id: head for head in map(read_head, rows)}

    def digests(self) -> dict[str, tuple[bytes, str]]:
        """As `index.store.Store.digests`."""
        return {i: (bytes.fromhex(head.digest), head.origin) for i, head in self.heads.items()}

    def article(self, article_id: str) -> Article | None:
        where = f"article == {literal(plain(article_id))} and {self._seen}"
        rows = self._connection.query(self._tables.articles, where, ["piece", "content"], True)
        return article_of(rows) if rows else None


class Writer:
    """A connection for writing, and the newest state."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.can = abilities(connection)
        address = connection.address
        if not self.can.sparse and not address.is_dense:
            raise UsageError(
                f"Milvus at {address.server} is older than 2.4 and can have no lexical lanes;"
                f" upgrade it, or do without them: --index '{replace(address, is_dense=True)}'"
            )
        self.newest = states.newest(connection, self.can)
        self.facts = states.read_facts(connection, self.newest) if self.newest else None
        for table in self.newest.tables.all if self.newest else ():
            connection.load(table)

    def held(self) -> Held | None:
        if self.newest is None or self.facts is None:
            return None
        return Held(self.connection, self.newest, self.facts)

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

    def packs(self, tables: Tables, heads: Iterable[Head]) -> Iterator[Pack]:
        """The passages of articles."""
        numbers = (n for head in heads for n in range(head.first, head.first + head.passages))
        for some in blocks(numbers, _READ_AT_ONCE):
            yield from read_packs(self.connection, tables, some, is_strong=True).values()

    def write_passages(
        self, tables: Tables, packs: Iterable[Pack], state: int, lanes: Lanes | None
    ) -> None:
        for some in blocks(packs, _READ_AT_ONCE):
            self.connection.upsert(tables.packs, (row for pack in some for row in pack_rows(pack)))
            searched = [searched_rows(pack, state, lanes) for pack in some]
            sentences = (row for _, rows in searched for row in rows)
            self.connection.upsert(tables.sentences, sentences)
            self.connection.upsert(tables.passages, (row for row, _ in searched))

    def lanes(self, words: Path, mean: float) -> Lanes | None:
        is_dense = self.connection.address.is_dense
        return None if is_dense else Lanes(folded_numbers(words), mean)

    def clear(self) -> None:
        """Takes away what an update that was cut short left behind, and what only states show
        that no reader has open any more."""
        held = set(self.connection.collections())
        for name in states.unfinished(self.connection, self.newest):
            if self.newest and self.facts and name.generation == self.newest.generation:
                self._delete_added(self.newest.tables, self.facts)
            else:
                for table in held.intersection(name.tables.all):
                    self.connection.drop(table)
            self.connection.drop(name.collection)  # last: until then it says what is to be done
        if self.newest and self.facts:
            states.drop_old(self.connection, self.newest)
            self._delete_gone(self.newest.tables, self.facts)

    def _delete_added(self, tables: Tables, facts: Facts) -> None:
        for table in (tables.articles, tables.passages, tables.sentences):
            self.connection.delete(table, f"added > {facts.state}")
        self.connection.delete(tables.packs, f"passage >= {facts.next_passage}")

    def _delete_gone(self, tables: Tables, facts: Facts) -> None:
        for where in among("number", _old(facts.gone_articles, facts.state)):
            self.connection.delete(tables.articles, where)
        old = _old(facts.gone_passages, facts.state)
        for where in among("number", old):
            self.connection.delete(tables.passages, where)
        for where in among("passage", old):
            self.connection.delete(tables.sentences, where)
            self.connection.delete(tables.packs, where)


def _old(gone: Sequence[list[int]], state: int) -> list[list[int]]:
    """What no state shows any more that a reader may have open."""
    return [span for span in gone if span[0] <= state - states.KEPT]


def still_gone(gone: Sequence[list[int]], state: int) -> list[list[int]]:
    """What `clear` has not deleted in a state."""
    return [span for span in gone if span[0] > state - states.KEPT]
