"""Articles, passages and sentences to rows of collections, and back."""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from index.milvus.bm25 import passage_weights
from index.milvus.connection import Connection, Row, damaged_rows, joined, pieces, plain
from index.milvus.packs import UNREADABLE, Pack
from index.milvus.tables import NOTHING, PIECES, SENTENCES_OF_PASSAGE, UNUSED, Tables
from index.store import digest
from index.types import Article

_LONGEST = 300  # characters of a title or an author in a list of articles


@dataclass(frozen=True, slots=True)
class Lanes:
    """What the lexical lanes need to know: the folded form of every term by its number, and the
    length that passages have on average."""

    folded: npt.NDArray[np.int32]
    mean: float


def searched_rows(pack: Pack, state: int, lanes: Lanes | None) -> tuple[Row, list[Row]]:
    """The row of a passage added in a state and those of its sentences, for the lanes."""
    shared = {
        "article": plain(pack.passage.article_id),
        "outlet": plain(pack.outlet),
        "date": plain(pack.date),
        "last": f"{plain(pack.date)}-99" if pack.date else "",
        "added": state,
    }
    number = pack.passage.number
    passage = {"number": number, "id": plain(pack.passage.id), **shared}
    if lanes is None:
        passage[UNUSED] = NOTHING
    else:
        terms = np.abs(pack.terms)
        passage["lexical"] = passage_weights(terms, lanes.mean)
        passage["folded"] = passage_weights(lanes.folded[terms], lanes.mean)
    first = number * SENTENCES_OF_PASSAGE
    vectors = pack.vectors.astype(np.float32)
    return passage, [
        {"number": first + at, "passage": number, "vector": vector, **shared}
        for at, vector in enumerate(vectors)
    ]


@dataclass(frozen=True, slots=True)
class Head:
    """What is listed of an article; long titles and authors are cut. `number` is its own as long
    as it is not changed, its `passages` are numbered from `first` on; `length` is of its text."""

    number: int
    id: str
    digest: str
    origin: str
    title: str
    source: str
    date: str
    author: str
    length: int
    first: int
    passages: int


def head_of(article: Article, number: int, first: int, passages: int) -> Head:
    return Head(
        number,
        article.id,
        digest(article).hex(),
        article.origin,
        article.title[:_LONGEST],
        article.source[:_LONGEST],
        article.date,
        article.author[:_LONGEST],
        len(article.text),
        first,
        passages,
    )


def article_rows(article: Article, head: Head, state: int) -> Iterator[Row]:
    """The rows of an article added in a state."""
    packed = json.dumps(astuple(article)).encode("ascii")
    for piece, content in enumerate(pieces(zlib.compress(packed))):
        yield {
            "key": head.number * PIECES + piece,
            "number": head.number,
            "piece": piece,
            "head": json.dumps(astuple(head)) if piece == 0 else "",
            "content": content,
            "article": plain(head.id),
            "added": state,
            UNUSED: NOTHING,
        }


def article_of(rows: Sequence[Row]) -> Article:
    parts = sorted(rows, key=lambda row: int(row["piece"]))
    return Article(*json.loads(zlib.decompress(joined(row["content"] for row in parts))))


def read_article(
    connection: Connection, tables: Tables, where: str, is_strong: bool = False
) -> Article | None:
    """The article that passes; None where there is none.

    Raises:
        DamagedError: it cannot be read.
    """
    rows = connection.query(tables.articles, where, ["piece", "content"], is_strong)
    try:
        return article_of(rows) if rows else None
    except UNREADABLE as error:
        raise damaged_rows(connection.address, tables.articles) from error


def read_head(row: Row) -> Head | None:
    """What a row lists of an article; None where that is damaged."""
    try:
        return Head(*json.loads(row["head"]))
    except UNREADABLE:
        return None


def read_heads(
    connection: Connection, tables: Tables, where: str, whole: bool = True
) -> list[Head]:
    """What is listed of the articles that pass. Damaged ones are refused, or left out where `whole`
    is no matter."""
    rows = connection.scan(tables.articles, f"piece == 0 and {where}", ["head"])
    heads = [read_head(row) for row in rows]
    if whole and None in heads:
        raise damaged_rows(connection.address, tables.articles)
    return [head for head in heads if head]
