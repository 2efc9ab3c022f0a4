"""Sources that disagree, the latest state, questions answered in part, and what happens when the cited fact changes."""

from datetime import date
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.candidates import Quote
from assistant.questions import asks_for_latest
from assistant.quotes import outdated
from assistant.render import render_answer
from index.types import Hit, Passage, Source

BRIDGE = {
    "bote": (
        "Der Bote", "2026-03-02", "Neue Brücke in Oberwinkel",
        "Die neue Brücke in Oberwinkel kostet {cost} Millionen Euro. Das teilte Baurat Jens Halmer am Montag mit. Die alte Brücke war im "
        "Januar gesperrt worden, weil ein Pfeiler Risse hatte.",
    ),
    "kurier": (
        "Der Kurier", "2026-03-09", "Oberwinkel streitet über Brücke",
        "Die neue Brücke in Oberwinkel kostet 21 Millionen Euro, sagte Stadträtin Mia Torwald. Anwohner fordern eine Fähre.",
    ),
    "garten": (
        "Der Kurier", "2026-03-10", "Gartenschau eröffnet",
        "Die Gartenschau in Niederbach hat am Dienstag eröffnet. Sie zeigt 3.000 Rosen und bleibt bis Oktober geöffnet.",
    ),
}  # fmt: skip


def build(folder: Path, cost: str = "12", without: str = "") -> Assistant:
    texts = folder / f"texts-{cost}-{without}"
    texts.mkdir(parents=True)
    for name, (outlet, published, title, body) in BRIDGE.items():
        if name != without:
            (texts / f"{name}.md").write_text(
                f"---\ntitle: {title}\noutlet: {outlet}\ndate: {published}\n---\n\n{body.format(cost=cost)}\n", "utf-8"
            )
    return Assistant.build([texts], folder / f"data-{cost}-{without}")


COST = "Wie viele Millionen Euro kostet die neue Brücke in Oberwinkel?"


def test_sources_that_disagree_are_shown_side_by_side(tmp_path: Path) -> None:
    assistant = build(tmp_path)
    answer = assistant.ask(COST)
    assistant.close()
    (conflict,) = answer.conflicts
    assert conflict.about == COST
    outlets = {c.outlet: c.quote for c in answer.citations if c.n in conflict.citations}
    assert set(outlets) == {"Der Bote", "Der Kurier"}
    assert "12 Millionen" in outlets["Der Bote"]
    assert "21 Millionen" in outlets["Der Kurier"]
    assert answer.text.startswith("Die Quellen sagen dazu Verschiedenes:")


def test_sources_that_agree_are_no_conflict_and_cited_once(tmp_path: Path) -> None:
    assistant = build(tmp_path, cost="21")
    answer = assistant.ask(COST)
    assistant.close()
    assert answer.conflicts == ()
    assert len(answer.sentences[0].citations) == 2


def test_the_latest_state_comes_first(tmp_path: Path) -> None:
    assistant = build(tmp_path)
    answer = assistant.ask("Wie viele Millionen Euro kostet die neue Brücke in Oberwinkel nach neuestem Stand?")
    assistant.close()
    assert [(c.outlet, c.outdated) for c in answer.citations] == [("Der Kurier", False), ("Der Bote", True)]
    assert "Der Kurier, 09.03.2026: " in answer.text
    assert "Der Bote, Stand 02.03.2026: " in answer.text
    assert "Stand 02.03.2026, inzwischen anders" in render_answer(answer, "de")


def test_when_the_cited_fact_is_edited_the_answer_changes_and_when_it_is_deleted_another_is_cited(tmp_path: Path) -> None:
    edited, deleted = build(tmp_path, cost="17"), build(tmp_path, without="bote")
    answers = [edited.ask(COST), deleted.ask(COST)]
    edited.close()
    deleted.close()
    assert any("17 Millionen" in c.quote for c in answers[0].citations)
    assert all("12 Millionen" not in c.quote for answer in answers for c in answer.citations)
    assert {c.outlet for c in answers[1].citations} == {"Der Kurier"}


def test_a_question_answered_in_part_says_what_is_missing(tmp_path: Path) -> None:
    assistant = build(tmp_path)
    answer = assistant.ask("Bis wann bleibt die Gartenschau in Niederbach geöffnet, und wer ist dort der Chefgärtner von Beruf?")
    assistant.close()
    assert "Oktober" in answer.text
    assert answer.text.endswith("Dazu finde ich in den Quellen nichts: „Wer ist dort der Chefgärtner von Beruf?“")


@pytest.mark.parametrize("question", ["Wie geht es dir?", "Schreibe ein Gedicht über die Brücke in Oberwinkel!"])
def test_talk_and_commands_get_no_answer_though_their_words_are_found(tmp_path: Path, question: str) -> None:
    assistant = build(tmp_path)
    answer = assistant.ask(question)
    assistant.close()
    assert answer.abstained
    assert answer.confidence == 0.0


