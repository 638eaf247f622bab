"""The states of an index in Milvus: which there are, what each says of itself, which is newest.

A state is one small collection. It is written beside the newest one, and the alias of the index is
then moved to it: readers see the state before, whole, or this one, whole.
"""

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index import database
from index.errors import BadIndexError
from index.milvus.address import MilvusAddress
from index.milvus.connection import PIECE, Connection, DamagedError, joined, pieces
from index.milvus.gone import Gone, left
from index.milvus.tables import NOTHING, UNUSED, Abilities, Tables, make_pieces
from index.milvus.words import packed_files, unpack

FORMAT = 1  # of the rows: raise it when what is written changes
KEPT = 2  # states before the newest that readers may still have open
_FACTS = "facts"
_NEWEST = "newest"
_DAMAGED = (KeyError, ValueError, zlib.error)  # a piece is gone, or another; zlib has a checksum


@dataclass(frozen=True, slots=True)
class StateName:
    """Which state, of which generation of collections."""

    index: str
    state: int
    generation: int

    @property
    def collection(self) -> str:
        return f"{self.index}_s{self.state}_g{self.generation}"

    @property
    def tables(self) -> Tables:
        return Tables(self.index, self.generation)

    @classmethod
    def parse(cls, index: str, collection: str) -> "StateName | None":
        found = re.fullmatch(rf"{index}_s(\d+)_g(\d+)", collection)
        return cls(index, int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a state says of itself. `id` names its statistics; `mean` is the length of passages, in
    words and pairs, that the weights of its generation are made for, `length` the sum of all
    lengths; `next_article` and `next_passage` are the numbers that the next ones get, `gone_...`
    those whose rows are still there; `updates` those that made it, the newest first, as
    `index.history.Update` has them.
    """

    id: str
    state: int
    generation: int
    format: int
    encoder: str
    fingerprint: str
    dim: int
    mean: float
    length: int
    next_article: int
    next_passage: int
    gone_articles: Gone
    gone_passages: Gone
    articles: int
    passages: int
    sentences: int
    outlets: list[str]
    first_date: str
    last_date: str
    titles: list[str]
    updates: list[dict[str, Any]] = field(default_factory=list)

    def seen(self, tables: Tables) -> Iterator[tuple[str, str, int]]:
        """The collections that this state shows rows of, the filter for them and their number."""
        yield tables.articles, f"{self.seen_articles} and piece == 0", self.articles
        yield tables.passages, self.seen_passages, self.passages
        yield tables.sentences, self.seen_sentences, self.sentences

    def unseen(self, tables: Tables) -> Iterator[tuple[str, str]]:
        """The collections of rows that later states have written, and the filter for them."""
        for table in (tables.articles, tables.passages, tables.sentences):
            yield table, f"added > {self.state}"
        yield tables.packs, f"passage >= {self.next_passage}"

    @property
    def seen_articles(self) -> str:
        """The filter for the rows of articles that this state shows."""
        return left("number", self.state, self.gone_articles)

    @property
    def seen_passages(self) -> str:
        return left("number", self.state, self.gone_passages)

    @property
    def seen_sentences(self) -> str:
        return left("passage", self.state, self.gone_passages)

    def meta(self, key: str) -> str:
        """A setting by the name that an index in a folder has for it."""
        # `read_facts` has refused another format of this kind of index.
        return str(database.FORMAT if key == "format" else getattr(self, key))


def no_index(address: MilvusAddress) -> BadIndexError:
    return BadIndexError(f"no index at {address}; build one: qa index ARTICLES --index {address}")


def newest(connection: Connection, can: Abilities) -> StateName | None:
    """The newest state; None where the server holds no such index."""
    index = connection.address.name
    if can.aliases:
        try:
            found = connection.call("describe_alias", index)["collection_name"]
        except BadIndexError as error:  # the number of the error differs from version to version
            if not any(words in str(error) for words in ("not found", "not exist")):
                raise
            return None
        return StateName.parse(index, found)
    if _current(index) not in connection.collections():
        return None
    rows = connection.get(_current(index), "key", [_NEWEST], ["content"])
    return StateName.parse(index, rows[0]["content"]) if rows else None


def lost(connection: Connection, name: StateName) -> set[str]:
    """The collections of rows of a state that are not there."""
    return set(name.tables.all).difference(connection.collections())


def check_tables(connection: Connection, name: StateName) -> None:
    """Refuses a state whose collections are not all there.

    Raises:
        DamagedError: one is not.
    """
    for table in sorted(lost(connection, name)):
        raise DamagedError(
            f"{table} is missing at {connection.address.server}; see what else is damaged:"
            f" qa index verify --index {connection.address}"
        )


def switch(connection: Connection, can: Abilities, name: StateName) -> None:
    """Makes a state the newest, in one step."""
    index = name.index
    if can.aliases:
        known = newest(connection, can)
        connection.change("alter_alias" if known else "create_alias", name.collection, index)
        return
    if _current(index) not in connection.collections():
        make_pieces(connection, _current(index), can)
    # One row is replaced as a whole, which is what an alias does.
    row = {"key": _NEWEST, "content": name.collection, UNUSED: NOTHING}
    connection.upsert(_current(index), [row])


def _current(index: str) -> str:
    return f"{index}_current"


def _states(connection: Connection, index: str) -> list[StateName]:
    found = (StateName.parse(index, name) for name in connection.collections())
    return sorted((name for name in found if name), key=lambda name: name.state)


def next_generation(connection: Connection) -> int:
    """The number of a generation that no state is of. One may be older than the newest state and
    have a higher number: a step back leads to the generation of then."""
    known = _states(connection, connection.address.name)
    return 1 + max((name.generation for name in known), default=0)


def earlier(connection: Connection, now: StateName) -> list[StateName]:
    """The states before the newest that can be gone back to, the newest first."""
    known = _states(connection, now.index)
    return [name for name in reversed(known) if now.state - KEPT <= name.state < now.state]


def unfinished(connection: Connection, before: StateName | None) -> list[StateName]:
    """The states after the newest: updates that were cut short."""
    states = _states(connection, connection.address.name)
    return [name for name in states if name.state > (before.state if before else 0)]


def drop_old(connection: Connection, now: StateName) -> None:
    """Drops the states that no reader has open any more, and the generations that only they had."""
    keep = {now.generation}
    for name in _states(connection, now.index):
        if name.state < now.state - KEPT:
            connection.drop(name.collection)
        else:
            keep.add(name.generation)
    for collection in connection.collections():
        found = re.fullmatch(rf"{now.index}_g(\d+)_[a-z]+", collection)
        if found and int(found[1]) not in keep:
            connection.drop(collection)


# -- what a state says -----------------------------------------------------------------------------


def write_state(connection: Connection, name: StateName, facts: Facts, words: Path) -> None:
    """Writes the facts and the statistics of a state into its collection."""
    files = dict(packed_files(words))
    counted = {file: len(pieces(content)) for file, content in files.items()}
    said = zlib.compress(json.dumps({"facts": asdict(facts), "files": counted}).encode("ascii"))
    connection.upsert(name.collection, _rows({_FACTS: said, **files}.items()))


def _rows(contents: Iterable[tuple[str, bytes]]) -> Iterator[dict[str, Any]]:
    for name, content in contents:
        for number, piece in enumerate(pieces(content)):
            yield {"key": f"{name} {number}", "content": piece, UNUSED: NOTHING}


def read_facts(connection: Connection, name: StateName) -> Facts:
    """What a state says of itself.

    Raises:
        DamagedError: it is of another format, or damaged.
    """
    facts, _ = _said(connection, name)
    return facts


def fetch_words(connection: Connection, name: StateName, folder: Path) -> None:
    """Makes a folder of the statistics of a state, if it is not there.

    Raises:
        DamagedError: they are damaged, or what the state says of itself is.
    """
    if folder.is_dir():
        return
    _, files = _said(connection, name)
    try:
        unpack(folder, ((file, _content(connection, name, file, n)) for file, n in files.items()))
    except _DAMAGED as error:
        raise DamagedError(
            f"the statistics in {name.collection} at {connection.address.server} are damaged; mend"
            f" them, nothing is embedded again: qa index verify --index {connection.address}"
        ) from error


def damaged_words(connection: Connection, name: StateName) -> Iterator[str]:
    """The files of the statistics of a state that are not as they were written."""
    _, files = _said(connection, name)
    for file, count in files.items():
        try:
            zlib.decompress(_content(connection, name, file, count))
        except _DAMAGED:
            yield file


def _said(connection: Connection, name: StateName) -> tuple[Facts, dict[str, int]]:
    connection.load(name.collection)
    parts: list[str] = []
    while not parts or len(parts[-1]) == PIECE:
        keys = [f"{_FACTS} {len(parts)}"]
        rows = connection.get(name.collection, "key", keys, ["content"], is_strong=True)
        if not rows:
            break
        parts.append(rows[0]["content"])
    if not parts:
        raise DamagedError(
            f"{connection.address} is being replaced or was not finished; try again, or start over:"
            f" qa index ARTICLES --rebuild --index {connection.address}"
        )
    try:
        said = json.loads(zlib.decompress(joined(parts)))
    except (ValueError, zlib.error) as error:
        raise DamagedError(
            f"what {name.collection} at {connection.address.server} says of its state is damaged;"
            f" start over: qa index ARTICLES --rebuild --index {connection.address}"
        ) from error
    if said["facts"]["format"] != FORMAT:
        raise DamagedError(
            f"the index {connection.address} has format {said['facts']['format']}, this program"
            f" {FORMAT}; start over: qa index ARTICLES --rebuild --index {connection.address}"
        )
    return Facts(**said["facts"]), said["files"]


def _content(connection: Connection, name: StateName, file: str, count: int) -> bytes:
    keys = [f"{file} {number}" for number in range(count)]
    found: dict[str, str] = {}
    for at in range(0, count, 100):
        rows = connection.get(
            name.collection, "key", keys[at : at + 100], ["key", "content"], is_strong=True
        )
        found.update((row["key"], row["content"]) for row in rows)
    return joined(found[key] for key in keys)
