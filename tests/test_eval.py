"""Cases, runs, the gate and what can break it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant import Assistant
from assistant.cli import app
from assistant.evaluation import Evaluation
from assistant.generate import Model
from assistant.types import Answer, Citation, Sentence
from eval.cases import Case, CaseError, CaseSet, holds, holds_claim, load_cases, shipped_sets
from eval.cli import evaluate
from eval.compare import compared
from eval.figures import NAMES, figures, judged, slices
from eval.gate import Gate, misses
from eval.html import html_report
from eval.judge import Judge
from eval.report import for_chat, junit, markdown, table
from eval.run import _RULED, Result, Run, _digests, run
from eval.statistics import Estimate

ROOT = Path(__file__).parent.parent
GOOD = Result(
    "a", "x", "fact", "de", "Wann?", True, False, 0.9, "am 3. Mai", ["x"], "3. Mai", "x", True, [True], 1, [True], 1, True, True, True,
    citation_recall=1.0, citation_precision=1.0, milliseconds=10.0,
)  # fmt: skip
NONE = Result("b", "x", "near-miss", "de", "Wer?", False, True, 0.1, "nichts", [], "no answer", "b", milliseconds=20.0)
RUN = Run("x", 1, [GOOD, NONE], {"commit": "abc"}, {"number": Estimate(1.0, 0.9, 1.0, 20)})


# -- cases ------------------------------------------------------------------------------------------------------------


def test_need_takes_one_of_every_group() -> None:
    assert holds("Es waren **100\nMinuten** in Busan.", [["100 Minuten", "hundert"], ["busan"]])
    assert not holds("Es waren 100 Minuten.", [["100 Minuten"], ["Busan"]])


@pytest.mark.parametrize(
    ("text", "words", "stands"),
    [
        ("Es kamen 1100 Menschen", "100 Menschen", False), ("Es kamen 1.100 Menschen", "100 Menschen", False),
        ("am 21. Mai", "1. Mai", False), ("am 1. Mai", "1. Mai", True), ("seit 20250", "2025", False), ("rund 3,25 Prozent", "3,2", False),
        ("im Jahr 2025.", "2025", True), ("es waren 3,2.", "3,2", True), ("Platz 1, 2, 3", "2", True), ("A380er", "380", True),
        ("Es kamen 1100 Menschen", "Menschen", True),
    ],
)  # fmt: skip
def test_a_number_is_found_only_as_a_whole(text: str, words: str, stands: bool) -> None:
    assert holds(text, [[words]]) == holds_claim(text, words) == stands


def test_the_shipped_cases_are_whole_and_their_articles_exist() -> None:
    sets = shipped_sets()
    assert sum(len(one.cases) for one in sets) >= 400
    for one in sets:
        assert len({case.id for case in one.cases}) == len(one.cases)
        files = {file.stem for folder in one.corpus for file in folder.iterdir()}
        assert {article for case in one.cases for article in case.articles} <= files
        for case in one.cases:
            for gold in case.gold:
                text = next(folder / f"{gold.article}.txt" for folder in one.corpus).read_text("utf-8")
                assert " ".join(gold.text.split()) in " ".join(text.split()), case.id
            assert not case.gold or holds("\n".join(gold.text for gold in case.gold), case.need), case.id
    for name in ("originals", "debian", "events", "events-untouched"):
        cases = load_cases(ROOT / "eval" / "cases" / f"{name}.jsonl")
        assert len(cases) >= 100
        for case in cases:
            assert not case.gold or holds("\n".join(gold.text for gold in case.gold), case.need), case.id


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('{"id": 1', "no JSON"),
        ('{"id": "a", "kind": "fact", "question": "?", "answerable": true}', "needs what its answer holds"),
        ('{"id": "a", "kind": "fact", "question": "?", "answerable": false, "need": [["x"]]}', "can't have need"),
        ('{"id": "a", "kind": "fact", "question": "?", "answerable": true, "need": [[""]]}', "empty"),
        ('{"id": "a", "kind": "fact", "question": "?", "answerable": false, "tags": []}', "tags"),
        ('{"id": "ok", "kind": "fact", "question": "?", "answerable": false}', "twice"),
    ],
)
def test_a_broken_line_is_named(line: str, wrong: str, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": "ok", "kind": "fact", "question": "Wann?", "answerable": false}\n' + line + "\n", "utf-8")
    with pytest.raises(CaseError, match=f"line 2.*{wrong}"):
        load_cases(file)


# -- runs -------------------------------------------------------------------------------------------------------------

ARTICLES = {
    "bruecke": "Die Sperrung der Hafenbrücke dauert nach Angaben des Amtes 14 Wochen. Die Kosten steigen auf 3,2 Millionen Euro.",
    "faehre": "Die Fähre verkehrt während der Sperrung alle 20 Minuten. Sie fasst 180 Menschen.",
    "museum": "Das Museum zeigt seit dem 3. Mai eine Sammlung von Muscheln. Die Leiterin Ute Harms freut sich auf viele Gäste.",
}
CASES = tuple(
    Case(id=i, kind=kind, question=question, answerable=bool(need), need=[[need]] if need else [], articles=[article] if article else [])
    for i, kind, question, need, article in [
        ("1", "fact", "Wie lange dauert die Sperrung der Hafenbrücke?", "14 Wochen", "bruecke"),
        ("2", "fact", "Auf wie viel Euro steigen die Kosten der Hafenbrücke?", "3,2 Millionen", "bruecke"),
        ("3", "fact", "Wie oft verkehrt die Fähre während der Sperrung?", "20 Minuten", "faehre"),
        ("4", "fact", "Wie heißt die Leiterin des Museums?", "Ute Harms", "museum"),
        ("5", "near-miss", "Wie heißt der Kapitän der Fähre?", "", ""),
        ("6", "off-topic", "Wer gewann 1998 den Oscar als beste Schauspielerin?", "", ""),
    ]
)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> CaseSet:
    folder = tmp_path_factory.mktemp("harbour")
    for name, text in ARTICLES.items():
        (folder / f"{name}.txt").write_text(f"{name.capitalize()}\n\n{text}\n", "utf-8")
    comments = "Kommentare (1)\n\nMöwe\n3. Mai 2025 um 7:12\nIch finde die Sperrung der Hafenbrücke völlig überflüssig und viel zu teuer.\n"
    body = "Das Amt nahm am Montag Stellung zu den Beschwerden der Leser."
    (folder / "leser.txt").write_text(f"Was Leser sagen\n\n{body}\n\n{comments}", "utf-8")
    return CaseSet("harbour", CASES, (folder,))


Change = Callable[[Answer, Assistant], Answer]


class Broken:
    """An assistant whose every answer is spoilt in one way."""

    def __init__(self, folder: Path, change: Change) -> None:
        self._assistant, self._change = Assistant.open(folder), change

    def chat(self) -> "Broken":
        return self

    def ask(self, question: str) -> Answer:
        return self._change(self._assistant.ask(question), self._assistant)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)


def cited(answer: Answer, change: Callable[[Citation], Citation]) -> Answer:
    return replace(answer, citations=tuple(map(change, answer.citations)))


def elsewhere(answer: Answer, assistant: Assistant, voice: str = "article") -> Answer:
    """The citations moved to a passage of another article."""
    home = {c.article_id for c in answer.citations}
    others = ("leser",) if voice == "comment" else ("museum", "faehre")
    article = next(assistant.article(other) for other in others if other not in home)
    stretch = next(s for s in article.stretches if s.kind == voice)
    quote = article.text[stretch.start : stretch.end]
    path = next(source.path for source in assistant.sources() if source.id == article.id)
    return cited(
        answer,
        lambda c: replace(c, article_id=article.id, path=path, start=stretch.start, end=stretch.end, quote=quote, voice=stretch.kind),  # type: ignore[arg-type]
    )


def invented(answer: Answer, _: Assistant) -> Answer:
    return replace(answer, sentences=tuple(replace(s, text=s.text.rstrip(".") + " und 4711 Enten.") for s in answer.sentences))


def talking(answer: Answer, assistant: Assistant) -> Answer:
    if not answer.abstained:
        return answer
    near = answer.nearest[:1] or assistant.ask(CASES[0].question).citations[:1]
    said = (Sentence(near[0].quote, "verbatim", (near[0].n,)),)
    return replace(answer, abstained=False, text=near[0].quote, sentences=said, citations=near)


def silent(answer: Answer, _: Assistant) -> Answer:
    return replace(answer, abstained=True, text="nichts", sentences=(), citations=(), short=None)


def uncited(answer: Answer, _: Assistant) -> Answer:
    return replace(answer, citations=(), sentences=tuple(replace(s, citations=()) for s in answer.sentences))


BROKEN: dict[str, tuple[Change, str]] = {
    "cites the wrong passage": (elsewhere, "citation_recall"),
    "invents a number": (invented, "grounded"),
    "never abstains": (talking, "abstained_unanswerable"),
    "always abstains": (silent, "answered_answerable"),
    "drops citations": (uncited, "answers_cited"),
    "cites comments": (lambda a, assistant: elsewhere(a, assistant, "comment"), "right_voice"),
    "shifts offsets by one": (lambda a, _: cited(a, lambda c: replace(c, start=c.start + 1, end=c.end + 1)), "citations_valid"),
}
STRICT = Gate(
    at_least={
        "right": 0.9, "citation_recall": 1.0, "grounded": 1.0, "abstained_unanswerable": 1.0, "answered_answerable": 0.9,
        "right_voice": 1.0,
        "citations_valid": 1.0, "answers_cited": 1.0,
    }
)  # fmt: skip


def test_a_healthy_engine_passes_and_a_second_run_gives_the_same(harbour: CaseSet) -> None:
    first, second = run([harbour]), run([harbour])
    assert misses(first, STRICT) == []
    timeless = [[replace(r, milliseconds=0.0) for r in one.results] for one in (first, second)]
    assert timeless[0] == timeless[1]
    assert first.checkers == second.checkers
    assert {k: v for k, v in first.ran_on.items() if k != "at"} == {k: v for k, v in second.ran_on.items() if k != "at"}
    assert first.articles == 4
    assert "0 now right, 0 now wrong" in compared(first, second)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_engine_is_caught_by_the_figure_made_for_it(name: str, harbour: CaseSet) -> None:
    change, figure = BROKEN[name]
    missed = misses(run([harbour], opened=lambda folder: Broken(folder, change)), STRICT)  # type: ignore[arg-type,return-value]
    assert figure in {miss.limit.figure for miss in missed}
    assert figure in str(missed[[miss.limit.figure for miss in missed].index(figure)])


def test_a_run_says_which_rules_and_networks_it_rested_on() -> None:
    endings = (".json", ".txt", ".onnx")
    every = [file.relative_to(ROOT) for folder in ("assistant", "index") for file in (ROOT / folder).rglob("*") if file.suffix in endings]
    ruling = [file for file in every if "static" not in file.parts]
    assert {".".join(file.parent.parts) for file in ruling} == set(_RULED)
    assert sum(len(_digests(package, *endings)) for package in _RULED) == len(ruling)


def test_drafts_are_not_asked(harbour: CaseSet) -> None:
    drafts = replace(harbour, cases=(CASES[0], CASES[1].model_copy(update={"checked": False})))
    assert [r.id for r in run([drafts]).results] == ["1"]


# -- gate and reports -------------------------------------------------------------------------------------------------


def test_limits_may_be_for_a_slice_and_for_the_worse_end_of_the_interval(tmp_path: Path) -> None:
    def missed(toml: str) -> int:
        (tmp_path / "gate.toml").write_text(toml, "utf-8")
        return len(misses(RUN, Gate.load(tmp_path / "gate.toml")))

    assert missed('[at_least]\nright = 1.0\n[at_most]\np95_ms = 20.0\n') == 0
    assert missed("[at_most]\np95_ms = 19.0\n") == 1
    limit = '[[limit]]\nfigure = "right"\nslice = "kind fact"\nat_least = 0.9\n'
    assert missed(limit) == 0
    assert missed(f'{limit}of = "interval"\n') == 1
    assert missed(limit.replace("fact", "poem")) == 1  # a figure that can't be computed
    assert missed('[[limit]]\nfigure = "checker number"\nat_least = 0.95\n') == 0
    assert missed('[[limit]]\nfigure = "checker name"\nat_least = 0.5\n') == 1


@pytest.mark.parametrize(
    ("toml", "wrong"),
    [
        ("[at_least]\nrihgt = 0.5", "rihgt"),
        ("[[limit]]\nfigure = 'right'", "one of"),
        ("x = ", "Invalid value"),
        ("[at_least]\nright = nan", "finite"),
    ],
)
def test_a_broken_gate_is_named(toml: str, wrong: str, tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_text(toml, "utf-8")
    with pytest.raises(CaseError, match=f"gate.toml: is no gate.*{wrong}"):
        Gate.load(tmp_path / "gate.toml")


def test_reports_name_the_case_and_what_was_expected(tmp_path: Path) -> None:
    bad = replace(RUN, results=[replace(GOOD, right=False, text="<script>am 4. Mai", question="Wann|<b>?"), NONE])
    missed = misses(bad, Gate(at_least={"right": 0.9}))
    page = html_report(bad, missed)
    assert "<script>" not in page
    assert "http" not in page
    assert "expected: 3. Mai" in page
    assert "Gate not met" in page
    assert "gate not met" in markdown(bad, missed)
    assert "- `a` (fact) Wann\\|\\<b\\>?: the answer lacks 3. Mai" in markdown(bad, missed)
    assert '<testsuite name="gate" tests="1" failures="1">' in junit(bad, missed)
    assert '<testcase classname="gate" name="met" />' in junit(RUN, [])
    assert "kind near-miss" in table(RUN)
    assert for_chat(bad).failed[0].expected == "3. Mai"
    file = tmp_path / "run.json"
    file.write_text(json.dumps(RUN.to_dict()), "utf-8")
    assert Run.load(file) == RUN


def test_a_comparison_pairs_the_cases() -> None:
    after = replace(RUN, results=[replace(GOOD, right=False), NONE, replace(NONE, id="new")], ran_on={"commit": "def", "prompts": "p"})
    told = compared(RUN, after)
    assert "2 cases in both runs; abc -> def" in told
    assert "not the same in both: prompts" in told
    assert "now wrong  a Wann?" in told
    assert "kind fact                1.000 -> 0.000 (-1.000" in told
    assert "0 now right, 1 now wrong (exact McNemar test: p = 1.000)" in told


def test_figures_of_nothing_are_unknown_and_slices_are_named() -> None:
    assert all(value.n == 0 for value in figures([]).values())
    assert set(NAMES) >= {"right", "recall@5", "citation_recall", "aurc"}
    assert list(slices(RUN)) == ["set x", "kind fact", "kind near-miss", "lang de"]


def test_the_command_writes_what_it_is_asked_for(harbour: CaseSet, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(case.model_dump_json() + "\n" for case in CASES), "utf-8")
    (tmp_path / "gate.toml").write_text("[at_least]\nright = 0.9\n[at_most]\nright_when_answered = 0.1\n", "utf-8")
    with pytest.raises(CaseError, match="--corpus needs --dataset"):
        evaluate(corpus=list(harbour.corpus))
    app.command(name="eval")(evaluate)
    names = ["report.html", "summary.md", "junit.xml", "run.json"]
    given = {
        "dataset": file, "corpus": harbour.corpus[0], "gate": tmp_path / "gate.toml", "data": tmp_path / "d",
        **{option: tmp_path / name for option, name in zip(("report", "summary", "junit", "save"), names, strict=True)},
    }  # fmt: skip
    done = CliRunner().invoke(app, ["eval", *(word for option, value in given.items() for word in (f"--{option}", str(value)))])
    assert done.exit_code == 1, done.output
    assert "gate not met:\nright_when_answered" in done.output
    assert all((tmp_path / name).stat().st_size for name in names)
    kept = Evaluation.load(tmp_path / "d")
    assert kept
    assert kept.cases == len(CASES)


def test_drafts_come_from_the_articles_of_an_index(harbour: CaseSet, tmp_path: Path) -> None:
    from eval.drafts import write_drafts

    Assistant.build(harbour.corpus, tmp_path / "d").close()
    file = tmp_path / "drafts.jsonl"
    assert write_drafts(file, tmp_path / "d") >= 4
    drafts = load_cases(file)
    assert all(not case.checked for case in drafts)
    assert [["14"]] in [case.need for case in drafts]
    with pytest.raises(CaseError, match="exists already"):
        write_drafts(file, tmp_path / "d")


def test_a_judge_is_reported_apart(harbour: CaseSet) -> None:
    class Yes(Model):
        def _stream(self, text: str) -> Iterator[str]:
            asked.append(text)
            yield "Yes." if "14 Wochen" in text else "I think no"

    asked: list[str] = []
    found = run([harbour], judge=Judge(Yes(None, "yes")))
    known = judged(found.results)
    assert 0 < known["judge: faithful"].value < 1
    assert known["judge: nugget recall"].n == 4
    assert known["judge: agrees with checks"].value == known["judge: faithful"].value  # the checks find no fault here
    assert "judge: faithful" in table(found)
    assert "A judge's opinion" in html_report(found)
    assert not any(name.startswith("judge") for name in NAMES)
    assert judged(RUN.results) == {}
