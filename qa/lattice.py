"""All the words that a question may have been meant to hold, each with what it costs to think so.

The lattice has a node at the start of every unit (characters without a space or sign between
them) and wherever a unit may fall apart into words; an edge is a word that may have been meant
between two nodes. What is most likely on the whole is for `qa.spelling` to find.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.text import Token, fold, key, tokens
from index.types import Term, Terms
from qa.channel import KEYS, SEAM, Costs, Difference, compare, same
from qa.keyboard import METHODS, decode
from qa.syllables import is_folded_syllable, is_syllable, respell, spell, split_tone

_VARIANTS = 16  # spellings with other diacritics that are considered for one word
_NEIGHBOURS = 24  # words without diacritics that are looked at as one slip away from it
_SLIPS = 12  # and spellings of theirs that are considered
_LONGEST_SYLLABLE = 7  # nghiêng


@dataclass(frozen=True, slots=True)
class Edge:
    """A word that may have been meant by the slice `[start, end)` of the text.

    `words` are places in the lattice's vocabulary, several where what was typed is several keys.
    `written` is how the word is to be written, None for exactly as typed. `supplied` tells that
    it has diacritics that were not typed, `open` that it may have others than it has.
    """

    start: int
    end: int
    words: tuple[int, ...]
    written: str | None
    cost: Costs
    supplied: bool = False
    open: bool = False


@dataclass(slots=True)
class Lattice:
    """The edges over a text, and the vocabulary that they name words by.

    `following` maps the end of a unit to the start of the next; `last` is where the text ends.
    """

    text: str
    edges: list[Edge] = field(default_factory=list)
    following: dict[int, int] = field(default_factory=dict)
    last: int = 0
    keys: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    passages: list[int] = field(default_factory=list)

    def next_node(self, edge: Edge) -> int:
        return self.following.get(edge.end, edge.end)


def units(text: str) -> list[list[Token]]:
    """The keys of a text, those with nothing between them together: `d9a5i` is five."""
    found: list[list[Token]] = []
    for token in tokens(text):
        if found and found[-1][-1].end == token.start:
            found[-1].append(token)
        else:
            found.append([token])
    return found


def build(text: str, terms: Terms) -> Lattice:
    """The lattice of a text (in NFC) over the words of a collection."""
    return _Builder(text, terms).build()


class _Builder:
    """Collects edges; every kind of question to the collection is asked once for all units."""

    def __init__(self, text: str, terms: Terms) -> None:
        self._text = text
        self._terms = terms
        self._units = units(text)
        self._lattice = Lattice(text)
        self._places: dict[str, int] = {}
        self._variants: dict[str, list[Term]] = {}
        letters = [c for c in text if c.isalpha()]
        self._shouted = sum(c.isupper() for c in letters) > len(letters) / 2

    def build(self) -> Lattice:
        starts = [unit[0].start for unit in self._units]
        ends = [unit[-1].end for unit in self._units]
        self._lattice.following = dict(zip(ends, [*starts[1:], ends[-1] if ends else 0]))
        self._lattice.last = ends[-1] if ends else 0
        words = [u for u in self._units if self._is_correctable(u)]
        singles = [u[0] for u in words if len(u) == 1]
        joined = list(self._joined())
        self._look_up([fold(t.key) for u in self._units for t in u])
        pieces = [p for token in singles for p in self._pieces(token)]
        decoded = [
            (u, name, spell(*syllable))
            for u in words
            for name, syllable in self._decoded(u)
        ]
        self._look_up([fold(t.key) for t in (*joined, *pieces)] + [fold(key(d[2])) for d in decoded])
        for unit in self._units:
            self._add_typed(unit)
        for token in singles:
            self._add_variants(token, np.zeros(len(SEAM)))
        for token in joined:
            self._add_variants(token, SEAM, with_typed=True)
        for token in pieces:
            self._add_variants(token, SEAM / 2, with_typed=True)
        for unit, name, spelling in decoded:
            self._add(unit[0].start, unit[-1].end, key(spelling), spelling, KEYS[name], False)
        meant_keys = {unit[0].start for unit, _, _ in decoded}
        self._add_slips([token for token in singles if token.start not in meant_keys])
        return self._lattice

    # -- what may have been meant -----------------------------------------------------------

    def _is_correctable(self, unit: Sequence[Token]) -> bool:
        """Whether a unit may be anything but what it is: numbers and abbreviations may not."""
        word = self._text[unit[0].start : unit[-1].end]
        is_abbreviation = len(word) > 1 and word.isupper() and not self._shouted
        return word[0].isalpha() and not (
            is_abbreviation and len(unit) == 1 and not is_folded_syllable(fold(unit[0].key))
        )

    def _joined(self) -> Iterator[Token]:
        """Neighbours that are one syllable with a space too many: `l ục`, `ngh ề`."""
        for first, second in zip(self._units, self._units[1:]):
            a, b = first[0], second[0]
            if len(first) + len(second) > 2 or self._text[a.end : b.start] != " ":
                continue
            whole = key(self._text[a.start : a.end] + self._text[b.start : b.end])
            both = is_folded_syllable(fold(a.key)) and is_folded_syllable(fold(b.key))
            is_name = len(b.key) == 1 and self._text[b.start].isupper()  # "độ C"
            if not both and not is_name and is_folded_syllable(fold(whole)):
                yield Token(whole, a.start, b.end)

    def _pieces(self, token: Token) -> list[Token]:
        """The syllables that a word without its spaces may fall into: `hànội`, `vietnam`."""
        word = self._text[token.start : token.end]
        if len(word) < 3 or is_folded_syllable(fold(token.key)):
            return []
        spans = [
            (a, b)
            for a in range(len(word))
            for b in range(a + 1, min(a + _LONGEST_SYLLABLE, len(word)) + 1)
            if is_folded_syllable(fold(key(word[a:b])))
        ]
        forward, backward = {0}, {len(word)}
        for a, b in spans:
            if a in forward:
                forward.add(b)
        for a, b in sorted(spans, reverse=True):
            if b in backward:
                backward.add(a)
        return [
            Token(key(word[a:b]), token.start + a, token.start + b)
            for a, b in spans
            if a in forward and b in backward
        ]

    def _decoded(self, unit: Sequence[Token]) -> Iterator[tuple[str, tuple[str, str]]]:
        word = self._text[unit[0].start : unit[-1].end]
        if word.isascii() and len(word) <= 2 * _LONGEST_SYLLABLE:
            for method in METHODS:
                for syllable in sorted(decode(word, method)):
                    yield method.name, syllable

    def _suspicious(self, tokens_: Sequence[Token]) -> list[Token]:
        """Words that the collection has never seen, or never beside either of their neighbours."""
        names = [fold(t.key) for unit in self._units for t in unit]
        numbers = self._terms.numbers(names)
        known = self._terms.frequency(numbers, folded=True) > 0
        pairs = self._terms.pair_frequency(numbers[:-1], numbers[1:], folded=True) > 0
        beside = np.append(pairs, False) | np.append(False, pairs)
        good = {
            t.start
            for t, ok in zip((t for u in self._units for t in u), known & beside, strict=True)
            if ok
        }
        return [t for t in tokens_ if t.start not in good and len(t.key) > 1]

    # -- edges ------------------------------------------------------------------------------

    def _look_up(self, folded_keys: Sequence[str]) -> None:
        wanted = [k for k in dict.fromkeys(folded_keys) if k not in self._variants]
        found = self._terms.variants_of(wanted)
        self._variants.update({k: found.get(k, []) for k in wanted})

    def _place(self, name: str) -> int:
        """The place of a key in the vocabulary."""
        if (place := self._places.get(name)) is None:
            term = next((t for t in self._variants.get(fold(name), ()) if t.key == name), None)
            place = self._places[name] = len(self._lattice.keys)
            self._lattice.keys.append(name)
            self._lattice.numbers.append(term.number if term else 0)
            self._lattice.passages.append(term.passages if term else 0)
        return place

    def _add(
        self, start: int, end: int, name: str, spelling: str, cost: Costs, supplied: bool
    ) -> None:
        written = _in_case(respell(spelling), self._text[start:end])
        edge = Edge(start, end, (self._place(name),), written, cost, supplied)
        self._lattice.edges.append(edge)

    def _add_typed(self, unit: Sequence[Token]) -> None:
        words = tuple(self._place(t.key) for t in unit)
        difference = same("".join(t.key for t in unit))
        variants = self._variants.get(fold(unit[0].key), ())
        is_open = len(unit) == 1 and fold(unit[0].key) == unit[0].key and len(variants) > 1
        edge = Edge(
            unit[0].start, unit[-1].end, words, None, difference.cost, False, is_open
        )
        self._lattice.edges.append(edge)

    def _add_variants(self, token: Token, more: Costs, with_typed: bool = False) -> None:
        for term in self._variants[fold(token.key)][:_VARIANTS]:
            if term.key == token.key and not with_typed:
                continue
            if (found := compare(token.key, term.key)) is not None:
                cost = found.cost + more
                self._add(token.start, token.end, term.key, term.spelling, cost, found.supplied)

    def _add_slips(self, tokens_: Sequence[Token]) -> None:
        suspects = self._suspicious(tokens_)
        near = self._terms.similar([fold(t.key) for t in suspects], _NEIGHBOURS)
        self._look_up([name for names in near.values() for name in names])
        for token in suspects:
            found: list[tuple[float, Term, Difference]] = []
            for name in near[fold(token.key)]:
                for term in self._variants[name][:_VARIANTS]:
                    if (difference := compare(token.key, term.key)) is not None:
                        rarity = float(difference.cost.min()) - float(np.log(term.passages))
                        found.append((rarity, term, difference))
            found.sort(key=lambda item: (item[0], item[1].key))
            for _, term, d in found[:_SLIPS]:
                self._add(token.start, token.end, term.key, term.spelling, d.cost, d.supplied)


def _in_case(word: str, typed: str) -> str:
    """A word in capitals where what was typed is."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[0].isupper() else word
