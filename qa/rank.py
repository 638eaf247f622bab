"""Candidates to hits, best first, and how sure it is that the best one answers.

The weights are learned (`benchmarks/train.py`) and lie in `ranker.json` and `confidence.json`
beside this file, with their provenance.
"""

from collections.abc import Sequence

from index.types import Candidate, SearchIndex, Vectors
from qa.confidence import released_confidence, signs
from qa.features import compute
from qa.reading import Read, read_first
from qa.scores import released_weights, score
from qa.types import Hit, Query, Ranking


def rank(
    query: Query,
    vector: Vectors,
    candidates: Sequence[Candidate],
    index: SearchIndex,
    read: Read,
) -> Ranking:
    """Hits of all candidates, which come by their numbers: best first, equal scores as they came.
    The first ones are read with the question: that chooses among them and among their sentences,
    and tells how sure it is."""
    if not candidates:
        return Ranking((), 0.0)
    found = compute(query, vector, candidates, index)
    weights = released_weights()
    unread = score(found, weights)
    first = read_first(query.text, candidates, found, weights, unread, index, read)
    scores = first.scores
    sentences = (scores.best_rows - found.first_sentence).tolist()
    hits = [
        Hit(candidate.number, value, sentence)
        for candidate, value, sentence in zip(
            candidates, scores.passages.tolist(), sentences, strict=True
        )
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.number))
    model = released_confidence()
    told = signs(found, scores, model.typical, first.logits.get(first.at))
    return Ranking(tuple(hits), model.probability(told))
