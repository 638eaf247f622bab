"""Questions with known answers, read from files: what retrieval is measured on."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import UsageError


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and what answers it.

    `relevant` maps article ids to grades above 0. `answers` are the exact strings that answer,
    with their places in the text of the relevant article where known.
    """

    id: str
    text: str
    relevant: dict[str, int]
    answers: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A named set of judged questions over the articles of `corpus`."""

    name: str
    corpus: Path
    questions: tuple[Judged, ...]


def read_dataset(folder: Path) -> Dataset:
    """A folder in BEIR layout: corpus.jsonl, queries.jsonl, and qrels.tsv or qrels/test.tsv.

    An optional answers.jsonl gives answer strings and their places. Questions that no article
    is judged relevant to are left out, as in the benchmark.

    Raises:
        UsageError: a file is missing or a line of it cannot be read.
    """
    corpus, queries = _file(folder, "corpus.jsonl"), _file(folder, "queries.jsonl")
    qrels = folder / "qrels.tsv"
    relevant = _read_qrels(qrels if qrels.is_file() else _file(folder, "qrels/test.tsv"))
    found: dict[str, dict[str, Any]] = {}
    if (answers := folder / "answers.jsonl").is_file():
        found = {str(line["_id"]): line for line in _lines(answers, "_id")}
    questions = tuple(
        Judged(
            str(line["_id"]),
            str(line["text"]),
            relevant[str(line["_id"])],
            tuple(found.get(str(line["_id"]), {}).get("answers", ())),
            tuple(found.get(str(line["_id"]), {}).get("starts", ())),
        )
        for line in _lines(queries, "_id", "text")
        if str(line["_id"]) in relevant
    )
    if not questions:
        raise UsageError(f"{folder}: no query has a judgement; check that the ids agree")
    return Dataset(folder.resolve().name, corpus, questions)


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise UsageError(
            f"{folder} has no {name}; name a folder with corpus.jsonl, queries.jsonl, qrels.tsv"
        )
    return path


def _lines(path: Path, *fields: str) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
            except ValueError as error:
                raise UsageError(f"{path}, line {number} is not JSON: {error}") from error
            if not isinstance(found, dict) or any(field not in found for field in fields):
                raise UsageError(f"{path}, line {number} lacks one of: {', '.join(fields)}")
            yield found


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t"), start=1):
            if number == 1 and not row[-1].lstrip("-").isdecimal():
                continue  # the header line
            try:
                query, article, grade = row[0], row[-2], int(row[-1])
            except (IndexError, ValueError) as error:
                raise UsageError(
                    f"{path}, line {number}: expected query-id, corpus-id, score; got {row}"
                ) from error
            if grade > 0:
                relevant.setdefault(query, {})[article] = grade
    return relevant
