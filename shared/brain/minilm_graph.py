"""The MiniLM sentence encoder as an ONNX graph: six transformer layers, mean pooling, L2 norm.

Weights are stored as int8 with one scale per output channel and come back to float before they are used
(weight-only quantisation), so activations are never rounded together and a vector does not depend on
whatever else is being encoded. Architecture: Wang et al. 2020, arXiv:2002.10957.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HIDDEN, HEADS, LAYERS, MAX_TOKENS = 384, 12, 6, 256
LAYER_NORM_EPSILON = 1e-12
OPSET, IR_VERSION = 17, 8


class Graph:
    """Nodes and constants of a graph being written; each method returns the name of what it made."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        from onnx import helper

        output = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=output, **attributes))
        return output

    def constant(self, array: Any) -> str:
        from onnx import numpy_helper

        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def floats(self, array: Any) -> str:
        import numpy as np

        return self.constant(np.asarray(array, dtype=np.float32))

    def integers(self, *values: int) -> str:
        import numpy as np

        return self.constant(np.array(values, dtype=np.int64))


def quantized(array: Any, *, axis: int) -> tuple[Any, Any]:
    """int8 values and float32 scales, symmetric around zero, one scale per index of `axis`."""
    import numpy as np

    others = tuple(other for other in range(array.ndim) if other != axis)
    scale = np.abs(array).max(axis=others, keepdims=True) / 127.0
    scale = np.where(scale == 0, 1.0, scale).astype(np.float32)
    values = np.clip(np.rint(array / scale), -127, 127).astype(np.int8)
    return values, scale.reshape(-1)


def linear(graph: Graph, tensors: Mapping[str, Any], name: str, value: str) -> str:
    """`value @ W + b`, W held as int8 with a scale per output."""
    import numpy as np

    weight, scale = quantized(np.ascontiguousarray(tensors[f"{name}.weight"].T), axis=1)
    zero = graph.constant(np.zeros(scale.shape, dtype=np.int8))
    restored = graph.node("DequantizeLinear", graph.constant(weight), graph.floats(scale), zero, axis=1)
    return graph.node("Add", graph.node("MatMul", value, restored), graph.floats(tensors[f"{name}.bias"]))


def normalized(graph: Graph, tensors: Mapping[str, Any], name: str, value: str) -> str:
    scale, bias = graph.floats(tensors[f"{name}.weight"]), graph.floats(tensors[f"{name}.bias"])
    return graph.node("LayerNormalization", value, scale, bias, axis=-1, epsilon=LAYER_NORM_EPSILON)


def embedded(graph: Graph, tensors: Mapping[str, Any], ids: str) -> str:
    """Token + position + segment embedding; only the table rows used leave int8."""
    table, scales = quantized(tensors["embeddings.word_embeddings.weight"], axis=0)
    rows = graph.node("Cast", graph.node("Gather", graph.constant(table), ids), to=1)
    row_scales = graph.node("Gather", graph.floats(scales.reshape(-1, 1)), ids)
    tokens = graph.node("Mul", rows, row_scales)
    # Only one segment exists here, so its embedding is part of the position's.
    positions = (
        tensors["embeddings.position_embeddings.weight"][:MAX_TOKENS]
        + tensors["embeddings.token_type_embeddings.weight"][0]
    )
    length = graph.node("Slice", graph.node("Shape", ids), graph.integers(1), graph.integers(2))
    used = graph.node("Slice", graph.floats(positions), graph.integers(0), length, graph.integers(0))
    return normalized(graph, tensors, "embeddings.LayerNorm", graph.node("Add", tokens, used))


def heads(graph: Graph, value: str, *order: int) -> str:
    split = graph.node("Reshape", value, graph.integers(0, 0, HEADS, HIDDEN // HEADS))
    return graph.node("Transpose", split, perm=list(order))


def attention(graph: Graph, tensors: Mapping[str, Any], layer: str, value: str, bias: str) -> str:
    query, key, content = (
        linear(graph, tensors, f"{layer}.attention.self.{part}", value) for part in ("query", "key", "value")
    )
    product = graph.node("MatMul", heads(graph, query, 0, 2, 1, 3), heads(graph, key, 0, 2, 3, 1))
    scores = graph.node("Mul", product, graph.floats((HIDDEN // HEADS) ** -0.5))
    weights = graph.node("Softmax", graph.node("Add", scores, bias), axis=-1)
    mixed = graph.node("MatMul", weights, heads(graph, content, 0, 2, 1, 3))
    joined = graph.node(
        "Reshape", graph.node("Transpose", mixed, perm=[0, 2, 1, 3]), graph.integers(0, 0, HIDDEN)
    )
    output = linear(graph, tensors, f"{layer}.attention.output.dense", joined)
    return normalized(graph, tensors, f"{layer}.attention.output.LayerNorm", graph.node("Add", output, value))


def gelu(graph: Graph, value: str) -> str:
    """x · (1 + erf(x / √2)) / 2."""
    error = graph.node("Erf", graph.node("Div", value, graph.floats(2**0.5)))
    return graph.node(
        "Mul", graph.node("Mul", value, graph.node("Add", error, graph.floats(1.0))), graph.floats(0.5)
    )


def feed_forward(graph: Graph, tensors: Mapping[str, Any], layer: str, value: str) -> str:
    inner = gelu(graph, linear(graph, tensors, f"{layer}.intermediate.dense", value))
    outer = linear(graph, tensors, f"{layer}.output.dense", inner)
    return normalized(graph, tensors, f"{layer}.output.LayerNorm", graph.node("Add", outer, value))


def pooled(graph: Graph, value: str, mask: str) -> str:
    """Mean over the real tokens, then divided by its length: [batch, 384]."""
    real = graph.node("Unsqueeze", graph.node("Cast", mask, to=1), graph.integers(2))
    total = graph.node("ReduceSum", graph.node("Mul", value, real), graph.integers(1), keepdims=0)
    mean = graph.node("Div", total, graph.node("ReduceSum", real, graph.integers(1), keepdims=0))
    return graph.node("Div", mean, graph.node("ReduceL2", mean, axes=[1], keepdims=1))


def attention_bias(graph: Graph, mask: str) -> str:
    """0 for a real token, a very negative score for padding: [batch, 1, 1, tokens]."""
    padding = graph.node("Sub", graph.floats(1.0), graph.node("Cast", mask, to=1))
    return graph.node("Mul", graph.node("Unsqueeze", padding, graph.integers(1, 2)), graph.floats(-1e9))


def build_graph(tensors: Mapping[str, Any]) -> bytes:
    """The serialised model: `ids`, `mask` int64 [batch, tokens] in, `vector` float [batch, 384] out."""
    from onnx import TensorProto, checker, helper

    graph = Graph()
    bias = attention_bias(graph, "mask")
    value = embedded(graph, tensors, "ids")
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        value = feed_forward(graph, tensors, layer, attention(graph, tensors, layer, value, bias))
    graph.nodes.append(helper.make_node("Identity", [pooled(graph, value, "mask")], ["vector"]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("ids", "mask")
    ]
    output = helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", HIDDEN])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "minilm", inputs, [output], graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="autohaus-c-os",
    )
    checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))
