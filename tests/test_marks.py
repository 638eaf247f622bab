"""The question's words in a passage: in every spelling, and not the words that tell nothing."""

import pytest

from index.build import update_index
from index.reader import Index
from index.text import keys, tokens
from qa.marks import Marker
from qa.types import Query
from tests.fakes import WordEncoder


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Sixty articles: `của` stands in all of them, `hồ` in one."""
    folder = tmp_path_factory.mktemp("marks")
    for number in range(60):
        words = "Nước của hồ Hoà Bình." if number == 0 else f"Chuyện của người thứ {number}."
        (folder / f"{number}.txt").write_text(words, encoding="utf-8")
    update_index(folder / "index", [folder], WordEncoder())
    return Index(folder / "index")


def marked(index: Index, question: str, text: str, uncertain: bool = False) -> list[str]:
    found = tuple(keys(question))
    query = Query(question, question, found, (uncertain,) * len(found))
    spans = Marker(query, index.terms).words(tokens(text), 7)
    return [text[s.start - 7 : s.end - 7] for s in spans]


def test_the_same_word_is_marked_in_every_spelling(index: Index) -> None:
    text = "Hoà Bình, hòa bình, HÒA BÌNH, ho\u0300a bi\u0300nh."
    assert marked(index, "hòa bình", text) == text.rstrip(".").split(", ")


def test_what_was_typed_without_diacritics_is_marked_with_them(index: Index) -> None:
    assert marked(index, "hồ hòa bình", "Hồ Hoà Binh", uncertain=True) == ["Hồ Hoà Binh"]
    assert marked(index, "hồ hòa bình", "Ho này, hoa kia", uncertain=True) == [], "not alone"


def test_a_common_word_is_marked_only_beside_its_neighbour(index: Index) -> None:
    assert marked(index, "nước của hồ", "của ai, nước của hồ, của") == ["nước của hồ"]


def test_a_question_of_no_words_marks_nothing(index: Index) -> None:
    assert marked(index, "???", "Nước của hồ") == []
