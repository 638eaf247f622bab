"""All that is kept of a passage as one string of bytes: what the ranker reads, in one look-up.

Its vectors stand in it once more: to read them from the collection of sentences takes 20 times as
long.
"""

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from index.milvus.connection import (
    PIECE,
    Connection,
    DamagedError,
    Row,
    damaged_rows,
    joined,
    pieces,
)
from index.milvus.tables import NOTHING, PIECES, UNUSED, Tables
from index.types import Candidate, Passage, Span
from index.vectors import Halves

_SIZES = struct.Struct("<5I")
_KEY = 16  # bytes of the name of a vector
# What reading bytes raises that are not those that were written.
UNREADABLE = (ValueError, TypeError, LookupError, struct.error, zlib.error)


@dataclass(frozen=True, slots=True)
class Pack:
    """All that is kept of one passage. `terms` and `title` are as in `index.types.Candidate`;
    `keys` name the vectors (sentences, dim), half-precision floats, as `index.store` does."""

    passage: Passage
    outlet: str
    date: str
    terms: npt.NDArray[np.int32]
    title: npt.NDArray[np.int32]
    keys: tuple[bytes, ...]
    vectors: Halves

    def to_bytes(self) -> bytes:
        p = self.passage
        spans = [at for span in p.sentences for at in (span.start, span.end)]
        head = json.dumps([p.number, p.id, p.article_id, p.start, p.end, self.outlet, self.date])
        sizes = (len(head), len(self.keys), len(self.terms), len(self.title), len(spans))
        return b"".join(
            (
                _SIZES.pack(*sizes),
                head.encode("ascii"),
                b"".join(self.keys),
                self.terms.astype("<i4").tobytes(),
                self.title.astype("<i4").tobytes(),
                np.array(spans, dtype="<i4").tobytes(),
                self.vectors.astype("<f2").tobytes(),
            )
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        head, count, terms, title, spans = _SIZES.unpack_from(content)
        ends = np.cumsum([_SIZES.size, head, count * _KEY, terms * 4, title * 4, spans * 4])
        fields, names, packed_terms, packed_title, places = (
            content[ends[i] : ends[i + 1]] for i in range(5)
        )
        number, passage_id, article_id, start, end, outlet, date = json.loads(fields)
        at = np.frombuffer(places, dtype="<i4").tolist()
        sentences = tuple(map(Span, at[::2], at[1::2]))
        vectors = np.frombuffer(content[ends[5] :], dtype="<f2")
        return cls(
            Passage(number, passage_id, article_id, start, end, sentences),
            outlet,
            date,
            np.frombuffer(packed_terms, dtype="<i4"),
            np.frombuffer(packed_title, dtype="<i4"),
            tuple(names[i : i + _KEY] for i in range(0, len(names), _KEY)),
            vectors.reshape(count, -1) if count else vectors.reshape(0, 0),
        )

    @property
    def candidate(self) -> Candidate:
        return Candidate(
            self.passage.number,
            self.passage.article_id,
            self.terms,
            self.title,
            self.vectors.astype(np.float32),
        )


def pack_rows(pack: Pack) -> Iterator[Row]:
    number = pack.passage.number
    for piece, content in enumerate(pieces(pack.to_bytes())):
        key = number * PIECES + piece
        yield {"key": key, "passage": number, "content": content, UNUSED: NOTHING}


def read_packs(
    connection: Connection, tables: Tables, numbers: Sequence[int], is_strong: bool = False
) -> dict[int, Pack]:
    """Passages by their numbers, in their order; those that are not there are left out."""
    parts: dict[int, list[str]] = {number: [] for number in numbers}
    wanted = [number * PIECES for number in parts]
    while wanted:
        rows = connection.get(tables.packs, "key", wanted, ["key", "content"], is_strong)
        for row in rows:
            parts[row["key"] // PIECES].append(row["content"])
        # Only a piece that is full may have another after it.
        wanted = [row["key"] + 1 for row in rows if len(row["content"]) == PIECE]
    try:
        return {n: Pack.from_bytes(joined(found)) for n, found in parts.items() if found}
    except UNREADABLE as error:
        raise damaged_rows(connection.address, tables.packs) from error


def whole_packs(connection: Connection, tables: Tables, numbers: Sequence[int]) -> dict[int, Pack]:
    """As `read_packs`, as they are now; those that are damaged are left out too."""
    try:
        return read_packs(connection, tables, numbers, is_strong=True)
    except DamagedError:
        if len(numbers) == 1:
            return {}
        half = len(numbers) // 2
        some, others = numbers[:half], numbers[half:]
        return whole_packs(connection, tables, some) | whole_packs(connection, tables, others)
