"""The events of the web page as Gradio calls them: values of components in, updates out.

What they do is in `qa.chat`; which components there are, in `app.py`.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.errors import UsageError
from index.types import Filters
from qa.chat import Chat, Turn
from qa.forged import offset, plain_texts
from qa.markup import text
from qa.programs import visitor
from qa.wording import FOR_SCRIPT, Phrases, phrases


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page sends it."""

    question: str
    filters: Filters
    as_typed: bool = False
    without: tuple[str, ...] = ()


class Page:
    """The events of the page, as Gradio calls them: values of components in, updates out."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat

    def dress(self, turns: list[Turn], code: object, filters: Filters) -> tuple[Any, ...]:
        """Every word of the page in a language, for the components `build_app` lists."""
        say = phrases(code)
        return (
            say.code,
            header(say),
            gr.Button(say.history),
            gr.Button(say.new),
            gr.Button(say.switch),
            gr.HTML(self.chat.welcome(say), visible=not turns),
            self._messages(turns, say),
            self.chat.filter_row(filters, say),
            gr.Textbox(label=say.input, placeholder=say.placeholder, submit_btn=say.send),
        )

    def switch(self, turns: list[Turn], code: object, filters: Filters) -> tuple[Any, ...]:
        """The other language; an open article is closed, its panel speaks the old one."""
        return *self.dress(turns, "en" if code == "vi" else "vi", filters), ""

    def filter(self, code: object, filters: Filters, event: gr.EventData) -> tuple[Filters, str]:
        """The filters of the form, for the following questions; the old ones where they cannot
        be used. Gives values for: filters, their row."""
        say = phrases(code)
        fields = [_field(event, name) for name in ("since", "until", "outlet", "article")]
        try:
            filters = self.chat.filters(*fields)
        except UsageError:
            return filters, self.chat.filter_row(filters, say, say.bad_filter)
        return filters, self.chat.filter_row(filters, say)

    def reply(
        self,
        question: str,
        turns: list[Turn],
        code: object,
        filters: Filters,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        """Shows the question at once, then what is said to it.

        Yields values for: conversation, turns, input box, welcome.
        """
        yield from self._reply(Asked(str(question), filters), turns, phrases(code), request)

    def reply_to_click(
        self,
        turns: list[Turn],
        code: object,
        filters: Filters,
        request: gr.Request,
        event: gr.EventData,
    ) -> Iterator[tuple[Any, ...]]:
        """The same for a question that was clicked: an example, or one to search as typed or
        without one of its dates."""
        without = plain_texts(_field(event, "without"))
        typed = bool(_field(event, "typed"))
        asked = Asked(str(_field(event, "question")), filters, typed, without)
        yield from self._reply(asked, turns, phrases(code), request)

    def follow_link(
        self, turns: list[Turn], code: object, filters: Filters, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Asks the question or opens the passage that the page's address names.

        Yields values for: conversation, turns, input box, welcome, panel.
        """
        asked, passage = (request.query_params.get(name) or "" for name in ("q", "passage"))
        panel = self.chat.passage(passage, phrases(code)) if passage else gr.skip()
        if not asked.strip():
            yield *(gr.skip(),) * 4, panel
            return
        for update in self._reply(Asked(asked, filters), turns, phrases(code), request):
            yield *update, panel

    def reopen(self, code: object, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        """An earlier conversation from the browser's history, answered anew."""
        turns = self.chat.reopen(_field(event, "questions"), visitor(request))
        return self._shown(turns, phrases(code))

    def stop(self, turns: list[Turn], code: object) -> tuple[Any, ...]:
        return self._shown(self.chat.stop(turns), phrases(code))

    def restart(self, code: object) -> tuple[Any, ...]:
        """A new conversation. Gives values for what `reply` gives, and for the panel."""
        say = phrases(code)
        return (
            [],
            [],
            gr.Textbox("", **_idle(say)),
            gr.HTML(self.chat.welcome(say), visible=True),
            "",
        )

    def open_article(self, code: object, event: gr.EventData) -> str:
        """The article of a citation, at its passage."""
        return self.chat.article(
            str(_field(event, "article")),
            str(_field(event, "passage")),
            offset(_field(event, "start")),
            offset(_field(event, "end")),
            phrases(code),
        )

    def thumb(self, turns: list[Turn], code: object, event: gr.EventData) -> str:
        """Keeps a thumb; gives what the page's script then says."""
        say = phrases(code)
        fields = [_field(event, name) for name in ("turn", "verdict", "passage", "reason")]
        words = say.thanks if self.chat.thumb(turns, *fields) else say.not_kept
        return f'<p data-at="{time.time_ns()}">{text(words)}</p>'

    def _reply(
        self, asked: Asked, turns: list[Turn], say: Phrases, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        if not asked.question.strip():
            yield (gr.skip(),) * 4
            return
        turns = self.chat.begin(
            asked.question, asked.as_typed, turns, visitor(request), asked.filters, asked.without
        )
        if turns[-1].refusal:  # what was typed stays in the box, to be mended
            yield self._messages(turns, say), turns, gr.skip(), gr.HTML(visible=False)
            return
        box = gr.Textbox("", submit_btn=False, stop_btn=say.stop)
        yield self._messages(turns, say), turns, box, gr.HTML(visible=False)
        yield self._shown(self.chat.finish(turns), say)

    def _shown(self, turns: list[Turn], say: Phrases) -> tuple[Any, ...]:
        """Values for: conversation, turns, input box, welcome."""
        welcome = gr.HTML(visible=not turns)
        return self._messages(turns, say), turns, gr.Textbox(**_idle(say)), welcome

    def _messages(self, turns: list[Turn], say: Phrases) -> list[dict[str, Any]]:
        """Articles never reach the Markdown of a Chatbot: every message is an HTML component."""
        return [
            {"role": role, "content": html(content)}
            for pair in self.chat.shown(turns, say)
            for role, content in zip(("user", "assistant"), pair, strict=True)
        ]


def html(content: str) -> gr.HTML:
    return gr.HTML(content, apply_default_css=False, js_on_load=None)


def header(say: Phrases) -> str:
    """The name of the page, and what its script says in this language."""
    spoken = json.dumps({name: getattr(say, name) for name in FOR_SCRIPT}, ensure_ascii=False)
    return (
        f'<div id="hb-say" data-say="{text(spoken)}"><h1>Hỏi Báo</h1><p>{text(say.motto)}</p></div>'
    )


def _idle(say: Phrases) -> dict[str, Any]:
    """The input box while nothing is looked for."""
    return {"submit_btn": say.send, "stop_btn": False}


def _field(event: gr.EventData, name: str) -> Any:
    """A field of what the page's script sends; "" where it is missing."""
    return event._data.get(name, "") if isinstance(event._data, dict) else ""
