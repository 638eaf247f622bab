"""Which id an article gets: one that no other article holds, and the same one every time."""

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from index.fetch import is_address
from index.types import Article, LeftOut

_RECORD = re.compile(r"#[0-9]+$")  # behind the file's name, where it holds many articles

_MADE = re.compile(r"a[0-9a-f]{12}")  # an id made from a place


def short_digest(name: str) -> str:
    return blake2b(name.encode(), digest_size=6).hexdigest()


def file_of(origin: str) -> Path:
    """The file that an article was read from; of one from the web, what is no file."""
    return Path(_RECORD.sub("", origin))


def is_under(origin: str, roots: Sequence[Path]) -> bool:
    """Whether an article came from one of the files and folders."""
    file = file_of(origin)
    return any(root == file or root in file.parents for root in roots)


class Ids:
    """Gives ids out while articles are read; `held` says what the index holds already.

    An id made from a place in a folder stays with that file, whatever path it is read by. Where
    another folder of the same name makes it a second time, the second article gets one made from
    its whole path. An id that the article states itself, or that its web address is, is not
    changed: the second is left out.
    """

    def __init__(
        self,
        roots: Sequence[Path] = (),
        held: Mapping[str, str] | None = None,
        article: Callable[[str], Article | None] = lambda article_id: None,
    ) -> None:
        """`held` is id to origin; `article` looks one of them up; `roots` are what is read now."""
        self._roots = roots
        self._held = held or {}
        self._article = article
        self._made = {origin: i for i, origin in self._held.items() if _MADE.fullmatch(i)}
        self._given: dict[str, str] = {}

    def settle(self, article: Article, is_stated: bool) -> str | LeftOut:
        """The id for an article, the one it has or, unless that `is_stated`, another; or why it
        can have none."""
        article_id = article.id
        if not is_stated:
            article_id = self._made.get(article.origin, article_id)
            if not self._is_free(article_id, article, is_stated):
                article_id = "a" + short_digest(article.origin)
        elif not self._is_free(article_id, article, is_stated):
            return LeftOut(article.origin, self._reason(article_id))
        self._given[article_id] = article.origin
        return article_id

    def _reason(self, article_id: str) -> str:
        if other := self._given.get(article_id):
            return f"its id {article_id!r} is that of {other} already: give it another"
        return (
            f"its id {article_id!r} is that of {self._held[article_id]}, which is indexed already:"
            f" give it another, or remove that one: qa index --remove {article_id}"
        )

    def _is_free(self, article_id: str, article: Article, is_stated: bool) -> bool:
        if article_id in self._given:
            return self._given[article_id] == article.origin
        if article_id not in self._held or self._holds(article_id, article):
            return True
        origin = self._held[article_id]
        if is_stated and is_under(origin, self._roots):
            return True  # its file is read too, in this run: the first of the two keeps the id
        return _is_gone(origin) and (is_stated or self._has_moved(article_id, article))

    def _holds(self, article_id: str, article: Article) -> bool:
        return file_of(self._held[article_id]) == file_of(article.origin)

    def _has_moved(self, article_id: str, article: Article) -> bool:
        """Whether the article that holds an id is this one, read from another place before."""
        before = self._article(article_id)
        if before is None:
            return False
        return before.text == article.text or before.title == article.title != ""


def _is_gone(origin: str) -> bool:
    """False where that cannot be known now: no right to look is no sign, and only its server can
    say of an article from the web that it is gone."""
    if is_address(origin):
        return False
    try:
        file_of(origin).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False
