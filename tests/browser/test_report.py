"""The evaluation report in a real Chromium: its plots are there to be seen, on phone and desk,
in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from qa.datasets import read_dataset
from qa.evaluate import Plan, evaluate
from qa.report_html import page as report_page
from qa.systems import NAMES
from qa.wording import ENGLISH, VIETNAMESE
from tests.fakes import WordEncoder
from tests.judged_sets import write_beir, write_lines

WIDTHS = {"phone": 390, "desktop": 1280}
SLICES = ("as_written", "khong_dau")
HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a report of all systems on two slices, with an article and a question that
    attack: vi.html and en.html."""
    folder = tmp_path_factory.mktemp("report")
    beir = write_beir(folder / "tập")
    with (beir / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write(f'{{"_id": "x", "title": "{HOSTILE}", "text": "Zorvex {HOSTILE} làm tổ."}}\n')
    write_lines(
        beir / "queries.jsonl",
        [
            {"_id": "q1", "text": "Sông Hồng dài bao nhiêu?"},
            {"_id": "q2", "text": f"Zorvex {HOSTILE} làm tổ ở đâu?"},
        ],
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOIBAO_CACHE", str(folder / "cache"))
        found = evaluate(read_dataset(beir), WordEncoder(), Plan(NAMES, SLICES))
    for say in (VIETNAMESE, ENGLISH):
        shown = report_page([found.report], say)
        (folder / f"{say.code}.html").write_text(shown, encoding="utf-8")
    yield folder


@pytest.fixture(params=[(width, code) for width in WIDTHS for code in ("vi", "en")])
def opened(browser: Browser, report: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The report; it may ask for nothing but itself, and run nothing."""
    width, code = request.param
    path = report / f"{code}.html"
    context = browser.new_context(viewport={"width": WIDTHS[width], "height": 900}, offline=True)
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.on("console", lambda message: errors.append(message.text))
    page.goto(path.as_uri())
    yield page
    assert asked == [path.as_uri()]
    assert errors == []
    assert page.evaluate("window.hacked") is None
    context.close()


def test_the_plots_are_visible(opened: Page) -> None:
    plots = opened.locator("svg.plot")
    assert plots.count() == 4 + len(NAMES) + 1  # metrics, ranks, latency
    for plot in plots.all():
        assert plot.is_visible()
        box = plot.bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["height"] > 80
        assert plot.get_attribute("aria-label")
    ndcg = opened.locator("figure", has_text="nDCG@10").first
    assert {name for name in SLICES if ndcg.get_by_text(name).is_visible()} == set(SLICES)


def test_the_marks_in_the_plots_have_the_colours_of_the_page(opened: Page) -> None:
    for name in NAMES:
        wanted = opened.evaluate(
            "name => { const e = document.createElement('i'); e.style.color = `var(--${name})`;"
            " document.body.append(e); return getComputedStyle(e).color }",
            name,
        )
        bars = opened.locator("figure", has_text=name).locator("svg path")
        fills = {bar.evaluate("e => getComputedStyle(e).fill") for bar in bars.all()}
        assert wanted in fills, name


def test_text_is_text_and_the_page_does_not_scroll_sideways(opened: Page) -> None:
    worst = opened.locator(".worst > li").first
    assert worst.is_visible()
    assert HOSTILE in worst.inner_text()
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
