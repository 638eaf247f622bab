"""The words of a question in the passages that were found for it."""

from index.text import fold, tokens
from index.types import Span, Terms
from qa.types import Query

_COMMON = 0.2  # of the passages: a word in more of them tells little and is marked in pairs only
_FEWEST = 50  # passages from which on it can be said that a word is common


class Marker:
    """Finds the words of one query, in whatever spelling they stand in the text."""

    def __init__(self, query: Query, terms: Terms) -> None:
        self._pairs = set(zip(query.keys, query.keys[1:], strict=False))
        self._typed = set(query.keys)
        # Where we supplied the diacritics, the same letters with others match too.
        supplied = zip(query.keys, query.uncertain, strict=True)
        self._bare = {fold(key): key for key, uncertain in supplied if uncertain}
        known = list(self._typed)
        counts = terms.frequency(terms.numbers(known))
        limit = _COMMON * terms.passages if terms.passages >= _FEWEST else terms.passages
        self._common = {key for key, n in zip(known, counts, strict=True) if n > limit}

    def words(self, text: str, offset: int) -> tuple[Span, ...]:
        """Slices of the article whose text at `offset` is `text`; neighbours are one slice."""
        found = [(self._wanted(t.key), t.start + offset, t.end + offset) for t in tokens(text)]
        keys = ["", *(key for key, _, _ in found), ""]
        spans: list[Span] = []
        joined = False
        for at, (key, start, end) in enumerate(found, start=1):
            after = (keys[at - 1], key) in self._pairs
            before = (key, keys[at + 1]) in self._pairs
            if not key or (key in self._common and not after and not before):
                joined = False
            elif joined and after:
                spans[-1] = Span(spans[-1].start, end)
            else:
                spans.append(Span(start, end))
                joined = True
        return tuple(spans)

    def _wanted(self, key: str) -> str:
        """The question's key that a word of the text stands for, "" where there is none."""
        return key if key in self._typed else self._bare.get(fold(key), "")
