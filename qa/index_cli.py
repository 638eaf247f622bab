"""The command `qa index`: bring an index up to date, or one of its subcommands."""

import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from index.errors import HoiBaoError, UsageError
from index.fetch import is_address
from index.location import Location
from index.types import Place
from qa.options import (
    PlaceType,
    index_option,
    json_option,
    model_option,
    wait_option,
    waiting,
)
from qa.progress import progress_bars
from qa.state_cli import history, rollback, status, verify

_PRIORITY = 5  # of 19, where more is less: beside a busy chat, which has 0, a quarter is left


class IndexGroup(click.Group):
    """A command of its own, unless its first word is the name of a subcommand."""

    allow_extra_args = False
    allow_interspersed_args = True

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **more: Any,
    ) -> click.Context:
        if args and (command := self.commands.get(args[0])):
            return command.make_context(f"{info_name} {args[0]}", args[1:], parent, **more)
        return super().make_context(info_name, args, parent, **more)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return click.Command.parse_args(self, ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        return click.Command.invoke(self, ctx)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        click.Command.format_usage(self, ctx, formatter)
        formatter.write(f"       {ctx.command_path} COMMAND [ARGS]...\n")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return click.Command.collect_usage_pieces(self, ctx)


@click.group(cls=IndexGroup, invoke_without_command=True)
@click.argument("paths", nargs=-1, type=PlaceType(path_type=Path))
@index_option
@model_option
@click.option("--rebuild", is_flag=True, help="Start over; embeddings of unchanged text are kept.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write and embed nothing.")
@click.option(
    "--remove",
    multiple=True,
    metavar="ID",
    help="Remove an article by its id or address, or what came from a file or folder; repeatable.",
)
@click.option("--watch", is_flag=True, help="Follow the paths: update after every change.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Embed in N processes; one that dies is replaced.",
)
@wait_option
@json_option
def index(
    paths: tuple[Place, ...],
    location: Location,
    model: str | None,
    rebuild: bool,
    dry_run: bool,
    remove: tuple[str, ...],
    watch: bool,
    workers: int,
    wait: bool,
    as_json: bool,
) -> None:
    """Bring an index up to date with articles in files, in folders and on the web.

    Reads .txt .md .html .pdf .docx .jsonl .csv, also gzipped, and http and https addresses of
    articles and of RSS or Atom feeds. New, changed and deleted articles are found; nothing else
    is touched, and nothing is embedded twice. A folder with the name of a command is given as
    ./status.

    \b
    Examples:
      qa index articles/
      qa index news.jsonl.gz extra/*.pdf --index my-index --json
      qa index https://example.vn/rss --index my-index
      qa index articles/ --dry-run
      qa index articles/ --watch
      qa index --remove a0123456789ab --index my-index
      qa index status --index my-index
    """
    _check(paths, rebuild, dry_run, remove, watch)
    if remove:
        _remove(location, remove, dry_run, wait, as_json)
        return
    if dry_run:
        _preview(location, paths, rebuild, as_json)
        return
    _step_back()
    encoder = _encoder(location, model)
    if workers > 1:
        encoder = _shared(encoder, workers)
    if watch:
        _watch(location, paths, encoder, as_json)
    elif _update(location, paths, encoder, rebuild, wait, as_json):
        sys.exit(1)


for command in (status, verify, history, rollback):
    index.add_command(command)


def _check(
    paths: tuple[Place, ...], rebuild: bool, dry_run: bool, remove: tuple[str, ...], watch: bool
) -> None:
    """Refuses what does not go together."""
    if not paths and not remove:
        raise click.UsageError("Missing argument 'PATHS...': what to index.")
    if remove and (paths or rebuild or watch):
        raise UsageError("--remove goes without PATHS, --rebuild and --watch: qa index --remove ID")
    if watch and (rebuild or dry_run):
        raise UsageError("--watch goes without --rebuild and --dry-run; run these once before it")
    for path in paths:
        if watch and is_address(path):
            raise UsageError(f"--watch follows files and folders, not {path}: index that without")
        if isinstance(path, Path) and path.name in index.commands and not path.exists():
            raise UsageError(f"the command comes first: qa index {path.name} …")


def _step_back() -> None:
    """Lets a chat on this machine go first: embedding would take all that the processor has."""
    now = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(now, _PRIORITY))


