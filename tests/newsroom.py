"""An index of a few articles, wherever it is kept: in a folder, or in Milvus.

In a folder, unless $HOIBAO_TEST_MILVUS holds the address of a server or a file of Milvus Lite
(`milvus://HOST:PORT/`, `milvus:///FOLDER/FILE.db/`, with `?lanes=dense` where there are no lexical
lanes). The fixtures `location` and `newsroom` make one.
"""

import os
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from index import backend
from index.location import Location, read_location
from index.milvus.address import MilvusAddress
from index.text import keys
from index.types import Encoder, OpenIndex
from tests.fakes import WordEncoder
from tests.workshop import RAIN, SUN, TEA, texts

ADDRESS = os.environ.get("HOIBAO_TEST_MILVUS", "")
IS_DENSE = ADDRESS.endswith("?lanes=dense")
in_milvus = pytest.mark.skipif(not ADDRESS, reason="damage to rows: HOIBAO_TEST_MILVUS names none")
_names = (f"test_{os.getpid()}_{number}" for number in count())


class StoppedError(Exception):
    """What cuts an update short."""


def new_address() -> MilvusAddress:
    """Of an index that is not there yet."""
    path, _, query = ADDRESS.partition("?")
    found = read_location(f"{path}{next(_names)}{'?' if query else ''}{query}")
    assert isinstance(found, MilvusAddress)
    return found


def drop_index(address: MilvusAddress) -> None:
    """Drops all that an index in Milvus holds."""
    from index.milvus import states
    from index.milvus.connection import Connection
    from index.milvus.tables import abilities

    connection, index = Connection(address), address.name
    can = abilities(connection)
    if can.aliases and states.newest(connection, can):
        connection.call("drop_alias", index)
    for name in connection.collections():
        if re.fullmatch(rf"{index}_(s\d+_g\d+|g\d+_[a-z]+|w\d+|current|embedded)", name):
            connection.drop(name)
    connection.close()


class Newsroom:
    """A folder of articles, an index of them, and one of the same in a folder to compare with."""

    def __init__(self, folder: Path, location: Location) -> None:
        self.articles, self.beside, self.location = folder / "bài", folder / "beside", location
        self.articles.mkdir()
        self.encoder = WordEncoder()

    def write(self, name: str, text: str, title: str = "Tin", **fields: str) -> Path:
        path = self.articles / name
        head = "".join(f"{key}: '{value}'\n" for key, value in {"title": title, **fields}.items())
        path.write_text(f"---\n{head}---\n{text}\n", encoding="utf-8")
        return path

    def update(self, rebuild: bool = False, encoder: Encoder | None = None) -> backend.Report:
        self.encoder = WordEncoder()
        encoder = encoder or self.encoder
        return backend.update_index(self.location, [self.articles], encoder, rebuild=rebuild)

    def open(self) -> OpenIndex:
        return backend.open_index(self.location)

    def fresh(self) -> OpenIndex:
        """An index in a folder of the same articles, built from nothing."""
        where = self.beside / str(len(list(self.beside.glob("*"))))
        backend.update_index(where, [self.articles], WordEncoder())
        return backend.open_index(where)


def change(newsroom: Newsroom) -> None:
    """One article changed, one gone, one new."""
    newsroom.write("a.md", "Hà Nội tạnh.", date="2024-05-26")
    (newsroom.articles / "b.md").unlink()
    newsroom.write("d.md", "Vinh có gió Lào.")
    newsroom.update()


def seen(index: OpenIndex, in_order: bool = False) -> list[object]:
    """All that search can see of an index, free of its passage numbers. Equally good passages are
    in the order of their numbers, so that of the lexical lanes is told of first builds alone."""
    arranged: Callable[[list[str]], list[str]] = list if in_order else sorted
    found: list[object] = [
        (a, [(p.id, p.start, p.end, p.sentences) for p in index.passages_of(a.id)])
        for a in index.articles()
    ]
    for question in ("Hà Nội mưa", "chè", "thoi tiet nang", "tin", "Câu số 3"):
        for folded in (False, True):
            if not IS_DENSE:
                found.append(arranged(texts(index, index.lexical(keys(question), 50, folded))))
        vector = WordEncoder().encode_queries([question])
        numbers = index.dense(vector, 50)
        found.append(sorted(texts(index, numbers)))
        candidates = index.candidates(numbers)
        scores = [float((c.vectors @ vector[0]).max()) for c in candidates]
        assert scores == pytest.approx(sorted(scores, reverse=True), abs=1e-6)
        found.append(sorted(repr(c.vectors.tolist()) for c in candidates))
    terms = index.terms
    numbers_ = terms.numbers(keys(f"{RAIN} {SUN} {TEA} tin thời tiết"))
    for folded in (False, True):
        found.append(terms.frequency(numbers_, folded).tolist())
        found.append(terms.pair_frequency(numbers_[:-1], numbers_[1:], folded).tolist())
    found += [[t.key for t in terms.variants("ha")], terms.passages, terms.mean_length]
    found += [list(index.outlets()), index.date_span(), sorted(index.titles(90))]
    found += [index.count(kind) for kind in ("articles", "passages", "sentences")]
    index.close()
    return found
