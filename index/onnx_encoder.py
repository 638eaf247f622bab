"""Encodes by onnxruntime, without torch: a start within about a second.

Each text is a run of its own, on one thread; as many texts run side by side as there are cores.
That is as fast as batches are here, wastes nothing on padding, and gives a text the same vector
whatever it is encoded with.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from index.cross_encoder import CrossEncoder
from index.errors import EncoderError
from index.fingerprint import fingerprint
from index.model import BUNDLED_MODEL
from index.tokenizer import open_tokenizer
from index.types import Logits, Progress, Vectors

_BLOCK = 512  # texts tokenised at a time, which bounds memory
_STEP = 16  # texts between two calls of progress
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Recipe:
    """What of a model folder is run. `pooling` is "mean" or "cls"; `pieces` is a
    SentencePiece model that makes the tokens of `tokenizer`, in less memory; `cross_encoder` is
    the graph of a model with the same tokens that reads a question and a passage together."""

    graph: Path
    tokenizer: Path
    pooling: str
    query_prompt: str
    passage_prompt: str
    max_tokens: int
    pieces: Path | None = None
    cross_encoder: Path | None = None


class OnnxEncoder:
    """An `Encoder` over an ONNX graph; safe to call from several threads."""

    def __init__(self, name: str, recipe: Recipe, threads: int = 0) -> None:
        """`threads`: texts encoded side by side; 0 for all the cores that we may use."""
        self.name = name
        self.recipe = recipe
        self.threads = threads or core_count()
        self._reader: CrossEncoder | None = None
        self._opening = Lock()
        try:
            # Reading the graph lets go of the interpreter, so both are read at once.
            with ThreadPoolExecutor(1) as pool:
                session = pool.submit(_open_session, recipe.graph)
                self._tokenize = open_tokenizer(
                    recipe.pieces or recipe.tokenizer, recipe.max_tokens
                )
                self._session = session.result()
        except Exception as error:  # both libraries raise bare Exception
            raise _cannot_load(name, recipe.graph, error) from error
        self._inputs = {value.name for value in self._session.get_inputs()}
        outputs = {value.name: value.shape for value in self._session.get_outputs()}
        self._pooled = "sentence_embedding" in outputs
        self._output = "sentence_embedding" if self._pooled else next(iter(outputs))
        if unknown := self._inputs - {"input_ids", "attention_mask", "token_type_ids"}:
            raise EncoderError(
                f"The graph {recipe.graph} wants inputs that are not known here: "
                f"{', '.join(sorted(unknown))}; remove it to use the folder by torch"
            )
        width = outputs[self._output][-1]
        # Some exporters leave the width open: then a run tells.
        self.dim = width if isinstance(width, int) else len(self._vector([0]))

    @cached_property
    def fingerprint(self) -> str:
        recipe = self.recipe
        parts = [recipe.pooling, recipe.query_prompt, recipe.passage_prompt, recipe.max_tokens]
        # Weights that a graph keeps outside itself lie beside it.
        beside = (
            path
            for path in recipe.graph.parent.iterdir()
            if path.is_file() and path.suffix != ".onnx" and path != recipe.pieces
        )
        return fingerprint("onnx", parts, [recipe.graph, recipe.tokenizer, *beside])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(self.recipe.query_prompt, texts, None)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self._encode(self.recipe.passage_prompt, texts, progress)

    def read(self, question: str, title: str, sentences: Sequence[str]) -> Logits | None:
        """As `Encoder.read`."""
        model = self._cross_encoder() if sentences else None
        if model is None:
            return None
        return model.read(clean(question), clean(title), [clean(s) for s in sentences])

    def _cross_encoder(self) -> CrossEncoder | None:
        """Opened when it is first asked: a build of an index has no use for it."""
        graph = self.recipe.cross_encoder
        with self._opening:
            if graph and self._reader is None:
                try:
                    self._reader = CrossEncoder(_open_session(graph), self._tokenize)
                except Exception as error:  # the library raises bare Exception
                    raise _cannot_load(self.name, graph, error) from error
            return self._reader

    def _encode(self, prompt: str, texts: Sequence[str], progress: Progress | None) -> Vectors:
        """Rows in the order of the texts: (len(texts), dim)."""
        vectors = np.empty((len(texts), self.dim), np.float32)
        if len(texts) == 1:
            vectors[0] = self._vector(*self._token_ids(prompt, texts))
        elif texts:
            pool = ThreadPoolExecutor(self.threads)
            try:
                for row, vector in enumerate(self._vectors(pool, prompt, texts)):
                    vectors[row] = vector
                    if progress and row % _STEP == _STEP - 1:
                        progress(row + 1, len(texts))
            finally:
                pool.shutdown(cancel_futures=True)  # an interrupt need not wait for the rest
        if progress:
            progress(len(texts), len(texts))
        return vectors

    def _vectors(
        self, pool: ThreadPoolExecutor, prompt: str, texts: Sequence[str]
    ) -> Iterator[Vectors]:
        """One after the other, in order; the next block is tokenised while one is encoded."""
        waiting: Iterator[Vectors] = iter(())
        for start in range(0, len(texts), _BLOCK):
            block = self._token_ids(prompt, texts[start : start + _BLOCK])
            begun = pool.map(self._vector, block)
            yield from waiting
            waiting = begun
        yield from waiting

    def _token_ids(self, prompt: str, texts: Sequence[str]) -> list[list[int]]:
        return self._tokenize([(prompt + clean(text)).strip() for text in texts])

    def _vector(self, ids: list[int]) -> Vectors:
        """Of one text; length 1."""
        row = np.array([ids], np.int64)
        inputs = {"input_ids": row, "attention_mask": np.ones_like(row)}
        if "token_type_ids" in self._inputs:
            inputs["token_type_ids"] = np.zeros_like(row)
        output = np.asarray(self._session.run([self._output], inputs)[0][0], np.float32)
        if not self._pooled:
            output = output[0] if self.recipe.pooling == "cls" else output.mean(axis=0)
        vector: Vectors = output / np.float32(max(float(np.linalg.norm(output)), _TINY))
        return vector


def clean(text: str) -> str:
    """As tokenizers take it: no half characters (lone surrogates), no spaces around.

    A space at the end would be a token; sentence-transformers stripped it up to version 5.
    """
    return text.encode("utf-8", "replace").decode().strip()


def core_count() -> int:
    """The cores this process may use."""
    affinity: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _cannot_load(name: str, graph: Path, error: Exception) -> EncoderError:
    reason = " ".join(str(error).split())[:200]
    mend = f"check {graph}, or use --model {BUNDLED_MODEL}"
    if name == BUNDLED_MODEL:  # the folder is ours: it can be made again
        mend = f"run: rm -r '{graph.parents[1]}'"
    return EncoderError(f"The model {name!r} cannot be loaded ({reason}); {mend}")


def _open_session(graph: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the threads are ours: one text each
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors, which are raised as well
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
