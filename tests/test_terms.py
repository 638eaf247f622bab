"""What the collection says about words, against counts made the plain way."""

import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.store import NewPassage, Store
from index.terms import StoredTerms, TermNumbers, pack, write_terms
from index.text import fold, keys
from index.types import Article

PASSAGES = [
    ["Hà Nội có mưa.", "Mưa ở Hà Nội."],
    ["Nội các họp.", "Hà Giang nắng."],
    ["Ha noi, hà nội!", "", "Nắng"],
    ["Giá 5.000 đồng và 3,5 tỉ năm 2024."],
]


def stored(folder: Path, passages: Sequence[Sequence[str]]) -> StoredTerms:
    """Terms of an index in which every passage, a list of sentences, is an article."""
    store = Store.create(folder, {})
    numbers = TermNumbers(store)
    for at, sentences in enumerate(passages):
        packed = pack([numbers(s) for s in sentences])
        article = Article(str(at), " ".join(sentences))
        passage = NewPassage(0, len(article.text), packed, (), ())
        store.add_article(article, pack([numbers("Tiêu đề lạ")]), [passage])
    write_terms(folder, store, (blob for _, blob in store.all_terms()))
    return StoredTerms(folder, store)


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory) -> StoredTerms:
    return stored(tmp_path_factory.mktemp("terms"), PASSAGES)


def numbers(terms: StoredTerms, text: str) -> np.ndarray:
    return terms.numbers(keys(text))


def test_a_term_is_counted_once_in_each_passage(terms: StoredTerms) -> None:
    assert terms.frequency(numbers(terms, "hà nội mưa nắng")).tolist() == [3, 3, 1, 2]


def test_folded_counts_take_spellings_together(terms: StoredTerms) -> None:
    folded = terms.folded_numbers(numbers(terms, "hà nội"))
    assert folded.tolist() == numbers(terms, "ha noi").tolist()
    assert terms.frequency(folded).tolist() == [1, 1]  # as written: the third passage only
    assert terms.frequency(folded, folded=True).tolist() == [3, 3]


def test_pairs_stay_inside_sentences_and_passages(terms: StoredTerms) -> None:
    first, second = numbers(terms, "hà nội mưa nội"), numbers(terms, "nội hà mưa các")
    # "hà nội" in two passages; "nội hà" only across passages, "mưa mưa" only across sentences.
    assert terms.pair_frequency(first, second).tolist() == [2, 0, 0, 1]


def test_folded_pairs_take_spellings_together(terms: StoredTerms) -> None:
    pair = numbers(terms, "ha noi")
    assert terms.pair_frequency(pair[:1], pair[1:]).tolist() == [1]
    assert terms.pair_frequency(pair[:1], pair[1:], folded=True).tolist() == [2]


def test_unknown_terms_are_number_zero_and_stand_nowhere(terms: StoredTerms) -> None:
    unknown = numbers(terms, "vịnh hà")
    assert unknown[0] == 0 < unknown[1]
    assert terms.frequency(unknown).tolist() == [0, 3]
    assert terms.frequency(unknown, folded=True)[0] == 0
    assert terms.values(unknown).tolist() == [-1, -1]
    assert terms.folded_numbers(unknown)[0] == 0
    assert terms.pair_frequency(unknown, unknown[::-1]).tolist() == [0, 0]


def test_values_are_the_whole_parts_of_numbers(terms: StoredTerms) -> None:
    assert terms.values(numbers(terms, "5000 3,5 2024 đồng")).tolist() == [5000, 3, 2024, -1]


def test_a_number_too_large_has_the_largest_value(tmp_path: Path) -> None:
    terms = stored(tmp_path, [["1.999.999.999 và 84912345678 và ½"]])
    assert terms.values(numbers(terms, "1999999999 84912345678 ½")).tolist() == [
        *(2_000_000_000, 2_000_000_000, -1)
    ]


def test_variants_come_commonest_first_as_they_are_written(tmp_path: Path) -> None:
    passages = [["Mã của ma"], ["mã Ma, mạ"], ["MÃ mả"], ["Mỹ mi"], ["Mĩ"]]
    terms = stored(tmp_path, passages)
    assert [(t.spelling, t.passages) for t in terms.variants("ma")] == [
        *(("mã", 3), ("ma", 2), ("mả", 1), ("mạ", 1))
    ]
    assert [(t.spelling, t.passages) for t in terms.variants("mi")] == [("mỹ", 2), ("mi", 1)]
    for term in terms.variants("ma"):
        assert terms.numbers([term.key]).tolist() == [term.number]


def test_words_that_stand_in_no_passage_are_no_variants(terms: StoredTerms) -> None:
    assert terms.variants("la") == []  # "lạ" stands in titles
    assert terms.variants("mua") and terms.variants("mua")[0].spelling == "mưa"
    assert terms.variants("chưa có") == []


def test_sizes(terms: StoredTerms) -> None:
    assert terms.passages == 4
    count = sum(len(keys(s)) for p in PASSAGES for s in p)
    assert terms.mean_length == count / 4


def test_capitalised_words_are_negative_and_sentences_apart(tmp_path: Path) -> None:
    store = Store.create(tmp_path, {})
    number = TermNumbers(store)
    hanoi = number("Hà Nội hà ĐƯỜNG đường 5")
    ha, noi, duong, five = hanoi[2], -hanoi[1], hanoi[4], hanoi[5]
    assert hanoi == [-ha, -noi, ha, -duong, duong, five]
    assert pack([[ha], [], [noi, five]]).tolist() == [ha, 0, 0, noi, five]
    assert pack([]).tolist() == []
    known, new = TermNumbers(store)("đường mới")  # a later update goes on with the same numbers
    assert known == duong
    assert new not in {abs(n) for n in hanoi} | {0, duong}


def test_an_empty_collection(tmp_path: Path) -> None:
    terms = stored(tmp_path, [])
    none = numbers(terms, "hà nội")
    assert (terms.passages, terms.mean_length) == (0, 0)
    assert none.tolist() == terms.frequency(none).tolist() == [0, 0]
    assert terms.pair_frequency(none, none).tolist() == [0, 0]
    assert terms.variants("ha") == []


WORDS = ["Hà", "hà", "ha", "Nội", "nội", "noi", "mưa", "mua", "đi", "di", "5.000", "5000", "Ý", "y"]
sentence = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(sentence, max_size=4), max_size=6))
def test_counts_equal_those_of_a_plain_count(passages: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        terms = stored(Path(folder), passages)
        known = sorted({k for w in WORDS for k in (*keys(w), fold(keys(w)[0]))})
        for folded in (False, True):
            form = fold if folded else str
            single: Counter[str] = Counter()
            pairs: Counter[tuple[str, str]] = Counter()
            for passage in passages:
                forms = [[form(k) for k in keys(s)] for s in passage]
                single.update({k for s in forms for k in s})
                pairs.update({p for s in forms for p in pairwise(s)})
            found = terms.frequency(terms.numbers(known), folded)
            assert found.tolist() == [single[k] for k in known]
            wanted = [(a, b) for a in known for b in known]
            random.Random(0).shuffle(wanted)
            first = terms.numbers([a for a, _ in wanted])
            second = terms.numbers([b for _, b in wanted])
            assert terms.pair_frequency(first, second, folded).tolist() == [
                pairs[pair] for pair in wanted
            ]
