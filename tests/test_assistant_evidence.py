"""Rules and network together: what no network can talk past, and what it decides."""

import random
from datetime import date
from pathlib import Path

import pytest

from assistant.entailment import Entailment, load_entailment
from assistant.entailment.edits import changed
from assistant.evidence import NEAR, Rule, copied, weighed
from assistant.guard import Check, Span

DAY = date(2025, 11, 24)
FERRY = Span(
    "Die Reederei Alrun stellt die Fähre nach Norderhallig im Januar ein. Grund sind nach Angaben von Geschäftsführerin Ute Harms die "
    "gestiegenen Preise für Diesel. Zuletzt fuhren im Winter noch 40 Gäste am Tag. Inselbürgermeister Ocke Tams nannte das „einen Schlag“.",
    "article", DAY, "Halligbote",
)  # fmt: skip
RULE = Rule((1.0, -1.0, -1.0, 0.0), 0.0)


class Saying(Entailment):
    """A network that always says the same."""

    def __init__(self, logit: float) -> None:
        self.said = logit

    def logit(self, *_: str) -> float:
        return self.said


SURE, UNSURE = Saying(5.0), Saying(-5.0)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("number", "Zuletzt nutzten im Winter noch 60 Gäste täglich das Schiff."),
        ("date", "Im Februar endet der Schiffsverkehr nach Norderhallig."),
        ("quotation", "Ocke Tams sprach von „einem schweren Schlag“."),
        ("form", "Ich finde das schlimm für die Insel."),
    ],
)
def test_no_network_talks_past_the_rules(kind: str, sentence: str) -> None:
    found = weighed(sentence, [FERRY], SURE, RULE)
    assert not found.supported
    assert kind in {fault.kind for fault in found.faults}


def test_a_comment_stays_a_comment() -> None:
    reader = Span("Die fahren doch längst leer.", "comment", DAY, "Halligbote")
    assert not weighed("Die Fähren fahren längst leer.", [reader], SURE, RULE).supported


def test_the_network_decides_what_is_said_in_other_words() -> None:
    told = "Weil Treibstoff teurer wurde, gibt die Reederei die Verbindung im Januar auf."
    assert weighed(told, [FERRY], SURE, RULE) == Check(True)
    found = weighed(told, [FERRY], UNSURE, RULE)
    assert not found.supported
    assert found.faults


def test_what_the_rules_carry_no_network_takes_back() -> None:
    found = weighed("Die Reederei Alrun stellt die Fähre nach Norderhallig im Januar ein.", [FERRY], UNSURE, RULE)
    assert found.supported
    assert found.carriers


def test_a_sum_and_a_difference_are_no_new_numbers() -> None:
    source = Span("Der Rat stimmte mit 19 Stimmen dafür und mit 14 dagegen.")
    assert weighed("Die Mehrheit betrug fünf Stimmen.", [source], SURE, RULE).supported
    assert not weighed("Die Mehrheit betrug sieben Stimmen.", [source], SURE, RULE).supported


def test_nothing_is_carried_by_nothing() -> None:
    assert not weighed("Die Fähre fährt nicht mehr.", [], SURE, RULE).supported


def test_the_bundled_network_tells_other_words_from_other_facts() -> None:
    network = load_entailment()
    assert network is load_entailment()
    told = network.logit("Höhere Dieselpreise sind laut Ute Harms der Grund für das Ende der Fähre.", FERRY.text, "2025-11-24")
    turned = network.logit("Wegen zu vieler Gäste kauft die Reederei eine zweite Fähre.", FERRY.text, "2025-11-24")
    assert told > turned
    assert network.logit("Die Fähre fährt.", " ", "") == float("-inf")


def test_a_change_is_a_change_and_the_same_for_the_same_draw() -> None:
    sentence = "Ute Harms verkaufte am Montag 40 neue Karten, weil der Winter kurz war."
    passage = f"{sentence} Ocke Tams zählte 12 Gäste, die auf das Schiff warteten."
    elsewhere = "Im Süden baut die Stadt für viel Geld eine lange Brücke aus Beton, nachdem Arno Feld dafür geworben hatte."
    kinds = {}
    for seed in range(60):
        found = changed(sentence, passage, elsewhere, random.Random(seed))
        assert found == changed(sentence, passage, elsewhere, random.Random(seed))
        assert found is not None
        assert found[1] != sentence
        kinds[found[0]] = found[1]
    assert {"number", "name", "noun", "opposite", "exchanged", "put in", "denied", "joined"} <= set(kinds)
    assert changed("Ja", "Ja", "", random.Random(0)) is None


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_tiny_network_is_trained_resumed_and_written(tmp_path: Path) -> None:
    import time

    import torch

    from assistant.entailment.training import Passage, Trainer, finish
    from assistant.reader import Reader

    def passage(number: int) -> Passage:
        text = f"{FERRY.text} Das Schiff ist {number} Jahre alt."
        true, false = ("Das Schiff fährt bald nicht mehr.",), (("number", "Es sind 9 Gäste."),)
        return Passage(f"p{number}", f"article {number}", "2025-11-24", text, true, false)

    passages = [passage(number) for number in range(14)]
    assert {p.part for p in passages} >= {"train", "dev"}
    reader = Path(__file__).parent.parent / "assistant" / "reader"
    whole = Trainer(passages, reader, tmp_path / "whole", layers=2, epochs=1)
    assert whole.run(time.time() + 600)
    cut = Trainer(passages, reader, tmp_path / "cut", layers=2, epochs=1)
    assert not cut.run(0.0)
    again = Trainer(passages, reader, tmp_path / "cut", layers=2, epochs=1)
    assert again.run(time.time() + 600)
    assert all(torch.equal(value, again.averaged[name]) for name, value in whole.averaged.items())
    finish(whole.averaged, passages, tmp_path / "out")
    assert Reader.open(tmp_path / "out").read("Das Schiff fährt.", [FERRY.text])[0].probability > 0


def test_what_shares_next_to_nothing_with_the_text_is_not_weighed() -> None:
    assert not weighed("Was bleibt, ist die Hoffnung.", [FERRY], SURE, RULE).supported
    assert not weighed("Was bleibt, ist die Fähre.", [FERRY], SURE, RULE).supported


def test_near_copies_are_left_to_the_rules() -> None:
    near = "Die Reederei Alrun stellt die Fähre nach Norderhallig angeblich im Januar ein."
    assert copied(near, [FERRY]) >= NEAR
    assert not weighed(near, [FERRY], SURE, RULE).supported
    assert copied("Weil Treibstoff teurer wurde, gibt das Unternehmen die Verbindung auf.", [FERRY]) < NEAR
    assert copied("Nichts davon.", []) == 0
