"""Options that several commands share."""

from pathlib import Path
from typing import Any

import click

from index.fetch import is_address

DEFAULT_INDEX = Path(".hoibao/index")

index_option = click.option(
    "--index",
    "folder",
    type=click.Path(path_type=Path),
    default=DEFAULT_INDEX,
    show_default=True,
    envvar="HOIBAO_INDEX",
    metavar="DIR",
    help="Folder of the index.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
model_option = click.option(
    "--model",
    metavar="NAME_OR_PATH",
    help="Any sentence-transformers model; the bundled multilingual-e5-small when not given.",
)


class PlaceType(click.Path):
    """A file or a folder as a path, a web address as it was typed: `//` is one `/` in a path."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if is_address(value) else super().convert(value, param, ctx)
