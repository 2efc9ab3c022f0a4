"""`make bench-public`: the whole assistant on public German data, beside published figures. Skips where ../shared/data is absent.

XQuAD-de: every paragraph is an article; the questions of the articles that neither the reader nor the encoder of questions was trained on
are asked over all of them, in German and in English. NoMIRACL-de is measured as in `make bench-reader`.
"""

import argparse
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant import Assistant
from assistant.reader import Reader
from assistant.reader.training.measure import interval
from assistant.reader.training.records import Record, nomiracl_part, read_nomiracl, read_sets
from eval.bench_reader import measure_nomiracl
from eval.cases import holds
from eval.train import write_articles
from index.types import Filters

_K = 10
_DEEP = 24  # passages looked through for ten paragraphs
_PUBLISHED = "published: BM25 .916, multilingual-e5-base .958, jina-v3 .958, arctic-embed-l-v2 .964, multilingual-e5-large .970"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"), help="the question sets")
    parser.add_argument("--limit", type=int, help="questions of each set, for a trial")
    args = parser.parse_args()
    if not (args.shared / "xquad-de.dev.json").is_file():
        print(f"skipped: {args.shared} holds no question sets; name their folder with --shared")
        return
    records = [r for r in read_sets(args.shared, Path("eval/data"))["xquad"] if r.lang in ("de", "en")]
    with tempfile.TemporaryDirectory() as folder:
        _xquad(records, Path(folder), args.limit)
    asked = [row for number, row in enumerate(read_nomiracl(args.shared)) if nomiracl_part(number) == "final"]
    rows: dict[str, tuple[float, str]] = {}
    measure_nomiracl(Reader.load(), asked[: args.limit], rows, {})
    for name, (value, note) in rows.items():
        print(f"{name}: {value:.3f} {note}")
    print("  published: GPT-4 answers .36 of the unanswerable at .11 false abstention, GPT-3.5 .47 at .06, Mixtral .27 at .20")


def _xquad(records: Sequence[Record], folder: Path, limit: int | None) -> None:
    home = write_articles((r.text for r in records), folder / "texts")
    assistant = Assistant.build([folder / "texts"], folder / "data")
    assistant.judge.answer_from(0.0)  # what would be cited, whether it is sure or not
    found: dict[str, list[tuple[str, float]]] = {"de": [], "en": []}
    cited: dict[str, list[tuple[str, float]]] = {"de": [], "en": []}
    for lang in found:
        for r in [r for r in records if r.lang == lang and r.part == "final"][:limit]:
            ranked = list(dict.fromkeys(hit.passage.article_id for hit in assistant.search(r.question, lang, Filters(), _DEEP)))[:_K]
            right = home[r.text]
            # nDCG (Järvelin and Kekäläinen 2002) with one relevant paragraph
            found[lang].append((r.group, 1 / math.log2(2 + ranked.index(right)) if right in ranked else 0.0))
            answer = assistant.ask(r.question)
            first = answer.citations[0].quote if answer.citations else ""
            cited[lang].append((r.group, float(holds(first, [[r.text[r.start : r.end]]]))))
    assistant.close()
    print(_line("XQuAD-de, German questions: nDCG@10 of paragraphs", found["de"]))
    print(f"  {_PUBLISHED} (over twice as many paragraphs)")
    print(_line("XQuAD-de, English questions: nDCG@10 of paragraphs", found["en"]))
    for lang, name in (("de", "German"), ("en", "English")):
        print(_line(f"XQuAD-de, {name} questions: first citation holds the answer", cited[lang]))
    ratio = sum(v for _, v in cited["en"]) / max(1.0, sum(v for _, v in cited["de"]))
    print(f"XQuAD-de, first citation right in English relative to German: {ratio:.3f}")


def _line(name: str, values: Sequence[tuple[str, float]]) -> str:
    numbers = [value for _, value in values]
    low, high = interval(lambda at: sum(numbers[i] for i in at) / len(at), [group for group, _ in values])
    return f"{name}: {sum(numbers) / len(numbers):.3f} [{low:.3f}, {high:.3f}] n={len(numbers)}"


if __name__ == "__main__":
    main()
