"""The lexical lanes: tantivy over syllables and pairs of syllables, as written and folded.

tantivy finds the candidates; their final lexical score is computed by the ranker, which is exact
and the same for every engine.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import tantivy

from index.text import fold
from index.types import Numbers

FOLDER = "lexical"
_NUMBER, _BODY, _FOLDED = "number", "body", "folded"
_WRITER_MEMORY = 256_000_000  # bytes
_MERGE_THREADS = 1
# One passage in so many: if fewer are allowed, naming each to the engine is faster than to pick
# them out of more hits (30 ms either way for 10,000 of 120,000).
_RARE = 12


def grams(sentences: Iterable[Sequence[str]]) -> list[str]:
    """Syllables, and pairs of neighbours inside a sentence: `hà`, `nội`, `hà_nội`."""
    result: list[str] = []
    for keys in sentences:
        result += keys
        result += [f"{a}_{b}" for a, b in pairwise(keys)]
    return result


def write_lexical(folder: Path, passages: Iterable[tuple[int, list[list[str]]]]) -> None:
    """Writes the lanes of (passage number, keys of each sentence) into `folder`/lexical."""
    path = folder / FOLDER
    path.mkdir()
    index = tantivy.Index(_schema(), path=str(path))
    writer = index.writer(_WRITER_MEMORY, _MERGE_THREADS)
    for number, sentences in passages:
        body = grams(sentences)
        folded = grams([fold(k) for k in keys] for keys in sentences)
        document = tantivy.Document()
        document.add_unsigned(_NUMBER, number)
        document.add_text(_BODY, " ".join(body))
        document.add_text(_FOLDED, " ".join(folded))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class LexicalLanes:
    """BM25 (Robertson and Zaragoza 2009, as tantivy computes it) over one folder."""

    def __init__(self, folder: Path) -> None:
        path = folder / FOLDER
        self._schema = _schema()
        self._searcher = tantivy.Index.open(str(path)).searcher()
        self.search(["a"], 1)  # some files are opened by the first search: now, not for a reader

    def search(
        self, keys: Sequence[str], limit: int, folded: bool = False, allowed: Numbers | None = None
    ) -> list[int]:
        """Numbers of up to `limit` passages that hold any of the keys, best first; only of the
        allowed."""
        field = _FOLDED if folded else _BODY
        wanted = dict.fromkeys(grams([[fold(k) for k in keys] if folded else keys]))
        if not wanted or limit < 1:
            return []
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, field, w, "freq"))
                for w in wanted
            ]
        )
        if allowed is None:
            hits = self._hits(query, limit)
        elif len(allowed) * _RARE < self._searcher.num_docs:
            hits = self._hits(self._among(query, allowed), limit)
        else:
            hits = self._picked(query, limit, allowed)
        return [number for _, number in hits]

    def _hits(self, query: tantivy.Query, limit: int) -> list[tuple[float, int]]:
        """(-score, number) of up to `limit` passages, best first."""
        hits = self._searcher.search(query, limit, count=False).hits
        numbers = self._searcher.fast_field_values(_NUMBER, [address for _, address in hits])
        # Equal scores come in the order of segments: the number makes the order total.
        found = zip(hits, numbers, strict=True)
        return sorted((-score, n) for (score, _), n in found if isinstance(n, int))

    def _among(self, query: tantivy.Query, allowed: Numbers) -> tantivy.Query:
        """The same scores, of the allowed passages alone."""
        numbers = tantivy.Query.term_set_query(self._schema, _NUMBER, allowed.tolist())
        no_score = tantivy.Query.const_score_query(numbers, 0.0)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), (tantivy.Occur.Must, no_score)]
        )

    def _picked(
        self, query: tantivy.Query, limit: int, allowed: Numbers
    ) -> list[tuple[float, int]]:
        """The allowed among as many hits as it takes."""
        wide = limit * _RARE
        while True:
            hits = self._hits(query, wide)
            passes = np.isin([number for _, number in hits], allowed)
            kept = [hit for hit, ok in zip(hits, passes, strict=True) if ok]
            if len(kept) >= limit or len(hits) < wide:
                return kept[:limit]
            wide *= 8


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_NUMBER, stored=False, indexed=True, fast=True)
    for field in (_BODY, _FOLDED):
        builder.add_text_field(
            field, stored=False, tokenizer_name="whitespace", index_option="freq"
        )
    return builder.build()
