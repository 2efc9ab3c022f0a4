"""What users say of answers, and what of it becomes evaluation cases."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.feedback import Feedback, FeedbackError, cases
from assistant.types import Answer, Citation, Sentence
from eval.cases import Case

CITED = Citation(1, "bruecke", "", "", None, "", "", "article", 0, 9, "14 Wochen", 0, 9)
ANSWER = Answer("Wie lange?", "de", False, 0.9, "14 Wochen", "…", (Sentence("14 Wochen", "verbatim", (1,)),), (CITED,))
REFUSAL = Answer("Warum?", "de", True, 0.1, None, "…")


def test_feedback_is_kept_and_becomes_cases(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path / "feedback.sqlite")
    assert feedback.entries() == []
    for answer, good, reason in ((ANSWER, True, ""), (ANSWER, False, " zu\nkurz "), (REFUSAL, True, ""), (REFUSAL, False, "steht da")):
        feedback.add(answer, good, reason)
    entries = feedback.entries()
    assert [(e.good, e.reason) for e in entries] == [(True, ""), (False, "zu kurz"), (True, ""), (False, "steht da")]
    assert entries[0].answer == ANSWER.to_dict()
    drafts = [Case.model_validate(json.loads(json.dumps(case))) for case in cases(entries)]
    assert [(d.answerable, d.need, d.ban, d.articles) for d in drafts] == [
        (True, [["14 Wochen"]], [], ["bruecke"]), (True, [], ["14 Wochen"], []), (False, [], [], []), (True, [], [], []),
    ]  # fmt: skip
    assert len({d.id for d in drafts}) == 4


def test_a_file_that_is_no_feedback_is_named(tmp_path: Path) -> None:
    file = tmp_path / "feedback.sqlite"
    file.write_text("nothing of the kind, and long enough to be taken for a page of a database")
    for act in (lambda: Feedback(file).add(ANSWER, True), lambda: Feedback(file).entries()):
        with pytest.raises(FeedbackError, match=r"feedback\.sqlite: "):
            act()


def test_what_is_given_is_kept_until_it_is_removed(tmp_path: Path) -> None:
    (tmp_path / "erster.txt").write_text("Die Mole ist fertig\n\nDie Mole ist 300 Meter lang, sagte der Hafenmeister am Montag.", "utf-8")
    assistant = Assistant.build([tmp_path / "erster.txt"], tmp_path / "data")
    try:
        text = b"Neues Schleusentor\n\nDas Schleusentor wiegt 84 Tonnen, teilte das Wasseramt am Dienstag mit."
        steps: list[tuple[int, int]] = []
        report = assistant.add([("../../Tor.txt", text), ("leer.txt", b"  ")], progress=lambda done, total: steps.append((done, total)))
        assert report.added == ["tor"]
        assert len(report.failed) == 1
        assert steps[-1][0] == steps[-1][1]
        answer = assistant.ask("Wie viel wiegt das Schleusentor?")
        assert answer.short == "84 Tonnen"
        assert answer.citations[0].edited == ""
        assert [file.name for file in (tmp_path / "data" / "uploads").glob("*/*")] == ["Tor.txt"]
        assert assistant.add([("Tor.txt", text)]).unchanged == ["tor"]
        assistant.remove("erster")
        assert (tmp_path / "erster.txt").exists()
        assistant.remove("tor")
        assert [source.id for source in assistant.sources()] == []
        assert not list((tmp_path / "data" / "uploads").glob("*/*"))
        assistant.rate(replace(answer, question="?"), True)
    finally:
        assistant.close()
