"""Builds the ONNX graph of a BERT encoder from its 4-bit weights, without torch.

    input_ids, attention_mask  (batch, tokens) int64
    -> last_hidden_state       (batch, tokens, hidden) float32
    -> sentence_embedding      (batch, hidden) float32, the masked mean, length 1

The word embeddings stay in 4 bits, in a file beside that all graphs share and the runtime maps:
an input touches only the rows of its tokens. The layers are float32, or int8 (see `_int8`).
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, helper, numpy_helper

from index.q4 import ZERO, Blocks, Floats, Weights

TABLE_FILE = "word_embeddings.bin"  # packed nibbles, then from the next page on float16 scales
_PAGE = 65536  # where a mapping may begin on every system
_OPSET, _IR = 20, 9  # the first with Gelu
_TINY = 1e-12
INT8_MAX, _UINT8_ZERO = 63, 128  # weights in 7 bits: see `_int8`

Linear = Callable[["_Graph", str, str, Floats, Floats], str]


def save_graph(weights: Weights, path: Path, *, int8: bool) -> None:
    """Write one graph. `save_table` writes what it refers to into the same folder."""
    path.write_bytes(_model(weights, _int8 if int8 else _float32).SerializeToString())


def save_cross_encoder(weights: Weights, head: dict[str, Floats], path: Path) -> None:
    """Write the graph of a cross-encoder: the same layers, and a head on the first token and the
    mean of each sentence's tokens.

        input_ids  (1, tokens) int64, a question and a passage
        members    (sentences, tokens) float32, 1 / n for the n tokens of each sentence, else 0
        -> logits  (sentences,) float32, log odds of each to answer against none of them

    `head` holds "h.w" (inner, 2 * hidden), "h.b", "o.w" (1, inner) and "o.b".
    """
    graph = _Graph()
    x = _layers(graph, weights, _int8, graph.number(0.0))  # one row needs no padding
    states = graph.op("Squeeze", x, graph.ints(0))
    means = graph.op("MatMul", "members", states)
    first = graph.op("Slice", states, graph.ints(0), graph.ints(1), graph.ints(0))
    first = graph.op("Expand", first, graph.op("Shape", means))
    both = graph.op("Concat", first, means, axis=1)
    inner = graph.op("Gelu", _float32(graph, both, "h", head["h.w"], head["h.b"]))
    logits = _float32(graph, inner, "o", head["o.w"], head["o.b"])
    graph.output(graph.op("Reshape", logits, graph.ints(-1)), "logits")
    inputs = [
        _value("input_ids", TensorProto.INT64, [1, "tokens"]),
        _value("members", TensorProto.FLOAT, ["sentences", "tokens"]),
    ]
    outputs = [_value("logits", TensorProto.FLOAT, ["sentences"])]
    path.write_bytes(_proto(graph, inputs, outputs).SerializeToString())


def save_table(weights: Weights, folder: Path) -> None:
    """Write the word embeddings, 4-bit blocks as they are."""
    table = weights.matrices["emb.word"]
    with (folder / TABLE_FILE).open("wb") as file:
        file.write(table.packed.data)
        file.seek(_scales_at(table))
        file.write(table.scales.data)


def _scales_at(table: Blocks) -> int:
    return -(-table.packed.nbytes // _PAGE) * _PAGE


class _Graph:
    """Collects nodes and constants; a value is known by its name."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Append a node of one output."""
        return self.ops(1, kind, *inputs, **attributes)[0]

    def ops(self, outputs: int, kind: str, *inputs: str, **attributes: Any) -> list[str]:
        """Append a node of several outputs."""
        at = f"{kind}_{len(self.nodes)}"
        names = [f"{at}:{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=at, **attributes))
        return names

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def number(self, value: float) -> str:
        return self.constant(f"f{value!r}", np.array(value, np.float32).reshape(()))

    def byte(self, value: int) -> str:
        return self.constant(f"u{value}", np.array(value, np.uint8).reshape(()))

    def ints(self, *values: int) -> str:
        return self.constant(f"i{values}", np.array(values, np.int64))

    def output(self, value: str, name: str) -> None:
        self.nodes.append(helper.make_node("Identity", [value], [name], name=name))


def _model(weights: Weights, linear: Linear) -> ModelProto:
    graph, hidden = _Graph(), weights.sizes.hidden
    mask = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    # 0 for tokens, a large negative number for padding: added before softmax.
    padding = graph.op("Mul", graph.op("Sub", mask, graph.number(1.0)), graph.number(1e9))
    padding = graph.op("Unsqueeze", padding, graph.ints(1, 2))
    x = _layers(graph, weights, linear, padding)
    graph.output(x, "last_hidden_state")
    graph.output(_unit_mean(graph, x, mask), "sentence_embedding")
    outputs = [
        _value("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", hidden]),
        _value("sentence_embedding", TensorProto.FLOAT, ["batch", hidden]),
    ]
    ids = ["batch", "tokens"]
    inputs = [_value(name, TensorProto.INT64, ids) for name in ("input_ids", "attention_mask")]
    return _proto(graph, inputs, outputs)


