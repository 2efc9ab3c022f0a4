"""The training loop: stages that resume from a checkpoint, a log of the learning curve, a GPU where there is one."""

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn

from assistant.reader.training.arrays import PARTS, SETS, Prepared
from assistant.reader.training.network import Logits, Network, loss, schedule, taught_loss
from assistant.reader.training.records import AUTHORED
from assistant.reader.training.sampling import Batch, Mix, Row, Sampler, collate, joined
from index.e5_weights import unpack

State = Mapping[str, Tensor]

_NEAR = 4  # paragraphs that the right one is measured against
_CHUNK = 8  # batches drawn at once, so that each holds examples of like length
_EVERYTHING = {"wiki": 0.20, "news": 0.08, "own": 0.10, "outlets": 0.10, "paraphrases": 0.05, "keywords": 0.03, "frames": 0.06,
               "renamed": 0.06, "swapped": 0.02, "xquad": 0.12, "xquad-other": 0.05, "norquad": 0.06, "jaquad": 0.07}  # fmt: skip
_BROAD = {"wiki": 0.14, "news": 0.06, "own": 0.10, "frames": 0.05, "renamed": 0.05, "swapped": 0.02, "xquad": 0.16,
          "xquad-other": 0.08, "norquad": 0.14, "jaquad": 0.20}  # fmt: skip
# Questions in other words teach that shared words prove nothing, and too many of them that plain questions are traps: less than a tenth
_FAR = {"wiki": 0.11, "news": 0.09, "own": 0.16, "outlets": 0.22, "paraphrases": 0.09, "keywords": 0.06, "frames": 0.02, "renamed": 0.05,
        "swapped": 0.01, "xquad": 0.10, "xquad-other": 0.03, "norquad": 0.04, "jaquad": 0.02}  # fmt: skip
_COMPARED = {"wiki": 0.10, "news": 0.08, "own": 0.14, "outlets": 0.20, "paraphrases": 0.06, "xquad": 0.17, "xquad-other": 0.03,
             "norquad": 0.05, "jaquad": 0.07, "nomiracl": 0.10}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """Steps with one mix and one learning rate that rises and falls."""

    name: str
    steps: int
    mix: Mix
    rate: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole training. `frozen` lower layers stay as they are; `average` is the decay of the averaged weights that are kept.

    A step shows `batch` examples and about `against` texts that are compared, where its stage compares; what teachers say weighs
    `taught` of the whole.
    """

    stages: tuple[Stage, ...]
    seed: int = 0
    batch: int = 64
    frozen: int = 0
    layers: int = 12
    decay: float = 0.01
    average: float = 0.998
    dropout: float = 0.1
    span_weight: float = 0.5
    against: int = 64
    taught: float = 0.0


def standard(steps: int, rate: float = 1e-4, **options: Any) -> Plan:
    """Two stages: broad reading in many languages first, then close reading of German news and encyclopedia."""
    broad = Stage("broad", int(steps * 0.35), Mix(_BROAD), rate * 1.5)
    close = Stage("close", steps - broad.steps, Mix(_EVERYTHING), rate)
    return Plan((broad, close), **options)


def onward(steps: int, rate: float = 1e-4, **options: Any) -> Plan:
    """One more stage for trained weights: texts about the same, of which one is right, are told apart."""
    return Plan((Stage("far", steps, Mix(_FAR, neighbour=0.15, compared=_COMPARED), rate),), **options)


def ablated(plan: Plan, without: str) -> Plan:
    """The plan without `hard` negatives, `authored` sets, `languages` other than German, or `half` of the articles."""

    def change(mix: Mix) -> Mix:
        match without:
            case "hard":  # only texts at random stay as negatives: those that the sets' own near misses and neighbours aren't
                return replace(mix, neighbour=0.0, cut=0.0, drop=("frames", "swapped"), compared={})
            case "authored":
                return replace(mix, drop=(*AUTHORED, "keywords", "renamed", "swapped"))
            case "languages":
                return replace(mix, german=True, drop=("xquad-other", "norquad", "jaquad"))
            case "own":
                return replace(mix, drop=("own",))
            case "frames":
                return replace(mix, drop=("frames", "renamed", "swapped"))
            case "half":
                return replace(mix, groups=0.5)
        raise ValueError(f"no ablation is called {without!r}")

    return replace(plan, stages=tuple(replace(stage, mix=change(stage.mix)) for stage in plan.stages))


class Run:
    """What a training keeps in `folder`: log.jsonl, and checkpoint.pt from which it resumes."""

    folder: Path
    device: torch.device
    network: Network
    optimizer: torch.optim.Optimizer
    averaged: dict[str, Tensor]
    best: tuple[float, dict[str, Tensor]]
    step: int

    def _average(self, most: float) -> None:
        """Draw the averaged weights towards the network's: by the decay `most`, faster in the first steps."""
        decay = min(most, (1 + self.step) / (10 + self.step))
        state = self.network.state_dict()
        with torch.no_grad():
            torch._foreach_lerp_(list(self.averaged.values()), [state[name] for name in self.averaged], 1 - decay)

    def _keep_best(self, value: float) -> None:
        """Keep the averaged weights where they are worth as much as any before (higher is better)."""
        if value >= self.best[0]:
            self.best = (value, {name: v.clone() for name, v in self.averaged.items()})

    @contextmanager
    def _with_averaged(self) -> Iterator[None]:
        """The network with the averaged weights, reading; then with its own again."""
        kept = {name: value.clone() for name, value in self.network.state_dict().items()}
        self.network.load_state_dict(self.averaged)
        self.network.eval()
        try:
            yield
        finally:
            self.network.load_state_dict(kept)

    def _save(self) -> None:
        state = {
            "step": self.step, "network": self.network.state_dict(), "averaged": self.averaged, "best": self.best,
            "optimizer": self.optimizer.state_dict(),
        }  # fmt: skip
        temporary = self.folder / "checkpoint.new"
        torch.save(state, temporary)
        temporary.replace(self.folder / "checkpoint.pt")

    def _resume(self) -> None:
        file = self.folder / "checkpoint.pt"
        if file.is_file():
            state = torch.load(file, self.device, weights_only=True)
            self.step = state["step"]
            self.network.load_state_dict(state["network"])
            self.averaged, self.best = state["averaged"], state["best"]
            self.optimizer.load_state_dict(state["optimizer"])

    def _log(self, line: dict[str, Any]) -> None:
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)


