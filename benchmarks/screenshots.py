"""Takes the pictures that docs/ shows, of a running chat, with Debian's Chromium.

    python benchmarks/screenshots.py http://127.0.0.1:7860/ docs [--all DIR]

`--all` takes every state at both widths, light and dark, to be looked at.
"""

import shutil
from pathlib import Path

import click
from playwright.sync_api import Browser, Page, sync_playwright

QUESTION = "vinh ha long duoc unesco ghi danh lan thu nhat vao ngay nao"
WIDTHS = {"desktop": (1280, 800), "phone": (390, 844)}


def opened(browser: Browser, url: str, width: str, scheme: str) -> Page:
    """The chat at a width, in a colour scheme."""
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    page = browser.new_page(
        viewport=size, color_scheme=scheme, locale="vi-VN", has_touch=width == "phone"
    )
    page.goto(url)
    page.locator(".hb-welcome").wait_for()
    page.wait_for_timeout(1000)
    return page


def ask(page: Page, question: str) -> None:
    before = page.locator(".hb-answer").count()
    box = page.get_by_role("textbox", name="Câu hỏi")
    box.fill(question)
    box.press("Enter")
    page.locator(".hb-answer").nth(before).wait_for()
    page.wait_for_timeout(700)


def tab(page: Page, name: str) -> None:
    """Opens one of the other tabs."""
    page.get_by_role("tab", name=name).click()
    page.mouse.move(0, 0)
    page.locator(":is(.hb-facts, input[type=radio]):visible").first.wait_for()
    page.wait_for_timeout(1000)


def measured(page: Page) -> None:
    """Runs an evaluation of three systems on the sample, where none was run yet."""
    if page.locator(".hb-report").count():
        return
    for name in ("chỉ theo chữ", "chỉ theo nghĩa"):
        page.get_by_label(name).check()
    page.get_by_label("không dấu").check()
    page.get_by_role("button", name="Chạy đánh giá").click()
    page.locator(".hb-report").wait_for(timeout=600_000)
    page.wait_for_timeout(2000)


def states(page: Page, folder: Path, name: str) -> None:
    """Every state of the page, a picture each."""
    page.screenshot(path=folder / f"{name}-empty.png")
    ask(page, QUESTION)
    page.screenshot(path=folder / f"{name}-answer.png")
    page.locator(".hb-answer > details > summary").first.click()
    page.locator(".hb-thumb").nth(1).click()
    page.wait_for_timeout(500)
    page.screenshot(path=folder / f"{name}-further.png", full_page=True)
    page.get_by_role("button", name="Lịch sử").click()
    page.screenshot(path=folder / f"{name}-history.png")
    page.keyboard.press("Escape")
    page.locator(".hb-read").first.click()
    page.locator(".hb-passage").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=folder / f"{name}-article.png")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Read in the article").first.wait_for()
    page.screenshot(path=folder / f"{name}-english.png")
    page.get_by_role("button", name="Tiếng Việt").click()
    for label, called in (("Chỉ mục", "editor"), ("Đánh giá", "engineer")):
        tab(page, label)
        page.screenshot(path=folder / f"{name}-{called}.png", full_page=True)


@click.command()
@click.argument("url")
@click.argument("docs", type=click.Path(path_type=Path))
@click.option("--all", "every", type=click.Path(path_type=Path), help="Folder for every state.")
def main(url: str, docs: Path, every: Path | None) -> None:
    """Takes the pictures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for width, name in (("desktop", "chat.png"), ("phone", "chat-phone.png")):
            page = opened(browser, url, width, "light")
            ask(page, QUESTION)
            if width == "desktop":
                page.locator(".hb-read").first.click()
                page.locator(".hb-passage").wait_for()
                page.wait_for_timeout(500)
            page.screenshot(path=docs / name)
        ends = (("desktop", ".png"), ("phone", "-phone.png"))
        for width, end in ends:
            page = opened(browser, url, width, "light")
            tab(page, "Chỉ mục")
            page.screenshot(path=docs / f"editor{end}")
        for width, end in ends:
            page = opened(browser, url, width, "light")
            tab(page, "Đánh giá")
            measured(page)
            page.locator("#hb-engineer .hb-heading").last.evaluate("e => e.scrollIntoView()")
            page.wait_for_timeout(700)
            page.screenshot(path=docs / f"engineer{end}")
        if every:
            every.mkdir(parents=True, exist_ok=True)
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    states(opened(browser, url, width, scheme), every, f"{width}-{scheme}")
        browser.close()


if __name__ == "__main__":
    main()
