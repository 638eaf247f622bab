"""The files that are derived from the store: the lexical lanes, the dense lane, the term counts.

Each state of an index has a folder of its own for them, which is never changed once it is whole.
"""

import json
import os
import shutil
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

import numpy as np

from index.dense import write_common, write_dense
from index.lexical import write_lexical
from index.store import Store
from index.terms import write_terms
from index.types import Vectors

DERIVED = "derived"  # one folder of derived files for each state, named by its number
CHECKSUMS = "checksums.json"
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
    sums = {path: _checksum(folder / path) for path in _files(folder)}
    (folder / CHECKSUMS).write_text(json.dumps(sums), encoding="utf-8")
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


def damaged_files(folder: Path) -> list[str]:
    """The derived files of a state that are missing or not as they were written."""
    try:
        sums: dict[str, str] = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
        found = set(_files(folder))
        return sorted(p for p in sums if p not in found or _checksum(folder / p) != sums[p])
    except (OSError, ValueError):
        return [CHECKSUMS]


def _files(folder: Path) -> list[str]:
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != CHECKSUMS)
    # The lexical engine's lock files come and go.
    return sorted(p.relative_to(folder).as_posix() for p in files if p.suffix != ".lock")


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "blake2b").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
