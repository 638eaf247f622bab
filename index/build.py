"""Bringing an index up to date with the articles on disk, in one step that can fail safely.

Reading and embedding come first; embedded text is kept even when the work is cut short. Then one
SQLite transaction changes the articles, and the derived files of the new state are written before
it commits. Until the commit every reader sees the old state, and a process killed at any moment
leaves the old state or the new one.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from index.articles import read_articles
from index.derived import DERIVED, Changes, update_derived, write_derived
from index.errors import BadIndexError, UsageError
from index.manifest import is_whole
from index.passages import PassageSpan, split_passages
from index.store import FORMAT, NewPassage, Store, digest, vector_key
from index.terms import TermNumbers, pack
from index.types import Article, Encoder, LeftOut, Progress

LOCK = "lock"
_RECORD = re.compile(r"#[0-9]+$")  # behind the file's name, where it holds many articles
_BLOCK = 2048  # sentences embedded between two writes of the store

# Called with the name of a stage of the work; what it returns is told how far the stage is.
Stages = Callable[[str], Progress]


@dataclass(slots=True)
class Report:
    """What an update did: article ids by what happened to them, and what was not indexed."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    same_text: list[tuple[str, str]] = field(default_factory=list)  # origins of (copy, first)
    articles: int = 0
    passages: int = 0
    sentences: int = 0


@dataclass(frozen=True, slots=True)
class _Draft:
    """An article cut into passages, with the vector keys of each passage's sentences."""

    article: Article
    passages: list[PassageSpan]
    vector_keys: list[list[bytes]]


def embedded_text(title: str, sentence: str) -> str:
    """What is embedded of a sentence: its title in front tells what "ông", "nước này" are."""
    return f"{title}. {sentence}" if title else sentence


def update_index(
    folder: Path,
    paths: Sequence[Path],
    encoder: Encoder,
    stages: Stages | None = None,
    rebuild: bool = False,
) -> Report:
    """Makes the index in `folder` hold the articles under `paths` as they are now.

    Articles that came from elsewhere stay, unless `rebuild` starts over. An article whose file
    can no longer be read stays as it was.

    Raises:
        BadIndexError: the index was built with another encoder or format.
        UsageError: a path does not exist, or another process is writing the index.
    """
    begin = stages or (lambda name: lambda done, total: None)
    with _locked(folder):
        store = Store.create(folder, _settings(encoder))
        try:
            if not rebuild:
                check_settings(store, encoder)
            elif store.meta("format") != str(FORMAT):
                store.start_over(_settings(encoder))
            report = Report()
            drafts = _read(store, paths, encoder, report, begin("reading"), rebuild)
            _embed(store, drafts, encoder, begin("embedding"))
            if drafts or report.removed or rebuild or not _has_derived(store):
                _commit(store, drafts, report, encoder, begin("writing"), rebuild)
            report.articles = store.count("articles")
            report.passages = store.count("passages")
            report.sentences = store.count("sentences")
            return report
        finally:
            store.close()


def check_settings(store: Store, encoder: Encoder) -> None:
    """Refuses an index of another format or encoder, naming both and the command that mends it."""
    wanted = _settings(encoder) | {"format": str(FORMAT)}
    for setting in ("format", "encoder", "fingerprint", "dim"):
        found = store.meta(setting)
        if found != wanted[setting]:
            raise BadIndexError(
                f"the index in {store.folder} has {setting} {found!r},"
                f" this run {wanted[setting]!r};"
                f" start over: qa index ARTICLES --rebuild --index {store.folder}"
            )


