"""The trained network as an ONNX graph, written node by node: what runs is what is read here, and nothing is traced.

The operators of onnxruntime's own domain fuse what belongs together (attention, the sum before a normalisation, bias and GELU).
In 8 bit each matrix has one scale a column and 7 bits of the 8, so that processors without VNNI instructions don't overflow and
every processor gives the same numbers; activations are quantised as they come, one scale a text. The embedding's model sends a few
channels through some matrices that are ten times as loud as all others, and one scale for all would leave the rest nothing: these
channels are multiplied apart, in float (LLM.int8(), Dettmers et al. 2022).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, npt.NDArray[np.float32]]

_MICROSOFT = "com.microsoft"
_EPSILON = 1e-12
_ZERO = "zero"
_LARGEST = 63
_USUAL, _LOUD, _MOST = 15, 3.0, 4  # the place of the channel that is compared with, how much louder, how many
Loud = Mapping[str, Sequence[int]]


def apart(loudness: Mapping[str, npt.NDArray[np.float32]]) -> dict[str, list[int]]:
    """The few channels of each matrix that are far louder than the sixteenth loudest: what `export` multiplies in float.

    Measured on 40 texts: the answer logit, which spreads by 2.5, is off by 0.43 (root mean square) with none apart, by 0.20 with those
    of the four worst matrices, by 0.10 with these (29 channels of 22 matrices); more bring nothing.
    """
    found: dict[str, list[int]] = {}
    for name, loud in loudness.items():
        order = np.argsort(-loud, kind="stable")
        usual = loud[order[min(_USUAL, len(order) - 1)]]
        if chosen := sorted(int(i) for i in order[:_MOST] if loud[i] > _LOUD * usual):
            found[name] = chosen
    return found


class _Graph:
    """Nodes and constants as they are added."""

    def __init__(self, weights: Weights, loud: Loud | None) -> None:
        self.weights, self.loud = weights, loud
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, np.asarray(self.weights[name], np.float32))

    def add(self, operator: str, inputs: list[str], *outputs: str, **attributes: Any) -> str:
        """A node; the name of its first output."""
        domain = _MICROSOFT if operator in ("DynamicQuantizeMatMul", "MultiHeadAttention", "SkipLayerNormalization", "BiasGelu") else ""
        names = list(outputs) or [f"{operator}_{len(self.nodes)}"]
        self.nodes.append(helper.make_node(operator, inputs, names, domain=domain, **attributes))
        return names[0]

    def product(self, x: str, name: str, bias: bool) -> str:
        """`x` times the transpose of a weight matrix, as torch keeps it, and its bias where it isn't fused elsewhere."""
        matrix = np.asarray(self.weights[f"{name}.weight"], np.float32).T
        added = [self.weight(f"{name}.bias")] * bias
        if self.loud is None:
            out = self.add("MatMul", [x, self.constant(f"{name}.weight", matrix)])
            return self.add("Add", [out, *added]) if bias else out
        apart = np.array(self.loud.get(name, ()), np.int64)
        still = np.ones(len(matrix), np.float32)
        still[apart] = 0
        matrix, kept = matrix * still[:, None], matrix[apart]
        scale = np.abs(matrix).max(0) / _LARGEST
        whole = np.round(matrix / scale).astype(np.int8)
        weights = [
            self.constant(f"{name}.int8", whole), self.constant(f"{name}.scale", scale.astype(np.float32)),
            self.constant(f"{name}.zero", np.zeros(matrix.shape[1], np.int8)),
        ]  # fmt: skip
        if not len(apart):
            return self.add("DynamicQuantizeMatMul", [x, *weights, *added])
        quiet = self.add("Mul", [x, self.constant(f"{name}.still", still)])
        out = self.add("DynamicQuantizeMatMul", [quiet, *weights, *added])
        loudest = self.add("Gather", [x, self.constant(f"{name}.apart", apart)], axis=-1)
        return self.add("Add", [out, self.add("MatMul", [loudest, self.constant(f"{name}.kept", kept)])])


def export(weights: Weights, layers: int, heads: int, file: Path, loud: Loud | None) -> None:
    """Write the graph: (1, n, hidden) `words` and (n,) `inside` → (n,) `start` and `end`, (1,) `answers`.

    In 8 bit where `loud` names the channels to multiply apart, by the matrix that they enter; None: in float.
    """
    graph, x = _encoded(weights, layers, heads, loud)
    hidden = int(weights["norm.weight"].shape[0])
    # the heads stay in float: they are small
    flat = graph.add("Squeeze", [x, _ZERO])
    spans = graph.add("Add", [graph.add("MatMul", [flat, graph.constant("span", _transposed(weights, "span"))]), graph.weight("span.bias")])
    outside = graph.constant("outside", np.array(-1e4, np.float32))
    inside = graph.add("Unsqueeze", ["inside", graph.constant("one", np.array([1]))])
    shown = graph.add("Where", [inside, spans, outside])
    one = graph.constant("columns", np.array([1]))
    start, end = graph.add("Split", [shown], "start_column", "end_column", axis=1, num_outputs=2), "end_column"
    graph.add("Squeeze", [start, one], "start")
    graph.add("Squeeze", [end, one], "end")
    likely = graph.add("MatMul", [graph.add("Softmax", [graph.add("Transpose", [shown], perm=[1, 0])], axis=-1), flat])
    first = graph.add("Slice", [flat, _ZERO, graph.constant("first", np.array([1])), _ZERO])
    joined = graph.add("Reshape", [graph.add("Concat", [first, likely], axis=0), graph.constant("row", np.array([1, 3 * hidden]))])
    product = graph.add("MatMul", [joined, graph.constant("join", _transposed(weights, "join"))])
    verdict = graph.add("MatMul", [graph.add("BiasGelu", [product, graph.weight("join.bias")]),
                                   graph.constant("verdict", _transposed(weights, "verdict"))])  # fmt: skip
    graph.add("Squeeze", [graph.add("Add", [verdict, graph.weight("verdict.bias")]), _ZERO], "answers")
    inputs = [_words(hidden), helper.make_tensor_value_info("inside", TensorProto.BOOL, ["n"])]
    sizes = (("start", "n"), ("end", "n"), ("answers", 1))
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [size]) for name, size in sizes]
    _save(graph, "reader", inputs, outputs, file)


