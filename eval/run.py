"""Ask every case, and see what came of it."""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.engine import Assistant, index_paths
from assistant.quotes import asks_for_opinions
from assistant.types import Answer, Citation
from eval.cases import Case, holds
from eval.metrics import Share, auroc, calibration_bins, expected_calibration_error, share
from index.types import Filters

TOP = 5
CONFLICT = "conflict"  # the kind of the questions that sources answer differently
_GROUPS = 5


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one case; None where a measure doesn't apply to it."""

    id: str
    kind: str
    lang: str
    question: str
    answerable: bool
    abstained: bool
    confidence: float
    text: str
    cited: list[str]
    retrieved: bool | None  # the answer stands among the top 5 passages
    right: bool | None  # answered, with all that a right answer holds
    right_article: bool | None  # the first citation is from an article that carries the answer
    valid: bool  # every citation equals the text at its offsets
    banned: bool  # holds what must not appear, or cites a comment unasked
    milliseconds: float
    first_right: bool | None = None  # the first citation holds something of a right answer
    conflict: bool = False  # sources are said to contradict each other


@dataclass(frozen=True, slots=True)
class Run:
    """All results of a run, and what it ran on."""

    dataset: str
    model: str
    articles: int
    results: list[Result] = field(default_factory=list)

    def shares(self) -> dict[str, Share]:
        """The headline figures, all from 0 to 1."""
        r = self.results
        answerable = [x for x in r if x.answerable]
        return {
            "recall@5": share([bool(x.retrieved) for x in r if x.retrieved is not None]),
            "right": share([bool(x.right) for x in answerable]),
            "right_when_answered": share([bool(x.right) for x in answerable if not x.abstained]),
            "first_citation_article": share([bool(x.right_article) for x in r if x.right_article is not None]),
            "first_citation_right": share([bool(x.first_right) for x in r if x.first_right is not None]),
            "conflicts_shown": share([x.conflict for x in answerable if x.kind == CONFLICT]),
            "no_false_conflict": share([not x.conflict for x in answerable if x.kind != CONFLICT and not x.abstained]),
            "citations_valid": share([x.valid for x in r]),
            "nothing_banned": share([not x.banned for x in r]),
            "abstained_unanswerable": share([x.abstained for x in r if not x.answerable]),
            "answered_answerable": share([not x.abstained for x in answerable]),
        }

    def auroc(self) -> float:
        """How well confidence tells answerable questions from the others (0.5 is chance, 1 perfect)."""
        return auroc([x.confidence for x in self.results if x.answerable], [x.confidence for x in self.results if not x.answerable])

    def reliability(self) -> list[tuple[float, float, int]]:
        """(mean confidence, share that is right, size) of five groups of the answers that were given, the least sure first."""
        return calibration_bins(*self._answers(), _GROUPS)

    def calibration_error(self) -> float:
        """How far confidence is from the share of right answers, over the answers that were given (0 is best, nan without any)."""
        return expected_calibration_error(*self._answers(), _GROUPS)

    def _answers(self) -> tuple[list[float], list[bool]]:
        given = [x for x in self.results if not x.abstained]
        return [x.confidence for x in given], [bool(x.right) for x in given]

    def kinds(self) -> dict[str, Share]:
        """By kind: right answers, or abstentions where there is no answer."""
        names = sorted({x.kind for x in self.results}, key=lambda name: (not self._of(name)[0].answerable, name))
        return {name: share([bool(x.right) if x.answerable else x.abstained for x in self._of(name)]) for name in names}

    def _of(self, kind: str) -> list[Result]:
        return [x for x in self.results if x.kind == kind]

    def median_ms(self) -> float:
        """Median milliseconds of an answer."""
        times = sorted(x.milliseconds for x in self.results)
        return times[len(times) // 2] if times else 0.0

    def to_dict(self) -> dict[str, Any]:
        """For a file that `--compare` reads."""
        return asdict(self)

    @classmethod
    def load(cls, file: Path) -> "Run":
        """Read what was saved."""
        fields = json.loads(file.read_text("utf-8"))
        return cls(**{**fields, "results": [Result(**result) for result in fields["results"]]})


def run(
    cases: Sequence[Case],
    dataset: str,
    corpus: Sequence[Path],
    progress: Callable[[int, int], None] | None = None,
    data: Path | None = None,
) -> Run:
    """Index `corpus` in a folder of its own (or in `data`) and ask every case."""
    with tempfile.TemporaryDirectory() as folder:
        home = data or Path(folder)
        index_paths(corpus, home)
        assistant = Assistant.open(home)
        assistant.warm()
        try:
            results = []
            for number, case in enumerate(cases, 1):
                results.append(_ask(case, assistant))
                if progress:
                    progress(number, len(cases))
            return Run(dataset, "quotes", len(assistant.sources()), results)
        finally:
            assistant.close()


def _ask(case: Case, assistant: Assistant) -> Result:
    chat = assistant.chat()
    for turn in case.turns:
        chat.ask(turn)
    began = time.perf_counter()
    answer = chat.ask(case.question)
    milliseconds = round(1000 * (time.perf_counter() - began), 2)
    return Result(
        id=case.id, kind=case.kind, lang=case.lang, question=case.question, answerable=case.answerable, abstained=answer.abstained,
        confidence=answer.confidence, text=answer.text, cited=[c.article_id for c in answer.citations],
        retrieved=_retrieved(case, assistant) if case.answerable and not case.turns else None,
        right=not answer.abstained and holds(answer.text, case.need) if case.answerable else None,
        right_article=answer.citations[0].article_id in case.articles if answer.citations and case.articles else None,
        valid=all(is_valid(c) for c in (*answer.citations, *answer.nearest)),
        banned=_banned(case, answer), milliseconds=milliseconds,
        first_right=any(holds(answer.citations[0].quote, [group]) for group in case.need) if answer.citations and case.need else None,
        conflict=bool(answer.conflicts),
    )  # fmt: skip


def is_valid(citation: Citation) -> bool:
    """Whether the quote is what the file at its path has there, read as UTF-8."""
    try:
        text = Path(citation.path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return bool(citation.quote) and text[citation.start : citation.end] == citation.quote


def _banned(case: Case, answer: Answer) -> bool:
    text = answer.text.casefold()
    unasked = not asks_for_opinions(case.question) and any(c.voice == "comment" for c in answer.citations)
    return unasked or any(word.casefold() in text for word in case.ban)


def _retrieved(case: Case, assistant: Assistant) -> bool:
    voices = Filters(voices=frozenset({"comment"})) if asks_for_opinions(case.question) else Filters()
    hits = assistant.search(case.question, case.lang, voices, TOP)
    texts = [hit.passage.text for hit in hits if not case.articles or hit.passage.article_id in case.articles]
    return holds(" ".join(texts), case.need)
