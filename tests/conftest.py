"""What several tests share."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from assistant import Assistant
from assistant.settings import seeds_folder

# the models' libraries are to ask no network in tests either
os.environ.setdefault("HF_HUB_OFFLINE", "1")

# timings don't decide: machines are shared
settings.register_profile("belegt", deadline=None, derandomize=True)
settings.load_profile("belegt")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def seeds_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the shipped articles indexed."""
    data = tmp_path_factory.mktemp("seeds-data")
    Assistant.build([seeds_folder()], data).close()
    return data


@pytest.fixture(scope="session")
def assistant(seeds_data: Path):  # type: ignore[no-untyped-def]
    """An assistant over the shipped articles."""
    opened = Assistant.open(seeds_data)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def originals() -> Path:
    """The folder of real articles that the product is tried on; they may not be shipped."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the real articles aren't beside this checkout")
    return folder


FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@contextmanager
def browser() -> Iterator[Any]:
    """The machine's Chromium, driven by playwright; skips where one of them is missing."""
    playwright = pytest.importorskip("playwright.sync_api")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.skip("no chromium on this machine")
    with playwright.sync_playwright() as p:
        launched = p.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as launched:
        yield launched


@contextmanager
def chat_at(data: Path, *options: str) -> Iterator[str]:
    """The address of `belegt chat` over a data folder, in a process of its own, ended as by Ctrl-C."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    command = [sys.executable, "-m", "assistant", "chat", *options, "--port", url[:-1].rpartition(":")[2], "--data", str(data)]
    process = subprocess.Popen(command, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    line = process.stdout.readline()
    try:
        assert url in line
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
