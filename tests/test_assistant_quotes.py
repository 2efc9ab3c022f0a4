"""Which sentences are quoted, and what is taken along with them."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.candidates import superseded
from assistant.citing import attribution
from assistant.questions import topic_of
from assistant.quotes import choose_opinions, reports
from assistant.types import Citation
from index.types import Filters


@pytest.mark.parametrize(
    ("sentence", "speaker_missing"),
    [
        ("Den Antrag wolle die Firma im Juni einreichen.", True),
        ("Am 3. Juni werde die Brücke geöffnet.", True),
        ("Rund 3,5 Millionen Euro habe das gekostet.", True),
        ("Schuld sei vor allem das Wetter, das niemand bestellt habe.", True),
        ("Unklar sei, wie lange die Sanierung dauere.", True),
        ("Die Straße bleibe gesperrt, so dass Autos umgeleitet werden.", True),
        ("Um Geld sei es nicht gegangen, versicherte der Minister.", False),
        ("Das Geld reiche, meint Meier.", False),
        ("Zum Fest seien, wie die Polizei mitteilte, 300 Leute gekommen.", False),
        ("Nach Angaben der Polizei sei niemand verletzt.", False),
        ("Nach Polizeiangaben sei niemand verletzt.", False),
        ("Irgendwo habe ich das gelesen.", False),
        ("„Das werde teuer“, hieß es.", False),
        ("Die Brücke kostet mehr, als man gedacht habe.", False),
        ("Gott sei Dank wurde niemand verletzt.", False),
        ("Ob er komme, ist offen.", False),
    ],
)
def test_reported_speech_that_names_no_speaker_is_known(sentence: str, speaker_missing: bool) -> None:
    assert reports(sentence) is speaker_missing


@pytest.mark.parametrize(
    ("sentence", "answer", "before"),
    [
        ("Der bisherige Termin, Ostern 2031, ist nicht zu halten.", "Ostern 2031", True),
        ("Statt der im Mai genannten 50 Euro sind es nun 70 Euro.", "50 Euro", True),
        ("Statt der im Mai genannten 50 Euro sind es nun 70 Euro.", "70 Euro", False),
        ("Ursprünglich sollte die Fähre im Mai fahren, nun im Juli.", "im Mai", True),
        ("Ursprünglich sollte die Fähre im Mai fahren, nun im Juli.", "im Juli", False),
        ("Der Preis sinkt von 35 Cent auf 20 Cent.", "35 Cent", True),
        ("Der Preis sinkt von 35 Cent auf 20 Cent.", "20 Cent", False),
        ("Bisher wurden 47 Tote gezählt.", "47 Tote", False),
        ("Das Fest fand in Ulm statt und dauerte 100 Minuten.", "100 Minuten", False),
        ("Das Fest findet statt am 3. Mai.", "3. Mai", False),
        ("Statt im Mai fährt die Fähre im Juli.", "im Juli", False),
        ("Statt Meier kommt Anna Bär.", "Anna Bär", False),
        ("Dem bisherigen Chef folgt Anna Bär.", "Anna Bär", False),
        ("Gezählt wurden zunächst 12 Fälle.", "12 Fälle", False),
    ],
)
def test_what_a_sentence_says_was_so_before_is_known(sentence: str, answer: str, before: bool) -> None:
    at = sentence.index(answer)
    assert superseded(sentence, at, at + len(answer)) is before


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Was sagen die Leser zum Urteil gegen Meier?", "die zum Urteil gegen Meier?"),
        ("Was halten die Leser von der Reaktion der Bahn?", "die von der Reaktion der Bahn?"),
        ("Welche Meinungen und Erfahrungen zur Bahn stehen in den Kommentaren?", "zur Bahn in den ?"),
        ("Wie ist die Stimmung unter den Lesern zur Bahn?", "ist die zur Bahn?"),
    ],
)
def test_the_topic_of_opinions_is_what_they_are_about(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def test_reported_speech_is_quoted_with_who_says_it(tmp_path: Path) -> None:
    (tmp_path / "brücke.txt").write_text(
        "Streit um Brücke\n\nBaurat Jens Halmer nannte die Pläne für die Brücke in Oberwinkel am Montag ehrgeizig. Die Kosten seien "
        "gestiegen. Den Antrag auf Förderung wolle die Stadt im Juni 2027 stellen.\n", "utf-8",
    )  # fmt: skip
    assistant = Assistant.build([tmp_path / "brücke.txt"], tmp_path / "data")
    answer = assistant.ask("Wann will die Stadt den Antrag auf Förderung der Brücke stellen?")
    assistant.close()
    assert "Juni 2027" in (answer.short or "")
    assert answer.citations[0].quote.startswith("Baurat Jens Halmer")


def test_guests_of_two_articles_are_two_readers(tmp_path: Path) -> None:
    for place in ("Oberwinkel", "Unterwinkel"):
        (tmp_path / f"{place}.json").write_text(
            f'{{"title": "Neue Brücke in {place}", "body": "Die neue Brücke in {place} kostet zwölf Millionen Euro, sagte Baurat Halmer.", '
            f'"comments": [{{"author": "Gast", "text": "Die Brücke in {place} ist viel zu teuer."}}]}}', "utf-8",
        )  # fmt: skip
    assistant = Assistant.build([tmp_path], tmp_path / "data")
    try:
        hits = assistant.search("die Brücke", "de", Filters(voices=frozenset({"comment"})))
    finally:
        assistant.close()
    assert len(choose_opinions(hits)) == 2


def test_a_title_that_stands_for_an_outlet_is_cut_also_without_a_blank() -> None:
    long = Citation(1, "x", "Donaudampfschifffahrt" * 5, "", None, "x.txt", "x.txt", "article", 0, 1, "x")
    assert attribution(long, "de") == f"{long.title[:60]} …:"
