"""Passages: every word in exactly one, of a readable length, questions with their answers."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.passages import MAX_SYLLABLES, PassageSpan, split_passages
from index.sentences import split_sentences


def sentence(syllables: int, last: str = "hết.") -> str:
    return " ".join(["Câu", *["chữ"] * (syllables - 2), last])


def passages(text: str, body: int = 0) -> list[str]:
    return [text[p.start : p.end] for p in split_passages(text, body)]


def lengths(text: str) -> list[int]:
    return [len(p.split()) for p in passages(text)]


def is_question(part: str) -> bool:
    return part.startswith("PV:")


def test_a_short_article_is_one_passage() -> None:
    assert passages("Hà Nội mưa.\n\nHuế nắng.\n") == ["Hà Nội mưa.\n\nHuế nắng."]


@pytest.mark.parametrize("text", ["", " \n\n ", "Tiêu đề\n"])
def test_a_body_without_words_has_no_passages(text: str) -> None:
    assert split_passages(text, len(text)) == []


def test_what_stands_before_the_body_is_in_no_passage() -> None:
    text = "Tiêu đề. Báo A.\n\nHà Nội mưa."
    assert passages(text, text.index("Hà")) == ["Hà Nội mưa."]


def test_paragraphs_are_joined_until_a_passage_is_long_enough() -> None:
    text = "\n".join(sentence(n) for n in (50, 40, 30, 150))
    assert lengths(text) == [90, 180]


def test_a_paragraph_that_fits_stays_whole() -> None:
    text = sentence(60) + "\n" + sentence(100) + " " + sentence(90)
    assert lengths(text) == [60, 190]


@pytest.mark.parametrize("total", [210, 400, 410, 990, 2010])
def test_a_long_paragraph_is_cut_into_parts_of_about_equal_length(total: int) -> None:
    found = lengths(" ".join(sentence(10) for _ in range(total // 10)))
    assert len(found) == -(-total // MAX_SYLLABLES)
    assert max(found) - min(found) <= 20


@pytest.mark.parametrize(
    "opening",
    [
        *("PV: Vì sao", "P.V: Vì sao", "Phóng viên: Vì sao", "Hỏi: Vì sao", "MC Lan: Vì sao"),
        *("Nhà báo Trần Nam: Vì sao", "Người dẫn chương trình: Vì sao"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_interviewers_question_opens_a_passage(opening: str, form: str) -> None:
    text = unicodedata.normalize(form, f"{sentence(20)}\n{opening} thế?\nÔng Nam: Vì mưa.")
    assert [p.split("\n")[0] for p in passages(text)][1:] == [
        unicodedata.normalize(form, f"{opening} thế?")
    ]


def test_a_question_stays_with_the_beginning_of_its_long_answer() -> None:
    answer = " ".join(sentence(30) for _ in range(12))
    found = passages(f"{sentence(100)}\nPV: {sentence(78, 'sao?')}\n{answer}")
    assert len(found) == 4
    assert found[1].startswith("PV:")
    assert len(found[1].split()) >= 79 + 30


def test_a_greeting_before_a_long_question_is_let_go_rather_than_the_answer() -> None:
    text = f"PV: {sentence(9)}\nPV: {sentence(99, 'sao?')}\n{sentence(100)}"
    assert lengths(text) == [10, 200]


def test_one_sentence_that_is_too_long_is_cut_between_words() -> None:
    clause = "một hai ba bốn năm sáu bảy tám chín mười,"
    text = " ".join([clause] * 45)
    (first, *_), found = split_passages(text), passages(text)
    assert first.sentences[0].end == first.end  # a part of the sentence
    assert all(len(p.split()) <= MAX_SYLLABLES and p.endswith("mười,") for p in found)
    assert " ".join(found) == text


@pytest.mark.parametrize("gap", ["", " " * 5000])
def test_a_run_of_characters_without_words_is_cut_too(gap: str) -> None:
    text = "a" * 3000 + gap + "b" * 3000
    spans = [s for p in split_passages(text) for s in p.sentences]
    assert "".join(text[s.start : s.end] for s in spans) == text.replace(" ", "")
    assert max(s.end - s.start for s in spans) <= 10 * MAX_SYLLABLES


def test_an_article_of_very_many_sentences_takes_no_longer_than_its_length() -> None:
    text = "A! " * 100_000
    assert sum(lengths(text)) == 100_000


# -- what holds for any article ------------------------------------------------------------------

sentences = st.integers(2, 60).map(sentence) | st.sampled_from(
    ["TS. Lê Nam nói.", "Vì sao?", "“Tôi về.” - ông nói.", "1. Tên gọi", "Hết…", sentence(260)]
)
paragraphs = st.tuples(
    st.sampled_from(["", "", "PV: ", "Ông Nam: "]), st.lists(sentences, min_size=1, max_size=8)
).map(lambda p: p[0] + " ".join(p[1]))
articles = st.lists(paragraphs, max_size=8).map("\n".join)


def assert_covers(text: str, body: int, found: list[PassageSpan]) -> None:
    end = body
    for passage in found:
        assert (passage.start, passage.end) == (
            passage.sentences[0].start,
            passage.sentences[-1].end,
        )
        for span in passage.sentences:
            assert end <= span.start < span.end
            assert not text[end : span.start].strip()
            end = span.end
    assert not text[end:].strip()


@settings(deadline=None)
@given(articles | st.text(max_size=200), st.integers(0, 30))
def test_every_character_but_white_space_is_in_one_sentence_in_order(text: str, body: int) -> None:
    body = min(body, len(text))
    assert_covers(text, body, split_passages(text, body))


@settings(deadline=None)
@given(articles)
def test_passages_end_where_sentences_end(text: str) -> None:
    ends = {s.end for s in split_sentences(text)}
    cut = [p.end for p in split_passages(text) if p.end not in ends]
    assert all(" chữ" in text[end : end + 4] for end in cut)  # only inside the endless sentence


@settings(deadline=None)
@given(articles)
def test_a_passage_is_longer_than_the_limit_only_where_it_must_be(text: str) -> None:
    for passage in split_passages(text):
        words = len(text[passage.start : passage.end].split())
        assert words <= MAX_SYLLABLES or len(passage.sentences) == 1


@settings(deadline=None)
@given(articles)
def test_a_question_is_never_torn_from_an_answer_that_fits(text: str) -> None:
    found = split_passages(text)
    starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\n")]
    for passage, following in pairwise(found):
        opening = max(s for s in starts if s < passage.end)
        if not is_question(text[opening:]) or is_question(text[following.start :]):
            continue
        if following.start not in starts:
            continue  # the question itself was cut
        held = text[opening : following.sentences[0].end]
        assert len(held.split()) > MAX_SYLLABLES
