"""Words one slip away from one another: `index.similar`, and the other counts of spelling."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.similar import SimilarWords, write_similar

WORDS = ["truong", "trong", "tuong", "truongg", "rtuong", "truonh", "hoc", "an", "a1", "x" * 30]


@pytest.fixture
def similar(tmp_path: Path) -> SimilarWords:
    write_similar(tmp_path, enumerate(WORDS, start=1))
    return SimilarWords(tmp_path)


def found(similar: SimilarWords, word: str) -> set[str]:
    return {WORDS[number - 1] for number in similar.near([word])[0]}


def test_a_missing_extra_other_or_swapped_letter(similar: SimilarWords) -> None:
    near = {"truong", "trong", "tuong", "truongg", "rtuong", "truonh"}
    assert found(similar, "truong") == near
    assert found(similar, "hco") == found(similar, "ho") == found(similar, "hooc") == {"hoc"}
    assert found(similar, "nothing") == set()


def test_many_words_at_once(similar: SimilarWords) -> None:
    assert [len(n) for n in similar.near(["hoc", "", "zzz", "na"])] == [1, 0, 0, 1]
    assert similar.near([]) == []


def test_no_words_at_all(tmp_path: Path) -> None:
    write_similar(tmp_path, [])
    assert [n.tolist() for n in SimilarWords(tmp_path).near(["hoc"])] == [[]]


@settings(max_examples=30, deadline=None)
@given(
    word=st.text("abcd", min_size=2, max_size=6),
    at=st.integers(0, 5),
    letter=st.sampled_from("abcd"),
)
def test_every_single_slip_is_found(
    word: str, at: int, letter: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("similar")
    write_similar(folder, [(1, word)])
    similar = SimilarWords(folder)
    at %= len(word)
    slips = [
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    ]
    assert [n.tolist() for n in similar.near(slips)] == [[1]] * 4
