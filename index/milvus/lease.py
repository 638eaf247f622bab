"""One writer at a time, on whatever machine it runs: a lease in Milvus that its holder renews.

A term of the lease is a collection without rows. A server makes a collection of a name once and
refuses another of that name with other fields, so that of several writers one gets a term; its
field names who. The highest term counts. Its holder renews it by making the next one, gives it up
by a next one of nobody, and whoever has watched it unrenewed for long enough takes it over, each in
the same step that one alone can do. No clocks are compared, and numbers do not come again.
"""

import logging
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from uuid import uuid4

from index import lock
from index.errors import BadIndexError, HoiBaoError
from index.milvus.address import MilvusAddress
from index.milvus.connection import Connection
from index.milvus.files import files_of
from index.milvus.tables import UNUSED

RENEWED = 20.0  # seconds between two terms of a holder
EXPIRES = 80.0  # seconds without a new term after which its holder is taken for dead
_SILENT = 40.0  # seconds without a new term after which it is said who is waited for
_LOOKED = 1.0  # seconds between two looks of who waits
_NOBODY = "nobody"
_BOOT = Path("/proc/sys/kernel/random/boot_id")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a term. `place` is the same for processes that share one lock on one machine."""

    nonce: str
    place: str
    process: int
    host: str

    @property
    def field(self) -> str:
        """The holder as the name of a field."""
        return f"by_{self.nonce}_{self.place}_{self.process}_{self.host}"

    @classmethod
    def parse(cls, field: str) -> "Holder | None":
        found = re.fullmatch(r"by_([0-9a-f]+)_([0-9a-f]*)_(\d+)_(\w*)", field)
        return cls(found[1], found[2], int(found[3]), found[4]) if found else None

    def __str__(self) -> str:
        return f"process {self.process} on {self.host}"


class Lease:
    """The lease of one index, as one writer sees it."""

    def __init__(self, connection: Connection) -> None:
        host = re.sub(r"[^A-Za-z0-9]+", "_", socket.gethostname())[:60]
        self.own = Holder(uuid4().hex[:12], _place(connection.address), os.getpid(), host)
        self._connection = connection
        self._term = 0
        self._renewed = 0.0  # when, by a clock that runs while the machine sleeps
        self._is_lost = False
        self._lock = threading.Lock()

    def take(self, waiting: lock.Waiting | None) -> None:
        """Makes a term of its own, when nobody else renews one. Without `waiting` it waits until
        it knows whether somebody does.

        Raises:
            BadIndexError: the server makes no term.
            UsageError: another process does, and there is no `waiting`.
        """
        seen, since, told = 0, _clock(), False
        while True:
            term = _highest(self._connection)
            field = _field(self._connection, term) if term else _NOBODY
            holder = Holder.parse(field)
            # One with the lock that this process holds now has died.
            is_free = field == _NOBODY or (holder and holder.place == self.own.place)
            if term != seen:
                if seen and holder and not is_free and waiting is None:
                    raise lock.busy(self._connection.address, str(holder))
                seen, since = term, _clock()
            if (is_free or _clock() - since > EXPIRES) and self._make(term + 1, self.own.field):
                return
            if holder and not is_free and not told:
                if waiting:
                    waiting(str(holder))
                    told = True
                elif _clock() - since > _SILENT:
                    log.warning("no word of %s: waiting until it is taken for dead", holder)
                    told = True
            time.sleep(_LOOKED)

    def check(self) -> None:
        """Renews the lease if that is due. A holder that was stopped for long may have lost it. One
        whom the server refuses a term has it still, and tries again until others may soon take it
        over.

        Raises:
            BadIndexError: another process has taken it over, or the server has refused for long.
        """
        with self._lock:
            if not self._is_lost and _clock() - self._renewed > RENEWED:
                try:
                    self._is_lost = not self._make(self._term + 1, self.own.field)
                except HoiBaoError:
                    if _clock() - self._renewed > EXPIRES - RENEWED:
                        raise
            if self._is_lost:
                raise BadIndexError(
                    f"another process writes {self._connection.address} now, as this one was not"
                    " heard of for long; what it writes stays: run the same command again"
                )

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """Renews the lease for as long as there is work, and gives it up then."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(RENEWED / 4):
                with suppress(HoiBaoError):  # the writer's next call meets it too
                    self.check()

        renewing = threading.Thread(target=renew, daemon=True)
        renewing.start()
        try:
            yield
        finally:
            done.set()
            renewing.join()
            with suppress(HoiBaoError):
                self._make(self._term + 1, _NOBODY)

    def _make(self, term: int, field: str) -> bool:
        """Makes a term, unless another process has made it or a higher one.

        Raises:
            BadIndexError: there is neither, so the server makes none.
        """
        connection, began = self._connection, _clock()
        kinds, client = connection.api.DataType, connection.api.MilvusClient
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(field, kinds.INT64, is_primary=True)
        schema.add_field(UNUSED, kinds.FLOAT_VECTOR, dim=2)
        name = _name(connection, term)
        refused = BadIndexError(f"Milvus at {connection.address.server} made no {name}; try again")
        try:
            connection.call("create_collection", name, schema=schema)
        except BadIndexError as error:  # whatever came back: what is there now counts
            refused = error
        terms = _terms(connection)
        if max(terms, default=0) < term:
            raise refused
        is_own = term in terms and _field(connection, term) == field
        if not is_own:
            return False
        if max(terms) > term:  # this process was slow, and its number was given up long ago
            _drop(connection, term)
            return False
        self._term, self._renewed = term, began
        for older in terms:
            if older < term:
                _drop(connection, older)
        return True


