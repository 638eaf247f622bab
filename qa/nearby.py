"""The passages nearest to a question whose words may have any diacritics."""

from collections.abc import Sequence

import numpy as np

from index.text import fold
from index.types import SearchIndex
from qa.language import Numbers, occurrences, pair_codes
from qa.match import bm25

NEARBY = 3  # passages: those that follow are seldom about the same
_DEPTH = 20  # passages that the lane proposes for them


def nearby(keys: Sequence[str], index: SearchIndex) -> list[Numbers]:
    """The terms of each, with 0 between sentences, best first.

    Scored anew, exactly: what a question is taken for must not depend on how an engine counts.
    """
    folded = [fold(key) for key in keys]
    found = index.candidates(index.lexical(folded, _DEPTH, folded=True))
    if not found:
        return []
    terms = [np.abs(each.terms) for each in found]
    wanted = index.terms.numbers(folded)
    a, b = wanted[:-1], wanted[1:]
    idf = np.concatenate(
        [
            _idf(index.terms.frequency(wanted, folded=True), index.terms.passages),
            _idf(index.terms.pair_frequency(a, b, folded=True), index.terms.passages),
        ]
    )
    letters = [index.terms.folded_numbers(each) for each in terms]
    counts = [
        np.append(
            occurrences(wanted, each),
            occurrences(pair_codes(a, b), pair_codes(each[:-1], each[1:])),
        )
        for each in letters
    ]
    lengths = np.array([np.count_nonzero(each) for each in terms])
    scores = np.round(bm25(np.array(counts, dtype=float), idf, lengths, index.terms.mean_length), 6)
    order = np.lexsort((np.array([each.number for each in found]), -scores))
    return [terms[at] for at in order[:NEARBY].tolist()]


def _idf(frequency: Numbers, passages: int) -> np.ndarray:
    """As Lucene's BM25 has it; 0 for what no passage holds."""
    idf = np.log1p((passages - frequency + 0.5) / (frequency + 0.5))
    return np.where(frequency > 0, idf, 0.0)
