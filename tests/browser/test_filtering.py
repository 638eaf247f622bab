"""Filters at the foot of the page, and dates and outlets as chips; in a real Chromium."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_chat import HOSTILE_QUESTION, QUESTION, SENTENCE, ask, text_of

OUTLET = "Báo <i>Thử</i>"
NAMED = f"Theo trang Bộ bài mẫu, {QUESTION}"


@pytest.fixture
def form(page: Page) -> Locator:
    """The filters, opened."""
    page.locator(".hb-filters summary").click()
    return page.locator(".hb-filter-form")


def apply(form: Locator) -> None:
    form.get_by_role("button", name="Áp dụng").click()
    expect(form).to_be_hidden()


def test_an_outlet_is_asked_alone_until_the_filter_is_cleared(page: Page, form: Locator) -> None:
    form.get_by_label("Nguồn").select_option(OUTLET)
    apply(form)
    assert text_of(page.locator(".hb-active")) == OUTLET
    outside = ask(page, QUESTION)
    expect(outside.locator(".hb-filtered")).to_be_visible()
    assert SENTENCE not in text_of(outside)
    inside = ask(page, HOSTILE_QUESTION)
    expect(inside.locator(".hb-byline").first).to_contain_text(OUTLET)
    page.get_by_role("button", name="Bỏ lọc").click()
    expect(page.locator(".hb-active")).to_have_count(0)
    everywhere = ask(page, QUESTION)
    expect(everywhere.locator("> .hb-citation mark")).to_contain_text(SENTENCE)
    expect(everywhere.locator(".hb-filtered")).to_have_count(0)


def test_days_without_articles_are_said_to_have_none(page: Page, form: Locator) -> None:
    form.get_by_label("Từ ngày").fill("2030-01-01")
    apply(form)
    expect(page.locator(".hb-active")).to_have_text("từ 1/1/2030")
    answer = ask(page, QUESTION)
    expect(answer.locator(".hb-notice").first).to_have_text(
        "Không có bài nào trong phạm vi lọc. Xin nới hoặc bỏ bộ lọc."
    )
    expect(answer.locator(".hb-citation")).to_have_count(0)


def test_days_in_the_wrong_order_are_refused(page: Page, form: Locator) -> None:
    form.get_by_label("Từ ngày").fill("2024-02-01")
    form.get_by_label("Đến ngày").fill("2024-01-01")
    form.get_by_role("button", name="Áp dụng").click()
    expect(page.locator(".hb-filters .hb-notice")).to_contain_text("Bộ lọc không dùng được")
    expect(page.locator(".hb-active")).to_have_count(0)


def test_one_article_is_asked_alone(page: Page) -> None:
    best = ask(page, QUESTION).locator("> .hb-citation")
    title = text_of(best.locator(".hb-title"))
    best.get_by_role("button", name="Hỏi trong bài này").click()
    expect(page.locator(".hb-active")).to_have_text(f"bài “{title}”")
    expect(page.get_by_role("textbox", name="Câu hỏi")).to_be_focused()
    again = ask(page, "Đỉnh Fansipan cao bao nhiêu mét?")
    titles = again.locator(".hb-title").all_text_contents()
    assert titles and set(titles) == {title}
    page.locator(".hb-filters summary").click()
    page.get_by_label(f"bài “{title}”").uncheck()
    apply(page.locator(".hb-filter-form"))
    expect(page.locator(".hb-active")).to_have_count(0)


def test_a_named_outlet_is_a_chip_that_can_be_dropped(page: Page) -> None:
    answer = ask(page, NAMED)
    expect(answer.locator(".hb-cues .hb-chip bdi")).to_have_text("Chỉ tìm: Bộ bài mẫu")
    expect(answer.locator("> .hb-citation mark")).to_contain_text(SENTENCE)
    answer.get_by_role("button", name="Bỏ “Chỉ tìm: Bộ bài mẫu” và hỏi lại").click()
    again = page.locator(".hb-answer").nth(1)
    expect(again.locator("> .hb-citation")).to_be_visible()
    expect(again.locator(".hb-cues")).to_have_count(0)
    expect(page.locator(".hb-question bdi").nth(1)).to_have_text(NAMED)


def test_a_date_is_a_chip_and_what_was_dropped_stays_so_in_the_history(page: Page) -> None:
    asked = "Năm ngoái UNESCO ghi danh Vịnh Hạ Long hiện nay ra sao?"
    chips = ask(page, asked).locator(".hb-cues .hb-chip")
    expect(chips).to_have_count(2)
    expect(chips.first).to_contain_text("Ưu tiên: Năm ngoái (năm 20")
    chips.last.get_by_role("button").click()
    second = page.locator(".hb-answer").nth(1).locator(".hb-cues .hb-chip")
    expect(second).to_have_count(1)
    second.get_by_role("button").click()
    expect(page.locator(".hb-answer")).to_have_count(3)
    expect(page.locator(".hb-answer").nth(2).locator(".hb-cues")).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="Lịch sử").click()
    page.locator("#hb-conversations .hb-open").click()
    expect(page.locator(".hb-answer")).to_have_count(3)
    counts = [page.locator(".hb-answer").nth(n).locator(".hb-cues .hb-chip") for n in range(3)]
    for chips, count in zip(counts, (2, 1, 0), strict=True):
        expect(chips).to_have_count(count)


def test_the_filters_change_their_language_and_stay(page: Page, form: Locator) -> None:
    form.get_by_label("Đến ngày").fill("2026-12-31")
    apply(form)
    page.get_by_role("button", name="English").click()
    expect(page.locator(".hb-filters summary")).to_contain_text("Filter")
    expect(page.locator(".hb-active")).to_have_text("until 31/12/2026")
    page.get_by_role("button", name="Clear filter").click()
    expect(page.locator(".hb-active")).to_have_count(0)


def test_the_input_and_the_open_filters_stay_in_sight_on_a_phone(phone: Page) -> None:
    ask(phone, QUESTION).locator(".hb-further > summary").click()
    phone.evaluate("window.scrollTo(0, 0)")
    expect(phone.get_by_role("textbox", name="Câu hỏi")).to_be_in_viewport(ratio=1)
    phone.locator(".hb-filters summary").click()
    expect(phone.locator(".hb-filter-form")).to_be_in_viewport(ratio=1)
    expect(phone.get_by_role("textbox", name="Câu hỏi")).to_be_in_viewport(ratio=1)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_filters_and_chips_have_no_barriers(page: Page, form: Locator) -> None:
    ask(page, NAMED)
    expect(form).to_be_visible()
    for place in (".hb-filters", ".hb-cues"):
        found = Axe().run(page, context=place)
        assert [v["id"] for v in found.response["violations"]] == []
