"""What an evaluation found, as a terminal shows it."""

from rich.console import Console
from rich.table import Table

from qa.evaluate import Report


def print_report(report: Report) -> None:
    """A table of every system's metrics with their 95 % intervals."""
    table = Table(
        title=f"{report.dataset}: {report.queries} questions, {report.articles} articles,"
        f" {report.passages} passages, {report.encoder}, {report.seconds:.1f} s",
        title_justify="left",
    )
    metrics = next(iter(next(iter(report.systems.values())).values()))
    for name in ("system", "questions", *metrics):
        table.add_column(name, no_wrap=True)
    for system, slices in report.systems.items():
        for slice_name, found in slices.items():
            cells = [f"{e.value:.4f} ({e.low:.3f}–{e.high:.3f})" for e in found.values()]
            table.add_row(system, slice_name, *cells)
    Console().print(table)
