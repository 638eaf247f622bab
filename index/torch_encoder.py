"""Encodes by sentence-transformers: any of its models, on a GPU where there is one."""

import os
import re
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import EncoderError
from index.fingerprint import fingerprint
from index.model import BUNDLED_MODEL
from index.onnx_encoder import clean
from index.types import Logits, Progress, Vectors

_BLOCK = 512  # texts between two calls of progress
_BATCH = 32
_REACH = 5.0  # seconds for the hub to answer
_HUB = "https://huggingface.co"
# The E5 models need prompts that most of their hub pages mention only in the text.
_E5 = re.compile(r"(^|[/_-])e5-(?!.*instruct)", re.IGNORECASE)
_E5_PROMPTS = {"query": "query: ", "passage": "passage: "}


def query_prompt(prompts: Mapping[str, str | None]) -> str:
    return prompts.get("query") or ""


def passage_prompt(prompts: Mapping[str, str | None]) -> str:
    """Under whichever of its three usual names it is, in sentence-transformers' order."""
    names = ("document", "passage", "corpus")
    return next((prompt for name in names if (prompt := prompts.get(name))), "")


class TorchEncoder:
    """An `Encoder` over a SentenceTransformer. Loading takes seconds: torch is imported."""

    def __init__(self, name: str, folder: Path | None) -> None:
        """`folder` is where the model lies, None for a name on the Hugging Face hub."""
        self.name = name
        self._folder = folder
        self._model: Any = _load(name, folder)
        prompts = self._model.prompts
        if _E5.search(name) and not any(prompts.values()):
            prompts = _E5_PROMPTS
        self._query_prompt = query_prompt(prompts)
        self._passage_prompt = passage_prompt(prompts)
        # Versions before 6 have only the longer name.
        model = self._model
        new = hasattr(model, "get_embedding_dimension")
        dim = model.get_embedding_dimension if new else model.get_sentence_embedding_dimension
        self.dim = int(dim())

    @cached_property
    def fingerprint(self) -> str:
        settings = [self._query_prompt, self._passage_prompt, self._model.max_seq_length]
        if self._folder is None:
            config = getattr(getattr(self._model[0], "auto_model", None), "config", None)
            revision = getattr(config, "_commit_hash", None) or "unknown"
            return fingerprint("torch", [*settings, self.name, revision], [])
        kinds = (".json", ".safetensors", ".bin", ".model", ".txt")
        files = [path for path in self._folder.rglob("*") if path.suffix in kinds]
        return fingerprint("torch", settings, [path for path in files if "onnx" not in path.parts])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(self._model.encode_query, self._query_prompt, texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = np.empty((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), _BLOCK):
            block = texts[start : start + _BLOCK]
            end = start + len(block)
            vectors[start:end] = self._encode(
                self._model.encode_document, self._passage_prompt, block
            )
            if progress:
                progress(end, len(texts))
        return vectors

    def read(self, question: str, title: str, sentences: Sequence[str]) -> Logits | None:
        return None

    def _encode(self, encode: Any, prompt: str, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        vectors = encode(
            [clean(text) for text in texts],
            prompt=prompt or None,
            batch_size=_BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, np.float32)


def _load(name: str, folder: Path | None) -> Any:
    """From the folder, else from the hub's cache on this machine, else from the hub."""
    # Asked before anything is imported: without a network, the libraries try for over a minute.
    if folder is None and not (cached := _is_cached(name)):
        _check_hub(name)
    try:
        from sentence_transformers import SentenceTransformer

        if folder is not None:
            return SentenceTransformer(str(folder), local_files_only=True)
        # What is cached is used as it is: an index must not change because a hub page did.
        return SentenceTransformer(name, local_files_only=cached)
    except Exception as error:  # whatever the libraries and the model's own code raise
        reason = " ".join(str(error).split())[:200]
        raise EncoderError(
            f"The model {name!r} cannot be loaded ({type(error).__name__}: {reason}); "
            f"check its name, or use --model {BUNDLED_MODEL}"
        ) from error


def _is_cached(name: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    names = [name] if "/" in name else [name, f"sentence-transformers/{name}"]
    return any(isinstance(try_to_load_from_cache(each, "config.json"), str) for each in names)


def _check_hub(name: str) -> None:
    """Raise EncoderError at once where the hub cannot be reached."""
    address = os.environ.get("HF_ENDPOINT") or _HUB
    reason = "HF_HUB_OFFLINE is set" if os.environ.get("HF_HUB_OFFLINE") else ""
    try:
        if not reason:
            urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=_REACH)
    except urllib.error.HTTPError:
        return  # it answers
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "reason", error))
    if reason:
        raise EncoderError(
            f"The model {name!r} is not on this machine and {address} cannot be reached "
            f"({reason}); connect to the internet, or use --model {BUNDLED_MODEL}"
        )
