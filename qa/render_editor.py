"""The editor's tab as HTML: what the index holds, its sources, its articles, its history."""

from collections.abc import Sequence
from datetime import datetime

from index.fetch import is_address
from index.history import Update
from index.listing import ORDERS, Listing, Row
from index.status import Status
from qa.markup import button, date, figures, isolated, notice, number, text, title
from qa.shelf import Shelf
from qa.sources import Sources
from qa.wording import Phrases

_PLACES = 6  # sources that are called by name
_SHOWN = 60  # characters of a place, from its end


def facts(found: Status, say: Phrases) -> str:
    """What the index holds, in a line or two."""
    words = say.editor
    held = words.holds.format(
        articles=number(found.articles, say),
        passages=number(found.passages, say),
        sentences=number(found.sentences, say),
    )
    when = words.updated.format(time=local(found.updated)) if found.updated else words.never
    told = [when]
    if found.bytes_on_disk:
        told.append(words.size.format(size=_bytes(found.bytes_on_disk, say)))
    writer = notice(words.writer.format(who=found.writer)) if found.writer else ""
    return (
        f'<div class="hb-facts"><p><b>{text(held)}</b></p>'
        f"<p>{text(' · '.join(told))}</p></div>{writer}"
    )


def sources(found: Sources, shelf: Shelf, say: Phrases) -> str:
    """What an update reads."""
    words = say.editor
    names = []
    for place in found.places:
        if not is_address(place) and str(place) == str(shelf.folder.absolute()):
            names.append(words.source_uploads.format(count=number(len(shelf.files()), say)))
        else:
            names.append(_end(str(place)))
    if not names:
        return notice(words.no_sources)
    more = len(names) - _PLACES
    names = names[:_PLACES] + ([f"+{more}"] if more > 0 else [])
    return f'<p class="hb-hint">{text(words.sources.format(what=", ".join(names)))}</p>'


def rebuild(say: Phrases) -> str:
    """The button, behind a word on what it does."""
    words = say.editor
    return _asked("hb-rebuild", words.rebuild, words.rebuild_ask, words.rebuild_yes)


def articles(found: Listing, order: str, falling: bool, page: int, most: int, say: Phrases) -> str:
    """A page of the list, with the ways to the other pages and orders."""
    words = say.editor
    if not found.count:
        return notice(words.nothing_found)
    heads = "".join(_head(each, order, falling, say) for each in ORDERS)
    rows = "".join(_article(row, say) for row in found.rows)
    pages = -(-found.count // most)
    ways = "".join(
        button("hb-list", label, page=to)
        for label, to in ((words.previous, page - 1), (words.next, page + 1))
        if 0 <= to < pages
    )
    where = words.page.format(page=number(page + 1, say), pages=number(pages, say))
    count = words.found.format(count=number(found.count, say))
    return (
        f'<p class="hb-hint" role="status">{text(count)} · {text(where)}</p>'
        f'<div class="hb-scroll" tabindex="0"><table class="hb-table hb-cards hb-articles">'
        f"<thead><tr>{heads}<td></td></tr></thead><tbody>{rows}</tbody></table></div>"
        f'<p class="hb-pages">{ways}</p>'
    )


def updates(found: Sequence[Update], say: Phrases) -> str:
    """What was done, the newest first; states that are kept can be gone back to."""
    words = say.editor
    if not found:
        return notice(words.no_history)
    heads = (words.state, words.time, words.done, "")
    head = "".join(f'<th scope="col">{text(each)}</th>' for each in heads[:3]) + "<td></td>"
    rows = "".join(_update(update, at == 0, say) for at, update in enumerate(found))
    return (
        '<div class="hb-scroll" tabindex="0"><table class="hb-table hb-cards">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def local(time: str) -> str:
    """A time of the index as clocks here show it."""
    return datetime.fromisoformat(time).astimezone().strftime("%H:%M %d/%m/%Y")


def _head(name: str, order: str, falling: bool, say: Phrases) -> str:
    labels = {"source": say.editor.outlet}
    label = labels.get(name) or str(getattr(say.editor, name))
    sorted_ = f' aria-sort="{"descending" if falling else "ascending"}"' if name == order else ""
    return f'<th scope="col"{sorted_}>{button("hb-list", label, order=name)}</th>'


def _article(row: Row, say: Phrases) -> str:
    words = say.editor
    name = title(row.title, say)
    opened = button("hb-read", words.open, f'<span class="hb-sr">: {name}</span>', article=row.id)
    removed = _asked("hb-remove", words.remove, words.remove_ask, words.remove_yes, article=row.id)
    length = words.characters.format(count=number(row.length, say))
    origin = f'<span title="{text(row.origin)}">{isolated(_file(row.origin))}</span>'
    facts = (isolated(row.source), date(row.date, say) if row.date else "", text(length))
    return (
        f"<tr><td><b>{name}</b></td>{''.join(map(_short, facts))}"
        f'<td data-label="{text(words.origin)}:">{origin}</td>'
        f'<td class="hb-row-actions">{opened}{removed}</td></tr>'
    )


def _update(update: Update, is_newest: bool, say: Phrases) -> str:
    words = say.editor
    command, _, state = update.command.rpartition(" ")
    done = words.commands.get(update.command) or (
        f"{words.commands[command]} {state}" if command in words.commands else update.command
    )
    counts = words.counts.format(
        articles=number(update.articles, say),
        added=number(update.added, say),
        changed=number(update.changed, say),
        removed=number(update.removed, say),
    )
    way = ""
    if is_newest:
        way = text(words.current)
    elif update.is_kept:
        ask = words.go_back_ask.format(state=update.state)
        yes = words.go_back_yes.format(state=update.state)
        way = _asked("hb-go-back", words.go_back, ask, yes, state=update.state)
    return (
        f"<tr>{_short(str(update.state), words.state)}{_short(text(local(update.time)))}"
        f'<td><b>{text(done)}</b><br><span class="hb-soft">{text(counts)}</span></td>'
        f'<td class="hb-row-actions">{way}</td></tr>'
    )


def _short(cell: str, label: str = "") -> str:
    """A cell that stands in one line with its neighbours where a row is a card."""
    named = f' data-label="{text(label)}"' if label else ""
    return f'<td class="hb-short"{named}>{cell}</td>'


def _asked(name: str, label: str, question: str, yes: str, **data: str | int) -> str:
    """A button that is only pressed by those who have read what it does."""
    return (
        f'<details class="hb-asked"><summary>{text(label)}</summary><div><p>{text(question)}</p>'
        f"{button(name, yes, '', **data)}</div></details>"
    )


def _file(origin: str) -> str:
    """The name of a file, a whole address: as much as tells articles apart."""
    return _end(origin if is_address(origin) else origin.rpartition("/")[2])


def _end(place: str) -> str:
    return place if len(place) <= _SHOWN else "…" + place[1 - _SHOWN :]


def _bytes(count: int, say: Phrases) -> str:
    return figures(f"{count / 1e6:.1f} MB", say)
