"""`make bench-reader`: the reader's figures on the parts that nothing was trained or chosen on, beside the figures of others.

python -m eval.bench_reader [--shared FOLDER] [--reader NAME] [--only PART ...] [--save FILE]
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant import Answer, Assistant
from assistant.abstain import read_features
from assistant.reader import AnyReader, Reader
from assistant.reader.training.measure import auroc, figures, interval, read_all, same_sentence, token_f1
from assistant.reader.training.records import Record, nomiracl_part, read_nomiracl, read_sets
from eval.cases import holds
from eval.metrics import calibration_bins, expected_calibration_error
from eval.train import write_articles
from index.embedding import Encoder, load_encoder

PARTS = ("authored", "xquad", "nomiracl", "product", "speed")
_FALSE_ABSTENTION = 0.11  # GPT-4's on NoMIRACL-de

# figure → at least, aim, and what others reach (shared/data/README.md and the papers named there)
TARGETS: dict[str, tuple[float, float, str]] = {
    "Wikipedia near misses: AUROC": (0.87, 0.93, "e5 cosine .65, pilot .845"),
    "news near misses: AUROC": (0.78, 0.90, "e5 cosine .53, pilot .693"),
    "Wikipedia, worst reason: AUROC": (0.70, 0.85, "pilot .67 (relation)"),
    "news, worst reason: AUROC": (0.70, 0.85, "pilot .54 (relation)"),
    "NoMIRACL-de: AUROC": (0.80, 0.88, "BM25 .54, e5 .73"),
    "NoMIRACL-de: false answers at ≤ .11 false abstention (lower is better)": (0.45, 0.30, "GPT-4 .36, GPT-3.5 .47, Mixtral .27 at .20"),
    "XQuAD-de, right or best other paragraph: AUROC": (0.96, 0.98, "e5 .90, pilot .944"),
    "XQuAD-de: F1 of the span": (0.72, 0.80, "mBERT on 88,000 questions .706, pilot .714"),
    "XQuAD-de: sentence right": (0.85, 0.92, "pilot .808"),
    "English beside German questions: AUROC, ratio": (0.95, 1.0, ""),
    "English beside German questions: sentence right, ratio": (0.95, 1.0, ""),
    "ECE of confidence (lower is better)": (0.05, 0.03, ""),
    "five windows beside torch in float: ratio of time (lower is better)": (0.35, 0.35, "plain dynamic int8 .39"),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--own", type=Path, default=Path("eval/data"))
    parser.add_argument("--reader", help="another reader's name or folder")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--limit", type=int, help="records of each set, for a trial")
    parser.add_argument("--save", type=Path, help="write every figure to this file")
    args = parser.parse_args()
    if not (args.shared / "qa-de.train.jsonl").is_file():
        raise SystemExit(f"{args.shared}: holds no question sets; name their folder with --shared")
    reader = Reader.load(args.reader)
    every = read_sets(args.shared, args.own)
    sets = {name: [r for r in records if r.part == "final"][: args.limit] for name, records in every.items()}
    rows: dict[str, tuple[float, str]] = {}
    details: dict[str, Any] = {}
    if "authored" in args.only:
        _authored(reader, sets, rows, details)
    if "xquad" in args.only:
        _xquad(reader, every["xquad"][: args.limit], rows, details)
    if "nomiracl" in args.only:
        asked = [row for number, row in enumerate(read_nomiracl(args.shared)) if nomiracl_part(number) == "final"]
        measure_nomiracl(reader, asked[: args.limit], rows, details)
    if "product" in args.only:
        _product([r for name in ("wiki", "news", "own") for r in sets[name]], rows, details)
    if "speed" in args.only:
        from assistant.reader.training.speed import compare

        times = compare()
        details["milliseconds"] = times
        rows["five windows beside torch in float: ratio of time (lower is better)"] = (times["int8"] / times["torch"], f"{times}")
    print("| figure | at least | aim | measured | others |\n|---|---|---|---|---|")
    for name, (least, aim, others) in TARGETS.items():
        if name in rows:
            value, note = rows[name]
            print(f"| {name} | {least} | {aim} | {value:.3f} {note} | {others} |")
    for name, table in details.items():
        print(f"\n{name}: {json.dumps(table, ensure_ascii=False)}")
    if args.save:
        args.save.write_text(json.dumps({"rows": rows, "details": details}, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _authored(reader: AnyReader, sets: dict[str, list[Record]], rows: dict[str, tuple[float, str]], details: dict[str, Any]) -> None:
    titles = {"wiki": "Wikipedia", "news": "news", "own": "own", "paraphrases": "in other words", "outlets": "by several outlets"}
    for name, title in titles.items():
        table = details[title] = figures(read_all(reader, sets[name]))
        low, high = table["auroc_interval"]
        rows[f"{title} near misses: AUROC"] = (table["auroc"], f"[{low}, {high}] n={table['n']}")
        whys = ("attribute", "entity", "premise", "quantity", "relation", "time")
        reasons = {why: table[f"auroc_{why}"] for why in whys if f"auroc_{why}" in table}
        worst = min(reasons, key=lambda why: reasons[why])
        rows[f"{title}, worst reason: AUROC"] = (reasons[worst], f"({worst})")


def _xquad(reader: AnyReader, records: Sequence[Record], rows: dict[str, tuple[float, str]], details: dict[str, Any]) -> None:
    """German paragraphs asked in German, English and Spanish: the right one beside the surest other one of its article."""
    from sklearn.linear_model import LogisticRegression

    encoder = load_encoder()
    final = [r for r in records if r.part == "final"]
    found: dict[str, dict[str, float]] = {}
    for lang in ("de", "en", "es"):
        asked = [r for r in final if r.lang == lang]
        readings = [reader.read(r.question, [r.text], [r.context])[0] for r in asked]
        f1 = [token_f1(reading.text, r.text[r.start : r.end]) for r, reading in zip(asked, readings, strict=True)]
        sentence = [same_sentence(r, reading) for r, reading in zip(asked, readings, strict=True)]
        pairs = list(_right_and_others(reader, encoder, asked, records))
        groups = [r.group for r in asked]
        alone, low, high = _right_first([right[0] for right, _ in pairs], [others[:, 0].max() for _, others in pairs], groups)
        found[lang] = {"auroc": alone, "f1": float(np.mean(f1)), "sentence": float(np.mean(sentence)), "n": len(asked)}
        if lang == "de":
            # what retrieval adds: logit and cosine together, weighed on the dev part
            some = [r for r in records if r.part == "dev" and r.lang == lang]
            known = list(_right_and_others(reader, encoder, some, records))
            values = np.vstack([part for right, others in known for part in (right[None], others)])
            positive = np.concatenate([[True, *[False] * len(others)] for _, others in known])
            model = LogisticRegression(C=1.0, class_weight="balanced").fit(values, positive)
            both, *_ = _right_first(
                [float(model.decision_function(right[None])[0]) for right, _ in pairs],
                [float(model.decision_function(others).max()) for _, others in pairs], groups,
            )  # fmt: skip
            cosine, *_ = _right_first([right[1] for right, _ in pairs], [others[:, 1].max() for _, others in pairs], groups)
            note = f"[{low:.3f}, {high:.3f}] n={len(asked)}; e5 alone {cosine:.3f}, both {both:.3f}"
            rows["XQuAD-de, right or best other paragraph: AUROC"] = (alone, note)
            low, high = _mean_interval(f1, groups)
            rows["XQuAD-de: F1 of the span"] = (found[lang]["f1"], f"[{low:.3f}, {high:.3f}]")
            low, high = _mean_interval(sentence, groups)
            rows["XQuAD-de: sentence right"] = (found[lang]["sentence"], f"[{low:.3f}, {high:.3f}]")
    for measure, name in (("auroc", "AUROC"), ("sentence", "sentence right")):
        rows[f"English beside German questions: {name}, ratio"] = (found["en"][measure] / found["de"][measure], "")
    details["XQuAD"] = {lang: {k: round(v, 4) for k, v in table.items()} for lang, table in found.items()}


def _right_and_others(
    reader: AnyReader, encoder: Encoder, asked: Sequence[Record], records: Sequence[Record]
) -> Iterator[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """For each question logit and cosine of its own paragraph (2,), and of its article's others that don't hold the answer (n, 2)."""
    of_article: dict[str, dict[str, npt.NDArray[np.float32]]] = {}
    for r in records:
        of_article.setdefault(r.group, {}).setdefault(r.text, np.empty(0, np.float32))
    for group in {r.group for r in asked}:
        texts = list(of_article[group])
        of_article[group] = dict(zip(texts, encoder.passages(texts), strict=True))
    for r in asked:
        vectors, answer = of_article[r.group], r.text[r.start : r.end].casefold()
        texts = [r.text, *(text for text in vectors if text != r.text and answer not in text.casefold())]
        question = encoder.query(r.question)
        readings = reader.read(r.question, texts, [r.context] * len(texts))
        values = np.array([(reading.logit, float(vectors[text] @ question)) for reading, text in zip(readings, texts, strict=True)])
        # an article without another such paragraph has one that is never the surest
        yield values[0], values[1:] if len(values) > 1 else np.array([(-20.0, -1.0)])


def _right_first(right: Sequence[float], best: Sequence[float], groups: list[str]) -> tuple[float, float, float]:
    """AUROC of the right paragraphs over the surest others, with its interval."""
    scores, positive = np.array([*right, *best]), np.array([True] * len(right) + [False] * len(best))
    return auroc(scores, positive), *interval(lambda at: auroc(scores[at], positive[at]), groups * 2)


def _mean_interval(values: Sequence[float], groups: list[str]) -> tuple[float, float]:
    every = np.array(values, dtype=float)
    return interval(lambda at: float(every[at].mean()), groups)


def measure_nomiracl(
    reader: AnyReader, asked: Sequence[dict[str, Any]], rows: dict[str, tuple[float, str]], details: dict[str, Any]
) -> None:
    """Ten passages a question; the rule looks at what the reader found and at the cosines of the embedding.

    It is fitted on every second question and judged on the others, then the other way round.
    """
    from sklearn.linear_model import LogisticRegression

    encoder = load_encoder()
    values, answerable = [], np.array([row["answerable"] for row in asked])
    for row in asked:
        titles, _, texts = zip(*(passage.partition(": ") for passage in row["passages"]), strict=True)
        readings = reader.read(row["question"], texts, titles)
        cosines = encoder.passages(row["passages"]) @ encoder.query(row["question"])
        surest = int(np.argmax([reading.logit for reading in readings]))
        values.append((*read_features(readings), float(cosines.max()), float(cosines[surest]), float(np.median(cosines))))
    table = np.array(values)
    scores = np.empty(len(table))
    for half in (0, 1):
        judged = np.arange(len(table)) % 2 == half
        mean, scale = table[~judged].mean(0), table[~judged].std(0) + 1e-9
        model = LogisticRegression(C=1.0).fit((table[~judged] - mean) / scale, answerable[~judged])
        scores[judged] = model.decision_function((table[judged] - mean) / scale)
    groups = [str(i) for i in range(len(asked))]
    low, high = interval(lambda at: auroc(scores[at], answerable[at]), groups)
    alone, embedding = auroc(table[:, 0], answerable), auroc(table[:, -3], answerable)
    note = f"[{low:.3f}, {high:.3f}] n={len(asked)}; reader alone {alone:.3f}, e5 alone {embedding:.3f}"
    rows["NoMIRACL-de: AUROC"] = (auroc(scores, answerable), note)
    low, high = interval(lambda at: _false_answers(scores[at], answerable[at]), groups)
    name = "NoMIRACL-de: false answers at ≤ .11 false abstention (lower is better)"
    rows[name] = (_false_answers(scores, answerable), f"[{low:.3f}, {high:.3f}]")
    details["NoMIRACL"] = {"n": len(asked), "answerable": int(answerable.sum())}


def _false_answers(scores: npt.NDArray[Any], answerable: npt.NDArray[Any]) -> float:
    """Share of the unanswerable that is answered, where at most `_FALSE_ABSTENTION` of the answerable is not."""
    ranked = np.sort(scores[answerable])
    threshold = ranked[int(_FALSE_ABSTENTION * len(ranked))]
    return float((scores[~answerable] >= threshold).mean())


def _ask_records(records: Sequence[Record]) -> Iterator[tuple[Record, Answer, bool, bool]]:
    """Every text an article, every question asked of the whole assistant: what it answers, whether that is right, and whether it abstains.

    What it abstains from is answered here all the same: its confidence is the chance that the answer it has is right.
    """
    with tempfile.TemporaryDirectory() as folder:
        texts, home = Path(folder, "texts"), Path(folder, "data")
        write_articles((r.text for r in records), texts)
        with closing(Assistant.build([texts], home)) as assistant:
            threshold = assistant.judge.answer_from(0.0)
            for r in records:
                answer = assistant.ask(r.question)
                right = r.start is not None and holds(answer.text, [[r.text[r.start : r.end]]])
                yield r, answer, right, answer.confidence < threshold


def _product(records: Sequence[Record], rows: dict[str, tuple[float, str]], details: dict[str, Any]) -> None:
    """The whole assistant over the final texts as articles: is its confidence the share of right answers?"""
    asked = list(_ask_records(records))
    confidence = [a.confidence for _, a, _, _ in asked]
    right = [r for _, _, r, _ in asked]
    error = expected_calibration_error(confidence, right)
    groups = [record.group for record, *_ in asked]
    low, high = interval(lambda at: expected_calibration_error([confidence[i] for i in at], [right[i] for i in at]), groups)
    rows["ECE of confidence (lower is better)"] = (error, f"[{low:.3f}, {high:.3f}] n={len(asked)}")
    answerable = [record.start is not None for record, *_ in asked]
    abstained = [s for *_, s in asked]
    times = sorted(a.timings_ms.total for _, a, *_ in asked)
    given = sum(r for r, s in zip(right, abstained, strict=True) if not s)
    details["the assistant over the final texts"] = {
        "right answers of the answerable": round(given / max(1, sum(answerable)), 4),
        "right when answered": round(given / max(1, abstained.count(False)), 4),
        "abstained on the unanswerable": round(np.mean([s for s, a in zip(abstained, answerable, strict=True) if not a]), 4),
        "abstained on the answerable": round(np.mean([s for s, a in zip(abstained, answerable, strict=True) if a]), 4),
        "AUROC answerable": round(auroc(np.array(confidence), np.array(answerable)), 4),
        "reliability (confidence, right, n)": [(round(c, 3), round(r, 3), n) for c, r, n in calibration_bins(confidence, right)],
        "median ms of an answer": times[len(times) // 2],
    }


if __name__ == "__main__":
    main()
