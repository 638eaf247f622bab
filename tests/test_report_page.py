"""The report of an evaluation: in both languages, as a file read again, kept beside an index."""

import json
import re
from dataclasses import asdict, fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from index.errors import UsageError
from index.syllables import is_syllable, split_tone
from index.text import fold, key
from qa import runs
from qa.asking import Quote
from qa.judged import FOLLOWS, NO_ANSWER, NOTHING_ANSWERS, UNJUDGED
from qa.metrics import MARKED, MEASURES, Estimate
from qa.not_found import Bin, NotFound
from qa.report import PERCENTS, RANK_GROUPS, Compared, Latency, Report, Worst
from qa.report_file import read_json, write_json
from qa.report_html import page
from qa.slices import SLICES
from qa.systems import NAMES
from qa.wording import ENGLISH, VIETNAMESE, Phrases

# What the Vietnamese report says that is no Vietnamese: terms, and names of systems and programs.
TERMS = {
    "mili",
    "ndcg",
    "mrr",
    "auroc",
    "bootstrap",
    "faiss",
    "indexflatip",
    "bm25",
    "telex",
    "vni",
    "nfd",
}
TERMS |= {"r", "k", "p", "p50", "p95", "ms", "ir", "measures", "hoibao", "e5"}
TERMS |= {part for name in (*NAMES, *SLICES) for part in name.split("_")}
CODES = pytest.mark.parametrize("say", [VIETNAMESE, ENGLISH], ids=lambda say: say.code)


def report() -> Report:
    """A report with everything that can be in one; its own texts are figures and Vietnamese."""
    metrics = {name: Estimate(0.875, 0.75, 0.9375) for name in (*MEASURES, MARKED)}
    times = Latency(12.5, 31.25, tuple(1.5 * each + 1 for each in PERCENTS))
    systems, typed = ("full", "lexical"), ("as_written", "khong_dau")
    quote = Quote("7", "Sông Hồng", "Sông Hồng dài 1.149 km.", 1.0)
    worst = Worst("1", "Song Hong?", "Sông Hồng?", ("7",), ("Sông Hồng",), ("1",), 2, (quote,))
    return Report(
        "bộ câu hỏi",
        1234,
        5678,
        1000,
        "e5",
        {system: dict.fromkeys(typed, metrics) for system in systems},
        4321.0,
        missing=3,
        left_out={FOLLOWS: 1, NOTHING_ANSWERS: 2, NO_ANSWER: 3, UNJUDGED: 4},
        latency_ms={system: dict.fromkeys(typed, times) for system in systems},
        first_relevant={s: dict.fromkeys(typed, dict.fromkeys(RANK_GROUPS, 5)) for s in systems},
        differences=(Compared("as_written", MARKED, *systems, 0.125, -0.0625, 0.25, 0.0001),),
        worst={"as_written": (worst, replace(worst, rank=0, returned=()))},
        not_found=NotFound(0.9, 0.1, 0.05, 0.28, 0.2, 0.05, 32, 16, (Bin(0.25, 0.5, 10),)),
        command="qa evaluate x",
    )


