"""The best passages, read together with the question: which answers, by which sentence, if any.

Reading is what an answer costs most, so it ends where no further passage could come first by it,
however surely it answered: nine questions in ten take one passage.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.types import UNREAD, Candidate, Logits, SearchIndex
from qa.features import Features
from qa.scores import Scores, Weights, rows_of

DEPTH = 3  # passages that are read at most: of the others, hardly any answers
MOST = 3  # sentences that are read: of more, which take longer, the others seldom answer

_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)")
_IN_YEAR = re.compile(
    rf"(?<!trước )(?<!sau )(?<!từ )(?<!đến )\bnăm ({_YEAR.pattern})", re.IGNORECASE
)

Read = Callable[[str, str, tuple[str, ...]], Logits | None]  # as `Encoder.read`


@dataclass(frozen=True, slots=True)
class First:
    """Which candidate has the best passage; all scores, with the passages that were read in the
    order, and with the sentences to mark in them, that reading gave them; and of each that was
    read the log odds that its sentences answer (its sentences,), in the order of reading."""

    at: int
    scores: Scores
    logits: Mapping[int, Logits]


def read_first(
    question: str,
    candidates: Sequence[Candidate],
    found: Features,
    weights: Weights,
    scores: Scores,
    index: SearchIndex,
    read: Read,
) -> First:
    """Reads the best of the candidates, of which the first comes first among equals.

    Those that were read trade their scores, so that the one which answers best has the highest.
    """
    order = np.argsort(-scores.passages, kind="stable")[:DEPTH].tolist()
    passages = {p.number: p for p in index.passages([candidates[at].number for at in order])}
    logits: dict[int, Logits] = {}
    totals: dict[int, float] = {}
    best_rows, values = scores.best_rows.copy(), scores.passages.copy()
    for at in order:
        if scores.passages[at] <= max(totals.values(), default=-np.inf):
            break  # a log of a chance is at most 0
        passage = passages.get(candidates[at].number)
        article = index.article(passage.article_id) if passage else None
        if passage is None or article is None:  # an update has just taken it away
            continue
        best = np.sort(best_sentences(found, scores, at)[:MOST])
        spans = [passage.sentences[i] for i in best.tolist()]
        words = tuple(" ".join(article.text[s.start : s.end].split()) for s in spans)
        told = read(question, article.title, words)
        if told is None:
            break
        logits[at] = np.full(len(passage.sentences), UNREAD, dtype=np.float32)
        logits[at][best] = told
        misdated = np.zeros(len(passage.sentences), dtype=bool)
        misdated[best] = of_other_years(question, words)
        rows = rows_of(found, at)
        total = scores.sentences[rows] + weights.reading * logits[at]
        best_rows[at] = rows.start + np.lexsort((-total, misdated, found.lacks_quantity[rows]))[0]
        totals[at] = float(scores.passages[at] + weights.passage_reading * answers(told))
    if not logits:
        return First(order[0], scores, logits)
    by_reading = sorted(totals, key=lambda at: -totals[at])
    values[by_reading] = scores.passages[list(totals)]
    return First(by_reading[0], replace(scores, passages=values, best_rows=best_rows), logits)


def best_sentences(found: Features, scores: Scores, at: int) -> np.ndarray:
    """The numbers of a candidate's sentences, best first; those that lack a quantity that is asked
    for come behind."""
    rows = rows_of(found, at)
    return np.lexsort((-scores.sentences[rows], found.lacks_quantity[rows]))


def of_other_years(question: str, sentences: Sequence[str]) -> list[bool]:
    """Of each sentence, whether it names years but not the one in which the question asks what
    was ("năm 2021"); none where no sentence names that one. Such sentences come behind: who reads
    words that are alike in both takes one year for the other."""
    asked = set(_IN_YEAR.findall(question))
    years = [set(_YEAR.findall(sentence)) for sentence in sentences]
    if not any(asked & named for named in years):
        return [False] * len(sentences)
    return [bool(named) and not asked & named for named in years]


def answers(logits: Logits) -> float:
    """The log of the chance that some sentence answers, of what `Encoder.read` gives: their shares
    and that of "none", whose log odds are 0, add up to 1."""
    odds = np.logaddexp.reduce(logits.astype(np.float64))
    return float(-np.logaddexp(0.0, -odds))
