"""The chat as a reader meets it, in a real Chromium."""

import json

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import Locator, Page, expect

from index.reader import Index
from index.types import Article
from tests.browser.served import HOSTILE_BODY, HOSTILE_SENTENCE, HOSTILE_TITLE, Served

QUESTION = "Vịnh Hạ Long được UNESCO ghi danh lần thứ nhất vào ngày nào?"
SENTENCE = "Ngày 17/12/1994"
HOSTILE_QUESTION = "Loài chim quắm xanh Zorvex làm tổ ở đâu?"
NONSENSE = "qwxzj fkvbp zzgh wqpl vbnx"


def ask(page: Page, question: str) -> Locator:
    """Types a question and presses Enter; the card of its answer."""
    before = page.locator(".hb-answer").count()
    box = page.get_by_role("textbox", name="Câu hỏi")
    box.click()
    box.press_sequentially(question)
    box.press("Enter")
    answer = page.locator(".hb-answer").nth(before)
    answer.wait_for()
    return answer


def text_of(locator: Locator) -> str:
    """The text of the DOM, every character of it, not as it is laid out."""
    return str(locator.evaluate("element => element.textContent"))


def test_the_empty_page_says_what_it_holds_and_offers_questions(page: Page) -> None:
    expect(page.get_by_role("heading", name="Hỏi Báo")).to_be_visible()
    expect(page.locator(".hb-collection")).to_contain_text("49 bài")
    expect(page.locator(".hb-collection")).to_contain_text("Bộ bài mẫu")
    assert 4 <= page.locator(".hb-example").count() <= 6
    expect(page.get_by_role("textbox", name="Câu hỏi")).to_be_focused()


def test_asking_by_typing_shows_the_marked_sentence_and_its_source(page: Page) -> None:
    answer = ask(page, QUESTION)
    best = answer.locator("> .hb-citation")
    expect(best.locator("mark")).to_contain_text(SENTENCE)
    expect(best.locator(".hb-title")).to_have_text("Vịnh Hạ Long: ba lần được thế giới gọi tên")
    expect(best.locator(".hb-byline")).to_contain_text("Bộ bài mẫu · Nhóm Hỏi Báo")
    expect(page.get_by_role("textbox", name="Câu hỏi")).to_have_value("")
    expect(page.locator(".hb-welcome")).to_be_hidden()
    further = answer.locator(".hb-further .hb-citation")
    assert 1 <= further.count() <= 4
    expect(further.first).to_be_hidden()
    answer.locator(".hb-further > summary").click()
    expect(further.first).to_be_visible()


def test_asking_without_diacritics(page: Page) -> None:
    answer = ask(page, "vinh ha long duoc unesco ghi danh lan thu nhat vao ngay nao")
    expect(answer.locator("> .hb-citation mark")).to_contain_text(SENTENCE)


def test_an_example_is_asked_by_a_click(page: Page) -> None:
    example = page.locator(".hb-example").first
    words = text_of(example)
    example.click()
    expect(page.locator(".hb-question bdi")).to_have_text(words)
    expect(page.locator(".hb-answer > .hb-citation")).to_be_visible()


def test_the_whole_article_opens_at_the_passage(page: Page, served: Served) -> None:
    best = ask(page, QUESTION).locator("> .hb-citation")
    best.get_by_role("button", name="Đọc trong bài").click()
    reader = page.locator(".hb-reader")
    passage = reader.locator(".hb-passage")
    expect(passage).to_be_in_viewport()
    expect(passage.locator("mark")).to_contain_text(SENTENCE)
    expect(passage.locator("mark")).to_be_in_viewport()
    assert text_of(passage) == text_of(best.locator("blockquote"))
    article = _article(served, "Vịnh Hạ Long: ba lần được thế giới gọi tên")
    assert text_of(reader.locator(".hb-text")) == article.text[article.body :]
    expect(reader.get_by_role("button", name="Đóng bài báo")).to_be_focused()
    page.keyboard.press("Escape")
    expect(reader).to_have_count(0)
    expect(best.get_by_role("button", name="Đọc trong bài")).to_be_focused()


def test_a_hostile_article_shows_as_text(page: Page, served: Served) -> None:
    answer = ask(page, HOSTILE_QUESTION)
    best = answer.locator("> .hb-citation")
    assert text_of(best.locator(".hb-title")) == HOSTILE_TITLE
    assert text_of(best.locator("mark")) == HOSTILE_SENTENCE
    assert text_of(best.locator("blockquote")) in HOSTILE_BODY
    expect(best.locator(".hb-byline")).to_have_text("Báo <i>Thử</i> · tháng 1/2024")
    best.get_by_role("button", name="Đọc trong bài").click()
    reader = page.locator(".hb-reader")
    article = _article(served, HOSTILE_TITLE)
    assert text_of(reader.locator(".hb-text")) == article.text[article.body :]
    for inside in (answer, reader):
        expect(inside.locator("script, img, i, b, a, code, strong, em")).to_have_count(0)


