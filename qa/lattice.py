"""All the words that a question may have been meant to hold, each with what it costs to think so.

The lattice has a node at the start of every unit (characters without a space or sign between
them) and wherever a unit may fall apart into words; an edge is a word that may have been meant
between two nodes. What is most likely on the whole is for `qa.spelling` to find.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log

from index.syllables import is_folded_syllable, spell
from index.text import Token, fold, key, tokens
from index.types import Term, Terms
from qa.abbreviations import is_abbreviation
from qa.channel import KEYS, SEAM, Costs, Difference, compare, same
from qa.keyboard import METHODS, decode
from qa.vocabulary import Vocabulary

_VARIANTS = 16  # words with other diacritics that are considered in place of one
_SLIPS = 16  # words one slip away that are
_LONGEST_SYLLABLE = 7  # nghiêng

Unit = Sequence[Token]


@dataclass(frozen=True, slots=True)
class Edge:
    """A word that may have been meant by the slice `[start, end)` of the text.

    `words` are places in the lattice's vocabulary, several where what was typed is several keys.
    `spelling` is the word in small letters, empty for exactly as typed. `supplied` tells that it
    has diacritics that were not typed, `open` that it may have others than it has.
    """

    start: int
    end: int
    words: tuple[int, ...]
    spelling: str
    cost: Costs
    supplied: bool = False
    open: bool = False


@dataclass(slots=True)
class Lattice:
    """The edges over a text, and the words that they name by their places in `words`.

    `following` maps the end of a unit to the start of the next; `last` is where the text ends.
    """

    text: str
    edges: list[Edge] = field(default_factory=list)
    words: list[Term] = field(default_factory=list)
    following: dict[int, int] = field(default_factory=dict)
    last: int = 0

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
    """Collects what may have been meant, asks the collection about all of it, and adds edges."""

    def __init__(self, text: str, terms: Terms) -> None:
        self._text = text
        self._vocabulary = Vocabulary(terms)
        self._units = units(text)
        self._lattice = Lattice(text)
        self._places: dict[str, int] = {}
        letters = [c for c in text if c.isalpha()]
        self._shouted = sum(c.isupper() for c in letters) > len(letters) / 2

    def build(self) -> Lattice:
        for unit, following in pairwise(self._units):
            self._lattice.following[unit[-1].end] = following[0].start
        self._lattice.last = self._units[-1][-1].end if self._units else 0
        words = [unit for at, unit in enumerate(self._units) if self._is_correctable(at)]
        singles = [unit[0] for unit in words if len(unit) == 1]
        seams = [(token, SEAM) for token in self._joined()]
        seams += [(piece, SEAM / 2) for token in singles for piece in self._pieces(token)]
        decoded = [(unit, *found) for unit in words for found in self._decoded(unit)]

        self._vocabulary.learn(token.key for unit in self._units for token in unit)
        self._vocabulary.learn(token.key for token, _ in seams)
        self._vocabulary.learn(key(spelling) for _, spelling, _ in decoded)
        for unit in self._units:
            self._add_typed(unit)
        for token in singles:
            self._add_variants(token)
        for token, cost in seams:
            self._add_variants(token, cost)
        for unit, spelling, cost in decoded:
            term = self._vocabulary.term(key(spelling), spelling)
            self._add(unit[0].start, unit[-1].end, term, Difference(cost, False))
        decoded_at = {unit[0].start for unit, _, _ in decoded}
        self._add_slips({token.start for token in singles} - decoded_at)
        return self._lattice

    # -- what may have been meant -----------------------------------------------------------

    def _is_correctable(self, at: int) -> bool:
        """Whether a unit may be anything but what it is: numbers and abbreviations may not."""
        word = self._written(self._units[at])
        beside = self._units[max(at - 1, 0) : at + 2]
        is_alone = sum(map(self._is_capitals, beside)) == 1
        is_strange = not is_folded_syllable(fold(self._units[at][0].key))
        is_capitals = self._is_capitals(self._units[at]) and (is_alone or is_strange)
        return word[0].isalpha() and not is_abbreviation(word) and not is_capitals

    def _written(self, unit: Unit) -> str:
        return self._text[unit[0].start : unit[-1].end]

    def _is_capitals(self, unit: Unit) -> bool:
        """Whether capitals mean something: not where all is written in them."""
        word = self._written(unit)
        return len(word) > 1 and word.isupper() and len(unit) == 1 and not self._shouted

    def _joined(self) -> Iterator[Token]:
        """Neighbours that are one syllable with a space too many: `l ục`, `ngh ề`."""
        for first, second in pairwise(self._units):
            a, b = first[0], second[0]
            if len(first) + len(second) > 2 or self._text[a.end : b.start] != " ":
                continue
            whole = key(self._text[a.start : a.end] + self._text[b.start : b.end])
            is_letter = b.end - b.start == 1 and self._text[b.start].isupper()  # "độ C"
            if not is_letter and is_folded_syllable(fold(whole)):
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
        reached, reaching = {0}, {len(word)}
        for a, b in spans:
            if a in reached:
                reached.add(b)
        for a, b in reversed(spans):
            if b in reaching:
                reaching.add(a)
        return [
            Token(key(word[a:b]), token.start + a, token.start + b)
            for a, b in spans
            if a in reached and b in reaching
        ]

    def _decoded(self, unit: Unit) -> Iterator[tuple[str, Costs]]:
        """What the keys of an input method that was off stand for: (spelling, cost)."""
        word = self._written(unit)
        if word.isascii() and len(word) <= 2 * _LONGEST_SYLLABLE:
            for method in METHODS:
                for letters, tone in sorted(decode(word, method)):
                    yield spell(letters, tone), KEYS[method.name]

    # -- edges ------------------------------------------------------------------------------

    def _add(self, start: int, end: int, term: Term, difference: Difference) -> None:
        words, cost, supplied = (self._place(term),), difference.cost, difference.supplied
        self._lattice.edges.append(Edge(start, end, words, term.spelling, cost, supplied))

    def _place(self, term: Term) -> int:
        place = self._places.setdefault(term.key, len(self._places))
        if place == len(self._lattice.words):
            self._lattice.words.append(term)
        return place

    def _add_typed(self, unit: Unit) -> None:
        typed = [self._vocabulary.term(t.key, t.key) for t in unit]
        words = tuple(self._place(term) for term in typed)
        is_bare = len(unit) == 1 and fold(unit[0].key) == unit[0].key
        is_open = is_bare and len(self._vocabulary.variants(unit[0].key)) > 1
        cost = same("".join(t.key for t in unit)).cost
        edge = Edge(unit[0].start, unit[-1].end, words, "", cost, False, is_open)
        self._lattice.edges.append(edge)

    def _add_variants(self, token: Token, seam: Costs | None = None) -> None:
        for term in self._vocabulary.variants(token.key)[:_VARIANTS]:
            if seam is None and term.key == token.key:
                continue  # it is there as typed
            if (found := compare(token.key, term.key)) is not None:
                cost = found.cost if seam is None else found.cost + seam
                self._add(token.start, token.end, term, Difference(cost, found.supplied))

    def _add_slips(self, starts: set[int]) -> None:
        every = [token for unit in self._units for token in unit]
        wanted = [token.start in starts and len(token.key) > 1 for token in every]
        near = self._vocabulary.near([token.key for token in every], wanted)
        for token, terms in zip(every, near, strict=True):
            found: list[tuple[float, Term, Difference]] = []
            for term in terms:
                if (difference := compare(token.key, term.key)) is not None:
                    rarity = difference.least - log(term.passages)
                    found.append((rarity, term, difference))
            found.sort(key=lambda item: (item[0], item[1].key))
            for _, term, difference in found[:_SLIPS]:
                self._add(token.start, token.end, term, difference)
