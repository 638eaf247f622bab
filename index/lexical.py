"""The lexical lanes: tantivy over syllables and pairs of syllables, as written and folded.

tantivy finds the candidates; their final lexical score is computed by the ranker, which is exact
and the same for every engine.
"""

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import tantivy

from index.manifest import files_under, link
from index.text import fold
from index.types import Numbers

FOLDER = "lexical"
_NUMBER, _BODY, _FOLDED = "number", "body", "folded"
_WRITER_MEMORY = 256_000_000  # bytes
_THREADS = 1  # more would spread the passages over segments by chance
_DELETED_AT_ONCE = 10_000
# One passage in so many: if fewer are allowed, naming each to the engine is faster than to pick
# them out of more hits (30 ms either way for 10,000 of 120,000).
_RARE = 12


def grams(sentences: Iterable[Sequence[str]]) -> list[str]:
    """Syllables, and pairs of neighbours inside a sentence: `hà`, `nội`, `hà_nội`."""
    result: list[str] = []
    for keys in sentences:
        result += keys
        result += map("_".join, pairwise(keys))
    return result


def write_lexical(folder: Path, passages: Iterable[tuple[int, list[list[str]]]]) -> None:
    """Writes the lanes of (passage number, keys of each sentence) into `folder`/lexical."""
    path = folder / FOLDER
    path.mkdir()
    _write(tantivy.Index(_schema(), path=str(path)), [], passages)
    _unlock(path)


def update_lexical(
    before: Path,
    folder: Path,
    removed: Sequence[int],
    added: Iterable[tuple[int, list[list[str]]]],
) -> None:
    """Writes into `folder`/lexical the lanes in `before` without the passages `removed`, and with
    others. The files of both are the same: tantivy replaces files, but never writes into one."""
    link(before, folder, files_under(before, FOLDER))
    path = folder / FOLDER
    _write(tantivy.Index.open(str(path)), removed, added)
    _unlock(path)


def dead_share(folder: Path, more: int) -> float:
    """The share of passages in the files of the lanes that are removed, or will be, as `more` are.
    tantivy counts their words too until it merges files, which shifts its scores a little."""
    segments = json.loads((folder / FOLDER / "meta.json").read_text())["segments"]
    dead = more + sum(s["deletes"]["num_deleted_docs"] for s in segments if s["deletes"])
    return float(dead / max(sum(s["max_doc"] for s in segments), 1))


def _write(
    index: tantivy.Index, removed: Sequence[int], added: Iterable[tuple[int, list[list[str]]]]
) -> None:
    writer = index.writer(_WRITER_MEMORY, _THREADS)
    for at in range(0, len(removed), _DELETED_AT_ONCE):
        numbers = list(removed[at : at + _DELETED_AT_ONCE])
        gone = tantivy.Query.term_set_query(index.schema, _NUMBER, numbers)
        writer.delete_documents_by_query(gone)
    for number, sentences in added:
        body = grams(sentences)
        folded = grams([fold(k) for k in keys] for keys in sentences)
        document = tantivy.Document()
        document.add_unsigned(_NUMBER, number)
        document.add_text(_BODY, " ".join(body))
        document.add_text(_FOLDED, " ".join(folded))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _unlock(path: Path) -> None:
    """Removes the empty files by which writers kept each other out."""
    for file in path.glob(".*.lock"):
        file.unlink()


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
