"""Do these hits answer the question at all? A first rule: a logistic model over what retrieval knows.

The weights lie in abstain.json, fitted by `make train` (eval/train_abstain.py) on questions with and without an answer.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.types import Hit

FEATURES = ("sentence", "margin", "passage", "sentence_words", "passage_words", "foreign", "lead")
USUAL_WORDS = 0.5


@dataclass(frozen=True, slots=True)
class Rule:
    """Weights of a logistic model over standardised features, and the confidence below which an answer is withheld."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float


@cache
def load_rule() -> Rule:
    """The shipped rule."""
    fields = json.loads(files("assistant").joinpath("abstain.json").read_text("utf-8"))
    if tuple(fields["features"]) != FEATURES:
        raise ValueError(f"abstain.json was fitted for {fields['features']}, not {list(FEATURES)}; run make train")
    return Rule(tuple(fields["mean"]), tuple(fields["scale"]), tuple(fields["weights"]), fields["bias"], fields["threshold"])


def features(hits: Sequence[Hit], language: str) -> tuple[float, ...]:
    """What the rule looks at, in the order of FEATURES; `hits` are best first and not empty.

    The best sentence's score; how far it stands above the median of the others found; the best passage's score; the share of the
    question's words in that sentence, and in the best passage with its title (`USUAL_WORDS` for a question in another language than
    the article, whose words can't be found in it); whether it is in another language; how far the best passage leads the fifth.
    """
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


def confidence(hits: Sequence[Hit], language: str, rule: Rule) -> float:
    """Calibrated probability (0 to 1) that these hits answer the question; 0.0 without hits."""
    if not hits:
        return 0.0
    values = zip(features(hits, language), rule.mean, rule.scale, rule.weights, strict=True)
    logit = rule.bias + sum(weight * (value - mean) / scale for value, mean, scale, weight in values)
    return 1 / (1 + math.exp(-logit))
