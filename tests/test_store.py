"""The SQLite file: what goes in comes out, and what is gone leaves nothing behind."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.database import FILE, FORMAT, start_over, take_over
from index.errors import BadIndexError
from index.store import NewPassage, Store, digest, passage_ids, vector_key
from index.types import Article, Span

ARTICLE = Article(
    id="a1",
    text="Tiêu đề\nHà Nội mưa. Trời lạnh.\nHuế nắng.",
    title="Tiêu đề",
    date="2024-05",
    source="Báo Thử",
    author="Lê Nam",
    url="https://bao.vn/1",
    origin="/bai/1.txt",
    body=8,
)
PASSAGES = [
    NewPassage(8, 30, np.array([1, -2, 0, 3], np.int32), (Span(8, 19), Span(20, 30)), (b"x", b"y")),
    NewPassage(31, 40, np.array([4], np.int32), (Span(31, 40),), (b"z",)),
]
TITLE = np.array([5, 6], np.int32)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path, {"encoder": "words"})
    store.add_article(ARTICLE, TITLE, PASSAGES)
    return store


def test_an_article_comes_back_as_it_was(store: Store) -> None:
    assert store.article("a1") == ARTICLE
    assert list(store.articles()) == [ARTICLE]
    assert store.article("a2") is None
    assert store.digests() == {"a1": (digest(ARTICLE), "/bai/1.txt")}


def test_text_comes_back_to_the_last_character(store: Store) -> None:
    text = "\ufeffe\u0301 ế\u00a0\r\n\u2028🎉\u200b "
    store.add_article(replace(ARTICLE, id="lạ", text=text), TITLE, [])
    found = store.article("lạ")
    assert found is not None
    assert found.text == text


def test_passages_come_in_the_order_that_was_asked_for(store: Store) -> None:
    first, second = store.passages_of("a1")
    assert [(p.start, p.end, p.sentences) for p in (first, second)] == [
        (p.start, p.end, p.sentences) for p in PASSAGES
    ]
    assert store.passages([second.number, 99, first.number]) == [second, first]
    assert store.passage(first.id) == first
    assert store.passage("a1.unknown") is None
    assert store.passages([]) == store.passages_of("a2") == []


def test_terms_come_back_packed(store: Store) -> None:
    first, second = store.passages_of("a1")
    packed = "a1", PASSAGES[0].terms.tobytes(), TITLE.tobytes()
    assert store.passage_terms([first.number]) == {first.number: packed}
    assert [row[0] for row in store.all_terms()] == [first.number, second.number]


def test_a_deleted_article_leaves_nothing_behind(store: Store) -> None:
    store.delete_articles(["a1", "unknown"])
    counts = {t: store.count(t) for t in ("articles", "passages", "sentences")}
    assert counts == {"articles": 0, "passages": 0, "sentences": 0}


def test_numbers_of_passages_are_never_given_twice(store: Store) -> None:
    before = {p.number for p in store.passages_of("a1")}
    store.delete_articles(["a1"])
    store.add_article(ARTICLE, TITLE, PASSAGES)
    assert before.isdisjoint({p.number for p in store.passages_of("a1")})


def test_vectors_are_found_missing_kept_and_dropped(store: Store) -> None:
    rows = np.array([[0.6, 0.8], [1, 0], [0, 1]], np.float32)
    assert store.missing_vectors([b"x", b"y", b"x"]) == {b"x", b"y"}
    store.add_vectors([b"x", b"y", b"spare"], rows)
    assert store.missing_vectors([b"x", b"z"]) == {b"z"}
    store.drop_unused_vectors([])
    assert store.missing_vectors([b"x", b"y", b"spare"]) == {b"spare"}
    vectors = [np.frombuffer(value, np.float16) for value in store.sentence_vectors()]
    np.testing.assert_allclose(np.stack(vectors), rows[:2], atol=5e-4)


def test_more_keys_than_one_statement_takes(store: Store) -> None:
    names = [b"%d" % n for n in range(1201)]
    store.db.execute("BEGIN")
    store.add_vectors(names, np.ones((1201, 2), np.float32))
    assert store.missing_vectors([*names, b"new"]) == {b"new"}


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Khác"},
        {"title": "Khác"},
        {"date": "2024"},
        {"source": "Khác"},
        {"author": "Khác"},
        {"url": ""},
        {"origin": "/bai/2.txt"},
        {"body": 9},
    ],
)
def test_every_field_that_a_reader_sees_changes_the_digest(change: dict[str, str]) -> None:
    assert digest(replace(ARTICLE, **change)) != digest(ARTICLE)  # type: ignore[arg-type]
    assert digest(replace(ARTICLE)) == digest(ARTICLE)


def test_fields_do_not_run_together_in_the_digest() -> None:
    one = replace(ARTICLE, source="ab", author="c")
    assert digest(one) != digest(replace(ARTICLE, source="a", author="bc"))


def test_vector_keys_tell_encoders_and_texts_apart() -> None:
    names = {vector_key(f, t) for f, t in [("e1", "mưa"), ("e2", "mưa"), ("e1", "nắng")]}
    assert len(names) == 3


def test_ids_of_passages_come_from_their_words() -> None:
    ids = passage_ids(ARTICLE, PASSAGES)
    moved = replace(ARTICLE, text="Mới. " + ARTICLE.text)
    shifted = [replace(p, start=p.start + 5, end=p.end + 5) for p in PASSAGES]
    assert passage_ids(moved, shifted) == ids
    assert all(i.startswith("a1.") for i in ids)
    assert (
        passage_ids(replace(ARTICLE, text=ARTICLE.text.replace("Huế", "Vinh")), PASSAGES)[0]
        == (ids[0])
    )


def test_passages_of_the_same_words_have_ids_of_their_own() -> None:
    article = Article("a", "Dạ. Dạ. Dạ.")
    same = [replace(PASSAGES[0], start=at, end=at + 3) for at in (0, 4, 8)]
    first, *others = passage_ids(article, same)
    assert others == [f"{first}-2", f"{first}-3"]


def test_a_new_store_names_its_settings(store: Store) -> None:
    assert (store.meta("encoder"), store.meta("format")) == ("words", str(FORMAT))
    assert (store.meta("state"), store.meta("unknown")) == ("0", "")
    store.set_meta("state", "7")
    assert Store.create(store.folder, {"encoder": "other"}).meta("encoder") == "words"
    assert Store.open(store.folder).meta("state") == "7"


def test_a_store_that_is_open_for_reading_cannot_be_written(store: Store) -> None:
    reader = Store.open(store.folder)
    assert reader.article("a1") == ARTICLE
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.delete_articles(["a1"])


def test_starting_over_drops_all_but_vectors_and_what_readers_see(store: Store) -> None:
    store.set_meta("state", "4")
    store.add_vectors([b"x"], np.ones((1, 2), np.float32))
    store.db.execute("CREATE TABLE of_another_format (x)")
    reader = Store.open(store.folder)
    reader.db.execute("BEGIN")
    assert reader.count("articles") == 1
    take_over(store.db)
    store.db.execute("BEGIN IMMEDIATE")
    start_over(store.db, {"encoder": "new"})
    store.db.execute("COMMIT")
    assert (store.count("articles"), store.meta("encoder"), store.meta("state")) == (0, "new", "4")
    assert (store.missing_vectors([b"x"]), store.count("sentences")) == (set(), 0)
    assert reader.article("a1") == ARTICLE


def test_vectors_filed_in_another_way_are_not_taken_over(store: Store) -> None:
    store.db.execute("DROP TABLE vectors")
    store.db.execute("CREATE TABLE vectors (name TEXT)")
    take_over(store.db)
    store.add_vectors([b"x"], np.ones((1, 2), np.float32))
    assert store.missing_vectors([b"x"]) == set()


def test_a_folder_without_an_index_is_named_with_the_next_command(tmp_path: Path) -> None:
    with pytest.raises(BadIndexError, match=rf"no index in {tmp_path}.*: qa index ARTICLES"):
        Store.open(tmp_path)


def test_a_file_without_tables_has_no_articles(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    with pytest.raises(BadIndexError, match=r"no articles in .*: qa index ARTICLES"):
        Store.open(tmp_path)


@pytest.mark.parametrize("opens", [Store.open, lambda folder: Store.create(folder, {})])
def test_a_file_that_is_not_sqlite_is_damaged(tmp_path: Path, opens: object) -> None:
    (tmp_path / FILE).write_bytes(b"not a database, but long enough to be read as one\n" * 50)
    with pytest.raises(BadIndexError, match=r"index.sqlite is damaged \(file is not a database\)"):
        opens(tmp_path)  # type: ignore[operator]
