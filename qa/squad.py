"""A SQuAD file (Rajpurkar et al. 2016, 2018) to judged questions: each paragraph is an article."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from index.errors import UsageError
from index.model import cache_folder
from qa.judged import NO_ANSWER, Dataset, Judged


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """An article in the making; its id is made from its words."""

    title: str
    text: str
    questions: list[dict[str, Any]]

    @property
    def id(self) -> str:
        words = f"{self.title}\0{self.text}".encode("utf-8", "replace")
        return "s" + blake2b(words, digest_size=6).hexdigest()


def read_squad(path: Path) -> Dataset:
    """A file {"data": [{"title", "paragraphs": [{"context", "qas"}]}]}, version 1 or 2.

    The paragraphs are written as articles into the user's cache, under the title of their page.

    Raises:
        UsageError: the file is not of this form.
    """
    try:
        paragraphs = list(_paragraphs(json.loads(path.read_text(encoding="utf-8-sig"))))
        pairs = [(p, q) for p in paragraphs for q in p.questions]
        questions = tuple(_judged(p, q) for p, q in pairs if _answers(q))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UsageError(
            f'{path} is not a SQuAD file ({error!r}); it holds {{"data": [{{"title", "paragraphs":'
            f' [{{"context", "qas"}}]}}]}}'
        ) from error
    without = len(pairs) - len(questions)
    left_out = {NO_ANSWER: without} if without else {}
    return Dataset(path.stem, _write(path, paragraphs), questions, left_out)


def _paragraphs(content: dict[str, Any]) -> Iterator[_Paragraph]:
    for page in content["data"]:
        title = str(page.get("title", "")).replace("_", " ").strip()
        for paragraph in page["paragraphs"]:
            yield _Paragraph(title, str(paragraph["context"]), paragraph.get("qas", []))


def _answers(question: dict[str, Any]) -> list[dict[str, Any]]:
    return [] if question.get("is_impossible") else question["answers"]


def _judged(paragraph: _Paragraph, question: dict[str, Any]) -> Judged:
    answers = _answers(question)
    return Judged(
        str(question["id"]),
        str(question["question"]),
        {paragraph.id: 1},
        tuple(dict.fromkeys(str(a["text"]) for a in answers)),
        tuple(dict.fromkeys(int(a["answer_start"]) for a in answers)),
        paragraph.text,
    )


def _write(path: Path, paragraphs: list[_Paragraph]) -> Path:
    """The articles as JSON lines, under a name that changes with them; written once."""
    articles = {p.id: {"id": p.id, "title": p.title, "text": p.text} for p in paragraphs}
    content = "".join(json.dumps(a, ensure_ascii=False) + "\n" for a in articles.values())
    digest = blake2b(content.encode(), digest_size=6).hexdigest()
    file = cache_folder() / "evaluate" / f"{path.stem}-{digest}.jsonl"
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        draft.write_text(content, encoding="utf-8")
        draft.replace(file)
    return file
