"""Sentence + passage → how surely the passage carries the sentence. Runs on the reader's machinery."""

import threading
from functools import cache
from importlib.resources import files

from assistant.reader import Reader


class Entailment:
    """A network of the reader's shape, in which the sentence stands where the question did. Safe to use from several threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def carried(self, sentence: str, text: str, date: str = "") -> float:
        """Probability (0 to 1) that `text`, of that ISO `date`, carries `sentence`; 0.0 for a text without a word."""
        return self._reader.read(sentence, [text], [date])[0].probability


def load_entailment() -> Entailment:
    """The bundled one, loaded once per process. Raises ReaderError where it can't be loaded."""
    with _LOCK:  # two threads that ask at once load one
        return _loaded()


_LOCK = threading.Lock()


@cache
def _loaded() -> Entailment:
    return Entailment(Reader.open(files("assistant.entailment")))