@pytest.mark.parametrize(("other", "agree"), [("31:27", False), ("31:24", True)])
def test_only_a_source_with_the_whole_score_is_cited_with_another(other: str, agree: bool, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    begun = "Die Handballerinnen von Hellau haben das Derby gegen Borstel", "Das Derby gegen Borstel haben die Frauen aus Hellau am Samstag"
    for name, begin, score in ("bote", begun[0], "31:24"), ("kurier", begun[1], other):
        text = f"{begin} mit {score} gewonnen. Das Fest dauerte lang."
        (tmp_path / "texts" / f"{name}.md").write_text(f"---\ntitle: Derby in Hellau\noutlet: {name}\n---\n\n{text}\n", "utf-8")
    assistant = Assistant.build([tmp_path / "texts"], tmp_path / "data")
    answer = assistant.ask("Wie ging das Derby zwischen Hellau und Borstel aus?")
    assistant.close()
    assert (len(answer.sentences[0].citations) == 2) is agree
    assert bool(answer.conflicts) is not agree


@pytest.mark.parametrize(
    ("question", "state"),
    [("Wann wurde die Turnhalle in Hellau zuletzt saniert?", False), ("Wie viele Kinder waren zuletzt krank?", True)],
)
def test_when_something_last_happened_is_no_state_of_now(question: str, state: bool) -> None:
    assert asks_for_latest(question) is state


WHO = "Wer hat das Gutachten zur Brücke in Oberwinkel bezahlt?"
PAID = {
    "bote": "Das Gutachten zur Brücke in Oberwinkel hat der Landkreis Rabental bezahlt. Es hat 40 Seiten.",
    "kurier": "Bezahlt hat das Gutachten zur Brücke in Oberwinkel das Ministerium für Verkehr. Es erschien im Mai.",
    "same": "Bezahlt hat das Gutachten zur Brücke in Oberwinkel der Kreis Rabental, dessen Landkreis 70.000 Menschen zählt.",
}


@pytest.mark.parametrize(("other", "conflict"), [("kurier", True), ("same", False)])
def test_different_people_or_bodies_are_shown_side_by_side_if_asked_who(other: str, conflict: bool, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    for name in ("bote", other):
        (tmp_path / "texts" / f"{name}.txt").write_text(f"Streit um Brücke\n\n{PAID[name]}\n", "utf-8")
    assistant = Assistant.build([tmp_path / "texts"], tmp_path / "data")
    answer = assistant.ask(WHO)
    assistant.close()
    assert "Landkreis Rabental" in answer.text
    assert bool(answer.conflicts) is conflict


def test_a_question_for_yes_or_no_makes_no_conflict_of_numbers(tmp_path: Path) -> None:
    assistant = build(tmp_path)
    answers = [assistant.ask(question) for question in (COST, "Kostet die neue Brücke in Oberwinkel wirklich so viele Millionen Euro?")]
    assistant.close()
    assert [bool(answer.conflicts) for answer in answers] == [True, False]
    assert "Millionen" in answers[1].text


STORM = {
    "2031-02-03": "Inzwischen sind in Hellau 400 Haushalte ohne Strom. Der Sturm in Hellau riss am Montag Masten um.",
    "2031-02-05": "Der Sturm in Hellau hat viel zerstört. Strom fehlte insgesamt 620 Haushalten. Die Schule bleibt zu.",
}


def test_a_newer_figure_comes_before_the_one_it_replaces(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    for day, text in STORM.items():
        (tmp_path / "texts" / f"{day}.md").write_text(f"---\ntitle: Sturm\noutlet: Bote {day}\ndate: {day}\n---\n\n{text}\n", "utf-8")
    assistant = Assistant.build([tmp_path / "texts"], tmp_path / "data")
    answer = assistant.ask("Wie viele Haushalte in Hellau sind inzwischen ohne Strom?")
    assistant.close()
    assert [(c.published, c.outdated) for c in answer.citations] == [("2031-02-05", False), ("2031-02-03", True)]
    assert answer.short == "620"
    assert answer.conflicts == ()


@pytest.mark.parametrize(
    ("text", "said", "gone"),
    [
        ("Ohne Strom waren 400 Haushalte.", "400", True),
        ("Post bekamen 31.000 Haushalte.", "31.000", False),
        ("Gefällt wurden 400 Bäume.", "400", False),
    ],
)
def test_only_a_figure_of_the_same_thing_is_outdated(text: str, said: str, gone: bool) -> None:
    quotes = []
    for name, day, words, answer in ("new", 5, "Ohne Strom sind 620 Haushalte.", "620"), ("old", 3, text, said):
        source = Source(name, "", "", "", date(2031, 2, day), "", "de", "", "", "", "", 0, 0, {})
        passage = Passage(name, "article", 0, len(words), words, ((0, len(words)),))
        at = words.index(answer)
        hit = Hit(passage, source, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, (1.0,), (1.0,))
        quotes.append(Quote(hit, 0, len(words), 1.0, (at, at + len(answer)), 0.9))
    assert (quotes[1] in outdated("Wie viele Haushalte sind aktuell ohne Strom?", quotes)) is gone
