"""What an editor sees of an index: its articles and updates, without what search needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from index import history
from index.build import reading
from index.history import Update
from index.limits import refusals_named
from index.listing import Listing, Order, list_articles
from index.store import Store
from index.types import Article


class Catalogue(Protocol):
    """The articles and updates of one state of an index, wherever it is kept."""

    def meta(self, key: str) -> str:
        """A setting: the format, the encoder, its fingerprint, its dim; "" for what is none."""

    def origins(self) -> dict[str, str]:
        """Id to origin of every article."""

    def articles(self) -> Iterator[Article]:
        """All articles, by id."""

    def updates(self) -> list[Update]:
        """The updates of the index, the newest first."""

    def listing(self, words: str, order: Order, falling: bool, first: int, most: int) -> Listing:
        """As `index.listing.list_articles`."""


class _FolderCatalogue:
    def __init__(self, store: Store) -> None:
        self._store = store

    def meta(self, key: str) -> str:
        return self._store.meta(key)

    def origins(self) -> dict[str, str]:
        return {article_id: origin for article_id, (_, origin) in self._store.digests().items()}

    def articles(self) -> Iterator[Article]:
        return self._store.articles()

    def updates(self) -> list[Update]:
        return history.updates(self._store)

    def listing(self, words: str, order: Order, falling: bool, first: int, most: int) -> Listing:
        return list_articles(self._store, words, order, falling, first, most)


@contextmanager
def folder_catalogue(folder: Path) -> Iterator[Catalogue]:
    """The catalogue of the newest state of the index in a folder.

    Raises:
        BadIndexError: there is no index, or it is of another format or damaged.
    """
    with refusals_named(folder), reading(folder) as store:
        yield _FolderCatalogue(store)
