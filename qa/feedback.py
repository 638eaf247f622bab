"""What readers say of answers: kept beside the index, and given out as an evaluation set.

One JSON object a line, only ever appended. Nothing in it tells who said it.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from index.backend import open_catalogue
from index.location import Location, files_of
from index.text import keys
from index.types import Article
from qa.lines import json_lines
from qa.types import Answer, Citation

FILE = "feedback.jsonl"
LARGEST = 64 << 20  # bytes; what is said after that is refused, not lost unseen
LONGEST_REASON = 300  # characters

Verdict = Literal["up", "down", "this"]  # right, wrong, this passage is the right one


@dataclass(frozen=True, slots=True)
class Thumb:
    """What one reader said of one answer.

    `shown` are ids of the passages shown, best first; `chosen` is the right one where the reader
    named it, with its article and the sentence marked in it.
    """

    time: str
    question: str
    understood: str
    verdict: Verdict
    shown: tuple[str, ...]
    chosen: str = ""
    article: str = ""
    quote: str = ""
    reason: str = ""


def thumb(answer: Answer, verdict: Verdict, passage_id: str = "", reason: str = "") -> Thumb | None:
    """What is kept of a thumb; None where the answer does not show the passage it names."""
    shown = (*answer.citations, *answer.near_misses)
    chosen: Citation | None = None
    if verdict == "up" and answer.citations:
        chosen = answer.citations[0]
    elif verdict == "this":
        chosen = next((c for c in shown if c.passage_id == passage_id), None)
        if chosen is None:
            return None
    return Thumb(
        datetime.now(UTC).isoformat(timespec="seconds"),
        answer.completed or answer.question,
        answer.understood,
        verdict,
        tuple(c.passage_id for c in shown),
        chosen.passage_id if chosen else "",
        chosen.article_id if chosen else "",
        chosen.quote if chosen else "",
        " ".join(reason.split())[:LONGEST_REASON],
    )


def keep(folder: Path, said: Thumb) -> None:
    """Appends a thumb to the file of an index's folder, whole, whoever else writes to it.

    Raises:
        OSError: it cannot be written, or the file is as large as it may become.
    """
    line = json.dumps(asdict(said), ensure_ascii=False) + "\n"
    with (folder / FILE).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if file.tell() > LARGEST:
            raise OSError(f"{folder / FILE} holds {LARGEST >> 20} MB; export it and move it away")
        file.write(line.encode("utf-8", "backslashreplace"))
        file.flush()
        os.fsync(file.fileno())


def kept(folder: Path) -> Iterator[Thumb]:
    """All thumbs, oldest first."""
    path = folder / FILE
    for _, line in json_lines(path, "question", "verdict") if path.is_file() else ():
        yield Thumb(**{**line, "shown": tuple(line["shown"])})


@dataclass(frozen=True, slots=True)
class Exported:
    """How many questions were written, and how many were not, by reason."""

    questions: int
    without_article: int  # nobody named the right passage
    gone: int  # the right article is no longer held


def export(location: Location, target: Path) -> Exported:
    """Writes the thumbs of an index as a folder in BEIR layout (Thakur et al. 2021).

    corpus.jsonl holds every article of the index, queries.jsonl and qrels.tsv the questions whose
    right article is known, answers.jsonl the sentence of each. Of several thumbs on one question
    the last that names an article counts.
    """
    with open_catalogue(location) as catalogue:
        target.mkdir(parents=True, exist_ok=True)
        held = _write_lines(target / "corpus.jsonl", map(_corpus_line, catalogue.articles()))
    last: dict[tuple[str, ...], Thumb | None] = {}
    for said in kept(files_of(location)):
        question = tuple(keys(said.question)) or (said.question,)
        if said.article:
            last[question] = said
        elif said.verdict == "down" and (before := last.get(question)) and before.verdict == "up":
            last[question] = None  # what was thought right is no longer
        else:
            last.setdefault(question, None)
    named = [said for said in last.values() if said]
    judged = [(f"thumb-{i}", said) for i, said in enumerate(named, 1) if said.article in held]
    _write_lines(target / "queries.jsonl", ({"_id": i, "text": s.question} for i, s in judged))
    _write_lines(target / "answers.jsonl", ({"_id": i, "answers": [s.quote]} for i, s in judged))
    rows = ["query-id\tcorpus-id\tscore", *(f"{i}\t{said.article}\t1" for i, said in judged)]
    (target / "qrels.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return Exported(len(judged), len(last) - len(named), len(named) - len(judged))


def _corpus_line(article: Article) -> dict[str, str]:
    fields = {"title": article.title, "date": article.date, "source": article.source}
    known = {name: value for name, value in fields.items() if value}
    return {"_id": article.id, **known, "text": article.text[article.body :]}


def _write_lines(path: Path, lines: Iterable[Mapping[str, object]]) -> set[str]:
    """Writes JSON lines; the `_id` of each."""
    ids = set()
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        for line in lines:
            ids.add(str(line["_id"]))
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return ids
