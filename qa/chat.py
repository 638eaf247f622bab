"""What the page's events do: conversations, articles, thumbs. The page itself is in `app.py`.

Every value that comes from the page may be forged.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from index.types import Filters, Span
from qa import feedback, render, render_article, render_filters
from qa.filters import read_filters
from qa.forged import plain_text, plain_texts
from qa.live import LiveIndex
from qa.meter import Meter
from qa.patience import Patience, TooSlowError
from qa.types import Answer
from qa.visitors import Limiter
from qa.wording import Phrases

log = logging.getLogger(__name__)

MAX_QUESTION = 500  # characters
TURNS_KEPT = 50  # questions of one conversation; each is sent again with every new answer
REOPENED = 20  # questions of an earlier conversation that are asked again when it is opened

# Why there is no answer: names of phrases.
Refusal = Literal["", "failed", "too_long", "too_many", "too_slow", "stopped"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the chat is served."""

    read_only: bool = False  # nothing is written, so nobody is asked for thumbs
    per_minute: float = 0  # questions of one visitor; 0 for as many as they like
    strictness: float | None = None  # see `qa.answer.Answerer`
    log_questions: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer, or why there is none; with neither, it is being looked for."""

    number: int
    asked: str
    length: int  # of the question; what is too long is kept only in part
    as_typed: bool = False
    filters: Filters = field(default_factory=Filters)
    without: tuple[str, ...] = ()  # words of dates and outlets that were dropped, or the question
    answer: Answer | None = None
    refusal: Refusal = ""


class Chat:
    """What the page's events do, over one served index."""

    def __init__(self, live: LiveIndex, settings: Settings | None = None) -> None:
        self.live = live
        self.settings = settings or Settings()
        self.limiter = Limiter(self.settings.per_minute)
        self.meter = Meter(self.settings.log_questions)
        self.patience = Patience()

    def warm_up(self) -> None:
        """Loads now what the first question would wait for."""
        self.live.snapshot().answerer.ask("Việt Nam")

    def welcome(self, say: Phrases) -> str:
        return render.welcome(self.live.snapshot().collection, say)

    def health(self) -> dict[str, object]:
        """What the server may tell anyone of itself."""
        snapshot = self.live.snapshot()
        return {
            "state": snapshot.index.state,
            "articles": snapshot.collection.articles,
            **self.meter.figures(),
        }

    # -- a conversation -------------------------------------------------------------------

    def begin(
        self,
        question: str,
        as_typed: bool,
        turns: list[Turn],
        visitor: str,
        filters: Filters | None = None,
        without: tuple[str, ...] = (),
    ) -> list[Turn]:
        """The conversation with a new question in it, that waits for its answer or is refused."""
        asked = question.strip()
        number = turns[-1].number + 1 if turns else 1
        refusal = self.refusal(asked, visitor)
        kept = asked[: MAX_QUESTION + 1]
        filters = filters or Filters()
        turn = Turn(number, kept, len(asked), as_typed, filters, without, refusal=refusal)
        return [*self.stop(turns[1 - TURNS_KEPT :]), turn]

    def refusal(self, asked: str, visitor: str) -> Refusal:
        """Why a question is not answered, "" where it is."""
        if len(asked) > MAX_QUESTION:
            return "too_long"
        if not self.limiter.allows(visitor):
            self.meter.count("refused")
            return "too_many"
        return ""

    def finish(self, turns: list[Turn]) -> list[Turn]:
        """The conversation with its last question answered."""
        *before, last = turns
        return [*before, self._answered(last, [turn.answer for turn in before if turn.answer])]

    def stop(self, turns: list[Turn]) -> list[Turn]:
        """The conversation without the answers that are still being looked for."""
        return [
            replace(t, refusal="stopped") if t.answer is None and not t.refusal else t
            for t in turns
        ]

    def reopen(self, questions: object, visitor: str) -> list[Turn]:
        """An earlier conversation, answered anew from the articles as they are now."""
        asked = questions if isinstance(questions, list) else []
        turns: list[Turn] = []
        for record in asked[-REOPENED:]:
            question = str(record.get("question", "")) if isinstance(record, dict) else ""
            if question.strip():
                without = plain_texts(record.get("without"))
                turns = self.begin(
                    question, bool(record.get("typed")), turns, visitor, without=without
                )
                turns = self.finish(turns)
        return turns

    def shown(self, turns: list[Turn], say: Phrases) -> list[tuple[str, str]]:
        """(question, reply) as HTML."""
        return [
            (render.question(t.asked, say, t.as_typed, t.without), self._reply(t, say))
            for t in turns
        ]

    def answer(
        self,
        asked: str,
        as_typed: bool = False,
        filters: Filters | None = None,
        without: tuple[str, ...] = (),
        after: Sequence[Answer] = (),
    ) -> Answer:
        """Answers from the newest state of the index, and counts it."""
        snapshot = self.live.snapshot()
        try:
            given = self.patience.call(
                lambda: snapshot.answerer.ask(asked, as_typed, filters, without, after=after)
            )
        except TooSlowError:
            self.meter.count("too_slow")
            raise
        except Exception:
            self.meter.count("errors")
            raise
        if not given.reply:
            self.meter.answered(given, snapshot.index.state)
        return given

    def earlier(self, questions: Sequence[str], filters: Filters) -> tuple[Answer, ...]:
        """Answers to the questions before one, for what they leave to it; they are not counted."""
        return self.live.snapshot().answerer.converse(questions, filters)

    def _answered(self, turn: Turn, before: Sequence[Answer]) -> Turn:
        """An error is said to be one, never that nothing was found."""
        if turn.refusal:
            return turn
        try:
            given = self.answer(turn.asked, turn.as_typed, turn.filters, turn.without, before)
            return replace(turn, answer=given)
        except TooSlowError:
            return replace(turn, refusal="too_slow")
        except Exception:
            log.exception("no answer could be given")
            return replace(turn, refusal="failed")

    def _reply(self, turn: Turn, say: Phrases) -> str:
        if turn.answer:
            thumbs = not self.settings.read_only
            return render.answer(turn.answer, say, turn.number, turn.as_typed, thumbs, turn.without)
        if not turn.refusal:
            return render.waiting(say)
        message: str = getattr(say, turn.refusal)
        return render.refusal(message.format(length=turn.length, limit=MAX_QUESTION), say)

    # -- filters ----------------------------------------------------------------------------

    def filters(self, since: object, until: object, outlets: object, articles: object) -> Filters:
        """The filters that a page or a program asks for.

        Raises:
            UsageError: they cannot be read, or name what is not held.
        """
        index = self.live.snapshot().index
        return read_filters(
            index, plain_text(since), plain_text(until), plain_texts(outlets), plain_texts(articles)
        )

    def filter_row(self, filters: Filters, say: Phrases, trouble: str = "") -> str:
        index = self.live.snapshot().index
        first = index.article(filters.articles[0]) if filters.articles else None
        title = first.title if first else ""
        return render_filters.filter_row(filters, index.outlets(), say, title, trouble)

    # -- articles -------------------------------------------------------------------------

    def passage(self, passage_id: str, say: Phrases) -> str:
        """The article of a permanent link, at its passage if the words are still there."""
        article_id, _, _ = passage_id.rpartition(".")
        return self.article(article_id, passage_id, -1, -1, say)

    def article(self, article_id: str, passage_id: str, start: int, end: int, say: Phrases) -> str:
        """An article at a passage, with the sentence `[start, end)` of the passage marked."""
        index = self.live.snapshot().index
        article = index.article(article_id)
        if article is None:
            return render_article.missing_article(say)
        passage = index.passage(passage_id)
        if passage is None or passage.article_id != article.id:
            return render_article.reader(article, None, None, say)
        span = Span(passage.start, passage.end)
        marked = Span(span.start + start, span.start + end)
        inside = span.start <= marked.start < marked.end <= span.end
        neighbours = index.neighbours(passage)
        return render_article.reader(article, span, marked if inside else None, say, neighbours)

    # -- thumbs ---------------------------------------------------------------------------

    def thumb(
        self, turns: list[Turn], number: object, verdict: object, passage: object, reason: object
    ) -> bool:
        """Keeps what a reader says of an answer of the conversation; whether it could be kept."""
        turn = next((t for t in turns if str(t.number) == str(number)), None)
        if self.settings.read_only or turn is None or turn.answer is None:
            return False
        if verdict not in ("up", "down", "this"):
            return False
        said = feedback.thumb(turn.answer, verdict, str(passage or ""), str(reason or ""))
        return said is not None and self._keep(self.live.folder, said)

    def _keep(self, folder: Path, said: feedback.Thumb) -> bool:
        try:
            feedback.keep(folder, said)
        except OSError:
            log.exception("a thumb could not be kept")
            return False
        self.meter.count("thumbs")
        return True