def _settings(encoder: Encoder) -> dict[str, str]:
    return {
        "encoder": encoder.name,
        "fingerprint": encoder.fingerprint,
        "dim": str(encoder.dim),
    }


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Holds the index for writing; the lock goes with the process that holds it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("a+")
    except OSError as error:
        raise UsageError(
            f"cannot write to {folder} ({error.strerror}); name a folder you can: --index DIR"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise UsageError(
                f"the index in {folder} is being written by process {file.read().strip()};"
                " try again when it is done"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _read(
    store: Store,
    paths: Sequence[Path],
    encoder: Encoder,
    report: Report,
    progress: Progress,
    rebuild: bool,
) -> list[_Draft]:
    """Sorts the articles under `paths` into the report; drafts of those to be written."""
    known = store.digests()
    drafts: list[_Draft] = []
    seen: set[str] = set()
    texts: dict[str, str] = {}
    for item in read_articles(paths):
        if isinstance(item, LeftOut):
            report.left_out.append(item)
            continue
        seen.add(item.id)
        first = texts.setdefault(item.text[item.body :], item.origin)
        if first != item.origin:
            report.same_text.append((item.origin, first))
        if item.id not in known:
            report.added.append(item.id)
        elif known[item.id][0] == digest(item):
            report.unchanged.append(item.id)
        else:
            report.changed.append(item.id)
        if rebuild or item.id not in known or known[item.id][0] != digest(item):
            drafts.append(_draft(item, encoder.fingerprint))
        progress(len(seen), 0)
    report.removed += _removed(known, seen, paths, report.left_out, rebuild)
    return drafts


def _removed(
    known: dict[str, tuple[bytes, str]],
    seen: set[str],
    paths: Sequence[Path],
    left_out: Iterable[LeftOut],
    rebuild: bool,
) -> list[str]:
    roots = [path.resolve().as_posix() for path in paths]
    unread = {item.origin for item in left_out}
    unlisted = [origin for origin in unread if not _is_listable(Path(origin))]
    gone = []
    for article_id, (_, origin) in known.items():
        if article_id in seen:
            continue
        file = _RECORD.sub("", origin)
        under = any(_is_under(file, root) for root in roots)
        kept = not unread.isdisjoint({origin, file}) or any(_is_under(file, u) for u in unlisted)
        if rebuild or (under and not kept):
            gone.append(article_id)
    return gone


def _is_under(file: str, root: str) -> bool:
    return file == root or file.startswith(f"{root.rstrip('/')}/")


def _is_listable(path: Path) -> bool:
    """False for a folder whose files cannot be known now; what came from it is not gone."""
    try:
        list(path.iterdir())
    except (NotADirectoryError, FileNotFoundError):
        return True
    except OSError:
        return False
    return True


def _draft(article: Article, fingerprint: str) -> _Draft:
    passages = split_passages(article.text, article.body)
    return _Draft(
        article,
        passages,
        [
            [vector_key(fingerprint, t) for t in _embedded_texts(article, passage)]
            for passage in passages
        ],
    )


def _embedded_texts(article: Article, passage: PassageSpan) -> list[str]:
    return [embedded_text(article.title, article.text[s.start : s.end]) for s in passage.sentences]


def _embed(store: Store, drafts: list[_Draft], encoder: Encoder, progress: Progress) -> None:
    """Embeds the sentences that have no vector yet; each block is kept as soon as it is done."""
    wanted = {k for d in drafts for passage in d.vector_keys for k in passage}
    missing = store.missing_vectors(wanted)
    texts: dict[bytes, str] = {}
    for draft in drafts:
        for passage, names in zip(draft.passages, draft.vector_keys, strict=True):
            if not missing.isdisjoint(names):
                texts.update(zip(names, _embedded_texts(draft.article, passage), strict=True))
    # Neighbours in length share a batch, so the blocks are cut from the sorted whole.
    names = sorted(missing, key=lambda name: (len(texts[name]), name))
    for at in range(0, len(names), _BLOCK):
        block = names[at : at + _BLOCK]
        vectors = encoder.encode_passages(
            [texts[name] for name in block],
            lambda done, _, at=at: progress(at + done, len(names)),  # type: ignore[misc]
        )
        store.db.execute("BEGIN IMMEDIATE")
        store.add_vectors(block, vectors)
        store.db.execute("COMMIT")
        progress(at + len(block), len(names))


def _commit(
    store: Store,
    drafts: list[_Draft],
    report: Report,
    encoder: Encoder,
    progress: Progress,
    rebuild: bool,
) -> None:
    """Changes the articles and writes the derived files of the new state, all or nothing."""
    state = int(store.meta("state"))
    derived = store.folder / DERIVED
    _remove_stale(derived, state)
    store.db.execute("BEGIN IMMEDIATE")
    try:
        if rebuild:
            store.delete_all_articles()
        deleted = store.delete_articles([*report.removed, *report.changed])
        changes = Changes(deleted.passages, store.last_passage())
        numbers = TermNumbers(store)
        for done, draft in enumerate(drafts):
            _write(store, draft, numbers)
            progress(done, len(drafts))
        store.drop_unused_vectors(deleted.vector_keys)
        for key, value in _settings(encoder).items():
            store.set_meta(key, value)
        store.set_meta("state", str(state + 1))
        new = derived / str(state + 1)
        if rebuild:
            write_derived(store, new)
        else:
            update_derived(store, new, derived / str(state), changes)
        store.db.execute("COMMIT")
    except BaseException:
        if store.db.in_transaction:  # SQLite itself rolls back when the disk is full
            store.db.execute("ROLLBACK")
        shutil.rmtree(derived / str(state + 1), ignore_errors=True)
        raise
    progress(len(drafts), len(drafts))


def _write(store: Store, draft: _Draft, numbers: TermNumbers) -> None:
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


def _has_derived(store: Store) -> bool:
    """Whether the derived files of the state are there, as far as names and sizes tell."""
    state = store.meta("state")
    return state == "0" or is_whole(store.folder / DERIVED / state)


def _remove_stale(derived: Path, state: int) -> None:
    """Removes states that no reader can open any more, and what a killed build left behind."""
    for path in derived.iterdir() if derived.is_dir() else ():
        if path.name != str(state):
            shutil.rmtree(path, ignore_errors=True)
