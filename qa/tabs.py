"""What the tabs of the editor and the engineer share: who is let in, the job that runs."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from qa import render_jobs, render_tabs
from qa.access import Access
from qa.jobs import BusyError, Jobs, Kind
from qa.live import LiveIndex
from qa.page import html
from qa.wording import VIETNAMESE, Phrases, phrases

_TICK = 1.0  # seconds between two looks at a running job

# The page's own events are no API; Gradio's signs of progress speak English.
INSIDE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def tab_names(code: object) -> list[gr.Tab]:
    """What the tabs are called, that of the chat first."""
    say = phrases(code)
    return [gr.Tab(label=label) for label in (say.chat, say.editor.tab, say.engineer.tab)]


def uploaded(sent: object) -> list[Path]:
    """The files that a visitor sent, where Gradio put them; any other path is forged."""
    folder = Path(get_upload_folder()).resolve()
    found = sent if isinstance(sent, list) else [sent]
    paths = [Path(each).resolve() for each in found if isinstance(each, str)]
    return [path for path in paths if folder in path.parents]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the tabs work on."""

    live: LiveIndex
    access: Access
    jobs: Jobs


class Tab(ABC):
    """A tab: a form for the password, and behind it what only those who are let in see.

    Every event asks again who is there: what is not shown can still be called.
    """

    name = ""  # of its phrases, and of its element

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.location = desk.live.location
        self.folder = desk.live.folder
        self.words: list[tuple[Any, Callable[[Phrases], Any]]] = []
        label = getattr(VIETNAMESE, self.name).tab
        with gr.Tab(label, elem_id=f"hb-{self.name}") as self.tab, gr.Column(elem_classes="hb-tab"):
            self.login = html("")
            with gr.Column(visible=False) as self.inside:
                self.job = html("")
                self.cancel = gr.Button(
                    VIETNAMESE.jobs.cancel,
                    visible=False,
                    size="sm",
                    elem_classes="hb-cancel",
                )
                self.timer = gr.Timer(_TICK, active=False)
                self.noted = html("")
                self.view: gr.State = gr.State(None)
                self.build(VIETNAMESE)
        self.speaks(self.cancel, lambda say: gr.Button(say.jobs.cancel))
        self.watched = [self.job, self.cancel, self.timer]
        self.begun = [*self.watched, self.noted]  # a note stays until the next thing is begun

    @abstractmethod
    def build(self, say: Phrases) -> None:
        """Makes the components of the tab."""

    @abstractmethod
    def contents(self, say: Phrases, view: Any) -> tuple[Any, ...]:
        """Values for `shown`, as `view` holds what the visitor chose."""

    @property
    @abstractmethod
    def shown(self) -> list[Any]:
        """The components that show how things are: on coming in, and when a job ends."""

    @abstractmethod
    def filling(self, say: Phrases) -> tuple[Any, ...]:
        """Values for `filled`."""

    @property
    @abstractmethod
    def filled(self) -> list[Any]:
        """The components that hold what a visitor then changes: filled on coming in alone."""

    def speaks(self, component: Any, words: Callable[[Phrases], Any]) -> Any:
        """Notes what a component says in each language."""
        self.words.append((component, words))
        return component

    def wire(self, language: gr.BrowserState, panel: gr.HTML, switched: Any) -> None:
        """The events that both tabs have; `switched` is that of another language."""
        opened = [self.login, self.inside, *self.watched, *self.shown, *self.filled]
        entered = [*opened, *(component for component, _ in self.words)]
        for event in (self.tab.select, panel.enter, switched.then):
            event(self.enter, [language, self.view], entered, **INSIDE)
        changed = [*self.watched, *self.shown]
        self.timer.tick(self.tick, [language, self.view], changed, **INSIDE)
        self.cancel.click(self.stop, language, self.watched, **INSIDE)

    # -- events --------------------------------------------------------------------------------

    def enter(self, code: object, view: Any, request: gr.Request) -> tuple[Any, ...]:
        """Shows the tab, or the form that asks for the password."""
        say = phrases(code)
        spoken = tuple(words(say) for _, words in self.words)
        if not self.lets_in(request):
            form = render_tabs.login(say)
            unseen = len(self.watched) + len(self.shown) + len(self.filled)
            return (form, gr.Column(visible=False), *(gr.skip(),) * unseen, *spoken)
        leave = render_tabs.leave(say) if self.desk.access.mode == "password" else ""
        shown = (*self.contents(say, view), *self.filling(say))
        return (leave, gr.Column(visible=True), *self.look(say), *shown, *spoken)

    def tick(self, code: object, view: Any, request: gr.Request) -> tuple[Any, ...]:
        """How the job stands; what it changed is shown when it ends."""
        self.check(request)
        say = phrases(code)
        job = self.desk.jobs.current()
        is_over = job is None or job.state != "running"
        shown = self.contents(say, view) if is_over else (gr.skip(),) * len(self.shown)
        return (*self.look(say), *shown)

    def stop(self, code: object, request: gr.Request) -> tuple[Any, ...]:
        self.check(request)
        self.desk.jobs.cancel()
        return self.look(phrases(code))

    def begin(self, say: Phrases, kind: Kind, **wanted: Any) -> tuple[Any, ...]:
        """Starts a job, or says which one is running. Values for `begun`."""
        try:
            self.desk.jobs.start(kind, self.location, **wanted)
        except BusyError as busy:
            words = say.jobs.busy.format(kind=say.jobs.kinds[busy.job.kind])
            return self.noting(say, words)
        return self.noting(say)

    def noting(self, say: Phrases, note: str = "") -> tuple[Any, ...]:
        """Values for `begun`."""
        return (*self.look(say), render_tabs.note(note))

    def look(self, say: Phrases) -> tuple[Any, ...]:
        """Values for `watched`."""
        job = self.desk.jobs.current()
        runs = job is not None and job.state == "running"
        return (
            render_jobs.job(job, time.time(), say),
            gr.Button(visible=runs),
            gr.Timer(active=runs),
        )

    def lets_in(self, request: gr.Request | None) -> bool:
        headers = getattr(request, "headers", None) or {}
        client = getattr(request, "client", None)
        found = {str(name).lower(): str(value) for name, value in dict(headers).items()}
        return self.desk.access.lets_in(found, str(client.host) if client else "")

    def check(self, request: gr.Request | None) -> None:
        """Raises gr.Error for whoever is not let in."""
        if not self.lets_in(request):
            raise gr.Error(VIETNAMESE.engineer.not_allowed, print_exception=False)
