"""Keys: every spelling of a word meets in one, and each knows its slice of the text."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.text import fold, has_diacritics, key, keys, tokens, words

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯHMáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩị"
LETTERS += "óòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵÝỲỶỸỴ"
vietnamese = st.text(alphabet=LETTERS + "0123456789 .,/:-()“”!?\n", max_size=60)
anything = st.text(max_size=40)


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("thuý", "thúy"),
        ("Thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("Mỹ", "Mĩ"),
        ("kỹ", "kĩ"),
        ("lý", "lí"),
        ("quý", "quí"),
        ("Đường", "đường"),
        ("ĐƯỜNG", "đường"),
        ("ðường", "đường"),  # the Icelandic letter, which some keyboards give
        ("Ðường", "đường"),
        ("Ｈà", "hà"),
        ("ế", nfd("ế")),
        ("Nguyễn", nfd("Nguyễn")),
        ("ỏ", "o\u0309"),
        ("ệ", "e\u0302\u0323"),  # marks in the order that some keyboards give
    ],
)
def test_spellings_of_one_word_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoa", "hoà"),
        ("đa", "da"),
        ("mai", "may"),  # only after some consonants, and only as the whole rhyme
        ("tay", "tai"),
        ("thuy", "thui"),
        ("ý", "í"),
        ("cân", "căn"),
        ("5", "50"),
        ("3,5", "35"),
    ],
)
def test_different_words_have_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5.000", ["5000"]),
        ("5,000", ["5000"]),
        ("5000", ["5000"]),
        ("1.000.000", ["1000000"]),
        ("1,000,000", ["1000000"]),
        ("1.234,5", ["1234,5"]),
        ("1,234.5", ["1234,5"]),
        ("3,5", ["3,5"]),
        ("3.5", ["3,5"]),
        ("007", ["7"]),
        ("0", ["0"]),
        ("25/5/2024", ["25", "5", "2024"]),
        ("25/05/2024", ["25", "5", "2024"]),
        ("10.2.2025", ["10", "2", "2025"]),
        ("10-2-2025", ["10", "2", "2025"]),
        ("61/2020/QH14", ["61", "2020", "qh", "14"]),
        ("20h30", ["20", "h", "30"]),
        ("giá 5.000.", ["giá", "5000"]),
        ("1.000.000, rồi 3,5.", ["1000000", "rồi", "3,5"]),
        ("２０２４", ["2024"]),
        ("Năm ２０２４", ["năm", "2024"]),
        ("m²", ["m2"]),
        ("F0", ["f", "0"]),
    ],
)
def test_numbers(text: str, expected: list[str]) -> None:
    assert keys(text) == [key(k) if k.isalpha() else k for k in expected]


def test_words_of_one_letter_are_kept() -> None:
    assert words("Ý và ô, ở y tế.") == ["Ý", "và", "ô", "ở", "y", "tế"]
    assert len(keys("Ý ô ở y")) == 4
    assert keys("Ý") == keys(nfd("ý")) != keys("Y")


@pytest.mark.parametrize("text", ["", " \n", "…!?“”()", "_ __", "🎉"])
def test_text_without_words_has_no_keys(text: str) -> None:
    assert keys(text) == []


def test_tokens_are_slices_of_the_text_as_it_was_typed() -> None:
    text = f"Giá {nfd('đường')} là 5.000 đồng/kg."
    assert [text[t.start : t.end] for t in tokens(text)] == [
        *("Giá", nfd("đường"), "là", "5.000", "đồng", "kg")
    ]


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("đường", "duong"),
        ("Hoà", "hoa"),
        ("Ðà", "da"),
        ("Mỹ", "mi"),
        ("2024", "2024"),
        ("quý", "qui"),
    ],
)
def test_fold_takes_all_diacritics(word: str, bare: str) -> None:
    assert fold(key(word)) == bare


@pytest.mark.parametrize(
    ("word", "expected"),
    [("đi", True), ("Đi", True), ("hà", True), ("ô", True), ("anh", False), ("5.000", False)],
)
def test_has_diacritics(word: str, expected: bool) -> None:
    assert has_diacritics(word) is expected
    assert has_diacritics(nfd(word)) is expected


@settings(deadline=None)
@given(vietnamese)
def test_nfc_and_nfd_have_the_same_keys(text: str) -> None:
    assert keys(nfc(text)) == keys(nfd(text))


@settings(deadline=None)
@given(vietnamese)
def test_capitals_do_not_matter(text: str) -> None:
    assert keys(text.upper()) == keys(text) == keys(text.lower())


@settings(deadline=None)
@given(anything | vietnamese)
def test_fold_is_idempotent(text: str) -> None:
    for k in keys(text):
        assert fold(fold(k)) == fold(k)


@settings(deadline=None)
@given(vietnamese)
def test_a_word_written_without_diacritics_has_the_folded_key(text: str) -> None:
    without_d = text.replace("đ", "d").replace("Đ", "D")
    bare = "".join(c for c in nfd(without_d) if not unicodedata.combining(c))
    assert keys(bare) == [fold(k) for k in keys(text)]


@settings(deadline=None)
@given(vietnamese)
def test_a_spelling_leads_back_to_its_key(text: str) -> None:
    for word in words(text):
        assert key(nfc(word.lower())) == key(word)


@settings(deadline=None)
@given(anything | vietnamese)
def test_no_word_has_white_space_in_it(text: str) -> None:
    assert words(text) == [word for piece in text.split() for word in words(piece)]


@settings(deadline=None)
@given(anything | vietnamese)
def test_tokens_are_in_order_and_hold_every_letter_and_digit(text: str) -> None:
    end = 0
    between = []
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert token.key == key(text[token.start : token.end])
        between.append(text[end : token.start])
        end = token.end
    between.append(text[end:])
    assert not any(c.isalnum() for part in between for c in part)
    assert [t.key for t in tokens(text)] == keys(text) == [key(w) for w in words(text)]


@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_a_number_with_and_without_its_separators_is_one(number: int) -> None:
    assert keys(f"{number:,}") == keys(f"{number:,}".replace(",", ".")) == keys(str(number))
