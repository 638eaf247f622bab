"""Reading an answer: marked words, reference, permanent link, thumbs; in a real Chromium."""

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from index.store import Store
from qa.feedback import kept
from tests.browser.served import Served
from tests.browser.test_chat import QUESTION, SENTENCE, ask, text_of

BARE = "vinh ha long duoc unesco ghi danh lan thu nhat vao ngay nao"


@pytest.fixture
def clipboard(context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_words_of_the_question_are_marked_also_without_diacritics(page: Page) -> None:
    best = ask(page, BARE).locator("> .hb-citation")
    words = [word.casefold() for word in best.locator(".hb-word").all_text_contents()]
    assert "vịnh hạ long" in words
    assert "unesco ghi danh" in words


def test_what_was_understood_is_a_chip_and_can_be_undone(page: Page) -> None:
    answer = ask(page, BARE)
    expect(answer.locator(".hb-chip")).to_contain_text("vịnh hạ long")
    answer.get_by_role("button", name="Tìm đúng như đã gõ").click()
    again = page.locator(".hb-answer").nth(1)
    expect(again.locator(".hb-understood")).to_have_text("Đã tìm đúng như đã gõ")
    expect(page.locator(".hb-question bdi").nth(1)).to_have_text(BARE)


def test_a_quote_is_copied_as_a_newsroom_reference(page: Page, clipboard: None) -> None:
    best = ask(page, QUESTION).locator("> .hb-citation")
    best.get_by_role("button", name="Sao chép trích dẫn").click()
    expect(page.get_by_role("status").filter(has_text="Đã sao chép trích dẫn.")).to_be_visible()
    words = copied(page)
    assert words.startswith(f"“{SENTENCE}")
    assert "“Vịnh Hạ Long: ba lần được thế giới gọi tên”, Bộ bài mẫu" in words
    assert text_of(best.locator("mark")).strip() in words


def test_a_permanent_link_opens_chat_and_article_at_the_passage(
    page: Page, clipboard: None
) -> None:
    best = ask(page, QUESTION).locator("> .hb-citation")
    words = text_of(best.locator("blockquote"))
    best.get_by_role("button", name="Liên kết").click()
    expect(page.get_by_role("status").filter(has_text="Đã sao chép liên kết.")).to_be_visible()
    link = copied(page)
    assert "/?passage=" in link
    page.goto(link)
    passage = page.locator(".hb-reader .hb-passage")
    expect(passage).to_be_in_viewport()
    assert text_of(passage) == words
    expect(page.get_by_role("textbox", name="Câu hỏi")).to_be_attached()


def test_a_link_to_words_that_changed_says_so_and_opens_the_article(
    page: Page, served: Served
) -> None:
    store = Store.open(served.index)
    article = next(store.articles())
    store.close()
    page.goto(f"{served.url}?passage={article.id}.0123456789")
    expect(page.locator(".hb-reader .hb-notice")).to_contain_text("Bài đã thay đổi")
    assert text_of(page.locator(".hb-reader .hb-text")) == article.text[article.body :]
    page.goto(f"{served.url}?passage=../../etc/passwd")
    expect(page.locator(".hb-reader .hb-notice")).to_contain_text("không còn trong bộ sưu tập")


def test_the_passages_before_and_after_are_at_hand(page: Page) -> None:
    best = ask(page, QUESTION).locator("> .hb-citation")
    best.get_by_role("button", name="Đọc trong bài").click()
    passage = page.locator(".hb-reader .hb-passage")
    expect(passage).to_be_visible()
    words = text_of(passage)
    page.get_by_role("button", name="Đoạn trước").click()
    expect(passage).not_to_have_text(words)
    expect(passage).to_be_in_viewport()
    page.get_by_role("button", name="Đoạn sau").click()
    expect(passage).to_contain_text(words[:60])
    page.keyboard.press("Escape")
    expect(best.get_by_role("button", name="Đọc trong bài")).to_be_focused()


def test_thumbs_are_kept_beside_the_index(page: Page, served: Served) -> None:
    answer = ask(page, QUESTION)
    answer.get_by_role("button", name="Không đúng").click()
    expect(page.locator("#hb-toast")).to_contain_text("Góp ý đã được ghi lại")
    answer.get_by_label("Vì sao?").fill("lạc đề")
    answer.get_by_role("button", name="Gửi").click()
    expect(answer.locator(".hb-why")).to_be_hidden()
    answer.locator(".hb-further > summary").click()
    chosen = answer.locator(".hb-further").get_by_role("button", name="Đây mới là đoạn đúng").first
    passage = chosen.get_attribute("data-passage")
    chosen.click()
    expect(chosen).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(500)
    thumbs = list(kept(served.index))[-3:]
    assert [t.verdict for t in thumbs] == ["down", "down", "this"]
    assert [t.reason for t in thumbs] == ["", "lạc đề", ""]
    assert thumbs[-1].chosen == passage
    assert {t.question for t in thumbs} == {QUESTION}
    assert "127.0.0.1" not in json.dumps([t.shown for t in thumbs])
