"""The parts of an index in Milvus that need no server: addresses, weights, filters, packs."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from index.errors import UsageError
from index.location import read_location
from index.milvus.address import MilvusAddress
from index.milvus.bm25 import length_of, passage_weights, question_weights
from index.milvus.connection import PIECE, joined, pieces
from index.milvus.gone import is_too_long, left, spans
from index.milvus.packs import Pack
from index.reader import Index
from index.types import Passage, Span

ROOT = Path(__file__).resolve().parents[1]


# -- addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "uri", "name", "is_dense"),
    [
        ("milvus://db.example:19531/news", "http://db.example:19531", "news", False),
        ("milvus://db.example/news?lanes=dense", "http://db.example:19530", "news", True),
        ("milvus:///tmp/a b/x.db/news", "/tmp/a b/x.db", "news", False),
        ("milvus:///news", "https://cloud.example:443", "news", False),
    ],
)
def test_addresses_name_a_server_or_a_file(
    monkeypatch: pytest.MonkeyPatch, text: str, uri: str, name: str, is_dense: bool
) -> None:
    monkeypatch.setenv("MILVUS_URI", "https://cloud.example:443")
    found = read_location(text)
    assert found == MilvusAddress(uri, name, is_dense)
    if text != "milvus:///news":
        assert read_location(str(found)) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("milvus://h:1/", "after the last / comes a name"),
        ("milvus://h:1/a-b", "after the last / comes a name"),
        ("milvus://h:1/a?lanes=none", "after the last / comes a name"),
        ("milvus://h:99999/a", "Port out of range"),
        ("milvus://h/folder/a", "names no index in Milvus; write"),
        ("milvus:///a", "names no server and MILVUS_URI is not set"),
    ],
)
def test_what_names_no_index_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    monkeypatch.delenv("MILVUS_URI", raising=False)
    with pytest.raises(UsageError, match=r"milvus://HOST:PORT/NAME") as refused:
        read_location(text)
    assert words in str(refused.value)


def test_without_the_package_one_line_says_what_to_install() -> None:
    hidden = "import sys; sys.modules['pymilvus'] = None; from qa.cli import main; main()"
    command = [sys.executable, "-c", hidden, "ask", "gì", "--index", "milvus://127.0.0.1:1/a"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "error: an index in Milvus needs the package pymilvus: pip install hoibao[milvus]\n"
    )


# -- weights ---------------------------------------------------------------------------------------


def test_inner_products_are_the_scores_of_tantivy(build_index: Callable[..., Index]) -> None:
    rng = np.random.default_rng(5)
    words = ["Hà", "Nội", "mưa", "mua", "nắng", "đường", "duong", "chợ", "5"]
    texts = {
        f"a{n}": " ".join(rng.choice(words, size=int(rng.integers(3, 120)))) + "."
        for n in range(40)
    }
    index = build_index(**texts)
    packed = dict(index.store.all_terms())
    terms = {n: np.abs(np.frombuffer(blob, dtype=np.int32)) for n, blob in packed.items()}
    question = ["hà", "nội", "mưa", "đường", "vắng"]
    for folded, field in ((False, "body"), (True, "folded")):
        shown = {n: index.terms.folded_numbers(t) if folded else t for n, t in terms.items()}
        mean = float(np.mean([length_of(t) for t in shown.values()]))
        asked = question_weights(question, folded, index.terms)
        ours = {}
        for number, numbers in shown.items():
            weights = as_dict(passage_weights(numbers, mean))
            ours[number] = sum(weight * weights.get(at, 0.0) for at, weight in asked.items())
        theirs = {-score: n for score, n in _scored(index, question, field, folded)}
        assert len(theirs) > 20
        for score, number in theirs.items():
            assert ours[number] == pytest.approx(score, rel=1e-5)


def as_dict(row: csr_array) -> dict[int, float]:
    return dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))


def _scored(index: Index, question: list[str], field: str, folded: bool) -> list[tuple[float, int]]:
    from index.lexical import grams
    from index.text import fold

    lanes = index._lexical
    wanted = grams([[fold(key) for key in question] if folded else question])
    terms = [
        (tantivy.Occur.Should, tantivy.Query.term_query(lanes._schema, field, gram, "freq"))
        for gram in dict.fromkeys(wanted)
    ]
    return lanes._hits(tantivy.Query.boolean_query(terms), 100)


def test_a_passage_without_words_still_has_a_weight() -> None:
    assert as_dict(passage_weights(np.zeros(3, dtype=np.int32), 0.0)) == {0: 1.0}


# -- filters ---------------------------------------------------------------------------------------


@given(st.sets(st.integers(1, 400)), st.integers(1, 500))
def test_a_filter_leaves_out_what_is_gone(numbers: set[int], asked: int) -> None:
    gone = spans(3, numbers)
    assert sorted(n for _, first, last in gone for n in range(first, last + 1)) == sorted(numbers)
    python = left("number", 3, gone)  # the same in both languages
    assert eval(python, {"number": asked, "added": 3}) == (asked not in numbers)
    assert not eval(python, {"number": asked, "added": 4})


def test_a_long_list_of_what_is_gone_is_told() -> None:
    assert not is_too_long(spans(1, range(1, 1_000_000)))
    assert is_too_long(spans(1, range(1, 30_000, 2)))


# -- packs -----------------------------------------------------------------------------------------


@given(st.binary(max_size=300_000))
def test_bytes_come_out_of_pieces_as_they_went_in(content: bytes) -> None:
    parts = pieces(content)
    assert joined(parts) == content
    assert all(len(part) == PIECE for part in parts[:-1])


def test_a_pack_is_read_as_it_was_written() -> None:
    rng = np.random.default_rng(1)
    spans_ = (Span(0, 5), Span(6, 9))
    pack = Pack(
        Passage(7, "a.1", "bài \udcff", 0, 9, spans_),
        "Ngày Nay",
        "2024",
        np.array([3, -4, 0, 5], dtype=np.int32),
        np.array([9], dtype=np.int32),
        (b"a" * 16, b"b" * 16),
        rng.normal(size=(2, 8)).astype(np.float16),
    )
    found = Pack.from_bytes(pack.to_bytes())
    assert (found.passage, found.outlet, found.date) == (pack.passage, pack.outlet, pack.date)
    assert found.keys == pack.keys
    for name in ("terms", "title", "vectors"):
        np.testing.assert_array_equal(getattr(found, name), getattr(pack, name))
