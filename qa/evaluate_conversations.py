"""How well questions are understood that lean on those before them.

Every turn is asked twice, as the chat asks it: after the turns before it, and alone.
"""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from index.build import Stages, check_settings
from index.types import Encoder, OpenIndex
from qa.answer import Answerer
from qa.asking import holds
from qa.conversations import KINDS, Conversations
from qa.evaluate import open_corpus
from qa.judged import Judged
from qa.metrics import Estimate, interval
from qa.resolve import resolve
from qa.types import Answer, Citation


@dataclass(frozen=True, slots=True)
class Turned:
    """What came back to one turn: in its conversation, and to its question alone.

    `article` is the id of the article cited first or, where nothing was found, of the nearest miss;
    "" for none. `is_marked` tells whether its marked sentence holds the answer, None where no
    answer is known. `as_alone` tells that the same sentence came first both times.
    """

    id: str
    kind: str
    question: str
    completed: str
    article: str
    is_right: bool
    is_right_alone: bool
    is_marked: bool | None
    is_marked_alone: bool | None
    as_alone: bool
    took_ms: float
    took_alone_ms: float


@dataclass(frozen=True, slots=True)
class KindFigures:
    """All turns of one kind: shares with their 95 % intervals, mean milliseconds."""

    turns: int
    right: Estimate
    right_alone: Estimate
    marked: Estimate | None
    marked_alone: Estimate | None
    as_alone: Estimate
    ms: float
    ms_alone: float


@dataclass(frozen=True, slots=True)
class ConversationReport:
    """One evaluation of one file of conversations; `turns` are all of them, in their order."""

    dataset: str
    conversations: int
    articles: int
    encoder: str
    kinds: dict[str, KindFigures]
    seconds: float
    turns: tuple[Turned, ...]


def evaluate_conversations(
    conversations: Conversations,
    encoder: Encoder,
    index: OpenIndex | None = None,
    stages: Stages | None = None,
) -> ConversationReport:
    """Asks every turn. Without an index the articles beside the file are indexed in the user's
    cache, where that is not done yet."""
    began = time.monotonic()
    opened = index or open_corpus(conversations.turns, encoder, stages)
    try:
        check_settings(opened.meta, encoder, opened.where)
        dataset = resolve(conversations.turns, opened)
        judged = {turn.id: turn for turn in dataset.questions}
        # One for each way of asking: what one remembers would make the other look fast.
        talking, asking = Answerer(opened, encoder), Answerer(opened, encoder)
        for answerer in (talking, asking):
            answerer.ask("Việt Nam")  # what the first question loads is not counted
        progress = stages("asking") if stages else lambda done, total: None
        turns: list[Turned] = []
        for dialogue in conversations.dialogues:
            before: list[Answer] = []
            for id_ in dialogue:
                given = talking.ask(judged[id_].text, after=before)
                alone = asking.ask(judged[id_].text)
                turns.append(_turned(judged[id_], conversations.kinds[id_], given, alone))
                before.append(given)
                progress(len(turns), len(judged))
        return ConversationReport(
            dataset.name,
            len(conversations.dialogues),
            opened.count("articles"),
            encoder.name,
            {kind: _figures(of) for kind in KINDS if (of := [t for t in turns if t.kind == kind])},
            round(time.monotonic() - began, 2),
            tuple(turns),
        )
    finally:
        if index is None:
            opened.close()


def _first(answer: Answer) -> Citation | None:
    return next(iter((*answer.citations, *answer.near_misses)), None)


def _turned(turn: Judged, kind: str, given: Answer, alone: Answer) -> Turned:
    first, first_alone = _first(given), _first(alone)
    article = first.article_id if first else ""

    def is_marked(cited: Citation | None) -> bool | None:
        return cited is not None and holds(cited.quote, turn.answers) if turn.answers else None

    return Turned(
        turn.id,
        kind,
        turn.text,
        given.completed,
        article,
        article in turn.relevant,
        first_alone is not None and first_alone.article_id in turn.relevant,
        is_marked(first),
        is_marked(first_alone),
        _place(first) == _place(first_alone),
        given.took_ms,
        alone.took_ms,
    )


def _place(cited: Citation | None) -> tuple[str, int] | None:
    return (cited.article_id, cited.quote_start) if cited else None


def _figures(turns: list[Turned]) -> KindFigures:
    marked = [float(turn.is_marked) for turn in turns if turn.is_marked is not None]
    alone = [float(turn.is_marked_alone) for turn in turns if turn.is_marked_alone is not None]
    return KindFigures(
        len(turns),
        interval([float(turn.is_right) for turn in turns]),
        interval([float(turn.is_right_alone) for turn in turns]),
        interval(marked) if marked else None,
        interval(alone) if alone else None,
        interval([float(turn.as_alone) for turn in turns]),
        round(sum(turn.took_ms for turn in turns) / len(turns), 2),
        round(sum(turn.took_alone_ms for turn in turns) / len(turns), 2),
    )


def print_conversations(report: ConversationReport, worst: int) -> None:
    """The figures of every kind of turn, and the turns whose first article is wrong."""
    console = Console()
    table = Table(
        title=f"{report.dataset}: {report.conversations} conversations, {report.articles} articles,"
        f" {report.encoder}",
        title_justify="left",
        caption="right, marked: the first article, its sentence; as alone: the same comes first",
        caption_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("turns", no_wrap=True)
    for column in ("", "right", "alone", "marked", "alone", "as alone", "ms", "alone"):
        table.add_column(column, justify="right", no_wrap=True)
    for kind, found in report.kinds.items():
        shares = (found.right, found.right_alone, found.marked, found.marked_alone, found.as_alone)
        cells = [f"{share.value:.3f}" if share else "–" for share in shares]
        table.add_row(kind, str(found.turns), *cells, f"{found.ms:.0f}", f"{found.ms_alone:.0f}")
    console.print(table)
    wrong = [turn for turn in report.turns if not turn.is_right][:worst]
    if wrong:
        console.print("Turns whose first article is wrong:")
    for turn in wrong:
        asked = f"{turn.question} => {turn.completed}" if turn.completed else turn.question
        console.print(f"  {turn.id} ({turn.kind}) {asked}", markup=False, highlight=False)


def write_conversations(report: ConversationReport, path: Path) -> None:
    """The object that `--json` writes."""
    text = json.dumps(asdict(report), ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
