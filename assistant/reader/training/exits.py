"""Early exits: where a probe on a layer's states foresees that a text answers nothing, the layers above are spared.

`python -m assistant.reader.training.exits [--shared FOLDER]` fits one for each of some layers of reader.onnx and writes the graph with
them in (Schwartz et al. 2020, "The Right Tool for the Job"). A probe is a ridge regression on the final answer logit. Its threshold is
the quantile of what it says of windows as retrieval finds them; below it the graph's `answers` is what it foresees, and `start` and
`end` are zeros. Nothing is lost by an exit but a window that would have answered after all: `main` prints how many do.
"""

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

from assistant.reader.tokens import LENGTH, assemble
from assistant.reader.training.records import Record, read_sets
from assistant.windows import cut_windows
from index.build import update
from index.embedding import DEFAULT, load_encoder
from index.generations import DataFolder
from index.graphs import open_session
from index.search import Index
from index.tokens import Ids, load_tokenizer
from index.types import Filters

Floats = npt.NDArray[np.float32]

_QUESTIONS = 1400
# After how many layers, and the share of all windows that ends by there; 0.2 and 0.5 of own and news texts alone cost XQuAD a tenth of its
# right sentences
_LAYERS: tuple[tuple[int, float], ...] = ((7, 0.15), (9, 0.4))
_RIDGE = 3000.0
_OUTPUTS = ("start", "end", "answers")


@dataclass(frozen=True, slots=True)
class Exit:
    """A probe after `layer` layers: weight (4 × hidden,) and bias → the logit; below `threshold` reading ends."""

    layer: int
    weight: Floats
    bias: float
    threshold: float

    def __call__(self, features: Floats) -> Floats:
        """(n, 4 × hidden) → (n,) foreseen logits."""
        foreseen: Floats = features @ self.weight + np.float32(self.bias)
        return foreseen


def with_exits(graph: bytes, exits: Sequence[Exit]) -> bytes:
    """The graph that `export` wrote (one without exits) with `exits`, lowest first: each an If around all that comes after its layer."""
    model = onnx.load_from_string(graph)
    nodes, made = list(model.graph.node), list(model.graph.initializer)
    for exit_ in sorted(exits, key=lambda e: -e.layer):
        at = 1 + next(i for i, node in enumerate(nodes) if node.output[0] == state_of(model, exit_.layer))
        nodes = nodes[:at] + _ending(exit_, nodes[at - 1].output[0], nodes[at:], made)
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend({constant.name: constant for constant in made}.values())
    onnx.checker.check_model(model)
    written: bytes = model.SerializeToString()
    return written


def without_exits(graph: bytes) -> bytes:
    """The graph as `export` wrote it."""
    model = onnx.load_from_string(graph)
    nodes = list(model.graph.node)
    while nodes[-1].op_type == "If":
        # what an exit added before its If is named after it
        branch = next(attribute.g for attribute in nodes[-1].attribute if attribute.name == "then_branch")
        names = {value.name: outer for value, outer in zip(branch.output, nodes[-1].output, strict=True)}
        nodes = [node for node in nodes if not node.output[0].startswith("exit")][:-1] + [_renamed(node, names) for node in branch.node]
    kept = [constant for constant in model.graph.initializer if not constant.name.startswith("exit")]
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(kept)
    written: bytes = model.SerializeToString()
    return written


def state_of(model: onnx.ModelProto, layer: int) -> str:
    """The name of the states, (1, n, hidden), after that many layers."""
    norm = f"layers.{layer - 1}.final.weight"
    return str(next(node.output[0] for node in model.graph.node if node.op_type == "LayerNormalization" and node.input[1] == norm))


def _ending(exit_: Exit, state: str, rest: list[onnx.NodeProto], made: list[onnx.TensorProto]) -> list[onnx.NodeProto]:
    """The nodes that stand for `rest` where it may be spared; `made` gains their constants."""
    own = f"exit{exit_.layer}"
    found: list[onnx.NodeProto] = []

    def constant(name: str, value: npt.NDArray[np.generic]) -> str:
        made.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(operator: str, inputs: list[str], name: str, **attributes: int) -> str:
        found.append(helper.make_node(operator, inputs, [f"{own}.{name}"], **attributes))
        return f"{own}.{name}"

    zero, one = constant("zero", np.array([0])), constant("one", np.array([1]))
    flat = add("Squeeze", [state, zero], "flat")
    first = add("Slice", [flat, zero, one, zero], "first")
    inside = add("Cast", ["inside"], "inside", to=TensorProto.FLOAT)
    outside = add("Sub", [constant("exit.unit", np.array(1, np.float32)), inside], "outside")
    means = []
    for part, mask in (("text", inside), ("rest", outside)):
        total = add("MatMul", [add("Unsqueeze", [mask, zero], f"{part}.row"), flat], f"{part}.total")
        means.append(add("Div", [total, add("ReduceSum", [mask], f"{part}.count", keepdims=1)], f"{part}.mean"))
    shown = add("Where", [add("Unsqueeze", ["inside", one], "column"), flat, constant("outside", np.array(-1e4, np.float32))], "shown")
    loudest = add("ReduceMax", [shown, zero], "loudest", keepdims=1)
    features = add("Concat", [first, means[0], loudest, means[1]], "features", axis=1)
    product = add("MatMul", [features, constant(f"{own}.weight", exit_.weight[:, None])], "product")
    bias, threshold = (constant(f"{own}.{name}", np.array([getattr(exit_, name)], np.float32)) for name in ("bias", "threshold"))
    foreseen = add("Add", [add("Squeeze", [product, one], "value"), bias], "foreseen")
    sure = add("Greater", [foreseen, threshold], "sure")
    nothing = add("Mul", [inside, constant("exit.nothing", np.array(0, np.float32))], "nothing")
    # inside a branch every name is its own
    named = {name: f"{own}.on.{name}" for name in _OUTPUTS}
    on = [_renamed(node, named) for node in rest]
    spared = zip(_OUTPUTS, (nothing, nothing, foreseen), strict=True)
    off = [helper.make_node("Identity", [of], [f"{own}.off.{name}"]) for name, of in spared]
    branches = [
        helper.make_graph(body, f"{own}.{way}", [], [_value(f"{own}.{way}.{name}", name) for name in _OUTPUTS])
        for way, body in (("on", on), ("off", off))
    ]
    found.append(helper.make_node("If", [sure], list(_OUTPUTS), then_branch=branches[0], else_branch=branches[1]))
    return found


