"""The tabs without a browser: who may call them, what they refuse."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

import app
from index.build import update_index
from qa import live
from qa.access import Access
from qa.chat import Settings
from qa.editor_tab import EditorTab, View
from qa.engineer_tab import EngineerTab
from qa.engineer_tab import View as RunView
from qa.jobs import Jobs
from qa.metrics import Estimate
from qa.patience import Patience, TooSlowError
from qa.report import Report
from qa.report_file import write_json
from qa.tabs import Desk
from qa.wording import ENGLISH, VIETNAMESE
from tests.fakes import WordEncoder

HERE = {"host": "127.0.0.1:7860"}
CHAT_EVENTS = {"dress", "follow_link", "reply", "reply_to_click", "stop", "reopen", "filter"}
CHAT_EVENTS |= {
    "open_article",
    "thumb",
    "restart",
    "switch",
    "ask",
    "passage",
    "article",
    "unnamed",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an index of two articles."""
    (tmp_path / "articles").mkdir()
    for name, title in (("a", "Hồ Gươm"), ("b", "Sông Hồng")):
        (tmp_path / "articles" / f"{name}.md").write_text(
            f"---\ntitle: {title}\n---\n{title} ở Hà Nội.\n", encoding="utf-8"
        )
    encoder = WordEncoder()
    update_index(tmp_path / "index", [tmp_path / "articles"], encoder)
    monkeypatch.setattr(live, "open_encoder", lambda name: encoder)
    return tmp_path / "index"


@pytest.fixture
def desk(folder: Path) -> Desk:
    return Desk(live.LiveIndex(folder), Access("open"), Jobs())


def request(**headers: str) -> gr.Request:
    return gr.Request(headers={**HERE, **headers}, client={"host": "127.0.0.1"})


def made(kind: type[Any], desk: Desk) -> Any:
    with gr.Blocks(), gr.Tabs():
        return kind(desk)


def events(blocks: gr.Blocks) -> set[str]:
    return {str(event["api_name"]).rstrip("_0123456789") for event in blocks.config["dependencies"]}


@pytest.mark.parametrize("entry", [None, Access("off")])
def test_tabs_that_are_off_have_no_events_at_all(folder: Path, entry: Access | None) -> None:
    blocks, _ = app.build_app(folder, Settings(read_only=True), entry)
    assert events(blocks) <= CHAT_EVENTS
    blocks, _ = app.build_app(folder, Settings(), Access("open"))
    assert {"bring_up", "start", "take", "tick"} <= events(blocks)


CALLS: list[tuple[type[Any], Callable[[Any, gr.Request], Any]]] = [
    (EditorTab, lambda tab, who: tab.tick("vi", None, who)),
    (EditorTab, lambda tab, who: tab.stop("vi", who)),
    (EditorTab, lambda tab, who: tab.bring_up("vi", who)),
    (EditorTab, lambda tab, who: tab.start_over("vi", who)),
    (EditorTab, lambda tab, who: tab.remove("vi", who, gr.EventData(None, {}))),
    (EditorTab, lambda tab, who: tab.go_back("vi", who, gr.EventData(None, {}))),
    (EditorTab, lambda tab, who: tab.take("vi", ["/etc/passwd"], who)),
    (EditorTab, lambda tab, who: tab.keep("vi", "https://news.example/", who)),
    (EditorTab, lambda tab, who: tab.find("vi", View(), "hồ", who)),
    (EditorTab, lambda tab, who: tab.turn("vi", View(), who, gr.EventData(None, {}))),
    (EngineerTab, lambda tab, who: tab.take("vi", "/etc/passwd", who)),
    (EngineerTab, lambda tab, who: tab.start("vi", "sample", ["full"], ["as_written"], who)),
    (EngineerTab, lambda tab, who: tab.choose("vi", "20260101-000000", who)),
    (EngineerTab, lambda tab, who: tab.compare("vi", "a", "b", who)),
]


