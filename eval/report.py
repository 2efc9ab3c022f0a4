"""A run as text, as Markdown for a CI job's summary, as JUnit XML, and for the web chat."""

import math
from xml.etree import ElementTree

from assistant.evaluation import Evaluation, Failure, Figure
from eval.figures import figures, judged, outcome, slices
from eval.gate import Miss
from eval.run import Result, Run
from eval.statistics import Estimate

HEADLINE = (
    "right", "right_when_answered", "significant_fault", "citation_recall", "citation_precision", "citations_valid", "grounded",
    "right_voice", "abstained_unanswerable", "answered_answerable", "auroc", "conflicts_shown", "recall@5", "p50_ms", "p95_ms",
)  # fmt: skip


def table(run: Run) -> str:
    """Every figure with its interval, the share of right outcomes by slice, and how many planted faults the checkers found."""
    lines = [title(run), ""]
    lines += [f"{name:24} {_shown(name, value)}" for name, value in figures(run.results).items() if value.n]
    lines += ["", "came out as it should, by slice:"]
    lines += [f"{name:24} {outcome(results)}" for name, results in slices(run).items()]
    lines += [*([""] if judged(run.results) else []), *(f"{name:24} {value}" for name, value in judged(run.results).items())]
    if run.checkers:
        lines += ["", "faults put into true sentences that the checkers found (clean: false alarms):"]
        lines += [f"{kind:24} {value}" for kind, value in run.checkers.items()]
    return "\n".join(lines)


def title(run: Run) -> str:
    """What was asked, over what, with what, in one line."""
    on = ", ".join(f"{name} {run.ran_on[name]}" for name in ("engine", "version", "commit", "articles", "prompts") if run.ran_on.get(name))
    return f"{len(run.results)} cases over {run.articles} articles ({run.dataset}; {on})"


def markdown(run: Run, missed: list[Miss]) -> str:
    """A summary for a CI job: the gate, the headline figures, the slices, and the cases that failed."""
    known = figures(run.results)
    lines = [f"## Belegt eval: {'gate not met' if missed else 'done'}", "", title(run), ""]
    lines += [*(f"- {' '.join(str(miss).split())}" for miss in missed), ""] if missed else []
    lines += ["| figure | value | 95% | n |", "|---|---|---|---|"]
    lines += [_row(name, known[name]) for name in HEADLINE if known[name].n]
    lines += ["", "| slice | as it should | 95% | n |", "|---|---|---|---|"]
    lines += [_row(name, outcome(results)) for name, results in slices(run).items()]
    failed = [r for r in run.results if not r.good]
    lines += ["", f"<details><summary>{len(failed)} cases failed</summary>", ""]
    lines += [f"- `{r.id}` ({r.kind}) {_escaped(r.question)}: {wrong_with(r)}" for r in failed]
    return "\n".join([*lines, "", "</details>", ""])


def junit(run: Run, missed: list[Miss]) -> str:
    """One test a case, grouped by set; those that failed say why. The gate is a group of its own: its tests alone should fail a build."""
    root = ElementTree.Element("testsuites", name="belegt eval")
    for name in dict.fromkeys(r.set for r in run.results):
        results = [r for r in run.results if r.set == name]
        failed = [r for r in results if not r.good]
        suite = ElementTree.SubElement(root, "testsuite", name=name, tests=str(len(results)), failures="0", skipped=str(len(failed)))
        for r in results:
            seconds = f"{r.milliseconds / 1000:.3f}"
            case = ElementTree.SubElement(suite, "testcase", classname=f"{name}.{r.kind}", name=f"{r.id} {r.question}", time=seconds)
            if not r.good:
                ElementTree.SubElement(case, "skipped", message=f"not as expected: {wrong_with(r)}")
    suite = ElementTree.SubElement(root, "testsuite", name="gate", tests=str(max(1, len(missed))), failures=str(len(missed)))
    for miss in missed:
        case = ElementTree.SubElement(suite, "testcase", classname="gate", name=f"{miss.limit.figure} {miss.limit.slice}".strip())
        ElementTree.SubElement(case, "failure", message=" ".join(str(miss).split()))
    if not missed:
        ElementTree.SubElement(suite, "testcase", classname="gate", name="met")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def wrong_with(r: Result) -> str:
    """What is wrong with the outcome of a case, in a few words; "" where nothing is."""
    told = []
    if r.answerable and r.abstained:
        told.append("no answer, though there is one")
    elif r.answerable and not r.right:
        told.append(f"the answer lacks {r.expected}")
    elif not r.answerable and not r.abstained:
        told.append("an answer, though there is none")
    told += ["a citation isn't where it says"] if not r.valid else []
    told += ["holds a banned claim"] if r.banned else []
    told += ["the wrong voice"] if not r.voice else []
    told += ["no citation"] if not r.abstained and not r.cited else []
    told += [f"not in its citation: {', '.join(r.faults)}"] if r.faults else []
    return "; ".join(told)


def for_chat(run: Run) -> Evaluation:
    """What the web chat shows of a run."""
    known = figures(run.results)
    rows = [_figure(name, "figure", known[name]) for name in HEADLINE if known[name].n and not name.endswith("_ms")]
    rows += [_figure(name.removeprefix("kind "), "kind", outcome(rs)) for name, rs in slices(run).items() if name.startswith("kind ")]
    failed = [Failure(id=r.id, kind=r.kind, question=r.question, answer=r.text, expected=r.expected) for r in run.results if not r.good]
    at = run.ran_on.get("at", "")
    return Evaluation(at=at, dataset=run.dataset, cases=len(run.results), figures=tuple(rows), failed=tuple(failed))


def _figure(name: str, group: str, value: Estimate) -> Figure:
    return Figure(name=name, group=group, value=value.value, low=value.low, high=value.high, n=value.n)


def _shown(name: str, value: Estimate) -> str:
    return f"{value.value:.0f} n={value.n}" if name.endswith("_ms") else str(value)


def _row(name: str, value: Estimate) -> str:
    if name.endswith("_ms") or math.isnan(value.low):
        return f"| {name} | {value.value:.0f} | | {value.n} |"
    return f"| {name} | {value.value:.3f} | {value.low:.3f} to {value.high:.3f} | {value.n} |"


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>|" else c for c in text)
