"""Files that came through the page: what is taken, under which name, and where it is kept."""

import os
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

LARGEST = 32 << 20  # bytes of one file
_UNPACKED = 256 << 20  # bytes of what a Word file holds, unpacked
_LONGEST = 80  # characters of a name
_PLAIN = frozenset(" ._-()")
# How archives begin: zip, gzip, 7z, rar, xz, bzip2, zstd.
_PACKED = (
    *(b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh"),
    b"\x28\xb5\x2f\xfd",
)

# Why a file is not taken: names of the editor's phrases.
Why = Literal["too_large", "wrong_kind", "archive", "not_text", "shelf_full", "unreadable"]


class RefusedError(Exception):
    """A file that is not taken."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of files of some kinds (suffixes in small letters), so many bytes at most."""

    folder: Path
    kinds: tuple[str, ...]
    room: int

    def files(self) -> list[Path]:
        """What lies there, sorted by name."""
        if not self.folder.is_dir():
            return []
        return sorted(p for p in self.folder.iterdir() if p.is_file() and p.name[0] != ".")

    def find(self, name: str) -> Path | None:
        """The file of a name that `files` gives; None for any other."""
        return next((path for path in self.files() if path.name == name), None)

    def take(self, source: Path, name: str) -> tuple[Path, bool]:
        """Keeps a copy of a file under its name, made safe; whether it took another's place.

        Raises:
            RefusedError: its kind or size is not taken, or there is no room.
        """
        kept = safe_name(name)
        kind = Path(kept).suffix
        if kind not in self.kinds:
            raise RefusedError("wrong_kind")
        try:
            if source.stat().st_size > LARGEST:
                raise RefusedError("too_large")
            content = source.read_bytes()
        except OSError as error:
            raise RefusedError("unreadable") from error
        _check(content, kind, source)
        held = sum(p.stat().st_size for p in self.files() if p.name != kept)
        if held + len(content) > self.room:
            raise RefusedError("shelf_full")
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / kept
        is_new = not target.exists()
        draft = self.folder / f".{os.getpid()}-{kept}"
        draft.write_bytes(content)
        draft.replace(target)
        return target, not is_new


def safe_name(name: str) -> str:
    """A file name without folders, unseen letters or letters that mean something to a shell.

    Raises:
        RefusedError: nothing is left of it.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    plain = "".join(c if c.isalnum() or c in _PLAIN else "_" for c in seen).strip(" .")
    stem, dot, kind = plain.rpartition(".")
    if not dot or not stem.strip(" ._"):
        raise RefusedError("wrong_kind")
    return f"{stem[:_LONGEST].strip(' .')}.{kind.lower()}"


def _check(content: bytes, kind: str, source: Path) -> None:
    """Refuses what is not what its name says."""
    if kind == ".docx":
        try:
            with zipfile.ZipFile(source) as packed:
                sizes = {item.filename: item.file_size for item in packed.infolist()}
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise RefusedError("not_text") from error
        if "word/document.xml" not in sizes:
            raise RefusedError("archive")
        if sum(sizes.values()) > _UNPACKED:
            raise RefusedError("too_large")
    elif content.startswith(_PACKED):
        raise RefusedError("archive")
    elif not _fits(content, kind):
        raise RefusedError("not_text")


def _fits(content: bytes, kind: str) -> bool:
    """Whether a file begins as one of its kind does."""
    if kind == ".pdf":
        return b"%PDF-" in content[:1024]
    is_utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return b"\0" not in content[:4096] or is_utf16
