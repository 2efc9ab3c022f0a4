"""What the last `belegt eval` found, kept beside the index so that the web chat can show it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import SettingError

_FILE = "last-eval.json"


class Figure(BaseModel):
    """A share from 0 to 1 with its 95% interval, of `n` cases; `group` is "figure" for a headline figure, "kind" for a kind of question."""

    model_config = ConfigDict(frozen=True)
    name: str
    group: str
    value: float
    low: float
    high: float
    n: int


class Failure(BaseModel):
    """A case that came out otherwise than expected."""

    model_config = ConfigDict(frozen=True)
    id: str
    kind: str
    question: str
    answer: str
    expected: str


class Evaluation(BaseModel):
    """A run of the evaluation: when it ended (ISO, local time), on which cases, its figures and what failed."""

    model_config = ConfigDict(frozen=True)
    at: str
    dataset: str
    cases: int
    figures: tuple[Figure, ...]
    failed: tuple[Failure, ...]

    def store(self, folder: Path) -> None:
        """Keep it in a data folder, in place of the one before."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_text(self.model_dump_json(), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Evaluation | None":
        """The one kept in a data folder; None where there is none, SettingError where it can't be read."""
        file = folder / _FILE
        try:
            return cls.model_validate_json(file.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise SettingError(f"{file}: can't be read ({' '.join(str(error).split())[:80]}); run belegt eval again") from error
