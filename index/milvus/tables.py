"""The collections of an index in Milvus, and what their rows hold.

    NAME_s7_g2            state 7, in generation 2: its facts and its statistics of words
    NAME_g2_articles      articles, in pieces where they are long
    NAME_g2_passages      what passages are searched by: weights of words, and what filters ask of
    NAME_g2_sentences     the same of sentences: vectors
    NAME_g2_packs         all that the ranker reads of a passage, in one string
    NAME_embedded         vectors of an update that goes on
    NAME_current          the number of the newest state, where the server knows no aliases
    NAME_w5               term 5 of the lease of writers (`index.milvus.lease`), without rows

The alias NAME names the collection of the newest state: moving it is what makes an update visible.
Rows that readers see are never written again: not every engine replaces a row in one step. Each
says in which state it was `added`, and each state names by their numbers those that are gone.
They are deleted when no reader can have such a state open. A rebuild makes a new generation.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from index.milvus.connection import STRING, Connection

PIECES = 1 << 12  # keys of packs are passage number * 4096 + piece, those of articles likewise
SENTENCES_OF_PASSAGE = 1 << 16  # keys of sentences likewise
UNUSED = "unused"  # the vector of collections that need none
NOTHING = [0.0, 1.0]
_ALIASES_FROM = (2, 3)
_SPARSE_FROM = (2, 4)

Field = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a server can do: switch aliases, keep sparse vectors, find the nearest by a graph."""

    aliases: bool
    sparse: bool
    is_lite: bool


def abilities(connection: Connection) -> Abilities:
    if connection.address.is_file:
        # Lite 2.5 knows neither its version nor aliases; Lite 3 both.
        return Abilities(_has_aliases(connection), True, True)
    version = str(connection.call("get_server_version"))
    found = re.search(r"(\d+)\.(\d+)", version)
    number = (int(found[1]), int(found[2])) if found else _SPARSE_FROM
    return Abilities(number >= _ALIASES_FROM, number >= _SPARSE_FROM, number[0] > 2)


def _has_aliases(connection: Connection) -> bool:
    try:
        connection.call("list_aliases")
    except Exception as error:
        return "unimplemented" not in str(error).lower()
    return True


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of the collections of one generation."""

    index: str
    generation: int

    @property
    def articles(self) -> str:
        return f"{self.index}_g{self.generation}_articles"

    @property
    def passages(self) -> str:
        return f"{self.index}_g{self.generation}_passages"

    @property
    def sentences(self) -> str:
        return f"{self.index}_g{self.generation}_sentences"

    @property
    def packs(self) -> str:
        return f"{self.index}_g{self.generation}_packs"

    @property
    def truth(self) -> tuple[str, str]:
        """What all else can be made from."""
        return (self.articles, self.packs)

    @property
    def all(self) -> tuple[str, ...]:
        return (self.articles, self.passages, self.sentences, self.packs)


def make_tables(connection: Connection, tables: Tables, dim: int, can: Abilities) -> None:
    """Makes the collections of a generation."""
    shared = [_text("article"), _number("added")]
    filters = [*shared, _text("outlet"), _text("date"), _text("last")]
    piece = [_number("number"), _number("piece"), _text("head"), _text("content")]
    sentence = [_number("number", True), _number("passage")]
    pack = [_number("key", True), _number("passage"), _text("content")]
    lanes = [] if connection.address.is_dense else [("lexical", 0), ("folded", 0)]
    wanted: list[tuple[str, list[Field], list[tuple[str, int]]]] = [
        (tables.articles, [_number("key", True), *piece, *shared], []),
        (tables.passages, [_number("number", True), _text("id"), *filters], lanes),
        (tables.sentences, [*sentence, *filters], [("vector", dim)]),
        (tables.packs, pack, []),
    ]
    # Servers take seconds to make one, most of them spent waiting.
    with ThreadPoolExecutor(len(wanted)) as pool:
        list(pool.map(lambda of: make(connection, of[0], of[1], of[2], can), wanted))


def make_pieces(connection: Connection, name: str, can: Abilities) -> None:
    """Makes a collection of strings by their keys."""
    make(connection, name, [_text("key", True), _text("content")], [], can)


def make(
    connection: Connection,
    name: str,
    fields: list[Field],
    vectors: list[tuple[str, int]],
    can: Abilities,
) -> None:
    """Makes a collection; `vectors` are names and dimensions, 0 for sparse ones. One without
    vectors gets a small one that nothing uses, as servers ask for one."""
    kinds = connection.api.DataType
    schema = connection.api.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    indexes = connection.api.MilvusClient.prepare_index_params()
    for field in fields:
        schema.add_field(**{**field, "datatype": getattr(kinds, field["datatype"])})
    for field_name, dim in vectors or [(UNUSED, 2)]:
        if dim:
            schema.add_field(field_name, kinds.FLOAT_VECTOR, dim=dim)
            # The graphs of Lite 3 lose a quarter of what filters leave.
            kind = "AUTOINDEX" if can.sparse and not can.is_lite else "FLAT"
            indexes.add_index(field_name, index_type=kind, metric_type="IP")
        else:
            schema.add_field(field_name, kinds.SPARSE_FLOAT_VECTOR)
            indexes.add_index(field_name, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    connection.change(
        "create_collection", name, schema=schema, index_params=indexes, consistency_level="Bounded"
    )
    connection.load(name)


def _number(name: str, is_key: bool = False) -> Field:
    return {"field_name": name, "datatype": "INT64", "is_primary": is_key}


def _text(name: str, is_key: bool = False) -> Field:
    return {"field_name": name, "datatype": "VARCHAR", "max_length": STRING, "is_primary": is_key}
