"""What the whole collection says about words: how many passages hold a term, or a pair of terms.

The ranker weighs words by it, and the speller learns from it which syllables follow one another.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from index.counts import PAIR_BITS, Counts, Numbers
from index.similar import SimilarWords, update_similar, write_similar
from index.store import Store
from index.text import fold, key, words
from index.types import Term

FOLDER = "terms"

_FOLDED, _VALUES = "folded.npy", "values.npy"  # by term number
_SPELLINGS = ("written", "folded")  # what is counted: terms as they are, and without diacritics
_BLOCK = 20_000  # passages counted at once, some 200 MB
_KEPT_VARIANTS = 10_000  # folded terms whose variants are kept in memory, some 10 MB
_CACHED = 50_000  # keys whose numbers are kept in memory
_CACHED_PIECES = 1_000_000  # texts without white space whose numbers are, while writing: 200 MB


def write_terms(folder: Path, store: Store, packed: Iterable[bytes]) -> None:
    """Counts the packed terms of all passages, which the store has numbered, and writes the counts
    to `folder`/terms."""
    path = folder / FOLDER
    path.mkdir()
    nothing = np.zeros(1, dtype=np.int32), np.full(1, -1, dtype=np.int32)  # of number 0
    folded = _write_numbers(path, store, *nothing)
    written, bare = _counted(packed, folded)
    written.write(path, "written")
    bare.write(path, "folded")
    write_similar(path, store.term_keys(np.flatnonzero(bare.terms).tolist()))


def update_terms(
    before: Path, folder: Path, store: Store, removed: Iterable[bytes], added: Iterable[bytes]
) -> None:
    """Writes to `folder`/terms the counts of the state in `before` without the passages `removed`
    and with those `added`, both as packed terms."""
    old, path = before / FOLDER, folder / FOLDER
    path.mkdir()
    folded = _write_numbers(path, store, np.load(old / _FOLDED), np.load(old / _VALUES))
    for name, gone, come in zip(
        _SPELLINGS, _counted(removed, folded), _counted(added, folded), strict=True
    ):
        counts = Counts.open(old, name)
        held = np.flatnonzero(counts.terms)
        counts = counts.plus(come).plus(gone, -1)
        counts.write(path, name)
    holds = np.flatnonzero(counts.terms)  # of folded terms, which come last
    update_similar(
        old, path, np.setdiff1d(held, holds), store.term_keys(np.setdiff1d(holds, held).tolist())
    )


def _counted(packed: Iterable[bytes], folded: Numbers) -> tuple[Counts, Counts]:
    """The counts of packed passages as they are written and folded."""
    rest = iter(packed)
    written, bare = _counted_block([], folded)
    while block := list(islice(rest, _BLOCK)):
        more_written, more_bare = _counted_block(block, folded)
        written, bare = written.plus(more_written), bare.plus(more_bare)
    return written, bare


def _counted_block(packed: Sequence[bytes], folded: Numbers) -> tuple[Counts, Counts]:
    terms = np.abs(np.frombuffer(b"".join(packed), dtype=np.int32))
    lengths = [len(blob) // 4 for blob in packed]
    size = len(folded)
    return Counts.of(terms, lengths, size), Counts.of(folded[terms], lengths, size)


def _write_numbers(path: Path, store: Store, folded: Numbers, values: Numbers) -> Numbers:
    """Writes the folded form and the value of every term, given those of the first terms; returns
    the folded forms. The value of a whole number is at most 2,000,000,000, that of a word -1."""
    rows = store.terms_from(len(folded))
    size = rows[-1][0] + 1 if rows else len(folded)
    folded = np.concatenate([folded, np.zeros(size - len(folded), dtype=np.int32)])
    values = np.concatenate([values, np.full(size - len(values), -1, dtype=np.int32)])
    for number, name, target in rows:
        folded[number] = target
        whole = name.partition(",")[0]
        if "0" <= name[0] <= "9" and whole.isdecimal():  # "½" has the key "1⁄2"
            values[number] = int(whole) if len(whole) < 10 else 2_000_000_000
    np.save(path / _FOLDED, folded)
    np.save(path / _VALUES, values)
    return folded


class StoredTerms:
    """The counts of one state of an index; implements `index.types.Terms`."""

    def __init__(self, folder: Path, store: Store) -> None:
        path = folder / FOLDER
        self._store = store
        self._folded = np.load(path / _FOLDED, mmap_mode="r")
        self._values = np.load(path / _VALUES, mmap_mode="r")
        self._written, self._bare = (Counts.open(path, name) for name in _SPELLINGS)
        self.passages, total = self._written.sizes.tolist()
        self.mean_length = total / max(self.passages, 1)
        self._similar = SimilarWords(path)
        self._numbers: dict[str, int] = {}  # of keys that were asked for, known or not
        self._variants: dict[int, list[Term]] = {}  # of one state: they never change

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
        counts = self._written.terms[[row[1] for row in rows]].tolist() if rows else []
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
        return np.asarray((self._bare if folded else self._written).terms[numbers])

    def pair_frequency(self, first: Numbers, second: Numbers, folded: bool = False) -> Numbers:
        counts = self._bare if folded else self._written
        pairs = counts.pairs
        wanted = (first.astype(np.int64) << PAIR_BITS) | second
        if len(pairs) == 0:
            return np.zeros(len(wanted), dtype=np.int32)
        at = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
        return np.where(pairs[at] == wanted, counts.pair_counts[at], 0).astype(np.int32)

    def followers(self, numbers: Numbers) -> Numbers:
        pairs = self._written.pairs
        first = numbers.astype(np.int64) << PAIR_BITS
        last = first + (1 << PAIR_BITS)
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
        self._numbers: dict[str, int] = {}  # of keys
        self._signed: dict[str, list[int]] = {}  # of texts without white space
        self._next = store.last_term() + 1

    def __call__(self, text: str) -> list[int]:
        """The numbers of the words of a text, in order; negative for a capitalised word."""
        found: list[int] = []
        for piece in text.split():  # no word has white space in it, and most were met before
            numbers = self._signed.get(piece)
            found += self._learn(piece) if numbers is None else numbers
        return found

    def _learn(self, piece: str) -> list[int]:
        found = words(piece)
        names = [key(word) for word in found]
        if unknown := {name for name in names if name not in self._numbers}:
            self._numbers.update(self._store.term_rows([*unknown, *map(fold, unknown)]))
        numbers = [
            -number if word[0].isupper() else number
            for name, word in zip(names, found, strict=True)
            for number in [self._numbers.get(name) or self._add(name, word)]
        ]
        if len(self._signed) > _CACHED_PIECES:
            self._signed.clear()
        self._signed[piece] = numbers
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
