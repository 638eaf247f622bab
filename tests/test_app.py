"""What the page's events do, without a browser: errors, limits, forged events."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from index.build import update_index
from index.types import Filters
from qa import chat as chats
from qa import feedback, live
from qa.chat import Chat, Settings, Turn
from qa.page import Page, header
from qa.programs import Programs
from qa.types import Answer
from qa.wording import ENGLISH, VIETNAMESE
from tests.fakes import WordEncoder

QUESTION = "Hồ Gươm ở đâu?"


class Answering:
    """Stands in for the answerer: finds nothing, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def ask(self, question: str, *_: object) -> Answer:
        if self.error:
            raise self.error
        return Answer(question, question, False)


@pytest.fixture
def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Chat:
    """A chat over an index of one article."""
    encoder = WordEncoder()
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text(
        "---\ntitle: Hồ Gươm\nsource: Báo Thử\ndate: 2024-05\n---\n"
        "Hồ Gươm ở giữa Hà Nội. Tháp Rùa đứng trên một gò đất nhỏ giữa hồ.\n",
        encoding="utf-8",
    )
    update_index(tmp_path / "index", [tmp_path / "articles"], encoder)
    monkeypatch.setattr(live, "open_encoder", lambda name: encoder)
    return Chat(live.LiveIndex(tmp_path / "index"))


def answer_with(chat: Chat, monkeypatch: pytest.MonkeyPatch, stand_in: Answering) -> None:
    monkeypatch.setattr(chat, "answer", stand_in.ask)


def request(**query: str) -> gr.Request:
    """A request from this machine, with the query of the page's address."""
    return gr.Request(client={"host": "127.0.0.1"}, query_params=query)


def reply(chat: Chat, question: str, turns: list[Turn] | None = None) -> Iterator[tuple[Any, ...]]:
    return Page(chat).reply(question, turns or [], "vi", Filters(), request())


def said(updates: Iterator[tuple[Any, ...]]) -> str:
    """The last reply on the page after all updates."""
    *_, (messages, *_) = updates
    return str(messages[-1]["content"].value)


def event(**fields: object) -> gr.EventData:
    return gr.EventData(None, fields)


def opened(chat: Chat, **fields: object) -> str:
    return Page(chat).open_article("vi", event(**fields))


def asked(chat: Chat, question: str = QUESTION) -> list[Turn]:
    """A conversation of one question."""
    return chat.finish(chat.begin(question, False, [], ""))


