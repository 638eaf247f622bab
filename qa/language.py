"""How likely words follow one another, by what the indexed articles say.

A bigram model over passages, smoothed by Witten and Bell (1991, method C): the chance of a word
after another is drawn towards the chance of the word alone, the more so the more different words
are known to follow the other. The phrases of `qa.phrases` are counted in addition, as if some
passages held them.

What a word without diacritics stands for depends on what is talked about: "hang" in "hang son
doong" is a cave, though goods ("hàng") are commoner. So the few passages nearest to such a question
count once more (a cache, as in Kuhn and De Mori 1990), and they weigh in what shares words with the
same letters have (unigram rescaling: Kneser, Peters and Klakow 1997).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.syllables import is_syllable, split_tone
from index.text import key
from index.types import Term, Terms
from qa.phrases import COMMON, QUESTIONS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]

_FOLLOWERS = 16.0  # different words that are believed to follow any word, before it is seen
# Articles ask little, but everything that is typed here asks: what questions are made of counts
# as a share of all passages, an everyday word as a passage or so that articles soon outweigh.
_QUESTION_SHARE, _QUESTION_PASSAGES, _COMMON_PASSAGES = 0.01, 1.0, 1.0
# An unknown word costs this much and this much more for every letter. Vietnamese has some 7,000
# syllables (e^9 is 8,100): one of them is never a greater surprise than that.
_UNKNOWN, _UNKNOWN_LETTER, _UNKNOWN_SYLLABLE = 5.0, 2.5, 9.0
# What a near passage holds counts so often in addition; so many of them weigh as much as all
# passages together in what shares words with the same letters have.
_NEAR_COUNTS, _NEAR_AS_ALL = 2.0, 2.0


@dataclass(frozen=True, slots=True)
class _Phrases:
    """How often words, and pairs of neighbours, stand in phrases: in those of questions (row 0)
    and in everyday ones (row 1).

    `places` maps a key to its column in `words`; `pairs` has a column for each of `codes`, which
    are `first * len(places) + second`, sorted. The last column of both is for all others: zeros.
    """

    places: dict[str, int]
    words: Floats
    codes: Ints
    pairs: Floats


@cache
def _phrases() -> _Phrases:
    counts: list[tuple[Counter[str], Counter[tuple[str, str]]]] = []
    for text in (QUESTIONS, COMMON.strip().replace("\n", "|")):
        found = [[key(word) for word in phrase.split()] for phrase in text.split("|")]
        words = Counter(word for phrase in found for word in phrase)
        counts.append((words, Counter(pair for phrase in found for pair in pairwise(phrase))))
    places = {word: at for at, word in enumerate({**counts[0][0], **counts[1][0]})}
    size = len(places)
    pairs = {places[a] * size + places[b]: (a, b) for a, b in {**counts[0][1], **counts[1][1]}}
    codes = sorted(pairs)
    return _Phrases(
        places,
        np.array([[*(c[word] for word in places), 0] for c, _ in counts], dtype=np.float64),
        np.array(codes, dtype=np.int64),
        np.array([[*(c[pairs[code]] for code in codes), 0] for _, c in counts], dtype=np.float64),
    )


class Language:
    """The words that may have been meant in one question, and the cost in nats of their order.

    Words are named by their places in `words`.
    """

    def __init__(self, words: Sequence[Term], terms: Terms, near: Sequence[Numbers] = ()) -> None:
        """`near` are the terms of passages near the question, with 0 between sentences."""
        self._terms = terms
        self._numbers = np.array([word.number for word in words], dtype=np.int32)
        self._followers = terms.followers(self._numbers) + _FOLLOWERS
        self._phrases = _phrases()
        asked = _QUESTION_SHARE * terms.passages + _QUESTION_PASSAGES
        self._weights = np.array([asked, _COMMON_PASSAGES])
        size = len(self._phrases.places)
        self._columns = np.array(
            [self._phrases.places.get(word.key, size) for word in words], dtype=np.int64
        )
        believed = self._weights @ self._phrases.words
        passages = np.array([word.passages for word in words], dtype=np.float64)
        self._counts = passages + believed[self._columns]
        total = max(terms.passages * terms.mean_length, 1.0) + believed.sum()
        self._alone: Floats = np.log(total) - np.log(np.maximum(self._counts, 0.5))
        for at in np.flatnonzero(self._counts == 0).tolist():
            self._alone[at] = _unknown_cost(words[at].key)
        self._near_terms = np.concatenate([np.zeros(1, dtype=np.int32), *near])
        self._near_pairs = pair_codes(self._near_terms[:-1], self._near_terms[1:])
        if near:
            self._alone -= self._nearness(near)

    def alone(self, words: Ints) -> Floats:
        """The cost of each word without what stands before it."""
        return self._alone[words]

    def after(self, first: Ints, second: Ints) -> Floats:
        """The cost of each second word after its first."""
        counts = self._terms.pair_frequency(self._numbers[first], self._numbers[second])
        prior = self._followers[first] * np.exp(-self._alone[second])
        together = counts + self._believed(self._columns[first], self._columns[second]) + prior
        total = self._counts[first] + self._followers[first]
        a, b = self._numbers[first], self._numbers[second]
        held = occurrences(pair_codes(a, b), self._near_pairs) * ((a > 0) & (b > 0))
        together += _NEAR_COUNTS * held
        total += _NEAR_COUNTS * occurrences(a, self._near_terms) * (a > 0)
        return np.asarray(-np.log(together / total))

    def _nearness(self, near: Sequence[Numbers]) -> Floats:
        """(words,) in nats, how much likelier each word is for the share that it has near the
        question, instead of everywhere, of the words with the same letters."""
        held = np.concatenate([np.unique(terms) for terms in near])
        letters = self._terms.folded_numbers(self._numbers)
        alike = np.maximum(self._terms.frequency(letters, folded=True), 1)
        everywhere = (self._numbers > 0) * self._terms.frequency(self._numbers) / alike
        here = occurrences(self._numbers, held) + _NEAR_AS_ALL * everywhere
        share = here / (occurrences(letters, self._terms.folded_numbers(held)) + _NEAR_AS_ALL)
        known = everywhere > 0
        return np.log(np.divide(share, everywhere, out=np.ones_like(share), where=known))

    def _believed(self, first: Ints, second: Ints) -> Floats:
        """The passages' worth of belief in pairs, given by columns of the phrases' words."""
        size, codes = len(self._phrases.places), self._phrases.codes
        wanted = first * size + second
        at = np.searchsorted(codes, wanted)
        known = (first < size) & (second < size) & (codes[np.minimum(at, len(codes) - 1)] == wanted)
        counts: Floats = self._weights @ self._phrases.pairs[:, np.where(known, at, len(codes))]
        return counts


def pair_codes(first: Numbers, second: Numbers) -> Ints:
    """Pairs of term numbers as single ones."""
    return (first.astype(np.int64) << 32) | second


def occurrences(wanted: Numbers | Ints, found: Numbers | Ints) -> Ints:
    """How often each of the wanted numbers is among those found."""
    ordered = np.sort(found)
    return np.searchsorted(ordered, wanted, "right") - np.searchsorted(ordered, wanted, "left")


def _unknown_cost(key_: str) -> float:
    spelled = _UNKNOWN + _UNKNOWN_LETTER * len(key_)
    return min(spelled, _UNKNOWN + _UNKNOWN_SYLLABLE) if is_syllable(*split_tone(key_)) else spelled
