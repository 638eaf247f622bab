"""What the page's events do, without a browser: errors, limits, forged events."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

import app
from index.build import update_index
from qa import live
from qa.types import Answer
from tests.fakes import WordEncoder


class Answering:
    """Stands in for the answerer: says what it was given, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def ask(self, question: str) -> Answer:
        if self.error:
            raise self.error
        return Answer(question, question, False)


@pytest.fixture
def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> app.Chat:
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
    return app.Chat(live.LiveIndex(tmp_path / "index"))


def answer_with(chat: app.Chat, monkeypatch: pytest.MonkeyPatch, stand_in: Answering) -> None:
    monkeypatch.setattr(chat, "_answer", stand_in.ask)


def said(updates: Iterator[tuple[Any, ...]]) -> str:
    """The last reply on the page after all updates."""
    *_, (messages, *_) = updates
    return str(messages[-1]["content"].value)


def event(**fields: object) -> gr.EventData:
    return gr.EventData(None, fields)


def test_an_error_is_said_to_be_one_and_logged(
    chat: app.Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer_with(chat, monkeypatch, Answering(RuntimeError("đĩa hỏng")))
    with caplog.at_level(logging.ERROR):
        page = said(chat.reply("Hồ Gươm ở đâu?", []))
    assert "Có lỗi khi tìm" in page
    assert "Không tìm thấy" not in page
    assert "đĩa hỏng" not in page
    assert "đĩa hỏng" in caplog.text


def test_the_api_says_an_error_is_one(chat: app.Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(chat, monkeypatch, Answering(RuntimeError("đĩa hỏng")))
    with pytest.raises(gr.Error, match="Có lỗi khi tìm"):
        chat.ask("Hồ Gươm ở đâu?")


@pytest.mark.parametrize("question", ["", "   \n", 7, None])
def test_the_api_refuses_what_is_no_question(chat: app.Chat, question: Any) -> None:
    with pytest.raises(gr.Error, match="Câu hỏi trống"):
        chat.ask(question)


def test_a_blank_question_changes_nothing(chat: app.Chat) -> None:
    assert list(chat.reply("  ", [])) == [(gr.skip(),) * 4]


def test_the_question_shows_before_its_answer(
    chat: app.Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(chat, monkeypatch, Answering())
    first, last = chat.reply(" Hồ Gươm ở đâu? ", [])
    assert "Hồ Gươm ở đâu?" in first[0][0]["content"].value
    assert "Đang tìm" in first[0][1]["content"].value
    assert first[2] == "", "the input box is emptied at once"
    assert "Không tìm thấy" in last[0][1]["content"].value
    assert len(last[1]) == 1


def test_a_long_conversation_keeps_its_end(chat: app.Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(chat, monkeypatch, Answering())
    turns = [app.Turn(str(i), "") for i in range(app.TURNS_KEPT)]
    *_, last = chat.reply("Hồ Gươm ở đâu?", turns)
    assert [turn.question for turn in last[1][:-1]] == [str(i) for i in range(1, app.TURNS_KEPT)]


def test_opening_a_citation_marks_the_sentence_in_the_article(chat: app.Chat) -> None:
    index = chat.live.snapshot().index
    (article,) = index.store.articles()
    (passage,) = index.store.passages_of(article.id)
    sentence = passage.sentences[1]
    page = chat.open_article(
        event(
            article=article.id,
            passage=passage.id,
            start=str(sentence.start - passage.start),
            end=str(sentence.end - passage.start),
        )
    )
    assert "<mark>Tháp Rùa đứng trên một gò đất nhỏ giữa hồ.</mark>" in page
    assert "Báo Thử" in page
    assert "tháng 5/2024" in page


@pytest.mark.parametrize(
    ("start", "end"),
    [("-1", "5"), ("5", "5"), ("9", "2"), ("0", "99999"), ("x", "y"), (None, None), (0, {})],
)
def test_forged_offsets_mark_nothing(chat: app.Chat, start: object, end: object) -> None:
    index = chat.live.snapshot().index
    (article,) = index.store.articles()
    (passage,) = index.store.passages_of(article.id)
    page = chat.open_article(event(article=article.id, passage=passage.id, start=start, end=end))
    assert "hb-passage" in page
    assert "<mark>" not in page


def test_a_passage_that_is_gone_is_said_to_be(chat: app.Chat) -> None:
    (article,) = chat.live.snapshot().index.store.articles()
    page = chat.open_article(event(article=article.id, passage="khác", start="0", end="1"))
    assert "Bài đã thay đổi" in page


@pytest.mark.parametrize("fields", [{}, {"article": "../../etc/passwd"}, {"article": ["a"]}])
def test_an_article_that_is_not_held_is_said_to_be_gone(
    chat: app.Chat, fields: dict[str, object]
) -> None:
    assert "không còn trong bộ sưu tập" in chat.open_article(event(**fields))


def test_the_api_gives_an_article_but_not_where_it_lies(chat: app.Chat) -> None:
    (article,) = chat.live.snapshot().index.store.articles()
    given = chat.article(article.id)
    assert given["text"] == article.text
    assert article.origin not in given.values()
