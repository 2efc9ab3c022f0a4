"""`make bench`: how long things take, as ratios inside one run. Machines differ and are shared; ratios hold."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from assistant.engine import Assistant, index_paths
from assistant.settings import seeds_folder
from eval.cases import load_cases, shipped_cases
from index.articles import read_articles
from index.build import find_files
from index.embedding import DEFAULT, load_encoder
from index.generations import CHROMA, DataFolder
from index.passages import split_passages
from index.store import VectorStore
from index.types import Filters

_ROUNDS = 3


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main() -> None:
    """Print the table."""
    encoder = load_encoder()
    files = list(find_files([seeds_folder()]))
    texts = [p.text for file in files for article in read_articles(file) for p in split_passages(article)]
    encoder.passages(texts[:4])
    with tempfile.TemporaryDirectory() as folder:
        bare = statistics.median(_timed(lambda: encoder.passages(texts)) for _ in range(_ROUNDS))
        homes = [Path(folder, str(number)) for number in range(_ROUNDS)]
        built = statistics.median(_timed(lambda home=home: index_paths([seeds_folder()], home)) for home in homes)  # type: ignore[misc]
        again = _timed(lambda: index_paths([seeds_folder()], homes[0]))
        print(f"index {len(files)} articles: {built:.2f} s = {built / bare:.2f} x embedding their {len(texts)} passages ({bare:.2f} s)")
        print(f"index them again, unchanged: {again:.2f} s")

        assistant = Assistant.open(homes[0])
        assistant.warm()
        _, copy = DataFolder(homes[0]).snapshot()
        store = VectorStore(copy / CHROMA)
        questions = [case.question for case in load_cases(shipped_cases())]
        plain, asked = [], []
        for question in questions:
            plain.append(_timed(lambda q=question: store.sentences(encoder.query(q), 10, Filters().voices)))  # type: ignore[misc]
            asked.append(_timed(lambda q=question: assistant.ask(q)))  # type: ignore[misc]
        ratio = statistics.median(asked) / statistics.median(plain)
        print(
            f"warm ask, median of {len(questions)}: {1000 * statistics.median(asked):.1f} ms = {ratio:.2f} x embedding the question "
            f"and a bare Chroma query ({1000 * statistics.median(plain):.1f} ms)"
        )
        store.close()
        assistant.close()
        command = [sys.executable, "-m", "assistant", "ask", questions[0], "--json"]
        environment = {**os.environ, "BELEGT_DATA": str(homes[0])}
        cold = [_timed(lambda: subprocess.run(command, env=environment, check=True, capture_output=True)) for _ in range(_ROUNDS)]
        print(f"belegt ask from a cold shell, median of {_ROUNDS}: {statistics.median(cold):.2f} s ({DEFAULT})")


if __name__ == "__main__":
    main()
