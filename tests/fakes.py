"""Stand-ins with meaning: what they return follows from the words, so an order can be asserted."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from index.text import fold, keys
from index.types import Logits, Progress, Vectors


class WordEncoder:
    """Texts that share words are near: every word has a coordinate of its own."""

    name = "words"
    dim = 64

    def __init__(self, fingerprint: str = "words-1") -> None:
        self.fingerprint = fingerprint
        self.embedded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded += texts
        if progress:
            progress(len(texts), len(texts))
        return np.stack([self._vector(text) for text in texts])

    def read(self, question: str, title: str, sentences: Sequence[str]) -> Logits | None:
        return None

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dim, 1e-3, dtype=np.float32)
        for key in keys(text):
            vector[blake2b(fold(key).encode()).digest()[0] % self.dim] += 1.0
        return vector / np.linalg.norm(vector)
