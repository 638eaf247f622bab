"""Progress bars on stderr, one for each stage of the work; silent where no one looks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bars() -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Gives what begins a stage by its name; that gives what is told (done, total)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeLeft())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:

        def begin(stage: str) -> Callable[[int, int], None]:
            task = bars.add_task(stage, total=None)

            def advance(done: int, total: int) -> None:
                bars.update(task, completed=done, total=total or None)

            return advance

        yield begin
