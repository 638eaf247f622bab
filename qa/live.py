"""The index of a folder while it is served: always its newest state, opened once."""

import logging
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from index.build import check_settings
from index.database import FILE
from index.encoder import open_encoder
from index.errors import HoiBaoError
from index.reader import Index
from index.store import Store
from index.types import Encoder
from qa.answer import Answerer
from qa.collection import Collection, describe

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of an index, ready to answer."""

    index: Index
    answerer: Answerer
    collection: Collection


class LiveIndex:
    """Gives out the newest state of the index in a folder. Threads may share it.

    A question keeps the snapshot that it began with; an older snapshot is closed when the last
    question that holds it is done.
    """

    def __init__(self, folder: Path, strictness: float | None = None) -> None:
        """Opens the index and its encoder; for `strictness` see `qa.answer.Answerer`.

        Raises:
            HoiBaoError: there is no index, it is damaged, or its encoder cannot be opened.
        """
        self.folder = folder
        self._strictness = strictness
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._watched, self._file = self._watch()
        self._seen = self._state()
        self._snapshot = self._open()

    def snapshot(self) -> Snapshot:
        """The newest state; the last one that could be opened where the newest cannot."""
        with self._lock:
            try:
                if self._has_changed():
                    self._snapshot = self._open()
                    log.info("answering from state %d", self._snapshot.index.state)
            except (HoiBaoError, OSError, sqlite3.Error):
                log.exception(
                    "the new state in %s cannot be opened; the old one answers", self.folder
                )
            return self._snapshot

    def _has_changed(self) -> bool:
        """Compares a number in SQLite and the file's identity: some 30 microseconds."""
        if _identity(self.folder) != self._file:  # the file was replaced as a whole
            self._watched.close()
            self._watched, self._file = self._watch()
        if (state := self._state()) == self._seen:
            return False
        self._seen = state
        return True

    def _watch(self) -> tuple[Store, tuple[int, int]]:
        """A connection of its own: the snapshot's never sees beyond its state."""
        return Store.open(self.folder), _identity(self.folder)

    def _state(self) -> tuple[str, tuple[int, int]]:
        return self._watched.meta("state"), self._file

    def _open(self) -> Snapshot:
        index = Index(self.folder)
        if self._encoder is None or self._encoder.name != index.encoder_name:
            self._encoder = open_encoder(index.encoder_name)
        check_settings(index.store, self._encoder)
        answerer = Answerer(index, self._encoder, self._strictness)
        return Snapshot(index, answerer, describe(index.store))


def _identity(folder: Path) -> tuple[int, int]:
    """Which file the index is, whatever its name."""
    found = (folder / FILE).stat()
    return found.st_dev, found.st_ino
