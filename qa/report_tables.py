"""The tables of the report page. Text is data: every piece of it goes through `text`."""

import html
import re
from collections.abc import Iterable, Sequence

from qa.metrics import Estimate
from qa.report import RANK_GROUPS, Compared, Report

_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")  # no page can hold these


def text(words: str) -> str:
    """Words as HTML that shows them as they are."""
    return html.escape(_UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", words))


def metrics_table(report: Report) -> str:
    """Every metric with its interval; the best system of a slice stands out."""
    found = [metrics for slices in report.systems.values() for metrics in slices.values()]
    names = list(dict.fromkeys(name for metrics in found for name in metrics))
    best = {
        (name, metric): max(
            slices[name][metric].value
            for slices in report.systems.values()
            if metric in slices.get(name, {})
        )
        for slices in report.systems.values()
        for name, metrics in slices.items()
        for metric in metrics
    }
    several = len(report.systems) > 1

    def cell(name: str, metric: str, estimate: Estimate | None) -> str:
        if estimate is None:
            return "<td>–</td>"
        is_best = several and estimate.value == best[name, metric]
        shown = f"{estimate.value:.4f}"
        shown = f'<span class="best">{shown}</span>' if is_best else shown
        return f"<td>{shown}<small>{estimate.low:.3f}–{estimate.high:.3f}</small></td>"

    rows = [
        (at == 0, [_name(system), _name(name)] + [cell(name, m, metrics.get(m)) for m in names])
        for system, slices in report.systems.items()
        for at, (name, metrics) in enumerate(slices.items())
    ]
    return table(["system", "questions"], names, rows)


def differences_table(differences: Sequence[Compared]) -> str:
    """The first system against the others, question by question."""
    rows = [
        (
            at == 0 or differences[at - 1].second != d.second,
            [
                _name(f"{d.first} − {d.second}"),
                f'<td class="name">{text(d.slice)}</td><td class="name">{text(d.metric)}</td>',
                f"<td>{d.value:+.4f}</td><td>{d.low:+.4f} to {d.high:+.4f}</td>",
                f"<td>{'&lt; 0.001' if d.p < 0.001 else f'{d.p:.3f}'}</td>",
            ],
        )
        for at, d in enumerate(differences)
    ]
    columns = ["difference", "95 % interval", "p"]
    return table(["compared", "questions", "metric"], columns, rows)


def ranks_table(report: Report) -> str:
    """How many questions have their first relevant article at which rank."""
    rows = [
        (at == 0, [_name(system), _name(name)] + [f"<td>{counts[g]}</td>" for g in RANK_GROUPS])
        for system, slices in report.first_relevant.items()
        for at, (name, counts) in enumerate(slices.items())
    ]
    return table(["system", "questions"], list(RANK_GROUPS), rows)


def latency_table(report: Report, only: str = "") -> str:
    """Of all slices, or of one alone."""
    rows = [
        (at == 0, [_name(system), _name(name), f"<td>{t.p50:.1f}</td><td>{t.p95:.1f}</td>"])
        for system, slices in report.latency_ms.items()
        for at, (name, t) in enumerate(slices.items())
        if only in ("", name)
    ]
    return table(["system", "questions"], ["p50, ms", "p95, ms"], rows)


def table(
    names: Sequence[str], figures: Sequence[str], rows: Iterable[tuple[bool, Sequence[str]]]
) -> str:
    """Columns of names, then of figures; each row tells whether a new group begins with it."""
    heads = "".join(f'<th class="name" scope="col">{text(name)}</th>' for name in names)
    heads += "".join(f'<th scope="col">{text(name)}</th>' for name in figures)
    body = "".join(
        f"<tr{' class=first' if is_first else ''}>{''.join(cells)}</tr>" for is_first, cells in rows
    )
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _name(name: str) -> str:
    return f'<th scope="row">{text(name)}</th>'
