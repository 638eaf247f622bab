"""Articles cut into passages on sentence borders: the units of an answer."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from index.sentences import split_paragraphs, split_sentences, trimmed
from index.types import Span

MAX_SYLLABLES = 200  # a passage holds at most about this many
MIN_SYLLABLES = 80  # a passage this long may end where a paragraph ends

_WORD = re.compile(r"\S+")
# An interviewer's turn; the answer that follows must not be torn from it.
_QUESTION_TURN = re.compile(r"(?:PV|P\.V|Phóng viên|Hỏi|MC|Nhà báo|Người dẫn)\b[^:\n]{0,40}:")


@dataclass(frozen=True, slots=True)
class PassageSpan:
    """A slice `[start, end)` of an article's text and its sentences, at least one."""

    start: int
    end: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence on its way into a passage."""

    span: Span
    syllables: int
    opens_paragraph: bool
    is_question: bool


def split_passages(text: str, body: int = 0) -> list[PassageSpan]:
    """Passages of `text[body:]`: together they hold every character but white space between.

    A paragraph stays whole where it fits; a long one is cut into parts of about equal length.
    """
    passages: list[PassageSpan] = []
    current: list[_Piece] = []
    held = 0  # syllables of the current pieces
    for paragraph in _paragraphs(text, body):
        if current and _starts_new(current, held, paragraph):
            passages.append(_passage(current))
            current, held = [], 0
        current += paragraph
        held += _total(paragraph)
        while held > MAX_SYLLABLES and len(current) > 1:
            at = _best_cut(current, held)
            passages.append(_passage(current[:at]))
            held -= _total(current[:at])
            current = current[at:]
    if current:
        passages.append(_passage(current))
    return passages


def _paragraphs(text: str, body: int) -> Iterable[list[_Piece]]:
    for paragraph in split_paragraphs(text, body):
        opening = text[paragraph.start : min(paragraph.start + 80, paragraph.end)]
        is_question = bool(_QUESTION_TURN.match(unicodedata.normalize("NFC", opening)))
        sentences = split_sentences(text, paragraph.start, paragraph.end)
        parts = [part for s in sentences for part in _shorten(text, s)]
        yield [
            _Piece(part, _syllables(text, part), number == 0, is_question)
            for number, part in enumerate(parts)
        ]


def _starts_new(current: list[_Piece], held: int, paragraph: list[_Piece]) -> bool:
    """Whether a paragraph begins a new passage rather than joining the current one."""
    if current[-1].is_question:
        return False  # an answer joins its question
    if paragraph[0].is_question:
        return True
    return held >= MIN_SYLLABLES or held + _total(paragraph) > MAX_SYLLABLES


def _best_cut(pieces: list[_Piece], total: int) -> int:
    """How many of too many sentences make the first passage; `total` counts their syllables.

    The cut comes nearest to equal parts, no part above the limit where sentences allow it, and
    never between a question and its answer unless the question alone is too long.
    """
    parts = -(-total // MAX_SYLLABLES)
    best, best_cost = 1, float("inf")
    held = 0
    for at in range(1, len(pieces)):
        held += pieces[at - 1].syllables
        if held > MAX_SYLLABLES and at > 1:
            break
        cost = abs(held - total / parts)
        if pieces[at].opens_paragraph:
            cost -= MAX_SYLLABLES / 8  # a paragraph's border is worth a little imbalance
        if pieces[at - 1].is_question:  # a question is better cut than torn from its answer
            cost += (1 if pieces[at].is_question else 10) * MAX_SYLLABLES
        if cost < best_cost:
            best, best_cost = at, cost
    return best


def _passage(pieces: list[_Piece]) -> PassageSpan:
    spans = tuple(p.span for p in pieces)
    return PassageSpan(spans[0].start, spans[-1].end, spans)


def _total(pieces: list[_Piece]) -> int:
    return sum(p.syllables for p in pieces)


def _syllables(text: str, span: Span) -> int:
    return len(text[span.start : span.end].split())


def _shorten(text: str, sentence: Span) -> list[Span]:
    """A sentence as it is, or cut between words where it is longer than a passage may be."""
    length = sentence.end - sentence.start
    if length <= 10 * MAX_SYLLABLES and _syllables(text, sentence) <= MAX_SYLLABLES:
        return [sentence]
    words = list(_WORD.finditer(text, sentence.start, sentence.end))
    parts: list[Span] = []
    start, count = sentence.start, 0
    for word, following in zip(words, [*words[1:], None], strict=True):
        count += 1
        is_clause_end = word.group()[-1] in ",;:)" and count > MAX_SYLLABLES // 2
        is_full = count >= MAX_SYLLABLES or word.end() - start > 8 * MAX_SYLLABLES
        if following is None or is_clause_end or is_full:
            parts += _chop(text, start, word.end())
            start, count = following.start() if following else 0, 0
    return parts


def _chop(text: str, start: int, end: int) -> list[Span]:
    """Cuts a run with little white space (a table, a long address) after so many characters."""
    step = 10 * MAX_SYLLABLES
    parts = [trimmed(text, at, min(at + step, end)) for at in range(start, end, step)]
    return [part for part in parts if part.start < part.end]
