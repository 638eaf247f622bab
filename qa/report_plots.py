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
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator, ScalarFormatter

from qa.markup import figures, text
from qa.metrics import Estimate
from qa.not_found import Bin
from qa.report import NONE, PERCENTS, RANK_GROUPS
from qa.wording import Phrases

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


def metric_by_slice(
    metric: str, systems: Mapping[str, Mapping[str, Estimate]], say: Phrases
) -> str:
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
        axes.xaxis.set_major_formatter(_Figures(say))
        axes.grid(axis="x")
        axes.tick_params(length=0)
        called = say.report.called(metric)
        return _svg(figure, say.report.metric_by_slice.format(metric=called))


def rank_histogram(system: str, counts: Mapping[str, int], say: Phrases) -> str:
    """The share of questions by the rank of their first relevant article."""
    total = max(1, sum(counts.values()))
    shares = [100 * counts[group] / total for group in RANK_GROUPS]
    with matplotlib.rc_context(_STYLE):
        figure, axes = _figure(2.2)
        none = say.report.not_returned.replace(" ", "\n")
        names = [none if group == NONE else group for group in RANK_GROUPS]
        bars = axes.bar(names, shares, color=_SYSTEMS[system], width=0.78)
        labels = [figures(f"{share:.1f}", say) if share else "" for share in shares]
        axes.bar_label(bars, labels, padding=2, fontsize=9, color=_INK)
        axes.set_ylim(0, 112)
        axes.set_yticks([0, 50, 100], ["0 %", "50 %", "100 %"])
        axes.tick_params(length=0, labelsize=9)
        return _svg(figure, say.report.ranks.format(of=system))


def latency(times: Mapping[str, Sequence[float]], say: Phrases) -> str:
    """The share of questions that each system has answered within so many milliseconds: `times`
    are those of `PERCENTS`."""
    with matplotlib.rc_context(_STYLE):
        figure, axes = _figure(2.5)
        for system, each in times.items():
            axes.plot(each, PERCENTS, color=_SYSTEMS[system], linewidth=1.8)
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: figures(f"{at:g}", say)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_yticks([0, 50, 95, 100], ["0 %", "50 %", "95 %", ""])
        axes.set_xlabel(say.report.milliseconds)
        axes.grid(axis="y")
        axes.tick_params(length=0)
        return _svg(figure, say.report.within)


def reliability(bins: Sequence[Bin], say: Phrases) -> str:
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
        axes.xaxis.set_major_formatter(_Figures(say))
        axes.set_xlabel(say.report.chance)
        axes.grid(axis="y")
        axes.tick_params(length=0)
        return _svg(figure, say.report.right_by_chance)


class _Figures(ScalarFormatter):
    """Ticks as the language of the page writes figures."""

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self._say = say

    def __call__(self, x: float, pos: int | None = None) -> str:
        return figures(super().__call__(x, pos), self._say)


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    return figure, figure.add_subplot()


def _svg(figure: Figure, label: str) -> str:
    """The element alone, as wide as the page lets it be, its ids its own in the page."""
    file = StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with matplotlib.rc_context({"svg.hashsalt": "hoibao"}):
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
    svg = file.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)
    prefix = f"plot{next(_serial)}-"
    svg = re.sub(r'\bid="', f'id="{prefix}', svg)
    svg = re.sub(r'(url\(#|href="#)', rf"\1{prefix}", svg)
    for colour, name in _COLOURS.items():
        svg = svg.replace(colour, name)
    return svg.replace("<svg ", f'<svg class="plot" role="img" aria-label="{text(label)}" ', 1)
