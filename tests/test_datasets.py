"""Every shape of judged questions, what is wrong with broken ones, and whose articles are meant."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import update_index
from index.errors import UsageError
from index.reader import Index
from qa.datasets import read_dataset
from qa.resolve import missing, resolve
from tests.fakes import WordEncoder
from tests.judged_sets import ARTICLES, QUESTIONS, write_beir, write_lines, write_own


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOIBAO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def squad(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_beir(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "tập")
    write_lines(
        folder / "queries.jsonl",
        [{"_id": "q1", "text": "Sông Hồng dài bao nhiêu?"}, {"_id": "q9", "text": "Không ai chấm"}],
    )
    dataset = read_dataset(folder)
    assert dataset.name == "tập"
    assert dataset.corpus == folder / "corpus.jsonl"
    assert [(q.id, q.relevant, q.answers) for q in dataset.questions] == [
        ("q1", {"sông": 1}, ("1.149 km",))
    ]
    assert dataset.left_out == {"no article is judged relevant": 1}


def test_beir_with_its_judgements_in_a_folder_and_without_a_header(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "set")
    (folder / "qrels.tsv").unlink()
    (folder / "answers.jsonl").unlink()
    (folder / "qrels").mkdir()
    (folder / "qrels/test.tsv").write_text("q1\tsông\t2\nq1\tvịnh\t0\n", encoding="utf-8")
    (question,) = read_dataset(folder).questions
    assert question.relevant == {"sông": 2}
    assert question.answers == ()


def test_squad_1_and_2(tmp_path: Path) -> None:
    path = squad(
        tmp_path / "hỏi.json",
        {
            "data": [
                {
                    "title": "Sông_Hồng",
                    "paragraphs": [
                        {
                            "context": "Sông Hồng dài 1.149 km.",
                            "qas": [
                                {
                                    "id": 7,
                                    "question": "Dài bao nhiêu?",
                                    "answers": [
                                        {"text": "1.149 km", "answer_start": 14},
                                        {"text": "1.149 km", "answer_start": 14},
                                    ],
                                },
                                {"id": "x", "question": "Rộng?", "is_impossible": True},
                                {"id": "y", "question": "Sâu?", "answers": []},
                            ],
                        },
                        {"context": "Đoạn không ai hỏi.", "qas": []},
                    ],
                }
            ]
        },
    )
    dataset = read_dataset(path)
    (question,) = dataset.questions
    assert (question.id, question.text, question.answers, question.starts) == (
        "7",
        "Dài bao nhiêu?",
        ("1.149 km",),
        (14,),
    )
    assert dataset.left_out == {"no answer in the article": 2}
    assert dataset.corpus is not None
    articles = [json.loads(line) for line in dataset.corpus.read_text("utf-8").splitlines()]
    assert [a["title"] for a in articles] == ["Sông Hồng", "Sông Hồng"]
    assert articles[0]["text"] == "Sông Hồng dài 1.149 km."
    assert question.relevant == {articles[0]["id"]: 1}
    assert read_dataset(path) == dataset


TAGGED = """<top>
<num> Number: 301
<title> Sông Hồng dài
bao nhiêu?
<desc> Description:
Độ dài của sông.
</top>
<top>
<num>302</num>
<title>Đỉnh Fansipan</title>
</top>
"""


@pytest.mark.parametrize(
    ("name", "topics"),
    [("topics.txt", TAGGED), ("topics.tsv", "301\tSông Hồng dài bao nhiêu?\n302\tĐỉnh Fansipan\n")],
)
def test_trec(tmp_path: Path, name: str, topics: str) -> None:
    (tmp_path / name).write_text(topics, encoding="utf-8")
    (tmp_path / "qrels.txt").write_text("301 0 sông 2\n301 0 núi 0\n302 0 núi 1\n", "utf-8")
    (tmp_path / "corpus").mkdir()
    dataset = read_dataset(tmp_path)
    assert dataset.corpus == tmp_path / "corpus"
    assert [(q.id, q.text, q.relevant) for q in dataset.questions] == [
        ("301", "Sông Hồng dài bao nhiêu?", {"sông": 2}),
        ("302", "Đỉnh Fansipan", {"núi": 1}),
    ]


def test_questions_written_by_hand(tmp_path: Path) -> None:
    path = write_own(tmp_path / "của tôi")
    dataset = read_dataset(path)
    assert dataset == read_dataset(tmp_path / "của tôi")
    assert dataset.name == "của tôi"
    assert dataset.corpus == tmp_path / "của tôi" / "articles"
    assert [q.id for q in dataset.questions] == list(QUESTIONS)
    assert dataset.left_out == {"no article answers it": 1, "follows another question": 1}


def test_the_questions_of_the_sample() -> None:
    dataset = read_dataset(Path(__file__).parents[1] / "sample" / "questions.jsonl")
    assert dataset.name == "sample"
    assert len(dataset.questions) > 150
    assert all(q.answers and q.evidence for q in dataset.questions)


def broken_squad(folder: Path) -> Path:
    return squad(folder / "a.json", {"data": [{"title": "A", "paragraphs": [{"qas": []}]}]})


def broken_line(folder: Path) -> Path:
    write_beir(folder)
    (folder / "queries.jsonl").write_text('{"_id": "q1"\n', encoding="utf-8")
    return folder


def broken_judgement(folder: Path) -> Path:
    write_beir(folder)
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tsông\tcao\n", "utf-8")
    return folder


def two_shapes(folder: Path) -> Path:
    write_lines(write_beir(folder) / "questions.jsonl", [])
    return folder


def without_corpus(folder: Path) -> Path:
    (write_beir(folder) / "corpus.jsonl").unlink()
    return folder


def other_ids(folder: Path) -> Path:
    (write_beir(folder) / "qrels.tsv").write_text("x1\tsông\t1\n", encoding="utf-8")
    return folder


def twice(folder: Path) -> Path:
    line = {"id": "a", "question": "Gì?", "article": "sông"}
    return write_lines(folder / "questions.jsonl", [line, line])


def not_text(folder: Path) -> Path:
    return write_lines(folder / "q.jsonl", [{"question": "Gì?", "article": ["sông"]}])


def not_utf8(folder: Path) -> Path:
    path = folder / "q.jsonl"
    path.write_bytes('{"question": "Gì?"}'.encode("utf-16"))
    return path


def text_file(folder: Path) -> Path:
    path = folder / "hỏi.txt"
    path.write_text("Gì?", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (broken_squad, r"a\.json is not a SQuAD file \(KeyError\('context'\)\)"),
        (broken_line, r"queries\.jsonl, line 1 is not JSON"),
        (broken_judgement, r"qrels\.tsv, line 2: expected query-id, corpus-id, score; got"),
        (two_shapes, r"has both queries\.jsonl and questions\.jsonl; keep one"),
        (without_corpus, r"has no corpus\.jsonl; a BEIR folder has"),
        (other_ids, r"no question has a judged article; check that the ids agree"),
        (twice, r"the question id 'a' stands twice"),
        (not_text, r"line 1: article is not a text: \['sông'\]"),
        (not_utf8, r"is not UTF-8 \(byte 0\)"),
        (text_file, r"hỏi\.txt holds no questions that are read here; name a folder with"),
        (lambda folder: folder / "gone", r"no such file or folder: .*gone; name a folder with"),
        (lambda folder: folder, r"holds no questions that are read here"),
    ],
)
def test_what_cannot_be_read_says_why(
    tmp_path: Path, write: Callable[[Path], Path], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as error:
        read_dataset(write(tmp_path))
    assert "\n" not in str(error.value)


# ---- whose articles are meant ----------------------------------------------------------------


def indexed(tmp_path: Path, articles: Path) -> Index:
    update_index(tmp_path / "index", [articles], WordEncoder())
    return Index(tmp_path / "index")


def test_articles_are_found_by_the_name_of_their_file(tmp_path: Path) -> None:
    dataset = read_dataset(write_own(tmp_path / "own"))
    index = indexed(tmp_path, tmp_path / "own" / "articles")
    found = resolve(dataset, index)
    for question in found.questions:
        (article_id,) = question.relevant
        article = index.article(article_id)
        assert article is not None
        assert article.title == ARTICLES[QUESTIONS[question.id][1]][0]
    assert missing(found, index) == []


def test_articles_are_found_by_the_line_where_no_link_can_hold_their_id(tmp_path: Path) -> None:
    corpus = [
        {"_id": "01/2009/tt-bnn#1", "text": "Điều một nói về rừng."},
        {"_id": "01/2009/tt-bnn#2", "text": "Điều hai nói về biển."},
    ]
    write_lines(tmp_path / "law/corpus.jsonl", corpus)
    write_lines(tmp_path / "law/queries.jsonl", [{"_id": "q", "text": "Điều nào nói về biển?"}])
    (tmp_path / "law/qrels.tsv").write_text("q\t01/2009/tt-bnn#2\t1\n", encoding="utf-8")
    index = indexed(tmp_path, tmp_path / "law/corpus.jsonl")
    (question,) = resolve(read_dataset(tmp_path / "law"), index).questions
    (article_id,) = question.relevant
    article = index.article(article_id)
    assert article is not None
    assert article.text == "Điều hai nói về biển."


def test_articles_are_found_by_the_sentence_that_answers(tmp_path: Path) -> None:
    write_own(tmp_path / "own")
    lines = [{"question": "Phở của đâu?", "answer_sentence": "Phở là món ăn của Hà Nội."}]
    dataset = read_dataset(write_lines(tmp_path / "q.jsonl", lines))
    index = indexed(tmp_path, tmp_path / "own" / "articles")
    (question,) = resolve(dataset, index).questions
    article = index.article(next(iter(question.relevant)))
    assert article is not None
    assert article.title == "Phở Hà Nội"


def test_an_article_that_is_not_in_the_index_is_missing_and_still_asked_for(
    tmp_path: Path,
) -> None:
    write_own(tmp_path / "own")
    lines = [{"question": "Gì?", "article": "không có"}, {"question": "Dài?", "article": "sông"}]
    dataset = read_dataset(write_lines(tmp_path / "q.jsonl", lines))
    index = indexed(tmp_path, tmp_path / "own" / "articles")
    found = resolve(dataset, index)
    assert len(found.questions) == 2
    assert [q.text for q in missing(found, index)] == ["Gì?"]