def _renamed(node: onnx.NodeProto, named: dict[str, str]) -> onnx.NodeProto:
    node = onnx.NodeProto.FromString(node.SerializeToString())
    node.output[:] = [named.get(name, name) for name in node.output]
    return node


def _value(name: str, output: str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1 if output == "answers" else "n"])


def _windows(records: Sequence[Record], questions: int) -> Iterator[tuple[int, str, str, str]]:
    """Number, question, text and context of windows as the assistant reads them, every record's text an article."""
    encoder = load_encoder()
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder, "texts")
        texts.mkdir()
        for number, text in enumerate(dict.fromkeys(r.text for r in records)):
            (texts / f"{number}.txt").write_text(text, "utf-8")
        data = DataFolder(Path(folder, "data"))
        update([texts], data, lambda: encoder, DEFAULT)
        index = Index(data, encoder)
        for number, record in enumerate(random.Random(0).sample(records, min(questions, len(records)))):
            for window in cut_windows(index.search(record.question, record.lang, Filters(), 8)):
                yield number, record.question, window.text, window.context
        index.close()


def collect(graph: bytes, records: Sequence[Record], questions: int, layers: Sequence[int]) -> tuple[list[Floats], Floats, Ids]:
    """Features after each of `layers`, (windows, 4 × hidden) each; (windows,) final answer logits, and the numbers of their questions."""
    model = onnx.load_from_string(graph)
    names = [state_of(model, layer) for layer in layers]
    model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "n", "hidden"]) for name in names)
    session, tokenizer = open_session(model.SerializeToString()), load_tokenizer()
    rows: list[list[Floats]] = []
    logits, numbers = [], []
    for number, question, text, context in _windows(records, questions):
        asked, head = tokenizer.question(question), tokenizer.context(context)
        ids, base = assemble(tokenizer.bos, tokenizer.eos, asked, head, tokenizer.text(text).ids[: LENGTH - len(asked) - len(head) - 5])
        inside = np.zeros(len(ids), np.bool_)
        inside[base:-1] = True
        answers, *states = session.run(["answers", *names], {"words": tokenizer.vectors(ids)[None], "inside": inside})
        rows.append([_features(state[0], inside) for state in states])
        logits.append(float(answers[0]))
        numbers.append(number)
    return [np.array(part, np.float32) for part in zip(*rows, strict=True)], np.array(logits, np.float32), np.array(numbers)


def _features(state: Floats, inside: npt.NDArray[np.bool_]) -> Floats:
    """What a probe sees, as in the graph: <s>, the mean and the maximum over the text, the mean over the rest."""
    found: Floats = np.concatenate([state[0], state[inside].mean(0), state[inside].max(0), state[~inside].mean(0)])
    return found


def fit(features: Floats, logits: Floats) -> tuple[Floats, float]:
    """Weight and bias of the probe."""
    scaler = StandardScaler().fit(features)
    probe = Ridge(alpha=_RIDGE).fit(scaler.transform(features), logits)
    weight = (probe.coef_ / scaler.scale_).astype(np.float32)
    return weight, float(probe.intercept_ - scaler.mean_ @ weight)


def main() -> None:
    """Fit on the training and dev parts, print what the exits spare and lose on the final part, write the graph."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--own", type=Path, default=Path("eval/data"))
    parser.add_argument("--reader", type=Path, default=Path("assistant/reader"))
    parser.add_argument("--questions", type=int, default=_QUESTIONS)
    args = parser.parse_args()
    graph = without_exits((args.reader / "reader.onnx").read_bytes())
    sets = read_sets(args.shared, args.own)
    records = [r for name in ("own", "outlets", "news", "wiki", "xquad") for r in sets[name]]
    layers = [layer for layer, _ in _LAYERS]
    told = {part: collect(graph, [r for r in records if (r.part == "final") is part], args.questions, layers) for part in (False, True)}
    (learnt, logits, _), (unseen, truth, of) = told[False], told[True]
    exits, ended = [], np.zeros(len(truth), np.bool_)
    for (layer, share), known, new in zip(_LAYERS, learnt, unseen, strict=True):
        weight, bias = fit(known, logits)
        exits.append(Exit(layer, weight, bias, float(np.quantile(known @ weight + bias, share))))
        ended |= exits[-1](new) <= exits[-1].threshold
        best = np.array([max(np.flatnonzero(of == n), key=lambda i: truth[i]) for n in np.unique(of)])
        curve = np.corrcoef(exits[-1](new), truth)[0, 1]
        shares = f"{ended.mean():.3f} of all windows end by here, {ended[best].mean():.3f} of the best of each question"
        print(f"layer {layer}: correlation {curve:.3f}; {shares}")
    (args.reader / "reader.onnx").write_bytes(with_exits(graph, exits))


if __name__ == "__main__":
    main()
