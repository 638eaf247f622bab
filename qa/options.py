"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from index.fetch import is_address
from index.location import Location, read_location

Command = Callable[..., Any]

DEFAULT_INDEX = Path(".hoibao/index")


class LocationType(click.ParamType[Location]):
    """Where an index is kept: a folder, or an address that begins with milvus://."""

    name = "location"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Location:
        return read_location(value) if isinstance(value, str) else value


index_option = click.option(
    "--index",
    "location",
    type=LocationType(),
    default=DEFAULT_INDEX,
    show_default=True,
    envvar="HOIBAO_INDEX",
    metavar="DIR",
    help="Folder of the index, or milvus://HOST:PORT/NAME.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
model_option = click.option(
    "--model",
    metavar="NAME_OR_PATH",
    help="Any sentence-transformers model; the bundled multilingual-e5-small when not given.",
)
strictness_option = click.option(
    "--strictness",
    type=click.FloatRange(0, 1),
    metavar="CHANCE",
    help="Answer only from this chance on that the first passage answers; the more the stricter."
    "  [default: as measured]",
)
wait_option = click.option(
    "--wait", is_flag=True, help="Wait while another process is writing the index."
)


def filter_options(command: Command) -> Command:
    """Limits the articles that are searched: since, until, outlets, articles."""
    options = (
        ("--since", "since", "DATE", "Only articles from this day on: 2024, 2024-05, 2024-05-25."),
        ("--until", "until", "DATE", "Only articles up to this day."),
        ("--outlet", "outlets", "NAME", "Only articles of this outlet; may be repeated."),
        ("--article", "articles", "ID", "Only this article; may be repeated."),
    )
    for name, to, shown, help_ in reversed(options):
        many = to.endswith("s")
        option = click.option(
            name, to, metavar=shown, help=help_, multiple=many, default=None if many else ""
        )
        command = option(command)
    return command


class PlaceType(click.Path):
    """A file or a folder as a path, a web address as it was typed: `//` is one `/` in a path."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if is_address(value) else super().convert(value, param, ctx)


def waiting(location: Location, wait: bool) -> Callable[[str], None] | None:
    """What says for whom a command waits; None where it shall not wait."""
    if not wait:
        return None
    return lambda holder: click.echo(f"waiting for {holder}, which writes {location}", err=True)
