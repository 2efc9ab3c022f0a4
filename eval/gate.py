"""Thresholds that a run is held to."""

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eval.cases import CaseError
from eval.figures import NAMES, figures, slices
from eval.run import Run
from eval.statistics import NOTHING, Estimate

CHECKERS = "checker "  # before the kind of a mutant: the share of them that is found


class Limit(BaseModel):
    """A figure has to be at least or at most a value, over one slice ("set news", "kind fact", "lang en") or over all cases.

    `of` says what is compared: the figure itself, or the end of its 95% interval that is the worse for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    figure: str
    slice: str = ""
    at_least: float | None = Field(None, allow_inf_nan=False)
    at_most: float | None = Field(None, allow_inf_nan=False)
    of: Literal["value", "interval"] = "value"

    @model_validator(mode="after")
    def _known(self) -> "Limit":
        if self.figure not in NAMES and not self.figure.startswith(CHECKERS):
            raise ValueError(f"there is no figure {self.figure!r}; there are {', '.join(NAMES)}")
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a limit needs one of at_least and at_most")
        return self


class Gate(BaseModel):
    """A gate file: tables [at_least] and [at_most] of figures over all cases, and any number of [[limit]]."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    at_least: dict[str, float] = Field(default_factory=dict)
    at_most: dict[str, float] = Field(default_factory=dict)
    limit: list[Limit] = Field(default_factory=list)

    @classmethod
    def load(cls, file: Path) -> "Gate":
        """Read a TOML file; CaseError says what is wrong with it."""
        try:
            gate = cls.model_validate(tomllib.loads(file.read_text("utf-8")))
            gate.limits()
            return gate
        except ValidationError as error:
            raise CaseError(f"{file}: is no gate ({error.errors()[0]['msg']})") from error
        except (OSError, ValueError) as error:
            raise CaseError(f"{file}: is no gate ({error})") from error

    def limits(self) -> list[Limit]:
        """All of them, in the order of the file."""
        plain = [Limit(figure=name, at_least=value, at_most=None) for name, value in self.at_least.items()]
        plain += [Limit(figure=name, at_least=None, at_most=value) for name, value in self.at_most.items()]
        return [*plain, *self.limit]


@dataclass(frozen=True, slots=True)
class Miss:
    """A limit that isn't met, and what was found."""

    limit: Limit
    found: Estimate

    def __str__(self) -> str:
        limit, wanted = self.limit, self.limit.at_least if self.limit.at_least is not None else self.limit.at_most
        side = "at least" if limit.at_least is not None else "at most"
        where = f" ({limit.slice})" if limit.slice else ""
        return f"{limit.figure + where:40} {self.found}, {side} {wanted:.3f} of the {limit.of} was wanted"


def misses(run: Run, gate: Gate) -> list[Miss]:
    """The limits that a run doesn't meet; a figure that can't be computed meets none."""
    parts = {"": run.results, **slices(run)}
    known = {name: figures(parts[name]) for name in {limit.slice for limit in gate.limits()} if name in parts}
    missed = []
    for limit in gate.limits():
        if limit.figure.startswith(CHECKERS):
            found = run.checkers.get(limit.figure.removeprefix(CHECKERS), NOTHING)
        else:
            found = known.get(limit.slice, {}).get(limit.figure, NOTHING)
        if limit.at_least is not None:
            value = found.low if limit.of == "interval" else found.value
            met = not math.isnan(value) and value >= limit.at_least
        else:
            value = found.high if limit.of == "interval" else found.value
            met = not math.isnan(value) and limit.at_most is not None and value <= limit.at_most
        if not met:
            missed.append(Miss(limit, found))
    return missed
