"""What training reads: every text and question in tokens, in one file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.generic]

SETS = (
    "wiki", "news", "own", "xquad", "xquad-other", "norquad", "jaquad", "frames", "renamed", "swapped", "nomiracl", "paraphrases",
    "keywords", "outlets",
)  # fmt: skip
PARTS = ("train", "dev", "final")


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of different lengths: row i is `flat[at[i]:at[i + 1]]`."""

    flat: npt.NDArray[np.int32]
    at: npt.NDArray[np.int64]

    @classmethod
    def of(cls, rows: Iterable[Sequence[int] | npt.NDArray[np.int32]]) -> "Ragged":
        """From lists."""
        kept = [np.asarray(row, np.int32) for row in rows]
        return cls(np.concatenate([np.empty(0, np.int32), *kept]), np.cumsum([0, *map(len, kept)]))

    def __len__(self) -> int:
        return len(self.at) - 1

    def __getitem__(self, i: int) -> npt.NDArray[np.int32]:
        return self.flat[self.at[i] : self.at[i + 1]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What training reads. Token ids count in `pieces`, the vocabulary's ids that occur; the first are <s>, </s> and <pad>.

    `examples` is (n, 7): question, text, context (-1: none), first and last token of the answer in the text (-1: no answer;
    -2: one of the texts of its group has one, nobody has said which),
    set (in SETS), part (in PARTS); `german` says whether question and text are. `sentences` has each text's first tokens of
    its sentences; `neighbours` the texts that come near a question and don't hold its answer.
    """

    pieces: npt.NDArray[np.int64]
    packed: npt.NDArray[np.uint8]
    questions: Ragged
    texts: Ragged
    contexts: Ragged
    sentences: Ragged
    neighbours: Ragged
    examples: npt.NDArray[np.int32]
    german: npt.NDArray[np.bool_]
    groups: npt.NDArray[np.int32]

    def save(self, file: Path) -> None:
        """Write one compressed file."""
        arrays: dict[str, Array] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Ragged):
                arrays[f"{field.name}.flat"], arrays[f"{field.name}.at"] = value.flat, value.at
            else:
                arrays[field.name] = value
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, file: Path) -> "Prepared":
        """Read it back."""
        with np.load(file) as arrays:
            found: dict[str, Any] = {
                f.name: Ragged(arrays[f"{f.name}.flat"], arrays[f"{f.name}.at"]) if f"{f.name}.flat" in arrays else arrays[f.name]
                for f in fields(cls)
            }
            return cls(**found)
