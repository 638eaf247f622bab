"""Ranking on small indexes where the order can be told by hand."""

from collections.abc import Callable
from dataclasses import astuple, replace

import numpy as np
import pytest

from index.reader import Index
from qa.confidence import NAMES, Confidence, Typical, released_confidence, signs
from qa.features import PASSAGE_NAMES, SENTENCE_NAMES, Features, compute
from qa.rank import rank
from qa.scores import Weights, released_weights, score
from qa.search import Searcher
from tests.fakes import WordEncoder

BuildIndex = Callable[..., Index]
TYPICAL = Typical((20.0, 2.0), (0.1, 0.1), -1.0)


@pytest.fixture
def index(build_index: BuildIndex) -> Index:
    return build_index(
        cau="Cầu Long Biên bắc qua sông Hồng. Cầu khánh thành năm 1902, dài 2.290 m.",
        nui="Fansipan là đỉnh núi cao nhất Đông Dương. Núi cao 3.143 m.",
        hoi_an="Hội An là đô thị cổ bên sông Thu Bồn. Phố cổ được ghi danh năm 1999.",
    )


def asked(index: Index, question: str) -> list[str]:
    searcher = Searcher(index, WordEncoder())
    hits = searcher.search(searcher.understand(question))
    return [p.article_id for p in index.passages([h.number for h in hits])]


def article(index: Index, name: str) -> str:
    rows = index.store.db.execute("SELECT id FROM articles WHERE origin LIKE ?", (f"%{name}.txt",))
    return str(rows.fetchone()[0])


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Cầu Long Biên khánh thành năm nào?", "cau"),
        ("Núi Fansipan cao bao nhiêu?", "nui"),
        ("Phố cổ Hội An được ghi danh khi nào?", "hoi_an"),
    ],
)
def test_the_article_that_answers_comes_first(index: Index, question: str, name: str) -> None:
    assert asked(index, question)[0] == article(index, name)


def test_the_sentence_with_the_answer_is_the_one_to_mark(index: Index) -> None:
    searcher = Searcher(index, WordEncoder())
    hit = searcher.search(searcher.understand("Cầu Long Biên khánh thành năm nào?"))[0]
    assert hit.sentence == 1


def test_equal_scores_come_in_the_order_of_their_numbers(build_index: BuildIndex) -> None:
    text = "Hà Nội mưa to. Trời se lạnh."
    index = build_index(c=text, a=text, b=text)
    searcher = Searcher(index, WordEncoder())
    hits = searcher.search(searcher.understand("Hà Nội mưa"))
    assert len({hit.score for hit in hits}) == 1
    assert [hit.number for hit in hits] == sorted(hit.number for hit in hits)


def test_no_candidates_give_no_hits(index: Index) -> None:
    searcher = Searcher(index, WordEncoder())
    query = searcher.understand("gì")
    ranking = rank(query, WordEncoder().encode_queries(["gì"])[0], [], index, WordEncoder().read)
    assert ranking.hits == () and ranking.confidence == 0.0


def test_features_have_a_row_for_every_passage_and_sentence(index: Index) -> None:
    searcher = Searcher(index, WordEncoder())
    query = searcher.understand("Cầu Long Biên")
    vector = searcher.encoder.encode_queries([query.text])[0]
    candidates = searcher.candidates(query, vector)
    found = compute(query, vector, candidates, index)
    assert found.passages.shape == (len(candidates), len(PASSAGE_NAMES))
    assert found.sentences.shape == (sum(len(c.vectors) for c in candidates), len(SENTENCE_NAMES))
    assert np.isfinite(found.passages).all() and np.isfinite(found.sentences).all()


def test_a_passage_is_scored_by_its_features_and_its_best_sentence(index: Index) -> None:
    searcher = Searcher(index, WordEncoder())
    query = searcher.understand("Cầu Long Biên khánh thành năm nào?")
    vector = searcher.encoder.encode_queries([query.text])[0]
    found = compute(query, vector, searcher.candidates(query, vector), index)
    only = Weights(np.eye(len(SENTENCE_NAMES))[0], np.zeros(len(PASSAGE_NAMES)), 2.0, 0.0, 0.0)
    expected = 2.0 * found.passages[:, PASSAGE_NAMES.index("dense")]
    assert score(found, only).passages == pytest.approx(expected, abs=1e-5)


def test_released_weights_name_every_feature() -> None:
    weights = released_weights()
    assert weights.sentence.shape == (len(SENTENCE_NAMES),)
    assert weights.passage.shape == (len(PASSAGE_NAMES),)
    assert released_confidence().weights.shape == (len(NAMES),)


def test_confidence_is_a_logistic_function_of_the_signs() -> None:
    model = Confidence(np.array([2.0, -1.0]), 0.5, 0.5, TYPICAL)
    assert model.probability(np.array([0.0, 0.5])) == pytest.approx(0.5)
    assert model.probability(np.array([1.0, 0.0])) == pytest.approx(1 / (1 + np.exp(-2.5)))


def test_inside_an_article_the_passage_with_the_best_sentence_comes_first() -> None:
    """Passages 0 and 2 are of one article, 1 of another."""
    sentences = np.zeros((3, len(SENTENCE_NAMES)))
    sentences[:, 0] = [1.0, 2.0, 3.0]
    passages = np.zeros((3, len(PASSAGE_NAMES)))
    passages[:, 0] = [9.0, 6.0, 5.0]
    lacks, missing = np.zeros(3, dtype=bool), np.zeros(3)
    found = Features(sentences, passages, np.arange(3), np.array([0, 1, 0]), lacks, missing)
    weights = Weights(np.eye(len(SENTENCE_NAMES))[0], np.eye(len(PASSAGE_NAMES))[0], 0.0, 0.0, 0.0)
    assert score(found, weights).passages.tolist() == [5.0, 6.0, 9.0]


