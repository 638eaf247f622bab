"""An index while it is served: always its newest state, opened once."""

import logging
import sqlite3
import threading
from dataclasses import dataclass

from index.backend import newest_of, open_index
from index.build import check_settings
from index.encoder import open_encoder
from index.errors import HoiBaoError
from index.location import Location, files_of
from index.types import Encoder, OpenIndex
from qa.answer import Answerer
from qa.collection import Collection, describe

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of an index, ready to answer."""

    index: OpenIndex
    answerer: Answerer
    collection: Collection


class LiveIndex:
    """Gives out the newest state of an index. Threads may share it.

    A question keeps the snapshot that it began with; an older snapshot is closed when the last
    question that holds it is done.
    """

    def __init__(self, location: Location, strictness: float | None = None) -> None:
        """Opens the index and its encoder; for `strictness` see `qa.answer.Answerer`.

        Raises:
            HoiBaoError: there is no index, it is damaged, or its encoder cannot be opened.
        """
        self.location = location
        self.folder = files_of(location)  # of what is kept beside the articles
        self._strictness = strictness
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._newest = newest_of(location)
        self._seen = self._newest.version()
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
                    "the new state in %s cannot be opened; the old one answers", self.location
                )
            return self._snapshot

    def _has_changed(self) -> bool:
        if (version := self._newest.version()) == self._seen:
            return False
        self._seen = version
        return True

    def _open(self) -> Snapshot:
        index = open_index(self.location)
        if self._encoder is None or self._encoder.name != index.encoder_name:
            self._encoder = open_encoder(index.encoder_name)
        check_settings(index.meta, self._encoder, index.where)
        answerer = Answerer(index, self._encoder, self._strictness)
        return Snapshot(index, answerer, describe(index))
