"""Which sentences are quoted, and what is taken along with them."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.candidates import superseded
from assistant.quotes import reports


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
        ("Das bisherige Ziel, Herbst 2028, ist nicht mehr zu halten.", "Herbst 2028", True),
        ("Statt der genannten 410 Millionen Euro kostet es nun 465 Millionen.", "410 Millionen Euro", True),
        ("Statt der genannten 410 Millionen Euro kostet es nun 465 Millionen.", "465 Millionen", False),
        ("Ursprünglich sollte die Brücke im Mai öffnen, nun im Juli.", "im Mai", True),
        ("Ursprünglich sollte die Brücke im Mai öffnen, nun im Juli.", "im Juli", False),
        ("Der Zoll sinkt von 35 Prozent auf 20 Prozent.", "35 Prozent", True),
        ("Der Zoll sinkt von 35 Prozent auf 20 Prozent.", "20 Prozent", False),
    ],
)
def test_what_a_sentence_says_was_so_before_is_known(sentence: str, answer: str, before: bool) -> None:
    at = sentence.index(answer)
    assert superseded(sentence, at, at + len(answer)) is before


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
