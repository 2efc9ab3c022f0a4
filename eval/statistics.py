"""How sure a figure is: intervals of 95%, and paired comparison."""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
_Z = 1.959964  # 95%
_ROUNDS = 1000
_SEED = 20251124


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95% interval over `n` cases; nan where it can't be computed."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.n}"


NOTHING = Estimate(math.nan, math.nan, math.nan, 0)


def share(flags: Sequence[bool]) -> Estimate:
    """How many of `flags` are true, with the Wilson score interval (Wilson 1927)."""
    n = len(flags)
    if not n:
        return NOTHING
    p = sum(flags) / n
    centre = (p + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z * math.sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
    return Estimate(p, max(0.0, centre - half), min(1.0, centre + half), n)


def bootstrap(items: Sequence[T], cluster: Callable[[T], Hashable], statistic: Callable[[Sequence[T]], float]) -> Estimate:
    """`statistic` of `items` with a percentile bootstrap interval that draws whole clusters (Field and Welsh 2007).

    Questions about one article succeed and fail together: drawing them apart would make the interval too narrow. The draws are the same
    each time; rounds in which the statistic is nan don't count.
    """
    import numpy as np

    groups: dict[Hashable, list[T]] = {}
    for item in items:
        groups.setdefault(cluster(item), []).append(item)
    value = statistic(items) if items else math.nan
    if math.isnan(value):
        return NOTHING
    every = list(groups.values())
    draws = np.random.default_rng(_SEED).integers(0, len(every), (_ROUNDS, len(every)))
    values = [statistic([item for at in draw for item in every[at]]) for draw in draws]
    known = [v for v in values if not math.isnan(v)]
    low, high = np.quantile(known, [0.025, 0.975]) if known else (value, value)
    return Estimate(value, float(low), float(high), len(items))


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean of those that aren't nan; nan without any."""
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def sign_test(better: int, worse: int) -> float:
    """Two-sided probability (0 to 1) of so uneven a split of the flips if both runs were alike (exact McNemar test, McNemar 1947)."""
    n, least = better + worse, min(better, worse)
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(least + 1)) / 2**n) if n else 1.0
