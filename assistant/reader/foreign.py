"""Readers and rerankers by other makers, in Hugging Face's formats; their libraries are loaded when one is asked for."""

import copy
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import ReaderError
from assistant.reader.model import Calibration, Reading, best_span

_LENGTH = 384
_OVERLAP = 128


class ForeignReader:
    """Any extractive question-answering model (`AutoModelForQuestionAnswering`), by name or folder.

    Its logit is the best span's score less the score of "no answer" (Devlin et al. 2019, for SQuAD 2.0); a model that knows no
    such answer is only as good as that difference. `calibration` maps it to a probability; `belegt calibrate` fits it.
    """

    def __init__(self, name: str, calibration: Calibration | None = None) -> None:
        self.name = name
        self._calibration = calibration or Calibration(1.0, 0.0)
        try:
            from transformers import AutoModelForQuestionAnswering, AutoTokenizer

            local = Path(name).is_dir()
            self._tokenizer: Any = AutoTokenizer.from_pretrained(name, local_files_only=local)
            self._model: Any = AutoModelForQuestionAnswering.from_pretrained(name, local_files_only=local).eval().requires_grad_(False)
        except Exception as error:  # the library raises whatever its loaders raise
            raise ReaderError(
                f"reader {name!r} can't be loaded ({_line(error)}); give a Hugging Face question-answering model's name or folder, or off"
            ) from error
        if not self._tokenizer.is_fast:
            raise ReaderError(f"reader {name!r} has a tokenizer without offsets; choose a model with a fast tokenizer")
        self._length = min(_LENGTH, int(self._tokenizer.model_max_length))

    def calibrated(self, calibration: Calibration) -> "ForeignReader":
        """The same reader with other probabilities; both share the weights."""
        other = copy.copy(self)
        other._calibration = calibration
        return other

    def read(self, question: str, texts: Sequence[str], contexts: Sequence[str] | None = None) -> list[Reading]:
        """One reading for each text; such models were trained without titles, so `contexts` aren't shown to them."""
        del contexts
        return [self._one(question, text) for text in texts]

    def _one(self, question: str, text: str) -> Reading:
        if not any(not char.isspace() for char in text):
            return Reading(0, 0, "", 0.0, -math.inf, 0.0, 0.0)
        pieces = self._tokenizer(
            question, text, truncation="only_second", max_length=self._length, stride=min(_OVERLAP, self._length // 4),
            return_overflowing_tokens=True, return_offsets_mapping=True, padding=True, return_tensors="pt",
        )  # fmt: skip
        offsets = pieces.pop("offset_mapping").numpy()
        pieces.pop("overflow_to_sample_mapping", None)
        scores = self._model(**pieces)
        best = Reading(0, 0, "", 0.0, -math.inf, 0.0, 0.0)
        for i in range(len(offsets)):
            inside = np.array([number == 1 for number in pieces.sequence_ids(i)]) & (offsets[i, :, 1] > offsets[i, :, 0])
            if not inside.any():
                continue
            start, end = scores.start_logits[i].numpy(), scores.end_logits[i].numpy()
            places = np.flatnonzero(inside)
            first, last, sure = best_span(start[places], end[places])
            a, b = int(offsets[i, places[first], 0]), int(offsets[i, places[last], 1])
            logit = float(start[places[first]] + end[places[last]] - start[0] - end[0])
            if logit > best.logit:
                best = Reading(a, b, text[a:b], self._calibration(logit), logit, *sure)
        return best


class Reranker:
    """Any sentence-transformers `CrossEncoder` with one score, by name or folder."""

    def __init__(self, name: str) -> None:
        self.name = name
        try:
            from sentence_transformers import CrossEncoder

            self._model: Any = CrossEncoder(name, local_files_only=Path(name).is_dir())
        except Exception as error:  # the library raises whatever its loaders raise
            raise ReaderError(
                f"reranker {name!r} can't be loaded ({_line(error)}); give a sentence-transformers CrossEncoder's name or folder, or off"
            ) from error

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score for each text, higher is better; the scale is the model's own."""
        if not texts:
            return []
        found = np.asarray(self._model.predict([(question, text) for text in texts], show_progress_bar=False), dtype=np.float64)
        if found.ndim != 1:
            raise ReaderError(f"reranker {self.name!r} gives {found.shape[1]} scores a text; one is needed")
        return [float(score) for score in found]


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
