"""What an index holds, in a few facts, and questions to try on it."""

import json
from dataclasses import dataclass
from pathlib import Path

from index.types import OpenIndex

OUTLETS_NAMED = 4  # outlets called by name, those with the most articles
EXAMPLES = 6
SAMPLE_QUESTIONS = Path(__file__).parent.parent / "sample" / "questions.jsonl"
_LONGEST_EXAMPLE = 90  # characters
_EXAMPLE_KINDS = ("plain", "plain", "khong_dau")  # of every three examples, one without diacritics


@dataclass(frozen=True, slots=True)
class Collection:
    """Counts, the chief outlets, and the first and last date of the articles of an index.

    Dates are ISO prefixes as in `Article`, empty where no article has one.
    """

    articles: int
    outlets: tuple[str, ...]
    outlet_count: int
    first: str
    last: str
    examples: tuple[str, ...]


def describe(index: OpenIndex) -> Collection:
    """The facts of one state; one pass over the metadata, not the texts."""
    outlets = index.outlets()
    first, last = index.date_span()
    return Collection(
        index.count("articles"),
        tuple(outlets[:OUTLETS_NAMED]),
        len(outlets),
        first,
        last,
        _sample_examples(index) or _title_examples(index),
    )


def _sample_examples(index: OpenIndex) -> tuple[str, ...]:
    """Questions of the bundled sample, where the index holds its articles; else none."""
    if not SAMPLE_QUESTIONS.is_file():
        return ()
    held = {Path(origin).stem for origin in index.origins().values()}
    lines = SAMPLE_QUESTIONS.read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines if line.strip()]
    by_kind: dict[str, dict[str, str]] = {kind: {} for kind in _EXAMPLE_KINDS}
    for record in records:
        if record["kind"] in by_kind and record["article"] in held:
            by_kind[record["kind"]].setdefault(record["article"], record["question"])
    return _pick(by_kind)


def _pick(by_kind: dict[str, dict[str, str]]) -> tuple[str, ...]:
    """Questions about articles far apart from each other, their kinds mixed."""
    articles = list(dict.fromkeys(a for kind in by_kind.values() for a in kind))
    spread = [articles[i * len(articles) // EXAMPLES] for i in range(EXAMPLES if articles else 0)]
    picked = []
    for at, article in enumerate(dict.fromkeys(spread)):
        wanted = by_kind[_EXAMPLE_KINDS[at % len(_EXAMPLE_KINDS)]]
        found = wanted.get(article) or next(
            kind[article] for kind in by_kind.values() if article in kind
        )
        picked.append(found)
    return tuple(picked)


def _title_examples(index: OpenIndex) -> tuple[str, ...]:
    """Titles, from articles far apart in the order of their ids."""
    titles = index.titles(_LONGEST_EXAMPLE)
    step = max(1, len(titles) // EXAMPLES)
    return tuple(dict.fromkeys(titles[::step]))[:EXAMPLES]
