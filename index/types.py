"""The values that the index works with. All frozen; offsets are half-open code-point offsets into `Article.text`."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Voice = Literal["article", "comment", "caption"]
Kind = Literal["article", "comment", "caption", "heading", "noise"]
VOICES: tuple[Voice, ...] = ("article", "comment", "caption")


@dataclass(frozen=True, slots=True)
class Stretch:
    """`text[start:end]` spoken by one voice, or dropped as noise for the reason `why`.

    A `heading` belongs to the reporting but is context rather than a sentence to cite. `by` and `at` are the
    commenter's name and time as written, empty for other kinds.
    """

    start: int
    end: int
    kind: Kind
    by: str = ""
    at: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One source document. Metadata is what the file says, else empty.

    `text` is the stored text that every offset counts in. `path` names a UTF-8 file holding exactly that text, or is
    empty until the index has stored one; `source` names the original file or address. `digest` is the SHA-256 of the
    text and the metadata, `file_digest` that of the file it came from.
    """

    id: str
    text: str
    source: str
    title: str = ""
    outlet: str = ""
    author: str = ""
    published: date | None = None
    url: str = ""
    language: str = ""
    path: str = ""
    digest: str = ""
    file_digest: str = ""
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one article and one voice: `article.text[start:end] == text`.

    `sentences` are offsets into the article's text, in order, each inside `start` to `end`.
    """

    article_id: str
    voice: Voice
    start: int
    end: int
    text: str
    sentences: tuple[tuple[int, int], ...]
    by: str = ""
    at: str = ""

    @property
    def id(self) -> str:
        """Unique within one index; the same as long as the article's text is."""
        return f"{self.article_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Source:
    """An article as the index lists it: everything but its text."""

    id: str
    title: str
    outlet: str
    author: str
    published: date | None
    url: str
    language: str
    source: str
    path: str
    digest: str
    file_digest: str
    size: int
    modified_ns: int
    passages: dict[Voice, int]


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be found. Dates are inclusive; an article without a date passes no date filter."""

    since: date | None = None
    until: date | None = None
    outlets: frozenset[str] = frozenset()
    voices: frozenset[Voice] = frozenset({"article", "caption"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, best first by `score`.

    `dense` is the cosine of question and passage (-1 to 1, higher is nearer) and `bm25` its BM25 score (0 and up),
    0.0 where that side didn't look at the passage; `fused` is the reciprocal rank fusion of both (0 to 2/61);
    `named` is the share of the weight of the question's names that its article has anywhere (0 to 1);
    `coverage` is the share of the question's term weight found in the passage (0 to 1). `sentence_scores` has one
    score for each of `passage.sentences` (higher is better, a cosine with what the words add), `sentence_coverage` the
    share of the question's term weight in each (0 to 1).
    """

    passage: Passage
    source: Source
    score: float
    fused: float
    dense: float
    bm25: float
    named: float
    coverage: float
    sentence_scores: tuple[float, ...]
    sentence_coverage: tuple[float, ...]