def _layers(graph: _Graph, weights: Weights, linear: Linear, padding: str) -> str:
    """Token states after all layers: (batch, tokens, hidden)."""
    x = _embeddings(graph, weights)
    for layer in range(weights.sizes.layers):
        x = _layer(graph, weights, linear, f"l{layer}.", x, padding)
    return x


def _proto(graph: _Graph, inputs: Sequence[Any], outputs: Sequence[Any]) -> ModelProto:
    constants = list(graph.constants.values())
    proto = helper.make_graph(graph.nodes, "bert", inputs, outputs, constants)
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(proto, opset_imports=opsets, ir_version=_IR, producer_name="hoibao")


def _value(name: str, kind: int, shape: Sequence[str | int]) -> Any:
    return helper.make_tensor_value_info(name, kind, shape)


def _embeddings(graph: _Graph, weights: Weights) -> str:
    """Word + position + type 0, normalised: (batch, tokens, hidden)."""
    hidden, vectors = weights.sizes.hidden, weights.vectors
    # The types are one row each: only the first is ever used.
    positions = vectors["emb.pos"].reshape(-1, hidden) + vectors["emb.type"][:hidden]
    length = graph.op("Shape", "input_ids", start=1, end=2)
    position = graph.op("Slice", graph.constant("positions", positions), graph.ints(0), length)
    return _norm(graph, weights, "emb.ln", graph.op("Add", _words(graph, weights), position))


def _words(graph: _Graph, weights: Weights) -> str:
    """Rows of the 4-bit table, unpacked for the tokens of the input only."""
    table = weights.matrices["emb.word"]
    packed = _external("word.packed", TensorProto.UINT8, table.packed, 0)
    scales = _external("word.scales", TensorProto.FLOAT16, table.scales, _scales_at(table))
    graph.constants |= {"word.packed": packed, "word.scales": scales}
    rows = graph.op("Gather", "word.packed", "input_ids", axis=0)
    low = graph.op("BitwiseAnd", rows, graph.byte(15))
    high = graph.op("BitShift", rows, graph.byte(4), direction="RIGHT")
    nibbles = graph.op("Concat", low, high, axis=-1)
    values = graph.op("Sub", graph.op("Cast", nibbles, to=TensorProto.FLOAT), graph.number(ZERO))
    scale = graph.op("Gather", "word.scales", "input_ids", axis=0)
    scale = graph.op("Unsqueeze", graph.op("Cast", scale, to=TensorProto.FLOAT), graph.ints(-1))
    return graph.op("Reshape", graph.op("Mul", values, scale), graph.ints(0, 0, -1))


def _external(name: str, kind: int, array: npt.NDArray[Any], offset: int) -> TensorProto:
    tensor = TensorProto(name=name, data_type=kind, dims=array.shape)
    tensor.data_location = TensorProto.EXTERNAL
    where = {"location": TABLE_FILE, "offset": str(offset), "length": str(array.nbytes)}
    for key, value in where.items():
        tensor.external_data.add(key=key, value=value)
    return tensor


def _layer(graph: _Graph, weights: Weights, linear: Linear, at: str, x: str, padding: str) -> str:
    """Attention, then feed-forward, each added to its input and normalised."""
    matrices, vectors = weights.matrices, weights.vectors

    def apply(name: str, value: str) -> str:
        name = at + name
        return linear(graph, value, name, matrices[f"{name}.w"].floats(), vectors[f"{name}.b"])

    # One product in place of three.
    together = np.concatenate([matrices[f"{at}{part}.w"].floats() for part in "qkv"])
    biases = np.concatenate([vectors[f"{at}{part}.b"] for part in "qkv"])
    mixed = _attention(graph, weights, linear(graph, x, f"{at}qkv", together, biases), padding)
    x = _norm(graph, weights, f"{at}aln", graph.op("Add", x, apply("ao", mixed)))
    inner = graph.op("Gelu", apply("fi", x))
    return _norm(graph, weights, f"{at}oln", graph.op("Add", x, apply("fo", inner)))


