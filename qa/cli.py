"""The command line: `qa index`, `qa ask`, `qa evaluate`, `qa serve`.

Exit codes: 0, 1 (something was left out or failed), 2 (the command cannot work as given).
"""

import json
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

import click

from index.errors import HoiBaoError, UsageError
from index.location import Location, files_of
from qa.evaluate_cli import evaluate
from qa.feedback_cli import feedback
from qa.index_cli import index
from qa.options import filter_options, index_option, json_option, strictness_option
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
@strictness_option
@json_option
def ask(
    question: str,
    location: Location,
    as_typed: bool,
    after: tuple[str, ...],
    strictness: float | None,
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
    from index.backend import open_index
    from index.build import check_settings
    from index.encoder import open_encoder
    from index.limits import refusals_named
    from qa.answer import Answerer
    from qa.filters import read_filters
    from qa.terminal import answer_text

    if not question.strip():
        raise UsageError('the question is empty; ask one: qa ask "…"')
    with refusals_named(files_of(location)):
        opened = open_index(location)
        encoder = open_encoder(opened.encoder_name)
        check_settings(opened.meta, encoder, opened.where)
        within = read_filters(opened, **filters)
        try:
            answerer = Answerer(opened, encoder, strictness)
            before = answerer.converse(after, within)
            answer = answerer.ask(question, as_typed, within, after=before)
        except Exception:
            opened.check_whole()
            raise
    if as_json:
        click.echo(json.dumps(asdict(answer), ensure_ascii=False))
    else:
        click.echo(answer_text(answer))


for command in (evaluate, feedback, index, serve):
    cli.add_command(command)


def _in_one_line(run_command: Callable[[], Any]) -> Callable[[], None]:
    """Shows our errors as one line on stderr with their exit code, never as a traceback."""

    @wraps(run_command)
    def run() -> None:
        try:
            run_command()
        except UsageError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(2)
        except sqlite3.Error as error:
            seen = "see what is damaged: qa index verify --index DIR"
            click.echo(f"error: the index cannot be read ({error}); {seen}", err=True)
            sys.exit(1)
        except (HoiBaoError, OSError, MemoryError) as error:
            click.echo(f"error: {str(error) or 'the memory is full'}", err=True)
            sys.exit(1)

    return run


@_in_one_line
def main() -> None:
    """The script `qa`."""
    cli()
