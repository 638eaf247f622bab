"""An answer as a terminal shows it."""

import textwrap

import click

from qa.render_filters import cue_words, notice_words
from qa.types import Answer, Citation
from qa.wording import VIETNAMESE


def answer_text(answer: Answer) -> str:
    """The best passage with its answering sentence marked, then the further ones."""
    if answer.reply:
        return answer.reply
    parts = []
    if answer.completed:
        parts.append(VIETNAMESE.follows.format(question=answer.understood))
    elif answer.understood != answer.question:
        parts.append(f"Đang tìm: {answer.understood}")
    narrowed = [*map(cue_words, answer.cues), notice_words(answer)]
    if any(narrowed):
        parts.append("\n".join(filter(None, narrowed)))
    if answer.found:
        parts += [_citation(c) for c in answer.citations]
    else:
        parts.append(VIETNAMESE.not_found)
        if answer.near_misses:
            parts += ["Có thể liên quan:", *(_citation(c) for c in answer.near_misses)]
    return "\n\n".join(parts)


def _citation(citation: Citation) -> str:
    known = (citation.title, citation.source, citation.author, citation.date, citation.url)
    source = " · ".join(part for part in known if part)
    before = citation.passage[: citation.quote_start - citation.start]
    after = citation.passage[citation.quote_end - citation.start :]
    quote = click.style(citation.quote, bold=True, underline=True)
    return (
        textwrap.indent(f"{before}{quote}{after}", "    ").replace("    ", f"[{citation.rank}] ", 1)
        + f"\n    — {source}"
    )
