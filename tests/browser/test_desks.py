"""The tabs of the editor and the engineer in a real Chromium, on a desk and on a phone."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from index.build import update_index
from index.encoder import open_encoder
from tests.browser.conftest import ROOT, serving
from tests.browser.served import HOSTILE_BODY, HOSTILE_TITLE, Served
from tests.browser.test_safety import faults

PASSWORD = "mật khẩu thử"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
ARTICLES = 5
NEW = "---\ntitle: Cầu Zorvex\nsource: Báo Thử\ndate: 2024-05-01\n---\nCầu Zorvex dài 812 mét.\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A chat over a few articles, one of them hostile, that the tests may change."""
    yield from serving(_indexed(tmp_path_factory.mktemp("desk")))


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same behind a password."""
    folder = _indexed(tmp_path_factory.mktemp("locked"))
    (folder / "password.txt").write_text(f"{PASSWORD}\n", encoding="utf-8")
    yield from serving(folder, "--password-file", str(folder / "password.txt"))


def _indexed(folder: Path) -> Path:
    articles = folder / "articles"
    articles.mkdir()
    for path in sorted((ROOT / "sample" / "articles").iterdir())[: ARTICLES - 1]:
        shutil.copy(path, articles)
    (articles / "doc-hai.md").write_text(
        f"---\ntitle: '{HOSTILE_TITLE}'\nsource: Báo <i>Thử</i>\n---\n{HOSTILE_BODY}\n",
        encoding="utf-8",
    )
    update_index(folder / "index", [articles], open_encoder())
    return folder


@pytest.fixture(params=["desktop", "phone"])
def opened(browser: Browser, desk: Served, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page at both widths; no script of an article may run, nothing else be asked for."""
    is_phone = request.param == "phone"
    context = browser.new_context(
        viewport=PHONE if is_phone else DESK, is_mobile=is_phone, locale="vi-VN"
    )
    yield from _watched(context, desk.url)


def _watched(context: BrowserContext, url: str) -> Iterator[Page]:
    page = context.new_page()
    seen: list[str] = []
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on(
        "request",
        lambda sent: (
            sent.url.startswith((url, "data:", "blob:", "about:")) or seen.append(sent.url)
        ),
    )
    page.goto(url)
    page.wait_for_function("document.getElementById('hb-toast')")
    yield page
    assert page.evaluate("window.hacked") is None
    assert seen == []
    context.close()


def tab(page: Page, name: str) -> Locator:
    """Opens a tab; what is in it."""
    page.get_by_role("tab", name=name).click()
    inside = page.locator("#hb-editor" if name == "Chỉ mục" else "#hb-engineer")
    inside.locator(".hb-facts, input[type=radio]").first.wait_for()
    page.wait_for_timeout(300)
    return inside


def done(inside: Locator, kind: str, state: str = "done") -> Locator:
    """Waits for the end of a job; how it is shown."""
    job = inside.locator(f'.hb-job[data-state="{state}"]', has_text=kind)
    job.wait_for(timeout=120_000)
    return job


