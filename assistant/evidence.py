"""What speaks for and against a sentence, weighed: the guard's rules, what has no counterpart in the cited text, and a network's word.

The rules see numbers, dates, quotations and near-copies better than any network of this size; where a passage is told in other words,
the network does. So what the rules carry is carried, what they veto isn't, nor what copies much of a sentence of the source, and what is
left a linear model decides (evidence.json, fitted by `python -m eval.evidence`).
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations, permutations

from assistant.copies import misfit, turned
from assistant.edits import edited
from assistant.entailment import Entailment
from assistant.facts import Number, same_number, same_time
from assistant.guard import HOLDS, Check, Span, check, doc_of, tells_of_readers
from assistant.types import Fault, FaultKind
from assistant.wording import Clause, Doc, clause_of, matches, plain_quote
from index.lexical import stems

FEATURES = ("network", "names", "nouns", "words")
_ROUNDING = 0.03
_NOTHING = -8.0  # the logit where nothing is read
_MOST = 2  # missing words that are counted
# Share of a sentence's words in one sentence of the source from which the rules alone judge. With the network's word on such sentences
# too 16 of the 383 false ones of the guard's pairs (part "work") passed, without it one; chosen on these and on the part "fit".
NEAR = 0.6


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
    if found.supported:
        return found
    vetoes, missing = against(sentence, spans)
    if not vetoes and _open_margin(sentence, spans, missing, entailment, rule) >= 0:
        return Check(True)
    return Check(False, tuple(dict.fromkeys((*vetoes, *found.faults))))


def margin(sentence: str, spans: Sequence[Span], entailment: Entailment, rule: Rule | None = None) -> float:
    """How far (log odds) what is weighed lies above the threshold; minus infinity for what is ruled out, or left to the rules alone."""
    vetoes, missing = against(sentence, spans)
    return -math.inf if vetoes else _open_margin(sentence, spans, missing, entailment, rule)


def _open_margin(sentence: str, spans: Sequence[Span], missing: dict[str, int], entailment: Entailment, rule: Rule | None) -> float:
    """The margin of a sentence that nothing rules out."""
    if copied(sentence, spans) >= NEAR:
        return -math.inf
    using = rule or load_rule()
    values = features(sentence, spans, missing, entailment)
    return sum(weight * value for weight, value in zip(using.weights, values, strict=True)) - using.threshold


def features(sentence: str, spans: Sequence[Span], missing: dict[str, int], entailment: Entailment) -> tuple[float, ...]:
    """In the order of FEATURES: the network's logit, and how many names, nouns and other words stand nowhere in the spans."""
    texts = [(span.text, span.published.isoformat() if span.published else "") for span in _telling(sentence, spans)]
    if len(texts) > 1:
        texts.append((" ".join(text for text, _ in texts), texts[0][1]))
    said = max((entailment.logit(sentence, *text) for text in texts), default=_NOTHING)
    return max(said, _NOTHING), *(float(min(_MOST, missing[name])) for name in ("names", "nouns", "words"))


def against(sentence: str, spans: Sequence[Span]) -> tuple[tuple[Fault, ...], dict[str, int]]:
    """What rules a sentence out; and how many of its names, nouns and other words stand nowhere in the cited texts."""
    telling = _telling(sentence, spans)
    docs = [doc_of(span) for span in telling]
    said = clause_of(sentence, telling[0].published if telling else None)
    sources = [source for doc in docs for source in doc.sentences]
    faults: list[Fault] = []
    if not telling:
        faults.append(Fault("comment" if spans else "empty", sentence))
    if not said.content and not said.numbers and not said.quotes:
        faults.append(Fault("empty", sentence))
    ruled: tuple[tuple[FaultKind, str], ...] = (
        ("form", misfit(sentence)), ("copy", turned(sentence, [source.text for source in sources])), ("content", _exchanged(said, docs)),
    )  # fmt: skip
    faults += [Fault(kind, words) for kind, words in ruled if words]
    numbers = [number for source in sources for number in source.numbers]
    for number in said.numbers:
        if not any(same_number(number, other) for other in numbers) and not _reckoned(number, numbers):
            faults.append(Fault("number", said.text[number.start : number.end]))
    dated = [(doc, span.published) for doc, span in zip(docs, telling, strict=True)]
    days = [(other, day) for doc, day in dated for source in doc.sentences for other in source.moments]
    for moment in said.moments:
        if not any(same_time(moment, *day) for day in days):
            faults.append(Fault("date", said.text[moment.start : moment.end]))
    for quote in said.quotes:
        if (words := plain_quote(quote)) and not any(words in plain_quote(doc.text) for doc in docs):
            faults.append(Fault("quotation", quote))
    missing = {"names": 0, "nouns": 0, "words": 0}
    for word in said.content:
        if not any(matches(word, other, doc.keys) for doc in docs for source in doc.sentences for other in source.words):
            missing["names" if word.name else "nouns" if word.capital and word.at else "words"] += 1
    if len(said.content) - sum(missing.values()) + len(said.numbers) + len(said.moments) < HOLDS:  # nothing to hold on to
        faults.append(Fault("content", sentence))
    return tuple(faults), missing


def copied(sentence: str, spans: Sequence[Span]) -> float:
    """The largest share (0 to 1) of the sentence's stems that one sentence of the spans has."""
    words = Counter(stems(sentence, "de"))
    shared = ((words & Counter(stems(source.text, "de"))).total() for span in spans for source in doc_of(span).sentences)
    return max(shared, default=0) / max(1, words.total())


def _telling(sentence: str, spans: Sequence[Span]) -> list[Span]:
    """The spans that may carry the sentence: comments only one that says whose word it is."""
    return [span for span in spans if span.voice != "comment" or tells_of_readers(sentence, span.text)]


def _exchanged(said: Clause, docs: Sequence[Doc]) -> str:
    """The word that is wrong in a near-copy of a source's sentence; "" where it copies none, or one of them truly."""
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
        parts = [one.value / other.value for one, other in permutations(pool, 2) if one.measure == other.measure and other.value]
        ratios = [*shares, *parts, *(abs(part - 1) for part in parts)]
        made += [ratio * (100 if number.measure == "percent" else 1) for ratio in ratios]
    near = _ROUNDING if number.bound or number.measure in ("percent", "fraction") else 1e-6
    return any(abs(value - number.value) <= near * max(1e-9, abs(number.value)) for value in made)
