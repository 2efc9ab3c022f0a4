"""The wheel, installed elsewhere, answers a question without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_the_wheel_answers_outside_the_checkout(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"assistant", "index", "prompts", "seeds", "eval"}
    assert {"prompts/abstention.de.md", "seeds/README.md", "assistant/abstain.json", "eval/cases/seeds.jsonl"} <= set(names)
    assert "assistant/entailment/reader.onnx" in names

    # an environment of its own that sees the installed dependencies, but not the checkout
    home = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    (site,) = home.glob("lib/python3*/site-packages")
    dependencies = next(path for path in map(Path, sys.path) if (path / "chromadb").is_dir())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = (
        f"import sys; sys.path.append({str(dependencies)!r})\n"
        "import assistant, pathlib\n"
        f"assert pathlib.Path(assistant.__file__).is_relative_to({str(site)!r}), assistant.__file__\n"
        "from assistant import Assistant\n"
        "opened = Assistant.build(data='data')\n"
        "answer = opened.ask('Wie lange dauerte das Treffen von Trump und Xi in Busan?')\n"
        "assert answer.citations and len(opened.sources()) >= 8, answer\n"
        "opened.close()\n"
    )
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "BELEGT_DATA")}
    done = subprocess.run(
        [str(home / "bin" / "python"), "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
