"""Questions as people type them: `qa.slices`."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import fold, keys
from qa.slices import SLICES, make_slice

QUESTIONS = [
    "Đại sứ Việt Nam tại Hoà Kỳ là ai?",
    "Trường Đại học Bách khoa Hà Nội được thành lập năm nào?",
    "Thuý Kiều, nhân vật của Nguyễn Du, quê ở đâu?",
]


def test_the_slices_come_in_the_order_of_the_reports() -> None:
    assert list(SLICES) == [
        "as_written",
        "khong_dau",
        "half_dau",
        "telex",
        "vni",
        "typos",
        "nfd",
        "tone_placement",
    ]


@pytest.mark.parametrize("name", SLICES)
def test_a_slice_repeats_exactly_and_does_not_depend_on_other_questions(name: str) -> None:
    assert make_slice(name, QUESTIONS) == make_slice(name, QUESTIONS)
    assert make_slice(name, QUESTIONS[1:]) == make_slice(name, QUESTIONS)[1:]


@pytest.mark.parametrize("name", ["half_dau", "typos"])
def test_another_seed_gives_another_slice(name: str) -> None:
    assert make_slice(name, QUESTIONS, seed=1) != make_slice(name, QUESTIONS, seed=2)


def test_an_unknown_slice_is_refused() -> None:
    with pytest.raises(KeyError, match="khong_co"):
        make_slice("khong_co", QUESTIONS)


def test_without_diacritics() -> None:
    assert make_slice("khong_dau", ["Đại sứ ở đâu?"]) == ["Dai su o dau?"]
    [half] = make_slice("half_dau", [QUESTIONS[1]])
    assert fold(half) == fold(QUESTIONS[1])
    assert half not in (QUESTIONS[1], make_slice("khong_dau", [QUESTIONS[1]])[0])


def _forms(name: str, question: str) -> set[str]:
    return {SLICES[name](question, random.Random(seed)) for seed in range(60)}


def test_the_keys_of_an_input_method_that_was_off() -> None:
    assert {"ddaij suws", "ddajai suws"} & _forms("telex", "đại sứ")
    assert {"tieengs Vieetj", "tieesng Vieejt"} <= _forms("telex", "tiếng Việt")
    assert {"dduwowcj", "dduowcj"} <= _forms("telex", "được")
    assert "d9ai5 su71" in _forms("vni", "đại sứ")
    assert _forms("telex", "THỦY ĐIỆN") >= {"THUYR DDIEENJ"}
    assert _forms("vni", "Tesla 1943") == {"Tesla 1943"}


def test_typos_change_about_a_third_of_the_syllables() -> None:
    question = " ".join(["trường đại học quốc gia thành phố"] * 30)
    before, after = question.split(), make_slice("typos", [question])[0].split()
    changed = len(before) - sum(a in before for a in after)
    assert 0.15 < changed / len(before) < 0.45


def test_other_code_points_and_tone_placement() -> None:
    assert make_slice("nfd", ["Hà Nội"]) == [unicodedata.normalize("NFD", "Hà Nội")]
    [moved] = make_slice("tone_placement", ["hòa khoẻ thủy QUÝ toán của"])
    assert moved == "hoà khỏe thuỷ QUÝ toán của"


@given(st.text())
def test_no_text_breaks_a_slice(text: str) -> None:
    for name in SLICES:
        make_slice(name, [text])


@given(st.lists(st.sampled_from(" ".join(QUESTIONS).split()), max_size=8).map(" ".join))
def test_other_code_points_have_the_same_keys(text: str) -> None:
    for name in ("nfd", "tone_placement"):
        assert keys(make_slice(name, [text])[0]) == keys(text)
