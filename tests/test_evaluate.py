"""Evaluations of small sets: figures that repeat, systems side by side, the gate, the command."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import qa.evaluate_run
from index.build import update_index
from index.errors import BadIndexError, UsageError
from index.reader import Index
from qa.asking import holds
from qa.cli import cli, main
from qa.datasets import read_dataset
from qa.evaluate import Evaluation, Plan, evaluate
from qa.report import RANK_GROUPS, Report
from qa.report_html import page
from qa.slices import SLICES
from qa.systems import NAMES, open_system
from qa.wording import ENGLISH
from tests.fakes import WordEncoder
from tests.judged_sets import (
    QUESTIONS,
    write_beir,
    write_lines,
    write_own,
    write_squad,
    write_trec,
)

METRICS = ["nDCG@10", "R@1", "R@5", "R@10", "R@100", "MRR@10", "marked"]
EVERYTHING = Plan(NAMES, tuple(SLICES))
HOSTILE = "<script>window.hacked = 1</script><img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOIBAO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    return write_beir(tmp_path / "tập")


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command opens the fake encoder, whatever model is named."""
    monkeypatch.setattr(qa.evaluate_run, "open_encoder", lambda name: WordEncoder())


def run(folder: Path, plan: Plan | None = None, encoder: WordEncoder | None = None) -> Evaluation:
    return evaluate(read_dataset(folder), encoder or WordEncoder(), plan)


def figures(report: Report) -> tuple[object, ...]:
    """All that must repeat: everything but the clock."""
    return (report.systems, report.first_relevant, report.differences, report.worst)


def test_every_system_and_slice_is_measured_on_every_question(beir: Path) -> None:
    report = run(beir, EVERYTHING).report
    assert (report.dataset, report.articles, report.queries) == ("tập", 4, 4)
    assert list(report.systems) == list(NAMES)
    for system, slices in report.systems.items():
        assert list(slices) == list(SLICES)
        for metrics in slices.values():
            known = METRICS if system != "baseline" else METRICS[:-1]  # it marks no sentence
            assert list(metrics) == known
            assert all(e.low <= e.value <= e.high for e in metrics.values())
        for counts in report.first_relevant[system].values():
            assert tuple(counts) == RANK_GROUPS
            assert sum(counts.values()) == 4
        assert all(0 < t.p50 <= t.p95 for t in report.latency_ms[system].values())
    compared = {(d.first, d.second) for d in report.differences}
    assert compared == {("full", other) for other in NAMES[1:]}


def test_the_easy_questions_are_found_and_their_answers_marked(beir: Path) -> None:
    for system, slices in run(beir, Plan(NAMES)).report.systems.items():
        assert slices["as_written"]["R@1"].value == 1.0, system
        if system != "baseline":
            assert slices["as_written"]["marked"].value >= 0.75, system


