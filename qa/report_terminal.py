"""An evaluation as a terminal shows it."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qa.against import Change
from qa.metrics import MARKED, Estimate
from qa.not_found import NotFound
from qa.report import Report, notes, shown
from qa.wording import ENGLISH

_WIDE = 215  # columns from which the intervals fit beside the values
_NARROW = 100  # columns below which only the chief metrics fit
_CHIEF = ("nDCG@10", "R@1", "R@10", "MRR@10", MARKED)
_COMPARED = "nDCG@10"
_WORST = 5
_ASKED = 100  # characters of a question that are shown


def print_report(report: Report) -> None:
    """Metrics with intervals, latency, paired comparisons, and the worst questions."""
    console = _console()
    for line in notes(report, ENGLISH):
        console.print(f"[yellow]{escape(line)}[/]")
    console.print(_metrics(report, console.width))
    if report.differences:
        console.print(_differences(report))
    if report.not_found:
        console.print(_not_found(report.not_found))
    _print_worst(console, report)


def print_changes(changes: Sequence[Change]) -> None:
    """Each metric then and now; what fell by more than its interval stands out."""
    table = Table(title="against the earlier run", title_justify="left", box=SIMPLE_HEAD)
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
    return console if console.is_terminal else Console(width=_WIDE)  # a file: nothing is cut off


def _metrics(report: Report, width: int) -> Table:
    is_wide, is_narrow = width >= _WIDE, width < _NARROW
    table = Table(
        title=f"{escape(report.dataset)}: {report.queries} questions, {report.articles} articles,"
        f" {report.passages} passages, {escape(report.encoder)}, {report.seconds:.1f} s",
        title_justify="left",
        caption=None if is_wide else "95 % intervals and more: --json, --html, a wider window",
        caption_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    found = [metrics for slices in report.systems.values() for metrics in slices.values()]
    names = list(dict.fromkeys(name for metrics in found for name in metrics))
    names = [name for name in names if name in _CHIEF] if is_narrow else names
    table.add_column("system", no_wrap=True)
    table.add_column("questions", no_wrap=True)
    for column in names if is_narrow else (*names, "p50 / p95 ms"):
        table.add_column(column, justify="right", no_wrap=True)
    for system, slices in report.systems.items():
        for name, metrics in slices.items():
            cells = [_cell(metrics.get(metric), is_wide) for metric in names]
            took = report.latency_ms[system][name]
            cells += [] if is_narrow else [f"{took.p50:.1f} / {took.p95:.1f}"]
            table.add_row(system, name, *cells)
        table.add_section()
    return table


def _cell(estimate: Estimate | None, is_wide: bool) -> str:
    if estimate is None:
        return "–"
    interval = f" ({estimate.low:.3f}–{estimate.high:.3f})" if is_wide else ""
    return f"{estimate.value:.4f}{interval}"


def _not_found(found: NotFound) -> Table:
    table = Table(title="without the articles", title_justify="left", box=SIMPLE_HEAD)
    columns = shown(found, ENGLISH)
    for column in columns:
        table.add_column(column, justify="right")
    table.add_row(*columns.values())
    return table


def _differences(report: Report) -> Table:
    table = Table(title=f"{_COMPARED}, paired by question", title_justify="left", box=SIMPLE_HEAD)
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
                "< 0.001" if d.p < 0.001 else f"{d.p:.3f}",
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
        expected = ", ".join((*each.titles, *each.expected))[:_ASKED]
        console.print(f"    expected ({place}): {expected}", markup=False, highlight=False)
        console.print(f"    returned first: {first[:_ASKED]}", markup=False, highlight=False)
