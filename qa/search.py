"""A query to ranked hits: candidates from every lane, then one ranking of them all."""

from index.text import fold
from index.types import Candidate, Encoder, SearchIndex, Vectors
from qa.rank import rank
from qa.types import Hit, Query, Ranking
from qa.understand import understand

LANE_DEPTH = 100  # passages that each lane proposes


class Searcher:
    """Asks one state of an index with the encoder that it was built with."""

    def __init__(self, index: SearchIndex, encoder: Encoder) -> None:
        self.index = index
        self.encoder = encoder

    def understand(self, question: str, as_typed: bool = False) -> Query:
        return understand(question, self.index.terms, as_typed)

    def search(self, query: Query, limit: int = 10) -> list[Hit]:
        """Up to `limit` passages, best first."""
        return list(self.rank(query).hits[:limit])

    def rank(self, query: Query) -> Ranking:
        """Every passage that a lane proposes, best first, and how sure the first one answers."""
        vector = self.encoder.encode_queries([query.text])[0]
        return rank(query, vector, self.candidates(query, vector), self.index)

    def candidates(self, query: Query, vector: Vectors) -> list[Candidate]:
        """What the lanes propose for a query with this vector (dim,), in no order that counts."""
        numbers = set(self.index.dense(vector, LANE_DEPTH))
        numbers.update(self.index.lexical(query.keys, LANE_DEPTH))
        if any(query.uncertain):
            folded = [fold(key) for key in query.keys]
            numbers.update(self.index.lexical(folded, LANE_DEPTH, folded=True))
        return self.index.candidates(sorted(numbers))
