"""The files that are derived from the store: the lexical lanes, the dense lane, the term counts.

Each state of an index has a folder of its own for them, which is never changed once it is whole.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index.dense import write_common, write_dense
from index.lexical import write_lexical
from index.store import Store
from index.terms import write_terms
from index.types import Vectors

DERIVED = "derived"  # one folder of derived files for each state, named by its number
_SAMPLE = 20_000  # vectors from which is learned what all have in common


def write_derived(store: Store, folder: Path) -> None:
    """Writes the lexical lanes, the dense lane and the term counts of what the store holds."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_terms(folder, store)
    write_lexical(folder, _keys_of_passages(store))
    dim = int(store.meta("dim"))
    rows = [(number, blob) for number, blob in store.sentence_vectors()]
    packed = np.frombuffer(b"".join(blob for _, blob in rows), dtype=np.float16)
    vectors: Vectors = packed.astype(np.float32).reshape(-1, dim)
    write_dense(folder, np.array([number for number, _ in rows], dtype=np.int64), vectors)
    write_common(folder, store.vector_sample(_SAMPLE))
    for file in sorted(folder.rglob("*")):
        _sync(file)
    _sync(folder)
    _sync(folder.parent)


def _keys_of_passages(store: Store) -> Iterator[tuple[int, list[list[str]]]]:
    names: dict[int, str] = dict(store.db.execute("SELECT number, key FROM terms").fetchall())
    for number, blob, _ in store.all_terms():
        terms = np.abs(np.frombuffer(blob, dtype=np.int32))
        sentences = np.split(terms, np.flatnonzero(terms == 0))
        yield number, [[names[t] for t in part.tolist() if t] for part in sentences]


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
