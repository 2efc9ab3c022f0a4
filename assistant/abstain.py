"""Do these hits answer the question at all? A logistic model over what the reader found; without one, over what retrieval knows.

The weights lie in abstain.json, with a reader in abstain-read.json, fitted by `make train` on questions with and without an answer.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.claims import relation, rival, with_unit
from assistant.reader.model import Reading
from assistant.windows import Found
from index.types import Hit

FEATURES = ("sentence", "margin", "passage", "sentence_words", "passage_words", "foreign", "lead")
# what else retrieval knows made it worse on collections that it wasn't fitted to
FEATURES_READ = ("reader", "reader_margin", "certainty", "passage_words")
USUAL_WORDS = 0.5
_LOGIT = 8.0  # beyond it, surer is not more


@dataclass(frozen=True, slots=True)
class Rule:
    """Weights of a logistic model over standardised features, and the confidence below which an answer is withheld."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float


@cache
def load_rule(read: bool) -> Rule:
    """The shipped rule, without a reader or with the bundled one."""
    return rule_of(json.loads(files("assistant").joinpath("abstain-read.json" if read else "abstain.json").read_text("utf-8")), read)


def rule_of(fields: dict[str, Any], read: bool) -> Rule:
    """A rule as `make train` and `belegt calibrate` write it; ValueError where it was fitted for other features."""
    expected = FEATURES_READ if read else FEATURES
    if tuple(fields["features"]) != expected:
        raise ValueError(f"the rule was fitted for {fields['features']}, not {list(expected)}")
    return Rule(tuple(fields["mean"]), tuple(fields["scale"]), tuple(fields["weights"]), fields["bias"], fields["threshold"])


def features(hits: Sequence[Hit], language: str, found: Sequence[Found] = ()) -> tuple[float, ...]:
    """What the rule looks at, in the order of FEATURES; with a reader's `found` what `read_features` says, and the share of
    the question's words in the passage of its best window.

    `hits` are best first, not empty. The best sentence's score; how far it stands above the median of the sentences of the best five
    passages; the best passage's score; the largest share of the question's words in one of the best three sentences, and in one of the
    best three passages with its title (`USUAL_WORDS` for a question in another language than the best passage's article, whose words
    can't be found in it); whether it is in another language; how far the best passage leads the fifth.
    """
    if found:
        surest = max(found, key=lambda f: f.reading.logit)
        home = surest.window.hit
        compared = [f.reading for f in found if not _rivals(surest, f)]
        return *read_features(compared), home.coverage if home.source.language == language else USUAL_WORDS
    scored = ((s, c) for hit in hits[:5] for s, c in zip(hit.sentence_scores, hit.sentence_coverage, strict=True))
    sentences = sorted(scored, reverse=True)
    best, median = sentences[0][0], sentences[len(sentences) // 2][0]
    foreign = hits[0].source.language != language
    return (
        best,
        best - median,
        hits[0].score,
        USUAL_WORDS if foreign else max(c for _, c in sentences[:3]),
        USUAL_WORDS if foreign else max(hit.coverage for hit in hits[:3]),
        float(foreign),
        hits[0].score - hits[min(4, len(hits) - 1)].score,
    )


def _rivals(one: Found, other: Found) -> bool:
    """Whether two articles answer with another figure or date: sources that contradict each other are no reason for doubt either."""
    elsewhere = one.window.hit.passage.article_id != other.window.hit.passage.article_id
    return elsewhere and rival(*(with_unit(f.window.text, f.reading.start, f.reading.end) for f in (one, other)))


def read_features(readings: Sequence[Reading]) -> tuple[float, ...]:
    """The first of FEATURES_READ: the best window's logit, how far it leads the next that says something else, and how sure its span is.

    Sources that agree are no reason for doubt.
    """
    best, *others = sorted(readings, key=lambda r: -r.logit)
    against = next((r.logit for r in others if relation(best.text, r.text) != "same"), -_LOGIT)
    logit, other = (min(max(value, -_LOGIT), _LOGIT) for value in (best.logit, against))
    return logit, logit - other, best.start_probability * best.end_probability


def confidence(hits: Sequence[Hit], language: str, rule: Rule, found: Sequence[Found] = ()) -> float:
    """Calibrated probability (0 to 1) that these hits answer the question.

    0.0 without hits, and where a reader found something in hits that hold not a single word of the question: a greeting, a command.
    """
    if not hits or (found and hits[0].source.language == language and not any(hit.coverage for hit in hits[:3])):
        return 0.0
    values = zip(features(hits, language, found), rule.mean, rule.scale, rule.weights, strict=True)
    logit = rule.bias + sum(weight * (value - mean) / scale for value, mean, scale, weight in values)
    return 1 / (1 + math.exp(-logit))
