"""An evaluation as a terminal shows it."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qa.against import Change
from qa.report import Report

_WIDE = 150  # columns from which the intervals fit beside the values
_PIPE = 200  # columns where no one looks: nothing is cut off
_COMPARED = "nDCG@10"
_WORST = 5
_ASKED = 100  # characters of a question that are shown


def print_report(report: Report) -> None:
    """Metrics with intervals, latency, paired comparisons, and the worst questions."""
    console = _console()
    for line in notes(report):
        console.print(f"[yellow]{escape(line)}[/]")
    console.print(_metrics(report, console.width >= _WIDE))
    if report.differences:
        console.print(_differences(report))
    _print_worst(console, report)


def notes(report: Report) -> list[str]:
    """What a reader of the figures must know of the questions."""
    lines = [f"{n} questions left out: {reason}" for reason, n in report.left_out.items()]
    if report.missing:
        lines.append(f"{report.missing} questions whose article is not in the index count as 0")
    return lines


def print_changes(changes: Sequence[Change]) -> None:
    """Each metric then and now; what fell by more than its interval stands out."""
    table = Table(title="against the earlier run", title_justify="left")
    for column in ("dataset", "system", "questions", "metric"):
        table.add_column(column, no_wrap=True)
    for column in ("old", "new", "difference"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("")
    for change in changes:
        verdict = f"[bold red]fell below {change.low:.4f}[/]" if change.fell else ""
        place = (change.dataset, change.system, change.slice, change.metric)
        table.add_row(
            *map(escape, place),
            f"{change.old:.4f}",
            f"{change.new:.4f}",
            f"{change.new - change.old:+.4f}",
            verdict,
        )
    _console().print(table)


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_PIPE)


def _metrics(report: Report, is_wide: bool) -> Table:
    table = Table(
        title=f"{escape(report.dataset)}: {report.queries} questions, {report.articles} articles,"
        f" {report.passages} passages, {escape(report.encoder)}, {report.seconds:.1f} s",
        title_justify="left",
        caption=None if is_wide else "95 % intervals: --json, --html, or a wider window",
        caption_justify="left",
    )
    found = [metrics for slices in report.systems.values() for metrics in slices.values()]
    names = list(dict.fromkeys(name for metrics in found for name in metrics))
    for column in ("system", "questions"):
        table.add_column(column, no_wrap=True)
    for column in (*names, "p50 / p95 ms"):
        table.add_column(column, justify="right", no_wrap=is_wide)
    for system, slices in report.systems.items():
        for name, metrics in slices.items():
            cells = []
            for e in (metrics.get(metric) for metric in names):
                with_interval = f" ({e.low:.3f}–{e.high:.3f})" if e and is_wide else ""
                cells.append(f"{e.value:.4f}{with_interval}" if e else "–")
            took = report.latency_ms[system][name]
            table.add_row(system, name, *cells, f"{took.p50:.1f} / {took.p95:.1f}")
        table.add_section()
    return table


def _differences(report: Report) -> Table:
    table = Table(title=f"{_COMPARED}, paired by question", title_justify="left")
    for column in ("compared", "questions"):
        table.add_column(column, no_wrap=True)
    for column in ("difference", "95 % interval", "p"):
        table.add_column(column, justify="right", no_wrap=True)
    for d in report.differences:
        if d.metric == _COMPARED:
            table.add_row(
                f"{d.first} − {d.second}",
                d.slice,
                f"{d.value:+.4f}",
                f"{d.low:+.4f} to {d.high:+.4f}",
                f"{d.p:.4f}",
            )
    return table


def _print_worst(console: Console, report: Report) -> None:
    system = next(iter(report.systems))
    name, worst = next(iter(report.worst.items()), ("", ()))
    if not worst:
        return
    console.print(f"Worst questions of {system}, {name}:")
    for each in worst[:_WORST]:
        place = f"rank {each.rank}" if each.rank else "not returned"
        first = f"{each.returned[0].title}: {each.returned[0].text}" if each.returned else "nothing"
        console.print(f"  {each.asked[:_ASKED]}", markup=False, highlight=False)
        expected = ", ".join(each.expected)[:_ASKED]
        console.print(f"    expected ({place}): {expected}", markup=False, highlight=False)
        console.print(f"    returned first: {first[:_ASKED]}", markup=False, highlight=False)
