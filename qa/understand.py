"""A question as typed to a query: what is searched, and how sure we are of every word."""

import unicodedata
from collections.abc import Callable, Sequence

from index.syllables import respell
from index.text import fold, keys, tokens
from index.types import Terms
from qa import lattice
from qa.abbreviations import Addition, additions
from qa.channel import Manner
from qa.language import Language, Numbers
from qa.lattice import Edge, Lattice
from qa.spelling import Reading, read
from qa.types import Change, Query

Nearby = Callable[[Sequence[str]], Sequence[Numbers]]  # as `qa.nearby.nearby`, of one index

_MOSTLY = 0.5  # of a question's words: about a third have no diacritics where all were typed
LONGEST = 1000  # characters in which mistakes are looked for; what is longer is no question

_SAME = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},  # full-width forms
    **dict.fromkeys(map(ord, "“”„‟«»″〝〞"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛′`´"), "'"),
    **dict.fromkeys(map(ord, "‐‑–—―−"), "-"),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad")),  # they have no width
    ord("ð"): "đ",
    ord("Ð"): "Đ",
    ord("Ɖ"): "Đ",
}


def understand(
    question: str, terms: Terms, as_typed: bool = False, nearby: Nearby | None = None
) -> Query:
    """What is searched for a question; `as_typed` supplies and corrects nothing. `nearby` is asked
    where most of the words have no diacritics."""
    text = normalise(question)
    found = keys(text)
    if as_typed or not found or len(text) > LONGEST:
        return Query(question, text, tuple(found), (False,) * len(found))
    edges = lattice.build(text, terms)
    bare = sum(fold(key) == key for key in found)
    near = nearby(found) if nearby and bare > _MOSTLY * len(found) else ()
    query = _query(question, edges, read(edges, Language(edges.words, terms, near)))
    is_bare = bare == len(found)
    return _with_additions(query, additions(query.text, is_bare, terms))


def normalise(question: str) -> str:
    """One and the same text for one question in other code points or tone placement."""
    text = unicodedata.normalize("NFC", question).translate(_SAME)
    return respell(" ".join(unicodedata.normalize("NFC", text).split()))


def _query(question: str, typed: Lattice, reading: Reading) -> Query:
    pieces: list[tuple[int, int, str]] = []  # slices of the typed text, and what is written
    found: list[str] = []
    uncertain: list[bool] = []
    for edge in reading.edges:
        start, slice_ = edge.start, typed.text[edge.start : edge.end]
        written = _in_case(respell(edge.spelling), slice_) if edge.spelling else slice_
        if pieces and pieces[-1][1] == start:  # a word that fell apart
            start, _, before = pieces.pop()
            written = f"{before} {written}"
        pieces.append((start, edge.end, written))
        found += [typed.words[word].key for word in edge.words]
        uncertain += [_is_uncertain(edge, reading.manner)] * len(edge.words)
    parts: list[str] = []
    at = 0
    for start, end, written in pieces:
        parts += [typed.text[at:start], written]
        at = end
    changes = [
        Change(typed.text[start:end], written)
        for start, end, written in pieces
        if typed.text[start:end] != written
    ]
    text = "".join(parts) + typed.text[at:]
    return Query(question, text, tuple(found), tuple(uncertain), tuple(changes))


def _with_additions(query: Query, added_to: list[Addition]) -> Query:
    """The query with abbreviations spelled out in brackets behind them, or the other way round."""
    text, found, uncertain = query.text, list(query.keys), list(query.uncertain)
    changes: list[Change] = []
    places = tokens(text)
    for start, end, added in reversed(added_to):
        first, last = places[start].start, places[end - 1].end
        text = f"{text[:last]} ({added}){text[last:]}"
        found[end:end] = keys(added)
        uncertain[end:end] = [False] * len(keys(added))
        changes.append(Change(query.text[first:last], added))
    return Query(
        query.asked, text, tuple(found), tuple(uncertain), (*query.changes, *changes[::-1])
    )


def _is_uncertain(edge: Edge, manner: Manner) -> bool:
    """Whether a word may well have other diacritics than it is searched with."""
    return edge.supplied or (edge.open and manner in (Manner.BARE, Manner.HALF))


def _in_case(word: str, typed: str) -> str:
    """A word in capitals where what was typed is."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[0].isupper() else word
