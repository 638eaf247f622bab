"""Asking with and without the articles that answer, and the figures made of it."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.reader import Index
from qa.datasets import read_dataset
from qa.judged import Dataset, Judged
from qa.not_found import Chances, ask, summarise
from qa.report import shown
from qa.wording import ENGLISH
from tests.fakes import WordEncoder

BuildIndex = Callable[..., Index]


def chances(found: list[float], right: list[bool], gone: list[float]) -> Chances:
    return Chances(np.array(found), np.array(right), np.array(gone), np.array([0.9, 0.1]))


def test_perfect_knowledge() -> None:
    figures = summarise(chances([1.0, 1.0], [True, True], [0.0, 0.0]), 0.5)
    assert (figures.auroc, figures.false_answers, figures.calibration_error) == (1.0, 0.0, 0.0)
    assert (figures.answered, figures.refused) == (0.0, 0.0)
    assert (figures.unanswerable, figures.unanswerable_answered) == (2, 1)


def test_figures_by_hand() -> None:
    figures = summarise(chances([0.9, 0.6], [True, False], [0.7, 0.2]), 0.65)
    assert figures.auroc == 0.75  # of four pairs, .6 against .7 alone is wrong
    assert figures.false_answers == 0.5  # .615 refuses 5 % of the answerable
    assert (figures.answered, figures.refused) == (0.5, 0.5)
    # Bins of one each: .1 too low, and .6, .7 and .2 too high.
    assert figures.calibration_error == pytest.approx((0.1 + 0.6 + 0.7 + 0.2) / 4)
    assert sum(b.questions for b in figures.bins) == 4
    assert shown(figures, ENGLISH)["unanswerable answered"] == "1 of 2"


def test_the_articles_that_answer_are_kept_out_and_with_them_their_namesakes(
    build_index: BuildIndex,
) -> None:
    body = "Cầu Long Biên bắc qua sông Hồng."
    index = build_index(cau=body, nui="Fansipan cao 3.143 m.")
    (cau, _), *_ = [
        (i, t)
        for i, t in index.store.db.execute("SELECT id, title FROM articles WHERE text LIKE 'Cầu%'")
    ]
    question = Judged("1", "Cầu Long Biên bắc qua sông nào?", {cau: 1})
    dataset = Dataset("cau", None, (question,), {}, ("Núi Bà Đen cao bao nhiêu?",))
    told: list[tuple[int, int]] = []
    found = ask(dataset, index, WordEncoder(), lambda done, total: told.append((done, total)))
    assert found.right.tolist() == [True]
    assert found.gone[0] < found.found[0]
    assert len(found.unanswerable) == 1 and told == [(1, 2), (2, 2)]


def test_questions_that_nothing_answers_are_read_from_a_beir_folder(tmp_path: Path) -> None:
    lines = {
        "corpus.jsonl": [{"_id": "a", "title": "", "text": "Hà Nội mưa to."}],
        "queries.jsonl": [{"_id": "q", "text": "Ở đâu mưa?"}],
        "queries_unanswerable.jsonl": [{"_id": "u", "text": "Ở đâu có tuyết?"}],
    }
    for name, rows in lines.items():
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n", encoding="utf-8")
    assert read_dataset(tmp_path).unanswerable == ("Ở đâu có tuyết?",)


def test_the_sample_has_questions_that_nothing_answers() -> None:
    sample = Path(__file__).resolve().parents[1] / "sample"
    assert len(read_dataset(sample).unanswerable) == 32
