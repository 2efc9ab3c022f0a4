"""Fit what weighs sentences and decides on abstention, from questions with and without an answer."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.abstain import FEATURES, FEATURES_READ, features
from assistant.candidates import RANKING, RANKING_READ, candidates
from assistant.questions import asks_for_opinions
from assistant.quotes import choose_quotes
from assistant.reader import AnyReader
from assistant.reader.training.records import AUTHORED
from assistant.windows import Found, cut_windows, read_windows
from eval.cases import Case, holds
from eval.metrics import expected_calibration_error
from index.build import update
from index.embedding import Encoder
from index.generations import DataFolder
from index.search import Index
from index.types import Filters, Hit

# Of these sets reader and question encoder saw other articles, of XQuAD these too
_LEARNT_FROM = (*AUTHORED, "xquad")
_FALSE_ABSTENTION = 0.09  # of the questions answered rightly, at the threshold that is set: two near misses of three are withheld then


@dataclass(frozen=True, slots=True)
class Example:
    """One question as it was found, in one collection."""

    case: Case
    hits: list[Hit]
    collection: str
    found: tuple[Found, ...] = ()


@contextmanager
def indexed(paths: Sequence[Path], encoder: Encoder) -> Iterator[Index]:
    """The articles at `paths`, indexed for as long as the context lasts."""
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder))
        update(paths, data, lambda: encoder, encoder.name)
        with closing(Index(data, encoder)) as index:
            yield index


def examples_of(paths: Sequence[Path], cases: Sequence[Case], name: str, encoder: Encoder) -> Iterator[Example]:
    """The cases asked over the articles at `paths`, which are the collection `name`."""
    with indexed(paths, encoder) as index:
        for case in cases:
            if case.turns or asks_for_opinions(case.question) or case.kind in ("multi", "conflict", "summary"):
                continue  # what one sentence answers, and no more
            hits = index.search(case.question, case.lang, Filters(), 8)
            if hits:
                yield Example(case, hits, name)


def read_examples(reader: AnyReader, examples: Sequence[Example]) -> list[Example]:
    """The examples with what the reader makes of their hits."""
    return [replace(e, found=tuple(read_windows(reader, e.case.question, cut_windows(e.hits)))) for e in examples]


def fit_ranking(examples: Sequence[Example]) -> tuple[dict[str, Any], list[str]]:
    """The weights of sentences that rank the right ones first, as `assistant.candidates.ranking` takes them, and what to say about them."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    rows, right, groups = [], [], []
    answerable = [e for e in examples if e.case.answerable]
    names = RANKING_READ if answerable[0].found else RANKING
    even = ((1.0,) * len(names), (1.0,) * len(names))
    for number, example in enumerate(answerable):
        found = list(candidates(example.case.question, example.case.lang, example.hits, example.found, even))
        marks = [holds(quote.text, example.case.need) for quote, _ in found]
        if any(marks):
            rows += [values for _, values in found]
            right += marks
            groups += [number] * len(found)
    values, labels, group = np.array(rows), np.array(right), np.array(groups)
    # differences within a question are what counts
    means = {number: values[group == number].mean(0) for number in set(groups)}
    values = values - np.array([means[number] for number in groups])
    scale = values.std(0) + 1e-9
    sizes = {name: len({n for n in groups if answerable[n].collection == name}) for name in {e.collection for e in examples}}
    weight = np.array([_share(answerable[n].collection) / sizes[answerable[n].collection] for n in groups])
    model = LogisticRegression(C=1.0, class_weight="balanced")
    scores = np.empty(len(labels))
    lines = []
    for train, test in GroupKFold(5, shuffle=True, random_state=0).split(values, labels, group):
        model.fit(values[train] / scale, labels[train], sample_weight=weight[train])
        scores[test] = model.decision_function(values[test] / scale)
    for name in sorted(sizes):
        mine = [n for n in sorted(set(groups)) if answerable[n].collection == name]
        first = [labels[group == n][np.argmax(scores[group == n])] for n in mine]
        plain = [labels[group == n][np.argmax((values[:, 0] + values[:, 1])[group == n])] for n in mine]
        shares = f"{np.mean(first):.3f} (without the model {np.mean(plain):.3f})"
        lines.append(f"{name:8} first sentence right, where one is: {shares} n={len(mine)}")
    model.fit(values / scale, labels, sample_weight=weight)
    weights = _rounded(model.coef_[0])
    lines.append(f"weights {dict(zip(names, weights, strict=True))}")
    return {"features": list(names), "scale": _rounded(scale), "weights": weights}, lines


def fit_rule(examples: Sequence[Example]) -> tuple[dict[str, Any], list[str]]:
    """The abstention rule that fits best, as `assistant.abstain.rule_of` takes it, and what to say about it."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import brier_score_loss, roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    used = FEATURES_READ if examples[0].found else FEATURES
    values = np.array([features(e.hits, e.case.lang, e.found) for e in examples])
    answers = [" ".join(q.text for q in choose_quotes(e.case.question, e.case.lang, e.hits, e.found)[0]) for e in examples]
    right = np.array([e.case.answerable and holds(answer, e.case.need) for e, answer in zip(examples, answers, strict=True)])
    answerable = np.array([e.case.answerable for e in examples])
    names = np.array([e.collection for e in examples])
    # each collection weighs the same, however many questions it has
    share = np.array([1 / (names == name).sum() for name in names])
    share *= len(share) / share.sum()
    mean, scale = values.mean(0), values.std(0) + 1e-9
    standard = (values - mean) / scale
    model = LogisticRegression(C=1.0)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    guessed = cross_val_predict(model, standard, right, cv=folds, method="predict_proba", params={"sample_weight": share})[:, 1]
    lines = []
    for name in sorted(set(names)):
        at = names == name
        lines.append(
            f"{name:8} n={at.sum():4} right {right[at].mean():.2f} AUROC right {roc_auc_score(right[at], guessed[at]):.3f} "
            f"AUROC answerable {roc_auc_score(answerable[at], guessed[at]):.3f} Brier {brier_score_loss(right[at], guessed[at]):.3f} "
            f"ECE {expected_calibration_error(guessed[at], right[at]):.3f}"
        )
    model.fit(standard, right, sample_weight=share)
    threshold = float(np.quantile(guessed[right], _FALSE_ABSTENTION, weights=share[right], method="inverted_cdf"))
    weights = _rounded(model.coef_[0])
    lines.append(f"threshold {threshold:.3f}; weights {dict(zip(used, weights, strict=True))}")
    fields = {"features": list(used), "mean": _rounded(mean), "scale": _rounded(scale), "weights": weights}
    return {**fields, "bias": round(float(model.intercept_[0]), 6), "threshold": round(threshold, 4)}, lines


def _share(collection: str) -> float:
    """What a collection weighs where sentences are ranked; those of whose kind the models were trained weigh one together."""
    return 1 / len(_LEARNT_FROM) if collection in _LEARNT_FROM else 1.0


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 6) for value in values]
