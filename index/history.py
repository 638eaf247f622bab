"""What was done to an index, and what its articles were before: the way back to earlier states.

The state before an update is kept as what the update replaced: the earlier version of each article
that it changed or removed, and the mere id of each that it added.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from index.passages import PassageSpan
from index.plan import Draft, Report
from index.store import ARTICLE, Store
from index.types import Article, Place, Span

KEPT = 10  # states before the newest that can be gone back to
RECORDED = 1000  # updates that are listed
_OLDEST = "oldest_state"  # the setting that names the first state that can be gone back to


@dataclass(frozen=True, slots=True)
class Update:
    """One update that was committed. `time` is UTC in ISO 8601; `articles` how many there were
    after it; `is_kept` whether its state can be gone back to.
    """

    state: int
    time: str
    command: str
    paths: list[str]
    added: int
    changed: int
    removed: int
    articles: int
    is_kept: bool


def updates(store: Store) -> list[Update]:
    """The updates of an index, the newest first."""
    rows = store.db.execute(
        "SELECT state, time, command, paths, added, changed, removed, articles, state >= ?"
        " FROM updates ORDER BY state DESC",
        (int(store.meta(_OLDEST) or 0),),
    )
    return [
        Update(
            state, time, command, json.loads(paths), added, changed, removed, articles, bool(kept)
        )
        for state, time, command, paths, added, changed, removed, articles, kept in rows
    ]


# ---- while a state is written ----------------------------------------------------------------


def keep(store: Store, state: int, ids: Iterable[str]) -> None:
    """Keeps articles as they are, before the update that makes `state` writes or deletes them."""
    for article_id in ids:
        number = store.db.execute(
            "INSERT INTO kept_articles (state, id) VALUES (?, ?)", (state, article_id)
        ).lastrowid
        fields = "text, title, date, source, author, url, origin, body, digest"
        store.db.execute(
            f"UPDATE kept_articles SET ({fields}) ="
            f" (SELECT {fields} FROM articles WHERE id = ?) WHERE number = ?",
            (article_id, number),
        )
        store.db.execute(
            "INSERT INTO kept_sentences SELECT ?, p.start, p.end, s.start, s.end, s.vector"
            " FROM passages p JOIN sentences s ON s.passage = p.number WHERE p.article_id = ?"
            " ORDER BY p.start, s.number",
            (number, article_id),
        )


def forget(store: Store, state: int) -> None:
    """Gives up all states before this one."""
    store.db.execute("DELETE FROM kept_articles")
    store.set_meta(_OLDEST, str(state))


def record(
    store: Store, state: int, command: str, paths: Sequence[Place], report: Report
) -> list[bytes]:
    """Notes an update, and gives up what is too old to be gone back to; the keys of its vectors."""
    named = json.dumps(named_places(paths), ensure_ascii=False)
    counts = len(report.added), len(report.changed), len(report.removed), store.count("articles")
    store.db.execute(
        "INSERT INTO updates VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (state, now(), command, named, *counts),
    )
    store.db.execute(
        "DELETE FROM updates WHERE state NOT IN"
        " (SELECT state FROM updates ORDER BY state DESC LIMIT ?)",
        (RECORDED,),
    )
    row = store.db.execute(
        "SELECT min(state) FROM (SELECT state FROM updates ORDER BY state DESC LIMIT ?)",
        (KEPT + 1,),
    ).fetchone()
    oldest = max(row[0], int(store.meta(_OLDEST) or 0))
    rows = store.db.execute(
        "SELECT DISTINCT vector FROM kept_sentences WHERE article IN"
        " (SELECT number FROM kept_articles WHERE state <= ?)",
        (oldest,),
    ).fetchall()
    store.db.execute("DELETE FROM kept_articles WHERE state <= ?", (oldest,))
    store.set_meta(_OLDEST, str(oldest))
    return [row[0] for row in rows]


def now() -> str:
    """The time as updates have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def named_places(paths: Sequence[Place]) -> list[str]:
    """What was read, as updates name it."""
    return [str(path.absolute()) if isinstance(path, Path) else path for path in paths]


# ---- the way back ----------------------------------------------------------------------------


def way_back(store: Store, state: int) -> tuple[Report, list[Draft]]:
    """What makes an index hold the articles that it held in an earlier state."""
    report = Report()
    drafts = []
    rows = store.db.execute(
        f"SELECT number, digest, {ARTICLE} FROM kept_articles k WHERE state ="
        " (SELECT min(state) FROM kept_articles WHERE id = k.id AND state > ?) ORDER BY id",
        (state,),
    ).fetchall()
    known = store.digests()
    for number, then, article_id, text, *fields in rows:
        now = known.get(article_id, (None, ""))[0]
        if then == now:
            continue
        if text is None:
            report.removed.append(article_id)
            continue
        (report.changed if now else report.added).append(article_id)
        drafts.append(_kept_draft(store, number, Article(article_id, text, *fields)))
    return report, drafts


def _kept_draft(store: Store, number: int, article: Article) -> Draft:
    rows = store.db.execute(
        "SELECT passage_start, passage_end, start, end, vector FROM kept_sentences"
        " WHERE article = ? ORDER BY rowid",
        (number,),
    )
    passages, vector_keys = [], []
    for (start, end), group in groupby(rows, key=lambda row: row[:2]):
        sentences = list(group)
        spans = tuple(Span(row[2], row[3]) for row in sentences)
        passages.append(PassageSpan(start, end, spans))
        vector_keys.append([row[4] for row in sentences])
    return Draft(article, passages, vector_keys)
