"""Hits to an answer: which are worth showing, and every word of them as it stands in the text."""

import time
from collections.abc import Iterable, Sequence

from index.types import Article, Encoder, Passage, SearchIndex
from qa.search import Searcher
from qa.types import Answer, Citation, Hit

CITATIONS = 5  # the best passage and up to four further ones
NEAR_MISSES = 3
_POOL = 20  # hits looked at for passages that say the same


class Answerer:
    """Answers questions from one state of an index."""

    def __init__(self, index: SearchIndex, encoder: Encoder) -> None:
        self.index = index
        self.searcher = Searcher(index, encoder)

    def ask(self, question: str) -> Answer:
        """The passages that answer, or the near misses apart where nothing does."""
        began = time.perf_counter()
        query = self.searcher.understand(question)
        hits = self.searcher.search(query, _POOL) if query.keys else []
        citations = self._cite(hits)
        found = bool(hits) and is_answer(hits)
        return Answer(
            question,
            query.text,
            found,
            citations[:CITATIONS] if found else (),
            () if found else citations[:NEAR_MISSES],
            round((time.perf_counter() - began) * 1000, 2),
        )

    def _cite(self, hits: Sequence[Hit]) -> tuple[Citation, ...]:
        passages = {p.number: p for p in self.index.passages([h.number for h in hits])}
        articles: dict[str, Article | None] = {}
        seen: set[str] = set()
        citations: list[Citation] = []
        for hit in hits:
            if (passage := passages.get(hit.number)) is None:
                continue
            if passage.article_id not in articles:
                articles[passage.article_id] = self.index.article(passage.article_id)
            article = articles[passage.article_id]
            if article is None:
                continue
            words = article.text[passage.start : passage.end]
            if words not in seen:  # a reprint says nothing new
                seen.add(words)
                citations.append(cite(len(citations) + 1, hit, passage, article))
        return tuple(citations)


def cite(rank: int, hit: Hit, passage: Passage, article: Article) -> Citation:
    """A hit as the reader sees it."""
    sentence = passage.sentences[hit.sentence]
    return Citation(
        rank,
        round(hit.score, 4),
        article.id,
        passage.id,
        article.title,
        article.source,
        article.author,
        article.date,
        article.url,
        passage.start,
        passage.end,
        article.text[passage.start : passage.end],
        article.text[sentence.start : sentence.end],
        sentence.start,
        sentence.end,
    )


def is_answer(hits: Iterable[Hit]) -> bool:
    """Whether the first hit answers."""
    return next(iter(hits)).score > 0
