"""What the web chat shows, as HTML: pure functions of answers and articles.

Text from articles and questions is data. It goes through `_text`, which keeps every character
that HTML can hold, and each piece stands in an element of its own, so that a mark of text
direction in it turns nothing outside.
"""

import html
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from index.types import Article, Span
from qa.collection import Collection
from qa.terminal import NOT_FOUND
from qa.types import Answer, Citation

READER_LIMIT = 200_000  # characters of an article shown at once; a browser stays quick with them
_QUESTION_SHOWN = 500

# What HTML cannot hold: a parser drops or replaces these, wherever they come from.
_UNSHOWABLE = re.compile("[\x00\ud800-\udfff]")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def question(asked: str) -> str:
    """The reader's own words in the conversation."""
    shown = asked if len(asked) <= _QUESTION_SHOWN else asked[:_QUESTION_SHOWN] + "…"
    return f'<p class="hb-question"><span class="hb-sr">Bạn hỏi: </span>{_isolated(shown)}</p>'


def answer(given: Answer) -> str:
    """The best passage, the further ones folded below; or that nothing answers."""
    understood = ""
    if given.understood != given.question:
        understood = f'<p class="hb-understood">Đang tìm: {_isolated(given.understood)}</p>'
    return _card(understood + (_found(given.citations) if given.found else _not_found(given)))


def notice(message: str) -> str:
    """A line of our own where no answer can be given."""
    return _card(f'<p class="hb-notice">{_text(message)}</p>')


def waiting() -> str:
    """What stands in the answer's place until it comes."""
    return '<p class="hb-waiting">Đang tìm…</p>'


def collection(held: Collection) -> str:
    """How many articles there are, from which outlets, of which years."""
    parts = [f"{_number(held.articles)} bài"]
    if held.outlets:
        more = held.outlet_count - len(held.outlets)
        names = ", ".join(_isolated(name) for name in held.outlets)
        parts.append(f"nguồn: {names}" + (f" và {_number(more)} nguồn khác" if more else ""))
    if held.first:
        first, last = date(held.first), date(held.last)
        parts.append(f"đăng {first}" if first == last else f"đăng từ {first} đến {last}")
    return f'<p class="hb-collection">{" · ".join(parts)}</p>'


def welcome(held: Collection) -> str:
    """The empty page: what can be asked, and questions to start from."""
    examples = "".join(
        f'<li><button type="button" class="hb-example">{_text(example)}</button></li>'
        for example in held.examples
    )
    start = f'<h2>Thử hỏi</h2><ul class="hb-examples">{examples}</ul>' if examples else ""
    return (
        f'<section class="hb-welcome" aria-label="Bắt đầu">{collection(held)}'
        "<p>Gõ câu hỏi bằng tiếng Việt, có dấu hay không dấu. Câu trả lời là đoạn trích nguyên văn"
        f" từ bài báo, kèm nguồn.</p>{start}</section>"
    )


def reader(article: Article, passage: Span | None, sentence: Span | None) -> str:
    """A whole article in the side panel; `passage` and the `sentence` in it are marked.

    Without a passage, the article has changed since it was cited, and the panel says so.
    """
    shown = _window(article, passage)
    if passage is None:
        words = _text(article.text[shown.start : shown.end])
    else:
        words = (
            _text(article.text[shown.start : passage.start])
            + f'<span class="hb-passage">{_marked(article.text, passage, sentence)}</span>'
            + _text(article.text[passage.end : shown.end])
        )
    notes = "" if passage else _note("Bài đã thay đổi từ khi được trích; đây là bản mới nhất.")
    if shown.end - shown.start < len(article.text) - article.body:
        notes += _note(
            f"Bài dài {_number(len(article.text))} ký tự; đây là phần quanh đoạn được trích."
        )
    byline = _byline(article.source, article.author, article.date, article.url)
    title = _title(article.title)
    return _panel(
        title,
        f'<h2 class="hb-title">{title}</h2>{byline}{notes}<div class="hb-text">{words}</div>',
    )


def missing_article() -> str:
    """The side panel for an article that the index no longer holds."""
    return _panel("", _note("Bài này không còn trong bộ sưu tập."))


