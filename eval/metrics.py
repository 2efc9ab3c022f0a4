"""Metrics of retrieval, abstention and confidence, as pure functions."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise


def recall_at_k(gains: Sequence[bool], relevant: int, k: int) -> float:
    """Share of the `relevant` items that are among the first `k` ranks (0 to 1); nan where nothing is relevant.

    `gains` says of each rank, best first, whether an item stands there that no earlier rank had (Manning et al. 2008, ch. 8).
    """
    return min(1.0, sum(gains[:k]) / relevant) if relevant else math.nan


def reciprocal_rank(gains: Sequence[bool]) -> float:
    """1 / the first relevant rank, 0 without one; its mean over questions is the MRR (Voorhees 1999)."""
    return next((1 / rank for rank, gain in enumerate(gains, 1) if gain), 0.0)


def ndcg_at_k(gains: Sequence[bool], relevant: int, k: int) -> float:
    """Normalised discounted cumulative gain of binary gains (Järvelin and Kekäläinen 2002): 0 to 1; nan where nothing is relevant."""
    if not relevant:
        return math.nan
    found = sum(1 / math.log2(rank + 1) for rank, gain in enumerate(gains[:k], 1) if gain)
    return found / sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, k) + 1))


def precision_recall_f1(predicted: Sequence[bool], actual: Sequence[bool]) -> tuple[float, float, float]:
    """(precision, recall, F1) of binary predictions (van Rijsbergen 1979), each 0 to 1; nan where nothing is predicted or so."""
    hits = sum(p and a for p, a in zip(predicted, actual, strict=True))
    precision = hits / sum(predicted) if sum(predicted) else math.nan
    recall = hits / sum(actual) if sum(actual) else math.nan
    both = sum(predicted) + sum(actual)
    return precision, recall, 2 * hits / both if both else math.nan


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a positive scores above a negative, ties counting half (Hanley and McNeil 1982); nan if either is empty."""
    if not positive or not negative:
        return math.nan
    below = sorted(negative)
    wins = sum(bisect_left(below, p) + bisect_right(below, p) for p in positive) / 2
    return wins / (len(positive) * len(negative))


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """(coverage, risk) of answering only the questions surer than each threshold, the surest first (El-Yaniv and Wiener 2010).

    Both from 0 to 1: the share of questions answered, and of these the share answered wrongly. Questions of one confidence come together.
    """
    ranked = sorted(zip(confidences, right, strict=True), key=lambda pair: -pair[0])
    points, wrong = [], 0
    for number, (sure, good) in enumerate(ranked, 1):
        wrong += not good
        if number == len(ranked) or ranked[number][0] != sure:
            points.append((number / len(ranked), wrong / number))
    return points


def area_under_risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Mean risk over all coverages (AURC, Geifman et al. 2019): 0 is best; nan without questions."""
    points = risk_coverage(confidences, right)
    before = 0.0
    area = 0.0
    for coverage, risk in points:
        area += risk * (coverage - before)
        before = coverage
    return area if points else math.nan


def calibration_bins(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean confidence, accuracy, size) of bins of like size, in order: a reliability diagram (Niculescu-Mizil and Caruana 2005)."""
    ranked = sorted(zip(confidences, right, strict=True))
    edges = [round(i * len(ranked) / bins) for i in range(bins + 1)]
    parts = [ranked[a:b] for a, b in pairwise(edges) if b > a]
    return [(sum(c for c, _ in part) / len(part), sum(r for _, r in part) / len(part), len(part)) for part in parts]


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Mean distance of confidence and accuracy over those bins, weighted by size (Naeini et al. 2015); 0 is best, nan without any."""
    parts = calibration_bins(confidences, right, bins)
    return sum(n * abs(c - a) for c, a, n in parts) / len(confidences) if parts else math.nan


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of `values` don't exceed (nearest rank, no interpolation); nan without any."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)] if ranked else math.nan
