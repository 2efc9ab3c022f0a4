"""Fit the ranking of sentences and the abstention rule: `make train`, or python -m eval.train [--shared FOLDER].

Writes assistant/ranking.json and abstain.json, and with a reader ranking-read.json and abstain-read.json. Learns from questions over
several collections: invented events (with the reader three of the first six, and three of the further ones), German XQuAD paragraphs
(FOLDER/data; the right paragraph left in, or taken out of what was found), the cases over seeds/, and, with the reader, its own question
sets with their near misses (the dev part: what it wasn't trained on, and isn't judged by). A sentence is right, and so is an answer, when
its text holds what it should. Prints how often the first sentence is right, AUROC and Brier score, cross-validated.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.candidates import ranking
from assistant.reader import Reader
from assistant.reader.training.records import AUTHORED, Record, read_sets
from assistant.settings import seeds_folder
from eval.cases import Case, load_cases
from eval.fit import Example, examples_of, fit_ranking, fit_rule, indexed, read_examples
from index.embedding import Encoder, load_encoder
from index.types import Filters

EVENTS = ("hafen", "oper", "wahl")  # of the six invented ones; with a reader the other three are only measured on
_OF_A_SET = 700  # questions of the reader's sets, each
# what main fits without a reader and with it, as the files say
_SOURCES = "six invented events, three further ones, the cases over seeds/, XQuAD-de (CC BY-SA 4.0)"
_SOURCES_READ = (
    f"three invented events ({', '.join(EVENTS)}), three further ones, the cases over seeds/, the dev parts of the reader's question sets "
    f"({', '.join(AUTHORED)}) and of XQuAD-de (CC BY-SA 4.0)"
)


def _from_events(folder: Path, encoder: Encoder, names: Sequence[str] = ()) -> Iterator[Example]:
    """The invented events of these names, or all of them."""
    files = [file for file in sorted((folder / "corpora" / "news").glob("*.txt")) if not names or file.name.split("-")[0] in names]
    cases = [case for case in load_cases(folder / "cases" / "news.jsonl") if not names or case.id.split("-")[0] in names]
    yield from examples_of(files, cases, "events", encoder)


def write_articles(texts: Iterable[str], folder: Path) -> dict[str, str]:
    """Each text, once, as an article in a new `folder`: text → the article's id."""
    folder.mkdir()
    names = {text: f"p{number}" for number, text in enumerate(dict.fromkeys(texts))}
    for text, name in names.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return names


def _from_xquad(file: Path, encoder: Encoder) -> Iterator[Example]:
    articles = json.loads(file.read_text("utf-8"))["data"]
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder, "texts")
        paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
        names = write_articles((paragraph["context"] for paragraph in paragraphs), texts)
        asked: list[tuple[str, str, str, str]] = []
        for paragraph in paragraphs:
            for qa in paragraph["qas"]:
                forms = [("de", qa["question"]), ("en", qa.get("question_en")), ("es", qa.get("question_es"))]
                # each question once, every second one in another language
                language, question = forms[0] if len(asked) % 2 or not forms[1][1] else forms[1 + len(asked) // 2 % 2]
                asked.append((names[paragraph["context"]], language, str(question), qa["answers"][0]["text"]))
        with indexed([texts], encoder) as index:
            for number, (name, language, question, answer) in enumerate(asked):
                hits = index.search(question, language, Filters(), 12)
                case = Case(id="x", kind="fact", lang=language, question=question, answerable=True, need=[[answer]])
                # half of each language's without the paragraph that answers, wherever it was found
                if number // 4 % 2:
                    hits, case = [hit for hit in hits if hit.passage.article_id != name], case.model_copy(update={"answerable": False})
                if hits:
                    yield Example(case, hits[:8], "xquad")


def _some(records: Sequence[Record]) -> Sequence[Record]:
    """Not more than `_OF_A_SET`, from beginning to end: a collection weighs the same, however large it is."""
    return records[:: -(-len(records) // _OF_A_SET) or 1]


def _from_records(records: Sequence[Record], encoder: Encoder) -> Iterator[Example]:
    """Every text an article, every question asked over all of them."""
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder, "texts")
        write_articles((r.text for r in records), texts)
        with indexed([texts], encoder) as index:
            for r in records:
                need = [] if r.start is None else [[r.text[r.start : r.end]]]
                case = Case(id="x", kind=r.why or "fact", lang=r.lang, question=r.question, answerable=r.start is not None, need=need)
                hits = index.search(case.question, case.lang, Filters(), 8)
                if hits:
                    yield Example(case, hits, r.set)


def _fit(examples: Sequence[Example], ranking_file: Path, rule_file: Path, sources: str) -> None:
    fields, lines = fit_ranking(examples)
    print("\n".join(lines))
    _save(ranking_file, fields, f"the answerable questions of {sources}")
    ranking.cache_clear()  # the rule is fitted to what is chosen with it
    fields, lines = fit_rule(examples)
    print("\n".join(lines))
    _save(rule_file, fields, sources)


def _save(file: Path, fields: dict[str, Any], sources: str) -> None:
    file.write_text(json.dumps({**fields, "fitted_on": sources}, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main() -> None:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    args = parser.parse_args()
    if not (args.shared / "data").is_dir():
        raise SystemExit(f"{args.shared}: holds no data/ to learn from; name the folder with --shared")
    encoder = load_encoder()
    xquad = list(_from_xquad(args.shared / "data" / "xquad-de.dev.json", encoder))
    sets = read_sets(args.shared / "data", Path("eval/data"))
    dev = [r for name in AUTHORED for r in _some([r for r in sets[name] if r.part == "dev"])]
    more = list(examples_of([Path("eval/corpora/events")], load_cases(Path("eval/cases/events.jsonl")), "more events", encoder))
    seeds = list(examples_of([seeds_folder()], load_cases(Path("eval/cases/seeds.jsonl")), "seeds", encoder))
    home = Path("assistant")
    print("without a reader")  # near misses would only teach it that retrieval can't tell them
    every = [*_from_events(Path("eval"), encoder), *more, *seeds, *xquad]
    _fit(every, home / "ranking.json", home / "abstain.json", _SOURCES)
    print("with the reader")  # XQuAD is what it was trained on: only its dev part tells anything
    unseen = {r.question for r in sets["xquad"] if r.part == "dev"}
    some = [*_from_events(Path("eval"), encoder, EVENTS), *more, *seeds, *_from_records(dev, encoder)]
    read = read_examples(Reader.load(), [*some, *(e for e in xquad if e.case.question in unseen)])
    _fit(read, home / "ranking-read.json", home / "abstain-read.json", _SOURCES_READ)


if __name__ == "__main__":
    main()
