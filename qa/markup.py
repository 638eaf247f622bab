"""Text as HTML, and the few pieces of HTML that every part of the page is made of.

Text from articles and questions is data. It goes through `text`, which keeps every character
that HTML can hold, and each piece stands in an element of its own, so that a mark of text
direction in it turns nothing outside.
"""

import html
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from index.types import Span
from qa.wording import VIETNAMESE, Phrases

# What HTML cannot hold: a parser drops or replaces these, wherever they come from.
_UNSHOWABLE = re.compile("[\x00\ud800-\udfff]")
_SWAPPED = str.maketrans(",.", ".,")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def text(plain: str) -> str:
    """Text as HTML whose DOM text is the same text.

    A bare carriage return would become a line feed in the parser; the reference to it stays.
    """
    return html.escape(_UNSHOWABLE.sub("\ufffd", plain)).replace("\r", "&#13;")


def isolated(plain: str) -> str:
    return f"<bdi>{text(plain)}</bdi>"


def unseen(plain: str) -> str:
    """For those who listen to the page."""
    return f'<span class="hb-sr">{text(plain)}</span>'


def notice(line: str) -> str:
    return f'<p class="hb-notice">{text(line)}</p>'


def button(name: str, label: str, extra: str = "", **data: object) -> str:
    """A button that the page's script knows by its class; `extra` is HTML inside it."""
    fields = "".join(f' data-{key}="{text(str(value))}"' for key, value in data.items())
    return f'<button type="button" class="{name}"{fields}>{text(label)}{extra}</button>'


def number(count: int, say: Phrases = VIETNAMESE) -> str:
    return figures(f"{count:,}", say)


def figures(english: str, say: Phrases) -> str:
    """Figures as a language writes them: what is 1,149.5 in English is 1.149,5 in Vietnamese."""
    return english if say.code == "en" else english.translate(_SWAPPED)


def date(known: str, say: Phrases = VIETNAMESE) -> str:
    return plain_date(known, say) if _DATE.fullmatch(known) else isolated(known)


def plain_date(known: str, say: Phrases = VIETNAMESE) -> str:
    """An ISO date as precisely as it is known, as text: 15/1/2024, tháng 1/2024, 2024."""
    if not (match := _DATE.fullmatch(known)):
        return known
    year, month, day = match.groups()
    if day:
        return f"{int(day)}/{int(month)}/{year}"
    return say.month.format(month=int(month), year=year) if month else year


def title(known: str, say: Phrases) -> str:
    return isolated(known) if known else text(say.untitled)


def byline(source: str, author: str, known_date: str, url: str, say: Phrases) -> str:
    """Outlet, author, date and the way to the original, as far as they are known."""
    parts = [isolated(part) for part in (source, author) if part]
    if known_date:
        parts.append(f'<span class="hb-date">{date(known_date, say)}</span>')
    if is_web_address(url):
        parts.append(
            f'<a href="{text(url)}" target="_blank" rel="noopener noreferrer">'
            f"{text(say.original)}{unseen(say.new_tab)}</a>"
        )
    return f'<p class="hb-byline">{" · ".join(parts)}</p>' if parts else ""


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def marked(plain: str, shown: Span, sentence: Span | None, words: Iterable[Span] = ()) -> str:
    """A slice of a text, the sentence that answers in a <mark>, the question's words in spans."""
    words = tuple(words)
    if sentence is None:
        return _with_words(plain, shown, words)
    return (
        _with_words(plain, Span(shown.start, sentence.start), words)
        + f"<mark>{_with_words(plain, sentence, words)}</mark>"
        + _with_words(plain, Span(sentence.end, shown.end), words)
    )


def _with_words(plain: str, shown: Span, words: Iterable[Span]) -> str:
    parts = []
    at = shown.start
    for word in words:
        start, end = max(word.start, at), min(word.end, shown.end)
        if start < end:
            parts.append(text(plain[at:start]))
            parts.append(f'<span class="hb-word">{text(plain[start:end])}</span>')
            at = end
    return "".join((*parts, text(plain[at : shown.end])))
