"""One connection to Milvus: its calls, with errors that users can read.

Collections hold few kinds of values, so that every version since 2.3 can keep them: 64-bit
numbers, strings of up to 65,535 bytes, vectors. Bytes are kept as pieces of base64.
"""

import json
import logging
import os
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from index.errors import BadIndexError, UsageError
from index.milvus.address import TOKEN, MilvusAddress

PIECE = 65_532  # characters of base64 in one string: a multiple of 4
STRING = 65_535  # bytes of a string, the most that Milvus takes
_BYTES_SENT = 8 << 20  # at once; servers take 64 MiB
_ROWS_SENT = 1_000
_ROWS_READ = 1_000
_KEYS_READ = 400
_PATIENCE = 120.0  # seconds that a writer waits for a server that has gone away
_READ_PATIENCE = 10.0  # the same for a reader, whose reader waits too
_PAUSE = 0.5
# Embedding takes hours, and Milvus Lite hangs up on a client that asks too often if it is there.
_QUIET = {"grpc.keepalive_time_ms": 300_000, "grpc.keepalive_permit_without_calls": False}
_DIGITS = 6  # of a score
_NO_SERVER = (
    "unavailable",
    "fail connecting",
    "connection refused",
    "deadline",
    "illegal connection",
)
_REFUSED = ("unauthenticated", "auth check", "permission denied", "privilege")
# What a server says that has just come back.
_NOT_YET = (
    *("unavailable", "not ready", "not healthy", "no available", "delegator", "node not found"),
    *("channel not available", "not subscribed", "is not serving", "connection refused"),
    *("deadline", "node offline", "recovering", "not fully loaded", "collection not loaded"),
    *("server id mismatch", "session", "closed channel", "timestamp lag", "find no available"),
)

Row = dict[str, Any]
_T = TypeVar("_T")


class DamagedError(BadIndexError):
    """What the server holds is not what this program writes; another try would find the same."""


def damaged_rows(address: MilvusAddress, table: str) -> DamagedError:
    return DamagedError(
        f"rows of {table} at {address.server} are damaged; see which:"
        f" qa index verify --index {address}"
    )


class Whole(str):
    """A string that is looked through as one: pymilvus, before it sends a string, takes it for a
    list of strings and looks at each of its characters, which takes longer than to send it."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield self


def client_class() -> Any:
    """pymilvus, which is an optional extra.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import pymilvus
    except ImportError as error:
        raise UsageError(
            "an index in Milvus needs the package pymilvus: pip install hoibao[milvus]"
        ) from error
    # It logs every error with a traceback before it raises it.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return pymilvus


