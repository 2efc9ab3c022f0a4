"""Question + text → the words that answer, and how surely they do."""

import copy
import json
import math
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.errors import ReaderError
from assistant.reader.tokens import LENGTH, assemble
from index.errors import GraphError
from index.graphs import open_session
from index.once import once
from index.tokens import Ids, Tokenizer, load_tokenizer

_LONGEST_SPAN = 40  # tokens
_OVERLAP = 96  # tokens that two windows of a long text share
_THREADS = 2
_REMEMBERED = 4096  # windows: what was asked is asked again by others, with another filter, after a reload


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of one text: `text == given[start:end]` is what would answer, half-open code-point offsets.

    `probability` (0 to 1) that the text answers the question; `logit` is what it was calibrated from (higher is surer).
    `start_probability` and `end_probability` (0 to 1) say how sure the ends of the span are. A text that surely answers nothing gives
    an empty span, one without a word with probability 0.
    """

    start: int
    end: int
    text: str
    probability: float
    logit: float
    start_probability: float
    end_probability: float


class AnyReader(Protocol):
    """What the assistant needs of a reader."""

    name: str

    def read(self, question: str, texts: Sequence[str], contexts: Sequence[str] | None = None) -> list[Reading]:
        """One reading for each text; `contexts` (titles and dates) are read along, but never hold the answer."""

    def calibrated(self, calibration: "Calibration") -> "AnyReader":
        """The same reader with other probabilities."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """logit → probability: a logistic curve, 1 / (1 + exp(-(slope * logit + bias))) (Platt 1999)."""

    slope: float
    bias: float

    @classmethod
    def fit(cls, logits: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> "Calibration":
        """The curve that fits best; needs scikit-learn, which comes with sentence-transformers."""
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=1e4).fit(np.asarray(logits)[:, None], right)
        return cls(round(float(model.coef_[0, 0]), 4), round(float(model.intercept_[0]), 4))

    def __call__(self, logit: float) -> float:
        value = self.slope * logit + self.bias
        return 1 / (1 + math.exp(-value)) if value > -700 else 0.0


class Reader:
    """The bundled reader. Deterministic: a reading depends on its question and text alone. Safe to use from several threads."""

    name = "bundled"

    def __init__(self, graph: bytes, tokenizer: Tokenizer, calibration: Calibration, threads: int = _THREADS) -> None:
        # one thread for each window: two windows at a time take four fifths as long as two threads on one after the other
        self._session = open_session(graph)
        self._pool = ThreadPoolExecutor(max(1, min(threads, os.cpu_count() or 1)), "reader")
        self._tokenizer = tokenizer
        self._calibration = calibration
        self._known: OrderedDict[bytes, Future[_Scores]] = OrderedDict()  # by the window's tokens; also those being read right now
        self._lock = threading.Lock()

    @classmethod
    def load(cls, name: str | Path | None = None) -> "AnyReader":
        """The bundled reader, loaded once per process; `name` names another (a folder with reader.onnx, or a Hugging Face model).

        Raises ReaderError where it can't be loaded.
        """
        if name is None or str(name) == cls.name:
            return _bundled()
        folder = Path(name)
        if (folder / "reader.onnx").is_file():
            return cls.open(folder)
        from assistant.reader.foreign import ForeignReader

        return ForeignReader(str(name))

    @classmethod
    def open(cls, folder: Traversable) -> "Reader":
        """One that `make train-reader` wrote: reader.onnx and reader.json."""
        try:
            fields = json.loads(folder.joinpath("reader.json").read_text("utf-8"))
            graph = folder.joinpath("reader.onnx").read_bytes()
            return cls(graph, load_tokenizer(), Calibration(float(fields["slope"]), float(fields["bias"])))
        except (OSError, ValueError, KeyError, GraphError) as error:
            what = "install belegt anew, use --reader off, or train one with make train-reader"
            raise ReaderError(f"{folder}: holds no reader that can be loaded ({error}); {what}") from error

    def calibrated(self, calibration: Calibration) -> "Reader":
        """The same reader with other probabilities; both share the weights and what they have read."""
        other = copy.copy(self)
        other._calibration = calibration
        return other

    def read(self, question: str, texts: Sequence[str], contexts: Sequence[str] | None = None) -> list[Reading]:
        """One reading for each text, however long; `contexts` (titles and dates) are read along, but never hold the answer."""
        if isinstance(texts, str):
            raise TypeError("texts is one text; give a list of texts")
        asked = self._tokenizer.question(question)
        given = contexts if contexts is not None else [""] * len(texts)
        every = [self._windows(asked, text, context) for text, context in zip(texts, given, strict=True)]
        # all are begun before the first is waited for
        begun = [[(window, self._begin(window)) for window in windows] for windows in every]
        nothing = Reading(0, 0, "", 0.0, -math.inf, 0.0, 0.0)
        return [max((self._reading(*pair) for pair in pairs), key=lambda r: r.logit, default=nothing) for pairs in begun]

    def logits(
        self, words: npt.NDArray[np.float32], inside: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """(1, n, hidden) word vectors, (n,) true at the text's tokens → (n,) start, (n,) end and (1,) answer logits."""
        start, end, answers = self._session.run(["start", "end", "answers"], {"words": words, "inside": inside})
        return start, end, answers

    def _windows(self, question: Ids, text: str, context: str) -> list["_Window"]:
        tokens = self._tokenizer.text(text)
        head = self._tokenizer.context(context)
        room = LENGTH - len(question) - len(head) - 5
        return [
            _Window(text, *assemble(self._tokenizer.bos, self._tokenizer.eos, question, head, tokens.ids[begin : begin + room]),
                    tokens.offsets[begin : begin + room])
            for begin in _beginnings(len(tokens), room)
        ]  # fmt: skip

    def _begin(self, window: "_Window") -> "Future[_Scores]":
        """What reading a window gives, of which few are read at a time; one that was read lately isn't read again."""
        key = window.base.to_bytes(4) + window.ids.tobytes()
        with self._lock:
            begun = self._known.pop(key, None)
            if begun is None or (begun.done() and begun.exception()):
                begun = self._pool.submit(self._scores, window)
            self._known[key] = begun
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return begun

    def _scores(self, window: "_Window") -> "_Scores":
        inside = np.zeros(len(window.ids), np.bool_)
        inside[window.base : -1] = True
        start, end, answers = self.logits(self._tokenizer.vectors(window.ids)[None], inside)
        return *best_span(start[window.base : -1], end[window.base : -1]), float(answers[0])

    def _reading(self, window: "_Window", begun: "Future[_Scores]") -> Reading:
        first, last, sure, logit = begun.result()
        a, b = int(window.offsets[first, 0]), int(window.offsets[last, 1])
        return Reading(a, b, window.text[a:b], self._calibration(logit), logit, *sure)


