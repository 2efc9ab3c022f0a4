"""Fit the abstention rule (assistant/abstain.json): `make train`, or python -m eval.train_abstain [--shared FOLDER].

Learns from questions over three collections: invented news (FOLDER/news), German XQuAD paragraphs (FOLDER/data; the
right paragraph left in, or taken out of what was found), and the cases over seeds/. Label: the answer's text holds what it
should. Prints AUROC and Brier score, cross-validated by collection and question.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.abstain import FEATURES, features
from assistant.quotes import asks_for_opinions, choose_quotes
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
    """One question's features; `right`: what would be answered is; `answerable`: the collection holds an answer."""

    features: tuple[float, ...]
    right: bool
    answerable: bool
    collection: str


def _example(question: str, language: str, hits: Sequence[Hit], case: Case | None, collection: str) -> Example | None:
    if not hits:
        return None
    quotes = choose_quotes(question, hits)
    right = case is not None and case.answerable and holds(" ".join(q.text for q in quotes), case.need)
    return Example(features(hits, language), right, case is not None and case.answerable, collection)


def _from_cases(paths: Sequence[Path], cases: Sequence[Case], name: str, encoder: Any) -> Iterator[Example]:
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder))
        update(paths, data, lambda: encoder, DEFAULT)
        index = Index(data, encoder)
        for case in cases:
            if case.turns or asks_for_opinions(case.question) or case.kind in ("multi", "conflict", "summary"):
                continue  # what one sentence answers, and no more
            example = _example(case.question, case.lang, index.search(case.question, case.lang, Filters(), 8), case, name)
            if example:
                yield example
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
            case = Case(id="x", kind="fact", question=question, answerable=True, need=[[answer]])
            # half of them without the paragraph that answers, wherever it was found
            if number // 2 % 2:
                hits, case = [hit for hit in hits if hit.passage.article_id != name], case.model_copy(update={"answerable": False})
            example = _example(question, language, hits[:8], case, "xquad")
            if example:
                yield example
        index.close()


def main() -> None:
    """Fit, print, write."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import brier_score_loss, roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--out", type=Path, default=Path("assistant/abstain.json"))
    args = parser.parse_args()
    encoder = load_encoder()
    examples = [
        *_from_cases(sorted((args.shared / "news").glob("*.txt")), load_cases(args.shared / "news" / "questions.jsonl"), "news", encoder),
        *_from_cases([seeds_folder()], load_cases(Path("eval/cases/seeds.jsonl")), "seeds", encoder),
        *_from_xquad(args.shared / "data" / "xquad-de.dev.json", encoder),
    ]
    values = np.array([e.features for e in examples])
    right = np.array([e.right for e in examples])
    answerable = np.array([e.answerable for e in examples])
    names = np.array([e.collection for e in examples])
    # each collection weighs the same, however many questions it has
    share = np.array([1 / (names == name).sum() for name in names])
    share *= len(share) / share.sum()
    mean, scale = values.mean(0), values.std(0)
    standard = (values - mean) / scale
    model = LogisticRegression(C=1.0)
    guessed = cross_val_predict(
        model, standard, right, cv=StratifiedKFold(5, shuffle=True, random_state=0), method="predict_proba", params={"sample_weight": share}
    )[:, 1]
    for name in sorted(set(names)):
        at = names == name
        print(
            f"{name:8} n={at.sum():4} right {right[at].mean():.2f} AUROC right {roc_auc_score(right[at], guessed[at]):.3f} "
            f"AUROC answerable {roc_auc_score(answerable[at], guessed[at]):.3f} Brier {brier_score_loss(right[at], guessed[at]):.3f}"
        )
    model.fit(standard, right, sample_weight=share)
    threshold = float(np.quantile(guessed[right], _FALSE_ABSTENTION))
    fields = {
        "features": list(FEATURES),
        "mean": [round(float(v), 6) for v in mean],
        "scale": [round(float(v), 6) for v in scale],
        "weights": [round(float(v), 6) for v in model.coef_[0]],
        "bias": round(float(model.intercept_[0]), 6),
        "threshold": round(threshold, 4),
        "fitted_on": "invented news, XQuAD-de (CC BY-SA 4.0), cases over seeds/",
    }
    args.out.write_text(json.dumps(fields, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"threshold {threshold:.3f}; weights {dict(zip(FEATURES, fields['weights'], strict=True))}")


if __name__ == "__main__":
    main()