def _attention(graph: _Graph, weights: Weights, qkv: str, padding: str) -> str:
    """(batch, tokens, 3 * hidden) to (batch, tokens, hidden)."""
    heads = weights.sizes.heads
    width = weights.sizes.hidden // heads
    split = graph.op("Reshape", qkv, graph.ints(0, 0, 3 * heads, width))
    query, key, value = graph.ops(3, "Split", split, axis=2, num_outputs=3)
    query = graph.op("Transpose", query, perm=[0, 2, 1, 3])
    key = graph.op("Transpose", key, perm=[0, 2, 3, 1])
    value = graph.op("Transpose", value, perm=[0, 2, 1, 3])
    scores = graph.op("Mul", graph.op("MatMul", query, key), graph.number(width**-0.5))
    shares = graph.op("Softmax", graph.op("Add", scores, padding), axis=-1)
    mixed = graph.op("Transpose", graph.op("MatMul", shares, value), perm=[0, 2, 1, 3])
    return graph.op("Reshape", mixed, graph.ints(0, 0, heads * width))


def _norm(graph: _Graph, weights: Weights, name: str, x: str) -> str:
    scale = graph.constant(f"{name}.w", weights.vectors[f"{name}.w"])
    shift = graph.constant(f"{name}.b", weights.vectors[f"{name}.b"])
    eps = weights.sizes.eps
    return graph.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=eps)


def _unit_mean(graph: _Graph, x: str, mask: str) -> str:
    """The sum over tokens, scaled to length 1: the division by their number cancels out."""
    masked = graph.op("Mul", x, graph.op("Unsqueeze", mask, graph.ints(-1)))
    total = graph.op("ReduceSum", masked, graph.ints(1), keepdims=0)
    length = graph.op("ReduceL2", total, graph.ints(-1), keepdims=1)
    return graph.op("Div", total, graph.op("Max", length, graph.number(_TINY)))


def _float32(graph: _Graph, x: str, name: str, weight: Floats, bias: Floats) -> str:
    """`x @ weight.T + bias`; `weight` is (outputs, inputs)."""
    product = graph.op("MatMul", x, graph.constant(f"{name}.w", weight.T))
    return graph.op("Add", product, graph.constant(f"{name}.b", bias))


def _int8(graph: _Graph, x: str, name: str, weight: Floats, bias: Floats) -> str:
    """The same in 8 bits: a scale for each output of the weight and for each token of the input.

    Scales for each token, not for the whole input as DynamicQuantizeLinear has them: a text's
    vector then does not depend on what it is batched with, and comes closer to float32's (cosine
    .998 in place of .993) at no cost. Weights take 7 bits because AVX2 adds pairs of products in
    16 bits, which 8 bits overflow.
    """
    outputs, inputs = weight.shape
    steps = np.maximum(np.abs(weight).max(axis=1) / INT8_MAX, _TINY).astype(np.float32)
    quantised = np.rint(weight / steps[:, None]).astype(np.int8)
    rows = graph.op("Reshape", x, graph.ints(-1, inputs))
    largest = graph.op("ReduceMax", graph.op("Abs", rows), graph.ints(-1), keepdims=0)
    step = graph.op("Mul", largest, graph.number(1 / 127))
    step = graph.op("Max", step, graph.number(_TINY))
    zero = graph.byte(_UINT8_ZERO)
    zeros = graph.op("Expand", zero, graph.op("Shape", step))
    product = graph.op(
        "MatMulIntegerToFloat",
        graph.op("QuantizeLinear", rows, step, zeros, axis=0),
        graph.constant(f"{name}.w", quantised.T),
        graph.number(1.0),
        graph.constant(f"{name}.steps", steps),
        zero,
        domain="com.microsoft",
    )
    scaled = graph.op("Mul", product, graph.op("Unsqueeze", step, graph.ints(-1)))
    result = graph.op("Add", scaled, graph.constant(f"{name}.b", bias))
    shape = graph.op("Concat", graph.op("Shape", "input_ids"), graph.ints(outputs), axis=0)
    return graph.op("Reshape", result, shape)
