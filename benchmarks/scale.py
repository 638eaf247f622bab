"""How time, memory and disk grow with the collection, with vectors that cost nothing.

    python benchmarks/scale.py NEWS.jsonl.gz --articles 1000 --articles 35515 --work DIR --out DIR

Builds an index of the first articles of a file, again with other words where there are too few;
updates it; asks it questions made of its own sentences. Writes scale.json and scale.svg.
Times are those of everything but the encoder. `cpu_seconds` and `cpu_p50_ms` are the processor's,
which other programs on the machine change less.
"""

import json
import multiprocessing
import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import click
import numpy as np
from matplotlib.figure import Figure
from scale_articles import Collection, records, write

from index.build import update_index
from index.reader import Index
from index.store import Store
from index.types import Vectors
from qa.rank import rank
from qa.search import Searcher
from qa.slices import make_slice

ASKED = 300  # questions of which times are taken
JUDGED = 100  # of them are compared with an exact search
TYPINGS = ("khong_dau", "half_dau", "telex", "vni", "typos")


def apart(measure: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """Runs a measurement in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(measure, *arguments).result()


def memory(field: str) -> int:
    """A figure of this process in MiB: VmRSS what it holds, VmHWM the most it ever held, RssAnon
    what it holds but for files that are mapped, which the system can drop."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(field))


def update(folder: Path, paths: Sequence[Path]) -> dict[str, Any]:
    """One update, and the seconds until a reader has its new state, but for the encoder's."""
    collection = Collection(folder)
    encoder = collection.encoder()
    began, cpu = time.perf_counter(), time.process_time()
    report = update_index(collection.index, paths, encoder)
    Index(collection.index).close()
    took = time.perf_counter() - began - encoder.seconds
    cpu = time.process_time() - cpu - encoder.cpu_seconds
    done = {name: len(getattr(report, name)) for name in ("added", "changed", "removed")}
    sizes = {name: getattr(report, name) for name in ("articles", "passages", "sentences")}
    seconds = {"seconds": round(took, 2), "cpu_seconds": round(cpu, 2)}
    return {**seconds, "peak_mib": memory("VmHWM"), **done, **sizes}


def search(folder: Path) -> dict[str, Any]:
    """Opens an index and asks it."""
    collection = Collection(folder)
    encoder = collection.encoder()
    questions = list(made_questions(Store.open(collection.index)))
    before = memory("RssAnon")
    began = time.perf_counter()
    index = Index(collection.index)
    searcher = Searcher(index, encoder)
    opened = time.perf_counter() - began
    searcher.rank(searcher.understand(questions[0]))
    first = time.perf_counter() - began
    took, cpu = [], []
    for question in questions[:ASKED]:
        query = searcher.understand(question)
        began, cpu_began = time.perf_counter(), time.thread_time()
        searcher.rank(query)
        took.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.thread_time() - cpu_began))
    steps = stages(searcher, questions[:ASKED])
    figures = {
        "open_seconds": round(opened, 2),
        "first_answer_seconds": round(first, 2),
        "p50_ms": round(float(np.percentile(took, 50)), 1),
        "p95_ms": round(float(np.percentile(took, 95)), 1),
        "cpu_p50_ms": round(float(np.percentile(cpu, 50)), 1),
        "cpu_p95_ms": round(float(np.percentile(cpu, 95)), 1),
        "memory_mib": memory("VmRSS"),
        "memory_own_mib": memory("RssAnon") - before,
        "stages_p50_ms": steps,
    }
    vectors = encoder.encode_queries(questions[-JUDGED:])
    began = time.perf_counter()
    found = [index.dense(vector, 100)[:10] for vector in vectors]
    lane = 1000 * (time.perf_counter() - began) / JUDGED
    exact = nearest(index.store, vectors, 10)
    right = [len(set(a) & set(b)) / len(b) for a, b in zip(found, exact, strict=True)]
    return figures | {"dense_ms": round(lane, 1), "recall_at_10": round(float(np.mean(right)), 4)}


def stages(searcher: Searcher, questions: Sequence[str]) -> dict[str, float]:
    """Milliseconds at the median of each step of an answer, and of understanding what was typed
    in other ways."""
    took: dict[str, list[float]] = {}

    def timed(name: str, step: Callable[..., Any], *arguments: object) -> Any:
        began = time.perf_counter()
        result = step(*arguments)
        took.setdefault(name, []).append(1000 * (time.perf_counter() - began))
        return result

    for question in questions:
        query = timed("understand", searcher.understand, question)
        (vector,) = timed("encode", searcher.encoder.encode_queries, [query.text])
        candidates = timed("lanes", searcher.candidates, query, vector)
        timed("rank", rank, query, vector, candidates, searcher.index, searcher.encoder.read)
    for typing in TYPINGS:
        for question in make_slice(typing, questions):
            timed(f"understand {typing}", searcher.understand, question)
    return {name: round(float(np.median(times)), 1) for name, times in took.items()}


