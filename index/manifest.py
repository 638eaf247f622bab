"""A folder of files that are never changed again: which they are, and whether they are whole.

The manifest names every file with its size and checksum and is written last, so a folder with a
manifest was finished. A later folder can share files with it as hard links.
"""

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

LAYOUT = 2  # raised whenever an older program could not read the files that this one writes
FILE = "manifest.json"
_BLOCK = 1 << 20  # bytes read at once


def seal(folder: Path, before: Path | None = None) -> None:
    """Writes the manifest of a folder, and makes all that is new in it safe from a power cut.

    Files shared with the sealed folder `before` are safe already, and their checksums known.
    """
    known = _entries(before) if before else {}
    entries: dict[str, tuple[int, int]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if before and name in known and path.samefile(before / name):
            entries[name] = known[name]
        elif path.is_file():
            entries[name] = _entry(path)
            _sync(path)
        else:
            _sync(path)
    manifest = folder / FILE
    manifest.write_text(json.dumps({"layout": LAYOUT, "files": entries}, indent=0))
    for path in (manifest, folder, folder.parent):
        _sync(path)


def link(before: Path, folder: Path, names: Iterable[str]) -> None:
    """Takes files of the folder `before` over into another, as links where the disk has them."""
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        try:
            os.link(before / name, folder / name)
        except OSError:
            shutil.copyfile(before / name, folder / name)


def check(folder: Path) -> None:
    """A look at a sealed folder that takes no longer when files are large.

    Raises:
        OSError: the manifest or a file is missing.
        ValueError: the manifest is damaged or of another layout, or a file has another size.
    """
    for name, (size, _) in _entries(folder).items():
        if (found := (folder / name).stat().st_size) != size:
            raise ValueError(f"{folder / name} has {found} bytes, not {size}")


def is_whole(folder: Path) -> bool:
    """Whether `check` finds nothing wrong."""
    try:
        check(folder)
    except (OSError, ValueError):
        return False
    return True


def damaged_files(folder: Path) -> list[str]:
    """The names of files in a sealed folder that are missing or not as they were written, found by
    reading them all; of the manifest alone where it cannot be read."""
    try:
        entries = _entries(folder)
    except (OSError, ValueError):
        return [FILE]
    return [name for name, entry in entries.items() if _found(folder / name) != entry]


def files_under(folder: Path, name: str) -> list[str]:
    """The names of the files in one folder inside a sealed folder."""
    return [file for file in _entries(folder) if file.startswith(f"{name}/")]


def _entries(folder: Path) -> dict[str, tuple[int, int]]:
    manifest = json.loads((folder / FILE).read_text())
    if not isinstance(manifest, dict) or manifest.get("layout") != LAYOUT:
        raise ValueError(f"{folder / FILE} is not of layout {LAYOUT}")
    try:
        return {name: (size, checksum) for name, (size, checksum) in manifest["files"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{folder / FILE} is damaged") from error


def _found(path: Path) -> tuple[int, int] | None:
    try:
        return _entry(path)
    except OSError:
        return None


def _entry(path: Path) -> tuple[int, int]:
    """The size and the checksum of a file."""
    size = checksum = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            size += len(block)
            checksum = crc32(block, checksum)
    return size, checksum


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
