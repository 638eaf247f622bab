"""The editor's tab: what the index holds, new articles, updates, and the way back."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from index.backend import open_catalogue, read_status
from index.listing import ORDERS, Order
from qa import render_editor, render_tabs
from qa.forged import offset, plain_text
from qa.page import html
from qa.shelf import LARGEST, RefusedError
from qa.sources import KINDS, addresses, keep_addresses, sources, uploads
from qa.tabs import INSIDE, Tab, uploaded
from qa.wording import Phrases, phrases

PAGE = 20  # articles on a page of the list
_UPDATES = 20  # updates that are listed


@dataclass(frozen=True, slots=True)
class View:
    """Which articles are listed, in which order, and which page of them, from 0."""

    words: str = ""
    order: Order = "date"
    falling: bool = True
    page: int = 0


class EditorTab(Tab):
    """Keeps an index with the articles that come, change and go."""

    name = "editor"

    def build(self, say: Phrases) -> None:
        words = say.editor
        self.facts = html("")
        with gr.Row(elem_classes="hb-do"):
            self.update = gr.Button(words.update, variant="primary", elem_classes="hb-primary")
            self.rebuild = html("")
        self.sources = html("")
        self._heading(lambda s: s.editor.add)
        self.upload = gr.UploadButton(
            words.upload, file_types=list(KINDS), file_count="multiple", size="sm"
        )
        self.upload_info = html(_upload_info(say))
        self.taken = html("")
        self.addresses = gr.Textbox(
            label=words.addresses, info=words.addresses_info, lines=2, max_lines=8
        )
        self.save = gr.Button(words.save_addresses, size="sm", elem_classes="hb-save")
        self.kept = html("")
        self._heading(lambda s: s.editor.articles)
        self.search = gr.Textbox(label=words.search, placeholder=words.search_hint, max_lines=1)
        self.articles = html("")
        self._heading(lambda s: s.editor.history)
        self.history = html("")
        self.speaks(self.update, lambda s: gr.Button(s.editor.update))
        self.speaks(self.rebuild, render_editor.rebuild)
        self.speaks(self.upload, lambda s: gr.UploadButton(s.editor.upload))
        self.speaks(self.upload_info, _upload_info)
        self.speaks(self.save, lambda s: gr.Button(s.editor.save_addresses))
        self.speaks(
            self.search,
            lambda s: gr.Textbox(label=s.editor.search, placeholder=s.editor.search_hint),
        )

    @property
    def shown(self) -> list[Any]:
        return [self.facts, self.sources, self.articles, self.history]

    @property
    def filled(self) -> list[Any]:
        return [self.addresses]

    def filling(self, say: Phrases) -> tuple[Any, ...]:
        words = say.editor
        kept = "\n".join(addresses(self.folder))
        return (gr.Textbox(kept, label=words.addresses, info=words.addresses_info),)

    def contents(self, say: Phrases, view: View | None) -> tuple[Any, ...]:
        with open_catalogue(self.location) as catalogue:
            updates = catalogue.updates()
        found = sources(self.folder, updates)
        return (
            render_editor.facts(read_status(self.location), say),
            render_editor.sources(found, uploads(self.folder), say),
            self._list(view or View(), say),
            render_editor.updates(updates[:_UPDATES], say),
        )

    def wire(self, language: gr.BrowserState, panel: gr.HTML, switched: Any) -> None:
        super().wire(language, panel, switched)
        self.update.click(self.bring_up, language, self.begun, **INSIDE)
        panel.rebuild(self.start_over, language, self.begun, **INSIDE)
        panel.remove(self.remove, language, self.begun, **INSIDE)
        panel.go_back(self.go_back, language, self.begun, **INSIDE)
        self.upload.upload(self.take, [language, self.upload], [self.taken, self.sources], **INSIDE)
        self.save.click(self.keep, [language, self.addresses], [self.kept, self.sources], **INSIDE)
        listed = [self.view, self.articles]
        seen = [language, self.view]
        searched = [language, self.view, self.search]
        self.search.change(self.find, searched, listed, trigger_mode="always_last", **INSIDE)
        panel.list(self.turn, seen, listed, **INSIDE)

    # -- events --------------------------------------------------------------------------------

    def bring_up(self, code: object, request: gr.Request) -> tuple[Any, ...]:
        self.check(request)
        return self.begin(phrases(code), "update")

    def start_over(self, code: object, request: gr.Request) -> tuple[Any, ...]:
        self.check(request)
        return self.begin(phrases(code), "rebuild")

    def remove(self, code: object, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        self.check(request)
        article = plain_text(_field(event, "article"))
        return self.begin(phrases(code), "remove", article=article)

    def go_back(self, code: object, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        self.check(request)
        return self.begin(phrases(code), "rollback", state=offset(_field(event, "state")))

    def take(self, code: object, sent: object, request: gr.Request) -> tuple[str, str]:
        """Keeps uploaded files, and says of each that is not taken why."""
        self.check(request)
        say, shelf = phrases(code), uploads(self.folder)
        taken, replaced, refused = 0, 0, []
        for source in uploaded(sent):
            try:
                _, is_other = shelf.take(source, source.name)
                taken, replaced = taken + 1, replaced + is_other
            except RefusedError as error:
                why = getattr(say.editor, error.why).format(largest=LARGEST >> 20)
                refused.append(say.editor.refused.format(name=source.name, why=why))
            finally:
                source.unlink(missing_ok=True)
        lines = [say.editor.took.format(count=taken, update=say.editor.update)] if taken else []
        lines += [say.editor.replaced.format(count=replaced)] if replaced else []
        return render_tabs.lines([*lines, *refused]), self._sources(say)

    def keep(self, code: object, written: object, request: gr.Request) -> tuple[str, Any]:
        """Keeps the addresses as they stand in the box."""
        self.check(request)
        say = phrases(code)
        bad = keep_addresses(self.folder, str(written or ""))
        if bad:
            shown = ", ".join(each[:100] for each in bad[:3])
            return render_tabs.note(say.editor.not_addresses.format(bad=shown)), gr.skip()
        count = len(addresses(self.folder))
        words = say.editor.addresses_kept.format(count=count, update=say.editor.update)
        return render_tabs.note(words), self._sources(say)

    def find(
        self, code: object, view: View | None, words: object, request: gr.Request
    ) -> tuple[View, str]:
        """The articles with these words."""
        self.check(request)
        view = replace(view or View(), words=plain_text(words), page=0)
        return view, self._list(view, phrases(code))

    def turn(
        self, code: object, view: View | None, request: gr.Request, event: gr.EventData
    ) -> tuple[View, str]:
        """Another page, or another order: the same one again is turned round."""
        self.check(request)
        view, order = view or View(), _field(event, "order")
        if order in ORDERS:
            view = replace(view, order=order, falling=view.order == order and not view.falling)
            view = replace(view, page=0)
        elif (page := offset(_field(event, "page"))) >= 0:
            view = replace(view, page=page)
        return view, self._list(view, phrases(code))

    # -- what is shown -------------------------------------------------------------------------

    def _list(self, view: View, say: Phrases) -> str:
        with open_catalogue(self.location) as catalogue:
            first = min(view.page, 10**9) * PAGE
            found = catalogue.listing(view.words, view.order, view.falling, first, PAGE)
        return render_editor.articles(found, view.order, view.falling, view.page, PAGE, say)

    def _sources(self, say: Phrases) -> str:
        with open_catalogue(self.location) as catalogue:
            found = sources(self.folder, catalogue.updates())
        return render_editor.sources(found, uploads(self.folder), say)

    def _heading(self, words: Any) -> None:
        self.speaks(html(""), lambda say: render_tabs.heading(words(say)))


def _upload_info(say: Phrases) -> str:
    words = say.editor.upload_info.format(kinds=" ".join(KINDS), largest=LARGEST >> 20)
    return render_tabs.hint(words)


def _field(event: gr.EventData, name: str) -> Any:
    return event._data.get(name, "") if isinstance(event._data, dict) else ""
