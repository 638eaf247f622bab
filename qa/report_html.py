"""An evaluation as one page that needs nothing else: no network, no script.

Text of articles and questions is data: every piece of it goes through `text`.
"""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from qa import report_plots
from qa.asking import Quote
from qa.evaluate import Evaluation
from qa.metrics import MARKED, PERMUTATIONS, RESAMPLES, Estimate
from qa.not_found import shown
from qa.report import Report, Worst, notes
from qa.report_tables import (
    differences_table,
    latency_table,
    metrics_table,
    ranks_table,
    table,
    text,
)
from qa.systems import ABOUT

_STYLE = Path(__file__).with_name("report.css")
_PLOTTED = ("nDCG@10", "R@1", "MRR@10", MARKED)
_METRICS = {
    "nDCG@10": "how high the relevant articles stand among the first ten, 1 at best",
    "R@k": "the share of the relevant articles that are among the first k",
    "MRR@10": "the mean of 1 / rank of the first relevant article, 0 below rank ten",
    MARKED: "where the first hit is of a relevant article and the answer is known: the share whose"
    " marked sentence holds the answer",
}
_FAR = 600  # characters of a quote that are shown


def page(found: Sequence[Evaluation], command: str) -> str:
    """The whole report; `command` is what repeats it."""
    names = ", ".join(evaluation.report.dataset for evaluation in found)
    sections = "".join(_section(n, evaluation) for n, evaluation in enumerate(found, start=1))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Hỏi Báo: {text(names)}</title>\n"
        f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
        f"{_head(found)}\n<main>\n{sections}</main>\n{_foot(command)}\n</body>\n</html>\n"
    )


def _head(found: Sequence[Evaluation]) -> str:
    links = " · ".join(
        f'<a href="#set-{n}">{text(evaluation.report.dataset)}</a>'
        for n, evaluation in enumerate(found, start=1)
    )
    return (
        '<header class="page-head"><h1>Hỏi Báo: how good is the search?</h1>'
        '<p class="soft">Judged questions, asked through the same search as in the chat.</p>'
        f"{f'<p class=soft>{links}</p>' if len(found) > 1 else ''}</header>"
    )


def _foot(command: str) -> str:
    terms = "".join(
        f"<dt>{text(name)}</dt><dd>{text(about)}</dd>" for name, about in (ABOUT | _METRICS).items()
    )
    return (
        f"<footer><h3>How to read this</h3><dl>{terms}</dl>"
        f'<p class="soft">Averages are over all questions; one that returned nothing counts as 0.'
        f" Intervals: 95 %, percentile bootstrap of {RESAMPLES} resamples. p: paired two-sided"
        f" randomisation test, {PERMUTATIONS} permutations. Metrics: ir-measures.</p>"
        f'<h3>Repeat it</h3><pre>{text(command)}</pre><p class="soft">hoibao {_version()}</p>'
        "</footer>"
    )


def _version() -> str:
    try:
        return version("hoibao")
    except PackageNotFoundError:
        return "from its source"


# ---- a dataset -------------------------------------------------------------------------------


def _section(number: int, evaluation: Evaluation) -> str:
    report = evaluation.report
    marks = "".join(f'<p class="note">{text(note)}</p>' for note in notes(report))
    compared = ""
    if report.differences:
        reference = report.differences[0].first
        compared = f"<h3>{text(reference)} against the others, question by question</h3>" + _folded(
            "All comparisons", differences_table(report.differences)
        )
    return (
        f'<section id="set-{number}"><h2>{text(report.dataset)}</h2>'
        f'<p class="facts">{report.queries:,} questions over {report.articles:,} articles in'
        f" {report.passages:,} passages · encoder {text(report.encoder)} · seed {report.seed} ·"
        f" {report.seconds:,.0f} s</p>{marks}{_cards(report)}{_plots(evaluation)}"
        f"<h3>All metrics</h3>{metrics_table(report)}{compared}{_not_found(report)}"
        f"{_worst(report)}</section>\n"
    )


def _not_found(report: Report) -> str:
    if report.not_found is None:
        return ""
    found = shown(report.not_found)
    cells = [f"<td>{text(cell)}</td>" for cell in found.values()]
    figures = table([], list(found), [(True, cells)])
    plot = _figure(
        "Right first answers by the chance that was told; a dot bears its number of questions",
        report_plots.reliability(report.not_found.bins),
    )
    return f"<h3>Without the articles that answer</h3>{figures}{_grid([plot], 'wide')}"


def _folded(summary: str, content: str) -> str:
    return f"<details><summary>{text(summary)}</summary>{content}</details>"


