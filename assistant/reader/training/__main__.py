"""Train the reader: `make train-reader`, or python -m assistant.reader.training [--shared FOLDER] [--work FOLDER] [--steps N].

Five steps, each skipped where its result lies in the work folder: prepare (every set in tokens, with hard negatives), train (one
run or several, each resumes from its checkpoint; several are averaged), train on (texts about the same, of which one is right, are
told apart; where there are several runs they teach two more; all are averaged with what they began from), export (ONNX in float and
in 8 bit, both checked), calibrate (on the dev part). Writes reader.onnx and reader.json into --out. --start FOLDER skips the first
training and goes on from the reader.onnx that lies there, for example with new questions. To train on a machine that has torch and
nothing else, copy the work folder there, run python -m assistant.reader.training.train WORK WORK/run0 there, and bring
WORK/run0/network.pt back.
"""

import argparse
import json
import pickle
import random
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from assistant.reader.model import Calibration, Reader
from assistant.reader.tokens import assemble
from assistant.reader.training.arrays import Prepared
from assistant.reader.training.export import apart, export, weights_of
from assistant.reader.training.measure import Read, auroc, figures, read_all
from assistant.reader.training.network import Network, loudness
from assistant.reader.training.prepare import more_records, prepare
from assistant.reader.training.records import Record, read_sets
from assistant.reader.training.train import Plan, State, Trainer, load_body, onward, standard
from index.e5_weights import E5Weights
from index.embedding import load_encoder
from index.tokens import load_tokenizer

_STEPS = 2000
_ONWARD = 900
_TAUGHT = 0.45  # of as many steps
# What the runs that are averaged differ in; they begin at the same weights (model soups, Wortsman et al. 2022)
_RUNS: tuple[dict[str, Any], ...] = (
    {"rate": 2e-4}, {"rate": 1.5e-4, "dropout": 0.15}, {"rate": 3e-4, "batch": 128}, {"rate": 3e-4, "batch": 128, "seed": 1},
    {"rate": 2.5e-4, "batch": 128, "dropout": 0.15, "seed": 2}, {"rate": 2e-4, "batch": 96, "seed": 3},
)  # fmt: skip
_ONWARD_RUNS: tuple[dict[str, Any], ...] = (
    {"rate": 1e-4, "seed": 31}, {"rate": 1.2e-4, "dropout": 0.15, "seed": 32, "span_weight": 1.0},
    {"rate": 8e-5, "dropout": 0.15, "seed": 33, "span_weight": 1.0}, {"rate": 1.5e-4, "dropout": 0.2, "seed": 34},
)  # fmt: skip
_PUPILS: tuple[dict[str, Any], ...] = (
    {"rate": 1e-4, "taught": 0.5, "seed": 21}, {"rate": 6e-5, "dropout": 0.05, "taught": 0.7, "seed": 22, "span_weight": 1.0},
)  # fmt: skip
_FRAMES = 1500  # texts made of frames
_LOGITS = 1e-3  # how far the graph may be from torch before it is quantised
_COST = 0.01  # AUROC that quantising may cost
_CHECKED = 300  # records of each set for that


