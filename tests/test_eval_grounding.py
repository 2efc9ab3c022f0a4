"""What the judge-free checks find in sentences, and the metrics of citations that rest on them."""

from dataclasses import replace

import pytest

from assistant.types import Answer, Citation, Sentence
from eval.citations import citation_precision, citation_recall, speaks_in
from eval.grounding import KINDS, faults
from eval.mutations import Sample, checked, mutants

QUOTE = (
    "Die Stadt Mohlsen will am 3. Mai 2025 zwölf neue Busse bestellen, die zusammen 4,2 Millionen Euro kosten sollen. „Das ist kein Luxus, "
    "sondern nötig“, sagte Bürgermeisterin Ilka Brandt. Kämmerer Jan Ohlsen lehnte den Kauf nicht ab."
)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Die Stadt Mohlsen will am 3. Mai 2025 zwölf neue Busse bestellen.", ""),
        ("Am 03.05.2025 will Mohlsen 12 neue Busse bestellen.", ""),
        ("Die Busse sollen 4,2 Mio. Euro kosten.", ""),
        ("Bürgermeisterin Ilka Brandt sagte: »Das ist kein Luxus, sondern nötig«.", ""),
        ("Die Stadt Mohlsen will 13 neue Busse bestellen.", "number"),
        ("Die Busse sollen 4,2 Milliarden Euro kosten.", "number"),
        ("Die Stadt Mohlsen will am 4. Mai 2025 zwölf neue Busse bestellen.", "date"),
        ("Die Stadt Lauenhafen will zwölf neue Busse bestellen.", "name"),
        ("Bürgermeisterin Ilka Brandt sagte: „Das ist ein Luxus, aber nötig“.", "quotation"),
        ("„Das ist kein Luxus, sondern nötig“, sagte Kämmerer Jan Ohlsen.", "speaker"),
        ("Kämmerer Jan Ohlsen lehnte den Kauf ab.", "negation"),
        ("Die Busse kosten zusammen 4,2 Millionen Euro.", "modality"),
        ("Die Stadt will zwölf neue Busse bestellen, weil die alten ständig brennend liegenbleiben.", "content"),
    ],
)
def test_each_kind_of_fault_is_found(sentence: str, kind: str) -> None:
    found = faults(sentence, [QUOTE])
    assert (kind in found) if kind else not found
    assert found <= set(KINDS)


def test_a_day_may_be_that_of_the_article() -> None:
    assert not faults("Am 5. Mai 2025 lehnte Jan Ohlsen den Kauf nicht ab.", [QUOTE], published=["2025-05-05"])


def cite(n: int, quote: str, article: str = "a", voice: str = "article") -> Citation:
    return Citation(n, article, "", "", "2025-05-05", "", "", voice, 0, len(quote), quote)  # type: ignore[arg-type]


def answer_of(citations: list[Citation], *sentences: tuple[str, tuple[int, ...]]) -> Answer:
    said = tuple(Sentence(text, "verbatim", numbers) for text, numbers in sentences)
    return Answer("?", "de", False, 0.9, None, "", said, tuple(citations))


def test_recall_and_precision_of_citations_by_hand() -> None:
    bus, rest = cite(1, "Die Stadt bestellt zwölf Busse."), cite(2, "Der Hafen wird ausgebaut.")
    told = ("Die Stadt bestellt zwölf Busse.", (1, 2))
    assert citation_recall(answer_of([bus, rest], told)) == 1.0
    assert citation_precision(answer_of([bus, rest], told)) == 0.5  # the second carries nothing of it
    assert citation_recall(answer_of([rest], ("Die Stadt bestellt zwölf Busse.", (2,)))) == 0.0
    assert citation_precision(answer_of([rest], ("Die Stadt bestellt zwölf Busse.", (2,)))) == 0.0
    both = ("Die Stadt bestellt zwölf Busse, der Hafen wird ausgebaut.", (1, 2))
    assert citation_precision(answer_of([bus, rest], both)) == 1.0  # only together
    assert citation_recall(answer_of([], ("Die Stadt bestellt zwölf Busse.", ()))) == 0.0
    assert citation_recall(replace(answer_of([]), abstained=True)) != citation_recall(replace(answer_of([]), abstained=True))  # nan


def test_voices() -> None:
    comment = answer_of([cite(1, "Zu teuer.", voice="comment")], ("Zu teuer.", (1,)))
    report = answer_of([cite(1, "Es kostet viel.")], ("Es kostet viel.", (1,)))
    asked = [("article", False), ("article", True), ("comment", True)]
    assert [speaks_in(comment, *how) for how in asked] == [False, True, True]
    assert [speaks_in(report, *how) for how in asked] == [True, True, False]


def test_mutants_are_made_false_in_one_way_and_found() -> None:
    samples = [
        Sample(QUOTE, (cite(1, QUOTE),), "de"),
        Sample("Den Hafen von Brockdorf baut ab Juni die Firma Ute Harms aus.",
               (cite(1, "Den Hafen von Brockdorf baut ab Juni die Firma Ute Harms aus.", "b"),), "de"),
    ]  # fmt: skip
    made = list(mutants(samples))
    assert {m.kind for m in made} >= {"number", "date", "name", "negation", "modality", "quotation", "citation", "addition", "speaker"}
    assert all(m.sample.text != samples[0].text or m.kind == "citation" for m in made)
    assert list(mutants(samples)) == made
    # without a sample from another article there is only nothing to take from it
    assert {m.kind for m in mutants(samples[:1])} == {"number", "date", "negation", "modality", "quotation", "speaker"}
    found = checked(samples)
    assert found["clean"].value == 0.0
    assert found["number"].value == found["citation"].value == found["quotation"].value == 1.0
