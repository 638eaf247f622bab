"""What an editor asks of an index and does with it: `qa index status`, `verify`, `history` and
`rollback`.
"""

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from index.location import Location
from qa.options import index_option, json_option, wait_option, waiting
from qa.progress import progress_bars


@click.command()
@index_option
@json_option
def status(location: Location, as_json: bool) -> None:
    """Say what an index holds, how large it is, and whether it is being written.

    \b
    Example:
      qa index status --index my-index
    """
    from index.backend import read_status

    found = read_status(location)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    dates = f"{found.first_date} to {found.last_date}" if found.first_date else "none known"
    for name, value in {
        "index": found.folder,
        "state": f"{found.state}, updated {_local(found.updated) or 'never'}",
        "holds": f"{found.articles} articles, {found.passages} passages,"
        f" {found.sentences} sentences",
        "dates": dates,
        "outlets": ", ".join(found.outlets) or "none known",
        "encoder": f"{found.encoder}, {found.dim} dimensions",
        "format": found.format,
        "on disk": f"{found.bytes_on_disk / 1e6:.1f} MB" if found.bytes_on_disk else "unknown",
        "history": f"{found.earlier_states} earlier states can be gone back to",
        "writer": found.writer or "nobody",
    }.items():
        click.echo(f"{name:<8} {value}")


@click.command()
@index_option
@click.option("--check-only", is_flag=True, help="Write nothing, whatever is found.")
@wait_option
@json_option
def verify(location: Location, check_only: bool, wait: bool, as_json: bool) -> None:
    """Check that an index is whole, and mend what can be mended.

    Damaged derived files are written anew from SQLite; nothing is embedded again. Damage to the
    SQLite file is named and left alone. In Milvus the articles and what was embedded are the truth,
    and all else is derived. Exit code 1 when anything stays damaged.

    \b
    Examples:
      qa index verify --index my-index
      qa index verify --check-only --json
    """
    from index.backend import mending, verify_index

    with progress_bars() as stages:
        found = verify_index(location, not check_only, waiting(location, wait), stages("checking"))
    kind = "derived files" if isinstance(location, Path) else "derived parts"
    is_whole = not found.truth and (found.is_mended or not found.derived)
    if as_json:
        click.echo(json.dumps({"is_whole": is_whole, **asdict(found)}, ensure_ascii=False))
    elif is_whole:
        mended = f"; {len(found.derived)} {kind} were damaged, mended" if found.derived else ""
        click.echo(f"{location} is whole: {found.articles} articles{mended}")
    for line in found.truth:
        click.echo(f"damaged: {line}", err=True)
    for name in found.derived:
        click.echo(f"{'mended' if found.is_mended else 'damaged'}: {name}", err=True)
    if found.truth:
        click.echo(f"error: the index in {location} is damaged; {mending(location)}", err=True)
    elif not is_whole:
        click.echo(
            f"error: {kind} are damaged; mend them: qa index verify --index {location}",
            err=True,
        )
    sys.exit(0 if is_whole else 1)


@click.command()
@index_option
@json_option
def history(location: Location, as_json: bool) -> None:
    """List what was done to an index, the newest first.

    States marked with a * can be gone back to.

    \b
    Example:
      qa index history --index my-index
    """
    from index.backend import open_catalogue

    with open_catalogue(location) as catalogue:
        found = catalogue.updates()
    if as_json:
        click.echo(json.dumps([asdict(update) for update in found], ensure_ascii=False))
        return
    for number, update in enumerate(found):
        mark = "now" if number == 0 else "*" if update.is_kept else ""
        click.echo(
            f"{update.state:>5} {mark:<3}  {_local(update.time)}  {update.articles} articles:"
            f" {update.added} added, {update.changed} changed, {update.removed} removed"
            f"  by {' '.join([update.command, *update.paths])}"
        )


@click.command()
@click.argument("state", type=int, required=False)
@index_option
@wait_option
@json_option
def rollback(state: int | None, location: Location, wait: bool, as_json: bool) -> None:
    """Go back to the articles of an earlier STATE, by default the one before the newest.

    The last 10 states can be gone back to, in Milvus the last two; qa index history marks them.
    Makes a new state, so that this too can be gone back on. Nothing is embedded again, and no
    file of an article is touched: the next update takes what the files hold.

    \b
    Examples:
      qa index rollback --index my-index
      qa index rollback 12 --index my-index
    """
    from index.backend import roll_back

    target, report = roll_back(location, state, waiting(location, wait))
    if as_json:
        click.echo(json.dumps({"from_state": target, **asdict(report)}, ensure_ascii=False))
        return
    click.echo(
        f"{report.articles} articles in {location}, those of state {target}"
        f" ({len(report.added)} added, {len(report.changed)} changed,"
        f" {len(report.removed)} removed); the next qa index PATH brings it up to date with the"
        " files again"
    )


def _local(time: str) -> str:
    """A time of the index as it is here, with its distance from UTC."""
    return datetime.fromisoformat(time).astimezone().isoformat(" ") if time else ""
