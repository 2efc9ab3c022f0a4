"""What the ranking and the abstention rule are fitted on."""

import json
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.reader.training.records import Record
from eval.fit import indexed
from eval.train import _from_records, _from_xquad
from index.embedding import load_encoder

TOWNS = {"Brackenau": "Rathaus", "Talheim": "Freibad", "Nordwik": "Museum", "Lisgard": "Bahnhof"}


def _text(town: str, place: str) -> str:
    return f"In {town} wird das {place} für 12 Millionen Euro saniert. Die Arbeiten am {place} beginnen im Mai und leitet Ute Harms.\n"


@pytest.fixture(scope="module")
def xquad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    paragraphs = []
    for town, place in TOWNS.items():
        asked = [
            ("Wann beginnen die Arbeiten in", "When does the work begin in", "¿Cuándo comienzan las obras en", "im Mai"),
            ("Wer leitet die Arbeiten in", "Who leads the work in", "¿Quién dirige las obras en", "Ute Harms"),
            ("Was kostet die Sanierung in", "What is the cost of the work in", "¿Cuánto cuestan las obras en", "12 Millionen Euro"),
            ("Was wird saniert in", "What is renovated in", "¿Qué se renueva en", place),
        ]
        qas = [
            {"question": f"{de} {town}?", "question_en": f"{en} {town}?", "question_es": f"{es} {town}?", "answers": [{"text": answer}]}
            for de, en, es, answer in asked
        ]
        paragraphs.append({"context": _text(town, place), "qas": qas})
    file = tmp_path_factory.mktemp("xquad") / "xquad.json"
    file.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), "utf-8")
    return file


def test_half_of_the_questions_in_each_language_lack_their_paragraph(xquad: Path) -> None:
    examples = list(_from_xquad(xquad, load_encoder()))
    assert Counter((e.case.lang, e.case.answerable) for e in examples) == {
        ("de", True): 4, ("de", False): 4, ("en", True): 2, ("en", False): 2, ("es", True): 2, ("es", False): 2,
    }  # fmt: skip
    for example in examples:
        town = next(town for town in TOWNS if town in example.case.question)
        assert any(town in hit.passage.text for hit in example.hits) is example.case.answerable


def test_near_misses_of_records_are_examples_without_an_answer() -> None:
    text = _text("Talheim", "Freibad")
    start = text.index("Ute Harms")
    records = [
        Record("own", "own:1", "Wer leitet die Arbeiten am Freibad?", text, start, start + len("Ute Harms")),
        Record("own", "own:1", "Wann enden die Arbeiten am Freibad?", text, why="attribute"),
    ]
    found = [(e.case.answerable, e.case.kind, e.case.need, e.collection) for e in _from_records(records, load_encoder())]
    assert found == [(True, "fact", [["Ute Harms"]], "own"), (False, "attribute", [], "own")]


def test_an_index_is_closed_when_what_is_done_with_it_fails(tmp_path: Path) -> None:
    (tmp_path / "talheim.txt").write_text(_text("Talheim", "Freibad"), "utf-8")
    with suppress(InterruptedError), indexed([tmp_path], load_encoder()) as index:
        copy = index._copy
        assert copy.exists()
        raise InterruptedError
    assert not copy.exists()
