"""Judged questions, read from whatever shape they lie in on disk.

Four shapes are read, told apart by the names of files and by nothing else:

    BEIR       a folder with queries.jsonl, corpus.jsonl, and qrels.tsv or qrels/test.tsv;
               an optional answers.jsonl gives answer strings and their places
    TREC       a folder with topics.txt (<top> blocks) or topics.tsv (id, tab, question),
               qrels.txt (topic, iteration, article, grade), and the articles: corpus.jsonl,
               corpus.csv, or a folder corpus/ of files that `qa index` reads
    SQuAD      a .json file, version 1 or 2: each paragraph is an article
    questions  a .jsonl file, or the file questions.jsonl of a folder, with the articles in the
               folder articles/ beside it: {"question", "article", "answer", "answer_sentence"}

Conversations, of files that end in dialogues.jsonl, are read by `qa.conversations`.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from index.errors import UsageError
from qa.beir import read_beir
from qa.judged import Dataset, Judged
from qa.questions import read_questions
from qa.squad import read_squad
from qa.trec import read_trec

__all__ = ["Dataset", "Judged", "read_dataset"]

SHAPES = (
    "a folder with queries.jsonl (BEIR), topics.txt or topics.tsv (TREC) or questions.jsonl,"
    " a SQuAD .json file, or a .jsonl file of questions"
)
# The file of a folder that tells its shape.
_FOLDERS: dict[str, Callable[[Path], Dataset]] = {
    "queries.jsonl": read_beir,
    "topics.txt": read_trec,
    "topics.tsv": read_trec,
    "questions.jsonl": lambda folder: read_questions(folder / "questions.jsonl"),
}
_FILES: dict[str, Callable[[Path], Dataset]] = {".json": read_squad, ".jsonl": read_questions}


def read_dataset(path: Path) -> Dataset:
    """The judged questions of a folder or file.

    Questions that no article is judged relevant to are left out, as in the benchmarks.

    Raises:
        UsageError: the path is of no known shape or of several, or a line cannot be read.
    """
    dataset = _reader(path)(path)
    if not dataset.questions:
        raise UsageError(f"{path}: no question has a judged article; check that the ids agree")
    twice = [i for i, n in Counter(q.id for q in dataset.questions).items() if n > 1]
    if twice:
        raise UsageError(f"{path}: the question id {twice[0]!r} stands twice; give each its own")
    return dataset


def _reader(path: Path) -> Callable[[Path], Dataset]:
    if path.is_dir():
        found = [name for name in _FOLDERS if (path / name).is_file()]
        if len(found) > 1:
            raise UsageError(f"{path} has both {found[0]} and {found[1]}; keep one of them")
        if found:
            return _FOLDERS[found[0]]
    elif path.is_file():
        if reader := _FILES.get(path.suffix.lower()):
            return reader
    else:
        raise UsageError(f"no such file or folder: {path}; name {SHAPES}")
    raise UsageError(f"{path} holds no questions that are read here; name {SHAPES}")
