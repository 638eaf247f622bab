"""The end of every step from one state of an index in Milvus to the next: its rows are counted, and
the alias of the index is moved to it.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from index.errors import BadIndexError
from index.milvus import states
from index.milvus.files import drop_old_words
from index.milvus.states import Facts, StateName
from index.milvus.writer import Writer

_GRACE = 5.0  # seconds that a server's bounded reads may lag behind its newest rows


def publish(writer: Writer, name: StateName, facts: Facts, words: Path) -> None:
    """Makes a state the newest: its rows and its collection are there, its statistics in the
    folder `words`.

    Raises:
        BadIndexError: its rows are not those that the facts tell of, or another process has
            changed the index meanwhile; the state before stays.
    """
    connection = writer.connection
    states.write_state(connection, name, facts, words)
    with ThreadPoolExecutor() as pool:  # servers take seconds for each
        list(pool.map(connection.flush, (name.collection, *name.tables.all)))
    written = time.monotonic()
    _check(writer, name, facts)
    if not (writer.can.is_lite or connection.address.is_file):
        time.sleep(max(0.0, written + _GRACE - time.monotonic()))
    if states.newest(connection, writer.can) != writer.newest:
        raise BadIndexError(
            f"another process has changed {connection.address} meanwhile; what it holds now"
            " stays: run the same command again"
        )
    states.switch(connection, writer.can, name)
    writer.newest, writer.facts = name, facts
    drop_old_words(words)


def _check(writer: Writer, name: StateName, facts: Facts) -> None:
    """Counts what readers of the new state will see."""
    for table, where, wanted in facts.seen(name.tables):
        found = writer.connection.count(table, where, is_strong=True)
        if found != wanted:
            raise BadIndexError(
                f"{table} at {writer.connection.address.server} has {found} rows of the new state,"
                f" {wanted} were written; the state before stays: run the same command again"
            )
