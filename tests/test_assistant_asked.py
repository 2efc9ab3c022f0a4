"""What a question is limited to by its own words."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.asked import outlets_asked

OUTLETS = ["", "Der Bote", "Talzeitung", "KURIER", "Kurier am Abend", "apd", "Welt", "ntv", "Gießener Boten-Post"]


@pytest.mark.parametrize(
    ("question", "outlets", "rest"),
    [
        ("Wie viele Briefe kamen laut Talzeitung zu spät?", {"Talzeitung"}, "Wie viele Briefe kamen zu spät?"),
        ("Laut „Kurier am Abend“: wann war das?", {"Kurier am Abend"}, "Wann war das?"),
        ("Was kostet die Brücke der Agentur apd zufolge?", {"apd"}, "Was kostet die Brücke?"),
        ("According to the Kurier, who called?", {"KURIER"}, "Who called?"),
        ("Wie teuer ist es laut dem Boten?", {"Der Bote"}, "Wie teuer ist es?"),
        ("Wie teuer ist es laut Bote?", {"Der Bote"}, "Wie teuer ist es?"),
        ("Wie teuer ist es laut Bote und Kurier?", {"Der Bote", "KURIER"}, "Wie teuer ist es?"),
        ("Was schreibt die Talzeitung über die Brücke?", {"Talzeitung"}, "Was schreibt die Talzeitung über die Brücke?"),
        ("Was hat die Talzeitung zur Brücke gemeldet?", {"Talzeitung"}, "Was hat die Talzeitung zur Brücke gemeldet?"),
        ("What did the Kurier report?", {"KURIER"}, "What did the Kurier report?"),
        ("Wer verlässt die Talzeitung?", set(), "Wer verlässt die Talzeitung?"),
        ("Wie lange dauerte laut Meier das Treffen?", set(), "Wie lange dauerte laut Meier das Treffen?"),
        ("Was sagte der Bote?", set(), "Was sagte der Bote?"),
        ("Wie viele Fälle wurden in der Welt gemeldet?", set(), "Wie viele Fälle wurden in der Welt gemeldet?"),
        ("Wie viele Menschen auf der Welt schreiben von Hand?", set(), "Wie viele Menschen auf der Welt schreiben von Hand?"),
        ("Was war laut dem Kurier-Artikel der Gewinn?", set(), "Was war laut dem Kurier-Artikel der Gewinn?"),
        ("Was gilt laut ntv.de?", set(), "Was gilt laut ntv.de?"),
        ("Laut Talzeitung?", {"Talzeitung"}, "Laut Talzeitung?"),
        ("Wie teuer ist es laut Gießener Boten-Post?", {"Gießener Boten-Post"}, "Wie teuer ist es?"),
    ],
)
def test_the_outlets_whose_account_is_asked_for_are_known(question: str, outlets: set[str], rest: str) -> None:
    assert outlets_asked(question, OUTLETS) == (outlets, rest)


@pytest.mark.parametrize(
    ("question", "outlets", "rest"),
    [
        ("Wie viele kamen laut Auenboten?", {"Der Auenbote"}, "Wie viele kamen?"),
        ("Laut Neuer Auer Zeitung: wer kam?", {"Neue Auer Zeitung"}, "Wer kam?"),
        ("Wie viele kamen laut Mühltaler?", {"Mühltaler Anzeiger"}, "Wie viele kamen?"),
        ("Wie viele kamen laut Mühltaler Polizei?", set(), "Wie viele kamen laut Mühltaler Polizei?"),
        ("Was drohte ihm laut Anzeige?", set(), "Was drohte ihm laut Anzeige?"),
        ("Wie viele kamen laut Volksblatt zu spät?", {"Binzer Volksblatt"}, "Wie viele kamen zu spät?"),
        ("Wie viele kamen laut MK Online und Funkwerk?", {"MK Online", "FUNKWERK.DE"}, "Wie viele kamen?"),
        ("Was schreibt die MK?", {"MK Online"}, "Was schreibt die MK?"),
        ("Was sagt der Seespiegel über den Chef?", {"Seespiegel"}, "Was sagt der Seespiegel über den Chef?"),
        ("Welche Zahl nennt der Seespiegel?", {"Seespiegel"}, "Welche Zahl nennt der Seespiegel?"),
        ("Wie viele Tote werden im Seespiegel genannt?", {"Seespiegel"}, "Wie viele Tote werden genannt?"),
        ("Was steht in der Zukunft über Tee?", {"Zukunft"}, "Was steht in der Zukunft über Tee?"),
        ("Wer zahlt in der Zukunft?", set(), "Wer zahlt in der Zukunft?"),
        ("Wie teuer ist es nach Angaben des Seespiegels?", {"Seespiegel"}, "Wie teuer ist es?"),
        ("Wie teuer ist es nach Angaben der Polizei?", set(), "Wie teuer ist es nach Angaben der Polizei?"),
        ("Was schreibt der Seespiegel laut MK Online?", {"MK Online"}, "Was schreibt der Seespiegel?"),
    ],
)
def test_an_outlet_is_known_declined_and_in_short(question: str, outlets: set[str], rest: str) -> None:
    known = ["Der Auenbote", "Neue Auer Zeitung", "Mühltaler Anzeiger", "Binzer Volksblatt", "MK Online", "FUNKWERK.DE", "Seespiegel"]
    assert outlets_asked(question, [*known, "Zukunft"]) == (outlets, rest)


@pytest.mark.parametrize(
    ("question", "outlets"),
    [
        ("Wie teuer ist es laut Paris?", set()), ("Was sagt Paris zum Zoll?", set()), ("Was sagt die Küste zum Zoll?", set()),
        ("Wie teuer ist es laut OECD?", set()), ("Wie teuer ist es laut Gewitter?", set()), ("Laut MK: wer kam?", {"MK Online"}),
        ("Laut Wiesauer: wer kam?", {"Wiesauer Rundschau"}), ("was kostet es laut rundschau", {"Wiesauer Rundschau"}),
        ("Was kostet es laut rundschau?", set()), ("was sagt der wiesauer zum zoll?", set()),
        ("Laut Nordkurier: wer kam?", {"Nord-Kurier"}), ("Laut Nord Kurier: wer kam?", {"Nord-Kurier"}),
        ("Laut See-Spiegel: wer kam?", {"Seespiegel"}), ("Laut Paris-Post: wer kam?", {"Paris Post"}),
    ],
)  # fmt: skip
def test_a_place_or_body_that_an_outlet_is_named_after_is_not_the_outlet(question: str, outlets: set[str]) -> None:
    known = ["Paris Post", "Küste Online", "OECD News", "Gewitter Online", "MK Online", "Wiesauer Rundschau", "Nord-Kurier", "Seespiegel"]
    assert outlets_asked(question, known)[0] == outlets


def test_what_two_outlets_are_called_in_short_is_neither() -> None:
    assert outlets_asked("Wie viele kamen laut Volksblatt?", ["Binzer Volksblatt", "Auer Volksblatt"])[0] == frozenset()


def test_only_the_outlet_that_is_asked_for_answers(tmp_path: Path) -> None:
    for outlet, cost in (("Der Bote", "12"), ("Talzeitung", "21")):
        (tmp_path / f"{cost}.md").write_text(
            f"---\ntitle: Neue Brücke in Oberwinkel\noutlet: {outlet}\ndate: 2026-03-02\n---\n\nDie neue Brücke in Oberwinkel kostet "
            f"{cost} Millionen Euro. Das sagte Baurat Jens Halmer am Montag.\n", "utf-8",
        )  # fmt: skip
    assistant = Assistant.build([tmp_path], tmp_path / "data")
    question = "Wie viele Millionen Euro kostet die neue Brücke in Oberwinkel laut {}?"
    answers = {outlet: assistant.ask(question.format(outlet)) for outlet in ("Talzeitung", "Der Bote")}
    chat = assistant.chat()
    chat.ask("Wann kostete die Brücke in Oberwinkel laut Talzeitung 21 Millionen Euro?")
    assert chat.ask("Und warum?").outlets == ("Talzeitung",)
    assistant.close()
    for outlet, answer in answers.items():
        assert answer.question == question.format(outlet)
        assert {citation.outlet for citation in answer.citations} == {outlet} == set(answer.outlets)
