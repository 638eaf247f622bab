"""Bringing an index up to date with the articles on disk, and back to what it held before.

Reading and embedding come first; embedded text is kept even when the work is cut short. What
changes the articles is one step (`index.commit`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from index import history
from index.commit import has_derived, next_state
from index.database import FILE, FORMAT, take_over
from index.embedding import embed
from index.errors import BadIndexError, UsageError
from index.fetch import is_address
from index.ids import file_of
from index.limits import refusals_named
from index.lock import Waiting, locked
from index.plan import Plan, Report, plan_update
from index.store import Store
from index.types import Encoder, Place, Progress
from index.web import plain_address

# Called with the name of a stage of the work; what it returns is told how far the stage is.
Stages = Callable[[str], Progress]


def unwatched(stage: str) -> Progress:
    """For those who do not watch the stages."""
    return lambda done, total: None


def update_index(
    folder: Path,
    paths: Sequence[Place],
    encoder: Encoder,
    stages: Stages | None = None,
    rebuild: bool = False,
    waiting: Waiting | None = None,
) -> Report:
    """Makes the index in `folder` hold the articles at `paths` as they are now.

    Articles that came from elsewhere stay, unless `rebuild` starts over. An article whose file
    can no longer be read stays as it was, and so does one from the web until its server says
    that it is gone. With `waiting` it waits for another writer.

    Raises:
        BadIndexError: the index was built with another encoder or format, or is damaged.
        UsageError: a path does not exist, the folder cannot be written, or another process is
            writing the index.
        RoomError: the disk or the memory is full.
    """
    settings, begin = settings_of(encoder), stages or unwatched
    with refusals_named(folder), locked(folder, waiting), _opened(folder, settings) as store:
        if not rebuild:
            check_settings(store.meta, encoder, folder)
        elif store.meta("format") != str(FORMAT):
            take_over(store.db)
        plan = plan_update(store, paths, encoder.fingerprint, rebuild, begin("reading"))
        embed(store, plan.drafts, encoder, begin("embedding"))
        report, progress = plan.report, begin("writing")
        if plan.drafts or report.removed or rebuild or not has_derived(store):
            command = "index --rebuild" if rebuild else "index"
            next_state(store, command, paths, report, plan.drafts, settings, progress, rebuild)
        return _counted(report, store)


def preview_update(
    folder: Path, paths: Sequence[Place], rebuild: bool = False, stages: Stages = unwatched
) -> Plan:
    """What `update_index` would do to the articles; writes and embeds nothing.

    Raises:
        BadIndexError: the index is of another format, or is damaged.
        UsageError: a path does not exist.
    """
    if not (folder / FILE).is_file():
        return plan_update(None, paths, "", rebuild, stages("reading"))
    with refusals_named(folder), reading(folder, any_format=rebuild) as store:
        return plan_update(store, paths, store.meta("fingerprint"), rebuild, stages("reading"))


def remove_articles(
    folder: Path, names: Sequence[str], waiting: Waiting | None = None, dry_run: bool = False
) -> Plan:
    """Removes articles by their ids or by the files or folders that they came from.

    Raises:
        BadIndexError: there is no index, or it is of another format or damaged.
        UsageError: no article has that id or came from there, the folder cannot be written, or
            another process is writing the index.
        RoomError: the disk or the memory is full.
    """
    with refusals_named(folder), reading(folder) as store:
        found = named_articles(store.digests(), names, folder)
    if dry_run:
        return Plan(Report(removed=list(found)), [], found)
    with refusals_named(folder), locked(folder, waiting), _opened(folder, {}) as store:
        found = named_articles(store.digests(), names, folder)
        report = Report(removed=list(found))
        next_state(store, "index --remove", (), report)
        return Plan(_counted(report, store), [], found)


def named_articles(
    held: Mapping[str, tuple[bytes, str]], names: Sequence[str], where: object
) -> dict[str, str]:
    """Id to origin of the articles with these ids or origins, among those that the index `where`
    holds, as `Store.digests` tells them.

    Raises:
        UsageError: no article has that id or came from there.
    """
    found: dict[str, str] = {}
    origins = {article_id: origin for article_id, (_, origin) in held.items()}
    for name in names:
        path = Path(name).absolute().resolve()
        address = plain_address(name) if is_address(name) else name
        matching = {
            article_id: origin
            for article_id, origin in origins.items()
            if article_id == name
            or origin in (name, address, str(path))
            or path in (file_of(origin), *file_of(origin).parents)
        }
        if not matching:
            raise UsageError(
                f"no article has the id {name!r} or came from there; article ids stand in:"
                f" qa ask QUESTION --json --index {where}"
            )
        found |= matching
    return found


def roll_back(
    folder: Path, state: int | None = None, waiting: Waiting | None = None
) -> tuple[int, Report]:
    """Makes a new state that holds the articles of an earlier one; embeds nothing.

    Returns that earlier state, by default the one before the newest, and what changed.

    Raises:
        BadIndexError: there is no index, or it is of another format or damaged.
        UsageError: there is no such state to go back to, the folder cannot be written, or
            another process is writing the index.
        RoomError: the disk or the memory is full.
    """
    with refusals_named(folder), reading(folder):
        pass  # no index is made where there is none
    with refusals_named(folder), locked(folder, waiting), _opened(folder, {}) as store:
        earlier = [update.state for update in history.updates(store)[1:] if update.is_kept]
        target = state if state is not None else next(iter(earlier), 0)
        if target not in earlier:
            raise no_such_state(state, folder)
        report, drafts = history.way_back(store, target)
        next_state(store, f"index rollback {target}", (), report, drafts)
        return target, _counted(report, store)


def no_such_state(state: int | None, where: object) -> UsageError:
    """There is no state to go back to, or not this one."""
    known = "there is none" if state is None else f"state {state} is not among them"
    return UsageError(
        f"{known}: the states that can be gone back to are listed by:"
        f" qa index history --index {where}"
    )


def check_settings(meta: Callable[[str], str], encoder: Encoder, where: object) -> None:
    """Refuses an index of another format or encoder, naming both and the command that mends it.
    `meta` gives the settings of the index `where`."""
    wanted = settings_of(encoder) | {"format": str(FORMAT)}
    for setting in ("format", "encoder", "fingerprint", "dim"):
        found = meta(setting)
        if found != wanted[setting]:
            raise BadIndexError(
                f"the index in {where} has {setting} {found!r},"
                f" this run {wanted[setting]!r};"
                f" start over: qa index ARTICLES --rebuild --index {where}"
            )


def settings_of(encoder: Encoder) -> dict[str, str]:
    return {
        "encoder": encoder.name,
        "fingerprint": encoder.fingerprint,
        "dim": str(encoder.dim),
    }


@contextmanager
def _opened(folder: Path, settings: dict[str, str]) -> Iterator[Store]:
    store = Store.create(folder, settings)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def reading(folder: Path, any_format: bool = False) -> Iterator[Store]:
    """The newest state of the store alone, without its derived files.

    Raises:
        BadIndexError: there is no index, or it is of another format.
    """
    store = Store.open(folder)
    try:
        store.db.execute("BEGIN")
        found = store.meta("format")
        if not any_format and found != str(FORMAT):
            raise BadIndexError(
                f"the index in {folder} has format {found}, this program {FORMAT};"
                f" start over: qa index ARTICLES --rebuild --index {folder}"
            )
        yield store
    finally:
        store.close()


def _counted(report: Report, store: Store) -> Report:
    report.articles = store.count("articles")
    report.passages = store.count("passages")
    report.sentences = store.count("sentences")
    return report
