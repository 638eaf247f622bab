"""What words without diacritics stand for, told by the passages nearest to the question."""

from collections.abc import Sequence

import pytest
from fakes import WordEncoder

from index.build import update_index
from index.reader import Index
from qa.nearby import NEARBY, nearby
from qa.search import Searcher
from qa.understand import understand

GOODS = "Hàng hóa về chợ, người bán hàng xếp hàng lên kệ."
CAVES = [
    "Sơn Đoòng là hang động lớn nhất thế giới.",
    "Lối vào Sơn Đoòng là một hang có suối, hang dài chừng chín cây số.",
    "Người tìm ra Sơn Đoòng nghe gió rít ở cửa hang.",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("nearby")
    articles = folder / "articles"
    articles.mkdir()
    for number, sentence in enumerate([GOODS] * 20 + CAVES):
        (articles / f"{number}.txt").write_text(f"{sentence}\n\nBài số {number}.", encoding="utf-8")
    update_index(folder / "index", [articles], WordEncoder())
    return Index(folder / "index")


def test_a_word_is_the_one_that_is_talked_about(index: Index) -> None:
    searcher = Searcher(index, WordEncoder())
    asked = "hang son doong dai bao nhieu"
    assert searcher.understand(asked).text == "hang sơn đoòng dài bao nhiêu"
    assert searcher.understand("hang hoa ve cho nao").text.startswith("hàng hóa về chợ")
    assert understand("hang son doong", index.terms).text == "hàng sơn đoòng"


def test_phrases_of_questions_are_not_outweighed(index: Index) -> None:
    searcher = Searcher(index, WordEncoder())
    asked = "son doong co tat ca bao nhieu hang"
    assert searcher.understand(asked).text.startswith("sơn đoòng có tất cả bao nhiêu")


def test_the_nearest_are_those_that_hold_what_is_asked(index: Index) -> None:
    found = nearby(["hang", "son", "doong"], index)
    assert len(found) == NEARBY
    cave = index.terms.numbers(["đoòng"])[0]
    assert all(cave in terms for terms in found)
    assert nearby(["xyz"], index) == []


def test_the_order_in_which_an_engine_proposes_does_not_matter(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["nguoi", "ban", "hang", "o", "hang", "son", "doong"]
    found = [terms.tolist() for terms in nearby(asked, index)]
    lane = index.lexical
    monkeypatch.setattr(index, "lexical", lambda *a, **k: lane(*a, **k)[::-1])
    assert [terms.tolist() for terms in nearby(asked, index)] == found


@pytest.mark.parametrize("typed", ["Hàng hóa về chợ nào?", "Hang động lớn nhất là hang nào?"])
def test_what_has_its_diacritics_needs_no_passages(typed: str, index: Index) -> None:
    def never(_: Sequence[str]) -> list:
        raise AssertionError("there is nothing to look up")

    assert understand(typed, index.terms, nearby=never).text == typed
