"""Cases, metrics and the gate."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import CaseError, holds, load_cases
from eval.metrics import Share, auroc, share
from eval.report import compared, gate_failures, html_report, table
from eval.run import Result, Run

ROOT = Path(__file__).parent.parent
GOOD = Result("a", "fact", "de", "Wann?", True, False, 0.9, "am 3. Mai", ["x"], True, True, True, True, False, 10.0)
NONE = Result("b", "near-miss", "de", "Wer?", False, True, 0.1, "nichts", [], None, None, None, True, False, 10.0)


def test_wilson_interval_of_a_known_case() -> None:
    low, high = Share(8, 10).interval
    assert low == pytest.approx(0.490, abs=0.001)
    assert high == pytest.approx(0.943, abs=0.001)


@given(st.lists(st.booleans(), max_size=40))
def test_intervals_hold_their_value(flags: list[bool]) -> None:
    found = share(flags)
    low, high = found.interval
    assert 0 <= low <= found.value + 1e-9
    assert found.value - 1e-9 <= high <= 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_auroc_agrees_with_scikit_learn(positive: list[float], negative: list[float]) -> None:
    from sklearn.metrics import roc_auc_score

    expected = roc_auc_score([1] * len(positive) + [0] * len(negative), positive + negative)
    assert auroc(positive, negative) == pytest.approx(expected)


def test_auroc_of_nothing_is_unknown() -> None:
    assert math.isnan(auroc([], [0.1]))


def test_need_takes_one_of_every_group() -> None:
    assert holds("Es waren **100\nMinuten** in Busan.", [["100 Minuten", "hundert"], ["busan"]])
    assert not holds("Es waren 100 Minuten.", [["100 Minuten"], ["Busan"]])


@pytest.mark.parametrize("broken", ["wrong", "banned", "invalid", "talks", "missed"])
def test_the_gate_fails_for_a_broken_run(broken: str) -> None:
    thresholds = {"recall@5": 0.9, "right": 0.9, "citations_valid": 1.0, "nothing_banned": 1.0, "abstained_unanswerable": 0.9}
    assert gate_failures(Run("x", "quotes", 1, [GOOD, NONE]), thresholds) == []
    spoilt = {
        "wrong": [replace(GOOD, right=False), NONE], "banned": [replace(GOOD, banned=True), NONE],
        "invalid": [replace(GOOD, valid=False), NONE], "talks": [GOOD, replace(NONE, abstained=False)],
        "missed": [replace(GOOD, retrieved=False), NONE],
    }  # fmt: skip
    assert len(gate_failures(Run("x", "quotes", 1, spoilt[broken]), thresholds)) == 1


def test_a_figure_that_cannot_be_computed_fails_the_gate() -> None:
    assert gate_failures(Run("x", "quotes", 1, [GOOD]), {"abstained_unanswerable": 0.1})


def test_report_and_comparison_name_the_case(tmp_path: Path) -> None:
    before, after = Run("x", "quotes", 1, [GOOD, NONE]), Run("x", "quotes", 1, [replace(GOOD, right=False, text="<script>"), NONE])
    assert "now wrong  a Wann?" in compared(before, after)
    page = html_report(after)
    assert "<script>" not in page
    assert "http" not in page
    assert "recall@5" in table(before)
    file = tmp_path / "run.json"
    file.write_text(json.dumps(before.to_dict()), "utf-8")
    assert Run.load(file) == before


def test_the_shipped_cases_are_whole() -> None:
    for name in ("seeds", "originals"):
        cases = load_cases(ROOT / "eval" / "cases" / f"{name}.jsonl")
        assert len({case.id for case in cases}) == len(cases) >= 40
        assert all(bool(case.need) == case.answerable for case in cases)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": "a", "kind": "fact", "question": "Wann?", "answerable": false}\n{"id": 1\n', "utf-8")
    with pytest.raises(CaseError, match="line 2"):
        load_cases(file)
