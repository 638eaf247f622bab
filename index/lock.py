"""One writer at a time: a lock on the folder of an index. It goes with the process that holds it,
so one that died holds nothing.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from index.errors import UsageError

LOCK = "lock"
_TRIES = 3  # `writer` holds the lock for a moment when it looks
_PAUSE = 0.05  # seconds

# Called with who writes the index, before waiting for it.
Waiting = Callable[[str], None]


@contextmanager
def locked(folder: Path, waiting: Waiting | None = None, where: object = None) -> Iterator[None]:
    """Holds the index for writing, which is `where` or in the folder. With `waiting` it waits for
    another writer, else it does not.

    Raises:
        UsageError: another process is writing the index, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("a+")
    except OSError as error:
        raise UsageError(
            f"cannot write to {folder} ({error.strerror}); name a folder you can: --index DIR"
        ) from error
    with file:
        if not _taken(file):
            if waiting is None:
                raise busy(where or folder, _holder(file))
            waiting(_holder(file))
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def busy(where: object, holder: str) -> UsageError:
    """Another process is writing the index."""
    return UsageError(
        f"the index in {where} is being written by {holder};"
        " try again when it is done, or let --wait do so"
    )


def writer(folder: Path) -> str:
    """Who is writing the index now: "process 123", or "" where nobody is."""
    try:
        file = (folder / LOCK).open()
    except OSError:
        return ""
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _holder(file)
    return ""


def _taken(file: TextIO) -> bool:
    for _ in range(_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        else:
            return True
    return False


def _holder(file: TextIO) -> str:
    file.seek(0)
    number = file.read().strip()
    return f"process {number}" if number else "another process"
