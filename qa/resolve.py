"""Names of articles in judgements to the articles of an index."""

import unicodedata
from dataclasses import replace
from pathlib import Path

from index.records import record_origin
from index.types import OpenIndex
from qa.judged import Dataset, Judged
from qa.lines import json_lines


def resolve(dataset: Dataset, index: OpenIndex) -> Dataset:
    """The dataset with article ids of the index wherever an article is found there.

    An article is known by its id; else by its line in the corpus, for ids that no link can hold;
    else by its file's name, with or without the suffix, where one article alone has it; else by
    the evidence that stands in its text. A name that is not found stays as it is: the question
    then counts as one whose article was not returned.
    """
    origins = index.origins()
    wanted = {name for question in dataset.questions for name in question.relevant}
    known = {id_: id_ for id_ in wanted if id_ in origins}
    if len(known) < len(wanted):
        known = _by_file(origins) | _by_line(dataset.corpus, origins) | known
    by_evidence = _by_evidence(dataset, known, index)
    return replace(
        dataset,
        questions=tuple(
            replace(
                question,
                relevant={
                    known.get(name) or by_evidence.get(question.evidence) or name: grade
                    for name, grade in question.relevant.items()
                },
            )
            for question in dataset.questions
        ),
    )


def missing(dataset: Dataset, index: OpenIndex) -> list[Judged]:
    """Questions of a resolved dataset that have no relevant article in the index."""
    held = index.origins()
    return [q for q in dataset.questions if not any(name in held for name in q.relevant)]


def _by_file(origins: dict[str, str]) -> dict[str, str]:
    """File name, and file name without its suffix, to the one article that has it."""
    found: dict[str, set[str]] = {}
    for id_, origin in origins.items():
        path = Path(unicodedata.normalize("NFC", origin))
        for name in (path.name, path.stem):
            found.setdefault(name, set()).add(id_)
    return {name: ids.pop() for name, ids in found.items() if len(ids) == 1}


def _by_line(corpus: Path | None, origins: dict[str, str]) -> dict[str, str]:
    """The `_id` or `id` of every line of a corpus.jsonl to the article that came from the line."""
    if corpus is None or corpus.suffix != ".jsonl":
        return {}
    file = corpus.resolve().as_posix()
    ids = {origin: id_ for id_, origin in origins.items()}
    lines = (
        (str(line.get("_id", line.get("id", ""))), ids.get(record_origin(file, number)))
        for number, line in json_lines(corpus)
    )
    return {name: id_ for name, id_ in lines if id_}


def _by_evidence(dataset: Dataset, known: dict[str, str], index: OpenIndex) -> dict[str, str]:
    """Evidence to the first article whose text holds it, for questions that need it."""
    wanted = {
        q.evidence
        for q in dataset.questions
        if q.evidence and not any(name in known for name in q.relevant)
    }
    found: dict[str, str] = {}
    for article in index.articles() if wanted else ():
        text = unicodedata.normalize("NFC", article.text)
        for evidence in wanted - found.keys():
            if unicodedata.normalize("NFC", evidence) in text:
                found[evidence] = article.id
    return found
