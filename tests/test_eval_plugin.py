"""The pytest fixture, as a project that embeds Belegt uses it."""

import subprocess
import sys
from pathlib import Path

import pytest

TEST = """
def test_grounded(belegt_eval):
    run = belegt_eval("cases.jsonl", "articles", "gate.toml")
    assert run.results[0].right
"""
CASE = (
    '{"id": "1", "kind": "fact", "question": "Wie oft verkehrt die Fähre?", "answerable": true, "need": [["20 Minuten"]], '
    '"articles": ["faehre"]}\n'
)


@pytest.mark.slow
@pytest.mark.parametrize(("wanted", "outcome"), [("0.5", "1 passed"), ("1.1", "right")])
def test_a_project_holds_its_articles_to_a_gate(wanted: str, outcome: str, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "faehre.txt").write_text("Fähre fährt öfter\n\nDie Fähre verkehrt im Sommer alle 20 Minuten.\n", "utf-8")
    (tmp_path / "cases.jsonl").write_text(CASE, "utf-8")
    (tmp_path / "gate.toml").write_text(f"[at_least]\nright = {wanted}\n", "utf-8")
    (tmp_path / "test_it.py").write_text(TEST, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "test_it.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert outcome in done.stdout, done.stdout + done.stderr
    assert ("gate not met" in done.stdout) is (wanted == "1.1")
