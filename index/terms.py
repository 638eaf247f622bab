"""What the whole collection says about words: how many passages hold a term, or a pair of terms.

The ranker weighs words by it, and the speller learns from it which syllables follow one another.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.similar import SimilarWords, write_similar
from index.store import Store
from index.text import fold, key, words
from index.types import Term

FOLDER = "terms"

Numbers = npt.NDArray[np.int32]
_KEPT_VARIANTS = 10_000  # folded terms whose variants are kept in memory, some 10 MB
_CACHED = 50_000  # keys whose numbers are kept in memory
_BITS = 32  # a pair of terms is one 64-bit key: first << 32 | second


def write_terms(folder: Path, store: Store) -> None:
    """Counts the terms of all passages in the store and writes the counts to `folder`/terms."""
    path = folder / FOLDER
    path.mkdir()
    folded = _folded_by_number(store)
    packed = [row[1] for row in store.all_terms()]
    terms = np.abs(np.frombuffer(b"".join(packed), dtype=np.int32))
    lengths = np.array([len(blob) // 4 for blob in packed], dtype=np.int64)
    passages = np.repeat(np.arange(len(packed), dtype=np.int64), lengths)
    np.save(path / "folded.npy", folded)
    np.save(path / "values.npy", _values_by_number(store, len(folded)))
    np.save(path / "shape.npy", np.array([len(packed), int((terms > 0).sum())], dtype=np.int64))
    for name, numbers in (("written", terms), ("folded", folded[terms])):
        counts = _passages_with(numbers, passages, len(folded))
        np.save(path / f"{name}_terms.npy", counts)
        if name == "folded":
            rows = store.terms_without_diacritics()
            write_similar(path, ((number, key) for number, key in rows if counts[number] > 0))
        pairs, pair_counts = _passages_with_pairs(numbers, passages)
        np.save(path / f"{name}_pairs.npy", pairs)
        np.save(path / f"{name}_pair_counts.npy", pair_counts)


def _folded_by_number(store: Store) -> Numbers:
    rows = store.db.execute("SELECT number, folded FROM terms").fetchall()
    folded = np.zeros(max((r[0] for r in rows), default=0) + 1, dtype=np.int32)
    for number, target in rows:
        folded[number] = target
    return folded


def _values_by_number(store: Store, size: int) -> Numbers:
    """The value of terms that are whole numbers (at most 2,000,000,000), -1 for words."""
    values = np.full(size, -1, dtype=np.int32)
    for number, name in store.db.execute("SELECT number, key FROM terms WHERE key GLOB '[0-9]*'"):
        whole = name.partition(",")[0]
        if whole.isdecimal():  # "½" has the key "1⁄2"
            values[number] = int(whole) if len(whole) < 10 else 2_000_000_000
    return values


def _passages_with(numbers: Numbers, passages: npt.NDArray[np.int64], size: int) -> Numbers:
    distinct = np.unique(passages * size + numbers)
    counts = np.bincount(distinct % size, minlength=size).astype(np.int32)
    counts[0] = 0  # the border between sentences is not a term
    return counts


def _passages_with_pairs(
    numbers: Numbers, passages: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], Numbers]:
    first, second = numbers[:-1].astype(np.int64), numbers[1:].astype(np.int64)
    inside = (first > 0) & (second > 0) & (passages[:-1] == passages[1:])
    pairs = (first[inside] << _BITS) | second[inside]
    names, ranks = np.unique(pairs, return_inverse=True)
    distinct = np.unique(passages[:-1][inside] * max(len(names), 1) + ranks)
    counts = np.bincount(distinct % max(len(names), 1), minlength=len(names))
    return names, counts.astype(np.int32)


class StoredTerms:
    """The counts of one state of an index; implements `index.types.Terms`."""

    def __init__(self, folder: Path, store: Store) -> None:
        path = folder / FOLDER
        self._store = store
        self._folded = np.load(path / "folded.npy", mmap_mode="r")
        self._values = np.load(path / "values.npy", mmap_mode="r")
        self.passages, total = (int(n) for n in np.load(path / "shape.npy"))
        self.mean_length = total / max(self.passages, 1)
        self._similar = SimilarWords(path)
        self._numbers: dict[str, int] = {}  # of keys that were asked for, known or not
        self._variants: dict[int, list[Term]] = {}  # of one state: they never change
        self._counts = {}
        self._pairs = {}
        for name in ("written", "folded"):
            self._counts[name] = np.load(path / f"{name}_terms.npy", mmap_mode="r")
            self._pairs[name] = (
                np.load(path / f"{name}_pairs.npy", mmap_mode="r"),
                np.load(path / f"{name}_pair_counts.npy", mmap_mode="r"),
            )

    def numbers(self, keys: Sequence[str]) -> Numbers:
        unseen = [key for key in keys if key not in self._numbers]
        if unseen:
            if len(self._numbers) > _CACHED:
                self._numbers.clear()
                unseen = list(keys)
            known = self._store.term_rows(unseen)
            size = len(self._folded)
            found = ((key, known.get(key, 0)) for key in unseen)
            self._numbers.update((key, n if n < size else 0) for key, n in found)
        return np.array([self._numbers.get(key, 0) for key in keys], dtype=np.int32)

    def folded_numbers(self, numbers: Numbers) -> Numbers:
        return np.asarray(self._folded[numbers])

    def variants(self, folded_key: str) -> list[Term]:
        number = int(self.numbers([folded_key])[0])
        return self.variants_of([number]).get(number, [])

    def variants_of(self, folded: Sequence[int]) -> dict[int, list[Term]]:
        if len(self._variants) > _KEPT_VARIANTS:
            self._variants = {}
        kept = self._variants
        kept.update(self._read_variants([n for n in folded if n not in kept]))
        return {n: kept[n] for n in folded if kept[n]}

    def _read_variants(self, folded: Sequence[int]) -> dict[int, list[Term]]:
        rows = [row for row in self._store.variants(folded) if row[1] < len(self._folded)]
        counts = self._counts["written"][[row[1] for row in rows]].tolist() if rows else []
        found: dict[int, list[Term]] = {n: [] for n in folded}
        for (target, number, name, spelling), passages in zip(rows, counts, strict=True):
            if passages > 0:
                found[target].append(Term(number, name, spelling, passages))
        for variants in found.values():
            variants.sort(key=lambda term: (-term.passages, term.key))
        return found

    def similar(self, folded_keys: Sequence[str]) -> list[Numbers]:
        return self._similar.near(folded_keys)

    def values(self, numbers: Numbers) -> Numbers:
        return np.asarray(self._values[numbers])

    def frequency(self, numbers: Numbers, folded: bool = False) -> Numbers:
        return np.asarray(self._counts["folded" if folded else "written"][numbers])

    def pair_frequency(self, first: Numbers, second: Numbers, folded: bool = False) -> Numbers:
        pairs, counts = self._pairs["folded" if folded else "written"]
        wanted = (first.astype(np.int64) << _BITS) | second
        if len(pairs) == 0:
            return np.zeros(len(wanted), dtype=np.int32)
        at = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
        return np.where(pairs[at] == wanted, counts[at], 0).astype(np.int32)

    def followers(self, numbers: Numbers) -> Numbers:
        pairs, _ = self._pairs["written"]
        first = numbers.astype(np.int64) << _BITS
        last = first + (1 << _BITS)
        found = np.searchsorted(pairs, last) - np.searchsorted(pairs, first)
        return found.astype(np.int32)


def pack(sentences: Iterable[Sequence[int]]) -> Numbers:
    """Term numbers of the sentences of a passage, in order, with 0 between sentences."""
    flat: list[int] = []
    for number, sentence in enumerate(sentences):
        flat += [0, *sentence] if number else sentence  # a sentence may hold no terms
    return np.array(flat, dtype=np.int32)


class TermNumbers:
    """Gives numbers to terms while a store is written; new terms get the next free ones."""

    def __init__(self, store: Store) -> None:
        self._store = store
        rows = store.db.execute("SELECT key, number FROM terms")
        self._numbers: dict[str, int] = dict(rows.fetchall())
        self._next = max(self._numbers.values(), default=0) + 1

    def __call__(self, text: str) -> list[int]:
        """The numbers of the words of a text, in order; negative for a capitalised word."""
        numbers = []
        for word in words(text):
            number = self._numbers.get(key(word)) or self._add(key(word), word)
            numbers.append(-number if word[0].isupper() else number)
        return numbers

    def _add(self, name: str, word: str) -> int:
        number = self._numbers[name] = self._next
        self._next += 1
        folded_name = fold(name)
        folded = number if folded_name == name else self._numbers.get(folded_name)
        if folded is None:
            folded = self._add(folded_name, folded_name)
        spelling = unicodedata.normalize("NFC", word.lower())
        self._store.add_term(number, name, folded, spelling)
        return number
