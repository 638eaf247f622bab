"""Between passages that answer equally well: the one of the time that the question names.

Years in a question are words that the ranker already counts, and a larger bonus for articles and
passages of that time was measured to help no question: see benchmarks/LOG.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa.types import Cue, Ranking

NEARLY = 0.5  # of a score; half of all first hits lead by more than ten times as much


def prefer(ranking: Ranking, cues: Sequence[Cue], dates: Mapping[int, str]) -> Ranking:
    """A ranking in which hits of nearly the same score stand by their articles' dates.

    `dates` are those of the articles (ISO prefixes, "" where unknown) by passage number.
    """
    oldest_first = sorted({date for date in dates.values() if date})
    newness = {date: (at + 1) / len(oldest_first) for at, date in enumerate(oldest_first)}

    def fits(date: str) -> float:
        """How well a date fits, in 0..1."""
        wanted = [
            newness[date] if not (cue.since or cue.until) else float(lies_in(date, cue))
            for cue in cues
        ]
        return max(wanted, default=0.0)

    hits = [
        replace(hit, score=hit.score + NEARLY * fits(dates[hit.number]))
        if dates.get(hit.number)
        else hit
        for hit in ranking.hits
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.number))
    return replace(ranking, hits=tuple(hits))


def lies_in(date: str, cue: Cue) -> bool:
    """Whether a day of a date (an ISO prefix) is among those of a cue."""
    return cue.since[: len(date)] <= date and (not cue.until or date <= cue.until)
