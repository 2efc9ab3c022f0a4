"""What speaks for and against a sentence, weighed: the guard's rules, what has no counterpart in the cited text, and a network's word.

The rules see numbers, dates, quotations and near-copies better than any network of this size; where a passage is told in other words,
the network does. A veto of the rules stands whatever the network says; the rest is a linear model (evidence.json, fitted by
`python -m eval.evidence` on the fitting part of the guard's pairs).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations, permutations

from assistant.edits import edited
from assistant.entailment import Entailment
from assistant.facts import Number, same_number, same_time
from assistant.guard import Check, Fault, Span, check, doc_of
from assistant.wording import Doc, clause_of, matches, plain_quote

FEATURES = ("network", "supported", "names", "nouns", "words")
_VETOES = {"comment", "quotation", "copy", "form", "empty"}  # faults that no other reading of the passage could take back
_ROUNDING = 0.03
_MOST = 2  # missing words that are counted


@dataclass(frozen=True, slots=True)
class Rule:
    """Weights in the order of FEATURES; a sentence is carried from `threshold` on."""

    weights: tuple[float, ...]
    threshold: float


@cache
def load_rule() -> Rule:
    """The shipped one; ValueError where it was fitted for other features."""
    fields = json.loads(files("assistant").joinpath("evidence.json").read_text("utf-8"))
    if tuple(fields["features"]) != FEATURES:
        raise ValueError(f"evidence.json was fitted for {fields['features']}, not {list(FEATURES)}; run python -m eval.evidence")
    return Rule(tuple(fields["weights"]), fields["threshold"])


def weighed(sentence: str, spans: Sequence[Span], entailment: Entailment, rule: Rule | None = None) -> Check:
    """Whether the cited `spans` carry `sentence`, by the rules and the network together."""
    found = check(sentence, spans)
    vetoes, missing = against(sentence, spans, found)
    if vetoes:
        return found if not found.supported else Check(False, vetoes)
    using = rule or load_rule()
    score = sum(weight * value for weight, value in zip(using.weights, features(sentence, spans, found, missing, entailment), strict=True))
    if score >= using.threshold:
        return found if found.supported else Check(True)
    return Check(False, found.faults or (Fault("meaning", sentence),))


def features(sentence: str, spans: Sequence[Span], found: Check, missing: dict[str, int], entailment: Entailment) -> tuple[float, ...]:
    """In the order of FEATURES: the network's logit, whether the rules carry it, and how many words stand nowhere in the spans."""
    texts = [(span.text, span.published.isoformat() if span.published else "") for span in spans]
    if len(texts) > 1:
        texts.append((" ".join(text for text, _ in texts), texts[0][1]))
    said = max((entailment.logit(sentence, *text) for text in texts), default=-8.0)
    return said, float(found.supported), *(float(min(_MOST, missing[name])) for name in ("names", "nouns", "words"))


def against(sentence: str, spans: Sequence[Span], found: Check) -> tuple[tuple[Fault, ...], dict[str, int]]:
    """What rules a sentence out; and how many of its names, nouns and other words stand nowhere in the cited texts."""
    docs = [doc_of(span) for span in spans]
    said = clause_of(sentence, spans[0].published if spans else None)
    faults = [fault for fault in found.faults if fault.kind in _VETOES]
    numbers = [number for doc in docs for source in doc.sentences for number in source.numbers]
    for number in said.numbers:
        if not any(same_number(number, other) for other in numbers) and not _reckoned(number, numbers):
            faults.append(Fault("number", said.text[number.start : number.end]))
    days = [(other, span.published) for span, doc in zip(spans, docs, strict=True) for source in doc.sentences for other in source.moments]
    for moment in said.moments:
        if not any(same_time(moment, *day) for day in days):
            faults.append(Fault("date", said.text[moment.start : moment.end]))
    for quote in said.quotes:
        if (words := plain_quote(quote)) and not any(words in plain_quote(doc.text) for doc in docs):
            faults.append(Fault("quotation", quote))
    if exchanged := _exchanged(sentence, docs, spans):
        faults.append(Fault("content", exchanged))
    missing = {"names": 0, "nouns": 0, "words": 0}
    for word in said.content:
        if not any(matches(word, other, doc.keys) for doc in docs for source in doc.sentences for other in source.words):
            missing["names" if word.name else "nouns" if word.capital and word.at else "words"] += 1
    return tuple(dict.fromkeys(faults)), missing


def _exchanged(sentence: str, docs: Sequence[Doc], spans: Sequence[Span]) -> str:
    """The word that is wrong in a near-copy of a source's sentence; "" where it copies none, or one of them truly."""
    said = clause_of(sentence, spans[0].published if spans else None)
    copies = [wrong for doc in docs for source in doc.sentences if (wrong := edited(said, source, doc.keys)) is not None]
    return copies[0] if copies and all(copies) else ""


def _reckoned(number: Number, pool: Sequence[Number]) -> bool:
    """Whether a number follows from the source's: a sum, a difference, a share, a share of one of them, an age without «Jahre»."""
    others = [other.value for other in pool if other.measure == number.measure]
    shares = [other.value / (100 if other.measure == "percent" else 1) for other in pool if other.measure in ("percent", "fraction")]
    made = [value for one, other in combinations(others, 2) for value in (one + other, abs(one - other))]
    made += [share * other for share in shares for other in others]
    if number.measure == "months":
        made += [12 * other.value for other in pool if not other.measure and not other.noun]
    if number.measure in ("percent", "fraction"):
        counts = [(one, other) for one, other in permutations(pool, 2) if one.measure == other.measure and other.value]
        ratios = [*shares, *(one.value / other.value for one, other in counts), *(abs(one.value / other.value - 1) for one, other in counts)]
        made += [ratio * (100 if number.measure == "percent" else 1) for ratio in ratios]
    near = _ROUNDING if number.bound or number.measure in ("percent", "fraction") else 1e-6
    return any(abs(value - number.value) <= near * max(1e-9, abs(number.value)) for value in made)