def export_encoder(weights: Weights, layers: int, heads: int, file: Path, loud: Loud | None) -> None:
    """Write the graph: (1, n, hidden) `words` → (hidden,) `vector`, the mean of the last states at unit length; `loud` as for `export`."""
    graph, x = _encoded(weights, layers, heads, loud)
    hidden = int(weights["norm.weight"].shape[0])
    mean = graph.add("ReduceMean", [graph.add("Squeeze", [x, _ZERO]), _ZERO], keepdims=0)
    graph.add("LpNormalization", [mean], "vector", axis=0, p=2)
    _save(graph, "encoder", [_words(hidden)], [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [hidden])], file)


def weights_of(file: Path) -> dict[str, npt.NDArray[np.float32]]:
    """The weights of a graph that `export` wrote, by torch's names: to train on from a reader that is shipped in 8 bit."""
    constants = {c.name: numpy_helper.to_array(c) for c in onnx.load(file).graph.initializer}
    found: dict[str, npt.NDArray[np.float32]] = {}
    for name, value in constants.items():
        if name.endswith(".int8"):
            of = name.removesuffix("int8")
            matrix = value.astype(np.float32) * constants[f"{of}scale"]
            if f"{of}apart" in constants:
                matrix[constants[f"{of}apart"]] = constants[f"{of}kept"]
            found[f"{of}weight"] = matrix.T
        elif name in ("span", "join", "verdict"):
            found[f"{name}.weight"] = value.T
        elif name == "position" or name.endswith(".bias") or (name.endswith(".weight") and value.ndim == 1):
            found[name] = value
        elif name.endswith(".weight"):
            found[name] = value.T
    return {name: np.array(value, np.float32, order="C") for name, value in found.items()}


def _encoded(weights: Weights, layers: int, heads: int, loud: Loud | None) -> tuple[_Graph, str]:
    """The encoder's nodes over (1, n, hidden) `words`, and the name of the last states, of the same shape; _ZERO is the constant [0]."""
    graph = _Graph(weights, loud)
    length = graph.add("Slice", [graph.add("Shape", ["words"]), *(graph.constant(f"at{i}", np.array([i])) for i in (1, 2))])
    graph.constant(_ZERO, np.array([0]))
    position = graph.add("Slice", [graph.weight("position"), _ZERO, length, _ZERO])
    x = graph.add(
        "LayerNormalization", [graph.add("Add", ["words", position]), graph.weight("norm.weight"), graph.weight("norm.bias")],
        epsilon=_EPSILON,
    )  # fmt: skip
    for i in range(layers):
        at = f"layers.{i}"
        parts = [f"{at}.{part}" for part in "qkv"]
        graph.add("Split", [graph.product(x, f"{at}.qkv", True)], *parts, axis=-1, num_outputs=3)
        attended = graph.add("MultiHeadAttention", parts, num_heads=heads)
        x = _sum(graph, graph.product(attended, f"{at}.out", True), x, f"{at}.norm")
        inner = graph.add("BiasGelu", [graph.product(x, f"{at}.up", False), graph.weight(f"{at}.up.bias")])
        x = _sum(graph, graph.product(inner, f"{at}.down", True), x, f"{at}.final")
    return graph, x


def _words(hidden: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info("words", TensorProto.FLOAT, [1, "n", hidden])


def _save(graph: _Graph, name: str, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto], file: Path) -> None:
    made = helper.make_graph(graph.nodes, name, inputs, outputs, list(graph.constants.values()))
    versions = [helper.make_opsetid("", 18), helper.make_opsetid(_MICROSOFT, 1)]
    model = helper.make_model(made, opset_imports=versions, ir_version=9, producer_name="belegt")
    onnx.checker.check_model(model)
    file.write_bytes(model.SerializeToString())


def _sum(graph: _Graph, x: str, skip: str, norm: str) -> str:
    """Normalised `x` + `skip`; SkipLayerNormalization, which does both, takes five times as long."""
    both = graph.add("Add", [x, skip])
    return graph.add("LayerNormalization", [both, graph.weight(f"{norm}.weight"), graph.weight(f"{norm}.bias")], epsilon=_EPSILON)


def _transposed(weights: Weights, name: str) -> npt.NDArray[np.float32]:
    return np.asarray(weights[f"{name}.weight"], np.float32).T
