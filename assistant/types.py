"""What an answer is made of. Attributes are named as in the JSON of `belegt ask --json`."""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from index.errors import BelegtError
from index.types import Voice

Support = Literal["verbatim", "supported"]
Checker = Literal["rules", "network"]
FaultKind = Literal[
    "number", "date", "name", "negation", "modality", "speaker", "direction", "comparison", "scope", "cause", "quotation", "comment",
    "roles", "content", "empty", "copy", "form",
]


@dataclass(frozen=True, slots=True)
class Scores:
    """What brought a passage here, higher is better: `dense` a cosine (-1 to 1), `bm25` (0 and up), `fused` a reciprocal rank fusion of
    both (0 to 2/61), `score` the search's weighted sum, `reader` how surely the reader found the answer in the quote (0 to 1).
    """

    dense: float
    bm25: float
    fused: float
    score: float
    reader: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A span that a sentence rests on: `quote` is characters `start` to `end` of the UTF-8 file at `path`.

    `answer_start` and `answer_end` are offsets of the words that answer, inside the span, or null. `source` names the
    original file or address. `edited` says how the original differs from what was indexed: "" (it doesn't),
    "changed" or "missing"; `path` then names the index's own copy. `by` and `at` are a commenter's name and time. `outdated`: the question
    is about the latest state, and a newer source in the same answer says something else.
    """

    n: int
    article_id: str
    title: str
    outlet: str
    published: str | None
    path: str
    source: str
    voice: Voice
    start: int
    end: int
    quote: str
    answer_start: int | None = None
    answer_end: int | None = None
    author: str = ""
    url: str = ""
    by: str = ""
    at: str = ""
    edited: Literal["", "changed", "missing"] = ""
    outdated: bool = False
    scores: Scores | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer and the numbers of the citations it rests on (never empty).

    `checked_by` says what found it carried: the guard's "rules", or its "network", which weighs what is said in other words and may err.
    """

    text: str
    support: Support
    citations: tuple[int, ...]
    checked_by: Checker = "rules"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Citations that answer the same question differently."""

    about: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What in a sentence its citations don't carry: of which kind it is, and its words."""

    kind: FaultKind
    what: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that a language model wrote and the guard withheld; `why` puts its `faults` in a line."""

    text: str
    why: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds that an answer took: to search, to answer from what was found, and in all, with a follow-up's rewriting by a model."""

    retrieve: float
    answer: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or an abstention.

    `confidence` is the calibrated probability (0 to 1) that the answer is right; on an abstention, that the best
    candidate would have been. `text` is Markdown: the sentences with their attributions, the words that answer in bold;
    on an abstention it says so in the question's language. `short` is the words that answer, cut from the first
    citation, or None. `nearest` holds the closest passages of an abstention; they are no answer. `engine` is "llm" where a language
    model wrote the sentences; `dropped` are those of its sentences that weren't carried. `status` says why an answer in
    quotes stands in for a written one, where the model failed, or that it got fewer passages than were found;
    `status_code` names that and `status_facts` are the values in it, for whoever says it in another language. `outlets`
    are the only ones that were looked at, where the question asked for their account.
    """

    question: str
    language: str
    abstained: bool
    confidence: float
    short: str | None
    text: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    nearest: tuple[Citation, ...] = ()
    engine: Literal["quotes", "llm"] = "quotes"
    timings_ms: Timings = field(default_factory=lambda: Timings(0.0, 0.0, 0.0))
    dropped: tuple[Dropped, ...] = ()
    status: str = ""
    outlets: tuple[str, ...] = ()
    status_code: str = ""
    status_facts: dict[str, str] = field(default_factory=dict)

    def with_status(self, what: BelegtError | None) -> "Answer":
        """The answer with that as its status, or without one."""
        if what is None:
            return replace(self, status="", status_code="", status_facts={})
        return replace(self, status=str(what), status_code=what.code, status_facts={name: str(fact) for name, fact in what.facts.items()})

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dictionaries, as in the JSON."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    def to_json(self, indent: int | None = None) -> str:
        """The JSON object that `belegt ask --json` prints."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=indent)
