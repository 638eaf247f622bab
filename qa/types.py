"""The nouns of asking: a query, a hit, a citation, an answer."""

from dataclasses import dataclass, field
from typing import Literal

from index.types import Filters, Span

# What became of filters: no article passes the reader's own; or nothing that passes those of the
# question answers it, and it was searched without them.
Notice = Literal["", "nothing_left", "searched_beyond"]


@dataclass(frozen=True, slots=True)
class Change:
    """Words as they were typed, and what is searched instead or in addition."""

    typed: str
    searched: str


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of a question that say of when, or of which outlets, its answer should be.

    `since` and `until` are ISO dates, both included, empty where it is open; `outlets` are those
    that are named. With none of them, the newest are wanted. `is_filter` tells whether only such
    articles are searched; else they are preferred.
    """

    words: str
    since: str = ""
    until: str = ""
    outlets: tuple[str, ...] = ()
    is_filter: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question, and what was understood of it.

    `asked` is what was typed; `text` is what is searched. `keys` are the keys of `text`.
    `uncertain` tells, for every key, whether its diacritics were supplied by us rather than typed,
    so that the same letters with other diacritics match too. `changes` are for the reader to see;
    other code points or another tone placement (`hoà` as `hòa`) are no change. `cues` are what it
    says of dates and outlets.
    """

    asked: str
    text: str
    keys: tuple[str, ...]
    uncertain: tuple[bool, ...]
    changes: tuple[Change, ...] = ()
    cues: tuple[Cue, ...] = ()

    @property
    def was_changed(self) -> bool:
        """Whether something else is searched than what was typed."""
        return bool(self.changes)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query: its number, its score and the sentence that answers best."""

    number: int
    score: float
    sentence: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """All hits of a query, best first, and the chance in 0..1 that the first one answers."""

    hits: tuple[Hit, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reader sees of a hit. Offsets count characters of the article's text.

    `quote` is the sentence that answers, inside `passage`; both are exact slices of the text.
    `words` are the words of the question in the passage; `reprints` counts the passages found in
    other places that say the same, word for word or in a reprint of the story.
    """

    rank: int
    score: float
    article_id: str
    passage_id: str
    title: str
    source: str
    author: str
    date: str
    url: str
    start: int
    end: int
    passage: str
    quote: str
    quote_start: int
    quote_end: int
    words: tuple[Span, ...] = ()
    reprints: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a question: citations when it was found, near misses kept apart.

    `changes` are the words searched otherwise than they were typed, `cues` what was understood of
    dates and outlets, `filters` those of the reader. `completed` is the question as the
    conversation completes it, "" where it was asked alone. `reply` is said to what is no question.
    """

    question: str
    understood: str
    found: bool
    citations: tuple[Citation, ...] = ()
    near_misses: tuple[Citation, ...] = ()
    took_ms: float = field(default=0.0, compare=False)
    changes: tuple[Change, ...] = ()
    cues: tuple[Cue, ...] = ()
    filters: Filters = field(default_factory=Filters)
    notice: Notice = ""
    completed: str = ""
    reply: str = ""
