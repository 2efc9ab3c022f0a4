"""Evaluation cases: questions with what a right answer holds, as JSON lines."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import AssistantError


class CaseError(AssistantError):
    """A file of cases can't be used."""


class Case(BaseModel):
    """One question.

    `need` lists groups of alternatives: a right answer's text holds at least one string of every group (case and runs of
    blanks don't matter). `articles` are the ids that carry the answer. `turns` are asked before, in one chat. `ban` lists
    strings that must not appear.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    kind: str
    question: str
    answerable: bool
    lang: str = "de"
    need: list[list[str]] = Field(default_factory=list)
    articles: list[str] = Field(default_factory=list)
    turns: list[str] = Field(default_factory=list)
    ban: list[str] = Field(default_factory=list)


def load_cases(file: Path) -> list[Case]:
    """The cases in a JSON-lines file; CaseError names the line that can't be read."""
    cases = []
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{file}: can't be read ({error})") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            cases.append(Case.model_validate(json.loads(line)))
        except (ValueError, ValidationError) as error:
            raise CaseError(f"{file}, line {number}: is no case ({str(error).splitlines()[0]})") from error
    if not cases:
        raise CaseError(f"{file}: holds no cases")
    return cases


def _plain(text: str) -> str:
    return " ".join(text.replace("**", "").replace("\\", "").split()).casefold()


def holds(text: str, need: list[list[str]]) -> bool:
    """Whether `text` holds at least one string of every group."""
    plain = _plain(text)
    return all(any(_plain(alternative) in plain for alternative in group) for group in need)
