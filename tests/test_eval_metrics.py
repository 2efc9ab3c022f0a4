"""Metrics against hand-computed cases, against libraries on random inputs, and their properties."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    area_under_risk_coverage,
    auroc,
    calibration_bins,
    expected_calibration_error,
    ndcg_at_k,
    percentile,
    precision_recall_f1,
    recall_at_k,
    reciprocal_rank,
    risk_coverage,
)
from eval.statistics import bootstrap, mean, share, sign_test

GAINS = st.lists(st.booleans(), max_size=15)
SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=20)
JUDGED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30)


def test_ranking_metrics_by_hand() -> None:
    gains = [False, True, False, True]
    assert recall_at_k(gains, 3, 2) == pytest.approx(1 / 3)
    assert recall_at_k(gains, 3, 4) == pytest.approx(2 / 3)
    assert reciprocal_rank(gains) == 0.5
    assert reciprocal_rank([False]) == 0.0
    # (1/log2(3) + 1/log2(5)) / (1 + 1/log2(3) + 1/log2(4))
    assert ndcg_at_k(gains, 3, 10) == pytest.approx((0.63093 + 0.43068) / (1 + 0.63093 + 0.5), abs=1e-4)
    assert math.isnan(recall_at_k([], 0, 5))
    assert math.isnan(ndcg_at_k([], 0, 5))


def test_ranking_metrics_agree_with_trec_eval() -> None:
    trec = pytest.importorskip("pytrec_eval")
    chance = random.Random(1)
    for _ in range(200):
        size, more = chance.randint(1, 15), chance.randint(0, 4)
        gains = [chance.random() < 0.3 for _ in range(size)]
        relevant = sum(gains) + more
        if not relevant:
            continue
        judged = {f"d{i}": int(gain) for i, gain in enumerate(gains)} | {f"m{i}": 1 for i in range(more)}
        found = {f"d{i}": float(size - i) for i in range(size)}
        told = trec.RelevanceEvaluator({"q": judged}, {"ndcg_cut.10", "recall.5", "recip_rank"}).evaluate({"q": found})["q"]
        assert ndcg_at_k(gains, relevant, 10) == pytest.approx(told["ndcg_cut_10"])
        assert recall_at_k(gains, relevant, 5) == pytest.approx(told["recall_5"])
        assert reciprocal_rank(gains) == pytest.approx(told["recip_rank"])


@given(GAINS, st.integers(1, 20), st.integers(1, 12))
def test_ranking_metrics_stay_in_bounds_and_like_relevant_items_early(gains: list[bool], more: int, k: int) -> None:
    relevant = sum(gains) + more
    best = sorted(gains, reverse=True)
    for metric in (lambda g: recall_at_k(g, relevant, k), lambda g: ndcg_at_k(g, relevant, k), reciprocal_rank):
        assert 0 <= metric(gains) <= metric(best) + 1e-12 <= 1 + 1e-9


@given(SHARES, SHARES)
def test_auroc_agrees_with_scikit_learn(positive: list[float], negative: list[float]) -> None:
    from sklearn.metrics import roc_auc_score

    expected = roc_auc_score([1] * len(positive) + [0] * len(negative), positive + negative)
    assert auroc(positive, negative) == pytest.approx(expected)
    assert auroc(negative, positive) == pytest.approx(1 - expected)


def test_auroc_of_nothing_is_unknown() -> None:
    assert math.isnan(auroc([], [0.1]))


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_precision_recall_and_f1_agree_with_scikit_learn(pairs: list[tuple[bool, bool]]) -> None:
    from sklearn.metrics import precision_recall_fscore_support

    predicted, actual = zip(*pairs, strict=True)
    expected = precision_recall_fscore_support(actual, predicted, average="binary", pos_label=True, zero_division=float("nan"))
    for mine, theirs in zip(precision_recall_f1(predicted, actual), expected[:3], strict=True):
        assert (math.isnan(mine) and math.isnan(theirs)) or mine == pytest.approx(theirs)


def test_risk_over_coverage_by_hand() -> None:
    points = risk_coverage([0.9, 0.7, 0.7, 0.2], [True, False, True, False])
    assert points == [(0.25, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert area_under_risk_coverage([0.9, 0.7, 0.7, 0.2], [True, False, True, False]) == pytest.approx(0.5 / 3 + 0.25 * 0.5)
    assert math.isnan(area_under_risk_coverage([], []))


@given(JUDGED, st.randoms())
def test_risk_is_bounded_ends_at_the_share_wrong_and_ignores_order(pairs: list[tuple[float, bool]], chance: random.Random) -> None:
    sure, right = zip(*pairs, strict=True)
    points = risk_coverage(sure, right)
    assert points[-1] == (1.0, pytest.approx(1 - sum(right) / len(right)))
    assert all(0 <= risk <= 1 for _, risk in points)
    chance.shuffle(pairs)
    assert risk_coverage(*zip(*pairs, strict=True)) == points  # type: ignore[arg-type]


def test_calibration_by_hand() -> None:
    sure, right = [0.1, 0.2, 0.8, 0.9], [False, False, True, True]
    assert calibration_bins(sure, right, 2) == [(pytest.approx(0.15), 0.0, 2), (pytest.approx(0.85), 1.0, 2)]
    assert expected_calibration_error(sure, right, 2) == pytest.approx(0.15)


@given(JUDGED)
def test_the_calibration_error_is_a_share(pairs: list[tuple[float, bool]]) -> None:
    assert 0 <= expected_calibration_error(*zip(*pairs, strict=True)) <= 1  # type: ignore[arg-type]


def test_percentiles_by_hand() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile(list(map(float, range(1, 101))), 0.95) == 95.0
    assert math.isnan(percentile([], 0.5))


def test_wilson_interval_of_a_known_case() -> None:
    found = share([True] * 8 + [False] * 2)
    assert (found.low, found.high) == (pytest.approx(0.490, abs=0.001), pytest.approx(0.943, abs=0.001))
    assert math.isnan(share([]).value)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_wilson_intervals_agree_with_scipy(flags: list[bool]) -> None:
    from scipy.stats import binomtest

    found, expected = share(flags), binomtest(sum(flags), len(flags)).proportion_ci(method="wilson")
    assert (found.low, found.high) == (pytest.approx(expected.low, abs=1e-6), pytest.approx(expected.high, abs=1e-6))


def test_drawing_whole_clusters_makes_the_interval_honest() -> None:
    # ten articles of ten questions each, all right or all wrong: ten observations, not a hundred
    items = [(article, article % 2 == 0) for article in range(10) for _ in range(10)]
    apart = bootstrap(list(enumerate(items)), lambda pair: pair[0], lambda pairs: mean([item[1] for _, item in pairs]))
    together = bootstrap(items, lambda item: item[0], lambda drawn: mean([item[1] for item in drawn]))
    assert together.value == apart.value == 0.5
    assert together.high - together.low > 2.5 * (apart.high - apart.low)
    assert bootstrap(items, lambda item: item[0], lambda drawn: mean([item[1] for item in drawn])) == together
    assert math.isnan(bootstrap([], lambda item: item, len).value)


@given(st.integers(0, 30), st.integers(0, 30))
def test_the_sign_test_agrees_with_scipy(better: int, worse: int) -> None:
    from scipy.stats import binomtest

    expected = binomtest(better, better + worse).pvalue if better + worse else 1.0
    assert sign_test(better, worse) == pytest.approx(expected)
