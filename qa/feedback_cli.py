"""The command `qa feedback`: readers' thumbs as an evaluation set."""

from pathlib import Path

import click

from index.location import Location
from qa.options import index_option


@click.group()
def feedback() -> None:
    """What readers said of answers in the chat."""


@feedback.command()
@click.argument("target", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@index_option
def export(target: Path, location: Location) -> None:
    """Write the questions whose right passage a reader named, in BEIR layout, to DIR.

    \b
    Example:
      qa feedback export thumbs/ --index my-index
      qa evaluate --index my-index --questions thumbs/
    """
    from qa.feedback import export as write

    done = write(location, target)
    click.echo(
        f"{done.questions} questions in {target}; left out: {done.without_article} for which nobody"
        f" named the right passage, {done.gone} whose article is no longer indexed"
    )
