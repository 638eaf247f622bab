"""A query to ranked hits: candidates from every lane, then one ranking of them all."""

from index.text import fold
from index.types import Candidate, Encoder, SearchIndex, Vectors
from qa.rank import rank
from qa.types import Hit, Query
from qa.understand import understand

LANE_DEPTH = 100  # passages that each lane proposes


class Searcher:
    """Asks one state of an index with the encoder that it was built with."""

    def __init__(self, index: SearchIndex, encoder: Encoder) -> None:
        self.index = index
        self.encoder = encoder

    def understand(self, question: str) -> Query:
        return understand(question, self.index.terms)

    def search(self, query: Query, limit: int = 10) -> list[Hit]:
        """Up to `limit` passages, best first; equal scores in the order of their numbers."""
        vector = self.encoder.encode_queries([query.text])[0]
        candidates = self.candidates(query, vector)
        return rank(query, vector, candidates, self.index.terms)[:limit]

    def candidates(self, query: Query, vector: Vectors) -> list[Candidate]:
        """What the lanes propose for a query with this vector (dim,), in no order that counts."""
        numbers = set(self.index.dense(vector, LANE_DEPTH))
        numbers.update(self.index.lexical(query.keys, LANE_DEPTH))
        if any(query.uncertain):
            folded = [fold(key) for key in query.keys]
            numbers.update(self.index.lexical(folded, LANE_DEPTH, folded=True))
        return self.index.candidates(sorted(numbers))
