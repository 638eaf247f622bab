"""The bundled sample is what it says: real articles, and questions with exact answers."""

import json
import unicodedata
from collections import Counter
from pathlib import Path

from index.types import Article

SAMPLE = Path(__file__).parents[1] / "sample"
QUESTIONS = [
    json.loads(line) for line in (SAMPLE / "questions.jsonl").read_text("utf-8").splitlines()
]


def test_there_are_enough_articles_of_a_newspaper_s_length(
    sample_articles: dict[str, Article],
) -> None:
    lengths = {name: len(a.text[a.body :].split()) for name, a in sample_articles.items()}
    assert len(sample_articles) >= 40
    assert {n: size for n, size in lengths.items() if not 250 <= size <= 700} == {}
    assert all(a.title and a.source == "Bộ bài mẫu" and a.date for a in sample_articles.values())


def test_the_kinds_of_questions_are_all_there() -> None:
    kinds = Counter(q["kind"] for q in QUESTIONS)
    assert len(QUESTIONS) >= 200
    wanted = {"plain": 90, "khong_dau": 40, "typos": 20, "follow_up": 20, "unanswerable": 30}
    assert {k: kinds[k] for k, least in wanted.items() if kinds[k] < least} == {}
    assert len({q["id"] for q in QUESTIONS}) == len(QUESTIONS)


def test_every_answer_stands_once_in_its_article(sample_articles: dict[str, Article]) -> None:
    for q in QUESTIONS:
        if q["kind"] == "unanswerable":
            assert q["article"] is q["answer_sentence"] is q["answer"] is None, q["id"]
            continue
        article = sample_articles[q["article"]]
        assert article.text[article.body :].count(q["answer_sentence"]) == 1, q["id"]
        assert q["answer"] in q["answer_sentence"], q["id"]


def test_questions_are_typed_as_their_kind_says() -> None:
    for q in QUESTIONS:
        assert unicodedata.is_normalized("NFC", q["question"]), q["id"]
        assert (q["kind"] == "khong_dau") <= q["question"].isascii(), q["id"]
        assert (q["kind"] == "follow_up") == bool(q.get("after")), q["id"]
