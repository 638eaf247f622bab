"""Dates, outlets and articles that narrow a search: as words, as chips, and as a form."""

import json
from collections.abc import Sequence
from datetime import date

from index.types import Filters
from qa import periods
from qa.markup import button, isolated, notice, plain_date, text
from qa.types import Answer, Cue
from qa.wording import VIETNAMESE, Phrases


def period_words(since: str, until: str, say: Phrases = VIETNAMESE) -> str:
    """Days as a reader says them: "tháng 4/2024", "từ 9/11/2026 đến 15/11/2026"."""
    if since and until:
        first = date.fromisoformat(since)
        for unit, size in (("d", 10), ("m", 7)):
            if periods.around(first, unit).iso == (since, until):
                return plain_date(since[:size], say)
        if periods.around(first, "y").iso == (since, until):
            return say.year.format(year=first.year)
    parts = []
    if since:
        parts.append(say.from_day.format(day=plain_date(since, say)))
    if until:
        parts.append(say.to_day.format(day=plain_date(until, say)))
    return " ".join(parts)


def cue_words(cue: Cue, say: Phrases = VIETNAMESE) -> str:
    """What a cue does, for the reader: only such articles, or such ones first."""
    if cue.outlets:
        what = ", ".join(cue.outlets)
    elif not cue.since and not cue.until:
        what = say.newest
    else:
        days = period_words(cue.since, cue.until, say)
        what = cue.words if cue.words.lower() == days.lower() else f"{cue.words} ({days})"
        what = say.published.format(when=what) if cue.is_filter else what
    return (say.only if cue.is_filter else say.preferred).format(what=what)


def filter_words(filters: Filters, say: Phrases = VIETNAMESE, article: str = "") -> str:
    """The reader's filters in one line, "" for none; `article` is the title of theirs."""
    parts = [period_words(filters.since, filters.until, say), *filters.outlets]
    if filters.articles:
        parts.append(say.one_article.format(title=article or say.untitled))
    return " · ".join(filter(None, parts))


def notice_words(given: Answer, say: Phrases = VIETNAMESE) -> str:
    """What became of the filters, "" where they did what was asked."""
    return {
        "": "",
        "nothing_left": say.nothing_left,
        "searched_beyond": say.searched_beyond,
    }[given.notice]


def chips(given: Answer, say: Phrases, without: Sequence[str] = ()) -> str:
    """What was understood of the conversation, of dates and outlets, each with a way to ask again
    without it."""
    if not given.cues and not given.filters and not given.completed:
        return ""
    parts = []
    if given.completed:
        words = say.follows.format(question=given.understood)
        parts.append(_chip(words, given.question, given.question, without, say.drop_before))
    for cue in given.cues:
        words = cue_words(cue, say)
        drop = say.drop.format(what=words)
        parts.append(_chip(words, cue.words, given.question, without, drop))
    if given.filters:
        parts.append(f'<span class="hb-filtered">{text(say.filtered)}</span>')
    return f'<p class="hb-cues">{" ".join(parts)}</p>' + _notice(given, say)


def _notice(given: Answer, say: Phrases) -> str:
    said = notice_words(given, say)
    return notice(said) if said else ""


def _chip(words: str, dropped: str, question: str, without: Sequence[str], label: str) -> str:
    """Words that can be dropped: the question is then asked without what they stand for."""
    removed = json.dumps([*without, dropped], ensure_ascii=False)
    remove = button("hb-without", "×", question=question, without=removed)
    named = remove.replace("<button ", f'<button aria-label="{text(label)}" ')
    return f'<span class="hb-chip">{isolated(words)}{named}</span>'


def filter_row(
    filters: Filters,
    outlets: Sequence[str],
    say: Phrases = VIETNAMESE,
    article: str = "",
    trouble: str = "",
) -> str:
    """The filters for the following questions, folded; their form is sent by the page's script.

    `article` is the title of the article that is asked alone, `trouble` what cannot be done.
    """
    active = filter_words(filters, say, article)
    shown = f'<span class="hb-active">{isolated(active)}</span>' if active else ""
    clear = button("hb-clear", say.clear) if active else ""
    options = "".join(
        f'<option value="{text(outlet)}"{" selected" if outlet in filters.outlets else ""}>'
        f"{text(outlet)}</option>"
        for outlet in outlets
    )
    return (
        f'<div class="hb-filters"><details{" open" if trouble else ""}>'
        f"<summary>{text(say.filter)}{shown}</summary>"
        f'<form class="hb-filter-form">{_day("since", say.since, filters.since)}'
        f"{_day('until', say.until, filters.until)}"
        f'<label>{text(say.outlet)}<select name="outlet"><option value="">{text(say.any_outlet)}'
        f"</option>{options}</select></label>{_article(filters, article, say)}"
        f"<button>{text(say.apply)}</button></form>"
        f"{notice(trouble) if trouble else ''}</details>{clear}</div>"
    )


def _day(name: str, label: str, value: str) -> str:
    return f'<label>{text(label)}<input type="date" name="{name}" value="{text(value)}"></label>'


def _article(filters: Filters, title: str, say: Phrases) -> str:
    if not filters.articles:
        return ""
    words = say.one_article.format(title=title or say.untitled)
    return (
        f'<label class="hb-one"><input type="checkbox" name="article" checked'
        f' value="{text(filters.articles[0])}">{isolated(words)}</label>'
    )