def date(known: str) -> str:
    """An ISO prefix as Vietnamese papers print it, as precise as it is known."""
    found = _DATE.fullmatch(known)
    if not found:
        return _isolated(known)
    year, month, day = found.groups()
    if day:
        return f"{int(day)}/{int(month)}/{year}"
    return f"tháng {int(month)}/{year}" if month else year


# ---- an answer -------------------------------------------------------------------------------


def _card(content: str) -> str:
    return f'<section class="hb-answer" aria-label="Câu trả lời">{content}</section>'


def _found(citations: Sequence[Citation]) -> str:
    best, *further = citations
    return _citation(best) + _folded("hb-further", f"{len(further)} đoạn trích khác", further)


def _not_found(given: Answer) -> str:
    near = _folded("hb-near", f"Có thể liên quan ({len(given.near_misses)})", given.near_misses)
    return f'<p class="hb-notice">{_text(NOT_FOUND)}</p>{near}'


def _folded(name: str, summary: str, citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    inside = "".join(_citation(c) for c in citations)
    return f'<details class="{name}"><summary>{summary}</summary>{inside}</details>'


def _citation(cited: Citation) -> str:
    passage = Span(0, cited.end - cited.start)
    sentence = Span(cited.quote_start - cited.start, cited.quote_end - cited.start)
    title = _title(cited.title)
    return (
        '<article class="hb-citation">'
        f'<blockquote class="hb-text">{_marked(cited.passage, passage, sentence)}</blockquote>'
        f'<footer><h3 class="hb-title">{title}</h3>'
        f"{_byline(cited.source, cited.author, cited.date, cited.url)}"
        f'<button type="button" class="hb-read" data-article="{_text(cited.article_id)}"'
        f' data-passage="{_text(cited.passage_id)}" data-start="{sentence.start}"'
        f' data-end="{sentence.end}">Đọc trong bài'
        f'<span class="hb-sr">: {title}</span></button></footer></article>'
    )


def _marked(text: str, passage: Span, sentence: Span | None) -> str:
    """The passage with the sentence that answers in a <mark>."""
    if sentence is None:
        return _text(text[passage.start : passage.end])
    return (
        _text(text[passage.start : sentence.start])
        + f"<mark>{_text(text[sentence.start : sentence.end])}</mark>"
        + _text(text[sentence.end : passage.end])
    )


def _title(title: str) -> str:
    return _isolated(title) if title else "Bài không có tiêu đề"


def _byline(source: str, author: str, known_date: str, url: str) -> str:
    parts = [_isolated(part) for part in (source, author) if part]
    if known_date:
        parts.append(f'<span class="hb-date">{date(known_date)}</span>')
    if _is_web_address(url):
        parts.append(
            f'<a href="{_text(url)}" target="_blank" rel="noopener noreferrer">Bài gốc'
            '<span class="hb-sr"> (mở trong thẻ mới)</span></a>'
        )
    return f'<p class="hb-byline">{" · ".join(parts)}</p>' if parts else ""


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


# ---- the side panel --------------------------------------------------------------------------


def _panel(title: str, content: str) -> str:
    return (
        '<aside class="hb-reader" role="dialog" aria-label="Bài báo">'
        f'<div class="hb-bar"><span aria-hidden="true">{title}</span>'
        '<button type="button" class="hb-close" aria-label="Đóng bài báo">Đóng</button></div>'
        f'<div class="hb-page" tabindex="0" role="region" aria-label="Toàn văn">{content}</div>'
        "</aside>"
    )


def _note(line: str) -> str:
    return f'<p class="hb-notice">{_text(line)}</p>'


def _window(article: Article, passage: Span | None) -> Span:
    """The part of an article that is shown: all of it, unless a browser would choke on it."""
    if len(article.text) - article.body <= READER_LIMIT:
        return Span(article.body, len(article.text))
    middle = (passage.start + passage.end) // 2 if passage else article.body
    start = max(article.body, middle - READER_LIMIT // 2)
    return Span(start, min(len(article.text), start + READER_LIMIT))


# ---- text ------------------------------------------------------------------------------------


def _isolated(text: str) -> str:
    return f"<bdi>{_text(text)}</bdi>"


def _text(text: str) -> str:
    """Text as HTML whose DOM text is the same text.

    A bare carriage return would become a line feed in the parser; the reference to it stays.
    """
    return html.escape(_UNSHOWABLE.sub("\ufffd", text)).replace("\r", "&#13;")


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
