"""What the machine refuses while an index is written, as errors that users see."""

import errno
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.database import FILE
from index.errors import BadIndexError, HoiBaoError, RoomError, UsageError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_WRITING = {errno.EROFS, errno.EACCES, errno.EPERM}
# The engines of the lanes tell what the system said in words only, and numpy what it did not do.
_ROOM_WORDS = re.compile(
    r"no space left|disk is full|disk quota|file too large|disk i/o error"
    r"|\d+ requested and \d+ written",
    re.IGNORECASE,
)
_MEMORY_WORDS = re.compile(
    r"bad_alloc|(cannot|failed to|unable to) allocate|can't start new thread", re.IGNORECASE
)


@contextmanager
def refusals_named(folder: Path) -> Iterator[None]:
    """Turns what the system refuses into one line that names the folder and the next step.

    Raises:
        RoomError: the disk or the memory is full.
        UsageError: the folder cannot be written.
        BadIndexError: the SQLite file is damaged.
    """
    try:
        yield
    except HoiBaoError:
        raise
    except (OSError, sqlite3.Error, RuntimeError, ValueError, MemoryError) as error:
        named = _named(folder, error)
        if named is None:
            raise
        raise named from error


def _named(folder: Path, error: Exception) -> HoiBaoError | None:
    text = " ".join(str(error).split())
    code = error.errno if isinstance(error, OSError) else None
    words = _ROOM_WORDS.search(text)
    if code in _NO_ROOM or words:
        said = words.group() if words else text
        return RoomError(
            f"the disk is full or fails ({said}); the index in {folder} is as it was:"
            " make room, then run the same command again"
        )
    words = _MEMORY_WORDS.search(text)
    if isinstance(error, MemoryError) or code == errno.ENOMEM or words:
        said = words.group() if words else "no more can be had"
        return RoomError(
            f"the memory is full ({said}); the index in {folder} is as it was:"
            " end other programs or index fewer PATHS at a time, then run the same command again"
        )
    if code in _NO_WRITING or "readonly database" in text:
        return UsageError(f"cannot write to {folder} ({text}); name a folder you can: --index DIR")
    if isinstance(error, sqlite3.DatabaseError):
        return BadIndexError(
            f"{folder / FILE} cannot be used ({text}); see what is damaged:"
            f" qa index verify --index {folder}"
        )
    return None
