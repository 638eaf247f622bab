"""Writers on several machines take turns, over a server that makes each collection once."""

import re
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from index.errors import BadIndexError, UsageError
from index.lock import LOCK
from index.milvus import lease
from index.milvus.address import MilvusAddress
from index.milvus.files import files_of
from index.milvus.lease import Lease, leased, writer

ADDRESS = MilvusAddress("http://db.example:19530", "news")


class Server:
    """Collections by their names, each with its first field; what Milvus promises of them."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.made: list[str] = []
        self.asked = 0
        self.refused = ""  # the method that fails
        self._lock = threading.Lock()

    def call(self, method: str, name: str, schema: list[str] | None = None) -> Any:
        time.sleep(0.001)
        with self._lock:
            self.asked += 1
            if method == self.refused:
                raise BadIndexError("Milvus failed (rate limit exceeded); try again")
            if method == "create_collection":
                assert schema is not None
                if self.fields.setdefault(name, schema[0]) != schema[0]:
                    raise BadIndexError("create duplicate collection with different parameters")
                self.made.append(name)
            elif method == "describe_collection":
                if name not in self.fields:
                    raise BadIndexError("collection not found")
                return {"fields": [{"name": self.fields[name]}]}
            else:
                self.fields.pop(name, None)
        return None


class Schema(list[str]):
    def add_field(self, name: str, *_: object, **__: object) -> None:
        self.append(name)


class Connection:
    """What a lease asks of a connection."""

    def __init__(self, server: Server) -> None:
        self.address, self.call = ADDRESS, server.call
        self.before_writing: Any = None
        self._server = server
        client = SimpleNamespace(create_schema=lambda **_: Schema())
        self.api = SimpleNamespace(
            DataType=SimpleNamespace(INT64=5, FLOAT_VECTOR=101), MilvusClient=client
        )

    def collections(self) -> list[str]:
        return [*self._server.fields, "news_s1_g1", "newsreel_w77"]


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lease, "RENEWED", 0.2)
    monkeypatch.setattr(lease, "EXPIRES", 2.0)
    monkeypatch.setattr(lease, "_LOOKED", 0.02)
    on_machine(monkeypatch, tmp_path, "one")


def on_machine(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str) -> None:
    """From here on it is another machine, whose processes have a lock of their own."""
    monkeypatch.setenv("HOIBAO_DATA", str(folder / name))
    files_of(ADDRESS).mkdir(parents=True, exist_ok=True)
    (files_of(ADDRESS) / LOCK).touch()


def lease_of(server: Server) -> Lease:
    return Lease(Connection(server))  # type: ignore[arg-type]


def test_writers_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    server, inside, most = Server(), [], []
    # Each thread is a machine of its own.
    monkeypatch.setattr(lease, "_place", lambda _: threading.current_thread().name)

    def work() -> None:
        connection: Any = Connection(server)
        for _ in range(3):
            with leased(connection, lambda holder: None):
                inside.append(connection)
                most.append(len(inside))
                time.sleep(0.01)
                connection.before_writing()
                inside.remove(connection)

    threads = [threading.Thread(target=work, name=f"{number:x}") for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 18
    assert list(server.fields.values()) == [lease._NOBODY], "one term is left, of nobody"


def test_who_writes_is_said_and_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server = Server()
    told: list[str] = []
    connection = Connection(server)
    with leased(connection, None):  # type: ignore[arg-type]
        on_machine(monkeypatch, tmp_path, "two")
        assert writer(connection).startswith("process ")  # type: ignore[arg-type]
        other = lease_of(server)
        with pytest.raises(UsageError, match=r"is being written by process \d+ on \w+; .*--wait"):
            other.take(None)
        waiting = threading.Thread(target=other.take, args=(told.append,))
        waiting.start()
        time.sleep(0.5)
        assert waiting.is_alive()
    waiting.join(1.0)
    assert not waiting.is_alive()
    assert len(told) == 1
    assert re.fullmatch(r"process \d+ on \w+", told[0])


def test_a_writer_that_died_is_waited_for_until_its_lease_expires(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = Server()
    dead = lease_of(server)
    dead.take(None)
    on_machine(monkeypatch, tmp_path, "two")
    began, other = time.monotonic(), lease_of(server)
    other.take(None)
    assert 1.9 < time.monotonic() - began < 4
    with pytest.raises(
        BadIndexError, match=r"another process writes .*: run the same command again"
    ):
        dead.check()
    other.check()
    assert [lease.Holder.parse(field) for field in server.fields.values()] == [other.own]


def test_one_that_died_on_this_machine_is_not_waited_for() -> None:
    server = Server()
    lease_of(server).take(None)
    assert writer(Connection(server)) == ""  # type: ignore[arg-type]
    began = time.monotonic()
    lease_of(server).take(None)
    assert time.monotonic() - began < 1


def test_a_slow_process_gets_no_number_that_was_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It saw a free lease, slept, and woke when others had taken, renewed and taken it again."""
    server = Server()
    holder = lease_of(server)
    holder.take(None)
    for _ in range(3):
        time.sleep(0.25)
        holder.check()
    assert server.made == ["news_w1", "news_w2", "news_w3", "news_w4"]
    on_machine(monkeypatch, tmp_path, "two")
    slow = lease_of(server)
    assert not slow._make(2, slow.own.field)
    assert not slow._make(4, slow.own.field)
    assert list(server.fields) == ["news_w4"]
    holder.check()


def test_a_server_that_makes_no_term_is_asked_once() -> None:
    server = Server()
    server.refused = "create_collection"
    with pytest.raises(BadIndexError, match="rate limit exceeded"):
        lease_of(server).take(None)
    assert server.asked == 1


@pytest.mark.parametrize("method", ["create_collection", "describe_collection"])
def test_a_renewal_that_is_refused_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    server = Server()
    holder = lease_of(server)
    holder.take(None)
    now = lease._clock()
    monkeypatch.setattr(lease, "_clock", lambda: now)
    server.refused = method
    now += 1.0
    holder.check()
    server.refused = ""
    holder.check()
    assert list(server.fields) == ["news_w2"], "it has the lease, and others see that"
    server.refused = method
    now += 1.9
    with pytest.raises(BadIndexError, match="rate limit exceeded"):
        holder.check()


def test_a_renewal_that_was_refused_comes_too_late(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = Server()
    holder = lease_of(server)
    holder.take(None)
    now = lease._clock() + 1.0
    monkeypatch.setattr(lease, "_clock", lambda: now)
    server.refused = "create_collection"
    holder.check()
    server.refused = ""
    on_machine(monkeypatch, tmp_path, "two")
    other = lease_of(server)
    assert other._make(2, other.own.field)
    for _ in range(2):
        with pytest.raises(BadIndexError, match="another process writes"):
            holder.check()


def test_who_died_is_named_to_who_waits_in_silence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server()
    dead = lease_of(server)
    dead.take(None)
    on_machine(monkeypatch, tmp_path, "two")
    monkeypatch.setattr(lease, "EXPIRES", 0.4)
    monkeypatch.setattr(lease, "_SILENT", 0.1)
    lease_of(server).take(None)
    assert caplog.messages == [f"no word of {dead.own}: waiting until it is taken for dead"]
