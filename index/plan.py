"""What an update has to do: the articles on disk beside those that the index holds."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from index.articles import read_articles
from index.fetch import is_address
from index.ids import Ids, file_of, is_under
from index.passages import PassageSpan, split_passages
from index.store import digest, vector_key
from index.types import Article, LeftOut, Place, Progress, Span


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
class Draft:
    """An article cut into passages, with the vector keys of each passage's sentences."""

    article: Article
    passages: list[PassageSpan]
    vector_keys: list[list[bytes]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens to which article, the articles to be written, and the origin of every id."""

    report: Report
    drafts: list[Draft]
    origins: dict[str, str]


class Held(Protocol):
    """What an index holds: `index.store.Store`, or what an index elsewhere tells."""

    def digests(self) -> dict[str, tuple[bytes, str]]: ...

    def article(self, article_id: str) -> Article | None: ...


def embedded_text(title: str, sentence: str) -> str:
    """What is embedded of a sentence: its title in front tells what "ông", "nước này" are."""
    return f"{title}. {sentence}" if title else sentence


def sentence_text(article: Article, sentence: Span) -> str:
    """What is embedded of a sentence of an article."""
    return embedded_text(article.title, article.text[sentence.start : sentence.end])


def draft_of(article: Article, fingerprint: str) -> Draft:
    passages = split_passages(article.text, article.body)
    return Draft(
        article,
        passages,
        [
            [vector_key(fingerprint, sentence_text(article, s)) for s in passage.sentences]
            for passage in passages
        ],
    )


def plan_update(
    store: Held | None,
    paths: Sequence[Place],
    fingerprint: str,
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
) -> Plan:
    """Sorts the articles at `paths` by what an index holds of them; None is an empty one.

    An article from the web stays until its server says that it is gone: a feed lists only its
    newest. A rebuild from files alone starts over without it.

    Raises:
        UsageError: a path does not exist.
    """
    known = _known(store)
    origins = {article_id: origin for article_id, (_, origin) in known.items()}
    roots = [path.resolve().as_posix() for path in paths if isinstance(path, Path)]
    look_up = store.article if store and known else lambda _: None
    ids = Ids(roots, dict(origins), look_up, starts_over=rebuild)
    report = Report()
    drafts: list[Draft] = []
    seen: set[str] = set()
    bodies: dict[bytes, str] = {}
    for item in read_articles(paths, ids):
        if isinstance(item, LeftOut):
            report.left_out.append(item)
            continue
        seen.add(item.id)
        origins[item.id] = item.origin
        body = item.text[item.body :].encode("utf-8", "surrogatepass")
        first = bodies.setdefault(blake2b(body, digest_size=16).digest(), item.origin)
        if first != item.origin:
            report.same_text.append((item.origin, first))
        if item.id not in known:
            report.added.append(item.id)
        elif known[item.id][0] == digest(item):
            report.unchanged.append(item.id)
        else:
            report.changed.append(item.id)
        if rebuild or item.id not in known or known[item.id][0] != digest(item):
            drafts.append(draft_of(item, fingerprint))
        progress(len(seen), 0)
    unseen = {i: origin for i, (_, origin) in known.items() if i not in seen}
    gone = {item.origin for item in report.left_out if item.is_gone}
    kept = _kept(unseen, report.left_out)
    if any(map(is_address, paths)):
        kept |= {i for i, origin in unseen.items() if is_address(origin) and origin not in gone}
    for article_id, origin in unseen.items():
        if article_id not in kept and (rebuild or origin in gone or is_under(origin, roots)):
            report.removed.append(article_id)
    if store and rebuild:  # what cannot be read now is made anew from what is stored
        stored = (store.article(article_id) for article_id in sorted(kept))
        drafts += [draft_of(article, fingerprint) for article in stored if article]
    return Plan(report, drafts, origins)


def _known(store: Held | None) -> dict[str, tuple[bytes, str]]:
    """Article id to (digest, origin); empty where another format keeps them in another way."""
    if store is None:
        return {}
    try:
        store.article("")
        return store.digests()
    except sqlite3.OperationalError:
        return {}


def _kept(unseen: dict[str, str], left_out: Iterable[LeftOut]) -> set[str]:
    """The articles that were not seen because their file or folder cannot be read now."""
    unread = {item.origin for item in left_out if not item.is_gone}
    unlisted = [origin for origin in unread if not _is_listable(Path(origin))]
    return {
        article_id
        for article_id, origin in unseen.items()
        if not unread.isdisjoint({origin, str(file_of(origin))}) or is_under(origin, unlisted)
    }


def _is_listable(path: Path) -> bool:
    """False for a folder whose files cannot be known now; what came from it is not gone."""
    try:
        list(path.iterdir())
    except (NotADirectoryError, FileNotFoundError):
        return True
    except OSError:
        return False
    return True
