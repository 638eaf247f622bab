"""Opens the embedding model: a name or a folder to something that encodes texts.

What holds an ONNX file runs without torch; everything else is sentence-transformers' to load.
"""

import json
from pathlib import Path
from typing import Any

from index.errors import EncoderError
from index.model import BUNDLED_MODEL, model_folder
from index.model_files import (
    CROSS_ENCODER,
    MODULES,
    ONNX_FLOAT32,
    ONNX_INT8,
    PIECES,
    POOLING,
    PROMPTS,
    TOKENIZER,
    TRANSFORMER,
)
from index.onnx_encoder import OnnxEncoder, Recipe
from index.torch_encoder import TorchEncoder, passage_prompt, query_prompt
from index.types import Encoder, Progress

DEFAULT_MODEL = BUNDLED_MODEL


def open_encoder(name: str = DEFAULT_MODEL, progress: Progress | None = None) -> Encoder:
    """Open the bundled model, a folder, or a sentence-transformers model by its hub name.

    `progress` is called while the bundled model is converted, once on each machine.
    Raises EncoderError when there is no such model or it cannot be loaded.
    """
    if name == BUNDLED_MODEL:
        return _open_bundled(model_folder(name, progress))
    folder = Path(name).expanduser()
    if folder.is_dir():
        recipe = read_recipe(folder)
        return OnnxEncoder(name, recipe) if recipe else TorchEncoder(name, folder)
    if name.startswith((".", "/", "~")) or "\\" in name or name.count("/") > 1:
        raise EncoderError(f"There is no model folder {name!r}; use --model {DEFAULT_MODEL}")
    return TorchEncoder(name, None)


def _open_bundled(folder: Path) -> Encoder:
    """The folder is ours: where it is damaged, it can be made again."""
    try:
        recipe = read_recipe(folder)
        if recipe is None or recipe.cross_encoder is None:
            raise EncoderError("files are missing")
        return OnnxEncoder(BUNDLED_MODEL, recipe)
    except EncoderError as error:
        reason = error.__cause__ or error
        raise EncoderError(
            f"The model folder {folder} is damaged ({' '.join(str(reason).split())[:200]}); "
            f"run: rm -r '{folder}'"
        ) from error


def read_recipe(folder: Path, onnx: str = "") -> Recipe | None:
    """How to run a sentence-transformers folder by onnxruntime; None where that is not known.

    `onnx` is the file to run, relative to the folder; the int8 one is preferred if it is there.
    Settings that change vectors and that are not understood here leave the folder to torch.
    """
    graphs = [onnx] if onnx else [ONNX_INT8, ONNX_FLOAT32]
    graph = next((folder / path for path in graphs if (folder / path).is_file()), None)
    modules = _json(folder / MODULES)
    if graph is None or not isinstance(modules, list) or not (folder / TOKENIZER).is_file():
        return None
    kinds = [str(module.get("type", "")).rsplit(".", 1)[-1] for module in modules]
    pooling = _pooling(_json(folder / POOLING) or {})
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return None
    transformer = _json(folder / TRANSFORMER) or {}
    if not pooling or transformer.get("do_lower_case"):
        return None
    prompts = (_json(folder / PROMPTS) or {}).get("prompts") or {}
    return Recipe(
        graph=graph,
        tokenizer=folder / TOKENIZER,
        pieces=folder / PIECES if (folder / PIECES).is_file() else None,
        pooling=pooling,
        query_prompt=query_prompt(prompts),
        passage_prompt=passage_prompt(prompts),
        max_tokens=int(transformer.get("max_seq_length") or 512),
        cross_encoder=folder / CROSS_ENCODER if (folder / CROSS_ENCODER).is_file() else None,
    )


def _pooling(config: dict[str, Any]) -> str:
    """ "mean" or "cls"; "" for what is not understood. The modes' names changed over the years."""
    modes = {
        key.removeprefix("pooling_mode_").removesuffix("_tokens").removesuffix("_token")
        for key, value in config.items()
        if key.startswith("pooling_mode_") and value
    }
    mode = config.get("pooling_mode") or (modes.pop() if len(modes) == 1 else "")
    return mode if mode in ("mean", "cls") and config.get("include_prompt", True) else ""


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
