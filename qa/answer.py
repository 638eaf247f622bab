"""Hits to an answer: which are worth showing, and every word of them as it stands in the text."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.types import Article, Encoder, Filters, Passage, SearchIndex
from qa.confidence import released_confidence
from qa.conversation import Exchange, Reading, complete, exchange, last_cited, nearer
from qa.filters import narrowed
from qa.marks import Marker
from qa.reprints import Reprints, Said, first_published, marked_as
from qa.search import Searcher
from qa.small_talk import reply
from qa.types import Answer, Citation, Hit, Notice, Query, Ranking
from qa.understand import normalise

CITATIONS = 5  # the best passage and up to four further ones
NEAR_MISSES = 3
LESS_DOUBT = 0.4  # of that of a question which is answered alone, for it to be completed
_POOL = 20  # hits looked at for passages that say the same
_NOTHING = Ranking((), 0.0)


@dataclass(frozen=True, slots=True)
class _Found:
    """What one reading of a question finds; `completed` is that reading, "" for as it was asked."""

    query: Query
    ranking: Ranking
    notice: Notice
    completed: str = ""


class Answerer:
    """Answers questions from one state of an index."""

    def __init__(
        self, index: SearchIndex, encoder: Encoder, strictness: float | None = None
    ) -> None:
        """`strictness`, of 0..1, is the chance from which the first passage is said to answer;
        the released threshold when not given."""
        self.index = index
        released = released_confidence().threshold
        self.strictness = released if strictness is None else strictness
        self.searcher = Searcher(index, encoder)

    def ask(
        self,
        question: str,
        as_typed: bool = False,
        filters: Filters | None = None,
        without: Collection[str] = (),
        today: date | None = None,
        after: Sequence[Answer] = (),
    ) -> Answer:
        """The passages that answer, or the near misses apart where nothing does.

        `as_typed` searches the question's own words, with nothing supplied or corrected. No
        article is cited that `filters` leave out. Cues of the question whose words are in
        `without` are taken for words like any others; "hôm qua" is counted from `today`.
        `after` are the answers to the questions before, oldest first: a question that leans on
        them is completed, unless it is `as_typed` or itself in `without`.
        """
        began = time.perf_counter()
        filters = filters or Filters()
        if said := reply(question):
            return Answer(question, normalise(question), False, filters=filters, reply=said)
        found = self._find(self.searcher.understand(question, as_typed, without, today), filters)
        if not as_typed and question not in without:
            before = [exchange(answer) for answer in after if not answer.reply]
            found = self._followed(found, before, filters, without, today)
        query, ranking = found.query, found.ranking
        is_found = bool(ranking.hits) and self._is_sure(ranking)
        marker = Marker(query, self.index.terms)
        limit = CITATIONS if is_found else NEAR_MISSES
        shown = self._cite(ranking.hits[:_POOL], limit, marker)
        return Answer(
            question,
            query.text,
            is_found,
            shown if is_found else (),
            () if is_found else shown,
            round((time.perf_counter() - began) * 1000, 2),
            query.changes,
            query.cues,
            filters,
            found.notice,
            found.completed,
        )

    def converse(
        self, questions: Sequence[str], filters: Filters | None = None
    ) -> tuple[Answer, ...]:
        """The answers to the questions of one conversation, in their order."""
        given: list[Answer] = []
        for question in questions:
            given.append(self.ask(question, filters=filters, after=given))
        return tuple(given)

    def _followed(
        self,
        alone: _Found,
        before: Sequence[Exchange],
        filters: Filters,
        without: Collection[str],
        today: date | None,
    ) -> _Found:
        """What the question finds as the conversation completes it, where that is how it is meant;
        else what it finds alone."""
        told = last_cited(before) if before else None
        article = self.index.article(told.article) if told and told.article else None
        text = normalise(article.text) if article else ""
        reading = complete(normalise(alone.query.asked), before, text)
        if reading is None:
            return alone
        query = self.searcher.understand(reading.text, without=without, today=today)
        query = replace(query, asked=alone.query.asked)
        found = replace(self._find(query, filters), completed=reading.text)
        if article and found.ranking.hits:
            own = self._rank_by(alone.query, replace(filters, articles=(article.id,)))
            found = replace(found, ranking=nearer(found.ranking, own or _NOTHING))
        return found if self._is_meant(reading, found, alone) else alone

    def _is_meant(self, reading: Reading, completed: _Found, alone: _Found) -> bool:
        """Whether the completed question is the one that is meant."""
        if reading.is_sure:
            return bool(completed.ranking.hits)
        doubt, doubt_alone = 1 - completed.ranking.confidence, 1 - alone.ranking.confidence
        return doubt < doubt_alone * (LESS_DOUBT if self._is_sure(alone.ranking) else 1.0)

    def _find(self, query: Query, filters: Filters) -> _Found:
        return _Found(query, *self._rank(query, filters))

    def _rank(self, query: Query, filters: Filters) -> tuple[Ranking, Notice]:
        """The ranking by the filters of the reader and of the question, if that finds an answer;
        else by the reader's alone."""
        if not query.keys:
            return _NOTHING, ""
        whole = narrowed(filters, query.cues)
        ranking = self._rank_by(query, whole)
        if ranking and (whole == filters or self._is_sure(ranking)):
            return ranking, ""
        if whole == filters:
            return _NOTHING, "nothing_left"
        wider = self._rank_by(query, filters)
        if wider is None:
            return _NOTHING, "nothing_left"
        if ranking and not self._is_sure(wider):
            return ranking, ""
        return wider, "searched_beyond"

    def _is_sure(self, ranking: Ranking) -> bool:
        return ranking.confidence >= self.strictness

    def _rank_by(self, query: Query, filters: Filters) -> Ranking | None:
        """None where no article passes."""
        allowed = self.index.allowed(filters)
        if allowed is not None and not len(allowed):
            return None
        return self.searcher.rank(query, allowed)

    def _cite(self, hits: Sequence[Hit], limit: int, marker: Marker) -> tuple[Citation, ...]:
        """Up to `limit` things that the hits say, each once: as it was published first."""
        passages = {p.number: p for p in self.index.passages([h.number for h in hits])}
        articles = {i: self.index.article(i) for i in {p.article_id for p in passages.values()}}
        found = [
            Said(hit, passage, article)
            for hit in hits
            if (passage := passages.get(hit.number)) and (article := articles[passage.article_id])
        ]
        citations = []
        for rank, group in enumerate(Reprints().groups(found, limit), 1):
            first = first_published(group)
            hit = first.hit if first is group[0] else marked_as(first, group[0])
            cited = cite(rank, hit, first.passage, first.article)
            words = marker.words(first.tokens, first.passage.start)
            citations.append(replace(cited, words=words, reprints=len(group) - 1))
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
