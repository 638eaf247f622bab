"""An index in Milvus beside one in a folder: the same articles go in, change and come out.

    python benchmarks/milvus.py NEWS.jsonl.gz --articles 35515 --work DIR --index milvus://...
    python benchmarks/milvus.py --judged FOLDER/xquad_vi --judged FOLDER/mlqa_vi_dev --index ...

The first form takes vectors that cost nothing (`benchmarks/scale_articles.py`), so times are those
of everything but the encoder. Questions are asked of both kinds in turn. The second form asks
judged questions of both by the bundled model. Figures are printed as JSON.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np
from scale import made_questions
from scale_articles import Collection

from index import backend
from index.encoder import DEFAULT_MODEL, open_encoder
from index.location import Location
from index.store import Store
from index.types import Encoder, OpenIndex
from qa.datasets import read_dataset
from qa.evaluate import Plan, evaluate
from qa.options import LocationType
from qa.search import Searcher

ASKED = 200  # questions of which times are taken, after a few that are not
_WARM = 10


def note(what: str, **figures: Any) -> None:
    click.echo(json.dumps({"what": what, **figures}, ensure_ascii=False))


def update(location: Location, paths: list[Path], collection: Collection) -> dict[str, Any]:
    """Seconds of one update without the encoder's, and what it did."""
    encoder = collection.encoder()
    began = time.perf_counter()
    report = backend.update_index(location, paths, encoder)
    seconds = time.perf_counter() - began - encoder.seconds
    done = {name: len(getattr(report, name)) for name in ("added", "changed", "removed")}
    sizes = {name: getattr(report, name) for name in ("articles", "passages", "sentences")}
    return {"seconds": round(seconds, 1), **done, **sizes}


def first(searcher: Searcher, question: str) -> tuple[str, float]:
    """The id of the passage that comes first, and the milliseconds that it took."""
    began = time.perf_counter()
    hits = searcher.search(searcher.understand(question), 1)
    took = 1000 * (time.perf_counter() - began)
    return searcher.index.passages([hits[0].number])[0].id if hits else "", took


def asked(indexes: dict[str, OpenIndex], questions: list[str], encoder: Encoder) -> None:
    """Asks both kinds in turn, and says how often the same passage came first."""
    searchers = {name: Searcher(index, encoder) for name, index in indexes.items()}
    took: dict[str, list[float]] = {name: [] for name in searchers}
    same = 0
    for number, question in enumerate(questions):
        found = {name: first(searcher, question) for name, searcher in searchers.items()}
        if number < _WARM:
            continue
        same += len({passage for passage, _ in found.values()}) == 1
        for name, (_, milliseconds) in found.items():
            took[name].append(milliseconds)
    for name, each in took.items():
        p50, p95 = np.percentile(each, [50, 95]).round(1).tolist()
        note("questions", kind=name, questions=len(each), p50_ms=p50, p95_ms=p95)
    note("the same first", share=round(same / len(took["milvus"]), 4))


def grow(file: Path, count: int, folder: Path, location: Location) -> None:
    """Articles go in, change and come out, in both kinds."""
    collection = Collection(folder)
    collection.write(file, count)
    everything = [collection.most, collection.changing, collection.new]
    kinds: dict[str, Location] = {"folder": collection.index, "milvus": location}
    for name, where in kinds.items():
        note("in", kind=name, **update(where, everything, collection))
    ask_both(kinds, collection)
    collection.change()
    for name, where in kinds.items():
        note("changed", kind=name, **update(where, [collection.changing], collection))
        note("nothing new", kind=name, **update(where, [collection.changing], collection))
    ask_both(kinds, collection)
    for name, where in kinds.items():
        began = time.perf_counter()
        plan = backend.remove_articles(where, [str(collection.most)])
        seconds = round(time.perf_counter() - began, 1)
        note("out", kind=name, seconds=seconds, removed=len(plan.report.removed))
    ask_both(kinds, collection)


def ask_both(kinds: dict[str, Location], collection: Collection) -> None:
    indexes = {name: backend.open_index(where) for name, where in kinds.items()}
    store = Store.open(collection.index)
    questions = [q for q, _ in zip(_questions(store), range(ASKED + _WARM), strict=False)]
    asked(indexes, questions, collection.encoder())
    store.close()
    for index in indexes.values():
        index.close()


def _questions(store: Store) -> Iterator[str]:
    yield from made_questions(store)


def judge(folder: Path, location: Location, system: str) -> None:
    """nDCG@10 of both kinds, of the same judged questions."""
    dataset = read_dataset(folder)
    assert dataset.corpus is not None
    encoder = open_encoder(DEFAULT_MODEL)
    plan = Plan((system,))
    local = evaluate(dataset, encoder, plan)
    backend.update_index(location, [dataset.corpus], encoder, rebuild=True)
    index = backend.open_index(location)
    remote = evaluate(dataset, encoder, plan, index)
    index.close()
    for name, found in (("folder", local), ("milvus", remote)):
        (metrics,) = found.report.systems[system].values()
        note(dataset.name, kind=name, system=system, ndcg=round(metrics["nDCG@10"].value, 4))


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--articles", default=35_515, show_default=True)
@click.option("--work", type=click.Path(path_type=Path), help="Folder for articles and indexes.")
@click.option("--index", "location", type=LocationType(), required=True, help="In Milvus.")
@click.option("--judged", multiple=True, type=click.Path(path_type=Path), help="A BEIR folder.")
@click.option("--system", default="full", show_default=True, help="Of `qa evaluate`.")
def main(
    file: Path | None,
    articles: int,
    work: Path | None,
    location: Location,
    judged: tuple[Path, ...],
    system: str,
) -> None:
    """Measures an index in Milvus beside one in a folder."""
    for folder in judged:
        judge(folder, location, system)
    if file and work:
        grow(file, articles, work, location)


if __name__ == "__main__":
    main()
