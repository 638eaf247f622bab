"""What both tabs show beside Gradio's own components, as HTML; the engineer's comparison too."""

from collections.abc import Sequence

from qa.against import Change
from qa.markup import button, figures, notice, text
from qa.wording import Phrases


def login(say: Phrases) -> str:
    """The form that lets an editor or engineer in; the page's script sends it."""
    words = say.engineer
    return (
        f'<form class="hb-login"><p>{text(words.who)}</p><label>{text(words.password)}'
        '<input type="password" name="password" autocomplete="current-password" required></label>'
        f'<button class="hb-primary">{text(words.enter)}</button>'
        f'<p class="hb-wrong" role="alert" data-403="{text(words.wrong_password)}"'
        f' data-429="{text(words.too_many_tries)}"></p></form>'
    )


def leave(say: Phrases) -> str:
    return f'<p class="hb-leaving">{button("hb-leave", say.engineer.leave)}</p>'


def note(words: str) -> str:
    return notice(words) if words else ""


def heading(words: str) -> str:
    return f'<h2 class="hb-heading">{text(words)}</h2>'


def hint(words: str) -> str:
    return f'<p class="hb-hint">{text(words)}</p>'


def lines(found: Sequence[str]) -> str:
    """What was said of several files, a line each."""
    return "".join(notice(each) for each in found)


def run(name: str, page: str, say: Phrases) -> str:
    """A report in a frame of its own, where nothing of it can run, and its files."""
    words = say.engineer
    links = " · ".join(
        f'<a href="tabs/runs/{text(name)}.{kind}" download>{text(label)}</a>'
        for kind, label in (
            ("json", words.download_json),
            (f"{say.code}.html", words.download_html),
        )
    )
    return (
        f'<p class="hb-downloads">{links}</p>'
        f'<iframe class="hb-report" sandbox title="{text(words.report)}"'
        f' srcdoc="{text(page)}"></iframe>'
    )


def comparison(changes: Sequence[Change], time: str, say: Phrases) -> str:
    """Every metric then and now; what fell comes first."""
    words = say.engineer
    fallen = sum(change.fell for change in changes)
    verdict = words.some_fell.format(count=fallen) if fallen else words.none_fell
    heads = (say.report.system, say.report.typed, say.report.metric)
    values = (words.then, words.interval_low, words.now, "±")
    head = "".join(f'<th scope="col">{text(each)}</th>' for each in heads)
    head += "".join(f'<th scope="col" class="hb-figure">{text(each)}</th>' for each in values)
    rows = "".join(_change(c, say) for c in sorted(changes, key=lambda change: not change.fell))
    return (
        f"<h3>{text(words.comparison.format(time=time))}</h3>{notice(verdict)}"
        f'<details class="hb-compared"{" open" if fallen else ""}>'
        f"<summary>{text(say.report.all_metrics)}</summary>"
        f'<div class="hb-scroll" tabindex="0"><table class="hb-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _change(change: Change, say: Phrases) -> str:
    words = say.engineer
    mark = f" <b>{text(words.fell)}</b>" if change.fell else ""
    names = (change.system, change.slice, say.report.called(change.metric))
    cells = "".join(f"<td>{text(each)}</td>" for each in names)
    difference = change.new - change.old
    values = (f"{change.old:.4f}", f"{change.low:.4f}", f"{change.new:.4f}", f"{difference:+.4f}")
    cells += "".join(f'<td class="hb-figure">{figures(each, say)}</td>' for each in values)
    fell = ' class="hb-fell"' if change.fell else ""
    return f"<tr{fell}>{cells[:-5]}{mark}</td></tr>"
