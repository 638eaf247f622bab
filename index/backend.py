"""Opens, updates and asks an index wherever it is kept: every command comes through here.

What is behind Milvus is imported when an index there is named: pymilvus is an optional extra.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index import build, verify
from index.build import Stages
from index.catalogue import Catalogue, folder_catalogue
from index.database import FILE
from index.encoder import DEFAULT_MODEL
from index.limits import refusals_named
from index.location import Location
from index.lock import Waiting
from index.newest import FolderNewest, Newest
from index.plan import Plan, Report
from index.reader import Index
from index.status import Status, folder_status
from index.store import Store
from index.types import Encoder, OpenIndex, Place, Progress
from index.verify import Verdict


def open_index(location: Location) -> OpenIndex:
    """The newest state of an index.

    Raises:
        BadIndexError: there is no index, or it is damaged or of another format.
        UsageError: it cannot be opened from here.
    """
    if isinstance(location, Path):
        return Index(location)
    from index.milvus.reader import MilvusIndex

    return MilvusIndex(location)


@contextmanager
def open_catalogue(location: Location) -> Iterator[Catalogue]:
    """What an editor sees of the newest state. Raises what `open_index` does."""
    if isinstance(location, Path):
        with folder_catalogue(location) as found:
            yield found
        return
    from index.milvus.reader import MilvusIndex

    opened = MilvusIndex(location)
    try:
        yield opened
    finally:
        opened.close()


def newest_of(location: Location) -> Newest:
    """Tells when there is a newer state. Raises what `open_index` does."""
    if isinstance(location, Path):
        return FolderNewest(location)
    from index.milvus.newest import MilvusNewest

    return MilvusNewest(location)


def encoder_of(location: Location) -> str:
    """The encoder that an index was built with, or the default where there is none yet. Of an
    index of another format too, which can then be built anew with the same one."""
    if isinstance(location, Path):
        if not (location / FILE).is_file():
            return DEFAULT_MODEL
        with refusals_named(location):
            store = Store.open(location)
            try:
                return store.meta("encoder") or DEFAULT_MODEL
            finally:
                store.close()
    from index.milvus.newest import encoder_of

    return encoder_of(location) or DEFAULT_MODEL


def read_status(location: Location) -> Status:
    """What an index is and holds. Raises what `open_index` does."""
    if isinstance(location, Path):
        return folder_status(location)
    from index.milvus.newest import read_status

    return read_status(location)


def update_index(
    location: Location,
    paths: Sequence[Place],
    encoder: Encoder,
    stages: Stages | None = None,
    rebuild: bool = False,
    waiting: Waiting | None = None,
) -> Report:
    """As `index.build.update_index`, wherever the index is kept."""
    if isinstance(location, Path):
        return build.update_index(location, paths, encoder, stages, rebuild, waiting)
    from index.milvus.update import update_index

    return update_index(location, paths, encoder, stages, rebuild, waiting)


def preview_update(
    location: Location, paths: Sequence[Place], rebuild: bool, stages: Stages
) -> Plan:
    """As `index.build.preview_update`, wherever the index is kept."""
    if isinstance(location, Path):
        return build.preview_update(location, paths, rebuild, stages)
    from index.milvus.update import preview_update

    return preview_update(location, paths, rebuild, stages)


def roll_back(
    location: Location, state: int | None = None, waiting: Waiting | None = None
) -> tuple[int, Report]:
    """As `index.build.roll_back`, wherever the index is kept."""
    if isinstance(location, Path):
        return build.roll_back(location, state, waiting)
    from index.milvus.rollback import roll_back

    return roll_back(location, state, waiting)


def verify_index(
    location: Location,
    mend: bool = True,
    waiting: Waiting | None = None,
    progress: Progress = lambda done, total: None,
) -> Verdict:
    """As `index.verify.verify_index`, wherever the index is kept."""
    if isinstance(location, Path):
        return verify.verify_index(location, mend, waiting, progress)
    from index.milvus.verify import verify_index

    return verify_index(location, mend, waiting, progress)


def mending(location: Location) -> str:
    """What a person does about damage that `verify_index` does not mend."""
    if isinstance(location, Path):
        return verify.mending(location)
    from index.milvus.verify import mending

    return mending(location)


def remove_articles(
    location: Location,
    names: Sequence[str],
    waiting: Waiting | None = None,
    dry_run: bool = False,
) -> Plan:
    """As `index.build.remove_articles`, wherever the index is kept."""
    if isinstance(location, Path):
        return build.remove_articles(location, names, waiting, dry_run)
    from index.milvus.update import remove_articles

    return remove_articles(location, names, waiting, dry_run)
