"""The lexical and the dense lanes: which passages, in which order."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense import DenseLane, write_common, write_dense
from index.lexical import LexicalLanes, grams, write_lexical
from index.text import keys
from index.types import Vectors
from index.vectors import FEW

TEXTS = {
    3: ["Đường phố Hà Nội ngập."],
    7: ["Nội các họp ở Hà Giang.", "Trời mưa."],
    8: ["Giá đường tăng.", "Đường cát trắng."],
    12: ["Trời nắng.", "Không có gì."],
}


def lanes(folder: Path, texts: dict[int, list[str]]) -> LexicalLanes:
    write_lexical(folder, [(n, [keys(s) for s in sentences]) for n, sentences in texts.items()])
    return LexicalLanes(folder)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalLanes:
    return lanes(tmp_path_factory.mktemp("lexical"), TEXTS)


# -- lexical -------------------------------------------------------------------------------------


def test_grams_are_syllables_and_pairs_inside_sentences() -> None:
    found = grams([["hà", "nội"], ["mưa"], []])
    assert found == ["hà", "nội", "hà_nội", "mưa"]


def test_neighbours_in_the_question_count_more_than_words_apart(lexical: LexicalLanes) -> None:
    assert lexical.search(keys("Hà Nội"), 10) == [3, 7]


def test_the_word_that_stands_more_often_comes_first(lexical: LexicalLanes) -> None:
    assert lexical.search(keys("đường"), 10) == [8, 3]


def test_spelling_counts_in_the_written_lane_only(lexical: LexicalLanes) -> None:
    assert lexical.search(keys("duong"), 10) == []
    assert lexical.search(keys("duong"), 10, folded=True) == [8, 3]
    assert lexical.search(keys("đường"), 10, folded=True) == [8, 3]
    assert lexical.search(keys("dường"), 10, folded=True) == [8, 3]


@pytest.mark.parametrize("question", ["", "vắng mặt", "!?"])
@pytest.mark.parametrize("folded", [False, True])
def test_no_word_in_common_finds_nothing(
    lexical: LexicalLanes, question: str, folded: bool
) -> None:
    assert lexical.search(keys(question), 10, folded) == []


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_of_nothing_finds_nothing(lexical: LexicalLanes, limit: int) -> None:
    assert lexical.search(keys("hà"), limit) == []


def test_the_limit_keeps_the_best(lexical: LexicalLanes) -> None:
    assert lexical.search(keys("Hà Nội trời"), 1) == lexical.search(keys("Hà Nội trời"), 9)[:1]


def test_a_word_said_twice_counts_once(lexical: LexicalLanes) -> None:
    once, twice = keys("trời đường"), keys("trời đường") + keys("trời") * 9
    assert lexical.search(twice, 10) == lexical.search(once, 10)


def test_keys_that_look_like_a_query_language_are_words(lexical: LexicalLanes) -> None:
    assert lexical.search(["AND", "*", "hà", 'body:"mưa"'], 10) == lexical.search(["hà"], 10)


def test_equal_passages_come_by_number(tmp_path: Path) -> None:
    same = lanes(tmp_path, {n: ["Hà Nội mưa."] for n in (9, 2, 30, 4)})
    assert same.search(keys("mưa"), 10) == [2, 4, 9, 30]
    assert same.search(keys("mua"), 10, folded=True) == [2, 4, 9, 30]


def test_no_passages_at_all(tmp_path: Path) -> None:
    assert lanes(tmp_path, {}).search(["hà"], 10) == []


words = st.lists(st.sampled_from(["hà", "nội", "noi", "mưa", "mua", "5"]), max_size=5)


@settings(max_examples=8, deadline=None)
@given(st.lists(words, max_size=8), words)
def test_every_passage_with_a_word_of_the_question_is_found(
    passages: list[list[str]], question: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = lanes(Path(folder), {n: [" ".join(p)] for n, p in enumerate(passages)})
        assert sorted(found.search(keys(" ".join(question)), 100)) == [
            n for n, passage in enumerate(passages) if set(passage) & set(question)
        ]


@settings(max_examples=12, deadline=None)
@given(
    st.lists(words, min_size=1, max_size=40),
    words,
    st.sets(st.integers(0, 45)),
    st.integers(1, 50),
    st.booleans(),
)
def test_only_the_allowed_come_and_all_of_them(
    passages: list[list[str]], question: list[str], allowed: set[int], limit: int, folded: bool
) -> None:
    """As if all hits were ranked and the others then left out."""
    with tempfile.TemporaryDirectory() as folder:
        found = lanes(Path(folder), {n: [" ".join(p)] for n, p in enumerate(passages)})
        every = found.search(keys(" ".join(question)), 100, folded)
        only = np.array(sorted(allowed), dtype=np.int64)
        best = found.search(keys(" ".join(question)), limit, folded, only)
        assert set(best) <= allowed
        assert len(best) == min(limit, len(allowed.intersection(every)))
        whole = found.search(keys(" ".join(question)), 100, folded, only)
        assert whole == [number for number in every if number in allowed]


# -- dense ---------------------------------------------------------------------------------------


def unit(*rows: list[float]) -> Vectors:
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def dense(folder: Path, passages: list[int], vectors: Vectors) -> DenseLane:
    blocks = [vectors.astype(np.float16)]
    write_dense(folder, np.array(passages, dtype=np.int64), vectors.shape[1], blocks)
    write_common(folder, vectors)
    return DenseLane(folder)


def test_a_passage_ranks_by_its_nearest_sentence(tmp_path: Path) -> None:
    vectors = unit([1, 0, 0], [0, 1, 0], [1, 1, 0], [1, 1, 0], [0, 0, 1])
    lane = dense(tmp_path, [2, 2, 5, 5, 9], vectors)
    assert lane.search(unit([0, 1, 0]), 10) == [2, 5, 9]
    assert lane.search(unit([1, 1, 0])[0], 10) == [5, 2, 9]  # also as a plain row
    assert lane.search(unit([0, 0.1, 1]), 2) == [9, 2]
    assert lane.dim == 3


def test_equal_sentences_come_by_number_of_their_passage(tmp_path: Path) -> None:
    lane = dense(tmp_path, [1, 4, 4, 6, 8], unit(*[[1, 1, 0]] * 5))
    assert lane.search(unit([1, 0, 0]), 10) == [1, 4, 6, 8]


def test_a_limit_of_nothing_finds_no_vector(tmp_path: Path) -> None:
    lane = dense(tmp_path, [1], unit([1, 0, 0]))
    assert lane.search(unit([1, 0, 0]), 0) == []
    assert lane.search(unit([1, 0, 0]), 1) == [1]


def test_no_vectors_at_all(tmp_path: Path) -> None:
    lane = dense(tmp_path, [], np.zeros((0, 3), dtype=np.float32))
    assert lane.search(unit([1, 0, 0]), 5) == []
    assert lane.vectors([1])[0].shape == (0, 3)


def test_vectors_of_passages_are_their_own_rows(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    rows = unit(*rng.normal(size=(9, 8)).tolist())
    numbers = [2, 2, 2, 3, 7, 7, 10, 11, 11]
    lane = dense(tmp_path, numbers, rows)
    wanted = [11, 2, 10, 5, 7]
    for number, found in zip(wanted, lane.vectors(wanted), strict=True):
        own = rows[np.array(numbers) == number]
        assert found.shape == own.shape
        np.testing.assert_allclose(found, own, atol=1e-3)
    assert lane.vectors([]) == []


def test_files_of_different_states_are_refused(tmp_path: Path) -> None:
    dense(tmp_path, [1, 2], unit([1, 0, 0], [0, 1, 0]))
    np.save(tmp_path / "dense" / "base_passages.npy", np.array([1], dtype=np.int64))
    with pytest.raises(ValueError, match="2 vectors for 1 sentences"):
        DenseLane(tmp_path)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=12).map(sorted), st.integers(0, 2**32 - 1))
def test_the_order_is_that_of_all_scores(numbers: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = unit(*rng.integers(1, 9, size=(len(numbers), 5)).tolist())
    rows = rows.astype(np.float16).astype(np.float32)  # as they are stored
    query = unit(rng.integers(1, 4, size=5).tolist())
    scores: npt.NDArray[np.float32] = rows @ query[0]
    best = {n: max(s for m, s in zip(numbers, scores, strict=True) if m == n) for n in numbers}
    with tempfile.TemporaryDirectory() as folder:
        found = dense(Path(folder), numbers, rows).search(query, 12)
    assert sorted(found) == sorted(set(numbers))
    ranked = [float(best[n]) for n in found]
    assert ranked == pytest.approx(sorted(ranked, reverse=True), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=80).map(sorted),
    st.sets(st.integers(0, 32)),
    st.integers(0, 2**32 - 1),
)
def test_only_allowed_sentences_are_near(numbers: list[int], allowed: set[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = unit(*rng.normal(size=(len(numbers), 8)).tolist())
    query = unit(rng.normal(size=8).tolist())
    only = np.array(sorted(allowed), dtype=np.int64)
    with tempfile.TemporaryDirectory() as folder:
        lane = dense(Path(folder), numbers, rows)
        every = lane.search(query, 100)
        assert lane.search(query, 100, only) == [n for n in every if n in allowed]


# -- many vectors, which are scanned by codes -----------------------------------------------------

MANY = FEW + 8_000


@pytest.fixture(scope="module")
def coded_rows() -> Vectors:
    rows = np.random.default_rng(5).normal(size=(MANY, 32)).astype(np.float32)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory, coded_rows: Vectors) -> DenseLane:
    return dense(tmp_path_factory.mktemp("coded"), list(range(1, MANY + 1)), coded_rows)


def exact(rows: Vectors, query: Vectors, count: int) -> list[int]:
    """Passage numbers by all scores, where row i is passage i + 1."""
    scores = rows.astype(np.float32) @ query
    return (np.argsort(-scores, kind="stable")[:count] + 1).tolist()


def test_every_one_of_many_vectors_is_found_by_itself(
    coded: DenseLane, coded_rows: Vectors
) -> None:
    """In every shard, its first and last row too."""
    places = np.linspace(0, MANY - 1, 401).astype(int).tolist()
    for at in places:
        assert coded.search(coded_rows[at].astype(np.float32), 1) == [at + 1]


def test_the_nearest_of_many_are_nearly_those_of_all_scores(
    coded: DenseLane, coded_rows: Vectors
) -> None:
    queries = unit(*np.random.default_rng(6).normal(size=(40, 32)).tolist())
    shares = []
    for query in queries:
        found, wanted = coded.search(query, 10), exact(coded_rows, query, 10)
        shares.append(len(set(found) & set(wanted)) / 10)
        held = [number for number in wanted if number in found]
        assert [number for number in found if number in held] == held
    assert np.mean(shares) >= 0.98


@pytest.mark.parametrize("share", [0.9, 0.2, 0.001])
def test_only_allowed_ones_of_many_are_near(
    coded: DenseLane, coded_rows: Vectors, share: float
) -> None:
    rng = np.random.default_rng(7)
    only = np.flatnonzero(rng.random(MANY) < share) + 1
    query = unit(rng.normal(size=32).tolist())[0]
    found = coded.search(query, 10, only)
    allowed = set(only.tolist())
    wanted = [number for number in exact(coded_rows, query, MANY) if number in allowed][:10]
    assert set(found) <= allowed
    assert len(found) == 10
    assert len(set(found) & set(wanted)) >= 9


def test_many_are_searched_side_by_side_as_one_after_the_other(coded: DenseLane) -> None:
    queries = unit(*np.random.default_rng(8).normal(size=(60, 32)).tolist())
    alone = [coded.search(query, 20) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda query: coded.search(query, 20), queries)) == alone


def test_a_shard_that_is_missing_is_noticed(tmp_path: Path, coded_rows: Vectors) -> None:
    dense(tmp_path, list(range(1, MANY + 1)), coded_rows)
    file = tmp_path / "dense" / "base.faiss"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 4 * 3])
    with pytest.raises(RuntimeError):
        DenseLane(tmp_path)
