"""The figures of a run: each with its interval and the number of cases that it is over."""

import math
from collections.abc import Callable, Sequence

from eval.metrics import area_under_risk_coverage, auroc, expected_calibration_error, ndcg_at_k, percentile, precision_recall_f1
from eval.metrics import recall_at_k as recall
from eval.metrics import reciprocal_rank as rank
from eval.run import DEEP, Result, Run
from eval.statistics import NOTHING, Estimate, bootstrap, mean, share

BINS = 5  # of the calibration error: small sets allow no more
LOWER_IS_BETTER = {"significant_fault", "aurc", "calibration_error", "p50_ms", "p95_ms"}

Figures = dict[str, Estimate]


def figures(results: Sequence[Result]) -> Figures:
    """Every figure of some results; one that doesn't apply to any of them has n 0 and is nan. From 0 to 1 but for the milliseconds.

    right            of the answerable: answered, with all that a right answer holds
    right_when_answered  of those that were answered
    significant_fault    of the answers given: wrong, ungrounded, badly cited, in the wrong voice, banned, or to what has no answer
                     (after the share of answers with a significant issue in EBU/BBC, News Integrity in AI Assistants, 2025)
    first_citation_article, first_citation_right   the first citation is from an article, holds something, of a right answer
    citation_recall, citation_precision   after ALCE, means over the answers (`eval.citations`)
    citations_valid, right_voice, nothing_banned, grounded   of all cases, or of the answers given
    abstained_unanswerable, answered_answerable; abstention_precision, _recall (the same as the former), _f1; auroc, aurc, calibration_error
    conflicts_shown  of those with one; no_false_conflict of the other answers; conflict_precision
    recall@5         of the answerable: all of a right answer stands in the first five passages
    article_recall@5, article_mrr, article_ndcg@10   by articles that carry the answer
    passage_recall@10, passage_mrr, passage_ndcg@10  by the stretches that carry it, where they are known
    """
    answerable = [r for r in results if r.answerable]
    given = [r for r in results if not r.abstained]
    clashing = [r for r in answerable if r.conflict_expected]
    return {
        "right": share([bool(r.right) for r in answerable]),
        "right_when_answered": share([bool(r.right) for r in answerable if not r.abstained]),
        "significant_fault": share([not r.good for r in given]),
        "first_citation_article": share([r.right_article for r in results if r.right_article is not None]),
        "first_citation_right": share([r.first_right for r in results if r.first_right is not None]),
        "citation_recall": _mean(results, lambda r: r.citation_recall),
        "citation_precision": _mean(results, lambda r: r.citation_precision),
        "citations_valid": share([r.valid for r in results]),
        "answers_cited": share([bool(r.cited) for r in given]),
        "right_voice": share([r.voice for r in results]),
        "nothing_banned": share([not r.banned for r in results]),
        "grounded": share([not r.faults for r in given]),
        "abstained_unanswerable": share([r.abstained for r in results if not r.answerable]),
        "answered_answerable": share([not r.abstained for r in answerable]),
        "abstention_precision": share([not r.answerable for r in results if r.abstained]),
        "abstention_f1": _of(results, _abstention_f1),
        "auroc": _of(results, _auroc),
        "aurc": _of(answerable, lambda rs: area_under_risk_coverage(*_sure_and_right(rs))),
        "calibration_error": _of(given, lambda rs: expected_calibration_error(*_sure_and_right(rs), BINS)),
        "conflicts_shown": share([r.conflict for r in clashing]),
        "no_false_conflict": share([not r.conflict for r in answerable if not r.conflict_expected and not r.abstained]),
        "conflict_precision": share([r.conflict_expected for r in results if r.conflict]),
        "recall@5": share([r.retrieved for r in results if r.retrieved is not None]),
        "article_recall@5": _mean(results, lambda r: None if r.homes is None else recall(r.homes, r.all_homes, 5)),
        "article_mrr": _mean(results, lambda r: None if r.homes is None else rank(r.homes)),
        "article_ndcg@10": _mean(results, lambda r: None if r.homes is None else ndcg_at_k(r.homes, r.all_homes, DEEP)),
        "passage_recall@10": _mean(results, lambda r: None if r.places is None else recall(r.places, r.all_places, DEEP)),
        "passage_mrr": _mean(results, lambda r: None if r.places is None else rank(r.places)),
        "passage_ndcg@10": _mean(results, lambda r: None if r.places is None else ndcg_at_k(r.places, r.all_places, DEEP)),
        "p50_ms": _point([r.milliseconds for r in results], 0.5),
        "p95_ms": _point([r.milliseconds for r in results], 0.95),
    }


def judged(results: Sequence[Result]) -> Figures:
    """What a judge found, apart from the figures: faithful sentences, facts that are there, agreement with the judge-free checks."""
    asked = [r for r in results if r.judged_faithful is not None]
    if not asked:
        return {}
    sentences = [good for r in asked for good in r.judged_faithful or ()]
    return {
        "judge: faithful": share(sentences),
        "judge: nugget recall": share([there for r in asked for there in r.judged_nuggets or ()]),
        "judge: agrees with checks": share([True] * (same := sum(r.judged_same for r in asked)) + [False] * (len(sentences) - same)),
    }


def slices(run: Run) -> dict[str, list[Result]]:
    """The results by set, kind and language: "set news", "kind fact", "lang en"."""
    found: dict[str, list[Result]] = {}
    for result in run.results:
        for name in (f"set {result.set}", f"kind {result.kind}", f"lang {result.lang}"):
            found.setdefault(name, []).append(result)
    order = ("set", "kind", "lang")
    return dict(sorted(found.items(), key=lambda item: (order.index(item[0].split()[0]), not item[1][0].answerable, item[0])))


def outcome(results: Sequence[Result]) -> Estimate:
    """The share that came out as it should: right, or abstained where there is no answer."""
    return share([r.outcome for r in results])


def _mean(results: Sequence[Result], value: Callable[[Result], float | None]) -> Estimate:
    """The mean of what applies, drawn by article."""
    known = [r for r in results if value(r) is not None]
    return bootstrap(known, lambda r: r.article, lambda rs: mean([v for r in rs if (v := value(r)) is not None]))


def _of(results: Sequence[Result], statistic: Callable[[Sequence[Result]], float]) -> Estimate:
    return bootstrap(results, lambda r: r.article, statistic)


def _auroc(results: Sequence[Result]) -> float:
    """How well confidence tells answerable questions from the others."""
    return auroc([r.confidence for r in results if r.answerable], [r.confidence for r in results if not r.answerable])


def _sure_and_right(results: Sequence[Result]) -> tuple[list[float], list[bool]]:
    """Confidence, and whether the answer is right: an abstention isn't, as what it withheld isn't known."""
    return [r.confidence for r in results], [bool(r.right) for r in results]


def _abstention_f1(results: Sequence[Result]) -> float:
    return precision_recall_f1([r.abstained for r in results], [not r.answerable for r in results])[2]


def _point(values: Sequence[float], at: float) -> Estimate:
    value = percentile(values, at)
    return NOTHING if math.isnan(value) else Estimate(value, value, value, len(values))


NAMES = tuple(figures([]))
