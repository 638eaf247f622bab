"""Questions that people wrote by hand, with the article and sentence that answer each."""

import unicodedata
from pathlib import Path
from typing import Any

from index.errors import UsageError
from qa.judged import FOLLOWS, NOTHING_ANSWERS, Dataset, Judged
from qa.lines import json_lines

ARTICLES = "articles"  # the folder of their articles, beside the file


def read_questions(path: Path) -> Dataset:
    """JSON lines of `question`, `article` (its id, or its file's name), `answer` and
    `answer_sentence`; `id` and either of the last two may be missing.

    Where `article` is missing, the answering sentence finds it. What has neither, and a question
    that only follows another (`after`), are left out: there is nothing to rank for them alone.

    Raises:
        UsageError: a line cannot be read.
    """
    questions: list[Judged] = []
    unanswerable: list[str] = []
    left_out: dict[str, int] = {}
    for number, line in json_lines(path, "question"):
        reason = _reason(line)
        if reason:
            left_out[reason] = left_out.get(reason, 0) + 1
            if reason == NOTHING_ANSWERS:
                unanswerable.append(line["question"])
        else:
            questions.append(_judged(path, number, line))
    folder = path.parent / ARTICLES
    name = path.resolve().parent.name if path.stem == "questions" else path.stem
    corpus = folder if folder.is_dir() else None
    return Dataset(name, corpus, tuple(questions), left_out, tuple(unanswerable))


def _reason(line: dict[str, Any]) -> str:
    if line.get("after"):
        return FOLLOWS
    if not line.get("article") and not line.get("answer_sentence"):
        return NOTHING_ANSWERS
    return ""


def _judged(path: Path, number: int, line: dict[str, Any]) -> Judged:
    for field in ("question", "article", "answer", "answer_sentence"):
        if not isinstance(line.get(field), str | None):
            raise UsageError(f"{path}, line {number}: {field} is not a text: {line[field]!r}")
    if not line["question"].strip():
        raise UsageError(f"{path}, line {number}: the question is empty")
    article = line.get("article") or ""
    sentence = line.get("answer_sentence") or ""
    answer = line.get("answer") or sentence
    return Judged(
        str(line.get("id") or f"line {number}"),
        line["question"],
        {unicodedata.normalize("NFC", article): 1},
        (answer,) if answer else (),
        (),
        sentence,
    )
