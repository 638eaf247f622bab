"""What the collection knows of the words of one question, asked for in few and large steps."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from index import text
from index.text import fold
from index.types import Term, Terms
from qa.phrases import spellings

Numbers = npt.NDArray[np.int32]

_NEIGHBOURS = 24  # words without diacritics that are looked at as one slip away from a word


class Vocabulary:
    """The words of a collection that a question may have meant."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._folded: dict[str, int] = {}  # keys without diacritics to their term numbers
        self._variants: dict[int, list[Term]] = {0: []}  # by the number of what they fold to

    def learn(self, keys: Iterable[str]) -> None:
        """Asks the collection about keys, with all other diacritics that they may have."""
        wanted = [k for k in dict.fromkeys(map(fold, keys)) if k not in self._folded]
        self._folded.update(zip(wanted, self._terms.numbers(wanted).tolist(), strict=True))
        self._learn_numbers(self._folded[k] for k in wanted)

    def _learn_numbers(self, folded: Iterable[int]) -> None:
        wanted = [n for n in dict.fromkeys(folded) if n not in self._variants]
        found = self._terms.variants_of(wanted)
        self._variants.update((n, found.get(n, [])) for n in wanted)

    def variants(self, key: str) -> list[Term]:
        """The words that are the same as a learned key but for diacritics, commonest first.

        Those of the phrases that no article holds come last, with number 0.
        """
        found = self._variants[self._folded[folded := fold(key)]]
        if folded not in spellings():
            return found
        known = {term.key for term in found}
        spelled = {text.key(word): word for word in spellings()[folded]}
        return [*found, *(Term(0, k, word, 0) for k, word in spelled.items() if k not in known)]

    def term(self, key: str, spelling: str) -> Term:
        """The word of a learned key, or one of number 0 where no passage holds it."""
        known = (term for term in self.variants(key) if term.key == key)
        return next(known, Term(0, key, spelling, 0))

    def near(self, keys: Sequence[str], wanted: Sequence[bool]) -> list[list[Term]]:
        """For each key of a sequence, the words that one slip may have turned into it.

        None for keys that are not wanted, nor for those that stand beside both of their
        neighbours in some passage; the best-fitting ones for the others.
        """
        numbers = np.array([0, *(self._folded[fold(k)] for k in keys), 0], dtype=np.int32)
        known = self._terms.frequency(numbers[1:-1], folded=True) > 0
        pairs = self._terms.pair_frequency(numbers[1:-2], numbers[2:-1], folded=True) > 0
        good = known & np.append(pairs, True) & np.append(True, pairs)
        suspects = np.flatnonzero(~good & np.array(wanted, dtype=bool))
        near = self._terms.similar([fold(keys[at]) for at in suspects.tolist()])
        chosen = self._fitting(near, numbers[suspects], numbers[suspects + 2])
        self._learn_numbers(n for found in chosen for n in found)
        result: list[list[Term]] = [[] for _ in keys]
        for at, found in zip(suspects.tolist(), chosen, strict=True):
            others = [n for n in found if n != numbers[at + 1]]
            result[at] = [term for n in others for term in self._variants[n]]
        return result

    def _fitting(self, near: Sequence[Numbers], before: Numbers, after: Numbers) -> list[list[int]]:
        """Of the words near each suspect, those that fit best between its neighbours."""
        sizes = [len(found) for found in near]
        words = np.concatenate([*near, np.zeros(0, dtype=np.int32)])
        fits = np.maximum(
            self._terms.pair_frequency(np.repeat(before, sizes), words, folded=True),
            self._terms.pair_frequency(words, np.repeat(after, sizes), folded=True),
        )
        common = self._terms.frequency(words, folded=True)
        order = np.lexsort((words, -common, -fits, np.repeat(np.arange(len(near)), sizes)))
        parts = np.split(words[order], np.cumsum(sizes)[:-1]) if sizes else []
        return [part[:_NEIGHBOURS].tolist() for part in parts]