def main() -> None:
    """Run what is left to do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"), help="the question sets")
    parser.add_argument("--own", type=Path, default=Path("eval/data"), help="the question sets of this repository")
    parser.add_argument("--work", type=Path, default=Path("build/reader"), help="where what is made on the way lies")
    parser.add_argument("--out", type=Path, default=Path("assistant/reader"))
    parser.add_argument("--steps", type=int, default=_STEPS)
    parser.add_argument("--onward", type=int, default=_ONWARD, help="steps of training on")
    parser.add_argument("--start", type=Path, help="a folder with the reader.onnx to train on from")
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--frozen", type=int, default=0, help="lower layers that stay as they are while training on: faster, learns less")
    parser.add_argument(
        "--batch", type=int, default=None if torch.cuda.is_available() else 32, help="examples of a step, instead of what the runs say"
    )
    parser.add_argument("--runs", type=int, default=len(_RUNS) if torch.cuda.is_available() else 1, help="how many to average")
    parser.add_argument("--frames", type=int, default=_FRAMES)
    parser.add_argument("--limit", type=int, help="records of each set, for a trial")
    parser.add_argument("--minutes", type=float, default=600)
    args = parser.parse_args()
    if not (args.shared / "qa-de.train.jsonl").is_file():
        raise SystemExit(f"{args.shared}: holds no question sets; name their folder with --shared")
    args.work.mkdir(parents=True, exist_ok=True)
    sets = {name: records[: args.limit] for name, records in read_sets(args.shared, args.own).items()}
    if not (args.work / "data.npz").is_file():
        _prepare(sets, args)
    chosen = {"layers": args.layers} | ({"batch": args.batch, "against": args.batch} if args.batch else {})
    if args.start:
        start: State = {name: torch.from_numpy(value) for name, value in weights_of(args.start / "reader.onnx").items()}
    else:
        plans = [standard(args.steps, **{**options, **chosen}) for options in _RUNS[: args.runs]]
        states = [_train(args.work / f"run{number}", plan, args) for number, plan in enumerate(plans)]
        start = _mean(states)
    sizes = {"batch": 96, "against": 96, **chosen}
    plans = [onward(args.onward, **options, **sizes, frozen=args.frozen) for options in _ONWARD_RUNS[: args.runs]]
    teachers = [_train(args.work / f"onward{number}", plan, args, start) for number, plan in enumerate(plans)]
    soup = _mean(teachers)
    pupils: list[State] = []
    if len(teachers) > 1:
        steps = int(_TAUGHT * args.onward)
        plans = [onward(steps, **options, **sizes) for options in _PUPILS]
        pupils = [_train(args.work / f"pupil{number}", plan, args, soup, teachers) for number, plan in enumerate(plans)]
    # with what it began from: the spans, which training on blurs, stay sharp (Wortsman et al. 2022, "Robust fine-tuning")
    finish(_mean([*pupils, soup, start]), sets, args.work, args.out)


def _mean(states: Sequence[State]) -> State:
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


def _train(run: Path, plan: Plan, args: argparse.Namespace, start: State | None = None, teachers: Sequence[State] = ()) -> State:
    """The weights of one run: from its file, or trained now; SystemExit where the time is up before its end."""
    if not (run / "network.pt").is_file():
        run.mkdir(exist_ok=True)
        (run / "plan.json").write_text(json.dumps(asdict(plan), indent=1) + "\n", "utf-8")
        trainer = Trainer(Prepared.load(args.work / "data.npz"), load_body(args.work / "body.npz"), plan, run, start, teachers)
        workers = 4 if torch.cuda.is_available() else 0
        if not trainer.run(until=time.time() + 60 * args.minutes, every=max(1, min(500, trainer.steps // 4)), workers=workers):
            raise SystemExit(f"stopped after step {trainer.step} of {trainer.steps}; run it again to go on")
    state: State = torch.load(run / "network.pt", "cpu", weights_only=True)
    return state


def _prepare(sets: dict[str, list[Record]], args: argparse.Namespace) -> None:
    weights, encoder, file = E5Weights(), load_encoder(), args.work / "vectors.pkl"
    known: dict[tuple[str, str], npt.NDArray[np.float32]] = pickle.loads(file.read_bytes()) if file.is_file() else {}

    def embed(questions: Sequence[str], texts: Sequence[str]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        for question in questions:
            if ("q", question) not in known:
                known["q", question] = encoder.query(question)
        fresh = [text for text in texts if ("t", text) not in known]
        for at in range(0, len(fresh), 64):
            part = fresh[at : at + 64]
            known.update(zip((("t", text) for text in part), encoder.passages([text[:700] for text in part]), strict=True))
        file.write_bytes(pickle.dumps(known))
        return np.array([known["q", q] for q in questions]), np.array([known["t", t] for t in texts])

    every = sets | more_records(sets, args.frames, random.Random(0))
    print({name: len(records) for name, records in every.items()}, flush=True)
    prepare(every, weights, load_tokenizer(), embed).save(args.work / "data.npz")
    np.savez_compressed(args.work / "body.npz", **{k: v.astype(np.float16) for k, v in weights.tensors(words=False).items()})  # type: ignore[arg-type]


def finish(state: State, sets: dict[str, list[Record]], work: Path, out: Path) -> None:
    """Weights → reader.onnx and reader.json in `out`, after both checks; SystemExit where one fails."""
    network = Network.of(state)
    layers = network.sizes["layers"]
    weights = {name: value.float().numpy() for name, value in state.items()}
    dev = {name: [r for r in sets.get(name, []) if r.part == "dev"][:_CHECKED] for name in ("wiki", "news", "own")}
    some = [r for records in dev.values() for r in records]
    loud = apart(loudness(network, map(_input, some[:: max(1, len(some) // 40)])))
    made = {"float": work / "float", "int8": work / "int8"}
    for kind, folder in made.items():
        folder.mkdir(exist_ok=True)
        export(weights, layers, 12, folder / "reader.onnx", loud if kind == "int8" else None)
        (folder / "reader.json").write_text('{"slope": 1, "bias": 0}', "utf-8")
    readers = {kind: Reader.open(folder) for kind, folder in made.items()}
    difference = max(_difference(network, readers["float"], r) for r in some[:20])
    print(f"torch and the graph in float differ by {difference:.1e} at most")
    if difference > _LOGITS:
        raise SystemExit(f"the exported graph is off by {difference:.1e} from torch, at most {_LOGITS} is allowed")
    reads = {kind: {name: read_all(reader, records) for name, records in dev.items() if records} for kind, reader in readers.items()}
    costs: dict[str, float] = {}
    for name in reads["int8"]:
        costs[name] = _auroc(reads["float"][name]) - _auroc(reads["int8"][name])
        print(name, "in 8 bit:", figures(reads["int8"][name], intervals=False))
    print("AUROC that 8 bit costs:", {name: round(cost, 4) for name, cost in costs.items()})
    if max(costs.values()) > _COST:
        raise SystemExit(f"8 bit costs {max(costs.values()):.3f} AUROC, at most {_COST} is allowed")
    every = [r for part in reads["int8"].values() for r in part]
    calibration = Calibration.fit(np.array([r.reading.logit for r in every]), np.array([r.answerable for r in every]))
    fields: dict[str, Any] = {
        "slope": calibration.slope, "bias": calibration.bias, "layers": layers, "float_difference": float(f"{difference:.1e}"),
        "int8_cost": {name: round(cost, 4) for name, cost in costs.items()},
    }  # fmt: skip
    (out / "reader.onnx").write_bytes((made["int8"] / "reader.onnx").read_bytes())
    (out / "reader.json").write_text(json.dumps(fields, indent=1) + "\n", "utf-8")


def _auroc(reads: list[Read]) -> float:
    return auroc(np.array([r.reading.logit for r in reads]), np.array([r.answerable for r in reads]))


@torch.no_grad()
def _difference(network: Network, reader: Reader, record: Record) -> float:
    """How far the answer logit is from torch's on one record (and the spans' logits with it, through the same layers)."""
    words, inside = _input(record)
    ours = reader.logits(words.numpy(), inside[0].numpy())
    theirs = network(words, None, inside)
    return max(float(np.abs(a.reshape(-1) - b.numpy().reshape(-1)).max()) for a, b in zip(ours, theirs, strict=True))


def _input(record: Record) -> tuple[torch.Tensor, torch.Tensor]:
    """(1, n, hidden) word vectors of a record's question and text, and (1, n) true at the text's."""
    tokenizer = load_tokenizer()
    ids, base = assemble(tokenizer.bos, tokenizer.eos, tokenizer.question(record.question), tokenizer.context(record.context),
                         tokenizer.text(record.text).ids[:200])  # fmt: skip
    inside = np.zeros(len(ids), np.bool_)
    inside[base:-1] = True
    return torch.from_numpy(tokenizer.vectors(ids)[None]), torch.from_numpy(inside)[None]


if __name__ == "__main__":
    main()