def _encoder(location: Location, model: str | None) -> Any:
    from index.backend import encoder_of
    from index.encoder import open_encoder

    return open_encoder(model or encoder_of(location))


def _shared(encoder: Any, workers: int) -> Any:
    from index.encoder import open_encoder
    from index.workers import SharedEncoder

    return SharedEncoder(encoder, partial(open_encoder, encoder.name), workers)


def _update(
    location: Location,
    paths: tuple[Place, ...],
    encoder: Any,
    rebuild: bool,
    wait: bool,
    as_json: bool,
) -> bool:
    """Updates the index and prints what was done; whether anything was left out."""
    from index.backend import update_index

    began = time.monotonic()
    with progress_bars() as stages:
        report = update_index(location, paths, encoder, stages, rebuild, waiting(location, wait))
    _say_left_out(report)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        click.echo(
            f"{report.articles} articles, {report.passages} passages, {report.sentences} sentences"
            f" in {location} ({len(report.added)} added, {len(report.changed)} changed,"
            f" {len(report.removed)} removed, {len(report.unchanged)} unchanged,"
            f" {len(report.left_out)} left out; {time.monotonic() - began:.1f} s)"
        )
    return bool(report.left_out)


def _say_left_out(report: Any) -> None:
    for item in report.left_out:
        click.echo(f"left out: {item.origin}: {item.reason}", err=True)
    for copy, first in report.same_text:
        click.echo(f"note: {copy}: same text as {first}; indexed, shown once", err=True)


def _watch(location: Location, paths: tuple[Place, ...], encoder: Any, as_json: bool) -> None:
    from qa.watch import follow

    names = ", ".join(str(path) for path in paths)
    click.echo(f"watching {names}; Ctrl-C ends it", err=True)

    def update() -> None:
        _update(location, paths, encoder, rebuild=False, wait=True, as_json=as_json)

    def failed(error: HoiBaoError) -> None:
        click.echo(f"error: {error}; still watching", err=True)

    try:
        follow(paths, update, failed)
    except KeyboardInterrupt:
        click.echo("no longer watching", err=True)


def _preview(location: Location, paths: tuple[Place, ...], rebuild: bool, as_json: bool) -> None:
    from index.backend import preview_update

    with progress_bars() as stages:
        plan = preview_update(location, paths, rebuild, stages)
    _say_left_out(plan.report)
    _print_plan(plan, as_json)
    if plan.report.left_out:
        sys.exit(1)


def _print_plan(plan: Any, as_json: bool) -> None:
    report, kinds = plan.report, ("added", "changed", "removed")
    if as_json:
        named = {kind: _named(plan, getattr(report, kind)) for kind in (*kinds, "unchanged")}
        left_out = [asdict(item) for item in report.left_out]
        click.echo(json.dumps({**named, "left_out": left_out}, ensure_ascii=False))
        return
    for kind in kinds:
        for item in _named(plan, getattr(report, kind)):
            click.echo(f"would be {kind}: {item['origin']} ({item['id']})")
    click.echo(
        f"{len(report.added)} to add, {len(report.changed)} to change, {len(report.removed)} to"
        f" remove, {len(report.unchanged)} unchanged, {len(report.left_out)} left out;"
        " nothing was written"
    )


def _named(plan: Any, ids: Iterable[str]) -> list[dict[str, str]]:
    return [{"id": article_id, "origin": plan.origins[article_id]} for article_id in ids]


def _remove(
    location: Location, names: tuple[str, ...], dry_run: bool, wait: bool, as_json: bool
) -> None:
    from index.backend import remove_articles
    from index.ids import file_of

    plan = remove_articles(location, names, waiting(location, wait), dry_run)
    if dry_run:
        _print_plan(plan, as_json)
        return
    removed = _named(plan, plan.report.removed)
    if as_json:
        click.echo(json.dumps({"removed": removed}, ensure_ascii=False))
    else:
        for item in removed:
            click.echo(f"removed: {item['origin']} ({item['id']})")
        click.echo(f"{plan.report.articles} articles left in {location}")
    if any(file_of(item["origin"]).exists() for item in removed):
        click.echo(
            "note: files of removed articles are still there; qa index of their folder"
            " adds them again",
            err=True,
        )