@pytest.mark.parametrize(
    "write",
    [
        write_beir,
        write_own,
        write_trec,
        lambda folder: write_squad(folder.with_suffix(".json")),
    ],
)
def test_every_shape_of_dataset_is_evaluated(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    report = run(write(tmp_path / "tập")).report
    assert (report.dataset, report.articles, report.queries, report.missing) == ("tập", 4, 4, 0)
    assert report.systems["full"]["as_written"]["R@1"].value == 1.0


def test_a_repeated_run_gives_the_same_figures_and_embeds_nothing(beir: Path) -> None:
    first = run(beir, EVERYTHING)
    encoder = WordEncoder()
    again = run(beir, EVERYTHING, encoder)
    assert figures(first.report) == figures(again.report)
    assert encoder.embedded == []
    assert run(beir, Plan(slices=("typos",), seed=1)).returned != first.returned


def test_what_another_program_wrote_is_indexed_again_and_not_embedded(
    beir: Path, cache: Path
) -> None:
    run(beir)
    (stamp,) = cache.glob("evaluate/*/code")
    stamp.write_text("older")
    encoder = WordEncoder()
    index_file = next(cache.glob("evaluate/*/index.sqlite"))
    before = Index(index_file.parent)
    state = before.state
    before.close()
    run(beir, encoder=encoder)
    after = Index(index_file.parent)
    assert after.state > state
    assert encoder.embedded == []
    after.close()


def test_a_question_without_a_hit_counts_as_0(beir: Path) -> None:
    write_lines(
        beir / "queries.jsonl",
        [{"_id": "q1", "text": QUESTIONS["q1"][0]}, {"_id": "q2", "text": "??? !!!"}],
    )
    report = run(beir, Plan(("full", "lexical", "dense", "fusion"))).report
    for slices in report.systems.values():
        values = {name: e.value for name, e in slices["as_written"].items()}
        assert values.pop("marked") == 1.0  # of the one question whose first hit is right
        assert set(values.values()) == {0.5}
    assert report.first_relevant["full"]["as_written"]["none"] == 1
    (worst,) = report.worst["as_written"]
    assert (worst.id, worst.rank, worst.returned, worst.titles) == ("q2", 0, (), ("Vịnh Hạ Long",))


def test_articles_of_several_passages_count_once_at_the_best(tmp_path: Path) -> None:
    sentence = "Sông Hồng chảy qua nhiều tỉnh và có nhiều phụ lưu lớn nhỏ khác nhau. "
    write_beir(tmp_path / "set")
    corpus = [
        {"_id": "sông", "title": "Sông Hồng", "text": sentence * 60},
        {"_id": "khác", "title": "Sông khác", "text": "Sông khác có nhiều phụ lưu."},
    ]
    write_lines(tmp_path / "set/corpus.jsonl", corpus)
    write_lines(tmp_path / "set/queries.jsonl", [{"_id": "q1", "text": "Phụ lưu sông Hồng?"}])
    found = run(tmp_path / "set")
    assert found.report.passages > 2
    assert found.returned["full", "as_written"]["q1"].articles == ("sông", "khác")


def test_the_systems_return_hits_in_a_total_order(beir: Path) -> None:
    run(beir)
    (file,) = (beir.parent / "cache").glob("evaluate/*/index.sqlite")
    opened = Index(file.parent)
    for name in NAMES:
        ask = open_system(name, opened, WordEncoder(), beir.parent / "cache")
        hits = ask("Sông Hồng dài bao nhiêu km?")
        assert hits == ask("Sông Hồng dài bao nhiêu km?")
        assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
        assert len({h.number for h in hits}) == len(hits) > 0
    opened.close()


def test_a_quote_holds_an_answer_in_either_form_of_its_letters() -> None:
    assert holds("Thủ đô là Hà Nội.", ["Ha\u0300 No\u0323\u0302i"])
    assert not holds("Thủ đô là Huế.", ["Hà Nội", "Đà Nẵng"])


# ---- an index that is there already ----------------------------------------------------------


def test_an_index_of_the_user_is_measured(tmp_path: Path) -> None:
    questions = write_own(tmp_path / "own")
    update_index(tmp_path / "index", [tmp_path / "own" / "articles"], WordEncoder())
    opened = Index(tmp_path / "index")
    report = evaluate(read_dataset(questions), WordEncoder(), index=opened).report
    assert report.systems["full"]["as_written"]["R@1"].value == 1.0
    assert report.missing == 0
    fresh = run(questions).report
    assert fresh.systems == report.systems
    assert fresh.questions == report.questions  # though the articles have other ids
    with pytest.raises(BadIndexError, match="fingerprint"):
        evaluate(read_dataset(questions), WordEncoder("words-2"), index=opened)
    opened.close()


def test_questions_without_articles_need_an_index(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "q.jsonl", [{"question": "Gì?", "article": "a"}])
    with pytest.raises(UsageError, match=r"comes without articles; .* qa evaluate --index DIR"):
        run(path)


# ---- the command -----------------------------------------------------------------------------


def command(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The exit code of `qa evaluate` with these arguments."""
    monkeypatch.setattr(sys, "argv", ["qa", "evaluate", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


@pytest.mark.usefixtures("words")
def test_the_command_writes_what_it_was_asked_for(
    beir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = [tmp_path / name for name in ("run.json", "run.html", "each.jsonl")]
    options = ("--systems", "full,lexical", "--slices", "as_written,khong_dau")
    outputs = ("--json", files[0], "--html", files[1], "--per-question", files[2])
    assert command(monkeypatch, beir, *options, *outputs) == 0
    shown = capsys.readouterr().out
    assert "tập: 4 questions, 4 articles" in shown
    assert "full − lexical" in shown

    content = json.loads(files[0].read_text("utf-8"))
    assert list(content)[:7] == [
        "dataset",
        "articles",
        "passages",
        "queries",
        "encoder",
        "systems",
        "seconds",
    ]
    assert content["systems"]["lexical"]["khong_dau"]["MRR@10"].keys() == {"value", "low", "high"}
    assert content["encoder"] == "words"
    assert files[1].read_text("utf-8").count("<svg") == 4 + 2 + 1

    lines = [json.loads(line) for line in files[2].read_text("utf-8").splitlines()]
    assert len(lines) == 2 * 2 * 4
    assert lines[0]["system"] == "full"
    assert lines[0]["metrics"]["nDCG@10"] == 1.0
    assert lines[0]["rank"] == 1
    assert lines[0]["returned"][0]["title"] == "Sông Hồng"


@pytest.mark.usefixtures("words")
def test_several_datasets_give_an_array(
    beir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = write_own(tmp_path / "own")
    assert command(monkeypatch, beir, own, "--json", tmp_path / "run.json") == 0
    content = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert [each["dataset"] for each in content] == ["tập", "own"]
    again = ("--against", tmp_path / "run.json", "--json", tmp_path / "run.json")
    assert command(monkeypatch, beir, own, *again) == 0


@pytest.mark.usefixtures("words")
def test_the_gate_closes_when_a_metric_fell_below_its_interval(
    beir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "run.json"
    assert command(monkeypatch, beir, "--json", path) == 0
    content = json.loads(path.read_text("utf-8"))
    metric = content["systems"]["full"]["as_written"]["MRR@10"]
    now = metric["value"]
    for low, code in ((now, 0), (now + 0.001, 1)):
        metric |= {"value": now + 0.002, "low": low, "high": now + 0.003}
        path.write_text(json.dumps(content), encoding="utf-8")
        capsys.readouterr()
        assert command(monkeypatch, beir, "--against", path) == code
        shown = capsys.readouterr().out
        assert "-0.0020" in shown
        assert ("fell below" in shown) == bool(code)


@pytest.mark.usefixtures("words")
def test_runs_of_other_questions_are_not_compared(
    beir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "run.json"
    assert command(monkeypatch, beir, "--json", path) == 0
    content = json.loads(path.read_text("utf-8"))
    for change, message in (
        ({"dataset": "khác"}, "is a run of khác, not of tập"),
        ({"questions": "0"}, "the questions of tập have changed"),
        ({"queries": 3}, "(3 then, 4 now)"),
        ({"systems": {"dense": {}}}, "no system and slice in common"),
        ({"systems": 1}, "is not a run"),
    ):
        path.write_text(json.dumps(content | change), encoding="utf-8")
        assert command(monkeypatch, beir, "--against", path) == 2
        error = capsys.readouterr().err
        assert message in error
        assert error.count("\n") == 1


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing to evaluate; name a DATASET, or --index and --questions"),
        (["a", "--index", "b"], "with --index, name a by --questions"),
        (["--index", "b"], "no questions; qa evaluate --index b --questions FILE"),
        (["a", "--questions", "b"], "--questions goes with --index"),
        (["--index", "b", "--questions", "c", "--model", "m"], "the index has its model already"),
        (["a", "--systems", "full,magic"], "--systems: there is no 'magic'; choose of full, lex"),
        (["a", "--slices", ","], "--slices is empty; choose of as_written"),
        (["a", "--json", "/nowhere/run.json"], "cannot write /nowhere/run.json"),
        (["gone"], "no such file or folder: gone"),
    ],
)
def test_wrong_usage_is_one_line_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    assert command(monkeypatch, *arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.usefixtures("words")
def test_two_datasets_of_one_name_are_refused(
    beir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(monkeypatch, beir, beir) == 2
    assert "two datasets are called tập" in capsys.readouterr().err


def test_the_help_names_every_system_and_slice() -> None:
    shown = CliRunner().invoke(cli, ["evaluate", "--help"]).output
    assert [name for name in (*NAMES, *SLICES) if name not in shown] == []


def test_progress_is_told(beir: Path) -> None:
    told: dict[str, tuple[int, int]] = {}

    def begin(stage: str) -> Callable[[int, int], None]:
        return lambda done, total: told.update({stage: (done, total)})

    plan = Plan(("full", "baseline"), ("as_written", "nfd"))
    evaluate(read_dataset(beir), WordEncoder(), plan, stages=begin)
    assert told["asking full"] == told["asking baseline"] == (8, 8)
    assert told["embedding passages for baseline"] == (4, 4)


# ---- the page --------------------------------------------------------------------------------


def test_the_page_shows_text_as_text_and_fetches_nothing(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "<b>set")
    write_lines(
        folder / "corpus.jsonl",
        [{"_id": "sông", "title": HOSTILE, "text": f"{HOSTILE} Sông Hồng dài 1.149 km."}],
    )
    write_lines(folder / "queries.jsonl", [{"_id": "q2", "text": f"Sông {HOSTILE}?"}])
    report = replace(run(folder).report, command="qa evaluate '<b>set'")
    shown = page([report], ENGLISH)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b>set" not in shown
    assert "&lt;script&gt;window.hacked = 1&lt;/script&gt;" in shown
    assert "http://" not in shown.replace("http://www.w3.org/", "")
    assert "https://" not in shown
