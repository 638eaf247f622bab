"""A query to ranked hits: candidates from every lane, then one ranking of them all."""

from collections.abc import Collection, Sized
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial

from threadpoolctl import threadpool_limits

from index.text import fold
from index.types import Candidate, Encoder, SearchIndex, Vectors
from qa.cues import cues, with_cues, without_filters
from qa.nearby import nearby
from qa.outlets import OutletNames
from qa.prefer import prefer
from qa.rank import rank
from qa.reading import DEPTH
from qa.types import Hit, Query, Ranking
from qa.understand import normalise, understand

LANE_DEPTH = 100  # passages that each lane proposes
# Questions embedded and passages read: one question is ranked in several limits.
_REMEMBERED, _REMEMBERED_READ = 8, 8 * DEPTH


class Searcher:
    """Asks one state of an index with the encoder that it was built with."""

    def __init__(self, index: SearchIndex, encoder: Encoder) -> None:
        # Its products are small: threads that wait for one another cost more than they save.
        threadpool_limits(1, "blas")
        self.index = index
        self.encoder = encoder
        self._outlets = OutletNames(index.outlets())
        self._read = lru_cache(_REMEMBERED_READ)(encoder.read)
        self._nearby = partial(nearby, index=index)
        self._vector = lru_cache(_REMEMBERED)(lambda text: encoder.encode_queries([text])[0])

    def understand(
        self,
        question: str,
        as_typed: bool = False,
        without: Collection[str] = (),
        today: date | None = None,
    ) -> Query:
        """What is searched for a question.

        Cues whose words are in `without` are taken for words like any others, and so are all with
        `as_typed`. `today` is the day that "hôm qua" is counted from.
        """
        if as_typed:
            return understand(question, self.index.terms, as_typed)
        typed = normalise(question)
        said = cues(typed, today or date.today(), self._outlets)
        found = [cue for cue in said if cue.words not in without]
        query = understand(without_filters(typed, found), self.index.terms, nearby=self._nearby)
        return with_cues(replace(query, asked=question), found)

    def search(self, query: Query, limit: int = 10) -> list[Hit]:
        """Up to `limit` passages, best first."""
        return list(self.rank(query).hits[:limit])

    def rank(self, query: Query, allowed: Sized | None = None) -> Ranking:
        """Every passage that a lane proposes, best first, and how sure the first one answers.

        With `allowed` passages, of those alone.
        """
        vector = self._vector(query.text)
        candidates = self.candidates(query, vector, allowed)
        ranking = rank(query, vector, candidates, self.index, self._read)
        preferred = [cue for cue in query.cues if not cue.is_filter]
        if not preferred:
            return ranking
        return prefer(ranking, preferred, self.index.dates([h.number for h in ranking.hits]))

    def candidates(
        self, query: Query, vector: Vectors, allowed: Sized | None = None
    ) -> list[Candidate]:
        """What the lanes propose for a query with this vector (dim,), by their numbers."""
        numbers = set(self.index.dense(vector, LANE_DEPTH, allowed))
        numbers.update(self.index.lexical(query.keys, LANE_DEPTH, allowed=allowed))
        if any(query.uncertain):
            folded = [fold(key) for key in query.keys]
            numbers.update(self.index.lexical(folded, LANE_DEPTH, folded=True, allowed=allowed))
        return self.index.candidates(sorted(numbers))
