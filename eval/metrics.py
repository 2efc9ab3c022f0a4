"""Metrics as pure functions over results, with their intervals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_Z = 1.959964  # 95%


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, with the 95% Wilson score interval (Wilson 1927); all 0.0 where n is 0."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        """hits / n (0 to 1)."""
        return self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end (0 to 1)."""
        if not self.n:
            return 0.0, 0.0
        p, n = self.value, self.n
        centre = (p + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
        half = _Z * math.sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
        return max(0.0, centre - half), min(1.0, centre + half)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.3f} [{low:.3f}, {high:.3f}] n={self.n}"


def share(flags: Sequence[bool]) -> Share:
    """How many of `flags` are true."""
    return Share(sum(flags), len(flags))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a positive scores above a negative, ties counting half (Hanley and McNeil 1982); nan if either is empty."""
    if not positive or not negative:
        return math.nan
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


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
