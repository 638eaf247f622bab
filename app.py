"""The web chat: its page, its events, and serving it.

    python app.py --index DIR --host 127.0.0.1 --port 7860

What the events do is in `qa.page` and `qa.chat`; what is shown is made in `qa.render`.
"""

import atexit
import gc
import logging
import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

# Before Gradio is imported, so that it asks nobody about versions and tells nobody of its use.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "0"
# Nobody reads its tables of events, which it would make anew after every answer.
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"

import gradio as gr
from gradio.events import api
from starlette.middleware import Middleware

from index.errors import HoiBaoError
from index.location import Location
from index.types import Filters
from qa.access import Access, access
from qa.calls import WAITING, Calls
from qa.chat import Chat, Settings
from qa.checked import CheckedBlocks
from qa.editor_tab import EditorTab
from qa.engineer_tab import EngineerTab
from qa.guard import Guard
from qa.jobs import Jobs
from qa.live import LiveIndex
from qa.page import Page, html
from qa.page import header as header_html
from qa.programs import Programs
from qa.serve_cli import serve_options
from qa.shelf import LARGEST
from qa.tab_paths import TabPaths
from qa.tabs import INSIDE, Desk, tab_names
from qa.wording import VIETNAMESE

_LOOK = 0.01  # seconds between two looks at the queue
SESSIONS = 2000  # conversations kept in memory; the oldest is forgotten first
_FILES = Path(__file__).parent / "qa"
_SCRIPTS = ("chat.js", "chat_actions.js", "chat_history.js", "tabs.js")
_STYLES = ("chat.css", "tabs.css")


def build_app(
    location: Location, settings: Settings | None = None, entry: Access | None = None
) -> tuple[gr.Blocks, Chat]:
    """The page over an index, and the chat behind it.

    `entry` says who may use the tabs of the editor and the engineer; without it, or where it is
    off, there are none.

    Raises:
        HoiBaoError: there is no index, or it or its encoder cannot be opened.
    """
    strictness = settings.strictness if settings else None
    chat = Chat(LiveIndex(location, strictness), settings)
    on = Page(chat)
    say = VIETNAMESE
    blocks: gr.Blocks
    desk = Desk(chat.live, entry, Jobs()) if entry and entry.mode != "off" else None
    with CheckedBlocks(title="Hỏi Báo", analytics_enabled=False) as blocks:
        language = gr.BrowserState(say.code, storage_key="hoibao-language", secret="hoibao")
        turns: gr.State = gr.State([])
        with gr.Row(elem_id="hb-header"):
            header = html(header_html(say))
            history = gr.Button(say.history, size="sm", scale=0, elem_id="hb-history")
            new = gr.Button(say.new, size="sm", scale=0, elem_id="hb-new")
            switch = gr.Button(say.switch, size="sm", scale=0, elem_id="hb-switch")
        # The panel stands first: an open article is seen beside every tab.
        script = "\n".join((_FILES / name).read_text(encoding="utf-8") for name in _SCRIPTS)
        panel = gr.HTML("", elem_id="hb-side", apply_default_css=False, js_on_load=script)
        said = gr.HTML("", elem_id="hb-said", apply_default_css=False, js_on_load=None)
        with gr.Tabs(elem_id="hb-tabs") if desk else nullcontext():
            with gr.Tab(say.chat, elem_id="hb-chat") if desk else nullcontext() as chat_tab:
                welcome = html(chat.welcome(say))
                conversation = gr.Chatbot(
                    elem_id="hb-conversation",
                    label=say.conversation,
                    show_label=False,
                    container=False,
                    height=None,
                    buttons=[],
                    layout="panel",
                    autoscroll=False,
                )
                filters: gr.State = gr.State(Filters())
                with gr.Column(scale=0, elem_id="hb-foot"):
                    filter_row = html("")  # its outlets are those of when the page is opened
                    question = gr.Textbox(
                        elem_id="hb-input",
                        label=say.input,
                        show_label=False,
                        placeholder=say.placeholder,
                        max_lines=4,
                        autofocus=True,
                        submit_btn=say.send,
                    )
            tabs = [EditorTab(desk), EngineerTab(desk)] if desk else []
        dressed = [
            *(language, header, history, new, switch, welcome, conversation),
            *(filter_row, question),
        ]
        shown = [conversation, turns, question, welcome]
        state = [turns, language]
        asked_with = [*state, filters]
        blocks.load(on.dress, asked_with, dressed, **INSIDE).then(
            on.follow_link, asked_with, [*shown, panel], **INSIDE
        )
        # Enter pressed while an answer is on its way is not lost: it is asked right after.
        asking = [
            question.submit(
                on.reply, [question, *asked_with], shown, trigger_mode="always_last", **INSIDE
            ),
            panel.ask(on.reply_to_click, asked_with, shown, **INSIDE),
        ]
        question.stop(on.stop, state, shown, cancels=asking, **INSIDE)
        panel.reopen(on.reopen, language, shown, **INSIDE)
        panel.filter(on.filter, [language, filters], [filters, filter_row], **INSIDE)
        panel.open_article(on.open_article, language, panel, **INSIDE)
        panel.thumb(on.thumb, state, said, **INSIDE)
        new.click(on.restart, language, [*shown, panel], **INSIDE)
        switched = switch.click(on.switch, asked_with, [*dressed, panel], **INSIDE)
        for name, function in Programs(chat).functions().items():
            api(function, api_name=name)
        for tab in tabs:
            tab.wire(language, panel, switched)
        if desk:
            labelled = [chat_tab, *(tab.tab for tab in tabs)]
            blocks.load(tab_names, language, labelled, **INSIDE)
            switched.then(tab_names, language, labelled, **INSIDE)
            atexit.register(desk.jobs.close)
    # Answering is computing: more at once than there are cores would only wait for each other.
    blocks.queue(max_size=WAITING, default_concurrency_limit=max(2, os.cpu_count() or 1))
    # A thousand times a second, Gradio would look whether there is something to do.
    blocks._queue.sleep_when_free = _LOOK
    chat.warm_up()
    return blocks, chat


