"""How good retrieval is: judged questions asked through the same search that the chat uses."""

import time
from dataclasses import dataclass
from hashlib import blake2b

from index.build import Stages, update_index
from index.model import cache_folder
from index.reader import Index
from index.types import Encoder, Progress
from qa.datasets import Dataset
from qa.metrics import Estimate, estimates
from qa.search import Searcher

DEPTH = 100  # articles ranked for every question: R@100 needs them
_POOL = 400  # passages looked at for them: several may be of one article

Run = dict[str, dict[str, float]]  # question id -> article id -> score


@dataclass(frozen=True, slots=True)
class Report:
    """What one evaluation found; `systems` maps system, slice and metric to its estimate."""

    dataset: str
    articles: int
    passages: int
    queries: int
    encoder: str
    systems: dict[str, dict[str, dict[str, Estimate]]]
    seconds: float


def evaluate(
    dataset: Dataset, encoder: Encoder, stages: Stages | None = None
) -> Report:
    """Indexes the dataset's articles where that is not done yet, and asks its questions."""
    began = time.monotonic()
    index = open_corpus(dataset, encoder, stages)
    progress = stages("asking") if stages else None
    run = ask_all(dataset, Searcher(index, encoder), progress)
    return Report(
        dataset.name,
        index.store.count("articles"),
        index.store.count("passages"),
        len(dataset.questions),
        encoder.name,
        {"full": {"as_written": estimates(dataset, run)}},
        round(time.monotonic() - began, 2),
    )


def open_corpus(dataset: Dataset, encoder: Encoder, stages: Stages | None = None) -> Index:
    """The index of a dataset's articles, kept in the user's cache and brought up to date."""
    key = f"{dataset.corpus.resolve()}\0{encoder.fingerprint}"
    name = f"{dataset.name}-{blake2b(key.encode(), digest_size=6).hexdigest()}"
    folder = cache_folder() / "evaluate" / name
    update_index(folder, [dataset.corpus], encoder, stages)
    return Index(folder)


def ask_all(dataset: Dataset, searcher: Searcher, progress: Progress | None = None) -> Run:
    """Ranked articles of every question; an article counts at its best passage."""
    run: Run = {}
    for done, question in enumerate(dataset.questions, start=1):
        hits = searcher.search(searcher.understand(question.text), _POOL)
        passages = {p.number: p.article_id for p in searcher.index.passages([h.number for h in hits])}
        ranked: dict[str, float] = {}
        for hit in hits:
            ranked.setdefault(passages[hit.number], hit.score)
        run[question.id] = dict(list(ranked.items())[:DEPTH])
        if progress:
            progress(done, len(dataset.questions))
    return run