def _cards(report: Report) -> str:
    """The first system's figures on the first slice."""
    system, slices = next(iter(report.systems.items()))
    name, metrics = next(iter(slices.items()))
    shown = [
        (metric, f"{e.value:.3f}", f"{e.low:.3f}–{e.high:.3f}")
        for metric, e in metrics.items()
        if metric in (*_PLOTTED, "R@10")
    ]
    took = report.latency_ms[system][name]
    shown.append(("search, p50", f"{took.p50:.0f} ms", f"p95 {took.p95:.0f} ms"))
    cards = "".join(
        f"<li><span>{text(metric)}</span><b>{value}</b><span>{interval}</span></li>"
        for metric, value, interval in shown
    )
    return f'<p class="facts">{text(system)}, {text(name)}</p><ul class="cards">{cards}</ul>'


def _plots(evaluation: Evaluation) -> str:
    report, first = evaluation.report, next(iter(next(iter(evaluation.report.systems.values()))))
    by_metric = [
        _figure(metric, report_plots.metric_by_slice(metric, found))
        for metric in _PLOTTED
        if (found := _of_metric(report, metric))
    ]
    ranks = [
        _figure(system, report_plots.rank_histogram(system, slices[first]))
        for system, slices in report.first_relevant.items()
    ]
    times = {
        system: [back.took_ms for back in run.values()]
        for (system, name), run in evaluation.returned.items()
        if name == first
    }
    within = _figure("Questions answered within", report_plots.latency(times))
    return (
        f"<h3>Metrics by slice and system</h3>{_legend(report)}{_grid(by_metric, 'wide')}"
        f"<h3>Rank of the first relevant article, % of questions, {text(first)}</h3>{_grid(ranks)}"
        f"{_folded('Counts, all slices', ranks_table(report))}"
        f"<h3>Time of a search, {text(first)}</h3>{_legend(report)}"
        f"{_grid([within, latency_table(report, first)], 'wide')}"
        f"{_folded('p50 and p95, all slices', latency_table(report))}"
    )


def _of_metric(report: Report, metric: str) -> dict[str, dict[str, Estimate]]:
    """System to slice to the metric, where it is known."""
    found = {
        system: {name: m[metric] for name, m in slices.items() if metric in m}
        for system, slices in report.systems.items()
    }
    return {system: slices for system, slices in found.items() if slices}


def _legend(report: Report) -> str:
    items = "".join(
        f'<li><b style="color: var(--{system})">{report_plots.SIGNS[system]}</b> {system}</li>'
        for system in report.systems
    )
    return f'<ul class="legend">{items}</ul>' if len(report.systems) > 1 else ""


def _grid(figures: Sequence[str], width: str = "") -> str:
    return f'<div class="plots {width}">{"".join(figures)}</div>'


def _figure(caption: str, svg: str) -> str:
    return f"<figure><figcaption>{text(caption)}</figcaption>{svg}</figure>"


# ---- worst questions -------------------------------------------------------------------------


def _worst(report: Report) -> str:
    system = next(iter(report.systems))
    parts = [
        f"<details{' open' if at == 0 else ''}><summary>{text(name)}</summary>"
        f'<ul class="worst">{"".join(map(_question, worst))}</ul></details>'
        for at, (name, worst) in enumerate(report.worst.items())
        if worst
    ]
    return f"<h3>Worst questions of {text(system)}</h3>{''.join(parts)}" if parts else ""


def _question(worst: Worst) -> str:
    place = f"rank {worst.rank}" if worst.rank else "not returned"
    understood = ""
    if worst.understood != worst.asked:
        understood = (
            f'<p class="soft">searched: <span lang="vi">{text(worst.understood)}</span></p>'
        )
    answers = " / ".join(worst.answers)
    answer = f' · answer: <span lang="vi">{text(answers)}</span>' if answers else ""
    quotes = "".join(_quote(quote, worst.expected) for quote in worst.returned)
    returned = f"<ol>{quotes}</ol>" if quotes else '<p class="soft">returned nothing</p>'
    titles = "".join(f' <b lang="vi">{text(title)}</b>' for title in worst.titles)
    return (
        f'<li><p class="asked" lang="vi">{text(worst.asked)}</p>{understood}'
        f'<p><span class="tag">{place}</span> question {text(worst.id)} expects{titles}'
        f' <span class="soft">{text(", ".join(worst.expected))}</span>{answer}</p>{returned}</li>'
    )


def _quote(quote: Quote, expected: Sequence[str]) -> str:
    tag = ' <span class="right">expected</span>' if quote.article_id in expected else ""
    return (
        f'<li lang="vi"><b>{text(quote.title)}</b> <span class="soft">{text(quote.article_id)}'
        f"</span>{tag} <q>{text(_shortened(quote.text))}</q></li>"
    )


def _shortened(quote: str) -> str:
    return quote if len(quote) <= _FAR else quote[:_FAR] + "…"
