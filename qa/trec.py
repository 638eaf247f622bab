"""A folder in the manner of TREC, topics and qrels beside the articles, to judged questions."""

import re
from pathlib import Path

from index.errors import UsageError
from qa.judged import UNJUDGED, Dataset, Judged
from qa.lines import judgements, text_lines

_CORPORA = ("corpus.jsonl", "corpus.csv", "corpus")
# Old topic files close no tag: a field ends where the next one begins.
_TOP = re.compile(r"<top>(.*?)</top>", re.DOTALL | re.IGNORECASE)
_NUM = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*(?:Topic:)?\s*(.*?)\s*(?=<|$)", re.DOTALL | re.IGNORECASE)


def read_trec(folder: Path) -> Dataset:
    """topics.txt or topics.tsv, qrels.txt, and corpus.jsonl, corpus.csv or the folder corpus/.

    The question is a topic's title. An article's name in the qrels is its id, or the name of its
    file without the suffix.

    Raises:
        UsageError: a file is missing or cannot be read.
    """
    topics = folder / "topics.txt"
    found = _tagged(topics) if topics.is_file() else _tabbed(folder / "topics.tsv")
    qrels = folder / "qrels.txt"
    if not qrels.is_file():
        raise UsageError(f"{folder} has no qrels.txt: a line each of topic, iteration, id, grade")
    relevant = judgements(qrels, "topic, iteration, article, grade", None)
    corpus = next((folder / name for name in _CORPORA if (folder / name).exists()), None)
    questions = tuple(Judged(i, text, relevant[i]) for i, text in found.items() if i in relevant)
    without = len(found) - len(questions)
    left_out = {UNJUDGED: without} if without else {}
    return Dataset(folder.resolve().name, corpus, questions, left_out)


def _tagged(path: Path) -> dict[str, str]:
    topics: dict[str, str] = {}
    for block in _TOP.findall("".join(line for _, line in text_lines(path))):
        number, title = _NUM.search(block), _TITLE.search(block)
        if not number or not title or not title[1]:
            raise UsageError(f"{path}: a <top> without <num> or <title>: {block.strip()[:60]!r}")
        topics[number[1]] = " ".join(title[1].split())
    if not topics:
        raise UsageError(f"{path} has no <top> blocks; or name it topics.tsv: id, tab, question")
    return topics


def _tabbed(path: Path) -> dict[str, str]:
    topics: dict[str, str] = {}
    for number, line in text_lines(path):
        topic, tab, question = line.strip().partition("\t")
        if not tab or not question.strip():
            raise UsageError(f"{path}, line {number}: expected id, tab, question; got {line!r}")
        topics[topic.strip()] = question.strip()
    return topics
