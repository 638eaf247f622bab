"""An evaluation as one page that needs nothing else: no network, no script; in either language.

Text of articles and questions is data: every piece of it goes through `text`.
"""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from qa import report_plots
from qa.asking import Quote
from qa.markup import figures, number, text
from qa.metrics import MARKED, PERMUTATIONS, RESAMPLES, Estimate
from qa.report import Report, Worst, notes, shown
from qa.report_tables import (
    differences_table,
    latency_table,
    metrics_table,
    ranks_table,
)
from qa.wording import Phrases

_STYLE = Path(__file__).with_name("report.css")
_PLOTTED = ("nDCG@10", "R@1", "MRR@10", MARKED)
_FAR = 600  # characters of a quote that are shown


def page(reports: Sequence[Report], say: Phrases) -> str:
    """The whole report of one run, a section for each dataset."""
    names = ", ".join(report.dataset for report in reports)
    sections = "".join(_section(n, report, say) for n, report in enumerate(reports, start=1))
    return (
        f'<!doctype html>\n<html lang="{say.code}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Hỏi Báo: {text(names)}</title>\n"
        f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
        f"{_head(reports, say)}\n<main>\n{sections}</main>\n{_foot(reports, say)}\n"
        "</body>\n</html>\n"
    )


def _head(reports: Sequence[Report], say: Phrases) -> str:
    links = " · ".join(
        f'<a href="#set-{n}">{text(report.dataset)}</a>'
        for n, report in enumerate(reports, start=1)
    )
    return (
        f'<header class="page-head"><h1>{text(say.report.title)}</h1>'
        f'<p class="soft">{text(say.report.intro)}</p>'
        f"{f'<p class=soft>{links}</p>' if len(reports) > 1 else ''}</header>"
    )


def _foot(reports: Sequence[Report], say: Phrases) -> str:
    words = say.report
    systems = [system for system in words.systems if any(system in r.systems for r in reports)]
    typed = dict.fromkeys(
        name for report in reports for slices in report.systems.values() for name in slices
    )
    about = {
        **{system: words.systems[system] for system in systems},
        **{name: say.engineer.slice_names.get(name, name) for name in typed},
        **{words.called(name): means for name, means in words.metrics.items()},
    }
    terms = "".join(f"<dt>{text(name)}</dt><dd>{text(means)}</dd>" for name, means in about.items())
    statistics = words.statistics.format(
        resamples=number(RESAMPLES, say), permutations=number(PERMUTATIONS, say)
    )
    command = next((report.command for report in reports), "")
    repeat = f"<h3>{text(words.repeat)}</h3><pre>{text(command)}</pre>" if command else ""
    return (
        f"<footer><h3>{text(words.how_to_read)}</h3><dl>{terms}</dl>"
        f'<p class="soft">{text(statistics)}</p>{repeat}'
        f'<p class="soft">hoibao {text(_version(say))}</p></footer>'
    )


def _version(say: Phrases) -> str:
    try:
        return version("hoibao")
    except PackageNotFoundError:
        return say.report.from_source


# ---- a dataset -------------------------------------------------------------------------------


def _section(at: int, report: Report, say: Phrases) -> str:
    words = say.report
    facts = words.facts.format(
        questions=number(report.queries, say),
        articles=number(report.articles, say),
        passages=number(report.passages, say),
        encoder=report.encoder,
        seed=report.seed,
        seconds=number(round(report.seconds), say),
    )
    marks = "".join(f'<p class="note">{text(note)}</p>' for note in notes(report, say))
    compared = ""
    if report.differences:
        heading = words.against_others.format(system=report.differences[0].first)
        each = differences_table(report.differences, say)
        compared = f"<h3>{text(heading)}</h3>{_folded(words.all_comparisons, each)}"
    return (
        f'<section id="set-{at}"><h2>{text(report.dataset)}</h2>'
        f'<p class="facts">{text(facts)}</p>{marks}{_chief(report, say)}{_plots(report, say)}'
        f"<h3>{text(words.all_metrics)}</h3>{metrics_table(report, say)}{compared}"
        f"{_not_found(report, say)}{_worst(report, say)}</section>\n"
    )


def _not_found(report: Report, say: Phrases) -> str:
    if report.not_found is None:
        return ""
    words = say.report
    cards = [(name, value, "") for name, value in shown(report.not_found, say).items()]
    plot = _figure(words.right_by_chance, report_plots.reliability(report.not_found.bins, say))
    return f"<h3>{text(words.without)}</h3>{_cards(cards)}{_grid([plot], 'wide')}"


def _folded(summary: str, content: str) -> str:
    return f"<details><summary>{text(summary)}</summary>{content}</details>"


