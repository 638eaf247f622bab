"""Answers: exact quotes with their sources, or near misses apart."""

from collections.abc import Callable

import pytest

from index.reader import Index
from qa import answer as answers
from qa.answer import Answerer
from qa.confidence import released_confidence
from tests.fakes import WordEncoder

BuildIndex = Callable[..., Index]
BRIDGE = """---
title: Cầu Long Biên
date: 2024-05
source: Báo Thử
author: Toà soạn
url: https://example.vn/cau
---
Cầu Long Biên bắc qua sông Hồng.  Cầu   khánh thành năm 1902, dài 2.290 m.
"""


@pytest.fixture
def answerer(build_index: BuildIndex) -> Answerer:
    index = build_index(
        nui="Đỉnh Fansipan\n\nFansipan là đỉnh núi cao nhất Đông Dương.",
        copy_1="Hội An\n\nHội An là đô thị cổ bên sông Thu Bồn.",
        copy_2="Hội An\n\nHội An là đô thị cổ bên sông Thu Bồn.",
    )
    folder = index.folder.parent / "articles"
    (folder / "cau.md").write_text(BRIDGE, encoding="utf-8")
    return Answerer(build_index(), WordEncoder())


@pytest.fixture
def sure(answerer: Answerer) -> Callable[[float], None]:
    """Puts the threshold where a test wants it."""

    def set_strictness(strictness: float) -> None:
        answerer.strictness = strictness

    return set_strictness


def test_the_released_threshold_holds_unless_another_is_given(answerer: Answerer) -> None:
    assert answerer.strictness == released_confidence().threshold
    assert Answerer(answerer.index, WordEncoder(), 0.0).strictness == 0.0


def test_a_citation_is_an_exact_slice_with_its_source(
    answerer: Answerer, sure: Callable[[float], None]
) -> None:
    sure(0.0)
    answer = answerer.ask("Cầu Long Biên khánh thành năm nào?")
    cited = answer.citations[0]
    article = answerer.index.article(cited.article_id)
    assert article is not None and article.text == BRIDGE
    assert cited.quote == "Cầu   khánh thành năm 1902, dài 2.290 m."
    assert BRIDGE[cited.quote_start : cited.quote_end] == cited.quote
    assert BRIDGE[cited.start : cited.end] == cited.passage
    assert (cited.title, cited.source, cited.author, cited.date, cited.url) == (
        "Cầu Long Biên",
        "Báo Thử",
        "Toà soạn",
        "2024-05",
        "https://example.vn/cau",
    )
    assert [c.rank for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert answer.near_misses == ()


def test_a_passage_that_stands_twice_is_cited_once(
    answerer: Answerer, sure: Callable[[float], None]
) -> None:
    sure(0.0)
    quotes = [c.passage for c in answerer.ask("Hội An bên sông nào?").citations]
    assert len(quotes) == len(set(quotes))
    assert quotes[0] == "Hội An là đô thị cổ bên sông Thu Bồn."


def test_below_the_threshold_nothing_is_an_answer(
    answerer: Answerer, sure: Callable[[float], None]
) -> None:
    sure(1.1)
    answer = answerer.ask("Cầu Long Biên khánh thành năm nào?")
    assert not answer.found and answer.citations == ()
    assert 1 <= len(answer.near_misses) <= answers.NEAR_MISSES


@pytest.mark.parametrize("question", ["???", "…", "!"])
def test_a_question_without_words_finds_nothing(answerer: Answerer, question: str) -> None:
    answer = answerer.ask(question)
    assert not answer.found and answer.citations == answer.near_misses == ()
