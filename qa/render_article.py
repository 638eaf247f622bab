"""The side panel, as HTML: one whole article, open at a passage."""

from index.types import Article, Span
from qa.markup import button, byline, marked, notice, number, text, title
from qa.wording import VIETNAMESE, Phrases

READER_LIMIT = 200_000  # characters of an article shown at once; a browser stays quick with them


def reader(
    article: Article,
    passage: Span | None,
    sentence: Span | None,
    say: Phrases = VIETNAMESE,
    neighbours: tuple[str, str] = ("", ""),
) -> str:
    """A whole article; `passage` and the `sentence` in it are marked.

    Without a passage, the article has changed since it was cited, and the panel says so.
    `neighbours` are the ids of the passages before and after, empty where there is none.
    """
    shown = _window(article, passage)
    if passage is None:
        words = text(article.text[shown.start : shown.end])
    else:
        words = (
            text(article.text[shown.start : passage.start])
            + f'<span class="hb-passage">{marked(article.text, passage, sentence)}</span>'
            + text(article.text[passage.end : shown.end])
        )
    notes = "" if passage else notice(say.changed)
    if shown.end - shown.start < len(article.text) - article.body:
        notes += notice(say.part.format(count=number(len(article.text), say)))
    name = title(article.title, say)
    line = byline(article.source, article.author, article.date, article.url, say)
    return _panel(
        name,
        _steps(article, neighbours, say),
        f'<h2 class="hb-title" lang="vi">{name}</h2>{line}{notes}'
        f'<div class="hb-text" lang="vi">{words}</div>',
        say,
    )


def missing_article(say: Phrases = VIETNAMESE) -> str:
    """The side panel for an article that the index no longer holds."""
    return _panel("", "", notice(say.gone), say)


def _steps(article: Article, neighbours: tuple[str, str], say: Phrases) -> str:
    """The ways to the passages before and after."""
    labels = (("hb-previous", say.previous), ("hb-next", say.next))
    return "".join(
        button(f"hb-read hb-step {name}", label, article=article.id, passage=passage)
        for (name, label), passage in zip(labels, neighbours, strict=True)
        if passage
    )


def _panel(name: str, steps: str, content: str, say: Phrases) -> str:
    close = (
        f'<button type="button" class="hb-close" aria-label="{text(say.close_article)}">'
        f"{text(say.close)}</button>"
    )
    return (
        f'<aside class="hb-reader" role="dialog" aria-label="{text(say.article)}">'
        f'<div class="hb-bar"><span aria-hidden="true">{name}</span>{steps}{close}</div>'
        f'<div class="hb-page" tabindex="0" role="region" aria-label="{text(say.full_text)}">'
        f"{content}</div></aside>"
    )


def _window(article: Article, passage: Span | None) -> Span:
    """The part of an article that is shown: all of it, unless a browser would choke on it."""
    if len(article.text) - article.body <= READER_LIMIT:
        return Span(article.body, len(article.text))
    middle = (passage.start + passage.end) // 2 if passage else article.body
    start = max(article.body, middle - READER_LIMIT // 2)
    return Span(start, min(len(article.text), start + READER_LIMIT))
