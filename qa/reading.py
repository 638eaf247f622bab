"""The best passage, read together with the question: which of its sentences answers, if any."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.types import UNREAD, Candidate, Logits, SearchIndex
from qa.features import Features
from qa.scores import Scores, Weights, rows_of

MOST = 3  # sentences that are read: of more, which take longer, the others seldom answer

Read = Callable[[str, str, tuple[str, ...]], Logits | None]  # as `Encoder.read`


@dataclass(frozen=True, slots=True)
class First:
    """Which candidate has the best passage; all scores, with the sentence to mark in that passage
    chosen by reading it; and the log odds that its sentences answer (its sentences,), None where
    it could not be read."""

    at: int
    scores: Scores
    logits: Logits | None


def read_first(
    question: str,
    candidates: Sequence[Candidate],
    found: Features,
    weights: Weights,
    scores: Scores,
    index: SearchIndex,
    read: Read,
) -> First:
    """Reads the best of the candidates, of which the first comes first among equals."""
    at = int(np.argmax(scores.passages))
    passages = index.passages([candidates[at].number])
    article = index.article(passages[0].article_id) if passages else None
    if article is None:  # an update has just taken it away
        return First(at, scores, None)
    best = np.sort(best_sentences(found, scores, at)[:MOST])
    spans = [passages[0].sentences[i] for i in best.tolist()]
    words = tuple(" ".join(article.text[s.start : s.end].split()) for s in spans)
    told = read(question, article.title, words)
    if told is None:
        return First(at, scores, None)
    rows = rows_of(found, at)
    logits = np.full(rows.stop - rows.start, UNREAD, dtype=np.float32)
    logits[best] = told
    total = scores.sentences[rows] + weights.reading * logits
    best_rows = scores.best_rows.copy()
    best_rows[at] = rows.start + np.lexsort((-total, found.lacks_quantity[rows]))[0]
    return First(at, replace(scores, best_rows=best_rows), logits)


def best_sentences(found: Features, scores: Scores, at: int) -> np.ndarray:
    """The numbers of a candidate's sentences, best first; those that lack a quantity that is asked
    for come behind."""
    rows = rows_of(found, at)
    return np.lexsort((-scores.sentences[rows], found.lacks_quantity[rows]))


def answers(logits: Logits) -> float:
    """The log of the chance that some sentence answers, of what `Encoder.read` gives: their shares
    and that of "none", whose log odds are 0, add up to 1."""
    odds = np.logaddexp.reduce(logits.astype(np.float64))
    return float(-np.logaddexp(0.0, -odds))
