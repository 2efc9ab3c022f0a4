"""The question sets, read as they lie in their files into one shape, and split by passage."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Part = Literal["train", "dev", "final"]
AUTHORED = ("wiki", "news", "own", "paraphrases", "outlets")  # the sets written for Belegt
_FINAL, _DEV = 15, 10  # per cent of the articles
_FINAL_OF = {"nomiracl": 40}  # few questions: more of them are kept for the figures


@dataclass(frozen=True, slots=True)
class Record:
    """A question on a text: `text[start:end]` answers it, or (None) nothing in the text does, for the reason `why`.

    Records of one `group` share an article: they are in the same part. `among`: one text or more of the group answers, but nobody
    has said which.
    """

    set: str
    group: str
    question: str
    text: str
    start: int | None = None
    end: int | None = None
    context: str = ""
    lang: str = "de"
    why: str = ""
    among: bool = False

    @property
    def part(self) -> Part:
        """train, dev (to choose and calibrate with) or final (looked at only at the end)."""
        slot = int(hashlib.sha256(self.group.encode()).hexdigest(), 16) % 100
        return "final" if slot < (final := _FINAL_OF.get(self.set, _FINAL)) else "dev" if slot < final + _DEV else "train"


def read_sets(shared: Path, own: Path) -> dict[str, list[Record]]:
    """Every set by name: `wiki`, `news`, `own`, `paraphrases`, `outlets`, `xquad`, `xquad-other`, `norquad`, `jaquad`, `nomiracl`."""
    xquad, other = _xquad(shared)
    apart = {name: own / f"{name}.jsonl" for name in ("paraphrases", "outlets")}
    mine = {name: list(_authored(file, name, "own")) if file.is_file() else [] for name, file in apart.items()}
    return {
        "wiki": list(_authored(shared / "qa-de.train.jsonl", "wiki")),
        "news": list(_authored(shared / "qa-news.train.jsonl", "news")),
        "own": [r for file in sorted(own.glob("*.jsonl")) if file.stem not in apart for r in _authored(file, "own")],
        "xquad": xquad,
        "xquad-other": other,
        "norquad": list(_nested(shared / "norquad.jsonl", "norquad", "no")),
        "jaquad": list(_nested(shared / "jaquad.train.jsonl.gz", "jaquad", "ja")),
        "nomiracl": [r for number, row in enumerate(read_nomiracl(shared)) for r in _retrieved(row, number)],
        "paraphrases": [*mine["paraphrases"], *_asked_of(shared / "qa-news.train.jsonl", own / "of-shared" / "qa-news.jsonl")],
        "outlets": mine["outlets"],
    }


def read_nomiracl(shared: Path) -> list[dict[str, Any]]:
    """German NoMIRACL: `question`, ten `passages` („title: text“), `answerable` (whether any of them answers)."""
    return list(_lines(shared / "nomiracl-de.dev.jsonl"))


def nomiracl_part(number: int) -> Part:
    """The part of the German NoMIRACL question that is number `number` in its file."""
    return Record("nomiracl", f"nomiracl:{number}", "", "").part


def _retrieved(row: dict[str, Any], number: int) -> Iterator[Record]:
    for passage in row["passages"]:
        title, _, text = passage.partition(": ")
        yield Record("nomiracl", f"nomiracl:{number}", row["question"], text, context=title, among=row["answerable"])


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _authored(file: Path, name: str, articles: str = "") -> Iterator[Record]:
    yield from _read(_lines(file), name, articles or name)


def _asked_of(texts: Path, file: Path) -> Iterator[Record]:
    """Questions of our own whose texts lie in `texts`, found by their passage's id."""
    if file.is_file():
        kept = ("article", "title", "date", "passage")
        about = {row["passage_id"]: {name: row.get(name) or "" for name in kept} for row in _lines(texts)}
        yield from _read(({**about[row["passage_id"]], **row} for row in _lines(file)), "paraphrases", "news")


def _read(rows: Iterable[dict[str, Any]], name: str, articles: str) -> Iterator[Record]:
    """Records of the set `name`; their groups, and so their parts, are those of the set that their articles come from."""
    for row in rows:
        start = row["answer_start"]
        end = None if start is None else start + len(row["answer"])
        context = ". ".join(filter(None, (row.get("title", ""), row.get("date", ""))))
        group = f"{articles}:{row['article']}"
        yield Record(name, group, row["question"], row["passage"], start, end, context, row["lang"], row.get("why") or "")


def _nested(file: Path, name: str, lang: str) -> Iterator[Record]:
    for row in _lines(file):
        for asked in row["questions"]:
            start = asked["answer_start"]
            yield Record(name, f"{name}:{row['article']}", asked["question"], row["passage"], start, start + len(asked["answer"]), "", lang)


def _xquad(shared: Path) -> tuple[list[Record], list[Record]]:
    """German paragraphs asked in every language, and the other languages' paragraphs asked in their own."""
    german: list[tuple[str, str, str, list[dict[str, Any]]]] = []
    for article in json.loads((shared / "xquad-de.dev.json").read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            german.append((f"xquad:{article['title']}", article["title"].replace("_", " "), paragraph["context"], paragraph["qas"]))
    others: dict[str, list[dict[str, Any]]] = {}
    for row in _lines(shared / "xquad-other.dev.jsonl.gz"):
        others.setdefault(row["article"].split("-")[0], []).append(row)
    xquad: list[Record] = []
    other: list[Record] = []
    for at, (group, title, text, qas) in enumerate(german):
        for number, qa in enumerate(qas):
            answer = qa["answers"][0]
            span = (answer["answer_start"], answer["answer_start"] + len(answer["text"]))
            forms = {"de": qa["question"], "en": qa.get("question_en"), "es": qa.get("question_es")}
            for lang, rows in others.items():
                parallel = rows[at]["questions"]
                if lang not in ("en", "es") and len(parallel) == len(qas):
                    forms[lang] = parallel[number]["question"]
            xquad += [Record("xquad", group, q, text, *span, title, lang) for lang, q in forms.items() if q]
        for lang, rows in others.items():
            for asked in rows[at]["questions"]:
                start = asked["answer_start"]
                other.append(
                    Record("xquad-other", group, asked["question"], rows[at]["passage"], start, start + len(asked["answer"]), "", lang)
                )
    return xquad, other
