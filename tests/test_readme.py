"""The README's commands and code run as they stand."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [line.removeprefix("$ ") for block in re.findall(r"```console\n(.*?)```", README, re.S) for line in block.splitlines()]
CODE = re.findall(r"```python\n(.*?)```", README, re.S)


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {command.split()[1] for command in COMMANDS if command.startswith("make ")}
    assert named
    assert named <= targets


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("belegt ") and "eval" not in c and "index" not in c])
def test_commands_run(command: str, seeds_data: Path) -> None:
    words = shlex.split(command)[1:]
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *words], env={**os.environ, "BELEGT_DATA": str(seeds_data)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.filterwarnings("ignore")
def test_python_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "busan.txt").write_text((ROOT / "seeds" / "busan-bilanz.txt").read_text("utf-8"), "utf-8")
    names: dict[str, object] = {}
    for code in CODE:
        exec(code, names)
    assert names["nodes"]
    names["assistant"].close()  # type: ignore[attr-defined]
    names["retriever"].close()  # type: ignore[attr-defined]
