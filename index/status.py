"""What an index is and holds, in a few facts."""

from dataclasses import dataclass
from pathlib import Path

from index import history
from index.build import reading
from index.limits import refusals_named
from index.lock import writer


@dataclass(frozen=True, slots=True)
class Status:
    """The facts of the newest state. `updated` is UTC in ISO 8601, dates are ISO prefixes as in
    `Article`; all three are empty where unknown, and `bytes_on_disk` is 0. `writer` is empty while
    nobody writes.
    """

    folder: str
    state: int
    articles: int
    passages: int
    sentences: int
    bytes_on_disk: int
    encoder: str
    dim: int
    format: int
    updated: str
    earlier_states: int
    writer: str
    first_date: str
    last_date: str
    outlets: list[str]


def folder_status(folder: Path) -> Status:
    """Reads them without opening the derived files or the encoder.

    Raises:
        BadIndexError: there is no index, or it is damaged or of another format.
    """
    with refusals_named(folder), reading(folder) as store:
        updates = history.updates(store)
        first, last = store.dates()
        return Status(
            folder=str(folder),
            state=int(store.meta("state")),
            articles=store.count("articles"),
            passages=store.count("passages"),
            sentences=store.count("sentences"),
            bytes_on_disk=_size(folder),
            encoder=store.meta("encoder"),
            dim=int(store.meta("dim")),
            format=int(store.meta("format")),
            updated=updates[0].time if updates else "",
            earlier_states=sum(update.is_kept for update in updates[1:]),
            writer=writer(folder),
            first_date=first,
            last_date=last,
            outlets=store.outlets(),
        )


def _size(folder: Path) -> int:
    """Bytes of all files; those that an update takes away meanwhile count as none."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total
