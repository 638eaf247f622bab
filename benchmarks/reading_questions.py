"""What the cross-encoder learns from: questions of ours, and the passages that are found for them.

`news_questions.jsonl` asks about news articles that are not ours to give away: "news" names the
collection and "row" the line of it. `encyclopedia.jsonl` holds short texts of ours with questions
about them. Of both kinds about half of the questions are not answered, and look like the others:
what is to be learned is not what a passage is about, but whether it says what is asked.
"""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.model import cache_folder
from index.types import Encoder
from qa.datasets import read_dataset
from qa.evaluate import open_corpus
from qa.features import compute
from qa.reading import best_sentences
from qa.scores import released_weights, score
from qa.search import Searcher

NEWS_QUESTIONS = Path(__file__).with_name("news_questions.jsonl")
ENCYCLOPEDIA = Path(__file__).with_name("encyclopedia.jsonl")

HITS = 3  # passages of each question and kind
LONG = 6  # letters of an answer that tell, in another article, that it may answer as well


@dataclass(frozen=True, slots=True)
class Found:
    """A passage: its sentences, their numbers from the best one on, and whether each answers."""

    title: str
    sentences: list[str]
    best: list[int]
    answering: list[bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with passages, best first: of its article, those that answer and those that do
    not; and what is found where its article is not there."""

    question: str
    answering: list[Found]
    others: list[Found]
    foreign: list[Found]


class Text(NamedTuple):
    """An article that is asked about."""

    title: str
    text: str


class Question(NamedTuple):
    """A question, the id of the article that it is about, and the words of it that answer, ""
    where it does not."""

    question: str
    article: str
    answer: str


def read_questions(news: Path, encoder: Encoder) -> list[list[Asked]]:
    """Of each kind, all questions, each asked of the collection that it is about; `news` is the
    folder with the collections of NEWS_QUESTIONS."""
    of_news: dict[str, list[dict]] = defaultdict(list)
    for line in NEWS_QUESTIONS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        of_news[row["news"]].append(row)
    asked = []
    for name, rows in of_news.items():
        texts = _news(news / f"{name}.jsonl.gz", {row["row"] for row in rows})
        questions = [
            Question(row["question"], str(row["row"]), _answer(row, texts[row["row"]].text))
            for row in rows
        ]
        asked += _ask_all(name, texts, questions, encoder)
    entries = [json.loads(line) for line in ENCYCLOPEDIA.read_text(encoding="utf-8").splitlines()]
    texts = {at: Text(entry["title"], entry["text"]) for at, entry in enumerate(entries)}
    questions = [
        Question(asks["question"], str(at), asks.get("answer", ""))
        for at, entry in enumerate(entries)
        for asks in entry["questions"]
    ]
    return [asked, list(_ask_all(ENCYCLOPEDIA.stem, texts, questions, encoder))]


def _news(file: Path, rows: set[int]) -> dict[int, Text]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        articles = {row: json.loads(line) for row, line in enumerate(lines) if row in rows}
    return {row: Text(article["title"], article["text"]) for row, article in articles.items()}


def _answer(row: dict, text: str) -> str:
    return " ".join(text[row["start"] : row["end"]].split()) if "start" in row else ""


def _ask_all(
    name: str, texts: dict[int, Text], questions: Sequence[Question], encoder: Encoder
) -> Iterator[Asked]:
    """An index of these texts, and what it finds for each question."""
    folder = cache_folder() / "training" / name
    folder.mkdir(parents=True, exist_ok=True)
    corpus = [
        {"_id": str(at), "title": text.title, "text": text.text} for at, text in texts.items()
    ]
    _write(folder / "corpus.jsonl", corpus)
    _write(folder / "queries.jsonl", [{"_id": "0", "text": questions[0].question}])
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n0\t{questions[0].article}\t1\n")
    searcher = Searcher(open_corpus(read_dataset(folder), encoder), encoder)
    for question in questions:
        asked = ask(searcher, question, texts[int(question.article)].title)
        if bool(question.answer) == bool(asked.answering):  # else what answers was not found
            yield asked


def ask(searcher: Searcher, question: Question, title: str) -> Asked:
    """The first HITS passages of each kind, and all of its article that answer."""
    query = searcher.understand(question.question)
    vector = searcher.encoder.encode_queries([query.text])[0]
    candidates = searcher.candidates(query, vector)
    features = compute(query, vector, candidates, searcher.index)
    scores = score(features, released_weights())
    asked = Asked(query.text, [], [], [])
    whole = re.compile(rf"(?<!\w){re.escape(question.answer)}(?!\w)")
    order = np.argsort(-scores.passages, kind="stable").tolist()
    passages = searcher.index.passages([candidates[at].number for at in order])
    for at, passage in zip(order, passages, strict=True):
        is_own = passage.article_id == question.article
        if not is_own and len(asked.foreign) == HITS:
            continue
        article = searcher.index.article(passage.article_id)
        assert article is not None
        words = [" ".join(article.text[s.start : s.end].split()) for s in passage.sentences]
        told = [bool(question.answer and whole.search(sentence)) for sentence in words]
        best = best_sentences(features, scores, at).tolist()
        if is_own and any(told):
            asked.answering.append(Found(article.title, words, best, told))
            continue
        if any(told) and len(question.answer) >= LONG:
            continue  # another article that may answer as well
        kind = asked.others if is_own or article.title == title else asked.foreign
        if len(kind) < HITS:
            kind.append(Found(article.title, words, best, [False] * len(words)))
    return asked


def _write(path: Path, lines: Sequence[dict[str, str]]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
