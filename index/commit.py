"""The step from one state of an index to the next, all or nothing.

One SQLite transaction changes the articles, and the derived files of the new state are written
before it commits. Until the commit every reader sees the old state, and a process killed at any
moment leaves the old state or the new one.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from index import history
from index.database import FORMAT, start_over
from index.derived import DERIVED, Changes, update_derived, write_derived
from index.manifest import is_whole
from index.plan import Draft, Report
from index.store import NewPassage, Store
from index.terms import TermNumbers, pack
from index.types import Place, Progress


def next_state(
    store: Store,
    command: str,
    paths: Sequence[Place],
    report: Report,
    drafts: list[Draft] | None = None,
    settings: dict[str, str] | None = None,
    progress: Progress = lambda done, total: None,
    rebuild: bool = False,
) -> None:
    """Makes the next state: articles that the `report` calls removed are deleted, the `drafts`
    written in place of those of the same ids, which takes them off the list: they are a third of
    the memory of a build. An exception leaves the state as it was.

    With `settings` the index takes them, of another format or encoder too. A `rebuild` has a draft
    of every article that there will be. Derived files are taken over from the state before as far
    as they can be; a rebuild writes all anew, and so does a state that changes nothing, which is
    made to mend them.
    """
    drafts = drafts or []
    total = len(drafts)
    state = int(store.meta("state"))
    derived = store.folder / DERIVED
    _remove_stale(derived, state)
    store.db.execute("BEGIN IMMEDIATE")
    try:
        _settle(store, state + 1, report, settings or {})
        if rebuild:
            store.delete_all_articles()
        gone = [*report.removed, *(draft.article.id for draft in drafts)]
        changes = Changes(store.delete_articles(gone), store.last_passage())
        numbers = TermNumbers(store)
        drafts.reverse()
        for done in range(total):
            write_draft(store, drafts.pop(), numbers)
            progress(done, total)
        given_up = history.record(store, state + 1, command, paths, report)
        store.drop_unused_vectors(given_up)
        store.set_meta("state", str(state + 1))
        if rebuild or not gone:
            write_derived(store, derived / str(state + 1))
        else:
            update_derived(store, derived / str(state + 1), derived / str(state), changes)
        store.db.execute("COMMIT")
    except BaseException:
        if store.db.in_transaction:  # SQLite itself rolls back when the disk is full
            store.db.execute("ROLLBACK")
        shutil.rmtree(derived / str(state + 1), ignore_errors=True)
        raise
    progress(total, total)


def _settle(store: Store, state: int, report: Report, settings: dict[str, str]) -> None:
    """Takes the settings, and keeps what the update replaces where that can still be used."""
    if store.meta("format") != str(FORMAT):
        start_over(store.db, settings)
    elif store.meta("fingerprint") != settings.get("fingerprint", store.meta("fingerprint")):
        history.forget(store, state)  # its vectors are another encoder's
    elif store.count("updates"):
        history.keep(store, state, [*report.added, *report.changed, *report.removed])
    for key, value in settings.items():
        store.set_meta(key, value)


def write_draft(store: Store, draft: Draft, numbers: TermNumbers) -> None:
    """Adds an article that the store does not hold; its new terms get numbers."""
    article = draft.article
    passages = [
        NewPassage(
            span.start,
            span.end,
            pack(numbers(article.text[s.start : s.end]) for s in span.sentences),
            span.sentences,
            tuple(vector_keys),
        )
        for span, vector_keys in zip(draft.passages, draft.vector_keys, strict=True)
    ]
    store.add_article(article, pack([numbers(article.title)]), passages)


def has_derived(store: Store) -> bool:
    """Whether the derived files of the state are there, as far as names and sizes tell."""
    state = store.meta("state")
    return state == "0" or is_whole(store.folder / DERIVED / state)


def _remove_stale(derived: Path, state: int) -> None:
    """Removes states that no reader can open any more, and what a killed build left behind."""
    for path in derived.iterdir() if derived.is_dir() else ():
        if path.name != str(state):
            shutil.rmtree(path, ignore_errors=True)
