"""How fast texts are embedded, beside sentence-transformers as it comes, with the same weights.

    python benchmarks/embedding.py NEWS.jsonl.gz --sentences 10000 --passages 2000

Both embed the same blocks of texts by turns, so that other programs on the machine slow both
down alike. Memory is that of a fresh process.
"""

import json
import multiprocessing
import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click
import numpy as np
from scale import memory
from scale_articles import records

from index.encoder import open_encoder
from index.model import BUNDLED_MODEL, model_folder
from index.passages import split_passages
from index.plan import embedded_text
from index.torch_encoder import TorchEncoder
from index.types import Encoder

BLOCKS = 10
ARTICLES = 10_000  # that texts are drawn from


def drawn(file: Path, sentences: int, passages: int) -> tuple[list[str], list[str]]:
    """Sentences with their titles, as an index embeds them, and whole passages."""
    every: list[str] = []
    whole: list[str] = []
    for article in records(file, ARTICLES):
        text = article["text"]
        for passage in split_passages(text):
            whole.append(text[passage.start : passage.end])
            for s in passage.sentences:
                every.append(embedded_text(article.get("title", ""), text[s.start : s.end]))
    rng = random.Random(1)
    return rng.sample(every, sentences), rng.sample(whole, passages)


def seconds(encoder: Encoder, texts: Sequence[str]) -> float:
    began = time.perf_counter()
    encoder.encode_passages(texts)
    return time.perf_counter() - began


def compare(ours: Encoder, theirs: Encoder, texts: Sequence[str]) -> dict[str, float]:
    """Texts a second of both, and how many times as many ours are."""
    blocks = [texts[at::BLOCKS] for at in range(BLOCKS)]
    took = {ours: 0.0, theirs: 0.0}
    for number, block in enumerate(blocks):
        for encoder in (ours, theirs) if number % 2 else (theirs, ours):
            took[encoder] += seconds(encoder, block)
    same = ours.encode_passages(texts[:200]), theirs.encode_passages(texts[:200])
    return {
        "texts": len(texts),
        "ours_per_second": round(len(texts) / took[ours], 1),
        "theirs_per_second": round(len(texts) / took[theirs], 1),
        "times": round(took[theirs] / took[ours], 2),
        "mean_cosine": round(float(np.mean(np.sum(same[0] * same[1], axis=1))), 4),
    }


def held(texts: Sequence[str]) -> dict[str, int]:
    """MiB that the encoder takes of a process, after it has encoded."""
    before, own_before = memory("VmRSS"), memory("RssAnon")
    open_encoder().encode_passages(texts)
    return {
        "memory_mib": memory("VmRSS") - before,
        "memory_own_mib": memory("RssAnon") - own_before,
    }


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sentences", default=10_000, show_default=True)
@click.option("--passages", default=2_000, show_default=True)
def main(file: Path, sentences: int, passages: int) -> None:
    """Embeds texts of the articles of a gzipped JSON lines file."""
    short, long = drawn(file, sentences, passages)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        click.echo(json.dumps(pool.submit(held, long[:500]).result()))
    ours = open_encoder()
    theirs = TorchEncoder(BUNDLED_MODEL, model_folder(BUNDLED_MODEL))
    for encoder in (ours, theirs):
        encoder.encode_passages(short[:64])  # what the first run sets up
    for name, texts in (("sentences", short), ("passages", long)):
        click.echo(json.dumps({name: compare(ours, theirs, texts)}))


if __name__ == "__main__":
    main()
