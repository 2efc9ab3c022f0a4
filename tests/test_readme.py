"""The README's commands and code run as they stand."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import chat_at

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
    names["checked"].close()  # type: ignore[attr-defined]
    names["retriever"].close()  # type: ignore[attr-defined]


@pytest.mark.slow
def test_clients_of_the_server_get_their_answer(seeds_data: Path) -> None:
    with chat_at(seeds_data, "--mcp") as url:
        port = url[:-1].rpartition(":")[2]
        clients = [["sh", "-c", code] for code in re.findall(r"```sh\n(.*?)```", README, re.S) if "7860" in code]
        clients += [[sys.executable, "-c", code] for code in re.findall(r"```py\n(.*?)```", README, re.S) if "7860" in code]
        assert len(clients) == 2
        for client in clients:
            words = [word.replace("7860", port) for word in client]
            done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
            assert done.returncode == 0, done.stderr
            assert "100 Minuten" in done.stdout


@pytest.mark.slow
def test_the_recipe_for_another_project_works(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "faehre.txt").write_text("Fähre fährt öfter\n\nDie Fähre verkehrt im Sommer alle 20 Minuten.\n", "utf-8")
    case = {"id": "1", "kind": "fact", "question": "Wie oft verkehrt die Fähre?", "answerable": True, "need": [["20 Minuten"]]}
    (tmp_path / "cases.jsonl").write_text(json.dumps(case), "utf-8")
    (tmp_path / "gate.toml").write_text("[at_least]\nright = 1.0\n", "utf-8")
    fixture = next(code for code in re.findall(r"```py\n(.*?)```", README, re.S) if "belegt_eval" in code)
    (tmp_path / "test_own.py").write_text(fixture, "utf-8")
    recipe = next(code for code in re.findall(r"```sh\n(.*?)```", README, re.S) if "belegt eval" in code)
    words = shlex.split(next(line for line in recipe.splitlines() if line.startswith("belegt ")))[1:]
    for command in (["-m", "assistant", *words], ["-m", "pytest", "-q", "test_own.py"]):
        environment = {**os.environ, "BELEGT_DATA": str(tmp_path / "data")}
        done = subprocess.run([sys.executable, *command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "belegt.xml").is_file()