class Trainer(Run):
    """One training run in `folder`: log.jsonl, checkpoint.pt while it runs; at its end network.pt, what did best on dev.

    It begins at the embedding's weights, or at those of `start`, which were trained before. `teachers` are trained weights whose mean
    opinion is learnt along, where the plan says how much.
    """

    def __init__(
        self, data: Prepared, bert: Mapping[str, npt.NDArray[np.float32]], plan: Plan, folder: Path, start: State | None = None,
        teachers: Sequence[State] = (),
    ) -> None:  # fmt: skip
        self.data, self.plan, self.folder = data, plan, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        # bfloat16 where the processor multiplies it fast; elsewhere it would only be slower
        can = torch.cpu.get_capabilities()
        self.half = self.device.type == "cuda" or bool(can.get("amx_bf16") or can.get("avx512_bf16"))
        torch.manual_seed(0)  # the heads begin alike in every run, so that the weights of several can be averaged
        self.words = torch.from_numpy(unpack(data.packed, 384)).to(self.device)
        if start is None:
            network = Network.from_bert(bert, plan.layers, dropout=plan.dropout)
        else:
            network = Network(layers=plan.layers, dropout=plan.dropout)
            network.load_state_dict(start)
        self.network = network.to(self.device)
        self.teachers = [Network(layers=plan.layers).to(self.device).eval() for _ in teachers]
        for teacher, state in zip(self.teachers, teachers, strict=True):
            teacher.load_state_dict(state)
        if plan.frozen:
            for frozen in (self.network.norm, *list(self.network.layers)[: plan.frozen]):
                frozen.requires_grad_(False)
            self.network.position.requires_grad_(False)
        heads = [*self.network.span.parameters(), *self.network.join.parameters(), *self.network.verdict.parameters()]
        named = {id(p) for p in heads}
        body = [p for p in self.network.parameters() if p.requires_grad and id(p) not in named]
        groups = [
            {"params": [p for p in body if p.dim() > 1], "scale": 1.0, "weight_decay": plan.decay},
            {"params": [p for p in body if p.dim() == 1], "scale": 1.0, "weight_decay": 0.0},
            {"params": heads, "scale": 4.0, "weight_decay": plan.decay},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=1e-4, betas=(0.9, 0.98), fused=True)
        self.averaged = {name: p.detach().clone() for name, p in self.network.state_dict().items()}
        self.best: tuple[float, dict[str, Tensor]] = (0.0, {})
        self.step = 0

    @property
    def steps(self) -> int:
        """In all."""
        return sum(stage.steps for stage in self.plan.stages)

    def run(self, *, until: float = float("inf"), every: int = 500, save_every: int = 200, workers: int = 0, evaluate: bool = True) -> bool:
        """Train on from the checkpoint, if there is one, to the end or to `until` (seconds since the epoch): whether it ended."""
        self._resume()
        began, tokens = time.perf_counter(), 0
        for stage, number, batches in self._batches(workers):
            value = self._one(batches, stage, number)
            tokens += sum(int(batch.mask.sum()) for batch in batches)
            self.step += 1
            if self.step % 50 == 0 or self.step == self.steps:
                rate = round(tokens / (time.perf_counter() - began))
                self._log({"step": self.step, "stage": stage.name, "loss": round(value.item(), 4), "tokens_per_s": rate})
            if evaluate and (self.step % every == 0 or self.step == self.steps):
                figures = self.measure("dev")
                self._log({"step": self.step, "dev": figures})
                self._keep_best(sum(figures.values()) / max(1, len(figures)))
            if self.step % save_every == 0 or time.time() > until:
                self._save()
            if time.time() > until:
                return self.step == self.steps
        # what did best on the dev part, not what came last: the sets are small enough to be learnt by heart
        self.network.load_state_dict(self.best[1] or self.averaged)
        torch.save(self.network.state_dict(), self.folder / "network.pt")
        return True

    def _batches(self, workers: int) -> Iterator[tuple[Stage, int, list[Batch]]]:
        """The rest of the steps' batches, with their stage and their number in it."""
        done = 0
        for place, stage in enumerate(self.plan.stages):
            first = max(0, self.step - done)
            if first < stage.steps:
                sampler = Sampler(self.data, stage.mix, self.plan.seed * 100 + place)
                chunks = _Chunks(sampler, self.plan, range(first // _CHUNK, -(-stage.steps // _CHUNK)))
                loader = torch.utils.data.DataLoader(chunks, batch_size=None, num_workers=workers, prefetch_factor=4 if workers else None)
                number = first // _CHUNK * _CHUNK
                for batches in loader:
                    for several in batches:
                        if first <= number < stage.steps:
                            yield stage, number, several
                        number += 1
            done += stage.steps

    def _one(self, batches: list[Batch], stage: Stage, number: int) -> Tensor:
        self.network.train()
        for layer in list(self.network.layers)[: self.plan.frozen]:  # what doesn't learn needs no dropout, a tenth of the time
            layer.eval()
        # the same dropout when a run is taken up again
        torch.manual_seed(self.plan.seed * 1_000_003 + self.step)
        factor = schedule(number, stage.steps)
        for group in self.optimizer.param_groups:
            group["lr"] = stage.rate * factor * group["scale"]
        self.optimizer.zero_grad(set_to_none=True)
        values = []
        for batch in batches:
            values.append(self._loss(batch))
            values[-1].backward()  # type: ignore[no-untyped-call]
        value = torch.stack(values).sum()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self._average(self.plan.average)
        return value.detach()

    def _loss(self, batch: Batch) -> Tensor:
        start, end, answers = self._forward(batch)
        first, last = (torch.from_numpy(v).to(self.device) for v in (batch.first, batch.last))
        of = None if batch.of is None else torch.from_numpy(batch.of).to(self.device)
        value = loss(start, end, answers, first, last, self.plan.span_weight, of)
        if self.teachers:
            with torch.no_grad():
                said = [self._forward(batch, teacher) for teacher in self.teachers]
            taught = taught_loss((start, end, answers), said, first, self.plan.span_weight)
            value = (1 - self.plan.taught) * value + self.plan.taught * taught
        return value

    def _forward(self, batch: Batch, network: Network | None = None) -> Logits:
        ids, mask, inside = (torch.from_numpy(v).to(self.device, non_blocking=True) for v in (batch.ids, batch.mask, batch.inside))
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
            result: Logits = (network or self.network)(self.words[ids], mask, inside)
        return result

    @torch.no_grad()
    def measure(self, part: str) -> dict[str, float]:
        """AUROC of the authored sets and of the right against the surest near paragraph, F1 of the spans, with the averaged weights."""
        with self._with_averaged():
            return self._measured(part)

    def _measured(self, part: str) -> dict[str, float]:
        figures: dict[str, float] = {}
        chosen = self.data.examples[:, 6] == PARTS.index(part)
        for name in ("wiki", "news", "own", "xquad"):
            numbers = np.flatnonzero(chosen & (self.data.examples[:, 5] == SETS.index(name)) & (self.data.german | (name != "xquad")))
            if not len(numbers):
                continue
            rows = [self._row(int(n)) for n in numbers]
            scores, overlap = self._read(rows)
            positive = np.array([row[2] >= 0 for row in rows])
            figures[f"{name}_f1"] = round(float(overlap[positive].mean()), 4)
            if name == "xquad":
                near = [self.data.neighbours[int(n)][:_NEAR] for n in numbers]
                others = self._read([self._row(int(n), int(t)) for n, texts in zip(numbers, near, strict=True) for t in texts])[0]
                ends = np.cumsum([len(texts) for texts in near])
                surest = [part.max() for part in np.split(others, ends[:-1]) if len(part)]
                scores = np.concatenate([scores, np.array(surest)])
                positive = np.concatenate([positive, np.zeros(len(surest), np.bool_)])
            figures[f"{name}_auroc"] = round(float(roc_auc_score(positive, scores)), 4)
        return figures

    def _row(self, number: int, text: int | None = None) -> Row:
        question, own, context, first, last, _, _ = (int(v) for v in self.data.examples[number])
        head = self.data.contexts[context] if context >= 0 else np.empty(0, np.int32)
        asked = self.data.questions[question]
        tokens = self.data.texts[own if text is None else text][: 384 - len(asked) - len(head) - 5]
        ids, base = joined(asked, head, tokens)
        if text is not None or first < 0 or last >= len(tokens):
            return ids, base, -1, -1
        return ids, base, first + base, last + base

    def _read(self, rows: list[Row]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64]]:
        """(n,) answer logits, and F1 of the best span's tokens against the right one's."""
        scores, overlap = np.zeros(len(rows), np.float32), np.zeros(len(rows))
        order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
        for at in range(0, len(order), 128):
            numbers = order[at : at + 128]
            start, end, answers = self._forward(collate([rows[i] for i in numbers]))
            scores[numbers] = answers.cpu().numpy()
            pairs = start.log_softmax(-1)[:, :, None] + end.log_softmax(-1)[:, None, :]
            n = pairs.shape[1]
            allowed = torch.ones(n, n, dtype=torch.bool, device=pairs.device).triu().tril(39)
            best = pairs.masked_fill(~allowed, -1e9).flatten(1).argmax(1).cpu().numpy()
            for i, place in zip(numbers, best, strict=True):
                first, last = divmod(int(place), n)
                shared = min(last, rows[i][3]) - max(first, rows[i][2]) + 1
                if rows[i][2] >= 0 and shared > 0:
                    overlap[i] = 2 * shared / (last - first + 1 + rows[i][3] - rows[i][2] + 1)
        return scores, overlap


class _Chunks(torch.utils.data.Dataset[list[list[Batch]]]):
    """A few steps at once: what each step shows."""

    def __init__(self, sampler: Sampler, plan: Plan, chunks: range) -> None:
        self._sampler, self._plan, self._chunks = sampler, plan, chunks

    def __len__(self) -> int:
        return len(self._chunks)

    def __getitem__(self, at: int) -> list[list[Batch]]:
        if at >= len(self):
            raise IndexError(at)
        chunk = self._chunks[at]
        batches = self._sampler.batches(chunk, self._plan.batch, _CHUNK)
        compared = self._sampler.compared(chunk, self._plan.against, _CHUNK)
        return [[batch, *compared[i : i + 1]] for i, batch in enumerate(batches)]


def load_body(file: Path) -> dict[str, npt.NDArray[np.float32]]:
    """The embedding's tensors as `prepare` wrote them."""
    with np.load(file) as arrays:
        return {name: arrays[name].astype(np.float32) for name in arrays.files}


def main() -> None:
    """Train on prepared arrays alone, on a machine that has nothing but torch."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("prepared", type=Path, help="folder with data.npz and body.npz")
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=Path, help="weights to train on from")
    parser.add_argument("--teachers", type=Path, nargs="+", default=[], help="weights to learn from as well")
    parser.add_argument("--span-weight", type=float, default=0.5)
    parser.add_argument("--taught", type=float, default=0.5, help="how much the teachers weigh")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--against", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--without", action="append", default=[], choices=["hard", "authored", "languages", "own", "frames", "half"])
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--every", type=int, default=500, help="steps between two looks at the dev part")
    parser.add_argument("--workers", type=int, default=0)
    args = parser.parse_args()
    plan = (onward if args.start else standard)(args.steps, args.rate, batch=args.batch, seed=args.seed, dropout=args.dropout)
    plan = replace(plan, against=args.against, span_weight=args.span_weight, taught=args.taught if args.teachers else 0.0)
    for part in args.without:
        plan = ablated(plan, part)
    start = torch.load(args.start, "cpu", weights_only=True) if args.start else None
    teachers = [torch.load(file, "cpu", weights_only=True) for file in args.teachers]
    body = {} if start else load_body(args.prepared / "body.npz")
    trainer = Trainer(Prepared.load(args.prepared / "data.npz"), body, plan, args.out, start, teachers)
    (args.out / "plan.json").write_text(json.dumps(asdict(plan), indent=1))
    ended = trainer.run(until=time.time() + 60 * args.minutes, every=args.every, save_every=args.every, workers=args.workers)
    print("ended" if ended else "stopped; run it again to go on")


if __name__ == "__main__":
    main()
