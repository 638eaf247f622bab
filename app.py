"""The web chat: its page, its events, and serving it.

    python app.py --index DIR --host 127.0.0.1 --port 7860

What is shown is made in `qa.render`; what is answered, in `qa.answer`.
"""

import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

# Before Gradio is imported, so that it asks nobody about versions and tells nobody of its use.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "0"

import gradio as gr
from gradio.events import api

from index.errors import HoiBaoError
from index.types import Span
from qa import render
from qa.cli import index_option
from qa.live import LiveIndex
from qa.types import Answer

log = logging.getLogger(__name__)

MAX_QUESTION = 500  # characters
TURNS_KEPT = 50  # questions of one conversation; each is sent again with every new answer
FAILED = "Có lỗi khi tìm câu trả lời. Xin hỏi lại sau ít phút; lỗi đã được ghi vào nhật ký."
_FILES = Path(__file__).parent / "qa"
_PICK_EXAMPLE = """
element.addEventListener("click", (event) => {
  const example = event.target.closest(".hb-example");
  if (example) trigger("ask_example", {question: example.textContent});
});
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what was said to it, both as HTML."""

    question: str
    reply: str


class Chat:
    """What the page's events do, over one served index."""

    def __init__(self, live: LiveIndex) -> None:
        self.live = live

    def warm_up(self) -> None:
        """Loads now what the first question would wait for."""
        self.live.snapshot().answerer.ask("Việt Nam")

    def welcome(self) -> str:
        return render.welcome(self.live.snapshot().collection)

    def reply(self, question: str, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        """Shows the question at once, then what is said to it.

        Yields values for: conversation, turns, input box, welcome.
        """
        asked = question.strip()
        if not asked:
            yield (gr.skip(),) * 4
            return
        turns = turns[1 - TURNS_KEPT :]
        typed = render.question(asked)
        if len(asked) > MAX_QUESTION:
            turns = [*turns, Turn(typed, render.notice(_too_long(asked)))]
            yield _messages(turns), turns, gr.skip(), gr.HTML(visible=False)
            return
        yield (
            _messages([*turns, Turn(typed, render.waiting())]),
            gr.skip(),
            "",
            gr.HTML(visible=False),
        )
        turns = [*turns, Turn(typed, self._said(asked))]
        yield _messages(turns), turns, gr.skip(), gr.skip()

    def reply_to_example(self, turns: list[Turn], event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """The same for a question that was clicked; it comes from the page, so it may be forged."""
        yield from self.reply(str(event._data.get("question", "")), turns)

    def open_article(self, event: gr.EventData) -> str:
        """The article of a citation, at its passage; every field may be forged."""
        return self._article(
            str(event._data.get("article", "")),
            str(event._data.get("passage", "")),
            _offset(event._data.get("start")),
            _offset(event._data.get("end")),
        )

    def ask(self, question: str) -> dict[str, Any]:
        """Answer a question with the passages that answer it, each with its source.

        Returns the object that `qa ask --json` prints.
        """
        asked = question.strip() if isinstance(question, str) else ""
        if not asked:
            raise gr.Error("Câu hỏi trống.")
        if len(asked) > MAX_QUESTION:
            raise gr.Error(_too_long(asked))
        try:
            return asdict(self._answer(asked))
        except Exception as error:
            log.exception("no answer could be given")
            raise gr.Error(FAILED) from error

    def article(self, article_id: str) -> dict[str, Any]:
        """One article by its id: text, title, date, source, author, url."""
        found = self.live.snapshot().index.article(str(article_id))
        if found is None:
            raise gr.Error("Không có bài này trong bộ sưu tập.")
        # Where the server read it from is nobody's business.
        return {name: value for name, value in asdict(found).items() if name != "origin"}

    def _said(self, asked: str) -> str:
        """The answer as HTML. An error is said to be one, never that nothing was found."""
        try:
            return render.answer(self._answer(asked))
        except Exception:
            log.exception("no answer could be given")
            return render.notice(FAILED)

    def _answer(self, asked: str) -> Answer:
        return self.live.snapshot().answerer.ask(asked)

    def _article(self, article_id: str, passage_id: str, start: int, end: int) -> str:
        index = self.live.snapshot().index
        article = index.article(article_id)
        if article is None:
            return render.missing_article()
        passage = index.passage(passage_id)
        if passage is None or passage.article_id != article.id:
            return render.reader(article, None, None)
        span = Span(passage.start, passage.end)
        marked = Span(span.start + start, span.start + end)
        inside = span.start <= marked.start < marked.end <= span.end
        return render.reader(article, span, marked if inside else None)


def build_app(index_dir: Path) -> gr.Blocks:
    """The page over the index in a folder.

    Raises:
        HoiBaoError: there is no index, or it or its encoder cannot be opened.
    """
    chat = Chat(LiveIndex(index_dir))
    page: gr.Blocks
    with gr.Blocks(title="Hỏi Báo", analytics_enabled=False) as page:
        with gr.Row(elem_id="hb-header"):
            gr.HTML(
                "<h1>Hỏi Báo</h1><p>Hỏi một câu, đọc đúng đoạn báo trả lời.</p>",
                apply_default_css=False,
                js_on_load=None,
            )
            new = gr.Button("Cuộc trò chuyện mới", size="sm", scale=0, elem_id="hb-new")
        welcome = gr.HTML(chat.welcome(), apply_default_css=False, js_on_load=_PICK_EXAMPLE)
        # Articles never reach the Markdown of a Chatbot: every message is an HTML component.
        conversation = gr.Chatbot(
            elem_id="hb-conversation",
            label="Cuộc trò chuyện",
            show_label=False,
            container=False,
            height=None,
            buttons=[],
            layout="panel",
            autoscroll=False,
        )
        question = gr.Textbox(
            elem_id="hb-input",
            label="Câu hỏi",
            show_label=False,
            placeholder="Bạn muốn hỏi gì?",
            max_lines=4,
            autofocus=True,
            submit_btn="Hỏi",
        )
        reader = gr.HTML(
            "", elem_id="hb-side", apply_default_css=False, js_on_load=_script("chat.js")
        )
        turns: gr.State = gr.State([])
        shown = [conversation, turns, question, welcome]
        # The page's own events are no API; Gradio's signs of progress speak English.
        inside: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        page.load(chat.welcome, None, welcome, **inside)  # the index may have changed since
        # Enter pressed while an answer is on its way is not lost: it is asked right after.
        question.submit(chat.reply, [question, turns], shown, trigger_mode="always_last", **inside)
        welcome.ask_example(chat.reply_to_example, turns, shown, **inside)
        reader.open_article(chat.open_article, None, reader, **inside)
        new.click(
            lambda: ([], [], "", gr.HTML(chat.welcome(), visible=True), ""),
            None,
            [*shown, reader],
            **inside,
        )
        api(chat.ask, api_name="ask")
        api(chat.article, api_name="article")
    # Answering is computing: more at once than there are cores would only wait for each other.
    page.queue(default_concurrency_limit=max(2, os.cpu_count() or 1))
    chat.warm_up()
    return page


def serve(index_dir: Path, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serves the chat until it is interrupted."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    page = build_app(index_dir)
    page.launch(
        server_name=host,
        server_port=port,
        share=False,
        theme=theme(),
        css=(_FILES / "chat.css").read_text(encoding="utf-8"),
        head='<meta name="color-scheme" content="light dark">',
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
    )


def theme() -> gr.themes.Base:
    """Paper and ink. System fonts only: every one of them has all Vietnamese letters."""
    sans = ("system-ui", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
    return gr.themes.Base(
        primary_hue=gr.themes.colors.red,
        neutral_hue=gr.themes.colors.stone,
        font=[gr.themes.Font(name) for name in sans],
        font_mono=[gr.themes.Font("monospace")],
    ).set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#171614",
        body_text_color="#1f1d1a",
        body_text_color_dark="#e9e6e0",
    )


def _messages(turns: list[Turn]) -> list[dict[str, Any]]:
    return [
        {"role": role, "content": gr.HTML(content, apply_default_css=False, js_on_load=None)}
        for turn in turns
        for role, content in (("user", turn.question), ("assistant", turn.reply))
    ]


def _too_long(asked: str) -> str:
    return f"Câu hỏi dài {len(asked)} ký tự. Xin rút gọn còn tối đa {MAX_QUESTION} ký tự."


def _offset(value: object) -> int:
    """A whole number from the page, or one that lies in no passage."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else -1


def _script(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@index_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=7860, show_default=True)
def main(folder: Path, host: str, port: int) -> None:
    """Serve the web chat over an index."""
    try:
        serve(folder, host, port)
    except HoiBaoError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