def _chief(report: Report, say: Phrases) -> str:
    """The first system's figures on the first slice."""
    system, slices = next(iter(report.systems.items()))
    name, metrics = next(iter(slices.items()))
    cards = [
        (say.report.called(metric), f"{e.value:.3f}", f"{e.low:.3f}–{e.high:.3f}")
        for metric, e in metrics.items()
        if metric in (*_PLOTTED, "R@10")
    ]
    if took := report.latency_ms.get(system, {}).get(name):
        cards.append((say.report.search_p50, f"{took.p50:.0f} ms", f"p95 {took.p95:.0f} ms"))
    shown = [(about, figures(value, say), figures(more, say)) for about, value, more in cards]
    return f'<p class="facts">{text(system)}, {text(name)}</p>{_cards(shown)}'


def _cards(found: Sequence[tuple[str, str, str]]) -> str:
    """What is told, its figure, and a smaller one."""
    cards = "".join(
        f"<li><span>{text(about)}</span><b>{text(value)}</b><span>{text(more)}</span></li>"
        for about, value, more in found
    )
    return f'<ul class="cards">{cards}</ul>'


def _plots(report: Report, say: Phrases) -> str:
    words = say.report
    first = next(iter(next(iter(report.systems.values()))))
    by_metric = [
        _figure(words.called(metric), report_plots.metric_by_slice(metric, found, say))
        for metric in _PLOTTED
        if (found := _of_metric(report, metric))
    ]
    ranks = [
        _figure(system, report_plots.rank_histogram(system, slices[first], say))
        for system, slices in report.first_relevant.items()
    ]
    within = {
        system: slices[first].within
        for system, slices in report.latency_ms.items()
        if slices[first].within
    }
    times = [_figure(words.within, report_plots.latency(within, say))]
    return (
        f"<h3>{text(words.by_slice)}</h3>{_legend(report)}{_grid(by_metric, 'wide')}"
        f"<h3>{text(words.ranks.format(of=first))}</h3>{_grid(ranks)}"
        f"{_folded(words.rank_counts, ranks_table(report, say))}"
        f"<h3>{text(words.times.format(of=first))}</h3>{_legend(report)}"
        f"{_grid([*(times if within else []), latency_table(report, say, first)], 'wide')}"
        f"{_folded(words.all_times, latency_table(report, say))}"
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


def _worst(report: Report, say: Phrases) -> str:
    system = next(iter(report.systems))
    parts = [
        f"<details{' open' if at == 0 else ''}><summary>{text(name)}</summary>"
        f'<ul class="worst">{"".join(_question(each, say) for each in worst)}</ul></details>'
        for at, (name, worst) in enumerate(report.worst.items())
        if worst
    ]
    heading = f"<h3>{text(say.report.worst.format(system=system))}</h3>"
    return f"{heading}{''.join(parts)}" if parts else ""


def _question(worst: Worst, say: Phrases) -> str:
    words = say.report
    place = words.rank.format(rank=worst.rank) if worst.rank else words.not_returned
    understood = ""
    if worst.understood != worst.asked:
        searched = f'{text(words.searched)}<span lang="vi">{text(worst.understood)}</span>'
        understood = f'<p class="soft">{searched}</p>'
    answers = " / ".join(worst.answers)
    answer = f' · {text(words.answer)}<span lang="vi">{text(answers)}</span>' if answers else ""
    quotes = "".join(_quote(quote, worst.expected, say) for quote in worst.returned)
    returned = f"<ol>{quotes}</ol>" if quotes else f'<p class="soft">{text(words.nothing)}</p>'
    titles = "".join(f' <b lang="vi">{text(title)}</b>' for title in worst.titles)
    return (
        f'<li><p class="asked" lang="vi">{text(worst.asked)}</p>{understood}'
        f'<p><span class="tag">{text(place)}</span> {text(words.expects.format(id=worst.id))}'
        f'{titles} <span class="soft">{text(", ".join(worst.expected))}</span>{answer}</p>'
        f"{returned}</li>"
    )


def _quote(quote: Quote, expected: Sequence[str], say: Phrases) -> str:
    tag = ""
    if quote.article_id in expected:
        tag = f' <span class="right">{text(say.report.expected)}</span>'
    return (
        f'<li lang="vi"><b>{text(quote.title)}</b> <span class="soft">{text(quote.article_id)}'
        f"</span>{tag} <q>{text(_shortened(quote.text))}</q></li>"
    )


def _shortened(quote: str) -> str:
    return quote if len(quote) <= _FAR else quote[:_FAR] + "…"
