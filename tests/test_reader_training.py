"""How the reader is made: a tiny one, the same twice; what it is made from."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from assistant.reader.training.arrays import Prepared
from assistant.reader.training.prepare import more_records, prepare
from assistant.reader.training.records import Record, _authored, nomiracl_part
from assistant.reader.training.sampling import Mix, Sampler
from assistant.reader.training.synthetic import Names, from_frames, keywords_of
from index.e5_weights import E5Weights
from index.tokens import load_tokenizer

OWN = Path(__file__).parent.parent / "eval" / "data"


@pytest.fixture(scope="module")
def own() -> list[Record]:
    return [r for file in sorted(OWN.glob("*.jsonl")) for r in _authored(file, "own")]


def test_the_own_questions_are_what_they_say(own: list[Record]) -> None:
    assert len(own) >= 1500
    assert 0.3 < sum(r.start is None for r in own) / len(own) < 0.55
    for r in own:
        assert (r.start is None) == bool(r.why)
        assert r.start is None or (r.end is not None and r.text[r.start : r.end].strip() == r.text[r.start : r.end] != "")
    parts = {r.text: {other.part for other in own if other.text == r.text} for r in own[::40]}
    assert all(len(part) == 1 for part in parts.values())
    assert {r.part for r in own} == {"train", "dev", "final"}


def test_frames_answer_where_they_say_and_swapped_roles_do_not(own: list[Record]) -> None:
    made = list(from_frames(own, 40, random.Random(0)))
    assert {"relation", "premise"} <= {r.why for r in made}
    for r in made:
        assert "{" not in r.question + r.text
        assert r.start is None or r.text[r.start : r.end]
    assert made == list(from_frames(own, 40, random.Random(0)))


def test_other_names_keep_the_answer_s_place(own: list[Record]) -> None:
    names = Names(own)
    text = own[0].text
    group = [r for r in own if r.text == text]
    answers = {r.text[r.start : r.end] for r in group if r.start is not None}
    renamed = names.renamed(group, random.Random(1))
    assert renamed[0].text != text
    assert {r.text[r.start : r.end] for r in renamed if r.start is not None} <= answers  # an answer that is a new name is left out
    swapped = [s for r in own if r.start is not None and (s := names.swapped(r, random.Random(2)))]
    assert len(swapped) > 100
    assert all(s.start is None and s.question not in {r.question for r in own} for s in swapped)


def test_keywords_say_what_is_sought_where_nothing_answers() -> None:
    rng = random.Random(0)
    question = "Wann öffnet das Museum in Brockdorf wieder?"
    made = [keywords_of(question, answerable, rng) for answerable in (True, False) for _ in range(40)]
    told = [{word for word in ("datum", "termin", "zeitpunkt") if word in (text or "").lower()} for text in made]
    assert all(told[40:])
    assert not all(told[:40])
    assert {"museum", "brockdorf", "öffnet"} <= {word.lower() for text in made for word in (text or "").split()}
    assert any("Brockdorf" in (text or "") for text in made)  # not all in lower case
    assert any("brockdorf" not in (text or "").lower() for text in made)  # misspelt at times
    assert keywords_of("Was ist das?", True, rng) is None


@pytest.fixture(scope="module")
def prepared(own: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Path:
    sets = {"own": [r for r in own if r.part == "train"][:60] + [r for r in own if r.part == "dev"][:24]}
    texts = sorted({r.text for r in own})
    groups = [f"nomiracl:{i}" for i in range(40) if nomiracl_part(i) == "train"][:4]
    sets["nomiracl"] = [
        Record("nomiracl", group, "Wer war es?", text, among=i < 2) for i, group in enumerate(groups) for text in texts[10 * i :][:10]
    ]
    folder = tmp_path_factory.mktemp("prepared")
    weights = E5Weights()
    prepare(sets | more_records(sets, 5, random.Random(0)), weights, load_tokenizer(), None).save(folder / "data.npz")
    np.savez(folder / "body.npz", **weights.tensors(words=False))  # type: ignore[arg-type]
    return folder


def test_a_batch_is_what_its_step_says_and_its_answers_lie_in_the_text(prepared: Path) -> None:
    sampler = Sampler(Prepared.load(prepared / "data.npz"), Mix({"own": 0.5, "frames": 0.3, "renamed": 0.2}), seed=3)
    batches = sampler.batches(7, 16, 4)
    again = sampler.batches(7, 16, 4)
    for batch, same in zip(batches, again, strict=True):
        assert np.array_equal(batch.ids, same.ids)
        rows = np.flatnonzero(batch.first >= 0)
        assert batch.inside[rows, batch.first[rows]].all()
        assert batch.inside[rows, batch.last[rows]].all()
        assert (batch.last >= batch.first).all()
    assert 0.2 < np.mean([batch.first >= 0 for batch in batches]) < 0.8


def test_what_may_answer_otherwise_is_no_negative() -> None:
    texts = ["Der Umbau kostet 12 Millionen, sagt Ada Kern.", "Der Umbau kostet 14 Millionen, sagt Bo Lund.", "Im Park stehen Bänke."]
    asked = [("Was kostet der Umbau?", 0, "12"), ("Wer nennt die Kosten?", 0, "Ada Kern"), ("Wer nennt die Kosten?", 1, "Bo Lund"),
             ("Wer spricht?", 1, "Bo Lund"), ("Was steht im Park?", 2, "Bänke")]  # fmt: skip
    records = []
    for question, number, answer in asked:
        at, group = texts[number].index(answer), "park" if number == 2 else "umbau"
        records.append(Record("outlets", group, question, texts[number], at, at + len(answer), f"Bericht {number}"))
    data = prepare({"outlets": records}, E5Weights(), load_tokenizer(), None)
    near = [{int(text) for text in data.neighbours[i]} for i in range(len(asked))]
    # not the other article where a number is asked for, nor where its answer is known; else it is
    assert near[:4] == [{2}, {2}, {2}, {0, 2}]


def test_texts_that_are_compared_stand_beside_each_other(prepared: Path) -> None:
    data = Prepared.load(prepared / "data.npz")
    mix = Mix({"own": 1.0}, compared={"own": 0.5, "nomiracl": 0.5}, others=2)
    batches = Sampler(data, mix, seed=1).compared(0, 16, 3)
    again = Sampler(data, mix, seed=1).compared(0, 16, 3)
    assert sum(len(batch.ids) for batch in batches) >= 48
    sizes = set()
    for batch, same in zip(batches, again, strict=True):
        assert np.array_equal(batch.ids, same.ids)
        assert batch.of is not None
        for number in np.unique(batch.of):
            first = batch.first[batch.of == number]
            sizes.add(len(first))
            # one that is right, or ten of which nobody has said which are, or ten that aren't
            assert (first >= 0).sum() == 1 if len(first) <= 3 else set(first) in ({-2}, {-1})
    assert {3, 10} <= sizes


def test_the_loss_falls_where_the_right_text_stands_out() -> None:
    import torch

    from assistant.reader.training.network import loss, taught_loss

    start = end = torch.zeros(4, 5)
    of, last = torch.tensor([0, 0, 1, 1]), torch.tensor([2, -1, -1, -1])
    told, untold = torch.tensor([2, -1, -1, -1]), torch.tensor([2, -1, -2, -2])

    def value(answers: list[float], first: torch.Tensor) -> float:
        return float(loss(start, end, torch.tensor(answers), first, last, of=of))

    assert value([2.0, 0.0, -2.0, -2.0], told) < value([2.0, 1.5, -2.0, -2.0], told)
    # where one of two answers it is enough that one of them is sure; where none does both have to be unsure
    assert value([2.0, 0.0, 3.0, -3.0], untold) < value([2.0, 0.0, -1.0, -1.0], untold)
    assert value([2.0, 0.0, 3.0, -3.0], told) > value([2.0, 0.0, -3.0, -3.0], told)
    theirs = (start, end, torch.tensor([3.0, -3.0, -3.0, -3.0]))
    near, far = [(start, end, torch.tensor(answers)) for answers in ([2.9, -3.0, -3.0, -3.0], [0.0, 0.0, 0.0, 0.0])]
    assert taught_loss(near, [theirs], told) < taught_loss(far, [theirs], told)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_tiny_reader_comes_out_the_same_twice_and_goes_on_where_it_stopped(prepared: Path, tmp_path: Path) -> None:
    import torch

    from assistant.reader.model import Reader
    from assistant.reader.training.export import apart, export, weights_of
    from assistant.reader.training.network import Network, loudness
    from assistant.reader.training.train import Mix, Plan, Stage, Trainer, load_body, onward

    data, body = Prepared.load(prepared / "data.npz"), load_body(prepared / "body.npz")
    mix = Mix({"own": 0.7, "frames": 0.3})
    plan = Plan((Stage("broad", 1, mix, 1e-4), Stage("close", 1, mix, 1e-4)), batch=4, layers=2)
    states = []
    for name in ("one", "two"):
        trainer = Trainer(data, body, plan, tmp_path / name)
        assert trainer.run(every=2, save_every=1)
        states.append(torch.load(tmp_path / name / "network.pt", weights_only=True))
    assert (tmp_path / "one" / "log.jsonl").read_text("utf-8").count("own_auroc") == 1
    # cut off after its first step, then taken up again
    cut = Trainer(data, body, plan, tmp_path / "cut")
    assert not cut.run(until=0.0, save_every=1)
    assert Trainer(data, body, plan, tmp_path / "cut").run(every=2)
    states.append(torch.load(tmp_path / "cut" / "network.pt", weights_only=True))
    for state in states[1:]:
        assert all(torch.equal(value, states[0][key]) for key, value in state.items())

    # trained on, the lower layers stay as they are
    going_on = onward(1, batch=4, against=8, layers=2, frozen=1, taught=0.5)
    assert Trainer(data, body, going_on, tmp_path / "onward", states[0], [states[0]]).run(every=1)
    after = torch.load(tmp_path / "onward" / "network.pt", weights_only=True)
    assert torch.equal(after["layers.0.up.weight"], states[0]["layers.0.up.weight"])
    assert not torch.equal(after["layers.1.up.weight"], states[0]["layers.1.up.weight"])

    weights = {key: value.numpy() for key, value in states[0].items()}
    network = Network(layers=2).eval()
    network.load_state_dict(states[0])
    words = np.random.default_rng(0).standard_normal((1, 40, 384)).astype(np.float32) / 10
    inside = np.arange(40) > 12
    with torch.no_grad():
        wanted = [value.numpy().reshape(-1) for value in network(torch.from_numpy(words), None, torch.from_numpy(inside)[None])]
    logits = {}
    # what is loud is found where it was put
    network.layers[0].norm.weight.data[5] = 40.0
    heard = loudness(network, [(torch.from_numpy(words), torch.from_numpy(inside)[None])])
    assert set(heard) == {f"layers.{i}.{part}" for i in (0, 1) for part in ("qkv", "out", "up", "down")}
    assert heard["layers.0.down"].shape == (1536,)
    assert apart(heard)["layers.0.up"] == [5]
    channels = {"layers.0.down": [3, 700], "layers.1.up": [5]}
    for quantised, loud in ((False, None), (True, channels)):
        folder = tmp_path / f"onnx{quantised}"
        folder.mkdir()
        export(weights, 2, 12, folder / "reader.onnx", loud)
        again = weights_of(folder / "reader.onnx")
        assert again.keys() == weights.keys()
        coarse = 0.01 if quantised else 0.0
        assert all(np.abs(again[name] - value).max() <= coarse * np.abs(value).max() for name, value in weights.items())
        (folder / "reader.json").write_text('{"slope": 1, "bias": 0}', "utf-8")
        logits[quantised] = Reader.open(folder).logits(words, inside)
    for got, value in zip(logits[False], wanted, strict=True):
        assert np.abs(got - value).max() < 1e-3
    assert np.abs(logits[True][2] - logits[False][2]).max() < 0.5
    assert (tmp_path / "onnxTrue" / "reader.onnx").stat().st_size < (tmp_path / "onnxFalse" / "reader.onnx").stat().st_size


def test_the_entailment_pairs_are_about_passages_that_are_there() -> None:
    data = Path(__file__).parent.parent / "eval" / "data"
    known = {json.loads(line)["passage_id"] for file in data.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()}
    pairs = [json.loads(line) for line in (data / "entailment" / "pairs.jsonl").read_text("utf-8").splitlines()]
    assert {pair["passage_id"] for pair in pairs} <= known
    own = [json.loads(line) for line in (data / "entailment" / "passages.jsonl").read_text("utf-8").splitlines()]
    assert all(pair["passage"] and pair["passage_id"] not in known for pair in own)
    pairs += own
    assert len({pair["passage_id"] for pair in pairs}) == len(pairs)
    for name in ("outlets", "twins"):
        twins = [json.loads(line) for line in (data / "entailment" / f"{name}.jsonl").read_text("utf-8").splitlines()]
        assert {pair["passage_id"] for pair in twins} <= known | {pair["passage_id"] for pair in own}
        assert all(len(pair["supported"]) == 6 for pair in twins)
        pairs += twins
    for pair in pairs:
        told = [*pair["supported"], *(sentence for _, sentence in pair["false"])]
        assert len(set(told)) == len(told), pair["passage_id"]