def made_questions(store: Store) -> Iterator[str]:
    """Six to ten words of some sentence each, one of them from another sentence."""
    rng = random.Random(3)
    last = store.last_passage()
    other = "tin"
    made = 0
    while made < ASKED + JUDGED:
        for passage in store.passages([rng.randrange(1, last + 1)]):
            article = store.article(passage.article_id)
            span = rng.choice(passage.sentences)
            words = article.text[span.start : span.end].split() if article else []
            if len(words) > 12:
                at, length = rng.randrange(len(words) - 10), rng.randint(6, 10)
                chosen = words[at : at + length]
                chosen[rng.randrange(length)], other = other, rng.choice(words)
                made += 1
                yield " ".join(chosen)


def nearest(store: Store, vectors: Vectors, count: int) -> list[list[int]]:
    """The passages with the sentences nearest to each vector, by comparing all."""
    passages = store.sentence_passages()
    best: list[dict[int, float]] = [{} for _ in vectors]
    packed = store.sentence_vectors()
    at = 0
    while block := list(islice(packed, 50_000)):
        rows = np.frombuffer(b"".join(block), dtype=np.float16).reshape(len(block), -1)
        scores = vectors @ rows.astype(np.float32).T
        numbers = passages[at : at + len(block)]
        at += len(block)
        for row, found in zip(scores, best, strict=True):
            for place in np.argsort(row)[-20 * count :].tolist():
                number = int(numbers[place])
                found[number] = max(found.get(number, -1.0), float(row[place]))
    return [sorted(found, key=lambda n: (-found[n], n))[:count] for found in best]


def measure(file: Path, folder: Path, count: int) -> dict[str, Any]:
    """Every figure of one size."""
    collection = Collection(folder)
    collection.write(file, count)
    everything = [collection.most, collection.changing, collection.new]
    figures: dict[str, Any] = {}

    def note(name: str, found: dict[str, Any]) -> None:
        figures[name] = found
        click.echo(f"{count} {name} {json.dumps(found)}")

    note("build", apart(update, folder, everything))
    note("search", apart(search, folder))
    note("nothing_new", apart(update, folder, everything))
    (one,) = records(file, 1)
    write(collection.new / "more.jsonl", [one | {"id": "more", "title": "Một bài nữa"}])
    note("one_more", apart(update, folder, [collection.new]))
    (collection.new / "more.jsonl").unlink()
    note("one_removed", apart(update, folder, [collection.new]))
    collection.change()
    note("many_changed", apart(update, folder, [collection.changing]))
    note("search_after_updates", apart(search, folder))
    files = {f.stat().st_ino: f.stat().st_size for f in collection.index.rglob("*") if f.is_file()}
    figures["disk_mib"] = round(sum(files.values()) / 2**20)
    return figures


# ---- what is written -------------------------------------------------------------------------


def draw(figures: list[dict[str, Any]], path: Path) -> None:
    sizes = [f["build"]["sentences"] for f in figures]
    plots = {
        "seconds of an update": {
            "from nothing": [f["build"]["seconds"] for f in figures],
            "nothing new": [f["nothing_new"]["seconds"] for f in figures],
            "many changed": [f["many_changed"]["seconds"] for f in figures],
            "one more": [f["one_more"]["seconds"] for f in figures],
            "one removed": [f["one_removed"]["seconds"] for f in figures],
        },
        "ms of a question": {
            "95 of 100 below": [f["search"]["p95_ms"] for f in figures],
            "median": [f["search"]["p50_ms"] for f in figures],
        },
        "MiB": {
            "disk": [f["disk_mib"] for f in figures],
            "memory of search": [f["search"]["memory_mib"] for f in figures],
        },
    }
    figure = Figure(figsize=(12, 3.6), layout="constrained")
    for axes, (label, lines) in zip(figure.subplots(1, len(plots)), plots.items(), strict=True):
        for name, values in lines.items():
            axes.plot(sizes, values, marker="o", label=name)
        axes.set(xscale="log", yscale="log", xlabel="sentences", ylabel=label)
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    figure.savefig(path, metadata={"Date": None})


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--articles", "counts", multiple=True, type=int, default=(1000, 5000))
@click.option("--work", required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path))
def main(file: Path, counts: Sequence[int], work: Path, out: Path) -> None:
    """Measures indexes of so many articles of a gzipped JSON lines file, made in the folder WORK
    and removed again."""
    figures = []
    for count in counts:
        folder = work / str(count)
        figures.append({"articles": count, **measure(file, folder, count)})
        shutil.rmtree(folder)
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, indent=1)
    (out / "scale.json").write_text(text + "\n", encoding="utf-8")
    draw(figures, out / "scale.svg")


if __name__ == "__main__":
    main()
