"""Asking: links, editing, history, stop, language; in a real Chromium."""

from urllib.parse import quote

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.served import Served
from tests.browser.test_chat import QUESTION, ask

SHORT = "Đỉnh Fansipan cao bao nhiêu mét?"


def test_a_link_with_a_question_asks_it(page: Page, served: Served) -> None:
    page.goto(f"{served.url}?q={quote(SHORT)}")
    expect(page.locator(".hb-question bdi")).to_have_text(SHORT)
    expect(page.locator(".hb-answer > .hb-citation")).to_be_visible()
    expect(page.locator(".hb-welcome")).to_be_hidden()


def test_an_answer_is_shared_as_a_link_to_its_question(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, SHORT).get_by_role("button", name="Chia sẻ").click()
    expect(page.get_by_role("status").filter(has_text="Đã sao chép liên kết.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"/?q={quote(SHORT)}")


def test_a_question_is_edited_and_asked_again(page: Page) -> None:
    ask(page, SHORT)
    page.locator(".hb-question").hover()
    page.get_by_role("button", name="Sửa câu hỏi").click()
    box = page.get_by_role("textbox", name="Câu hỏi")
    expect(box).to_have_value(SHORT)
    expect(box).to_be_focused()
    box.press("End")
    box.press_sequentially(" Vì sao?")
    box.press("Enter")
    expect(page.locator(".hb-question bdi").nth(1)).to_have_text(f"{SHORT} Vì sao?")


def test_conversations_are_kept_in_the_browser_and_opened_again(page: Page, served: Served) -> None:
    page.get_by_role("button", name="Lịch sử").click()
    expect(page.get_by_role("dialog")).to_contain_text("Chưa có cuộc trò chuyện nào")
    page.keyboard.press("Escape")
    ask(page, SHORT)
    ask(page, QUESTION)
    page.get_by_role("button", name="Cuộc trò chuyện mới").click()
    expect(page.locator(".hb-question")).to_have_count(0)
    page.goto(served.url)
    page.get_by_role("button", name="Lịch sử").click()
    rows = page.locator("#hb-conversations .hb-open")
    expect(rows).to_have_count(1)
    expect(rows.locator("bdi")).to_have_text(SHORT)
    rows.click()
    expect(page.locator(".hb-question bdi")).to_have_text([SHORT, QUESTION])
    expect(page.locator(".hb-answer > .hb-citation")).to_have_count(2)
    page.get_by_role("button", name="Lịch sử").click()
    page.get_by_role("button", name="Xoá tất cả").click()
    expect(rows).to_have_count(0)


def test_a_hostile_history_shows_as_text(page: Page, served: Served) -> None:
    page.evaluate(
        """localStorage.setItem("hoibao-history", JSON.stringify([
            {at: 1, questions: [{question: "<img src=x onerror='window.hacked=9'>"}]},
            {at: "<b>", questions: 7}, 5]))"""
    )
    page.goto(served.url)
    page.get_by_role("button", name="Lịch sử").click()
    expect(page.locator("#hb-conversations bdi").first).to_have_text(
        "<img src=x onerror='window.hacked=9'>"
    )
    expect(page.locator("#hb-conversations :is(img, b)")).to_have_count(0)


def test_stop_ends_the_waiting(page: Page) -> None:
    box = page.get_by_role("textbox", name="Câu hỏi")
    box.fill(SHORT)
    # The button is there from Enter to the answer: too short a time for a hand, not for a script.
    page.evaluate(
        """() => new MutationObserver((_, self) => {
            const stop = document.querySelector("#hb-input .stop-button");
            if (stop) { self.disconnect(); stop.click(); }
        }).observe(document.body, {childList: true, subtree: true})"""
    )
    box.press("Enter")
    expect(page.locator(".hb-answer")).to_have_count(1)
    expect(page.locator(".hb-waiting")).to_have_count(0)
    expect(page.locator("#hb-input .submit-button")).to_be_visible()
    ask(page, QUESTION)


def test_the_interface_speaks_english_and_articles_stay_vietnamese(
    page: Page, served: Served
) -> None:
    quote_of = ask(page, SHORT).locator("> .hb-citation blockquote").text_content()
    page.get_by_role("button", name="English").click()
    best = page.locator(".hb-answer > .hb-citation")
    expect(best.get_by_role("button", name="Read in the article")).to_be_visible()
    expect(best.locator("blockquote")).to_have_text(quote_of or "")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(best.locator("blockquote")).to_have_attribute("lang", "vi")
    page.goto(served.url)  # the browser remembers it
    expect(page.get_by_role("textbox", name="Question")).to_be_visible()
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_role("textbox", name="Câu hỏi")).to_be_visible()


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    ask(page, SHORT)
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 13)"))
    assert {"Lịch sử", "English", "Sửa câu hỏi", "Sao chép tríc", "Liên kết", "Đúng"} <= reached
