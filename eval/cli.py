"""`belegt eval`: the command that the evaluation adds to the command line."""

import json
import math
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from eval.cases import CaseError, load_cases
from eval.report import compared, gate_failures, html_report, table
from eval.run import Run, run


def shipped_cases() -> Path:
    """The file of cases over the shipped articles."""
    return Path(str(files("eval"))) / "cases" / "seeds.jsonl"


def evaluate(
    dataset: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Cases as JSON lines; default: those over the shipped articles.")
    ] = None,
    corpus: Annotated[list[Path] | None, typer.Option(metavar="PATH", help="What to index; default: the shipped articles.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a report with every failing case.")] = None,
    gate: Annotated[Path | None, typer.Option(metavar="FILE", help="Thresholds (TOML); exit code 1 where one isn't met.")] = None,
    compare: Annotated[Path | None, typer.Option(metavar="RUN", help="An earlier run's file to compare with.")] = None,
    save: Annotated[Path | None, typer.Option(metavar="RUN", help="Write this run to a file that --compare takes.")] = None,
) -> None:
    """Measure recall@5, right answers, citation validity and abstention over a set of cases."""
    from assistant.settings import seeds_folder

    cases = load_cases(dataset or shipped_cases())
    thresholds = _thresholds(gate) if gate else {}
    before = _earlier(compare) if compare else None
    result = run(cases, str((dataset or shipped_cases()).name), corpus or [seeds_folder()])
    print(table(result))
    if before:
        print("\n" + compared(before, result))
    if save:
        save.write_text(json.dumps(result.to_dict(), ensure_ascii=False, indent=1), "utf-8")
    if report:
        report.write_text(html_report(result), "utf-8")
    failures = gate_failures(result, thresholds)
    if failures:
        print("\ngate not met:\n" + "\n".join(failures))
        raise typer.Exit(1)


def _thresholds(file: Path) -> dict[str, float]:
    try:
        fields = tomllib.loads(file.read_text("utf-8"))
        found = {str(name): float(value) for name, value in fields["at_least"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CaseError(f"{file}: is no gate ({error}); it needs a table [at_least] of names and numbers") from error
    unknown = sorted(set(found) - {*Run("", "", 0).shares(), "auroc"})
    if unknown or not all(math.isfinite(value) for value in found.values()):
        raise CaseError(f"{file}: unknown figures {unknown}; there are {', '.join([*Run('', '', 0).shares(), 'auroc'])}")
    return found


def _earlier(file: Path) -> Run:
    try:
        return Run.load(file)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CaseError(f"{file}: is no saved run ({error}); make one with --save") from error
