"""The rows of an index in Milvus as a writer sees them: read, written, given another end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.errors import UsageError
from index.milvus import states
from index.milvus.connection import Connection, blocks, literal, plain
from index.milvus.files import words_folder
from index.milvus.packs import Pack, pack_rows, read_packs
from index.milvus.rows import (
    Lanes,
    Lifetime,
    article_of,
    read_head,
    searched_rows,
    with_life,
)
from index.milvus.states import Facts, StateName
from index.milvus.tables import NEVER, Tables, abilities, visible
from index.milvus.words import Words, folded_numbers
from index.plan import Report
from index.types import Article

_READ_AT_ONCE = 300  # articles or passages


class Held:
    """The articles of the newest state, as `index.plan` asks for them."""

    def __init__(self, connection: Connection, name: StateName) -> None:
        self._connection = connection
        self._tables = name.tables
        self._seen = visible(name.state)
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
        self.read_newest()

    def read_newest(self) -> None:
        self.newest = states.newest(self.connection, self.can)
        self.facts = states.read_facts(self.connection, self.newest) if self.newest else None
        for table in self.newest.tables.all if self.newest else ():
            self.connection.load(table)

    def held(self) -> Held | None:
        return Held(self.connection, self.newest) if self.newest else None

    def words(self) -> Words | None:
        """The statistics of the newest state."""
        if self.newest is None or self.facts is None:
            return None
        folder = words_folder(self.facts.id)
        states.fetch_words(self.connection, self.newest, folder)
        return Words(folder)

    def counted(self, report: Report) -> Report:
        if self.facts:
            report.articles = self.facts.articles
            report.passages = self.facts.passages
            report.sentences = self.facts.sentences
        return report

    def packs(self, tables: Tables, where: str) -> Iterator[tuple[Pack, Lifetime]]:
        """The passages whose rows pass a filter, with their lifetimes."""
        fields = ["number", "added", "removed"]
        for rows in blocks(self.connection.scan(tables.passages, where, fields), _READ_AT_ONCE):
            lives = {row["number"]: Lifetime(row["added"], row["removed"]) for row in rows}
            for number, pack in read_packs(self.connection, tables, list(lives), True).items():
                yield pack, lives[number]

    def set_removed(self, tables: Tables, where: str, removed: int, lanes: Lanes | None) -> None:
        """Gives the passages, sentences and articles that pass a filter another end."""
        # Read before it is written: what a scan passes may change under it.
        articles = list(self.connection.scan(tables.articles, where, ["key"]))
        for rows in blocks(articles, _READ_AT_ONCE):
            keys = [row["key"] for row in rows]
            fields = ["key", "article", "piece", "head", "content", "added"]
            found = self.connection.get(tables.articles, "key", keys, fields, True)
            self.connection.upsert(
                tables.articles, (with_life(row, Lifetime(row["added"], removed)) for row in found)
            )
        passages = list(self.connection.scan(tables.passages, where, ["number", "added"]))
        for rows in blocks(passages, _READ_AT_ONCE):
            added = {row["number"]: row["added"] for row in rows}
            packs = read_packs(self.connection, tables, list(added), True)
            self._write_searched(
                tables,
                [(p, Lifetime(added[number], removed)) for number, p in packs.items()],
                lanes,
            )

    def write_passages(
        self, tables: Tables, packs: Iterable[Pack], life: Lifetime, lanes: Lanes | None
    ) -> None:
        for some in blocks(packs, _READ_AT_ONCE):
            self.connection.upsert(tables.packs, (row for pack in some for row in pack_rows(pack)))
            self._write_searched(tables, [(pack, life) for pack in some], lanes)

    def _write_searched(
        self, tables: Tables, packs: Sequence[tuple[Pack, Lifetime]], lanes: Lanes | None
    ) -> None:
        found = [searched_rows(pack, life, lanes) for pack, life in packs]
        self.connection.upsert(tables.sentences, (row for _, rows in found for row in rows))
        self.connection.upsert(tables.passages, (row for row, _ in found))

    def lanes(self, words: Path, mean: float) -> Lanes | None:
        is_dense = self.connection.address.is_dense
        return None if is_dense else Lanes(folded_numbers(words), mean)

    def clear(self) -> None:
        """Takes away what an update that was cut short left behind."""
        held = set(self.connection.collections())
        for name in states.unfinished(self.connection, self.newest):
            if self.newest and self.facts and name.generation == self.newest.generation:
                self._undo(self.newest, self.facts)
            else:
                for table in held.intersection(name.tables.all):
                    self.connection.drop(table)
            self.connection.drop(name.collection)  # last: until then it says what is to be done

    def _undo(self, name: StateName, facts: Facts) -> None:
        tables, state = name.tables, name.state
        for table in (tables.articles, tables.passages, tables.sentences):
            self.connection.delete(table, f"added > {state}")
        self.connection.delete(tables.packs, f"passage >= {facts.next_passage}")
        words = self.words()
        assert words is not None
        try:
            lanes = self.lanes(words.folder, facts.mean)
            self.set_removed(tables, f"removed > {state} and removed < {NEVER}", NEVER, lanes)
        finally:
            words.close()

    def purge(self) -> None:
        """Drops what only states had that no reader has open any more."""
        assert self.newest is not None
        states.drop_old(self.connection, self.newest)
        tables, last = self.newest.tables, self.newest.state - states.KEPT
        gone = list(self.connection.scan(tables.passages, f"removed <= {last}", ["number"]))
        for rows in blocks(gone, _READ_AT_ONCE):
            numbers = [row["number"] for row in rows]
            self.connection.delete(tables.packs, f"passage in {literal(numbers)}")
        for table in (tables.articles, tables.passages, tables.sentences):
            self.connection.delete(table, f"removed <= {last}")