class _Words(HTMLParser):
    """What a page says itself: no quotes, which are marked as Vietnamese, no command, no style."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self._open: list[bool] = []
        self.found: list[str] = []
        self.feed(shown)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in ("meta", "path", "use", "rect"):
            is_quote = tag != "html" and values.get("lang") == "vi"
            self._open.append(is_quote or tag in ("style", "pre", "defs"))
        self.found.append(values.get("aria-label") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("meta", "path", "use", "rect"):
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.found.append(data)


def said(shown: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", " ".join(_Words(shown).found).lower()))


def places(words: object) -> dict[str, list[str]]:
    """Each phrase to the places in it that are filled in."""
    texts: dict[str, str] = {}
    for each in fields(words):  # type: ignore[arg-type]
        value = getattr(words, each.name)
        parts = value if isinstance(value, dict) else {"": value}
        texts |= {f"{each.name} {name}": text for name, text in parts.items()}
    assert all(texts.values())
    return {name: sorted(re.findall(r"{\w+}", text)) for name, text in texts.items()}


def test_both_languages_say_the_same_things_of_the_same_places() -> None:
    assert places(VIETNAMESE.report) == places(ENGLISH.report)


@CODES
def test_every_system_slice_and_metric_is_explained(say: Phrases) -> None:
    assert tuple(say.report.systems) == tuple(say.engineer.system_names) == NAMES
    assert tuple(say.engineer.slice_names) == tuple(SLICES)
    assert MARKED in say.report.metrics and MARKED in say.report.metric_names
    assert set(say.report.reasons) == {FOLLOWS, NOTHING_ANSWERS, NO_ANSWER, UNJUDGED}


def test_the_vietnamese_report_says_nothing_in_english() -> None:
    found = {word for word in said(page([report()], VIETNAMESE)) if not word.isdigit()}
    assert {word for word in found - TERMS if not is_syllable(*split_tone(key(word)))} == set()


def test_the_english_report_says_nothing_in_vietnamese() -> None:
    found = said(page([report()], ENGLISH)) - {"hỏi", "báo", "bộ", "câu"}
    assert {word for word in found if fold(word) != word} == set()


def test_figures_are_written_as_the_language_writes_them() -> None:
    assert "1.000 câu hỏi trên 1.234 bài, 5.678 đoạn" in page([report()], VIETNAMESE)
    assert "1,000 questions over 1,234 articles in 5,678" in page([report()], ENGLISH)
    assert ">0,875<" in page([report()], VIETNAMESE) and ">0.875<" in page([report()], ENGLISH)


def test_several_reports_make_one_page() -> None:
    shown = page([report(), replace(report(), dataset="bộ khác")], ENGLISH)
    assert shown.count("<section") == 2 and 'href="#set-2"' in shown


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    for written in ([report()], [report(), replace(report(), not_found=None)]):
        write_json(written, tmp_path / "run.json")
        assert read_json(tmp_path / "run.json") == written


@pytest.mark.parametrize("content", ["{", "7", '{"dataset": "x"}', '{"systems": 1}'])
def test_what_is_no_run_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(UsageError, match="is not a run"):
        read_json(tmp_path / "run.json")
    with pytest.raises(UsageError, match="cannot read"):
        read_json(tmp_path / "none.json")


# ---- kept beside an index --------------------------------------------------------------------


def test_a_kept_run_is_shown_and_saved_in_both_languages(tmp_path: Path) -> None:
    name = runs.keep(tmp_path, report())
    assert [(run.name, run.report) for run in runs.kept(tmp_path)] == [(name, report())]
    for say in (VIETNAMESE, ENGLISH):
        shown = runs.page_of(tmp_path, name, say.code)
        assert f'<html lang="{say.code}">' in shown and say.report.title in shown
        assert runs.saved(tmp_path, f"{name}.{say.code}.html") == shown
    figures = runs.saved(tmp_path, f"{name}.json")
    assert figures and json.loads(figures)["command"] == "qa evaluate x"


@CODES
def test_a_run_of_an_earlier_version_is_still_shown(tmp_path: Path, say: Phrases) -> None:
    """It knew nothing of its command, and of times the median and the 95th percentile alone."""
    found = asdict(report())
    del found["command"], found["not_found"]
    for slices in found["latency_ms"].values():
        for times in slices.values():
            times.pop("within", None)
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "20260101-000000.json").write_text(json.dumps(found))
    assert len(runs.kept(tmp_path)) == 1
    shown = runs.page_of(tmp_path, "20260101-000000", say.code)
    assert shown.count("<svg") == 4 + 2
    assert say.report.title in shown and "<pre>" not in shown


def test_the_oldest_runs_go(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    for at in range(runs.KEPT):
        for kind in ("json", "html"):
            (tmp_path / "runs" / f"20260101-0000{at:02}.{kind}").write_text("{}")
    name = runs.keep(tmp_path, report())
    left = {path.name for path in (tmp_path / "runs").iterdir()}
    assert f"{name}.json" in left and "20260101-000001.html" in left
    assert not {"20260101-000000.json", "20260101-000000.html"} & left
