"""Where an index reads its articles from: what was ever indexed, uploaded files, addresses."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from index.fetch import is_address
from index.history import Update
from index.types import Place
from qa.markup import is_web_address
from qa.shelf import Shelf

KINDS = (".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".jsonl", ".csv")
ADDRESSES = "addresses.txt"  # in the folder of the index, one a line
_UPLOADS = "uploads"
_ROOM = 2 << 30  # bytes of all uploaded files
MOST_ADDRESSES = 200
_LONGEST_ADDRESS = 2000  # characters


@dataclass(frozen=True, slots=True)
class Sources:
    """The places that an update reads, and those that are no longer there."""

    places: tuple[Place, ...]
    gone: tuple[str, ...]


def uploads(folder: Path) -> Shelf:
    """The uploaded files of the index in a folder."""
    return Shelf(folder / _UPLOADS, KINDS, _ROOM)


def sources(folder: Path, updates: Iterable[Update]) -> Sources:
    """What was indexed since the index was last started over, by its updates, the newest first,
    and what came through the page. `folder` is of what is kept beside the index."""
    found: dict[str, None] = {}
    for update in updates:
        if update.command in ("index", "index --rebuild"):
            found |= dict.fromkeys(update.paths)
        if update.command == "index --rebuild":
            break
    shelf = uploads(folder)
    if shelf.files():
        found[str(shelf.folder.absolute())] = None
    else:
        found.pop(str(shelf.folder.absolute()), None)
    kept = addresses(folder)
    places: list[Place] = []
    gone: list[str] = []
    for name in sorted(found):
        if is_address(name):
            if name not in kept:
                places.append(name)
        elif Path(name).exists():
            places.append(Path(name))
        else:
            gone.append(name)
    return Sources((*places, *kept), tuple(gone))


def addresses(folder: Path) -> tuple[str, ...]:
    """The kept addresses of an index."""
    path = folder / ADDRESSES
    return tuple(path.read_text(encoding="utf-8").split()) if path.is_file() else ()


def keep_addresses(folder: Path, written: str) -> tuple[str, ...]:
    """Keeps the addresses of a text, one a line, in place of the old ones; those that are none
    are given back, and then nothing is changed."""
    wanted = tuple(dict.fromkeys(line.strip() for line in written.splitlines() if line.strip()))
    bad = tuple(each for each in wanted if not _may_be_fetched(each)) or wanted[MOST_ADDRESSES:]
    if not bad:
        draft = folder / f".{ADDRESSES}"
        draft.write_text("".join(f"{each}\n" for each in wanted), encoding="utf-8")
        draft.replace(folder / ADDRESSES)
    return bad


def _may_be_fetched(address: str) -> bool:
    """Not where only this machine can look: its own servers, and those that clouds tell of it."""
    if len(address) > _LONGEST_ADDRESS or not address.isprintable() or " " in address:
        return False
    if not is_web_address(address):
        return False
    host = urlsplit(address).hostname or ""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost") and "." in host
    return not (number.is_loopback or number.is_link_local or number.is_unspecified)