def test_a_hostile_question_shows_as_text(page: Page) -> None:
    asked = '<img src=x onerror="window.hacked=5"> *vịnh* {{hạ}} ${long} <b>$x$</b>'
    ask(page, asked)
    assert text_of(page.locator(".hb-question bdi")) == asked


def test_nonsense_is_not_found(page: Page) -> None:
    answer = ask(page, NONSENSE)
    expect(answer.locator(".hb-notice")).to_have_text(
        "Không tìm thấy câu trả lời trong các bài đã lập chỉ mục."
    )
    expect(answer.locator("> .hb-citation")).to_have_count(0)


def test_a_question_that_is_too_long_is_refused_and_kept(page: Page) -> None:
    box = page.get_by_role("textbox", name="Câu hỏi")
    box.fill("dài " * 200)
    box.press("Enter")
    expect(page.locator(".hb-notice")).to_contain_text("tối đa 500 ký tự")
    expect(box).to_have_value("dài " * 200)


def test_a_new_conversation_starts_over(page: Page) -> None:
    ask(page, QUESTION).get_by_role("button", name="Đọc trong bài").first.click()
    page.locator(".hb-reader").wait_for()
    page.get_by_role("button", name="Cuộc trò chuyện mới").click()
    expect(page.locator(".hb-welcome")).to_be_visible()
    expect(page.locator(".hb-question")).to_have_count(0)
    expect(page.locator(".hb-reader")).to_have_count(0)


def test_an_opened_fold_stays_open_when_more_is_asked(page: Page) -> None:
    ask(page, QUESTION).locator(".hb-further > summary").click()
    ask(page, HOSTILE_QUESTION)
    expect(page.locator(".hb-further").first).to_have_attribute("open", "")


def test_on_a_phone_nothing_runs_over_the_edge(phone: Page) -> None:
    answer = ask(phone, QUESTION)
    answer.locator(".hb-further > summary").click()
    ask(phone, HOSTILE_QUESTION)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.locator(".hb-read:visible").last.click()
    reader = phone.locator(".hb-reader")
    expect(reader.locator(".hb-passage")).to_be_in_viewport()
    box = reader.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    reader.get_by_role("button", name="Đóng bài báo").click()
    expect(reader).to_have_count(0)


def test_enter_pressed_while_an_answer_is_on_its_way_is_not_lost(page: Page) -> None:
    box = page.get_by_role("textbox", name="Câu hỏi")
    for question in (QUESTION, HOSTILE_QUESTION):
        box.fill(question)
        box.press("Enter")
        page.locator(".hb-question", has_text=question).wait_for()
    expect(page.locator(".hb-answer > .hb-citation")).to_have_count(2)
    expect(page.locator(".hb-question")).to_have_count(2)


def test_answers_come_within_half_a_second_of_enter(page: Page) -> None:
    ask(page, QUESTION)
    took = []
    for question in (QUESTION, HOSTILE_QUESTION, "dinh fansipan cao bao nhieu met"):
        before = page.locator(".hb-answer").count()
        page.get_by_role("textbox", name="Câu hỏi").fill(question)
        took.append(
            page.evaluate(
                """async (before) => {
                    const began = performance.now();
                    document.querySelector("#hb-input .submit-button").click();
                    while (document.querySelectorAll(".hb-answer").length <= before
                           && performance.now() < began + 5000)
                        await new Promise(requestAnimationFrame);
                    return performance.now() - began;
                }""",
                before,
            )
        )
    assert sorted(took)[1] < 500, took


def test_the_api_answers_programs(served: Served) -> None:
    client = Client(served.url, verbose=False)
    answer = client.predict(QUESTION, api_name="/ask")
    assert json.loads(json.dumps(answer)) == answer
    assert answer["found"] is True
    best = answer["citations"][0]
    assert SENTENCE in best["quote"]
    article = client.predict(best["article_id"], api_name="/article")
    assert article["text"][best["quote_start"] : best["quote_end"]] == best["quote"]
    assert "origin" not in article


def test_the_api_offers_nothing_else_and_refuses_in_plain_words(served: Served) -> None:
    client = Client(served.url, verbose=False)
    offered = client.view_api(return_format="dict", print_info=False)
    assert sorted(offered["named_endpoints"]) == ["/article", "/ask", "/passage"]
    assert offered["unnamed_endpoints"] == {}
    with pytest.raises(AppError, match="tối đa 500 ký tự"):
        client.predict("dài " * 200, api_name="/ask")
    with pytest.raises(AppError, match="Không có bài này"):
        client.predict("../../etc/passwd", api_name="/article")


def _article(served: Served, title: str) -> Article:
    index = Index(served.index)
    try:
        return next(a for a in index.store.articles() if a.title == title)
    finally:
        index.close()
