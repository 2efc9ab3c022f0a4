"""`belegt calibrate`: fit how sure a reader and a reranker make an answer, on the user's own questions."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.reader.model import Calibration
from eval.cases import CaseError, holds, load_cases
from eval.fit import Example, fit_rule

_FEWEST = 20  # cases of either kind, below which a fit is chance


def calibrate(
    dataset: Annotated[Path, typer.Option(metavar="FILE", help="Cases as JSON lines: questions with and without an answer in the index.")],
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Folder of the index (or BELEGT_DATA).")] = None,
    reader: Annotated[str | None, typer.Option(metavar="NAME", help="Reader: bundled (default), off, or a model's name or folder.")] = None,
    reranker: Annotated[str | None, typer.Option(metavar="NAME", help="Reranker: off (default), or a model's name or folder.")] = None,
) -> None:
    """Fit confidence and abstention to your own cases, for the reader and reranker named; kept in the data folder."""
    from assistant.engine import Assistant
    from assistant.judge import save_calibration
    from assistant.questions import asks_for_opinions
    from assistant.settings import data_folder
    from index.types import Filters

    cases = [case for case in load_cases(dataset) if not case.turns and not asks_for_opinions(case.question)]
    for answerable, name in ((True, "with"), (False, "without")):
        n = sum(case.answerable is answerable for case in cases)
        if n < _FEWEST:
            raise CaseError(f"{dataset}: {n} cases {name} an answer, at least {_FEWEST} are needed to calibrate; add some")
    assistant = Assistant.open(data, reader=reader, reranker=reranker)
    try:
        judge = assistant.judge
        examples: list[Example] = []
        for case in cases:
            hits = assistant.search(case.question, case.lang, Filters(), 8)
            if hits:
                examples.append(Example(case, hits, "cases", judge.read(case.question, hits)))
        fields: dict[str, object] = {}
        if judge.reader is not None:
            calibration = _platt(examples)
            fields = {"slope": calibration.slope, "bias": calibration.bias}
            judge.calibrate(calibration)
            examples = [Example(e.case, e.hits, e.collection, judge.read(e.case.question, e.hits)) for e in examples]
        rule, lines = fit_rule(examples)
        print("\n".join(lines))
        file = save_calibration(data_folder(data), judge.key, {**fields, "rule": rule})
        print(f"{judge.key}: calibrated on {len(examples)} cases, kept in {file}")
    finally:
        assistant.close()


def _platt(examples: list[Example]) -> Calibration:
    """Over windows: does the window hold what a right answer holds?"""
    import numpy as np

    read = [(found, example.case) for example in examples for found in example.found]
    right = np.array([case.answerable and holds(found.window.text, case.need) for found, case in read])
    if not right.any() or right.all():
        raise CaseError("no window that was read holds an answer, or all do; are the cases about what is indexed?")
    return Calibration.fit(np.array([found.reading.logit for found, _ in read]), right)
