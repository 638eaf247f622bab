"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path

import click

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
wait_option = click.option(
    "--wait", is_flag=True, help="Wait while another process is writing the index."
)


def waiting(folder: Path, wait: bool) -> Callable[[str], None] | None:
    """What says for whom a command waits; None where it shall not wait."""
    if not wait:
        return None
    return lambda holder: click.echo(f"waiting for {holder}, which writes {folder}", err=True)
