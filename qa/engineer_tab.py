"""The engineer's tab: judged questions asked, what came out, and against an earlier run."""

import shlex
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import gradio as gr

from index.errors import HoiBaoError
from qa import feedback, render_tabs, runs
from qa.collection import SAMPLE_QUESTIONS
from qa.datasets import read_dataset
from qa.forged import plain_text
from qa.page import html
from qa.shelf import LARGEST, RefusedError, Shelf
from qa.slices import SLICES
from qa.systems import NAMES
from qa.tabs import INSIDE, Tab, uploaded
from qa.wording import Phrases, phrases

_KINDS = (".jsonl", ".json")
_ROOM = 256 << 20  # bytes of all uploaded questions
_SAMPLE, _THUMBS, _FILE = "sample", "thumbs", "file:"
_NONE = ""


@dataclass(frozen=True, slots=True)
class View:
    """Which run is shown, against which: names of runs, or `_NONE` for the newest and for none."""

    run: str = _NONE
    against: str = _NONE


class EngineerTab(Tab):
    """Runs evaluations beside the chat and shows them."""

    name = "engineer"

    def build(self, say: Phrases) -> None:
        words = say.engineer
        self.speaks(
            html(render_tabs.hint(words.intro)), lambda s: render_tabs.hint(s.engineer.intro)
        )
        self.questions = gr.Radio([], label=words.questions, elem_id="hb-questions")
        self.upload = gr.UploadButton(
            words.upload, file_types=list(_KINDS), file_count="single", size="sm"
        )
        self.said = html(render_tabs.hint(words.upload_info))
        self.systems = gr.CheckboxGroup(
            [*NAMES], value=["full"], label=words.systems, elem_id="hb-systems"
        )
        self.slices = gr.CheckboxGroup(
            [*SLICES], value=["as_written"], label=words.slices, elem_id="hb-slices"
        )
        self.run = gr.Button(words.run, variant="primary", elem_classes="hb-primary")
        self.heading = html(render_tabs.heading(words.results))
        with gr.Row():
            self.chosen = gr.Dropdown([], label=words.show_run, elem_id="hb-run")
            self.against = gr.Dropdown([], label=words.against, elem_id="hb-against")
        self.compared = html("")
        self.report = html("")
        self.speaks(self.upload, lambda s: gr.UploadButton(s.engineer.upload))
        self.speaks(self.said, lambda s: render_tabs.hint(s.engineer.upload_info))
        self.speaks(self.systems, lambda s: _group(s.engineer.systems, s.engineer.system_names))
        self.speaks(self.slices, lambda s: _group(s.engineer.slices, s.engineer.slice_names))
        self.speaks(self.run, lambda s: gr.Button(s.engineer.run))
        self.speaks(self.heading, lambda s: render_tabs.heading(s.engineer.results))

    @property
    def shown(self) -> list[Any]:
        return [self.chosen, self.against, self.compared, self.report]

    @property
    def filled(self) -> list[Any]:
        return [self.questions]

    def filling(self, say: Phrases) -> tuple[Any, ...]:
        return (self._choice(say),)

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.folder / "questions", _KINDS, _ROOM)

    def contents(self, say: Phrases, view: View | None) -> tuple[Any, ...]:
        words = say.engineer
        found = {run.name: run for run in runs.kept(self.folder)}
        shown = found.get(view.run if view else _NONE) or next(iter(found.values()), None)
        if shown is None:
            hint = render_tabs.hint(words.no_runs)
            return (
                gr.Dropdown([], label=words.show_run),
                gr.Dropdown([], label=words.against),
                "",
                hint,
            )
        against = found.get(view.against) if view else None
        named = [(self._name(run, say), run.name) for run in found.values()]
        others = [(label, name) for label, name in named if name != shown.name]
        return (
            gr.Dropdown(named, value=shown.name, label=words.show_run),
            gr.Dropdown(
                [(words.against_none, _NONE), *others],
                value=against.name if against else _NONE,
                label=words.against,
            ),
            self._compared(shown, against, say),
            render_tabs.run(shown.name, runs.page_of(self.folder, shown.name, say.code), say),
        )

    def wire(self, language: gr.BrowserState, panel: gr.HTML, switched: Any) -> None:
        super().wire(language, panel, switched)
        wanted = [language, self.questions, self.systems, self.slices]
        self.upload.upload(
            self.take, [language, self.upload], [self.questions, self.said], **INSIDE
        )
        self.run.click(self.start, wanted, [self.view, *self.begun], **INSIDE)
        chosen = [language, self.chosen, self.against]
        self.chosen.input(self.choose, chosen[:2], [self.view, *self.shown], **INSIDE)
        self.against.input(self.compare, chosen, [self.view, self.compared], **INSIDE)

    # -- events --------------------------------------------------------------------------------

    def take(self, code: object, sent: object, request: gr.Request) -> tuple[Any, str]:
        """Keeps a file of questions, if it is one."""
        self.check(request)
        say = phrases(code)
        source = next(iter(uploaded(sent)), None)
        if source is None:
            return gr.skip(), ""
        name = source.name
        try:
            path, _ = self.shelf.take(source, name)
        except RefusedError as refused:
            why = getattr(say.editor, refused.why).format(largest=LARGEST >> 20)
            return gr.skip(), render_tabs.note(
                say.engineer.not_questions.format(name=name, why=why)
            )
        finally:
            source.unlink(missing_ok=True)
        try:
            count = len(read_dataset(path).questions)
        except HoiBaoError as error:
            path.unlink()
            why = str(error).replace(str(path), path.name)
            return gr.skip(), render_tabs.note(
                say.engineer.not_questions.format(name=name, why=why)
            )
        words = say.engineer.took_questions.format(name=path.name, count=count)
        return self._choice(say, _FILE + path.name), render_tabs.note(words)

    def start(
        self, code: object, questions: object, systems: object, slices: object, request: gr.Request
    ) -> tuple[Any, ...]:
        """Runs an evaluation of what is chosen, and will show it. Values for the view, `begun`."""
        self.check(request)
        say = phrases(code)
        path = self._path(questions)
        wanted = [name for name in NAMES if isinstance(systems, list) and name in systems]
        typed = [name for name in SLICES if isinstance(slices, list) and name in slices]
        if path is None or not wanted or not typed:
            return gr.skip(), *self.noting(say, say.engineer.choose)
        command = ["qa", "evaluate", path or "thumbs"]
        if questions != _SAMPLE and not path.endswith(".json"):
            command = ["qa", "evaluate", "--index", str(self.folder), "--questions", *command[2:]]
        command += ["--systems", ",".join(wanted), "--slices", ",".join(typed)]
        wants = {"questions": path, "systems": wanted, "slices": typed}
        return View(), *self.begin(say, "evaluate", **wants, command=shlex.join(command))

    def choose(self, code: object, name: object, request: gr.Request) -> tuple[Any, ...]:
        """Shows an earlier run. Values for the view, `shown`."""
        self.check(request)
        view = View(plain_text(name))
        return view, *self.contents(phrases(code), view)

    def compare(
        self, code: object, name: object, other: object, request: gr.Request
    ) -> tuple[View, str]:
        """A run against an earlier one. Values for the view, `compared`."""
        self.check(request)
        view = View(plain_text(name), plain_text(other))
        known = {run.name: run for run in runs.kept(self.folder)}
        shown, against = known.get(view.run), known.get(view.against)
        return view, self._compared(shown, against, phrases(code)) if shown else ""

    # -- what is shown -------------------------------------------------------------------------

    def _choice(self, say: Phrases, chosen: str = "") -> gr.Radio:
        choices = [(path.name, _FILE + path.name) for path in self.shelf.files()]
        if any(True for _ in feedback.kept(self.folder)):
            choices.insert(0, (say.engineer.thumbs, _THUMBS))
        if SAMPLE_QUESTIONS.is_file():
            choices.insert(0, (say.engineer.sample, _SAMPLE))
        value = chosen or (choices[0][1] if choices else None)
        return gr.Radio(choices, value=value, label=say.engineer.questions)

    def _path(self, questions: object) -> str | None:
        """The file of the chosen questions, "" for readers' thumbs; None for what is no choice."""
        if questions == _THUMBS:
            return ""
        if questions == _SAMPLE and SAMPLE_QUESTIONS.is_file():
            return str(SAMPLE_QUESTIONS)
        if isinstance(questions, str) and questions.startswith(_FILE):
            path = self.shelf.find(questions.removeprefix(_FILE))
            return str(path.resolve()) if path else None
        return None

    def _compared(self, shown: runs.Run, against: runs.Run | None, say: Phrases) -> str:
        if against is None:
            return ""
        try:
            changes = runs.compared(shown, against)
        except HoiBaoError:
            return render_tabs.note(say.engineer.cannot_compare)
        return render_tabs.comparison(changes, _time(against), say)

    def _name(self, run: runs.Run, say: Phrases) -> str:
        return say.engineer.run_name.format(
            time=_time(run),
            dataset=run.report.dataset,
            count=run.report.queries,
            systems=", ".join(run.report.systems),
        )


def _group(label: str, names: dict[str, str]) -> gr.CheckboxGroup:
    choices = [(about, name) for name, about in names.items()]
    return gr.CheckboxGroup(choices, label=label)


def _time(run: runs.Run) -> str:
    local: datetime = run.time.astimezone()
    return local.strftime("%H:%M:%S %d/%m/%Y")