def serve_with(
    location: Location, host: str, port: int, mcp: bool, password_file: Path | None, **settings: Any
) -> None:
    """Serves as the options of `qa.serve_cli` say."""
    entry = access(host, settings["read_only"], password_file)
    serve(location, host, port, Settings(**settings), mcp, entry)


def serve(
    location: Location,
    host: str = "127.0.0.1",
    port: int = 7860,
    settings: Settings | None = None,
    mcp: bool = False,
    entry: Access | None = None,
) -> None:
    """Serves the chat until it is interrupted; without `entry` without the other tabs."""
    entry = entry or Access("off")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    blocks, chat = build_app(location, settings, entry)
    gc.freeze()  # all this stays: to look through it for garbage would hold up answers
    blocks.launch(
        server_name=host,
        server_port=port,
        share=False,
        theme=theme(),
        css="\n".join((_FILES / name).read_text(encoding="utf-8") for name in _STYLES),
        head='<meta name="color-scheme" content="light dark">',
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=mcp,
        max_file_size=0 if entry.mode == "off" else LARGEST,
        state_session_capacity=SESSIONS,
        app_kwargs={
            "middleware": [
                Middleware(
                    Guard,
                    health=chat.health,
                    mcp=mcp,
                    tabs=TabPaths(entry, chat.live.folder),
                    calls=Calls(Programs(chat)),
                )
            ]
        },
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
        block_title_text_color="#1f1d1a",
        block_title_text_color_dark="#e9e6e0",
        block_info_text_color="#5c5750",
        block_info_text_color_dark="#aaa49a",
        input_background_fill="#ffffff",
        input_background_fill_dark="#171614",
        input_border_color="#8d867c",
        input_border_color_dark="#8d867c",
        input_border_width="1px",
        input_placeholder_color="#5c5750",
        input_placeholder_color_dark="#aaa49a",
        checkbox_label_background_fill="#ffffff",
        checkbox_label_background_fill_dark="#1f1e1b",
        checkbox_label_background_fill_selected="#f4eeda",
        checkbox_label_background_fill_selected_dark="#2d2a20",
        checkbox_label_text_color_selected="#1f1d1a",
        checkbox_label_text_color_selected_dark="#e9e6e0",
        checkbox_label_border_width="1px",
        checkbox_label_border_color="#d9d4c9",
        checkbox_label_border_color_dark="#3a3732",
        checkbox_background_color_selected="#8a1c1c",
        checkbox_background_color_selected_dark="#b04a40",
        checkbox_border_color_selected="#8a1c1c",
    )


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@serve_options
def main(location: Location, **options: Any) -> None:
    """Serve the web chat over an index."""
    try:
        serve_with(location, **options)
    except HoiBaoError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
