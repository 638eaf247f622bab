"""Whether two passages say the same because one of their articles is a reprint of the other.

Reprints change the headline, drop paragraphs and replace words. What stays is told by shingles,
runs of words (Broder 1997): the share of the shorter text's shingles that the longer one holds.
The shares are exact, and nothing is stored for them: of an answer's few articles, only those
whose sentences already agree are compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from index.text import Token, keys, tokens
from index.types import Article, Passage, Span
from qa.types import Hit

_STORY_RUN, _SAME_STORY = 4, 0.4  # of the shorter article; others on one event share about 0.1
_SENTENCE_RUN, _SAME_WORDS = 2, 0.6  # of a sentence, found in the other passage

Shingles = frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class Said:
    """A hit and what it says; what of that is compared is worked out when it is first needed."""

    hit: Hit
    passage: Passage
    article: Article

    @cached_property
    def words(self) -> str:
        return self.article.text[self.passage.start : self.passage.end]

    @cached_property
    def sentence(self) -> Shingles:
        """Of the best sentence of the passage."""
        return _shingles(self._sentence_keys, _SENTENCE_RUN)

    @cached_property
    def around(self) -> Shingles:
        """Of the whole passage."""
        return _shingles(self._keys, _SENTENCE_RUN)

    @cached_property
    def sentence_numbers(self) -> frozenset[str]:
        return _numbers(self._sentence_keys)

    @cached_property
    def numbers(self) -> frozenset[str]:
        return _numbers(self._keys)

    @cached_property
    def _sentence_keys(self) -> list[str]:
        span: Span = self.passage.sentences[self.hit.sentence]
        return keys(self.article.text[span.start : span.end])

    @cached_property
    def tokens(self) -> list[Token]:
        """Of the whole passage, from its start."""
        return tokens(self.words)

    @cached_property
    def _keys(self) -> list[str]:
        return [token.key for token in self.tokens]


class Reprints:
    """Tells what says the same among the hits of one answer."""

    def __init__(self) -> None:
        self._stories: dict[str, Shingles] = {}

    def groups(self, found: Sequence[Said], limit: int) -> list[list[Said]]:
        """What says the same together; groups and what is in them in the order of `found`, of the
        groups the first `limit`."""
        groups: list[list[Said]] = []
        for said in found:
            for group in groups:
                if said.words == group[0].words or self._is_reprint(said, group[0]):
                    group.append(said)
                    break
            else:
                if len(groups) < limit:
                    groups.append([said])
        return groups

    def _is_reprint(self, one: Said, other: Said) -> bool:
        if one.article.id == other.article.id or not (_holds(other, one) and _holds(one, other)):
            return False
        short, long = sorted((self._story(one.article), self._story(other.article)), key=len)
        return _share(short, long) >= _SAME_STORY

    def _story(self, article: Article) -> Shingles:
        if article.id not in self._stories:
            self._stories[article.id] = _shingles(keys(article.text[article.body :]), _STORY_RUN)
        return self._stories[article.id]


def first_published(group: Sequence[Said]) -> Said:
    """The one with the earliest date; the first of those that may be equally old."""
    first = group[0]
    for said in group[1:]:
        known = min(len(said.article.date), len(first.article.date))
        if said.article.date[:known] < first.article.date[:known] or (
            said.article.date and not first.article.date
        ):
            first = said
    return first


def marked_as(said: Said, other: Said) -> Hit:
    """A hit with the sentence to mark that is most like the other's; its own if none is alike."""
    own = said.hit.sentence
    shares = [
        _share(other.sentence, _shingles(keys(said.article.text[s.start : s.end]), _SENTENCE_RUN))
        for s in said.passage.sentences
    ]
    best = max(range(len(shares)), key=lambda i: (shares[i], i == own))
    return replace(said.hit, sentence=best if shares[best] >= _SAME_WORDS else own)


def _holds(one: Said, other: Said) -> bool:
    """Whether a passage holds the other's sentence, with the same numbers.

    Reports of one kind, on a draw or a match, share all their words but the numbers.
    """
    if not other.sentence_numbers <= one.numbers:
        return False
    return _share(other.sentence, one.around) >= _SAME_WORDS


def _share(part: Shingles, whole: Shingles) -> float:
    return len(part & whole) / len(part)


def _shingles(words: Sequence[str], run: int) -> Shingles:
    if len(words) < run:
        return frozenset([tuple(words)])
    return frozenset(zip(*(words[at:] for at in range(run)), strict=False))


def _numbers(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in words if word[0].isdecimal())
