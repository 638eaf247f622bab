"""A folder in BEIR layout (Thakur et al. 2021) to judged questions."""

from pathlib import Path
from typing import Any

from index.errors import UsageError
from qa.judged import UNJUDGED, Dataset, Judged
from qa.lines import json_lines, judgements


def read_beir(folder: Path) -> Dataset:
    """corpus.jsonl, queries.jsonl, qrels.tsv or qrels/test.tsv, and if they are there answers.jsonl
    and queries_unanswerable.jsonl.

    Raises:
        UsageError: a file is missing or a line of it cannot be read.
    """
    corpus, queries = _file(folder, "corpus.jsonl"), _file(folder, "queries.jsonl")
    qrels = folder / "qrels.tsv"
    qrels = qrels if qrels.is_file() else _file(folder, "qrels/test.tsv")
    relevant = judgements(qrels, "query-id, corpus-id, score", "\t")
    answers: dict[str, dict[str, Any]] = {}
    if (file := folder / "answers.jsonl").is_file():
        answers = {str(line["_id"]): line for _, line in json_lines(file, "_id")}
    lines = [line for _, line in json_lines(queries, "_id", "text")]
    judged = [line for line in lines if str(line["_id"]) in relevant]
    questions = tuple(
        Judged(
            str(line["_id"]),
            str(line["text"]),
            relevant[str(line["_id"])],
            tuple(answers.get(str(line["_id"]), {}).get("answers", ())),
            tuple(answers.get(str(line["_id"]), {}).get("starts", ())),
        )
        for line in judged
    )
    without = len(lines) - len(judged)
    left_out = {UNJUDGED: without} if without else {}
    unanswerable: tuple[str, ...] = ()
    if (file := folder / "queries_unanswerable.jsonl").is_file():
        unanswerable = tuple(str(line["text"]) for _, line in json_lines(file, "text"))
    return Dataset(folder.resolve().name, corpus, questions, left_out, unanswerable)


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise UsageError(
            f"{folder} has no {name}; a BEIR folder has corpus.jsonl, queries.jsonl, qrels.tsv"
        )
    return path
