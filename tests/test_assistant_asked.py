"""What a question is limited to by its own words."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.asked import outlet_in

OUTLETS = ["", "Der Bote", "Talzeitung", "KURIER", "Kurier am Abend", "apd"]


@pytest.mark.parametrize(
    ("question", "outlet", "rest"),
    [
        ("Wie viele Briefe kamen laut Talzeitung zu spät?", "Talzeitung", "Wie viele Briefe kamen zu spät?"),
        ("Laut „Kurier am Abend“: wann war das?", "Kurier am Abend", "Wann war das?"),
        ("Was kostet die Brücke der Agentur apd zufolge?", "apd", "Was kostet die Brücke?"),
        ("According to the Kurier, who called?", "KURIER", "Who called?"),
        ("Wie teuer ist es laut „Der Bote“?", "Der Bote", "Wie teuer ist es?"),
        ("Was schreibt die Talzeitung über die Brücke?", "Talzeitung", "Was schreibt die Talzeitung über die Brücke?"),
        ("Was hat die Talzeitung zur Brücke gemeldet?", "Talzeitung", "Was hat die Talzeitung zur Brücke gemeldet?"),
        ("Wer verlässt die Talzeitung?", "", "Wer verlässt die Talzeitung?"),
        ("Wie lange dauerte laut Meier das Treffen?", "", "Wie lange dauerte laut Meier das Treffen?"),
        ("Was sagte der Bote?", "", "Was sagte der Bote?"),
    ],
)
def test_the_outlet_whose_account_is_asked_for_is_known(question: str, outlet: str, rest: str) -> None:
    assert outlet_in(question, OUTLETS) == (outlet, rest)


def test_only_the_outlet_that_is_asked_for_answers(tmp_path: Path) -> None:
    for outlet, cost in (("Der Bote", "12"), ("Talzeitung", "21")):
        (tmp_path / f"{cost}.md").write_text(
            f"---\ntitle: Neue Brücke in Oberwinkel\noutlet: {outlet}\ndate: 2026-03-02\n---\n\nDie neue Brücke in Oberwinkel kostet "
            f"{cost} Millionen Euro. Das sagte Baurat Jens Halmer am Montag.\n", "utf-8",
        )  # fmt: skip
    assistant = Assistant.build([tmp_path], tmp_path / "data")
    question = "Wie viele Millionen Euro kostet die neue Brücke in Oberwinkel laut {}?"
    answers = {outlet: assistant.ask(question.format(outlet)) for outlet in ("Talzeitung", "Der Bote")}
    assistant.close()
    for outlet, answer in answers.items():
        assert answer.question == question.format(outlet)
        assert {citation.outlet for citation in answer.citations} == {outlet}
