"""Follow-up questions in the chat: what was understood is a chip, and dropping it asks alone."""

from playwright.sync_api import Page, expect

from tests.browser.test_chat import ask

FIRST = "Hang Sơn Đoòng do ai phát hiện?"
FOLLOW_UP = "Mỗi năm nhận bao nhiêu người?"
TITLE = "Sơn Đoòng, hang động lớn nhất thế giới được tìm ra như thế nào"


def test_a_follow_up_is_completed_and_can_be_asked_alone(page: Page) -> None:
    ask(page, FIRST)
    answer = ask(page, FOLLOW_UP)
    expect(answer.locator(".hb-cues .hb-chip bdi")).to_contain_text("Hỏi tiếp: Hang Sơn Đoòng")
    expect(answer.locator(".hb-title").first).to_have_text(TITLE)
    answer.get_by_role("button", name="Hỏi riêng câu này, không theo các câu trước").click()
    alone = page.locator(".hb-answer").nth(2)
    expect(alone.locator(".hb-citation").first).to_be_attached()
    expect(alone.locator(".hb-cues")).to_have_count(0)
    expect(page.locator(".hb-question bdi").nth(2)).to_have_text(FOLLOW_UP)
    page.reload()
    page.get_by_role("button", name="Lịch sử").click()
    page.locator("#hb-conversations .hb-open").click()
    expect(page.locator(".hb-answer")).to_have_count(3)
    expect(page.locator(".hb-answer").nth(1).locator(".hb-cues .hb-chip")).to_have_count(1)
    expect(page.locator(".hb-answer").nth(2).locator(".hb-cues")).to_have_count(0)


def test_thanks_are_answered_without_a_citation(page: Page) -> None:
    answer = ask(page, "Cảm ơn bạn!")
    expect(answer.locator(".hb-notice")).to_have_text("Không có gì. Bạn hỏi tiếp nhé.")
    expect(answer.locator(".hb-citation")).to_have_count(0)
    page.get_by_role("button", name="English").click()
    expect(page.locator(".hb-answer .hb-notice")).to_have_text("You are welcome. Ask on.")