def upload(inside: Locator, *files: Path) -> None:
    inside.locator("input[type=file]").set_input_files(list(files))


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_the_editor_adds_reads_and_removes_articles(
    opened: Page, desk: Served, tmp_path: Path
) -> None:
    inside = tab(opened, "Chỉ mục")
    expect(inside.locator(".hb-facts")).to_contain_text(f"{ARTICLES} bài")
    (tmp_path / "cầu.md").write_text(NEW, encoding="utf-8")
    (tmp_path / "gói.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / "giả.md").write_bytes(b"PK\x03\x04 not Markdown")
    upload(inside, tmp_path / "cầu.md", tmp_path / "giả.md")
    expect(inside.get_by_text("Đã nhận 1 tệp")).to_be_visible()
    expect(inside.get_by_text("giả.md: là tệp nén")).to_be_visible()
    inside.get_by_role("button", name="Cập nhật chỉ mục").click()
    expect(done(inside, "Cập nhật chỉ mục")).to_contain_text("thêm 1, sửa 0, gỡ 0")
    expect(inside.locator(".hb-facts")).to_contain_text(f"{ARTICLES + 1} bài")

    inside.get_by_label("Tìm bài").fill("cau zorvex")
    row = inside.locator(".hb-articles tbody tr")
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Đọc").click()
    expect(opened.locator(".hb-reader")).to_contain_text("Cầu Zorvex dài 812 mét.")
    opened.keyboard.press("Escape")
    row.locator("summary").click()
    row.get_by_role("button", name="Gỡ bài").click()
    expect(done(inside, "Gỡ bài")).to_contain_text("Đã xoá tệp tải lên: cầu.md")
    expect(inside.locator(".hb-facts")).to_contain_text(f"{ARTICLES} bài")
    assert not (desk.index / "uploads" / "cầu.md").exists()
    assert fits(opened)


def test_the_editor_goes_back_and_starts_over(opened: Page, tmp_path: Path) -> None:
    inside = tab(opened, "Chỉ mục")
    (tmp_path / "mới.md").write_text(NEW, encoding="utf-8")
    upload(inside, tmp_path / "mới.md")
    inside.get_by_text("Đã nhận 1 tệp").wait_for()
    inside.get_by_role("button", name="Cập nhật chỉ mục").click()
    done(inside, "Cập nhật chỉ mục")
    expect(inside.locator(".hb-facts")).to_contain_text(f"{ARTICLES + 1} bài")
    inside.get_by_text("Quay lại…").first.click()
    inside.get_by_role("button", name=re.compile("Quay lại trạng thái")).first.click()
    done(inside, "Quay lại trạng thái trước")
    expect(inside.locator(".hb-facts")).to_contain_text(f"{ARTICLES} bài")
    inside.get_by_text("Lập lại từ đầu…").click()
    inside.get_by_role("button", name="Lập lại từ đầu").click()
    expect(done(inside, "Lập lại chỉ mục")).to_contain_text("thêm 1")
    row = inside.locator(".hb-articles tbody tr", has_text="Cầu Zorvex")
    row.locator("summary").click()
    row.get_by_role("button", name="Gỡ bài").click()
    done(inside, "Gỡ bài")


def test_the_articles_are_sorted_and_hostile_titles_are_text(opened: Page) -> None:
    inside = tab(opened, "Chỉ mục")
    rows = inside.locator(".hb-articles tbody tr")
    expect(rows).to_have_count(ARTICLES)
    expect(rows.filter(has_text="window.hacked").first).to_contain_text(HOSTILE_TITLE)
    if opened.viewport_size == DESK:
        inside.get_by_role("button", name="Tiêu đề").click()
        expect(inside.locator("th[aria-sort=ascending]")).to_contain_text("Tiêu đề")
        expect(rows.first).to_contain_text("<script>")
    inside.get_by_label("Tìm bài").fill("không có bài nào như thế")
    expect(inside.get_by_text("Không có bài nào như vậy.")).to_be_visible()


def test_addresses_that_cannot_be_fetched_are_refused(opened: Page, desk: Served) -> None:
    inside = tab(opened, "Chỉ mục")
    box = inside.get_by_label("Địa chỉ trên mạng")
    for bad in ("file:///etc/passwd", "http://127.0.0.1/", "http://169.254.169.254/", "báo"):
        box.fill(bad)
        inside.get_by_role("button", name="Lưu địa chỉ").click()
        expect(inside.get_by_text(f"dùng được: {bad}")).to_be_visible()
    assert not (desk.index / "addresses.txt").exists()


def test_the_engineer_measures_and_compares(opened: Page, desk: Served, tmp_path: Path) -> None:
    inside = tab(opened, "Đánh giá")
    article = sorted((ROOT / "sample" / "articles").iterdir())[0].stem
    questions = tmp_path / "câu-hỏi.jsonl"
    lines = [{"id": "1", "question": article.replace("-", " "), "article": article}]
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    upload(inside, questions)
    expect(inside.get_by_text("Đã nhận câu-hỏi.jsonl: 1 câu hỏi.")).to_be_visible()
    for _ in range(2):
        inside.get_by_role("button", name="Chạy đánh giá").click()
        inside.locator('.hb-job[data-state="running"]').wait_for()
        expect(done(inside, "Đo độ chính xác")).to_contain_text("Đã hỏi 1 câu.")
    report = opened.frame_locator(".hb-report")
    expect(report.get_by_role("heading", name="Tìm đúng đến đâu?")).to_be_visible()
    expect(report.get_by_role("heading", name="câu-hỏi")).to_be_visible()
    assert report.locator("svg.plot").count() == 5
    inside.get_by_label("So với").click()
    opened.get_by_role("option").nth(1).click()
    expect(inside.get_by_text("Không số nào tụt")).to_be_visible()
    with opened.expect_download() as saved:
        inside.get_by_role("link", name="Tải số liệu (JSON)").click()
    assert json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))["queries"] == 1
    with opened.expect_download() as saved:
        inside.get_by_role("link", name="Tải báo cáo (HTML)").click()
    assert '<html lang="vi">' in Path(saved.value.path()).read_text(encoding="utf-8")
    assert fits(opened)

    opened.get_by_role("button", name="English").click()
    expect(report.get_by_role("heading", name="How good is the search?")).to_be_visible()
    expect(inside.get_by_text("No metric fell")).to_be_visible()  # as it was compared


