"""A question as typed to a query: what is searched, and how sure we are of every word."""

import re
import unicodedata

from index.text import key, keys
from index.types import Terms
from qa import lattice
from qa.channel import Manner
from qa.language import Language
from qa.lattice import Edge, Lattice
from qa.spelling import Reading, read
from qa.syllables import respell
from qa.types import Change, Query

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


def understand(question: str, terms: Terms, as_typed: bool = False) -> Query:
    """What is searched for a question; `as_typed` supplies and corrects nothing."""
    text = normalise(question)
    found = keys(text)
    if as_typed or not found or len(text) > LONGEST:
        return Query(question, text, tuple(found), (False,) * len(found))
    edges = lattice.build(text, terms)
    language = Language(edges.keys, edges.numbers, edges.passages, terms)
    return _query(question, edges, read(edges, language))


def normalise(question: str) -> str:
    """One and the same text for one question in other code points or tone placement."""
    text = unicodedata.normalize("NFC", question).translate(_SAME)
    return respell(" ".join(unicodedata.normalize("NFC", text).split()))


def _query(question: str, typed: Lattice, reading: Reading) -> Query:
    parts: list[str] = []
    found: list[str] = []
    uncertain: list[bool] = []
    changes: list[Change] = []
    at = 0
    for edge in reading.edges:
        slice_ = typed.text[edge.start : edge.end]
        parts.append(typed.text[at : edge.start] if edge.start > at or at == 0 else " ")
        parts.append(edge.written or slice_)
        found += [typed.keys[word] for word in edge.words]
        uncertain += [_is_uncertain(edge, reading.manner)] * len(edge.words)
        if edge.written is not None and edge.written != slice_:
            changes.append(Change(slice_, edge.written))
        at = edge.end
    text = "".join(parts) + typed.text[at:]
    return Query(question, text, tuple(found), tuple(uncertain), tuple(changes))


def _is_uncertain(edge: Edge, manner: Manner) -> bool:
    """Whether a word may well have other diacritics than it is searched with."""
    return edge.supplied or (edge.open and manner in (Manner.BARE, Manner.HALF))
