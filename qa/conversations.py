"""Conversations that people wrote by hand, with the article that answers every turn."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import UsageError
from qa.judged import Dataset, Judged
from qa.lines import json_lines
from qa.questions import ARTICLES

FILE = "dialogues.jsonl"  # how the name of a file of conversations ends
# What a turn is to those before it: it begins, it leans on them, it leaves them.
KINDS = ("first", "follow_up", "topic_change")


@dataclass(frozen=True, slots=True)
class Conversations:
    """Judged turns, by their ids: the conversations in their order, and the kind of each turn."""

    turns: Dataset
    dialogues: tuple[tuple[str, ...], ...]
    kinds: dict[str, str]


def read_conversations(path: Path) -> Conversations:
    """JSON lines of `turns`, each a list of `question`, `kind`, `article` (its id, or its file's
    name) and `answer_sentence`, which may be missing; `id` too.

    Raises:
        UsageError: a line cannot be read, or there is none.
    """
    turns: list[Judged] = []
    dialogues: list[tuple[str, ...]] = []
    kinds: dict[str, str] = {}
    for number, line in json_lines(path, "turns"):
        place = f"{path}, line {number}"
        said = line["turns"]
        if not isinstance(said, list) or not said:
            raise UsageError(f"{place}: turns is not a list of questions: {said!r}")
        name = str(line.get("id") or f"line {number}")
        judged = [_turn(f"{name}.{at}", each, place) for at, each in enumerate(said, start=1)]
        turns += judged
        dialogues.append(tuple(turn.id for turn in judged))
        kinds |= {turn.id: each["kind"] for turn, each in zip(judged, said, strict=True)}
    if not turns:
        raise UsageError(f"{path} holds no conversation")
    if twice := [id_ for id_, count in Counter(turn.id for turn in turns).items() if count > 1]:
        raise UsageError(f"{path}: the id of turn {twice[0]!r} stands twice; give each its own")
    folder = path.parent / ARTICLES
    dataset = Dataset(path.stem, folder if folder.is_dir() else None, tuple(turns))
    return Conversations(dataset, tuple(dialogues), kinds)


def _turn(id_: str, turn: Any, place: str) -> Judged:
    if not isinstance(turn, dict):
        raise UsageError(f"{place}: a turn is not an object: {turn!r}")
    for field in ("question", "kind", "article"):
        if not isinstance(turn.get(field), str) or not turn[field].strip():
            raise UsageError(f"{place}: the {field} of a turn is missing or no text")
    if turn["kind"] not in KINDS:
        raise UsageError(f"{place}: there is no kind {turn['kind']!r}; use {', '.join(KINDS)}")
    sentence = turn.get("answer_sentence") or ""
    if not isinstance(sentence, str):
        raise UsageError(f"{place}: answer_sentence is not a text: {sentence!r}")
    answers = (sentence,) if sentence else ()
    return Judged(id_, turn["question"], {turn["article"]: 1}, answers, (), sentence)
