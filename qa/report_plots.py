"""The plots of a report, as SVG to stand inside a page.

Each is narrow enough for a phone; a wide page sets several side by side. Colours are names that the
page's style sheet defines, so that light and dark pages both show them.
"""

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from itertools import count
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from qa.metrics import Estimate
from qa.not_found import Bin
from qa.report import RANK_GROUPS

_WIDTH = 4.4  # inches, 72 units of the SVG each
_COLOURS = {  # matplotlib needs colours; the page replaces them by the variables
    "#a10001": "var(--ink)",
    "#a10002": "var(--soft)",
    "#a10003": "var(--rule)",
    "#b20001": "var(--full)",
    "#b20002": "var(--lexical)",
    "#b20003": "var(--dense)",
    "#b20004": "var(--fusion)",
    "#b20005": "var(--baseline)",
}
_INK, _SOFT, _RULE = tuple(_COLOURS)[:3]
_SYSTEMS = dict(
    zip(("full", "lexical", "dense", "fusion", "baseline"), tuple(_COLOURS)[3:], strict=True)
)
_MARKERS = {"full": "o", "lexical": "s", "dense": "D", "fusion": "^", "baseline": "X"}
SIGNS = {"full": "●", "lexical": "■", "dense": "◆", "fusion": "▲", "baseline": "✖"}  # in a legend
_STYLE: Any = {
    "svg.fonttype": "none",  # text stays text: the page's font, and words that can be found
    "text.color": _INK,
    "axes.edgecolor": _RULE,
    "axes.labelcolor": _SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _SOFT,
    "ytick.color": _SOFT,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "font.size": 10,
    "grid.color": _RULE,
    "grid.linewidth": 0.6,
}
_serial = count(1)


def metric_by_slice(metric: str, systems: Mapping[str, Mapping[str, Estimate]]) -> str:
    """Dots with their 95 % intervals: a row for each slice, a colour for each system."""
    slices = list(dict.fromkeys(name for found in systems.values() for name in found))
    step = 0.8 / max(1, len(systems))
    with matplotlib.rc_context(_STYLE):
        height = 0.6 + len(slices) * (0.14 + 0.075 * len(systems))
        figure, axes = _figure(height)
        for at, (system, found) in enumerate(systems.items()):
            rows = [slices.index(name) + (at - (len(systems) - 1) / 2) * step for name in found]
            values = [e.value for e in found.values()]
            reach = [
                [e.value - e.low for e in found.values()],
                [e.high - e.value for e in found.values()],
            ]
            axes.errorbar(
                values,
                rows,
                xerr=reach,
                fmt=_MARKERS[system],
                color=_SYSTEMS[system],
                markersize=4,
                elinewidth=1.4,
            )
        axes.set_yticks(range(len(slices)), slices)
        axes.set_ylim(len(slices) - 0.45, -0.55)
        for row in range(1, len(slices)):
            axes.axhline(row - 0.5, color=_RULE, linewidth=0.6)
        axes.grid(axis="x")
        axes.tick_params(length=0)
        return _svg(figure, f"{metric} by slice and system, with 95 % intervals")


def rank_histogram(system: str, counts: Mapping[str, int]) -> str:
    """The share of questions by the rank of their first relevant article."""
    total = max(1, sum(counts.values()))
    shares = [100 * counts[group] / total for group in RANK_GROUPS]
    with matplotlib.rc_context(_STYLE):
        figure, axes = _figure(2.2)
        bars = axes.bar(RANK_GROUPS, shares, color=_SYSTEMS[system], width=0.78)
        labels = [f"{share:.1f}" if share else "" for share in shares]
        axes.bar_label(bars, labels, padding=2, fontsize=9, color=_INK)
        axes.set_ylim(0, 112)
        axes.set_yticks([0, 50, 100], ["0 %", "50 %", "100 %"])
        axes.tick_params(length=0, labelsize=9)
        return _svg(figure, f"Rank of the first relevant article, {system}, % of questions")


def latency(times: Mapping[str, Sequence[float]]) -> str:
    """The share of questions that each system has answered after so many milliseconds."""
    with matplotlib.rc_context(_STYLE):
        figure, axes = _figure(2.5)
        for system, each in times.items():
            axes.ecdf(each, color=_SYSTEMS[system], linewidth=1.8)
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter(FuncFormatter(_milliseconds))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_yticks([0, 0.5, 0.95, 1], ["0 %", "50 %", "95 %", ""])
        axes.set_xlabel("milliseconds a question")
        axes.grid(axis="y")
        axes.tick_params(length=0)
        return _svg(figure, "Share of questions answered after so many milliseconds, by system")


def reliability(bins: Sequence[Bin]) -> str:
    """The share of right answers among those of about the same chance; on the line they agree."""
    with matplotlib.rc_context(_STYLE):
        figure, axes = _figure(2.5)
        axes.plot([0, 1], [0, 1], color=_RULE, linewidth=1)
        axes.plot(
            [b.chance for b in bins],
            [b.right for b in bins],
            color=_SYSTEMS["full"],
            marker="o",
            markersize=5,
        )
        for b in bins:
            axes.annotate(
                str(b.questions),
                (b.chance, b.right),
                (0, 6),
                textcoords="offset points",
                fontsize=8,
            )
        axes.set_ylim(-0.05, 1.12)
        axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
        axes.set_xlabel("the chance that was told")
        axes.grid(axis="y")
        axes.tick_params(length=0)
        return _svg(figure, "Share of right first answers by the chance that was told")


def _milliseconds(value: float, at: int | None) -> str:
    return f"{value:g}"


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    return figure, figure.add_subplot()


def _svg(figure: Figure, label: str) -> str:
    """The element alone, as wide as the page lets it be, its ids its own in the page."""
    file = StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with matplotlib.rc_context({"svg.hashsalt": "hoibao"}):
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
    text = file.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r' (?:width|height)="[\d.]+pt"', "", text, count=2)
    prefix = f"plot{next(_serial)}-"
    text = re.sub(r'\bid="', f'id="{prefix}', text)
    text = re.sub(r'(url\(#|href="#)', rf"\1{prefix}", text)
    for colour, name in _COLOURS.items():
        text = text.replace(colour, name)
    return text.replace("<svg ", f'<svg class="plot" role="img" aria-label="{label}" ', 1)
