"""What `benchmarks/scale.py` measures on: articles of any number, and vectors that cost nothing."""

import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from zlib import crc32

import numpy as np

from index.text import keys
from index.types import Logits, Progress, Vectors

DIM = 384
ROWS = 8192  # random vectors that words are made of
COMMON = 0.85  # length that all sentences have in common, as with E5
CHANGED = 1_000  # articles that the largest update changes
_WORD = re.compile(r"\w+")


class HashedWords:
    """An encoder whose texts are near when they share words, rare ones above all."""

    name = "hashed words"
    fingerprint = "hashed-words-1"
    dim = DIM

    def __init__(self, sample: Sequence[str]) -> None:
        """Learns from a sample of texts which words are rare."""
        counts = Counter(crc32(key.encode()) for text in sample for key in set(keys(text)))
        self._weights = {word: np.log1p(len(sample) / n) for word, n in counts.items()}
        self._rarest = np.log1p(len(sample))
        rng = np.random.default_rng(1)
        self._rows = rng.standard_normal((ROWS, DIM)).astype(np.float32) / DIM**0.5
        self._common = COMMON * self._rows[0] / np.linalg.norm(self._rows[0])
        self.seconds = 0.0
        self.cpu_seconds = 0.0

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        began, cpu = time.perf_counter(), time.process_time()
        vectors = self.encode_queries(texts)
        self.seconds += time.perf_counter() - began
        self.cpu_seconds += time.process_time() - cpu
        return vectors

    def read(self, question: str, title: str, sentences: Sequence[str]) -> Logits | None:
        return None

    def _vector(self, text: str) -> Vectors:
        words = np.array([crc32(key.encode()) for key in keys(text)], dtype=np.int64)
        weights = np.array([self._weights.get(w, self._rarest) for w in words.tolist()])
        chosen = self._rows[words % ROWS] + self._rows[words // ROWS % ROWS]
        own = weights.astype(np.float32) @ chosen
        own = (1 - COMMON**2) ** 0.5 * own / max(float(np.linalg.norm(own)), 1e-9)
        return np.asarray((own + self._common) / np.linalg.norm(own + self._common))


def records(file: Path, count: int) -> Iterator[dict[str, str]]:
    """The first articles of a file; where it holds too few, again with every fifth word another."""
    rng = random.Random(1)
    for turn in range(count):
        before = ["tin"]
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                if count == 0:
                    return
                count -= 1
                record = json.loads(line)
                words = _WORD.findall(record["text"]) or before
                if turn:
                    record["id"] += f"-{turn}"
                    record["text"] = reworded(record["text"], before, rng)
                before = words
                yield record


def reworded(text: str, words: Sequence[str], rng: random.Random) -> str:
    return _WORD.sub(lambda m: rng.choice(words) if rng.random() < 0.2 else m.group(), text)


def write(path: Path, articles: Iterable[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for article in articles:
            file.write(json.dumps(article, ensure_ascii=False) + "\n")


@dataclass(frozen=True, slots=True)
class Collection:
    """Where the articles of one size lie: most of them, those that will change, a few new ones."""

    folder: Path

    @property
    def most(self) -> Path:
        return self.folder / "most.jsonl"

    @property
    def changing(self) -> Path:
        return self.folder / "changing.jsonl"

    @property
    def new(self) -> Path:
        return self.folder / "new"

    @property
    def index(self) -> Path:
        return self.folder / "index"

    def write(self, file: Path, count: int) -> None:
        articles = records(file, count)
        write(self.changing, islice(articles, min(CHANGED, count // 4)))
        write(self.new / "one.jsonl", islice(articles, 1))
        write(self.most, articles)

    def change(self) -> int:
        """Rewords the articles that change; returns how many they are."""
        lines = self.changing.read_text(encoding="utf-8").splitlines()
        articles = [json.loads(line) for line in lines]
        rng = random.Random(2)
        for article in articles:
            words = _WORD.findall(article["text"])
            article["text"] = reworded(article["text"], words, rng)
        write(self.changing, articles)
        return len(articles)

    def encoder(self) -> HashedWords:
        with self.changing.open(encoding="utf-8") as lines:
            return HashedWords([json.loads(line)["text"] for line in lines])
