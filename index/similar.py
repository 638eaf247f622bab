"""Words that one slip of the hand turns into another: looked up, never searched for.

Two words at most one letter apart (missing, extra, other or swapped with its neighbour) share a
form with at most one letter deleted, so filing every word under its deletions finds them
(symmetric delete, Garbe 2012). Words are compared without diacritics.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]

_WORD = re.compile(r"[a-z]{2,24}")
_FORMS, _NUMBERS = "forms.npy", "form_terms.npy"


def forms(word: str) -> set[str]:
    """The word, and what is left of it without any one of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def write_similar(folder: Path, words: Iterable[tuple[int, str]]) -> None:
    """Files (term number, key without diacritics) under the hashes of the key's forms."""
    _write(folder, *_filed(words))


def update_similar(
    before: Path, folder: Path, gone: npt.NDArray[np.int64], come: Iterable[tuple[int, str]]
) -> None:
    """Files the words of `before` without the term numbers `gone`, and with the words `come`."""
    hashes, numbers = np.load(before / _FORMS), np.load(before / _NUMBERS)
    kept = ~np.isin(numbers, gone)
    more_hashes, more_numbers = _filed(come)
    _write(
        folder,
        np.concatenate([hashes[kept], more_hashes]),
        np.concatenate([numbers[kept], more_numbers]),
    )


def _filed(words: Iterable[tuple[int, str]]) -> tuple[npt.NDArray[np.uint32], Numbers]:
    hashes: list[int] = []
    numbers: list[int] = []
    for number, word in words:
        if _WORD.fullmatch(word):
            found = [crc32(form.encode()) for form in forms(word)]
            hashes += found
            numbers += [number] * len(found)
    return np.array(hashes, dtype=np.uint32), np.array(numbers, dtype=np.int32)


def _write(folder: Path, hashes: npt.NDArray[np.uint32], numbers: Numbers) -> None:
    order = np.argsort(hashes, kind="stable")
    np.save(folder / _FORMS, hashes[order])
    np.save(folder / _NUMBERS, numbers[order])


class SimilarWords:
    """The filed words of one state of an index, read from disk as they are needed."""

    def __init__(self, folder: Path) -> None:
        self._forms = np.asarray(np.load(folder / _FORMS, mmap_mode="r"))
        self._numbers = np.asarray(np.load(folder / _NUMBERS, mmap_mode="r"))

    def near(self, words: Sequence[str]) -> list[Numbers]:
        """For each word, the numbers of words about one letter away, and perhaps a few more:
        two deletions can meet in one form, and so can the hashes of two forms."""
        found = [sorted({crc32(form.encode()) for form in forms(word)}) for word in words]
        wanted = np.array([h for hashes in found for h in hashes], dtype=np.uint32)
        first = np.searchsorted(self._forms, wanted, side="left")
        last = np.searchsorted(self._forms, wanted, side="right")
        result: list[Numbers] = []
        at = 0
        for hashes in found:
            spans = range(at, at + len(hashes))
            parts = [self._numbers[first[i] : last[i]] for i in spans if last[i] > first[i]]
            result.append(np.unique(np.concatenate(parts)) if parts else self._numbers[:0])
            at += len(hashes)
        return result
