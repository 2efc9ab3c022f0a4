"""How well a reader reads: figures over records, with intervals. Knows no torch."""

import re
import string
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.reader.model import AnyReader, Reading
from assistant.reader.training.records import Record
from index.sentences import split_sentences

_RESAMPLES = 400


@dataclass(frozen=True, slots=True)
class Read:
    """A record as a reader read it."""

    record: Record
    reading: Reading

    @property
    def answerable(self) -> bool:
        """Whether the text answers."""
        return self.record.start is not None


def read_all(reader: AnyReader, records: Sequence[Record]) -> list[Read]:
    """Each record read, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda r: Read(r, reader.read(r.question, [r.text], [r.context])[0]), records))


def token_f1(given: str, right: str) -> float:
    """Overlap of words (0 to 1), as SQuAD counts it (Rajpurkar et al. 2016), with German articles left out."""
    a, b = _words(given), _words(right)
    shared = sum(min(a.count(word), b.count(word)) for word in set(a))
    if not a or not b:
        return float(a == b)
    return 2 * shared / (len(a) + len(b))


def same_sentence(record: Record, reading: Reading) -> bool:
    """Whether the reading begins in the sentence in which the right answer stands."""
    assert record.start is not None
    spans = split_sentences(record.text, 0, len(record.text))
    return any(a <= record.start < b and a <= reading.start < b for a, b in spans)


def interval(
    values: Callable[[npt.NDArray[np.int64]], float], groups: Sequence[str], resamples: int = _RESAMPLES
) -> tuple[float, float]:
    """95% bootstrap interval of `values(rows)`, drawing whole groups (texts or articles) with replacement."""
    rng = np.random.default_rng(0)
    names = sorted(set(groups))
    of = {name: [] for name in names}  # type: dict[str, list[int]]
    for i, name in enumerate(groups):
        of[name].append(i)
    found = []
    for _ in range(resamples):
        rows = np.array([i for k in rng.integers(0, len(names), len(names)) for i in of[names[k]]])
        value = values(rows)
        if np.isfinite(value):
            found.append(value)
    low, high = np.quantile(found, [0.025, 0.975]) if found else (float("nan"), float("nan"))
    return float(low), float(high)


def auroc(scores: npt.NDArray[Any], positive: npt.NDArray[Any]) -> float:
    """Probability that a positive scores higher than a negative, ties half; nan where one of them is absent."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(positive, scores)) if 0 < positive.sum() < len(positive) else float("nan")


def figures(reads: Sequence[Read], *, intervals: bool = True) -> dict[str, Any]:
    """AUROC of answerable or not in all, by reason and by language of the question; F1, exact match and sentence of the answerable."""
    logits = np.array([r.reading.logit for r in reads])
    answerable = np.array([r.answerable for r in reads])
    groups = [r.record.group for r in reads]
    table: dict[str, Any] = {"n": len(reads), "auroc": round(auroc(logits, answerable), 4)}
    if intervals:
        table["auroc_interval"] = [round(v, 3) for v in interval(lambda rows: auroc(logits[rows], answerable[rows]), groups)]
    for why in sorted({r.record.why for r in reads} - {""}):
        some = answerable | np.array([r.record.why == why for r in reads])
        table[f"auroc_{why}"] = round(auroc(logits[some], answerable[some]), 4)
    for lang in sorted({r.record.lang for r in reads}):
        some = np.array([r.record.lang == lang for r in reads])
        table[f"auroc_{lang}"] = round(auroc(logits[some], answerable[some]), 4)
    right = [r for r in reads if r.answerable]
    if right:
        answers = [r.record.text[r.record.start : r.record.end] for r in right]
        f1 = np.array([token_f1(r.reading.text, answer) for r, answer in zip(right, answers, strict=True)])
        sentence = np.array([same_sentence(r.record, r.reading) for r in right])
        exact = np.array([_words(r.reading.text) == _words(answer) for r, answer in zip(right, answers, strict=True)])
        table |= {"f1": round(float(f1.mean()), 4), "exact": round(float(exact.mean()), 4), "sentence": round(float(sentence.mean()), 4)}
        if intervals:
            own = [r.record.group for r in right]
            table["f1_interval"] = [round(v, 3) for v in interval(lambda rows: float(f1[rows].mean()), own)]
            table["sentence_interval"] = [round(v, 3) for v in interval(lambda rows: float(sentence[rows].mean()), own)]
        for lang in sorted({r.record.lang for r in right}):
            some = np.array([r.record.lang == lang for r in right])
            table[f"sentence_{lang}"] = round(float(sentence[some].mean()), 4)
    return table


def _words(text: str) -> list[str]:
    plain = text.casefold().translate(str.maketrans("", "", string.punctuation + "„“”‚‘’»«–"))
    return [word for word in re.split(r"\s+", plain) if word and word not in ("der", "die", "das", "ein", "eine", "the", "a", "an")]