@pytest.mark.parametrize(("kind", "call"), CALLS)
@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"host": "evil.example"}])
def test_every_event_refuses_whoever_is_not_let_in(
    desk: Desk, kind: type[Any], call: Callable[[Any, gr.Request], Any], headers: dict[str, str]
) -> None:
    tab = made(kind, desk)
    with pytest.raises(gr.Error, match="cần mật khẩu"):
        call(tab, request(**headers))
    assert desk.jobs.current() is None


def test_only_files_that_were_sent_are_taken(desk: Desk, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("mật", encoding="utf-8")
    for sent in (str(secret), [str(secret), 7, None], {"path": str(secret)}):
        assert made(EditorTab, desk).take("vi", sent, request())[0] == ""
        made(EngineerTab, desk).take("vi", sent, request())
    assert secret.read_text(encoding="utf-8") == "mật"
    assert not (desk.live.folder / "uploads").exists()


def test_the_form_shows_nothing_of_the_index(desk: Desk) -> None:
    shown = str(made(EditorTab, desk).enter("vi", None, request(host="evil.example")))
    assert "hb-login" in shown
    assert "Hồ Gươm" not in shown
    assert "Hồ Gươm" in str(made(EditorTab, desk).enter("vi", None, request()))


def test_articles_are_found_without_diacritics_and_sorted_both_ways(desk: Desk) -> None:
    tab = made(EditorTab, desk)
    view, shown = tab.find("vi", None, "ho guom", request())
    assert "Hồ Gươm" in shown and "Sông Hồng" not in shown
    order = gr.EventData(None, {"order": "title"})
    view, shown = tab.turn("vi", View(), request(), order)
    assert shown.index("Hồ Gươm") < shown.index("Sông Hồng")
    view, shown = tab.turn("vi", view, request(), order)
    assert shown.index("Sông Hồng") < shown.index("Hồ Gươm")
    forged = gr.EventData(None, {"order": "id; DROP TABLE articles", "page": "-1"})
    assert tab.turn("vi", view, request(), forged)[0] == view
    assert "Không có bài nào" not in tab.turn("vi", view, request(), gr.EventData(None, 7))[1]


@pytest.mark.parametrize("questions", [None, 7, "file:../../etc/passwd", "file:", "/etc/passwd"])
def test_questions_that_are_not_offered_are_not_run(desk: Desk, questions: object) -> None:
    shown = made(EngineerTab, desk).start("vi", questions, ["full"], ["as_written"], request())
    assert "Hãy chọn một bộ câu hỏi" in shown[-1]
    assert desk.jobs.current() is None


def test_another_language_shows_the_same_run(desk: Desk) -> None:
    names = ("20260101-000000", "20260102-000000", "20260103-000000")
    (desk.live.folder / "runs").mkdir()
    for name in names:
        report = Report("bộ", 2, 2, 1, "words", {"full": {"as_written": {}}}, 1.0)
        report.systems["full"]["as_written"]["nDCG@10"] = Estimate(0.5, 0.25, 0.75)
        write_json([report], desk.live.folder / "runs" / f"{name}.json")
    tab = made(EngineerTab, desk)
    view, *_ = tab.choose("vi", names[1], request())
    view, compared = tab.compare("vi", names[1], names[0], request())
    assert "Không số nào tụt" in compared
    for say in (VIETNAMESE, ENGLISH):
        chosen, against, compared, shown = tab.contents(say, view)
        assert (chosen.value, against.value) == (names[1], names[0])
        assert say.engineer.none_fell in compared
        assert say.report.title in shown
    forged = tab.contents(VIETNAMESE, RunView("../../x", "7"))
    assert (forged[0].value, forged[1].value, forged[2]) == (names[2], "", "")


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    patience = Patience(longest=0.05, at_once=1)
    held = threading.Event()
    with pytest.raises(TooSlowError):
        patience.call(held.wait)
    with pytest.raises(TooSlowError):
        patience.call(lambda: 1)  # nobody is free
    held.set()
    assert Patience(at_once=1).call(lambda: 2) == 2
    with pytest.raises(TimeoutError, match="its own"):
        Patience(at_once=1).call(_slow)


def _slow() -> None:
    raise TimeoutError("its own")
