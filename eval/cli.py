"""`belegt eval`: the command that the evaluation adds to the command line."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.cases import CaseError, CaseSet, load_cases, sampled, shipped_sets

if TYPE_CHECKING:
    from eval.run import Run


def evaluate(
    dataset: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Cases as JSON lines; default: the shipped ones, each over its own articles.")
    ] = None,
    corpus: Annotated[
        list[Path] | None, typer.Option(metavar="PATH", help="What to index for --dataset; default: the shipped articles.")
    ] = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a page with pictures and every failing case.")] = None,
    summary: Annotated[Path | None, typer.Option(metavar="FILE.md", help="Append a summary, as a CI job shows it.")] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE.xml", help="Write the outcome as JUnit XML.")] = None,
    gate: Annotated[Path | None, typer.Option(metavar="FILE", help="Thresholds (TOML); exit code 1 where one isn't met.")] = None,
    compare: Annotated[Path | None, typer.Option(metavar="RUN", help="An earlier run's file to compare with.")] = None,
    save: Annotated[Path | None, typer.Option(metavar="RUN", help="Write this run to a file that --compare takes.")] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="SET", help="Of the shipped sets only this (seeds, news, planted).")] = None,
    most: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only about N cases, evenly from all.")] = None,
    llm: Annotated[str | None, typer.Option(metavar="MODEL", help="Measure what this model writes, as belegt ask --llm does.")] = None,
    judge: Annotated[str | None, typer.Option(metavar="MODEL", help="Also ask this model about each answer; reported apart.")] = None,
    init: Annotated[
        Path | None, typer.Option("--init", metavar="FILE", help="Draft cases from your own index and its feedback, and ask nothing.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", envvar="BELEGT_DATA", help="Folder of the index that --init drafts from; keeps this run.")
    ] = None,
) -> None:
    """Measure retrieval, answers, citations, grounding and abstention over cases, with intervals; hold them to a gate."""
    if init:
        from eval.drafts import write_drafts

        print(f"{write_drafts(init, data)} drafts in {init}; check each, then delete its \"checked\": belegt eval --dataset {init}")
        return
    from assistant.settings import data_folder
    from eval.compare import compared
    from eval.gate import Gate, misses
    from eval.html import html_report
    from eval.report import for_chat, markdown, table
    from eval.report import junit as as_junit

    sets = _sets(dataset, corpus, only)
    sets = sampled(sets, most) if most else sets
    drafts = sum(not case.checked for one in sets for case in one.cases)
    limits = Gate.load(gate) if gate else Gate()
    before = _earlier(compare) if compare else None
    result = _with_progress(sets, llm, judge)
    missed = misses(result, limits)
    print(table(result))
    if drafts:
        print(f'\n{drafts} drafts were left out: check them, then delete their "checked"')
    if before:
        print("\n" + compared(before, result))
    if save:
        _write(save, json.dumps(result.to_dict(), ensure_ascii=False, indent=1))
    if report:
        _write(report, html_report(result, missed))
    if junit:
        _write(junit, as_junit(result, missed))
    if summary:  # a CI job's summary may hold other steps' already
        _write(summary, markdown(result, missed), "a")
    for_chat(result).store(data_folder(data))
    if missed:
        print("\ngate not met:\n" + "\n".join(map(str, missed)))
        raise typer.Exit(1)


def _sets(dataset: Path | None, corpus: list[Path] | None, only: list[str] | None) -> list[CaseSet]:
    """What is to be asked; CaseError where the options don't go together."""
    from assistant.settings import seeds_folder

    if dataset:
        return [CaseSet(dataset.stem, tuple(load_cases(dataset)), tuple(corpus or [seeds_folder()]))]
    if corpus:
        raise CaseError("--corpus needs --dataset: the shipped cases are over articles of their own")
    every = shipped_sets()
    unknown = sorted(set(only or ()) - {one.name for one in every})
    if unknown:
        raise CaseError(f"--only {unknown[0]}: there is no such set; there are {', '.join(one.name for one in every)}")
    return [one for one in every if not only or one.name in only]


def _with_progress(sets: Sequence[CaseSet], llm: str | None, judge: str | None) -> "Run":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from assistant.engine import Assistant
    from assistant.generate import load_model
    from eval.judge import Judge
    from eval.run import run

    columns = (TextColumn("asking"), BarColumn(), MofNCompleteColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking", total=None)
        return run(
            sets,
            lambda done, total: bar.update(task, completed=done, total=total),
            lambda folder: Assistant.open(folder, llm=llm),
            llm.rpartition("@")[0] or llm if llm else "quotes",
            Judge(load_model(judge)) if judge else None,
        )


def _earlier(file: Path) -> "Run":
    from eval.run import Run

    try:
        return Run.load(file)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CaseError(f"{file}: is no saved run ({error}); make one with --save") from error


def _write(file: Path, text: str, mode: str = "w") -> None:
    try:
        with file.open(mode, encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise CaseError(f"{file}: can't be written ({error.strerror or error}); name another file") from error
