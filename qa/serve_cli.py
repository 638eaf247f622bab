"""The command `qa serve`, and its options, which `python app.py` shares."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from index.errors import UsageError
from index.location import Location
from qa.options import index_option, strictness_option

_OPTIONS = (
    index_option,
    click.option("--host", default="127.0.0.1", show_default=True),
    click.option("--port", default=7860, show_default=True),
    click.option(
        "--read-only",
        is_flag=True,
        help="Write nothing: no thumbs, no tabs for editors and engineers.",
    ),
    click.option(
        "--password-file",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Holds the password of the tabs for editors and engineers; HOIBAO_PASSWORD may too."
        " Served to other machines, there are no such tabs without one.",
    ),
    click.option(
        "--per-minute",
        default=0.0,
        show_default=True,
        type=click.FloatRange(min=0),
        help="Questions a minute that one address may ask after the first 30; 0 for no limit.",
    ),
    strictness_option,
    click.option("--log-questions", is_flag=True, help="Log what is asked, not only how it went."),
    click.option("--mcp", is_flag=True, help="Also serve programs that speak MCP."),
)


def serve_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options of serving."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@serve_options
def serve(location: Location, **options: Any) -> None:
    """Serve the web chat.

    \b
    Examples:
      qa serve --index my-index --port 8000
      qa serve --index my-index --host 0.0.0.0 --per-minute 60
      qa serve --index my-index --host 0.0.0.0 --password-file password.txt
    """
    if options["mcp"] and find_spec("mcp") is None:
        raise UsageError("--mcp needs the package mcp: pip install hoibao[mcp]")
    import app  # the page stands above this package; only this command reaches up to it

    app.serve_with(location, **options)
