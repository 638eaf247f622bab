"""What is kept on this machine for an index in Milvus.

Beside the index: readers' thumbs, uploaded files, runs of evaluations, and what an update embedded
before it was cut short. In the cache: the statistics of the states that were read here.
"""

import os
import re
import shutil
from hashlib import blake2b
from pathlib import Path

import platformdirs

from index.milvus.address import MilvusAddress
from index.model import cache_folder

DATA = "HOIBAO_DATA"
_STATES_CACHED = 4


def files_of(address: MilvusAddress) -> Path:
    """The folder for what is kept beside the index: in $HOIBAO_DATA, or the user's data folder."""
    root = Path(os.environ.get(DATA) or platformdirs.user_data_dir("hoibao"))
    return root / "milvus" / _file_name(address)


def words_folder(address: MilvusAddress, state_id: str) -> Path:
    """Where the statistics of a state are kept once they were fetched."""
    return cache_folder() / "milvus" / _file_name(address) / state_id


def _file_name(address: MilvusAddress) -> str:
    where = re.sub(r"[^A-Za-z0-9.]+", "-", address.uri.partition("://")[2] or address.uri)
    # Two addresses may differ in nothing but what was just replaced.
    mark = blake2b(f"{address.uri} {address.name}".encode(), digest_size=4).hexdigest()
    return f"{where.strip('-')[-60:]}-{address.name}-{mark}"


def drop_old_words(keep: Path) -> None:
    """Leaves the statistics of the newest states of an index. Readers have theirs open, and keep
    them so."""
    folders = (path for path in keep.parent.iterdir() if path.is_dir() and path != keep)
    oldest_last = sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)
    for path in oldest_last[_STATES_CACHED:]:
        shutil.rmtree(path, ignore_errors=True)
