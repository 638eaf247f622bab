"""Where the words of a question are found, against plain counting."""

from collections.abc import Callable
from math import log

import numpy as np
import pytest

from index.reader import Index
from index.text import keys
from qa.match import FOLDED_MATCH, Layout, bm25, coverage, match, near, wanted_words
from qa.types import Query

BuildIndex = Callable[..., Index]


def query(text: str, uncertain: bool = False) -> Query:
    found = tuple(keys(text))
    return Query(text, text, found, (uncertain,) * len(found))


@pytest.fixture
def index(build_index: BuildIndex) -> Index:
    return build_index(
        a="Sông Hồng chảy qua Hà Nội. Sông dài 1.149 km.",
        b="Núi Hồng Lĩnh ở Hà Tĩnh.",
        c="Bà Hồng mua hoa.",
    )


def candidates(index: Index) -> list:  # type: ignore[type-arg]
    numbers = [
        row[0] for row in index.store.db.execute("SELECT number FROM passages ORDER BY number")
    ]
    return index.candidates(numbers)


def test_words_and_pairs_are_counted_by_sentence(index: Index) -> None:
    wanted = wanted_words(query("sông Hồng Hà Nội"), index.terms)
    layout = Layout.of(candidates(index))
    found = match(wanted, layout, index.terms)
    assert found.words.tolist() == [[1, 1, 1, 1], [1, 0, 0, 0], [0, 1, 1, 0], [0, 1, 0, 0]]
    assert found.pairs.tolist() == [[1, 0, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
    together = found.summed(layout.first_sentence)
    assert together.words.tolist() == [[2, 1, 1, 1], [0, 1, 1, 0], [0, 1, 0, 0]]


def test_words_supplied_by_us_match_in_part_without_their_diacritics(
    build_index: BuildIndex,
) -> None:
    index = build_index(a="Sông Hồng đỏ.", b="Cái hông đau.")
    layout = Layout.of(candidates(index))
    typed = match(wanted_words(query("hồng"), index.terms), layout, index.terms)
    supplied = match(wanted_words(query("hồng", uncertain=True), index.terms), layout, index.terms)
    assert typed.words[:, 0].tolist() == [1, 0]
    assert supplied.words[:, 0].tolist() == pytest.approx([1, FOLDED_MATCH])


def test_bm25_agrees_with_the_formula() -> None:
    counts = np.array([[2.0, 0.0], [1.0, 1.0]])
    idf = np.array([log(3), log(2)])
    found = bm25(counts, idf, np.array([10.0, 30.0]), 20.0)
    first = log(3) * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 0.5))
    second = (log(3) + log(2)) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 1.5))
    assert found.tolist() == pytest.approx([first, second])


def test_coverage_is_the_share_of_rarity_that_is_found() -> None:
    counts = np.array([[3.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    assert coverage(counts, np.array([3.0, 1.0])).tolist() == pytest.approx([0.75, 0.25, 1.0])
    assert coverage(np.zeros((1, 0)), np.zeros(0)).tolist() == [0.0]


def test_words_far_apart_are_less_near_than_words_together(build_index: BuildIndex) -> None:
    filler = "một hai ba bốn năm sáu bảy tám chín mười " * 2
    index = build_index(a="Hà Nội mưa to hôm nay.", b=f"Hà {filler} Nội mưa.")
    wanted = wanted_words(query("Hà Nội mưa"), index.terms)
    together, apart = near(wanted, Layout.of(candidates(index)))
    assert together == pytest.approx(1.0)
    assert apart < 0.9


def test_a_sentence_without_words_has_a_row_of_its_own(build_index: BuildIndex) -> None:
    index = build_index(a="Hà Nội mưa. *** !!! Huế nắng to.\n***\n")
    found = candidates(index)
    assert len(Layout.of(found).sentence_starts) == sum(len(c.vectors) for c in found)
