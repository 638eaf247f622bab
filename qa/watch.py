"""Following files: an update whenever some have changed and then stay as they are for a moment."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from index.articles import find_files
from index.errors import HoiBaoError
from index.types import Place

PAUSE = 1.0  # seconds between two looks
_SHARE = 5  # with very many files the pauses are this many times as long as a look takes
_AGAIN = 30.0  # seconds after which a failed update is tried again though no file has changed

Stamps = dict[Path, tuple[int, int, int]]


def follow(
    paths: Sequence[Place],
    update: Callable[[], None],
    failed: Callable[[HoiBaoError], None],
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Updates at once and after every change, until interrupted.

    What an update raises is told to `failed`, and so is what keeps the files from being seen,
    once each time it begins; following goes on.
    """
    done: Stamps | None = None  # the files that the last update saw
    before: Stamps | None = None
    trouble, tried = "", 0.0
    while True:
        began = time.monotonic()
        try:
            found = stamps(paths)
            is_settled = done is None or found == before
            if is_settled and (found != done or (trouble and began > tried + _AGAIN)):
                done, tried = found, began
                update()
                trouble = ""
            before = found
        except HoiBaoError as error:
            if str(error) != trouble:
                failed(error)
            trouble, before = str(error), None
        pause(max(PAUSE, _SHARE * (time.monotonic() - began)))


def stamps(paths: Sequence[Place]) -> Stamps:
    """What tells that a file under the paths is another than before.

    Raises:
        UsageError: a path does not exist.
    """
    found: Stamps = {}
    for path in find_files(paths):
        try:
            status = path.stat()
        except OSError:  # gone since it was listed
            continue
        found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found
