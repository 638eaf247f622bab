"""What programs may call: the Gradio API `ask`, `passage` and `article`, and the same over MCP.

MCP names a tool as its function is named: `ask`, `passage`, `read_article`.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import gradio as gr

from index.errors import UsageError
from qa.chat import MAX_QUESTION, Chat
from qa.forged import plain_texts
from qa.patience import TooSlowError
from qa.wording import VIETNAMESE as SAY

log = logging.getLogger(__name__)

MOST_BEFORE = 5  # earlier questions that are answered again for one that follows them


class Programs:
    """Plain functions over a chat. What they refuse they say in Vietnamese, as the page does."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat

    def functions(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """What may be called, by the names of the API."""
        return {"ask": self.ask, "passage": self.passage, "article": self.read_article}

    def ask(
        self,
        question: str,
        as_typed: bool = False,
        since: str = "",
        until: str = "",
        outlets: list[str] | None = None,
        articles: list[str] | None = None,
        after: list[str] | None = None,
        request: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Answer a question with the passages that answer it, each with its source.

        Args:
            question: A question in Vietnamese, with or without diacritics, up to 500 characters.
            as_typed: Search exactly the words of the question; nothing is supplied or corrected.
            since: Only articles of this day or later: 2024, 2024-05 or 2024-05-25.
            until: Only articles of this day or earlier.
            outlets: Only articles of these outlets.
            articles: Only these articles, by the article_id of a citation.
            after: Questions of this conversation that were asked before, oldest first; the last
                five count. A question that leans on them ("ông ấy mất năm nào?") is completed.

        Returns:
            The object that `qa ask --json` prints: question, understood, found, citations,
            near_misses, took_ms, changes, cues, filters, notice, completed (the question as the
            conversation completes it), reply (what is said to a greeting or thanks).
        """
        asked = question.strip() if isinstance(question, str) else ""
        if not asked:
            raise _refused(SAY.empty)
        if refusal := self.chat.refusal(asked, visitor(request)):
            message: str = getattr(SAY, refusal)
            raise _refused(message.format(length=len(asked), limit=MAX_QUESTION))
        try:
            filters = self.chat.filters(since, until, outlets or [], articles or [])
        except UsageError as error:
            raise _refused(SAY.bad_filter) from error
        try:
            before = self.chat.earlier(plain_texts(after)[-MOST_BEFORE:], filters)
            return asdict(self.chat.answer(asked, as_typed is True, filters, after=before))
        except TooSlowError as error:
            raise _refused(SAY.too_slow) from error
        except Exception as error:
            log.exception("no answer could be given")
            raise _refused(SAY.failed) from error

    def passage(self, passage_id: str) -> dict[str, Any]:
        """One passage by its id, as a citation names it.

        Args:
            passage_id: The `passage_id` of a citation.

        Returns:
            id, article_id, start, end, and the text of the passage.
        """
        index = self.chat.live.snapshot().index
        found = index.passage(str(passage_id))
        article = index.article(found.article_id) if found else None
        if found is None or article is None:
            raise _refused("Không có đoạn này trong bộ sưu tập; bài có thể đã thay đổi.")
        return {
            "id": found.id,
            "article_id": found.article_id,
            "start": found.start,
            "end": found.end,
            "text": article.text[found.start : found.end],
        }

    def read_article(self, article_id: str) -> dict[str, Any]:
        """One whole article by its id.

        Args:
            article_id: The `article_id` of a citation.

        Returns:
            id, text, title, date, source, author, url, and where in the text its body begins.
        """
        found = self.chat.live.snapshot().index.article(str(article_id))
        if found is None:
            raise _refused("Không có bài này trong bộ sưu tập.")
        # Where the server read it from is nobody's business.
        return {name: value for name, value in asdict(found).items() if name != "origin"}


def visitor(request: gr.Request | None) -> str:
    """The address that a request comes from."""
    client = getattr(request, "client", None)
    return str(client.host) if client else ""


def _refused(message: str) -> gr.Error:
    """An error that is ours and expected: said to the caller, not to the log."""
    return gr.Error(message, print_exception=False)
