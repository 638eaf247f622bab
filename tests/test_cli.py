"""The command line as a user meets it, in processes of its own, with the real model."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "articles"


def qa(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qa", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture(scope="module")
def index(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "index"
    paths = [ROOT / "sample" / "articles" / f"{n}.md" for n in ("song-hong", "vinh-ha-long")]
    done = qa("index", *paths, "--index", folder)
    assert done.returncode == 0, done.stderr
    assert "2 articles" in done.stdout
    return folder


def test_ask_prints_one_json_object_with_exact_offsets(index: Path) -> None:
    done = qa("ask", "Vịnh Hạ Long thuộc tỉnh nào?", "--index", index, "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0 and answer["found"]
    assert {"question", "understood", "found", "citations", "near_misses", "took_ms"} <= set(answer)
    cited = answer["citations"][0]
    text = (ROOT / "sample" / "articles" / "vinh-ha-long.md").read_bytes().decode()
    assert text[cited["start"] : cited["end"]] == cited["passage"]
    assert text[cited["quote_start"] : cited["quote_end"]] == cited["quote"]
    assert "Quảng Ninh" in cited["quote"]


def test_ask_without_diacritics_says_what_it_searches(index: Path) -> None:
    done = qa("ask", "vinh ha long thuoc tinh nao", "--index", index)
    assert "Đang tìm: vịnh hạ long thuộc tỉnh nào" in done.stdout
    assert "Quảng Ninh" in done.stdout


def test_ask_keeps_to_its_filters(index: Path) -> None:
    question = ("ask", "Sông nào dài nhất?", "--index", index, "--json")
    every = json.loads(qa(*question).stdout)
    cited = (every["citations"] or every["near_misses"])[0]["article_id"]
    other = json.loads(qa(*question, "--until", "1999").stdout)
    assert other["notice"] == "nothing_left" and not other["near_misses"]
    alone = qa(*question, "--article", cited, "--since", "2000", "--outlet", "bo bai mau")
    given = json.loads(alone.stdout)
    assert given["filters"]["articles"] == [cited]
    assert {c["article_id"] for c in given["citations"] + given["near_misses"]} == {cited}
    refused = qa("ask", "Gì?", "--index", index, "--outlet", "Zing")
    assert refused.returncode == 2
    assert "no articles of the outlet 'Zing'; there are: Bộ bài mẫu" in refused.stderr


def test_ask_never_imports_torch(index: Path) -> None:
    script = (
        "import sys; from qa.cli import cli;"
        f"cli(['ask', 'Sông Hồng dài bao nhiêu?', '--index', {str(index)!r}],"
        " standalone_mode=False);"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_what_is_left_out_is_named_and_the_rest_is_indexed(model_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bài báo"
    folder.mkdir()
    (folder / "trống.txt").write_text("", encoding="utf-8")
    (folder / "tốt.txt").write_text("Hà Nội có mưa rào và dông vào chiều nay.", encoding="utf-8")
    (folder / "hỏng.pdf").write_bytes(b"%PDF-1.4 broken")
    done = qa("index", folder, "--index", tmp_path / "index", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["articles"] == 1
    lines = done.stderr.splitlines()
    assert len([line for line in lines if line.startswith("left out: ")]) == 2
    assert any("trống.txt" in line for line in lines) and any("hỏng.pdf" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ask", "gì?", "--index", "nowhere"), 1, "no index in nowhere; build one: qa index"),
        (("ask", "  ", "--index", "nowhere"), 2, "the question is empty"),
        (("index", "missing.txt", "--index", "x"), 2, "missing.txt"),
        (("index",), 2, "Missing argument"),
        (("evaluate", "nowhere"), 2, "nowhere"),
    ],
)
def test_a_mistake_gets_one_line_and_no_traceback(
    tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    command = [sys.executable, "-m", "qa", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False
    )
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not SHARED.is_dir(), reason="the newsroom articles are not on this machine")
def test_questions_about_the_newsroom_articles(model_dir: Path, tmp_path: Path) -> None:
    from index.encoder import open_encoder
    from index.reader import Index
    from qa.answer import Answerer

    assert qa("index", SHARED, "--index", tmp_path / "index").returncode == 0
    answerer = Answerer(Index(tmp_path / "index"), open_encoder())
    expected = {
        "Miễn thị thực giữa hai nước có hiệu lực từ khi nào?": "25/5/2024",
        "Năm 2022 có bao nhiêu chuyến bay mỗi tuần?": "hai chuyến bay mỗi tuần",
        "Kim ngạch thương mại năm 2021 là bao nhiêu?": "250 triệu USD",
        "Ai đồng chủ trì cuộc họp lần thứ 11 của ủy ban?": "Sharkaliev",
        "Hàng hóa đi từ Việt Nam đến châu Âu mất bao lâu?": "hai tuần",
        "Hành lang xuyên Caspi đi qua những nước nào?": "Gruzia và Azerbaijan",
        "mien thi thuc giua hai nuoc co hieu luc tu khi nao": "25/5/2024",
        "nam 2022 co bao nhieu chuyen bay moi tuan": "hai chuyến bay mỗi tuần",
        "kim ngach thuong mai nam 2021 la bao nhieu": "250 triệu USD",
        "ai dong chu tri cuoc hop lan thu 11 cua uy ban": "Sharkaliev",
        "hang hoa di tu viet nam den chau au mat bao lau": "hai tuần",
        "hanh lang xuyen caspi di qua nhung nuoc nao": "Gruzia và Azerbaijan",
    }
    found = {question: answerer.ask(question) for question in expected}
    wrong = {
        question: answer.citations[0].quote if answer.citations else "not found"
        for question, answer in found.items()
        if not answer.citations or expected[question] not in answer.citations[0].quote
    }
    assert wrong == {}
