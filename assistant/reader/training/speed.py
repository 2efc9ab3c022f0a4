"""How long the graph takes beside the same model in torch, on the same input in the same run."""

import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch

from assistant.reader.model import Reader
from assistant.reader.training.export import export, weights_of
from assistant.reader.training.network import Network

_TEXTS, _TOKENS, _ROUNDS = 5, 150, 9


def compare() -> dict[str, float]:
    """Median milliseconds of five windows of 150 tokens on two threads.

    torch one by one and as a batch, each on both threads; the graph in float and in 8 bit as `Reader.read` runs it, two windows at a time.
    """
    torch.set_num_threads(2)
    shipped = Path(str(files("assistant.reader")))
    weights = weights_of(shipped / "reader.onnx")
    network = Network().eval()
    network.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    words = np.random.default_rng(0).standard_normal((1, _TOKENS, 384)).astype(np.float32) / 10
    inside = np.ones(_TOKENS, np.bool_)
    one, there = torch.from_numpy(words), torch.from_numpy(inside)[None]
    acts: dict[str, Callable[[], object]] = {
        "torch": lambda: [network(one, None, there) for _ in range(_TEXTS)],
        "torch, a batch": lambda: network(one.repeat(_TEXTS, 1, 1), None, there.repeat(_TEXTS, 1)),
    }
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool, torch.no_grad():
        export(weights, 12, 12, Path(folder, "reader.onnx"), None)
        Path(folder, "reader.json").write_text('{"slope": 1, "bias": 0}', "utf-8")
        for name, home in (("float", Path(folder)), ("int8", shipped)):
            reader = Reader.open(home)
            acts[name] = lambda reader=reader: list(pool.map(lambda _: reader.logits(words, inside), range(_TEXTS)))  # type: ignore[misc]
        took: dict[str, list[float]] = {name: [] for name in acts}
        for _ in range(_ROUNDS):
            for name, act in acts.items():
                began = time.perf_counter()
                act()
                took[name].append(1000 * (time.perf_counter() - began))
    return {name: round(statistics.median(times), 1) for name, times in took.items()}
