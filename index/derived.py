"""The files that are derived from the store: the lexical lanes, the dense lane, the term counts.

Each state of an index has a folder of its own for them, which is never changed once it is whole.
What an update leaves as it was, the new folder shares with the one before.
"""

import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path
from threading import Event

import numpy as np

from index.dense import update_dense, write_common, write_dense
from index.lexical import dead_share, update_lexical, write_lexical
from index.manifest import is_whole, seal
from index.store import Store
from index.terms import update_terms, write_terms
from index.vectors import Halves

DERIVED = "derived"  # one folder of derived files for each state, named by its number
_SAMPLE = 20_000  # vectors from which is learned what all have in common
_BLOCK = 8_192  # vectors read at once
_FEW = 2_000  # passages whose files are written anew by every update: it takes a second
_DEAD = 0.2  # share of removed passages that the lexical lanes may still hold


@dataclass(frozen=True, slots=True)
class Changes:
    """What an update did to the passages of a state: (number, packed terms) of those it removed,
    and the highest number that there was before; those it added have higher ones."""

    removed: list[tuple[int, bytes]]
    last: int


def write_derived(store: Store, folder: Path) -> None:
    """Writes the lexical lanes, the dense lane and the term counts of what the store holds."""
    _clear(folder)
    stopped = Event()
    keys = takewhile(lambda _: not stopped.is_set(), _keys(store, store.all_terms()))
    with ThreadPoolExecutor(1) as beside:  # tantivy takes as long as all the others
        try:
            lexical = beside.submit(write_lexical, folder, keys)
            write_terms(folder, store, (blob for _, blob in store.all_terms()))
            write_dense(folder, store.sentence_passages(), int(store.meta("dim")), _vectors(store))
            write_common(folder, store.vector_sample(_SAMPLE))
            lexical.result()
        except BaseException:
            stopped.set()  # an interrupt need not wait for the rest
            raise
    seal(folder)


def update_derived(store: Store, folder: Path, before: Path, changes: Changes) -> None:
    """Writes the same, given the folder of the state before the changes. It takes time by what has
    changed; where there are few passages, or that folder is not whole, all is written anew."""
    if store.count("passages") <= _FEW or not is_whole(before):
        write_derived(store, folder)
        return
    _clear(folder)
    removed = [number for number, _ in changes.removed]
    added = list(store.all_terms(changes.last))
    update_terms(
        before, folder, store, [blob for _, blob in changes.removed], [blob for _, blob in added]
    )
    if dead_share(before, len(removed)) > _DEAD:
        write_lexical(folder, _keys(store, store.all_terms()))
    else:
        update_lexical(before, folder, removed, _keys(store, added))
    new = store.sentence_passages(changes.last)
    update_dense(before, folder, removed, new, _vectors(store, changes.last))
    write_common(folder, store.vector_sample(_SAMPLE))
    seal(folder, before)


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _keys(
    store: Store, passages: Iterable[tuple[int, bytes]]
) -> Iterator[tuple[int, list[list[str]]]]:
    """The keys of each sentence of passages that are given with their packed terms."""
    names = _Names(store)
    for number, blob in passages:
        sentences: list[list[str]] = [[]]
        for term in np.abs(np.frombuffer(blob, dtype=np.int32)).tolist():
            if term:
                sentences[-1].append(names[term])
            else:
                sentences.append([])
        yield number, sentences


class _Names(dict[int, str]):
    """The keys of terms by their numbers, looked up once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __missing__(self, number: int) -> str:
        ((_, self[number]),) = self._store.term_keys([number])
        return self[number]


def _vectors(store: Store, after: int = 0) -> Iterator[Halves]:
    """The vectors of all sentences, or of those of passages after a number, in blocks."""
    packed = store.sentence_vectors(after)
    while block := list(islice(packed, _BLOCK)):
        yield np.frombuffer(b"".join(block), dtype=np.float16).reshape(len(block), -1)