def test_an_error_is_said_to_be_one_and_logged(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer_with(chat, monkeypatch, Answering(RuntimeError("đĩa hỏng")))
    with caplog.at_level(logging.ERROR):
        page = said(reply(chat, QUESTION))
    assert "Có lỗi khi tìm" in page
    assert "Không tìm thấy" not in page
    assert "đĩa hỏng" not in page
    assert "đĩa hỏng" in caplog.text


def test_the_api_says_an_error_is_one(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(chat, monkeypatch, Answering(RuntimeError("đĩa hỏng")))
    with pytest.raises(gr.Error, match="Có lỗi khi tìm"):
        Programs(chat).ask(QUESTION)


@pytest.mark.parametrize("question", ["", "   \n", 7, None])
def test_the_api_refuses_what_is_no_question(chat: Chat, question: Any) -> None:
    with pytest.raises(gr.Error, match="Câu hỏi trống"):
        Programs(chat).ask(question)


def test_a_blank_question_changes_nothing(chat: Chat) -> None:
    assert list(reply(chat, "  ")) == [(gr.skip(),) * 4]


def test_the_question_shows_before_its_answer(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(chat, monkeypatch, Answering())
    first, last = reply(chat, f" {QUESTION} ")
    assert QUESTION in first[0][0]["content"].value
    assert "Đang tìm" in first[0][1]["content"].value
    assert first[2].value == "", "the input box is emptied at once"
    assert "Không tìm thấy" in last[0][1]["content"].value
    assert len(last[1]) == 1


def test_a_long_conversation_keeps_its_end(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(chat, monkeypatch, Answering())
    turns = [Turn(i, str(i), 1, refusal="stopped") for i in range(1, chats.TURNS_KEPT + 1)]
    *_, last = reply(chat, QUESTION, turns)
    assert [t.number for t in last[1]] == list(range(2, chats.TURNS_KEPT + 2))


def test_a_question_that_is_too_long_is_refused_with_its_length(chat: Chat) -> None:
    page = said(reply(chat, "à" * 100_000))
    assert "Câu hỏi dài 100000 ký tự" in page


def test_whoever_asks_too_fast_is_told_so(chat: Chat) -> None:
    hasty = Chat(chat.live, Settings(per_minute=1))
    turns: list[Turn] = []
    for _ in range(31):
        turns = hasty.begin(QUESTION, False, turns, "visitor")
    assert [t.refusal for t in turns[-2:]] == ["stopped", "too_many"]
    assert not hasty.begin(QUESTION, False, [], "another")[0].refusal
    assert hasty.health()["refused"] == 1


def test_stopping_says_so_and_what_was_answered_stays(chat: Chat) -> None:
    turns = chat.begin(QUESTION, False, asked(chat), "")
    *_, box, _ = Page(chat).stop(turns, "vi")
    first, last = chat.stop(turns)
    assert first.answer is not None
    assert last.refusal == "stopped"
    assert box.submit_btn == "Hỏi"


def test_a_link_asks_its_question(chat: Chat) -> None:
    *_, (messages, *_, panel) = Page(chat).follow_link([], "vi", Filters(), request(q=QUESTION))
    assert QUESTION in messages[0]["content"].value
    assert "Hồ Gươm ở giữa Hà Nội." in messages[1]["content"].value
    assert panel == gr.skip()


def test_a_link_opens_its_passage(chat: Chat) -> None:
    index = chat.live.snapshot().index
    (article,) = index.store.articles()
    (passage,) = index.store.passages_of(article.id)
    on = Page(chat)
    ((*_, panel),) = on.follow_link([], "vi", Filters(), request(passage=passage.id))
    assert "hb-passage" in panel
    ((*_, panel),) = on.follow_link(
        [], "vi", Filters(), request(passage=f"{article.id}.0123456789")
    )
    assert "Bài đã thay đổi" in panel
    assert "Tháp Rùa" in panel, "the article is opened where it is still there"
    ((*_, panel),) = on.follow_link([], "vi", Filters(), request(passage="không.có"))
    assert "không còn trong bộ sưu tập" in panel


def test_an_earlier_conversation_is_answered_anew(chat: Chat) -> None:
    turns = chat.reopen([{"question": QUESTION}, {"question": "ho guom", "typed": True}], "")
    assert [(t.asked, t.as_typed) for t in turns] == [(QUESTION, False), ("ho guom", True)]
    assert all(t.answer for t in turns)


@pytest.mark.parametrize("forged", [None, 7, "x", [None, 7, {}, {"question": " "}], [[]] * 1000])
def test_a_forged_history_opens_nothing(chat: Chat, forged: object) -> None:
    assert chat.reopen(forged, "") == []


def test_the_page_changes_its_language_and_keeps_the_conversation(chat: Chat) -> None:
    turns = asked(chat)
    code, head, *_, messages, row, box, _ = Page(chat).switch(turns, "vi", Filters())
    assert code == "en"
    assert ENGLISH.motto in head
    assert ENGLISH.any_outlet in row
    assert ENGLISH.read in messages[1]["content"].value
    assert box.placeholder == ENGLISH.placeholder
    assert Page(chat).switch(turns, "en", Filters())[0] == "vi"
    assert Page(chat).dress(turns, {"forged": 1}, Filters())[1] == header(VIETNAMESE)


def test_thumbs_are_kept_without_who_gave_them(chat: Chat) -> None:
    turns = asked(chat)
    assert chat.thumb(turns, "1", "down", "", "lạc đề")
    (said,) = feedback.kept(chat.live.folder)
    assert (said.question, said.verdict, said.reason) == (QUESTION, "down", "lạc đề")


@pytest.mark.parametrize(
    ("number", "verdict", "passage"),
    [("9", "up", ""), ({}, "up", ""), ("1", "sideways", ""), ("1", ["up"], ""), ("1", "this", "x")],
)
def test_forged_thumbs_are_not_kept(
    chat: Chat, number: object, verdict: object, passage: str
) -> None:
    assert not chat.thumb(asked(chat), number, verdict, passage, "")
    assert list(feedback.kept(chat.live.folder)) == []


def test_nothing_is_written_where_nothing_may_be(chat: Chat) -> None:
    quiet = Chat(chat.live, Settings(read_only=True))
    assert not quiet.thumb(asked(quiet), "1", "up", "", "")
    assert "hb-thumb" not in said(reply(quiet, QUESTION))


def test_opening_a_citation_marks_the_sentence_in_the_article(chat: Chat) -> None:
    index = chat.live.snapshot().index
    (article,) = index.store.articles()
    (passage,) = index.store.passages_of(article.id)
    sentence = passage.sentences[1]
    page = opened(
        chat,
        article=article.id,
        passage=passage.id,
        start=str(sentence.start - passage.start),
        end=str(sentence.end - passage.start),
    )
    assert "<mark>Tháp Rùa đứng trên một gò đất nhỏ giữa hồ.</mark>" in page
    assert "Báo Thử" in page
    assert "tháng 5/2024" in page


@pytest.mark.parametrize(
    ("start", "end"),
    [("-1", "5"), ("5", "5"), ("9", "2"), ("0", "99999"), ("x", "y"), (None, None), (0, {})],
)
def test_forged_offsets_mark_nothing(chat: Chat, start: object, end: object) -> None:
    index = chat.live.snapshot().index
    (article,) = index.store.articles()
    (passage,) = index.store.passages_of(article.id)
    page = opened(chat, article=article.id, passage=passage.id, start=start, end=end)
    assert "hb-passage" in page
    assert "<mark>" not in page


def test_a_passage_that_is_gone_is_said_to_be(chat: Chat) -> None:
    (article,) = chat.live.snapshot().index.store.articles()
    page = opened(chat, article=article.id, passage="khác", start="0", end="1")
    assert "Bài đã thay đổi" in page


@pytest.mark.parametrize("fields", [{}, {"article": "../../etc/passwd"}, {"article": ["a"]}])
def test_an_article_that_is_not_held_is_said_to_be_gone(
    chat: Chat, fields: dict[str, object]
) -> None:
    assert "không còn trong bộ sưu tập" in opened(chat, **fields)


def test_the_api_gives_an_article_but_not_where_it_lies(chat: Chat) -> None:
    (article,) = chat.live.snapshot().index.store.articles()
    given = Programs(chat).read_article(article.id)
    assert given["text"] == article.text
    assert article.origin not in given.values()


def test_the_api_gives_a_passage_of_a_citation(chat: Chat) -> None:
    programs = Programs(chat)
    answer = programs.ask(QUESTION)
    (best, *_) = answer["citations"] or answer["near_misses"]
    given = programs.passage(best["passage_id"])
    assert given["text"] == best["passage"]
    with pytest.raises(gr.Error, match="Không có đoạn này"):
        programs.passage("../../etc/passwd")


def test_questions_are_logged_only_where_that_was_asked_for(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        asked(chat)
        assert QUESTION not in caplog.text
        assert '"event": "answered"' in caplog.text
        asked(Chat(chat.live, Settings(log_questions=True)))
    assert QUESTION in caplog.text


# -- dates, outlets, filters ---------------------------------------------------------------------


def test_a_filter_of_the_page_holds_for_the_following_questions(chat: Chat) -> None:
    on = Page(chat)
    sent = event(since="2024-05-01", until="", outlet="Báo Thử")
    filters, row = on.filter("vi", Filters(), sent)
    assert filters == Filters("2024-05-01", outlets=("Báo Thử",))
    assert "từ 1/5/2024 · Báo Thử" in row
    turns = chat.finish(chat.begin(QUESTION, False, [], "", filters))
    assert turns[0].answer is not None and turns[0].answer.filters == filters
    assert "Chỉ tìm trong phạm vi lọc." in chat.shown(turns, VIETNAMESE)[0][1]
    cleared, row = on.filter("vi", filters, event())
    assert cleared == Filters()
    assert "hb-clear" not in row


def test_an_article_is_asked_alone(chat: Chat) -> None:
    (article,) = chat.live.snapshot().index.store.articles()
    filters, row = Page(chat).filter("vi", Filters(), event(article=article.id))
    assert filters.articles == (article.id,)
    assert "bài “Hồ Gươm”" in row


def test_a_filter_that_nothing_passes_is_said_to_be_so(chat: Chat) -> None:
    filters, _ = Page(chat).filter("vi", Filters(), event(since="2030-01-01"))
    turns = chat.finish(chat.begin(QUESTION, False, [], "", filters))
    page = chat.shown(turns, VIETNAMESE)[0][1]
    assert "Không có bài nào trong phạm vi lọc" in page
    assert "hb-citation" not in page


@pytest.mark.parametrize(
    "forged",
    [
        {"since": "<b>"},
        {"until": "2024-99-99"},
        {"since": "2024-05-02", "until": "2024-05-01"},
        {"outlet": "<script>"},
        {"article": "../../etc/passwd"},
        {"outlet": ["Báo Thử", "<script>"]},
    ],
)
def test_a_forged_filter_changes_nothing(chat: Chat, forged: dict[str, object]) -> None:
    old = Filters("2024-05-01")
    filters, row = Page(chat).filter("vi", old, event(**forged))
    assert filters == old
    assert "Bộ lọc không dùng được" in row
    assert "<script>" not in row


def test_other_values_of_a_filter_are_none(chat: Chat) -> None:
    sent = event(since=7, until={}, outlet=None, article=[5, ""])
    assert Page(chat).filter("vi", Filters(), sent)[0] == Filters()


def test_a_dropped_cue_is_asked_without_and_stays_dropped(chat: Chat) -> None:
    question = "Theo Báo Thử, Hồ Gươm năm ngoái ở đâu?"
    turns = chat.finish(chat.begin(question, False, [], ""))
    asked_, replied = chat.shown(turns, VIETNAMESE)[0]
    assert "data-without" not in asked_
    assert "Chỉ tìm: Báo Thử" in replied and "Ưu tiên: năm ngoái (năm" in replied
    clicked = event(question=question, without=["năm ngoái"])
    *_, (messages, turns, *_) = Page(chat).reply_to_click([], "vi", Filters(), request(), clicked)
    assert [cue.words for cue in turns[0].answer.cues] == ["Theo Báo Thử"]
    assert "năm ngoái" in messages[0]["content"].value
    reopened = chat.reopen([{"question": question, "without": ["năm ngoái", 7]}], "")
    assert reopened[0].without == ("năm ngoái",)
    assert reopened[0].answer == turns[0].answer


def test_the_api_takes_the_same_filters(chat: Chat) -> None:
    ask = Programs(chat).ask
    given = ask(QUESTION, since="2024", until="2024-06", outlets=["bao thu"])
    assert given["filters"]["outlets"] == ("Báo Thử",)
    assert given["citations"] or given["near_misses"]
    given = ask(QUESTION, until="2023")
    assert given["notice"] == "nothing_left"
    assert not (given["citations"] or given["near_misses"])
    for forged in ({"since": "hôm qua"}, {"outlets": ["Zing"]}, {"articles": ["x"]}):
        with pytest.raises(gr.Error, match="Bộ lọc không dùng được"):
            ask(QUESTION, **forged)  # type: ignore[arg-type]


def test_the_api_follows_the_questions_before(chat: Chat) -> None:
    ask = Programs(chat).ask
    given = ask("Ở đâu?", after=[QUESTION])
    assert given["completed"].endswith("Ở đâu?") and given["question"] == "Ở đâu?"
    assert ask("Cảm ơn bạn")["reply"]


@pytest.mark.parametrize("after", [[3, None, {}], "x" * 10_000, 7, ["<b>" * 100] * 99, [""]])
def test_forged_questions_before_break_nothing(chat: Chat, after: Any) -> None:
    given = Programs(chat).ask("Ở đâu?", after=after)
    assert given["question"] == "Ở đâu?"