def test_inside_an_article_a_passage_that_lacks_the_quantity_comes_behind(
    build_index: BuildIndex,
) -> None:
    """Whatever else of the question it holds."""
    filler = "Khách thập phương về đây quanh năm. " * 60
    tells = "Trong vườn còn lại 82 tấm bia."
    about = "Văn Miếu Hà Nội còn giữ bia tiến sĩ, bia quý của Văn Miếu Hà Nội."
    index = build_index(bia=f"{about} {filler}\n\n{tells}", khac="Sông Hồng chảy qua Hà Nội.")
    searcher = Searcher(index, WordEncoder())

    def first(question: str) -> str:
        (passage,) = index.passages([searcher.search(searcher.understand(question))[0].number])
        article = index.article(passage.article_id)
        assert article
        return article.text[passage.start : passage.end]

    assert tells not in first("Văn Miếu Hà Nội còn giữ bia tiến sĩ nào?")
    assert tells in first("Văn Miếu Hà Nội còn giữ bao nhiêu bia tiến sĩ?")


def test_the_sentence_that_states_the_quantity_is_the_one_to_mark(
    build_index: BuildIndex,
) -> None:
    """Whatever else of the question another one of its passage holds."""
    index = build_index(
        cau="Cầu Long Biên do người Pháp xây tốn nhiều tiền. Tất cả hết 6 triệu franc.",
        khac="Sông Hồng chảy qua Hà Nội.",
    )
    searcher = Searcher(index, WordEncoder())

    def marked(question: str) -> int:
        return searcher.search(searcher.understand(question))[0].sentence

    assert marked("Cầu Long Biên do ai xây?") == 0
    assert marked("Cầu Long Biên xây tốn bao nhiêu tiền?") == 1


def of_scores(values: list[float]) -> tuple[Features, Weights]:
    """Passages of one article each that differ in nothing but what they score."""
    passages = np.zeros((len(values), len(PASSAGE_NAMES)))
    passages[:, 0] = values
    sentences = np.zeros((len(values), len(SENTENCE_NAMES)))
    every, lacks = np.arange(len(values)), np.zeros(len(values), dtype=bool)
    weights = Weights(np.zeros(len(SENTENCE_NAMES)), np.eye(len(PASSAGE_NAMES))[0], 0.0, 0.0, 0.0)
    return Features(sentences, passages, every, every, lacks, np.zeros(len(values))), weights


def told(found: Features, weights: Weights) -> dict[str, float]:
    return dict(zip(NAMES, signs(found, score(found, weights), TYPICAL, None), strict=True))


def test_the_first_hit_stands_out_the_more_the_farther_the_others_are() -> None:
    near, far = of_scores([25.0] + [24.0] * 99), of_scores([25.0] + [20.0, 21.0] * 50)
    alone = of_scores([25.0, 20.0])
    assert told(*near)["score_stands_out"] > told(*far)["score_stands_out"] > 0
    expected = (25 - 24.01) / np.sqrt(0.99 * 0.01 * 2 * np.log(101))
    assert told(*near)["score_stands_out"] == pytest.approx(expected)
    assert told(*alone)["score_stands_out"] > 0


def test_a_few_passages_stand_out_from_typical_ones() -> None:
    one, alike, low = of_scores([26.0]), of_scores([26.0] * 4), of_scores([20.0])
    assert told(*one)["score_stands_out"] > told(*alike)["score_stands_out"] > 0.5
    assert told(*low)["score_stands_out"] == pytest.approx(0.0)


def test_a_quantity_that_the_first_hit_lacks_is_a_sign() -> None:
    found, weights = of_scores([25.0, 20.0])
    assert told(found, weights)["quantity"] == 1.0
    for lacks, sign in (([True, False], 0.0), ([False, True], 1.0)):
        lacking = replace(found, lacks_quantity=np.array(lacks))
        assert told(lacking, weights)["quantity"] == sign


def test_names_and_numbers_that_the_first_hit_does_not_hold_are_a_sign(
    build_index: BuildIndex,
) -> None:
    index = build_index(
        a="Tàu Apollo 11 lên Mặt Trăng năm 1969.", b="Sông Hồng chảy qua Hà Nội.", c="Trời mưa."
    )
    searcher = Searcher(index, WordEncoder())

    def missing(question: str) -> float:
        query = searcher.understand(question)
        vector = searcher.encoder.encode_queries([query.text])[0]
        found = compute(query, vector, searcher.candidates(query, vector), index)
        return float(found.missing_names.min())

    assert missing("Tàu Apollo 11 lên đâu?") == 0.0
    assert missing("Tàu Apollo 13 lên đâu?") > 0.5
    assert missing("Tàu Apollo 13 và Soyuz lên đâu?") > missing("Tàu Apollo 13 lên đâu?")


def test_the_nearest_passages_tell_how_near_the_collection_is() -> None:
    found, weights = of_scores([25.0] + [20.0] * 199)
    window, own = (PASSAGE_NAMES.index(name) for name in ("dense_window", "dense_own"))
    found.passages[:, window] = found.passages[:, own] = np.arange(1, 201) / 200
    assert told(found, weights)["near"] == pytest.approx(0.9775)  # of the ten highest
    assert told(found, weights)["near_own"] == pytest.approx(0.9525)  # of twenty
    few = Features(*(part[:6] for part in astuple(found)))
    assert told(few, weights)["near_own"] == pytest.approx(0.0275)  # of two
