"""The engineer's tab: judged questions asked, what came out, and against an earlier run."""

import shlex
from datetime import datetime
from typing import Any

import gradio as gr

from index.errors import HoiBaoError
from qa import feedback, render_tabs, runs
from qa.collection import SAMPLE_QUESTIONS
from qa.datasets import read_dataset
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

    def contents(self, say: Phrases, view: None) -> tuple[Any, ...]:
        found = runs.kept(self.folder)
        named = [(self._name(run, say), run.name) for run in found]
        newest = found[0].name if found else None
        return (
            gr.Dropdown(named, value=newest, label=say.engineer.show_run),
            self._others(named, newest, say),
            "",
            self._report(newest, say),
        )

    def wire(self, language: gr.BrowserState, panel: gr.HTML, switched: Any) -> None:
        super().wire(language, panel, switched)
        wanted = [language, self.questions, self.systems, self.slices]
        self.upload.upload(
            self.take, [language, self.upload], [self.questions, self.said], **INSIDE
        )
        self.run.click(self.start, wanted, self.begun, **INSIDE)
        self.chosen.input(
            self.choose,
            [language, self.chosen],
            [self.against, self.compared, self.report],
            **INSIDE,
        )
        self.against.input(
            self.compare, [language, self.chosen, self.against], self.compared, **INSIDE
        )

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
        """Runs an evaluation of what is chosen."""
        self.check(request)
        say = phrases(code)
        path = self._path(questions)
        wanted = [name for name in NAMES if isinstance(systems, list) and name in systems]
        typed = [name for name in SLICES if isinstance(slices, list) and name in slices]
        if path is None or not wanted or not typed:
            return self.noting(say, say.engineer.choose)
        command = ["qa", "evaluate", path or "thumbs"]
        if questions != _SAMPLE and not path.endswith(".json"):
            command = ["qa", "evaluate", "--index", str(self.folder), "--questions", *command[2:]]
        command += ["--systems", ",".join(wanted), "--slices", ",".join(typed)]
        return self.begin(
            say,
            "evaluate",
            questions=path,
            systems=wanted,
            slices=typed,
            command=shlex.join(command),
        )

    def choose(self, code: object, name: object, request: gr.Request) -> tuple[Any, str, str]:
        """Shows an earlier run."""
        self.check(request)
        say = phrases(code)
        named = [(self._name(run, say), run.name) for run in runs.kept(self.folder)]
        return self._others(named, name, say), "", self._report(name, say)

    def compare(self, code: object, name: object, other: object, request: gr.Request) -> str:
        """A run against an earlier one."""
        self.check(request)
        say = phrases(code)
        known = {run.name: run for run in runs.kept(self.folder)}
        if name not in known or other not in known:
            return ""
        try:
            changes = runs.compared(self.folder, str(name), str(other))
        except HoiBaoError:
            return render_tabs.note(say.engineer.cannot_compare)
        return render_tabs.comparison(changes, _time(known[str(other)]), say)

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

    def _others(self, named: list[tuple[str, str]], name: object, say: Phrases) -> gr.Dropdown:
        others = [(label, value) for label, value in named if value != name]
        choices = [(say.engineer.against_none, _NONE), *others]
        return gr.Dropdown(choices, value=_NONE, label=say.engineer.against)

    def _report(self, name: object, say: Phrases) -> str:
        path = runs.file_of(self.folder, str(name), "html")
        if path is None:
            return render_tabs.hint(say.engineer.no_runs)
        return render_tabs.run(path.stem, path.read_text(encoding="utf-8"), say)

    def _name(self, run: runs.Run, say: Phrases) -> str:
        return say.engineer.run_name.format(
            time=_time(run), dataset=run.dataset, count=run.queries, systems=", ".join(run.systems)
        )


def _group(label: str, names: dict[str, str]) -> gr.CheckboxGroup:
    choices = [(about, name) for name, about in names.items()]
    return gr.CheckboxGroup(choices, label=label)


def _time(run: runs.Run) -> str:
    local: datetime = run.time.astimezone()
    return local.strftime("%H:%M:%S %d/%m/%Y")
