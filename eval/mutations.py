"""How good are the checkers? True sentences of answers with one thing made false, and whether that is found."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.types import Citation
from eval.citations import faults_of
from eval.statistics import Estimate, share

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w.,]*\d)")
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_DAY = re.compile(rf"\b(\d{{1,2}})\.\s?({_MONTHS})\b")
NAME = re.compile(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ][a-zäöüß]{2,}(?: [A-ZÄÖÜ][a-zäöüß]{2,})+")
_SPEECH = r"(?:sagte|erklärte|teilte|betonte|kritisierte|warnte|forderte|nannte|schrieb)"
_SPEAKER = re.compile(rf"\b{_SPEECH} ((?:[A-ZÄÖÜ][\w-]+ ){{0,3}}[A-ZÄÖÜ][\w-]+)|\b([A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+)*) {_SPEECH}\b")
_QUOTED = re.compile(r"[„“»](\w[^„“”«»]{8,}?)[“”«]")
_VERB = re.compile(r"\b(?:ist|sind|war|waren|wird|werden|wurde|wurden|hat|haben|hatte|hatten|kann|können|muss|müssen)\b")
_NOT = re.compile(r"\bnicht ")
_MODAL = re.compile(r"\b(?:soll|sollen|könnte|könnten|dürfte|dürften) |\b(?:möglicherweise|offenbar|vermutlich|voraussichtlich) ")


@dataclass(frozen=True, slots=True)
class Sample:
    """A true sentence with its citations."""

    text: str
    citations: tuple[Citation, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A sample made false in one way."""

    kind: str
    sample: Sample


def mutants(samples: Sequence[Sample]) -> Iterator[Mutant]:
    """Every sample made false in each way that it allows; the same each time. What is taken from elsewhere comes from another sample."""
    for number, sample in enumerate(samples):
        other = _unlike(samples, number)
        for kind, change in _CHANGES.items():
            text = change(sample.text, other.text if other else "")
            if text and text != sample.text:
                yield Mutant(kind, Sample(text, sample.citations, sample.language))
        if other:
            yield Mutant("citation", Sample(sample.text, other.citations, sample.language))


def checked(samples: Sequence[Sample]) -> dict[str, Estimate]:
    """Share of the mutants that are found to be faulty by kind, and of the true samples ("clean") that are: the false alarms."""
    found: dict[str, list[bool]] = {}
    for mutant in mutants(samples):
        faulty = bool(faults_of(mutant.sample.text, mutant.sample.citations, mutant.sample.language))
        found.setdefault(mutant.kind, []).append(faulty)
    clean = [bool(faults_of(s.text, s.citations, s.language)) for s in samples]
    return {**{kind: share(flags) for kind, flags in sorted(found.items())}, "clean": share(clean)}


def _unlike(samples: Sequence[Sample], number: int) -> Sample | None:
    """The next sample that rests on other articles."""
    own = {c.article_id for c in samples[number].citations}
    after = (samples[(number + step) % len(samples)] for step in range(1, len(samples)))
    return next((s for s in after if not own & {c.article_id for c in s.citations}), None)


def _number(text: str, _: str) -> str:
    dates = [match.span() for match in _DAY.finditer(text)]

    def changed(match: re.Match[str]) -> str:
        last = match[0][-1]
        return f"{match[0][:-1]}{(int(last) + 3) % 10}"

    for match in _NUMBER.finditer(text):
        if not any(a <= match.start() < b for a, b in dates):
            return text[: match.start()] + changed(match) + text[match.end() :]
    return ""


def _date(text: str, _: str) -> str:
    months = _MONTHS.split("|")

    def changed(match: re.Match[str]) -> str:
        if int(match[1]) % 2:
            return f"{int(match[1]) % 28 + 1}. {match[2]}"
        return f"{match[1]}. {months[(months.index(match[2]) + 5) % 12]}"

    return _DAY.sub(changed, text, count=1)


def _name(text: str, other: str) -> str:
    here, there = NAME.search(text), NAME.search(other)
    return text[: here.start()] + there[0] + text[here.end() :] if here and there else ""


def _speaker(text: str, other: str) -> str:
    """Another name of the same sentence speaks, else one from elsewhere."""
    match = _SPEAKER.search(text)
    if not match:
        return ""
    group = 1 if match[1] else 2
    names = [m[0] for m in NAME.finditer(text) if m[0] not in match[group] and match[group] not in m[0]]
    found = NAME.search(other)
    name = names[0] if names else found[0] if found else ""
    return text[: match.start(group)] + name + text[match.end(group) :] if name else ""


def _negation(text: str, _: str) -> str:
    return _NOT.sub("", text, count=1) if _NOT.search(text) else _VERB.sub(lambda m: f"{m[0]} nicht", text, count=1)


def _modality(text: str, _: str) -> str:
    return _MODAL.sub("", text, count=1) if _MODAL.search(text) else _VERB.sub(lambda m: f"{m[0]} möglicherweise", text, count=1)


def _quotation(text: str, _: str) -> str:
    """The words in quotation marks without one in their middle."""
    match = _QUOTED.search(text)
    words = match[1].split() if match else []
    if not match or len(words) < 3:
        return ""
    kept = words[: len(words) // 2] + words[len(words) // 2 + 1 :]
    return text[: match.start(1)] + " ".join(kept) + text[match.end(1) :]


def _addition(text: str, other: str) -> str:
    """With the end of another sentence added."""
    words = re.sub(r"[„“”»«\"]", "", other).rstrip(" .!?").split()
    return f"{text.rstrip(' .')}, {' '.join(words[-6:])}." if len(words) > 8 else ""


_CHANGES: dict[str, Callable[[str, str], str]] = {
    "number": _number, "date": _date, "name": _name, "speaker": _speaker, "negation": _negation, "modality": _modality,
    "quotation": _quotation, "addition": _addition,
}  # fmt: skip
