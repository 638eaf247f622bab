"""The command line: `qa index`, `qa ask`, `qa evaluate`, `qa serve`.

Exit codes: 0, 1 (something was left out or failed), 2 (the command cannot work as given).
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any

import click

from index.errors import HoiBaoError, UsageError
from index.types import Place
from qa.evaluate_cli import evaluate
from qa.feedback_cli import feedback
from qa.options import PlaceType, filter_options, index_option, json_option, model_option
from qa.progress import progress_bars
from qa.serve_cli import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Hỏi Báo: ask a collection of Vietnamese articles, be answered with exact quotes.

    \b
    Examples:
      qa index articles/ --index my-index
      qa ask "Vịnh Hạ Long được UNESCO công nhận năm nào?" --index my-index
      qa serve --index my-index
    """


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=PlaceType(path_type=Path))
@index_option
@model_option
@click.option("--rebuild", is_flag=True, help="Start over; embeddings of unchanged text are kept.")
@json_option
def index(
    paths: tuple[Place, ...], folder: Path, model: str | None, rebuild: bool, as_json: bool
) -> None:
    """Bring an index up to date with articles in files, in folders and on the web.

    Reads .txt .md .html .pdf .docx .jsonl .csv, also gzipped, and http and https addresses of
    articles and of RSS or Atom feeds. New, changed and deleted articles are found; nothing else
    is touched, and nothing is embedded twice.

    \b
    Examples:
      qa index articles/
      qa index news.jsonl.gz extra/*.pdf --index my-index --json
      qa index https://example.vn/rss --index my-index
    """
    from index.build import update_index
    from index.encoder import open_encoder

    began = time.monotonic()
    with progress_bars() as stages:
        encoder = open_encoder(model or _encoder_of(folder))
        report = update_index(folder, paths, encoder, stages, rebuild)
    for item in report.left_out:
        click.echo(f"left out: {item.origin}: {item.reason}", err=True)
    for copy, first in report.same_text:
        click.echo(f"note: {copy}: same text as {first}; indexed, shown once", err=True)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        click.echo(
            f"{report.articles} articles, {report.passages} passages, {report.sentences} sentences"
            f" in {folder} ({len(report.added)} added, {len(report.changed)} changed,"
            f" {len(report.removed)} removed, {len(report.unchanged)} unchanged,"
            f" {len(report.left_out)} left out; {time.monotonic() - began:.1f} s)"
        )
    if report.left_out:
        sys.exit(1)


@cli.command()
@click.argument("question")
@index_option
@click.option("--as-typed", is_flag=True, help="Supply no diacritics and correct nothing.")
@click.option(
    "--after",
    multiple=True,
    metavar="QUESTION",
    help="A question asked before this one; repeatable, oldest first.",
)
@filter_options
@json_option
def ask(
    question: str,
    folder: Path,
    as_typed: bool,
    after: tuple[str, ...],
    as_json: bool,
    **filters: Any,
) -> None:
    """Answer a question with the passages that answer it, each with its source.

    \b
    Examples:
      qa ask "Chế độ miễn thị thực có hiệu lực từ khi nào?"
      qa ask "che do mien thi thuc co hieu luc tu khi nao" --json
      qa ask "Tuyển nữ thắng ai?" --since 2024-05 --outlet "Ngày Nay" --outlet VnExpress
      qa ask "Ông ấy mất năm nào?" --after "Ai phát hiện penicillin?"
    """
    from index.build import check_settings
    from index.encoder import open_encoder
    from index.reader import Index
    from qa.answer import Answerer
    from qa.filters import read_filters
    from qa.terminal import answer_text

    if not question.strip():
        raise UsageError('the question is empty; ask one: qa ask "…"')
    opened = Index(folder)
    encoder = open_encoder(opened.encoder_name)
    check_settings(opened.store, encoder)
    answerer, limits = Answerer(opened, encoder), read_filters(opened, **filters)
    before = answerer.converse(after, limits)
    answer = answerer.ask(question, as_typed, limits, after=before)
    if as_json:
        click.echo(json.dumps(asdict(answer), ensure_ascii=False))
    else:
        click.echo(answer_text(answer))


cli.add_command(evaluate)
cli.add_command(feedback)
cli.add_command(serve)


def _encoder_of(folder: Path) -> str:
    """The encoder that an index was built with, or the default where there is none yet."""
    from index.encoder import DEFAULT_MODEL
    from index.store import FILE, Store

    if not (folder / FILE).is_file():
        return DEFAULT_MODEL
    store = Store.open(folder)
    try:
        return store.meta("encoder") or DEFAULT_MODEL
    finally:
        store.close()


def _in_one_line(command: Callable[[], Any]) -> Callable[[], None]:
    """Shows our errors as one line on stderr with their exit code, never as a traceback."""

    @wraps(command)
    def run() -> None:
        try:
            command()
        except UsageError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(2)
        except HoiBaoError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(1)

    return run


@_in_one_line
def main() -> None:
    """The script `qa`."""
    cli()
