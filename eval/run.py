"""Ask every case, and see what came of it."""

import hashlib
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

from assistant.engine import Assistant, index_paths
from assistant.questions import asks_for_opinions
from assistant.types import Answer, Sentence
from eval.cases import Case, CaseSet, holds, holds_claim
from eval.citations import citation_precision, citation_recall, cited_by, faults_of, is_valid, speaks_in
from eval.judge import Judge
from eval.mutations import Sample, checked
from eval.statistics import Estimate
from index.types import Filters, Hit, Source

TOP = 5
DEEP = 10  # ranks that MRR and nDCG look at
_RULED = ("assistant", "assistant.reader", "assistant.entailment", "index")  # where numbers, synonyms and networks lie that answers rest on

Progress = Callable[[int, int], None]


class Chatting(Protocol):
    """A conversation with the engine that is measured."""

    def ask(self, question: str) -> Answer: ...


class Engine(Protocol):
    """What is measured: an `Assistant`, or whatever answers like one."""

    def chat(self) -> Chatting: ...

    def search(self, question: str, language: str, filters: Filters, k: int = DEEP) -> list[Hit]: ...

    def sources(self) -> list[Source]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one case; None (and nan in the JSON's null) where a measure doesn't apply to it."""

    id: str
    set: str
    kind: str
    lang: str
    question: str
    answerable: bool
    abstained: bool
    confidence: float
    text: str
    cited: list[str]
    expected: str = ""
    article: str = ""  # what the case is drawn with in the bootstrap: its first article, else its own id
    retrieved: bool | None = None  # all that a right answer holds stands among the top 5 passages
    places: list[bool] | None = None  # of each of the top 10 passages, whether it brings a stretch that carries the answer
    all_places: int = 0
    homes: list[bool] | None = None  # of each article among the top 10 passages, in order, whether it carries the answer
    all_homes: int = 0
    right: bool | None = None  # answered, with all that a right answer holds
    right_article: bool | None = None  # the first citation is from an article that carries the answer
    first_right: bool | None = None  # the first citation holds something of a right answer
    valid: bool = True  # every citation equals the text at its offsets
    banned: bool = False  # holds a claim that must not appear
    voice: bool = True  # comments are cited where they were asked for, and only there
    conflict_expected: bool = False
    conflict: bool = False  # sources are said to contradict each other
    citation_recall: float | None = None
    citation_precision: float | None = None
    faults: list[str] = field(default_factory=list)  # kinds of fault found in the answer's sentences
    milliseconds: float = 0.0
    judged_faithful: list[bool] | None = None  # by a judge, for each sentence: its citations carry it
    judged_nuggets: list[bool] | None = None  # by a judge, for each group of need: the answer has it
    judged_same: int = 0  # sentences on which the judge agrees with `faults`

    @property
    def outcome(self) -> bool:
        """Whether it is right, or abstained where there is no answer."""
        return bool(self.right) if self.answerable else self.abstained

    @property
    def good(self) -> bool:
        """Whether it came out as it should, and nothing is wrong with it."""
        return self.outcome and not self.broken

    @property
    def broken(self) -> bool:
        """Whether the answer that was given has a fault that makes it unfit, whatever it says."""
        return not self.valid or self.banned or not self.voice or bool(self.faults) or (not self.abstained and not self.cited)


@dataclass(frozen=True, slots=True)
class Run:
    """All results of a run, what it ran on, and how well the checkers found faults that were put in."""

    dataset: str
    articles: int
    results: list[Result] = field(default_factory=list)
    ran_on: dict[str, str] = field(default_factory=dict)
    checkers: dict[str, Estimate] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """For a file that `--compare` reads."""
        return asdict(self)

    @classmethod
    def load(cls, file: Path) -> "Run":
        """Read what was saved; ValueError, KeyError or TypeError where it is none."""
        fields = json.loads(file.read_text("utf-8"))
        fields["results"] = [Result(**result) for result in fields["results"]]
        fields["checkers"] = {kind: Estimate(**estimate) for kind, estimate in fields["checkers"].items()}
        return cls(**fields)


def run(
    sets: Sequence[CaseSet],
    progress: Progress | None = None,
    opened: Callable[[Path], Engine] = Assistant.open,
    engine: str = "quotes",
    judge: Judge | None = None,
) -> Run:
    """Index each set's articles in a folder of its own and ask its cases; drafts that nobody checked are left out.

    `opened` makes what is measured from a folder with an index; `engine` is its name in the report. A `judge` looks at
    every answer that is given, too.
    """
    total = sum(case.checked for one in sets for case in one.cases)
    results: list[Result] = []
    samples: dict[str, Sample] = {}
    digests: list[str] = []
    articles = 0
    for one in sets:
        with tempfile.TemporaryDirectory() as folder:
            index_paths(one.corpus, folder)
            measured = opened(Path(folder))
            try:
                sources = measured.sources()
                articles += len(sources)
                digests += [f"{source.id} {source.digest}" for source in sorted(sources, key=lambda source: source.id)]
                for case in one.cases:
                    if not case.checked:
                        continue
                    result, answer = _ask(case, one.name, measured)
                    if judge and not answer.abstained:
                        found = judge.judge(case, answer)
                        result = replace(
                            result, judged_faithful=list(found.faithful), judged_nuggets=list(found.nuggets), judged_same=found.same
                        )  # fmt: skip
                    results.append(result)
                    samples |= {s.text: _sample(s, answer) for s in answer.sentences if s.citations}
                    if progress:
                        progress(len(results), total)
            finally:
                measured.close()
    return Run(", ".join(one.name for one in sets), articles, results, _ran_on(sets, digests, engine), checked(list(samples.values())))


def _sample(sentence: Sentence, answer: Answer) -> Sample:
    return Sample(sentence.text, cited_by(sentence, answer), answer.language)


def _ask(case: Case, name: str, engine: Engine) -> tuple[Result, Answer]:
    chat = engine.chat()
    for turn in case.turns:
        chat.ask(turn)
    began = time.perf_counter()
    answer = chat.ask(case.question)
    milliseconds = round(1000 * (time.perf_counter() - began), 2)
    asked_for = asks_for_opinions(case.question)
    given = not answer.abstained
    first = answer.citations[0] if answer.citations else None
    faults = {kind for s in answer.sentences for kind in faults_of(s.text, cited_by(s, answer), answer.language)}
    need = " + ".join(" | ".join(group) for group in case.need)
    result = Result(
        id=case.id, set=name, kind=case.kind, lang=case.lang, question=case.question, answerable=case.answerable,
        abstained=answer.abstained, confidence=answer.confidence, text=answer.text, cited=[c.article_id for c in answer.citations],
        expected=need or "no answer", article=case.articles[0] if case.articles else case.id,
        right=given and holds(answer.text, case.need) if case.answerable else None,
        right_article=first.article_id in case.articles if first and case.articles else None,
        first_right=any(holds(first.quote, [group]) for group in case.need) if first and case.need else None,
        valid=all(is_valid(c) for c in (*answer.citations, *answer.nearest)),
        banned=any(holds_claim(answer.text, claim) for claim in case.ban), voice=speaks_in(answer, case.voice, asked_for),
        conflict_expected=case.conflict or case.kind == "conflict", conflict=bool(answer.conflicts),
        citation_recall=citation_recall(answer) if given else None,
        citation_precision=citation_precision(answer) if answer.citations else None, faults=sorted(faults), milliseconds=milliseconds,
        **_retrieved(case, engine, asked_for),
    )  # fmt: skip
    return result, answer


def _retrieved(case: Case, engine: Engine, asked_for: bool) -> dict[str, Any]:
    """What the first passages hold of what carries the answer; nothing for follow-ups, whose question says too little by itself."""
    if not case.answerable or case.turns:
        return {}
    filters = Filters(voices=frozenset({"comment"})) if asked_for else Filters()
    hits = engine.search(case.question, case.lang, filters, DEEP)
    texts = [hit.passage.text for hit in hits[:TOP] if not case.articles or hit.passage.article_id in case.articles]
    found: dict[str, Any] = {"retrieved": holds(" ".join(texts), case.need)}
    if case.articles:
        order = list(dict.fromkeys(hit.passage.article_id for hit in hits))
        found |= {"homes": [article in case.articles for article in order], "all_homes": len(case.articles)}
    if case.gold:
        left = {(gold.article, " ".join(gold.text.split())) for gold in case.gold}
        found["all_places"], places = len(left), []
        for hit in hits:
            text = " ".join(hit.passage.text.split())
            brought = {place for place in left if place[0] == hit.passage.article_id and (place[1] in text or text in place[1])}
            left -= brought
            places.append(bool(brought))
        found["places"] = places
    return found


def _ran_on(sets: Sequence[CaseSet], articles: Sequence[str], engine: str) -> dict[str, str]:
    """What a run depends on, other packages and a language model's chance aside.

    Two give the same results, but for the time they took, if they differ only in `at` and their checkout wasn't changed (a "+").
    """
    cases = [case.model_dump_json() for one in sets for case in one.cases]
    return {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "commit": _commit(),
        "version": version("belegt"),
        "engine": engine,
        "articles": _digest(articles),
        "cases": _digest(cases),
        "prompts": _digest(_digests("prompts", ".md")),
        "rules": _digest([digest for package in _RULED for digest in _digests(package, ".json", ".txt", ".onnx")]),
    }


def _digests(package: str, *endings: str) -> list[str]:
    """A digest of each file of a package with such an ending, in the order of their names."""
    every = [file for file in files(package).iterdir() if file.name.endswith(endings)]
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(every, key=lambda file: file.name)]


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]


def _commit() -> str:
    """The commit of the checkout that this runs from, with "+" where it was changed; "" outside of one."""
    here = Path(__file__).parent
    try:
        told = [
            subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
            for words in (["rev-parse", "--short=12", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
        ]
    except (OSError, subprocess.SubprocessError):
        return ""
    return told[0] + ("+" if told[1] else "")
