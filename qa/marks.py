"""The words of a question in the passages that were found for it."""

from collections.abc import Sequence

from index.text import Token, fold
from index.types import Span, Terms
from qa.types import Query

_COMMON = 0.2  # of the passages: a word in more of them tells little
_FEWEST = 50  # passages from which on it can be said that a word is common


class Marker:
    """Finds the words of one query, in whatever spelling they stand in the text.

    A word that tells little is marked only beside one that stands beside it in the question:
    one that is common, or that has other diacritics than we supplied.
    """

    def __init__(self, query: Query, terms: Terms) -> None:
        self._pairs = set(zip(query.keys, query.keys[1:], strict=False))
        supplied = zip(query.keys, query.uncertain, strict=True)
        self._bare = {fold(key): key for key, uncertain in supplied if uncertain}
        keys = list(dict.fromkeys(query.keys))
        counts = terms.frequency(terms.numbers(keys))
        limit = _COMMON * terms.passages if terms.passages >= _FEWEST else terms.passages
        self._typed = set(keys)
        self._telling = {key for key, n in zip(keys, counts, strict=True) if n <= limit}

    def words(self, found: Sequence[Token], offset: int) -> tuple[Span, ...]:
        """Slices of the article that holds these tokens at `offset`; neighbours are one slice."""
        stands_for = ["", *(self._stands_for(token.key) for token in found), ""]
        spans: list[Span] = []
        joined = False
        for at, token in enumerate(found, start=1):
            key = stands_for[at]
            follows = (stands_for[at - 1], key) in self._pairs
            leads = (key, stands_for[at + 1]) in self._pairs
            start, end = token.start + offset, token.end + offset
            if not (key and (token.key in self._telling or follows or leads)):
                joined = False
            elif joined and follows:
                spans[-1] = Span(spans[-1].start, end)
            else:
                spans.append(Span(start, end))
                joined = True
        return tuple(spans)

    def _stands_for(self, key: str) -> str:
        """The question's key that a word of the text stands for, "" where there is none."""
        return key if key in self._typed else self._bare.get(fold(key), "")
