"""The name of an index in Milvus: which server, and what it is called there."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from index.errors import UsageError

SCHEME = "milvus://"
SERVER = "MILVUS_URI"  # the variable that names the server where an address does not
TOKEN = "MILVUS_TOKEN"  # the variable that holds "user:password" or an API key
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_DENSE_ONLY = "lanes=dense"
_FORMS = "milvus://HOST:PORT/NAME, milvus:///NAME for the server in MILVUS_URI"


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """Where an index is kept in Milvus. `uri` is of the server, or the path of the file of a
    Milvus Lite. With `is_dense` it has no lexical lanes, which servers before 2.4 cannot have.
    """

    uri: str
    name: str
    is_dense: bool = False

    @classmethod
    def parse(cls, text: str) -> "MilvusAddress":
        """Reads `milvus://HOST:PORT/NAME`, `milvus:///NAME` for the server that $MILVUS_URI names,
        `milvus:///FOLDER/FILE.db/NAME` for a Milvus Lite; `?lanes=dense` after it.

        Raises:
            UsageError: it is none of these.
        """
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise UsageError(f"{text} names no index in Milvus ({error}); write {_FORMS}") from None
        at, _, name = parts.path.rpartition("/")
        if not _NAME.fullmatch(name) or parts.query not in ("", _DENSE_ONLY):
            raise UsageError(
                f"{text} names no index in Milvus: after the last / comes a name of letters, digits"
                f" and _; write {_FORMS}"
            )
        if host and not at.strip("/"):
            uri = f"http://{host}:{port or 19530}"
        elif not host and at.endswith(".db"):
            uri = at
        elif not host and not at and os.environ.get(SERVER):
            uri = os.environ[SERVER]
        elif not host and not at:
            raise UsageError(f"{text} names no server and {SERVER} is not set; write {_FORMS}")
        else:
            raise UsageError(f"{text} names no index in Milvus; write {_FORMS}")
        return cls(uri, name, parts.query == _DENSE_ONLY)

    @property
    def is_file(self) -> bool:
        """Whether it is kept in a file, by Milvus Lite, which one process can open at a time."""
        return "://" not in self.uri

    @property
    def server(self) -> str:
        """The server as a person writes it."""
        return Path(self.uri).name if self.is_file else self.uri.partition("://")[2]

    def __str__(self) -> str:
        where = self.uri if self.is_file else self.uri.partition("://")[2].rstrip("/")
        return f"{SCHEME}{where}/{self.name}{f'?{_DENSE_ONLY}' if self.is_dense else ''}"