def test_what_is_no_set_of_questions_is_refused(opened: Page, tmp_path: Path) -> None:
    inside = tab(opened, "Đánh giá")
    (tmp_path / "hỏng.jsonl").write_text("{]\n", encoding="utf-8")
    upload(inside, tmp_path / "hỏng.jsonl")
    expect(inside.get_by_text("Không dùng được hỏng.jsonl")).to_be_visible()


def test_a_job_goes_on_without_the_page_and_can_be_stopped(opened: Page, desk: Served) -> None:
    inside = tab(opened, "Đánh giá")
    inside.get_by_label("Bộ mẫu, hỏi trên các bài mẫu").check()
    for name in ("chỉ theo chữ", "chỉ theo nghĩa", "cộng chữ và nghĩa"):
        inside.get_by_label(name).check()
    for name in ("không dấu", "phím Telex", "lỗi gõ"):
        inside.get_by_label(name).check()
    inside.get_by_role("button", name="Chạy đánh giá").click()
    inside.locator(".hb-progress").wait_for()
    other = opened.context.new_page()
    other.goto(desk.url)
    inside = tab(other, "Chỉ mục")
    inside.get_by_role("button", name="Cập nhật chỉ mục").click()
    expect(inside.get_by_text("Đang có việc khác: Đo độ chính xác.")).to_be_visible()
    inside.get_by_role("button", name="Dừng việc này").click()
    done(inside, "Đo độ chính xác", "cancelled")


HOSTILE = "window.hacked=1"


@pytest.mark.parametrize(
    "question",
    [
        f"<script>{HOSTILE}</script>",
        f"<img src=x onerror={HOSTILE}>",
        f"'\"><svg onload={HOSTILE}>",
        f"[mồi](javascript:{HOSTILE}) `{HOSTILE}` $x^2$",
        f"</bdi></p><iframe srcdoc='<script>parent.{HOSTILE}</script>'></iframe>",
        "\u202e\u2066Hạ\u0000 Long\u200b",
    ],
)
def test_hostile_questions_run_nothing(opened: Page, question: str) -> None:
    opened.goto(f"{opened.url}?{urlencode({'q': question, 'passage': question})}")
    opened.locator(".hb-answer").wait_for()
    expect(opened.locator(".hb-reader")).to_contain_text("không còn trong bộ sưu tập")
    shown = opened.locator(".hb-question bdi").evaluate("element => element.textContent")
    assert shown == question.strip().replace("\x00", "\ufffd")
    assert opened.locator("#hb-conversation :is(img, svg[onload], iframe, script)").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_the_tabs(opened: Page, scheme: str) -> None:
    opened.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    opened.reload()
    opened.wait_for_function("document.getElementById('hb-toast')")
    for name in ("Chỉ mục", "Đánh giá"):
        inside = tab(opened, name)
        opened.wait_for_timeout(500)
        assert faults(opened) == [], name
        assert fits(opened)
        if name == "Chỉ mục":
            inside.get_by_text("Lập lại từ đầu…").click()
            inside.locator(".hb-articles summary").first.click()
            assert faults(opened) == [], "with questions asked back"


def test_the_tabs_speak_english_too(opened: Page) -> None:
    tab(opened, "Chỉ mục")
    opened.get_by_role("button", name="English").click()
    opened.get_by_role("tab", name="Index").click()
    inside = opened.locator("#hb-editor")
    expect(inside.get_by_role("button", name="Update the index")).to_be_visible()
    expect(inside.locator(".hb-facts")).to_contain_text("articles")
    opened.get_by_role("tab", name="Evaluation").click()
    expect(opened.get_by_role("button", name="Run", exact=True)).to_be_visible()


def test_the_password_lets_in_and_a_wrong_one_does_not(browser: Browser, locked: Served) -> None:
    for page in _watched(browser.new_context(viewport=DESK, locale="vi-VN"), locked.url):
        page.get_by_role("tab", name="Chỉ mục").click()
        form = page.locator("#hb-editor .hb-login")
        form.get_by_label("Mật khẩu").fill("sai")
        form.get_by_role("button", name="Vào").click()
        expect(form.get_by_text("Mật khẩu không đúng.")).to_be_visible()
        assert faults(page) == []
        expect(page.locator("#hb-editor .hb-facts")).to_have_count(0)
        form.get_by_label("Mật khẩu").fill(PASSWORD)
        form.get_by_role("button", name="Vào").click()
        expect(page.locator("#hb-editor .hb-facts")).to_contain_text(f"{ARTICLES} bài")
        page.reload()
        page.get_by_role("tab", name="Đánh giá").click()
        expect(page.get_by_role("button", name="Chạy đánh giá")).to_be_visible()
        (cookie,) = page.context.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
        page.locator("#hb-engineer").get_by_role("button", name="Ra khỏi phần này").click()
        expect(page.locator("#hb-engineer .hb-login")).to_be_visible()
        expect(page.get_by_role("button", name="Chạy đánh giá")).not_to_be_visible()