@contextmanager
def leased(connection: Connection, waiting: lock.Waiting | None) -> Iterator[None]:
    """Holds the lease of an index, and lets the connection write while it does."""
    if connection.address.is_file:  # which one process can open
        yield
        return
    lease = Lease(connection)
    lease.take(waiting)
    connection.before_writing = lease.check
    try:
        with lease.renewed():
            yield
    finally:
        connection.before_writing = None


def writer(connection: Connection) -> str:
    """Who writes an index, "" where nobody does. One that died on another machine is still named
    until another process writes."""
    address = connection.address
    if (here := lock.writer(files_of(address))) or address.is_file:
        return here
    term = _highest(connection)
    holder = Holder.parse(_field(connection, term)) if term else None
    return str(holder) if holder and holder.place != _place(address) else ""


def _terms(connection: Connection) -> list[int]:
    name = re.compile(rf"{connection.address.name}_w(\d+)")
    return [int(found[1]) for found in map(name.fullmatch, connection.collections()) if found]


def _highest(connection: Connection) -> int:
    return max(_terms(connection), default=0)


def _field(connection: Connection, term: int) -> str:
    """The field of a term; "" where the term has gone."""
    try:
        found = connection.call("describe_collection", _name(connection, term))
    except BadIndexError:
        if term in _terms(connection):
            raise
        return ""
    return str(found["fields"][0]["name"])


def _drop(connection: Connection, term: int) -> None:
    with suppress(BadIndexError):  # another process may have dropped it meanwhile
        connection.call("drop_collection", _name(connection, term))


def _name(connection: Connection, term: int) -> str:
    return f"{connection.address.name}_w{term}"


def _place(address: MilvusAddress) -> str:
    """Which lock on which machine a process holds while it writes."""
    file = files_of(address) / lock.LOCK
    if not file.exists():
        return ""
    boot = _BOOT.read_text() if _BOOT.exists() else socket.gethostname()
    at = file.stat()
    return blake2b(f"{boot} {at.st_dev} {at.st_ino}".encode(), digest_size=6).hexdigest()


def _clock() -> float:
    """Seconds, also of those that the machine slept."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
