"""Fit the ranking of sentences and the abstention rule: `make train`, or python -m eval.train [--shared FOLDER].

Writes assistant/ranking.json and assistant/abstain.json. Learns from questions over three collections:
invented news (FOLDER/news), German XQuAD paragraphs (FOLDER/data; the
right paragraph left in, or taken out of what was found), and the cases over seeds/. A sentence is right, and so is an answer,
when its text holds what it should. Prints how often the first sentence is right, AUROC and Brier score, cross-validated.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import quotes
from assistant.abstain import FEATURES, features
from assistant.quotes import RANKING, asks_for_opinions, candidates, choose_quotes
from assistant.settings import seeds_folder
from eval.cases import Case, holds, load_cases
from index.build import update
from index.embedding import DEFAULT, load_encoder
from index.generations import DataFolder
from index.search import Index
from index.types import Filters, Hit

_FALSE_ABSTENTION = 0.10  # of the questions answered rightly, at the threshold that is set


@dataclass(frozen=True, slots=True)
class Example:
    """One question as it was found, in one collection."""

    case: Case
    hits: list[Hit]
    collection: str


def _from_cases(paths: Sequence[Path], cases: Sequence[Case], name: str, encoder: Any) -> Iterator[Example]:
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder))
        update(paths, data, lambda: encoder, DEFAULT)
        index = Index(data, encoder)
        for case in cases:
            if case.turns or asks_for_opinions(case.question) or case.kind in ("multi", "conflict", "summary"):
                continue  # what one sentence answers, and no more
            hits = index.search(case.question, case.lang, Filters(), 8)
            if hits:
                yield Example(case, hits, name)
        index.close()


def _from_xquad(file: Path, encoder: Any) -> Iterator[Example]:
    articles = json.loads(file.read_text("utf-8"))["data"]
    with tempfile.TemporaryDirectory() as folder:
        texts, home = Path(folder, "texts"), Path(folder, "data")
        texts.mkdir()
        asked: list[tuple[str, str, str, str]] = []
        for number, paragraph in enumerate(p for article in articles for p in article["paragraphs"]):
            (texts / f"p{number}.txt").write_text(paragraph["context"], "utf-8")
            for qa in paragraph["qas"]:
                forms = [("de", qa["question"]), ("en", qa.get("question_en")), ("es", qa.get("question_es"))]
                # each question once, every second one in another language
                language, question = forms[0] if len(asked) % 2 or not forms[1][1] else forms[1 + len(asked) // 2 % 2]
                asked.append((f"p{number}", language, str(question), qa["answers"][0]["text"]))
        data = DataFolder(home)
        update([texts], data, lambda: encoder, DEFAULT)
        index = Index(data, encoder)
        for number, (name, language, question, answer) in enumerate(asked):
            hits = index.search(question, language, Filters(), 12)
            case = Case(id="x", kind="fact", lang=language, question=question, answerable=True, need=[[answer]])
            # half of them without the paragraph that answers, wherever it was found
            if number // 2 % 2:
                hits, case = [hit for hit in hits if hit.passage.article_id != name], case.model_copy(update={"answerable": False})
            if hits:
                yield Example(case, hits[:8], "xquad")
        index.close()


def _fit_ranking(examples: Sequence[Example], out: Path) -> None:
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    rows, right, groups = [], [], []
    answerable = [e for e in examples if e.case.answerable]
    for number, example in enumerate(answerable):
        found = list(candidates(example.case.question, example.case.lang, example.hits))
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
    weight = np.array([1 / sizes[answerable[n].collection] for n in groups])
    model = LogisticRegression(C=1.0, class_weight="balanced")
    scores = np.empty(len(labels))
    for train, test in GroupKFold(5, shuffle=True, random_state=0).split(values, labels, group):
        model.fit(values[train] / scale, labels[train], sample_weight=weight[train])
        scores[test] = model.decision_function(values[test] / scale)
    for name in sorted(sizes):
        mine = [n for n in sorted(set(groups)) if answerable[n].collection == name]
        first = [labels[group == n][np.argmax(scores[group == n])] for n in mine]
        plain = [labels[group == n][np.argmax((values[:, 0] + values[:, 1])[group == n])] for n in mine]
        print(f"{name:8} first sentence right, where one is: {np.mean(first):.3f} (without the model {np.mean(plain):.3f}) n={len(mine)}")
    model.fit(values / scale, labels, sample_weight=weight)
    _save(out, {"features": list(RANKING), "scale": _rounded(scale), "weights": _rounded(model.coef_[0])})


def _fit_abstention(examples: Sequence[Example], out: Path) -> None:
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import brier_score_loss, roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    values = np.array([features(e.hits, e.case.lang) for e in examples])
    answers = [" ".join(q.text for q in choose_quotes(e.case.question, e.case.lang, e.hits)) for e in examples]
    right = np.array([e.case.answerable and holds(answer, e.case.need) for e, answer in zip(examples, answers, strict=True)])
    answerable = np.array([e.case.answerable for e in examples])
    names = np.array([e.collection for e in examples])
    # each collection weighs the same, however many questions it has
    share = np.array([1 / (names == name).sum() for name in names])
    share *= len(share) / share.sum()
    mean, scale = values.mean(0), values.std(0)
    standard = (values - mean) / scale
    model = LogisticRegression(C=1.0)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    guessed = cross_val_predict(model, standard, right, cv=folds, method="predict_proba", params={"sample_weight": share})[:, 1]
    for name in sorted(set(names)):
        at = names == name
        print(
            f"{name:8} n={at.sum():4} right {right[at].mean():.2f} AUROC right {roc_auc_score(right[at], guessed[at]):.3f} "
            f"AUROC answerable {roc_auc_score(answerable[at], guessed[at]):.3f} Brier {brier_score_loss(right[at], guessed[at]):.3f}"
        )
    model.fit(standard, right, sample_weight=share)
    threshold = float(np.quantile(guessed[right], _FALSE_ABSTENTION))
    weights = _rounded(model.coef_[0])
    fitted = {"features": list(FEATURES), "mean": _rounded(mean), "scale": _rounded(scale), "weights": weights}
    _save(out, {**fitted, "bias": round(float(model.intercept_[0]), 6), "threshold": round(threshold, 4)})
    print(f"threshold {threshold:.3f}; weights {dict(zip(FEATURES, weights, strict=True))}")


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 6) for value in values]


def _save(file: Path, fields: dict[str, Any]) -> None:
    sources = "invented news, XQuAD-de (CC BY-SA 4.0), cases over seeds/"
    file.write_text(json.dumps({**fields, "fitted_on": sources}, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main() -> None:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    args = parser.parse_args()
    if not (args.shared / "news").is_dir():
        raise SystemExit(f"{args.shared}: holds no news/ and data/ to learn from; name the folder with --shared")
    encoder = load_encoder()
    examples = [
        *_from_cases(sorted((args.shared / "news").glob("*.txt")), load_cases(args.shared / "news" / "questions.jsonl"), "news", encoder),
        *_from_cases([seeds_folder()], load_cases(Path("eval/cases/seeds.jsonl")), "seeds", encoder),
        *_from_xquad(args.shared / "data" / "xquad-de.dev.json", encoder),
    ]
    home = Path("assistant")
    _fit_ranking(examples, home / "ranking.json")
    quotes._ranking.cache_clear()
    _fit_abstention(examples, home / "abstain.json")


if __name__ == "__main__":
    main()
