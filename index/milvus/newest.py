"""The newest state of an index in Milvus, as far as it says so itself."""

from index.milvus import states
from index.milvus.address import MilvusAddress
from index.milvus.connection import Connection
from index.milvus.lease import writer
from index.milvus.tables import abilities
from index.status import Status


class MilvusNewest:
    """Asks the server for the alias: about a millisecond."""

    def __init__(self, address: MilvusAddress) -> None:
        self._connection = Connection(address)
        self._can = abilities(self._connection)

    def version(self) -> object:
        return states.newest(self._connection, self._can)


def encoder_of(address: MilvusAddress) -> str:
    """The encoder of an index, "" where there is none."""
    connection = Connection(address)
    try:
        name = states.newest(connection, abilities(connection))
        return states.read_facts(connection, name).encoder if name else ""
    finally:
        connection.close()


def read_status(address: MilvusAddress) -> Status:
    """What an index is and holds. The server knows alone how large it is on disk.

    Raises:
        BadIndexError: there is no such index, or it is of another format.
    """
    connection = Connection(address)
    try:
        name = states.newest(connection, abilities(connection))
        if name is None:
            raise states.no_index(address)
        facts = states.read_facts(connection, name)
        earlier = states.earlier(connection, name)
        writing = writer(connection)
    finally:
        connection.close()
    return Status(
        folder=str(address),
        state=facts.state,
        articles=facts.articles,
        passages=facts.passages,
        sentences=facts.sentences,
        bytes_on_disk=0,
        encoder=facts.encoder,
        dim=facts.dim,
        format=facts.format,
        updated=facts.updates[0]["time"],
        earlier_states=len(earlier),
        writer=writing,
        first_date=facts.first_date,
        last_date=facts.last_date,
        outlets=facts.outlets,
    )
