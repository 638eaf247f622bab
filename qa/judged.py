"""The nouns of measuring: a question with known answers, and a set of them."""

from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

# Why questions are left out of a set.
FOLLOWS = "follows another question"
NOTHING_ANSWERS = "no article answers it"
NO_ANSWER = "no answer in the article"
UNJUDGED = "no article is judged relevant"


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and what answers it.

    `relevant` maps names of articles to grades above 0. A name is an article's id or, for
    questions that people write by hand, the name of its file. `answers` are the exact strings that
    answer, with their places in the text of the relevant article where known. `evidence` is text
    that stands in the relevant article: it finds the article where its name does not.
    """

    id: str
    text: str
    relevant: dict[str, int]
    answers: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A named set of judged questions over the articles of `corpus`.

    `corpus` is None where the questions are about an index that is there already. `left_out`
    counts the questions that cannot be measured, by the reason. `unanswerable` are questions that
    no article answers.
    """

    name: str
    corpus: Path | None
    questions: tuple[Judged, ...]
    left_out: dict[str, int] = field(default_factory=dict)
    unanswerable: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Changes whenever the questions or what is judged relevant change."""
        parts = [f"{q.id}\0{q.text}\0{sorted(q.relevant.items())}" for q in self.questions]
        return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()
