"""What a system returns to every question, kept as far as a report needs it."""

import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Article, OpenIndex, Passage, Progress
from qa.judged import Judged
from qa.systems import NO_SENTENCE, System
from qa.types import Hit

DEPTH = 100  # articles kept of every question: R@100 needs them
QUOTES = 3  # of the best hits, for people to read


@dataclass(frozen=True, slots=True)
class Quote:
    """A hit as the reader of a report sees it: the marked sentence, or the whole passage where
    the system marks none."""

    article_id: str
    title: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Returned:
    """What one system returned to one question.

    `articles` are ids, best first, each at its best passage. `is_marked` tells whether the marked
    sentence of the first hit holds an answer; it is None where that cannot be asked: the hit is of
    another article, the answer is not known, or the system marks nothing.
    """

    asked: str
    articles: tuple[str, ...]
    quotes: tuple[Quote, ...]
    is_marked: bool | None
    took_ms: float

    def rank(self, relevant: dict[str, int]) -> int:
        """Of the first relevant article, counted from 1; 0 where none was returned."""
        return next((r for r, id_ in enumerate(self.articles, start=1) if id_ in relevant), 0)


class Asker:
    """Asks systems over one index, and remembers what it has read of it."""

    def __init__(self, index: OpenIndex) -> None:
        self._index = index
        self._passages: dict[int, Passage] = {}
        self._articles: dict[str, Article | None] = {}
        self._quotes: dict[Hit, Quote] = {}  # systems agree often

    def ask_all(
        self,
        questions: Sequence[Judged],
        texts: Sequence[str],
        system: System,
        progress: Progress | None = None,
    ) -> dict[str, Returned]:
        """Question id to what came back; `texts` are the questions as they are typed.

        The clock counts the search alone. One search before it starts is not counted: what is
        loaded by the first is no property of the system.
        """
        if texts:
            system(texts[0])
        found: dict[str, Returned] = {}
        for done, (question, text) in enumerate(zip(questions, texts, strict=True), start=1):
            began = time.perf_counter()
            hits = system(text)
            took_ms = (time.perf_counter() - began) * 1000
            found[question.id] = self._returned(question, text, hits, round(took_ms, 3))
            if progress:
                progress(done, len(questions))
        return found

    def title(self, article_id: str) -> str:
        article = self._article(article_id)
        return article.title if article else ""

    def _returned(self, judged: Judged, text: str, hits: list[Hit], took_ms: float) -> Returned:
        self._read([hit.number for hit in hits])
        hits = [hit for hit in hits if hit.number in self._passages]
        articles = dict.fromkeys(self._passages[hit.number].article_id for hit in hits)
        quotes = tuple(self._quote(hit) for hit in hits[:QUOTES])
        is_right = bool(quotes) and quotes[0].article_id in judged.relevant
        marked = None
        if is_right and hits[0].sentence != NO_SENTENCE and judged.answers:
            marked = holds(quotes[0].text, judged.answers)
        return Returned(text, tuple(articles)[:DEPTH], quotes, marked, took_ms)

    def _read(self, numbers: Sequence[int]) -> None:
        new = [number for number in numbers if number not in self._passages]
        self._passages.update((p.number, p) for p in self._index.passages(new))

    def _article(self, article_id: str) -> Article | None:
        if article_id not in self._articles:
            self._articles[article_id] = self._index.article(article_id)
        return self._articles[article_id]

    def _quote(self, hit: Hit) -> Quote:
        if hit not in self._quotes:
            passage = self._passages[hit.number]
            article = self._article(passage.article_id)
            title, text = (article.title, article.text) if article else ("", "")
            is_marked = hit.sentence != NO_SENTENCE
            span = passage.sentences[hit.sentence] if is_marked else passage
            words = " ".join(text[span.start : span.end].split())
            self._quotes[hit] = Quote(passage.article_id, title, words, round(hit.score, 5))
        return self._quotes[hit]


def holds(quote: str, answers: Sequence[str]) -> bool:
    """Whether an answer stands in a quote; composed and decomposed letters are the same."""
    words = unicodedata.normalize("NFC", quote)
    return any(" ".join(unicodedata.normalize("NFC", a).split()) in words for a in answers)
