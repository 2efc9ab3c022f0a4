"""Evaluation cases: questions with what a right answer holds, as JSON lines."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import AssistantError
from assistant.settings import seeds_folder

_HERE = Path(str(files("eval")))


class CaseError(AssistantError):
    """A file of cases can't be used."""


class Gold(BaseModel):
    """A stretch of an article, by its id, that carries the answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    article: str
    text: str


class Case(BaseModel):
    """One question.

    `kind` is the slice that it is counted in. `need` lists groups of alternatives: a right answer's text holds at least one string of
    every group (case and runs of blanks don't matter). `articles` are the ids that carry the answer, `gold` the stretches if they are
    known. `turns` are asked before, in one chat. `ban` lists claims that must not appear. `voice` is whose words are to answer.
    `conflict`: sources answer differently, and that is to be said. `checked` false marks a draft, which isn't asked. `note` is for people.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(min_length=1)
    kind: str = Field(min_length=1)
    question: str = Field(min_length=1)
    answerable: bool
    lang: str = "de"
    need: list[list[str]] = Field(default_factory=list)
    articles: list[str] = Field(default_factory=list)
    gold: list[Gold] = Field(default_factory=list)
    turns: list[str] = Field(default_factory=list)
    ban: list[str] = Field(default_factory=list)
    voice: Literal["article", "comment"] = "article"
    conflict: bool = False
    checked: bool = True
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> "Case":
        if self.checked and self.answerable and not self.need:
            raise ValueError("an answerable case needs what its answer holds (need)")
        if not self.answerable and (self.need or self.gold):
            raise ValueError("a case without an answer can't have need or gold")
        if any(not group or not all(group) for group in self.need):
            raise ValueError("need has an empty group or an empty string, which every answer would hold")
        return self


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases over one collection of articles."""

    name: str
    cases: tuple[Case, ...]
    corpus: tuple[Path, ...]


def shipped_cases() -> Path:
    """The file of cases over the shipped articles."""
    return _HERE / "cases" / "seeds.jsonl"


def shipped_sets() -> list[CaseSet]:
    """The shipped cases: over the shipped articles, over six invented news events, over articles with instructions planted in them."""

    def of(name: str, corpus: Path, *names: str) -> CaseSet:
        return CaseSet(name, tuple(case for file in names for case in load_cases(_HERE / "cases" / f"{file}.jsonl")), (corpus,))

    return [
        of("seeds", seeds_folder(), "seeds", "untouched"),
        of("news", _HERE / "corpora" / "news", "news"),
        of("planted", _HERE / "corpora" / "planted", "planted"),
    ]


def sampled(sets: Sequence[CaseSet], most: int) -> list[CaseSet]:
    """About `most` of the cases, evenly from all sets and kinds, the same each time."""
    every = [case for one in sets for case in one.cases]
    step = max(1.0, len(every) / most)
    chosen = {every[int(i * step)].id for i in range(min(most, len(every)))}
    return [replace(one, cases=tuple(case for case in one.cases if case.id in chosen)) for one in sets]


def load_cases(file: Path) -> list[Case]:
    """The cases in a JSON-lines file; CaseError names the line that can't be read, or an id that stands there twice."""
    cases: dict[str, Case] = {}
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{file}: can't be read ({error})") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = Case.model_validate(json.loads(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise CaseError(f"{file}, line {number}: is no case ({f'{where}: ' if where else ''}{first['msg']})") from error
        except ValueError as error:
            raise CaseError(f"{file}, line {number}: is no JSON ({error})") from error
        if case.id in cases:
            raise CaseError(f"{file}, line {number}: the id {case.id!r} stands there twice; give each case its own")
        cases[case.id] = case
    if not cases:
        raise CaseError(f"{file}: holds no cases")
    return list(cases.values())


def _plain(text: str) -> str:
    return " ".join(text.replace("**", "").replace("\\", "").split()).casefold()


def holds(text: str, need: list[list[str]]) -> bool:
    """Whether `text` holds at least one string of every group."""
    plain = _plain(text)
    return all(any(_stands_in(plain, alternative) for alternative in group) for group in need)


def holds_claim(text: str, claim: str) -> bool:
    """Whether a claim stands in `text`, its first and last number as a whole: "1. Mai" doesn't stand in "21. Mai"."""
    return _stands_in(_plain(text), claim)


def _stands_in(plain: str, claim: str) -> bool:
    words = _plain(claim)
    before = r"(?<!\d)(?<!\d[.,])" if words[:1].isdecimal() else ""
    after = r"(?!\d|[.,]\d)" if words[-1:].isdecimal() else ""
    return re.search(f"{before}{re.escape(words)}{after}", plain) is not None