# First and last token of the span, how sure its ends are, the answer's logit
_Scores = tuple[int, int, tuple[float, float], float]


@dataclass(frozen=True, slots=True)
class _Window:
    """As much of a text as is read at once: (n,) `ids` with the question, the text's tokens from `base` on; their (m, 2) `offsets`."""

    text: str
    ids: Ids
    base: int
    offsets: Ids


def best_span(
    start: npt.NDArray[np.float32], end: npt.NDArray[np.float32], longest: int = _LONGEST_SPAN
) -> tuple[int, int, tuple[float, float]]:
    """First and last token (inclusive) of the likeliest span of at most `longest` tokens, and the probabilities of both."""
    starts, ends = _softmax(start), _softmax(end)
    n = len(starts)
    pairs = np.tril(np.triu(np.outer(starts, ends)), longest - 1)
    first, last = divmod(int(pairs.argmax()), n)
    return first, last, (float(starts[first]), float(ends[last]))


def _softmax(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    raised = np.exp(values.astype(np.float64) - float(values.max()))
    result: npt.NDArray[np.float64] = raised / raised.sum()
    return result


def _beginnings(length: int, room: int) -> list[int]:
    """Where the windows of a text of `length` tokens begin; nowhere without a token."""
    if length <= room:
        return [0] if length else []
    step = room - _OVERLAP
    return [*range(0, length - room, step), length - room]


@once
def _bundled() -> Reader:
    return Reader.open(files("assistant.reader"))
