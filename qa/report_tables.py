"""The tables of the report page. Text is data: every piece of it goes through `text`."""

from collections.abc import Iterable, Sequence

from qa.markup import figures, text
from qa.metrics import Estimate
from qa.report import NONE, RANK_GROUPS, Compared, Report
from qa.wording import Phrases


def metrics_table(report: Report, say: Phrases) -> str:
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
        shown = figures(f"{estimate.value:.4f}", say)
        shown = f'<span class="best">{shown}</span>' if is_best else shown
        interval = figures(f"{estimate.low:.3f}–{estimate.high:.3f}", say)
        return f"<td>{shown}<small>{interval}</small></td>"

    rows = [
        (at == 0, [_name(system), _name(name)] + [cell(name, m, metrics.get(m)) for m in names])
        for system, slices in report.systems.items()
        for at, (name, metrics) in enumerate(slices.items())
    ]
    shown = [say.report.called(name) for name in names]
    return _table([say.report.system, say.report.typed], shown, rows)


def differences_table(differences: Sequence[Compared], say: Phrases) -> str:
    """The first system against the others, question by question."""
    words = say.report

    def signed(value: float) -> str:
        return figures(f"{value:+.4f}", say)

    rows = [
        (
            at == 0 or differences[at - 1].second != d.second,
            [
                _name(f"{d.first} − {d.second}"),
                f'<td class="name">{text(d.slice)}</td>',
                f'<td class="name">{text(words.called(d.metric))}</td>',
                f"<td>{signed(d.value)}</td>",
                f"<td>{words.low_to_high.format(low=signed(d.low), high=signed(d.high))}</td>",
                f"<td>{figures('&lt; 0.001' if d.p < 0.001 else f'{d.p:.3f}', say)}</td>",
            ],
        )
        for at, d in enumerate(differences)
    ]
    names = [words.compared, words.typed, words.metric]
    return _table(names, [words.difference, words.interval, "p"], rows)


def ranks_table(report: Report, say: Phrases) -> str:
    """How many questions have their first relevant article at which rank."""
    rows = [
        (at == 0, [_name(system), _name(name)] + [f"<td>{counts[g]}</td>" for g in RANK_GROUPS])
        for system, slices in report.first_relevant.items()
        for at, (name, counts) in enumerate(slices.items())
    ]
    words = say.report
    groups = [words.not_returned if group == NONE else group for group in RANK_GROUPS]
    return _table([words.system, words.typed], groups, rows)


def latency_table(report: Report, say: Phrases, only: str = "") -> str:
    """Of all slices, or of one alone."""

    def cell(milliseconds: float) -> str:
        return f"<td>{figures(f'{milliseconds:.1f}', say)}</td>"

    rows = [
        (at == 0, [_name(system), _name(name), *map(cell, (t.p50, t.p95))])
        for system, slices in report.latency_ms.items()
        for at, (name, t) in enumerate(slices.items())
        if only in ("", name)
    ]
    return _table([say.report.system, say.report.typed], ["p50, ms", "p95, ms"], rows)


def _table(
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
