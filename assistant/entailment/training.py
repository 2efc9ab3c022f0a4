"""Train the entailment network: `make train-entailment`, or python -m assistant.entailment.training [--pairs FILE …] [--minutes N].

It begins at the reader's weights: the sentence stands where the question did, the passage is the text, and the answer's logit is to
say whether the passage carries the sentence. Resumes from the checkpoint in the work folder. Writes reader.onnx and reader.json, which
`Reader.open` reads, into --out.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sklearn.metrics import roc_auc_score
from torch.nn import functional as F

from assistant.entailment.edits import changed, shortened
from assistant.reader.model import Calibration, Reader
from assistant.reader.tokens import assemble
from assistant.reader.training.export import apart, export, weights_of
from assistant.reader.training.network import Network, loudness, schedule
from assistant.reader.training.records import Record
from assistant.reader.training.sampling import Row, collate
from assistant.reader.training.train import Run
from index.sentences import split_sentences
from index.tokens import load_tokenizer

_PAIRS = [*sorted(Path("eval/data/entailment").glob("*.jsonl")), *sorted(Path("eval/data/of-shared").glob("entailment*.jsonl"))]
_DATA = [Path("eval/data"), Path("../shared/data")]
_BATCH, _CHUNK = 32, 16  # rows of a step; steps drawn at once, so that each holds rows of like length
_RATE, _HEADS = 2e-4, 3.0
_FROZEN = 4  # lower layers that stay the reader's
_DOUBT = 0.025  # share of wrong labels that is reckoned with
_AVERAGE = 0.995
_TOKENS = 260  # of a passage
_SAVED = 50  # steps between two checkpoints
_WORDS = 6  # of a passage's own sentence that is shown as one it carries


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage, the sentences that it carries, and those that it doesn't with what is wrong with them."""

    id: str
    article: str
    date: str
    text: str
    supported: tuple[str, ...]
    false: tuple[tuple[str, str], ...]

    @property
    def part(self) -> str:
        """train, dev or final, by a hash of its own: not the parts that the reader's records of the same article are in."""
        return Record("own", self.article, "", "").part


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence on a text, and whether this carries it."""

    sentence: str
    text: str
    date: str
    carried: bool
    kind: str


def read_passages(files: Sequence[Path], data: Sequence[Path]) -> list[Passage]:
    """The passages in `files`, JSON lines that hold a passage or name one of a line before or of the question sets in the folders `data`.

    One whose text isn't there is left out.
    """
    known: dict[str, dict[str, str]] = {}
    for file in (file for folder in data for file in sorted(folder.glob("*.jsonl"))):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            if "passage_id" in row:
                known[row["passage_id"]] = row
    found = []
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            if "passage" in row:
                known[row["passage_id"]] = row
            of = known.get(row["passage_id"])
            if of is None:
                continue
            false = tuple((kind, sentence) for kind, sentence in row["false"])
            article = of.get("article") or row["passage_id"]
            found.append(Passage(row["passage_id"], article, of.get("date") or "", of["passage"], tuple(row["supported"]), false))
    return found


def examples(passages: Sequence[Passage], random_: random.Random | None = None) -> list[Example]:
    """What the authors wrote; with `random_` also what follows without them.

    That is for each passage two of its own sentences and what they are after a change (`assistant.entailment.edits`), some that something
    was left out of, one with the passage robbed of it, a carried sentence after a change, and one with another passage of the article.
    """
    found = []
    of: dict[str, list[Passage]] = {}
    for passage in passages:
        of.setdefault(passage.article, []).append(passage)
    for p in passages:
        found += [Example(s, p.text, p.date, True, "supported") for s in p.supported]
        found += [Example(s, p.text, p.date, False, kind) for kind, s in p.false]
        if random_ is None:
            continue
        own = [(a, b) for a, b in split_sentences(p.text, 0, len(p.text)) if len(p.text[a:b].split()) >= _WORDS]
        if len(own) > 2:
            a, b = random_.choice(own)
            rest = " ".join((p.text[:a] + p.text[b:]).split())
            found.append(Example(p.text[a:b], rest, p.date, False, "robbed"))
        copied = [p.text[a:b] for a, b in random_.sample(own, min(2, len(own)))]
        found += [Example(sentence, p.text, p.date, True, "verbatim") for sentence in copied]
        short = [shortened(p.text[a:b], random_) for a, b in random_.sample(own, min(4, len(own)))]
        short += [shortened(sentence, random_) for sentence in p.supported]
        found += [Example(sentence, p.text, p.date, True, "shortened") for sentence in short if sentence]
        for sentence in (*copied, *copied[:1], *random_.sample(p.supported, min(1, len(p.supported)))):
            if edit := changed(sentence, p.text, random_.choice(passages).text, random_):
                found.append(Example(edit[1], p.text, p.date, False, edit[0]))
        others = [other for other in of[p.article] if other is not p]
        if others and p.supported:
            other = random_.choice(others)
            found.append(Example(random_.choice(p.supported), other.text, other.date, False, "other passage"))
    return found


@cache
def _row(sentence: str, text: str, date: str) -> Row:
    tokenizer = load_tokenizer()
    asked, head = tokenizer.question(sentence), tokenizer.context(date)
    return *assemble(tokenizer.bos, tokenizer.eos, asked, head, tokenizer.text(text).ids[:_TOKENS]), -1, -1


class Trainer(Run):
    """One run in `folder`: log.jsonl and checkpoint.pt, from which it resumes."""

    def __init__(self, passages: Sequence[Passage], reader: Path, folder: Path, layers: int, epochs: int, seed: int = 0) -> None:
        self.passages, self.folder, self.epochs, self.seed = passages, folder, epochs, seed
        folder.mkdir(parents=True, exist_ok=True)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = Network(layers=layers).to(self.device)
        begin = {name: torch.from_numpy(value) for name, value in weights_of(reader / "reader.onnx").items()}
        known = self.network.state_dict()
        self.network.load_state_dict({name: begin[name] for name in known})
        for frozen in (self.network.norm, *list(self.network.layers)[:_FROZEN]):
            frozen.requires_grad_(False)
        self.network.position.requires_grad_(False)
        heads = [*self.network.span.parameters(), *self.network.join.parameters(), *self.network.verdict.parameters()]
        named = {id(p) for p in heads}
        body = [p for p in self.network.parameters() if p.requires_grad and id(p) not in named]
        self.optimizer = torch.optim.AdamW([{"params": body, "scale": 1.0}, {"params": heads, "scale": _HEADS}], lr=_RATE, fused=True)
        self.averaged = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.best: tuple[float, dict[str, torch.Tensor]] = (0.0, {})
        self.step = 0

    def run(self, until: float) -> bool:
        """Train to the end, or to `until` (seconds since the epoch): whether it ended."""
        self._resume()
        began, tokens = time.perf_counter(), 0
        steps, batches = self._batches()
        for batch in batches:
            self.network.train()
            torch.manual_seed(self.seed * 1_000_003 + self.step)
            factor = schedule(self.step, steps)
            for group in self.optimizer.param_groups:
                group["lr"] = _RATE * factor * group["scale"]
            logits = self._forward([_row(e.sentence, e.text, e.date) for e in batch])
            wanted = torch.tensor([1 - _DOUBT if e.carried else _DOUBT for e in batch], device=self.device)
            loss = F.binary_cross_entropy_with_logits(logits, wanted)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            self.optimizer.step()
            self.step += 1
            tokens += sum(len(_row(e.sentence, e.text, e.date)[0]) for e in batch)
            self._average(_AVERAGE)
            if self.step % 20 == 0:
                rate = round(tokens / (time.perf_counter() - began))
                self._log({"step": self.step, "of": steps, "loss": round(loss.item(), 4), "tokens_per_s": rate})
            if self.step % 200 == 0 or self.step == steps:
                value = self.measure()
                self._log({"step": self.step, "dev": value})
                self._keep_best(value)
            if self.step % _SAVED == 0 or time.time() > until:
                self._save()
            if time.time() > until:
                return self.step == steps
        self._save()
        return True

    def _batches(self) -> tuple[int, Iterator[list[Example]]]:
        """How many steps there are, and the examples of each that is left."""
        train = [p for p in self.passages if p.part != "dev"]
        plan = []
        for epoch in range(self.epochs):
            drawn = random.Random(self.seed * 100 + epoch)
            rows = examples(train, drawn)
            drawn.shuffle(rows)
            for at in range(0, len(rows), _BATCH * _CHUNK):
                some = sorted(rows[at : at + _BATCH * _CHUNK], key=lambda e: len(e.text) + len(e.sentence))
                several = [some[i : i + _BATCH] for i in range(0, len(some), _BATCH)]
                drawn.shuffle(several)
                plan += several
        return len(plan), iter(plan[self.step :])

    def _forward(self, rows: list[Row]) -> torch.Tensor:
        batch = collate(rows)
        words = torch.from_numpy(load_tokenizer().vectors(batch.ids.reshape(-1)).reshape(*batch.ids.shape, -1)).to(self.device)
        mask, inside = torch.from_numpy(batch.mask).to(self.device), torch.from_numpy(batch.inside).to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16):
            answers: torch.Tensor = self.network(words, mask, inside)[2]
        return answers

    @torch.no_grad()
    def measure(self) -> float:
        """AUROC on the dev part with the averaged weights."""
        dev = sorted(examples([p for p in self.passages if p.part == "dev"]), key=lambda e: len(e.text) + len(e.sentence))
        scores: list[float] = []
        with self._with_averaged():
            for at in range(0, len(dev), 64):
                scores += self._forward([_row(e.sentence, e.text, e.date) for e in dev[at : at + 64]]).tolist()
        return round(float(roc_auc_score([e.carried for e in dev], scores)), 4)


def finish(state: dict[str, torch.Tensor], passages: Sequence[Passage], out: Path) -> None:
    """Weights → reader.onnx in 8 bit, and reader.json with the curve that makes its logits probabilities on the dev part."""
    network = Network.of(state)
    layers = network.sizes["layers"]
    dev = examples([p for p in passages if p.part == "dev"])
    loud = apart(loudness(network, (_input(_row(e.sentence, e.text, e.date)) for e in dev[:: max(1, len(dev) // 40)])))
    out.mkdir(parents=True, exist_ok=True)
    export({name: value.float().numpy() for name, value in state.items()}, layers, 12, out / "reader.onnx", loud)
    (out / "reader.json").write_text('{"slope": 1, "bias": 0}', "utf-8")
    reader = Reader.open(out)
    logits = np.array([reader.read(e.sentence, [e.text], [e.date])[0].logit for e in dev])
    carried = np.array([e.carried for e in dev])
    curve = Calibration.fit(logits, carried)
    fields = {"slope": curve.slope, "bias": curve.bias, "layers": layers, "dev_auroc": round(float(roc_auc_score(carried, logits)), 4)}
    (out / "reader.json").write_text(json.dumps(fields, indent=1) + "\n", "utf-8")
    print(fields, {kind: _let_through(dev, logits, kind) for kind in sorted({e.kind for e in dev})})


def _let_through(rows: Sequence[Example], logits: npt.NDArray[np.float64], kind: str) -> float:
    """The share of one kind above the logit that 90% of the carried ones reach."""
    least = np.quantile(logits[[e.carried for e in rows]], 0.1)
    return round(float((logits[[e.kind == kind for e in rows]] >= least).mean()), 3)


def _input(row: Row) -> tuple[torch.Tensor, torch.Tensor]:
    ids, base = row[:2]
    inside = np.zeros(len(ids), np.bool_)
    inside[base:-1] = True
    return torch.from_numpy(load_tokenizer().vectors(ids)[None]), torch.from_numpy(inside)[None]


def main() -> None:
    """Train, or train on, then export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, nargs="+", default=_PAIRS)
    parser.add_argument("--data", type=Path, nargs="+", default=_DATA, help="folders of the question sets whose passages the pairs name")
    parser.add_argument(
        "--reader", type=Path, default=Path("assistant/reader"), help="the folder with the reader.onnx, or the trained one, to begin from"
    )
    parser.add_argument("--work", type=Path, default=Path("build/entailment"))
    parser.add_argument("--out", type=Path, default=Path("assistant/entailment"))
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=600)
    args = parser.parse_args()
    passages = read_passages(args.pairs, args.data)
    trainer = Trainer(passages, args.reader, args.work, args.layers, args.epochs)
    if not trainer.run(time.time() + 60 * args.minutes):
        raise SystemExit(f"stopped after step {trainer.step}; run it again to go on")
    finish(trainer.best[1] or trainer.averaged, passages, args.out)


if __name__ == "__main__":
    main()
