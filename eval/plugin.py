"""A pytest fixture for projects that embed Belegt: `belegt_eval("cases.jsonl", "articles", "gate.toml")` in a test."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from eval.run import Engine, Run

Measure = Callable[..., "Run"]


@pytest.fixture(scope="session")
def belegt_eval() -> Measure:
    """Measures cases over articles and fails the test where a gate isn't met.

    Called with a file of cases, the files or folders of their articles (one or a list) and, if wanted, a gate file (TOML) and `opened`,
    which makes the engine that is measured from a folder with an index (default: `Assistant.open`). Gives the run, with all its results.
    """

    def measure(
        cases: str | Path,
        articles: str | Path | list[str] | list[Path],
        gate: str | Path | None = None,
        opened: "Callable[[Path], Engine] | None" = None,
    ) -> "Run":
        # pytest loads this module in every project of the environment: nothing heavy before it is used
        from eval.cases import CaseSet, load_cases
        from eval.gate import Gate, misses
        from eval.run import run

        corpus = articles if isinstance(articles, list) else [articles]
        limits = Gate.load(Path(gate)) if gate else Gate()
        asked = CaseSet(Path(cases).stem, tuple(load_cases(Path(cases))), tuple(map(Path, corpus)))
        options: dict[str, Any] = {"opened": opened} if opened else {}
        found = run([asked], **options)
        missed = misses(found, limits)
        if missed:
            pytest.fail("belegt eval: gate not met\n" + "\n".join(map(str, missed)), pytrace=False)
        return found

    return measure