class Connection:
    """A connection to the server of an index. Threads may share it.

    A call that fails because the server is gone or just coming back is made again until
    `patience` seconds have passed.
    """

    def __init__(self, address: MilvusAddress, is_writer: bool = False) -> None:
        """Connects.

        Raises:
            UsageError: pymilvus is missing, nothing answers there, or the token is refused.
        """
        self.address = address
        self.api = client_class()
        self.patience = _READ_PATIENCE
        try:
            self._client = self.api.MilvusClient(
                address.uri,
                token=os.environ.get(TOKEN, ""),
                timeout=_READ_PATIENCE,
                grpc_options=_QUIET,
            )
            self.collections()
        except Exception as error:
            raise self._named(error) from error
        self.patience = _PATIENCE if is_writer else _READ_PATIENCE
        self.before_writing: Callable[[], None] | None = None  # raises where it may not write

    def close(self) -> None:
        self._client.close()

    def call(self, method: str, *values: Any, **named: Any) -> Any:
        """Calls a method of pymilvus' client."""
        return self._patiently(lambda: getattr(self._client, method)(*values, **named))

    def change(self, method: str, *values: Any, **named: Any) -> None:
        """Calls a method that writes."""
        if self.before_writing:
            self.before_writing()
        self.call(method, *values, **named)

    def _patiently(self, work: Callable[[], _T]) -> _T:
        began = time.monotonic()
        while True:
            try:
                return work()
            except Exception as error:
                said = str(error).lower()
                waited = time.monotonic() - began
                if waited > self.patience or not any(words in said for words in _NOT_YET):
                    raise self._named(error) from error
                time.sleep(_PAUSE)

    def _named(self, error: Exception) -> Exception:
        """The error as one that users see."""
        if isinstance(error, UsageError | BadIndexError):
            return error
        # pymilvus says of every connection that fails that the server may be unavailable.
        said, at = f"{error} {error.__cause__}".lower(), self.address
        if at.is_file:
            if "open local milvus failed" in said or "locked" in said:
                return UsageError(
                    f"Milvus Lite cannot open {at.uri}: one process at a time can, and the folder"
                    " must be there; end the other one, or name a server: milvus://HOST:PORT/NAME"
                )
            if "milvus-lite" in said:
                return UsageError(
                    f"{at.uri} is a file of Milvus Lite, which is not installed:"
                    " pip install milvus-lite 'setuptools<80'"
                )
        if any(words in said for words in _REFUSED):
            given = "is refused" if os.environ.get(TOKEN) else "is missing"
            return UsageError(
                f"the token for Milvus at {at.server} {given}; set it: export {TOKEN}=USER:PASSWORD"
            )
        if any(words in said for words in _NO_SERVER):
            return UsageError(
                f"no Milvus server answers at {at.server}; start it, or name another:"
                " --index milvus://HOST:PORT/NAME"
            )
        line = " ".join(str(error).split())[:300]
        return BadIndexError(f"Milvus at {at.server} failed ({line}); try again")

    # -- collections ----------------------------------------------------------------------

    def collections(self) -> list[str]:
        return list(self.call("list_collections"))

    def drop(self, collection: str) -> None:
        self.change("drop_collection", collection)

    def load(self, *collections: str) -> None:
        """Makes collections answer; after a restart they may not."""
        for collection in collections:
            self.call("load_collection", collection)

    # -- rows -----------------------------------------------------------------------------

    def upsert(self, collection: str, rows: Iterable[Row]) -> int:
        """Writes rows in place of those with the same keys; how many."""
        written, batch, size = 0, [], 0
        for row in rows:
            batch.append({k: Whole(v) if isinstance(v, str) else v for k, v in row.items()})
            size += sum(len(v) if isinstance(v, str) else 2_000 for v in row.values())
            if len(batch) == _ROWS_SENT or size > _BYTES_SENT:
                written += len(batch)
                self.change("upsert", collection, batch)
                batch, size = [], 0
        if batch:
            self.change("upsert", collection, batch)
        return written + len(batch)

    def delete(self, collection: str, where: str) -> None:
        self.change("delete", collection, filter=where)

    def flush(self, collection: str) -> None:
        self.call("flush", collection)

    def get(
        self,
        collection: str,
        key: str,
        keys: Sequence[Any],
        fields: Sequence[str],
        is_strong: bool = False,
    ) -> list[Row]:
        """The rows with these values of their key field, in no order."""
        found: list[Row] = []
        for at in range(0, len(keys), _KEYS_READ):
            found += self.query(
                collection, f"{key} in {literal(keys[at : at + _KEYS_READ])}", fields, is_strong
            )
        return found

    def query(
        self, collection: str, where: str, fields: Sequence[str], is_strong: bool = False
    ) -> list[Row]:
        """The rows that pass, where they are few."""
        return list(
            self.call(
                "query",
                collection,
                filter=where,
                output_fields=list(fields),
                consistency_level=_level(is_strong),
            )
        )

    def count(self, collection: str, where: str, is_strong: bool = False) -> int:
        return int(self.query(collection, where, ["count(*)"], is_strong)[0]["count(*)"])

    def scan(self, collection: str, where: str, fields: Sequence[str]) -> Iterator[Row]:
        """All rows that pass, however many, as they are now."""
        rows = self.call(
            "query_iterator",
            collection,
            filter=where,
            output_fields=list(fields),
            batch_size=_ROWS_READ,
            consistency_level="Strong",
        )
        try:
            while batch := self._patiently(rows.next):
                yield from batch
        finally:
            rows.close()

    def search(
        self, collection: str, field: str, vector: Any, limit: int, where: str, key: str
    ) -> list[tuple[float, int]]:
        """(-score, key) of the rows with the highest inner products, best first."""
        found = self.call(
            "search",
            collection,
            data=[vector],
            anns_field=field,
            limit=min(limit, 16_384),
            filter=where,
            search_params={"metric_type": "IP"},
            output_fields=[key],
            consistency_level="Bounded",
        )
        # Equal scores come in any order and differ in the last bit: the key makes the order total.
        return sorted((-round(float(hit["distance"]), _DIGITS), int(hit[key])) for hit in found[0])


def _level(is_strong: bool) -> str:
    return "Strong" if is_strong else "Bounded"


def literal(value: Any) -> str:
    """A value or a list of values in a filter."""
    return json.dumps(value, ensure_ascii=False)


def plain(text: str) -> str:
    """Text as a server can take it: what no encoding has is written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def pieces(content: bytes) -> list[str]:
    """Bytes as strings that each fit a row; at least one."""
    text = b64encode(content).decode("ascii")
    return [text[at : at + PIECE] for at in range(0, max(len(text), 1), PIECE)]


def joined(parts: Iterable[str]) -> bytes:
    return b64decode("".join(parts))


def blocks(values: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Values in lists of up to `size`."""
    rest = iter(values)
    while block := list(islice(rest, size)):
        yield block
