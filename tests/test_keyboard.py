"""Syllables, and the keys that input methods make them of: `qa.syllables`, `qa.keyboard`."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.syllables import is_folded_syllable, is_syllable, respell, spell, split_tone
from index.text import fold, key
from qa.keyboard import NEIGHBOURS, TELEX, VNI, InputMethod, decode
from qa.slices import SLICES

# fmt: off
WORDS = [
    "đại", "sứ", "tiếng", "Việt", "được", "người", "mưa", "thuở", "là", "quý", "giữa", "huỳnh",
    "khoẻ", "hòa", "thúy", "đường", "nghiêng", "ưu", "lưu", "tựu", "quyển", "uống", "yếu", "giếng",
    "gì", "ấy", "ở", "ăn", "oằn", "ngoằn", "thuyền", "rượu",
]
# fmt: on


@pytest.mark.parametrize("word", WORDS)
def test_every_syllable_survives_both_input_methods(word: str) -> None:
    for name, method in (("telex", TELEX), ("vni", VNI)):
        for seed in range(20):
            typed = SLICES[name](word, random.Random(seed))
            assert key(word) in {key(spell(*found)) for found in decode(typed, method)}, typed


@pytest.mark.parametrize(
    ("typed", "method", "meant"),
    [
        ("ddaij", TELEX, {"đại"}),
        ("dduocwj", TELEX, {"được"}),
        ("muaw", TELEX, {"mưa"}),
        ("tieesng", TELEX, {"tiếng"}),
        ("d9a5i", VNI, {"đại"}),
        ("VIE6T5", VNI, {"việt"}),
        ("Panthers", TELEX, set()),
        ("texas", TELEX, set()),
        ("viet", TELEX, set()),
        ("g7", VNI, set()),
        ("cats", TELEX, {"cát"}),
        ("catr", TELEX, set()),  # no syllable that ends in t has this tone
    ],
)
def test_keys_to_syllables(typed: str, method: InputMethod, meant: set[str]) -> None:
    found = {spell(*syllable) for syllable in decode(typed, method)}
    assert found == meant


@given(st.text(max_size=14))
def test_no_keys_break_decoding(typed: str) -> None:
    for method in (TELEX, VNI):
        for letters, tone in decode(typed, method):
            assert is_syllable(letters, tone)


def test_neighbouring_keys() -> None:
    assert set(NEIGHBOURS["g"]) == set("fhtyvb")
    assert all(a in NEIGHBOURS[b] for a in NEIGHBOURS for b in NEIGHBOURS[a])


@pytest.mark.parametrize("word", [*WORDS, "xoong", "quốc", "gìn", "nghề", "ắt", "ý"])
def test_syllables_of_vietnamese(word: str) -> None:
    assert is_syllable(*split_tone(key(word)))
    assert is_folded_syllable(fold(key(word)))


@pytest.mark.parametrize("word", ["tesla", "panthers", "w", "th", "nguoii", "aa", "việtt"])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(*split_tone(key(word)))


def test_the_tone_mark_is_written_where_newspapers_write_it() -> None:
    assert respell("Hoà, HOÀ, thuý, khoẻ, qúy, gía, đòan") == (
        "Hòa, HÒA, thúy, khỏe, quý, giá, đoàn"
    )
    assert respell("toán của thuở quả già giữa giếng khuỷu ngoáy hóa") == (
        "toán của thuở quả già giữa giếng khuỷu ngoáy hóa"
    )
    assert respell("José Mécaniciens café") == "José Mécaniciens café"


@given(st.text())
def test_spelling_twice_changes_nothing_more(text: str) -> None:
    assert respell(respell(text)) == respell(text)
