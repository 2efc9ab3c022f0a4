"""Fit how the guard weighs its rules and the network: python -m eval.evidence. Writes assistant/evidence.json.

A logistic model over `assistant.evidence.FEATURES`, learnt from sentences that the rules neither carry nor veto and that copy none: the
pairs of the fitting part, most of them near-copies, and those about the passages of the network's dev part, most of them in other
words. Its threshold lets through `_FALSE` of all false ones beside what the rules do, cross-validated by group. Prints what is let
through and withheld that way.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from assistant.entailment import load_entailment
from assistant.evidence import FEATURES, NEAR, against, copied, features
from assistant.guard import Span, check
from eval.bench_guard import load_pairs
from index.dates import find_date

_FALSE = 0.01
_FOLDS = 8


def _sentences() -> Iterator[tuple[str, str, str, list[Span], bool]]:
    """Part, group, sentence, what it cites, and whether this carries it."""
    from assistant.entailment.training import examples, read_passages  # which needs torch

    for pair in load_pairs(Path("eval/cases/guard.jsonl")):
        if pair.part == "fit":
            yield "fit", pair.group, pair.sentence, pair.spans(), pair.supported
    for passage in read_passages(sorted(Path("eval/data/entailment").glob("*.jsonl")), [Path("eval/data")]):
        if passage.part == "dev":
            for e in examples([passage]):
                yield "dev", passage.article, e.sentence, [Span(e.text, "article", find_date(e.date) if e.date else None)], e.carried


def main() -> None:
    """Fit, print, write."""
    network = load_entailment()
    rows, ruled, open_, labels, names, homes = [], [], [], [], [], []
    for part, group, sentence, spans, right in _sentences():
        faults, missing = against(sentence, spans)
        rows.append(features(sentence, spans, missing, network))
        ruled.append(check(sentence, spans).supported)
        open_.append(not faults and not ruled[-1] and copied(sentence, spans) < NEAR)
        labels.append(right)
        names.append(part)
        homes.append(group)
    values, carried, left, parts = np.array(rows), np.array(labels), np.array(open_), np.array(names)
    groups, passed = np.array(homes), np.array(ruled)
    model = LogisticRegression(C=1.0)
    scores = np.where(passed, 50.0, -50.0)
    for train, test in GroupKFold(_FOLDS, shuffle=True, random_state=0).split(values, carried, groups):
        learnt, judged = train[left[train]], test[left[test]]
        scores[judged] = model.fit(values[learnt], carried[learnt]).decision_function(values[judged])
    wrong_ = np.sort(scores[~carried & ~passed])[::-1]
    least = float(wrong_[int(_FALSE * (~carried).sum())])
    for part in ("fit", "dev"):
        wrong, right = (parts == part) & ~carried, (parts == part) & carried
        let, held = (scores[wrong] > least).mean(), (scores[right] <= least).mean()
        print(f"{part}: of {wrong.sum()} false {passed[wrong].mean():.3f} let through by the rules, {let:.3f} in all;", end=" ")
        print(f"of {right.sum()} true {1 - passed[right].mean():.3f} withheld by the rules, {held:.3f} in the end;", end=" ")
        print(f"AUROC of the network {roc_auc_score(carried[parts == part], values[parts == part, 0]):.3f}")
    model.fit(values[left], carried[left])
    weights = [round(float(weight), 4) for weight in model.coef_[0]]
    threshold = round(least - float(model.intercept_[0]), 4)
    print(dict(zip(FEATURES, weights, strict=True)), f"threshold {threshold}")
    fields = {"features": list(FEATURES), "weights": weights, "threshold": threshold}
    Path("assistant/evidence.json").write_text(json.dumps(fields, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
