"""What the conversation shows, as HTML: pure functions of questions and answers."""

import json
from collections.abc import Sequence

from index.types import Span
from qa.collection import Collection
from qa.markup import (
    button,
    byline,
    date,
    isolated,
    marked,
    notice,
    number,
    text,
    title,
    unseen,
)
from qa.reference import reference
from qa.render_filters import chips
from qa.small_talk import reply
from qa.types import Answer, Citation
from qa.wording import VIETNAMESE, Phrases

_QUESTION_SHOWN = 500


def question(
    asked: str, say: Phrases = VIETNAMESE, as_typed: bool = False, without: Sequence[str] = ()
) -> str:
    """The reader's own words in the conversation."""
    shown = asked if len(asked) <= _QUESTION_SHOWN else asked[:_QUESTION_SHOWN] + "…"
    typed = ' data-typed="1"' if as_typed else ""
    dropped = f' data-without="{text(json.dumps(without, ensure_ascii=False))}"' if without else ""
    return (
        f'<div class="hb-question"{typed}{dropped}><p>{unseen(say.you_asked)}{isolated(shown)}</p>'
        f"{button('hb-edit', say.edit)}</div>"
    )


def answer(
    given: Answer,
    say: Phrases = VIETNAMESE,
    turn: int = 0,
    as_typed: bool = False,
    thumbs: bool = True,
    without: Sequence[str] = (),
) -> str:
    """The best passage, the further ones folded below; or that nothing answers.

    `turn` names the answer to the page's script; `thumbs` asks whether it is right; `without` are
    the dates and outlets of the question that the reader dropped.
    """
    if given.reply:
        return _card(notice(reply(given.question, say)), say, turn)
    body = _found(given, say, thumbs) if given.found else _not_found(given, say, thumbs)
    foot = button("hb-share", say.share, question=given.completed or given.question)
    return _card(
        _understood(given, say, as_typed)
        + chips(given, say, without)
        + body
        + f'<footer class="hb-foot">{_thumbs(say) if thumbs else ""}{foot}</footer>',
        say,
        turn,
    )


def refusal(message: str, say: Phrases = VIETNAMESE) -> str:
    """A line of our own where no answer can be given."""
    return _card(notice(message), say)


def waiting(say: Phrases = VIETNAMESE) -> str:
    """What stands in the answer's place until it comes."""
    return f'<p class="hb-waiting">{text(say.waiting)}</p>'


def collection(held: Collection, say: Phrases = VIETNAMESE) -> str:
    """How many articles there are, from which outlets, of which years."""
    parts = [say.articles.format(count=number(held.articles, say))]
    if held.outlets:
        more = held.outlet_count - len(held.outlets)
        names = ", ".join(isolated(name) for name in held.outlets)
        outlets = say.outlets.replace("{names}", names)
        parts.append(outlets + (say.more_outlets.format(count=number(more, say)) if more else ""))
    if held.first:
        first, last = date(held.first, say), date(held.last, say)
        span = say.dated if first == last else say.dated_span
        parts.append(span.replace("{first}", first).replace("{last}", last))
    return f'<p class="hb-collection">{" · ".join(parts)}</p>'


def welcome(held: Collection, say: Phrases = VIETNAMESE) -> str:
    """The empty page: what can be asked, and questions to start from."""
    examples = "".join(f"<li>{button('hb-example', example)}</li>" for example in held.examples)
    start = (
        f'<h2>{text(say.try_asking)}</h2><ul class="hb-examples">{examples}</ul>'
        if examples
        else ""
    )
    return (
        f'<section class="hb-welcome" aria-label="{text(say.start)}">{collection(held, say)}'
        f"<p>{text(say.how_to_ask)}</p>{start}</section>"
    )


# ---- an answer -------------------------------------------------------------------------------


def _card(content: str, say: Phrases, turn: int = 0) -> str:
    name = f' data-turn="{turn}"' if turn else ""
    return f'<section class="hb-answer" aria-label="{text(say.answer)}"{name}>{content}</section>'


def _understood(given: Answer, say: Phrases, as_typed: bool) -> str:
    """What is searched in place of what was typed, and the way back."""
    if as_typed:
        return f'<p class="hb-understood">{text(say.searched_as_typed)}</p>'
    if not given.changes or given.completed:  # a chip says what is searched then
        return ""
    again = button("hb-as-typed", say.as_typed, question=given.question)
    return (
        f'<p class="hb-understood">{text(say.searching_for)}'
        f'<span class="hb-chip">{isolated(given.understood)}</span> {again}</p>'
    )


def _found(given: Answer, say: Phrases, thumbs: bool) -> str:
    best, *further = given.citations
    summary = say.further.format(count=len(further))
    return _citation(best, say) + _folded("hb-further", summary, further, say, thumbs)


def _not_found(given: Answer, say: Phrases, thumbs: bool) -> str:
    summary = say.near.format(count=len(given.near_misses))
    return notice(say.not_found) + _folded("hb-near", summary, given.near_misses, say, thumbs)


def _folded(
    name: str, summary: str, citations: Sequence[Citation], say: Phrases, thumbs: bool
) -> str:
    if not citations:
        return ""
    inside = "".join(_citation(c, say, choosable=thumbs) for c in citations)
    return f'<details class="{name}"><summary>{text(summary)}</summary>{inside}</details>'


def _citation(cited: Citation, say: Phrases, choosable: bool = False) -> str:
    passage = Span(0, cited.end - cited.start)
    sentence = Span(cited.quote_start - cited.start, cited.quote_end - cited.start)
    words = [Span(word.start - cited.start, word.end - cited.start) for word in cited.words]
    name = title(cited.title, say)
    reprints = (
        f'<p class="hb-byline">{text(say.reprints.format(count=cited.reprints))}</p>'
        if cited.reprints
        else ""
    )
    return (
        '<article class="hb-citation">'
        f'<blockquote class="hb-text" lang="vi">{marked(cited.passage, passage, sentence, words)}'
        f'</blockquote><footer><h3 class="hb-title" lang="vi">{name}</h3>'
        f"{byline(cited.source, cited.author, cited.date, cited.url, say)}{reprints}"
        f"{_actions(cited, sentence, say, choosable)}</footer></article>"
    )


def _actions(cited: Citation, sentence: Span, say: Phrases, choosable: bool) -> str:
    read = button(
        "hb-read",
        say.read,
        unseen(f": {cited.title or say.untitled}"),
        article=cited.article_id,
        passage=cited.passage_id,
        start=sentence.start,
        end=sentence.end,
    )
    copy = button("hb-copy", say.copy, copy=reference(cited))
    link = button("hb-link", say.link, passage=cited.passage_id)
    within = button("hb-within", say.within, article=cited.article_id)
    chosen = button("hb-choose", say.this_one, passage=cited.passage_id) if choosable else ""
    return f'<div class="hb-actions">{read}{copy}{link}{within}{chosen}</div>'


def _thumbs(say: Phrases) -> str:
    return (
        f'<div class="hb-thumbs"><span>{text(say.was_it_right)}</span>'
        f"{button('hb-thumb', say.right, verdict='up')}"
        f"{button('hb-thumb', say.wrong, verdict='down')}"
        f'<form class="hb-why" hidden><label>{text(say.why)}'
        f'<input name="reason" maxlength="300" autocomplete="off"></label>'
        f"<button>{text(say.send_reason)}</button></form></div>"
    )
