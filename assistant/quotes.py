"""Hits → answer without a language model: the sentences that answer, as they stand in the articles."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.claims import relation
from assistant.expected import expected_kind, find_answer
from assistant.windows import Found
from index.types import Hit, Passage

_HITS = 5
_MOST = 3
_CLOSE = 0.5  # how near a further sentence's score (log odds) has to come to the best one's
_LONGEST = 500
_SHORT = 40
_LEANS = re.compile(
    r"[„“\"»«‚‘(\s]*(?:Er|Sie|Es|Dies(?:e[rsmn]?)?|Das|Dabei|Damit|Dazu|Dafür|Daran|Darin|Daraus|Dort|Dadurch|Deshalb|Daher|Seine?[rsmn]?|"
    r"Ihr(?:e[rsmn]?)?|Zudem|Außerdem|Beide|Letztere[rsn]?|He|She|It|This|That|They|These|Those|There|His|Her|Their|Both)\b"
)
_OPINIONS = re.compile(
    r"\b(?:Leser\w*|Kommentar(?:e|en|ator\w*|schreiber\w*|spalte|bereich)|Nutzer\w*|Users?|Forenten|readers?|commenters?|comments?|"
    r"lecteurs?|commentaires?|lectores|comentarios?|lettori|commenti|leitores|czytelni\w*)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:was|wie|welche[rnms]?|meinen|meint|denken|denkt|halten|hält|sagen|sagt|schreiben|schreibt|glauben|glaubt|finden|findet|urteilen|"
    r"reagieren|what|how|do|does|did|think|say|said|believe|feel)\b",
    re.IGNORECASE,
)


RANKING = ("sentence", "passage", "sentence_words", "passage_words", "kind_found", "kind_missing", "question", "short")
RANKING_READ = (*RANKING, "window", "span")  # with a reader: how surely it finds an answer in the sentence's window, and in the sentence


@cache
def ranking(read: bool) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Scales and weights of the linear model that ranks sentences, without a reader or with one (fitted by `make train`)."""
    name, expected = ("ranking-read.json", RANKING_READ) if read else ("ranking.json", RANKING)
    fields = json.loads(files("assistant").joinpath(name).read_text("utf-8"))
    if tuple(fields["features"]) != expected:
        raise ValueError(f"{name} was fitted for {fields['features']}, not {list(expected)}; run make train")
    return tuple(fields["scale"]), tuple(fields["weights"])


@dataclass(frozen=True, slots=True)
class Quote:
    """Sentences to cite as one span, `start` to `end` in the article's text, and the words in it that answer."""

    hit: Hit
    start: int
    end: int
    score: float
    answer: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The span as it stands in the article."""
        return self._cut(self.start, self.end)

    @property
    def said(self) -> str:
        """The words that answer; "" where none are marked."""
        return self._cut(*self.answer) if self.answer else ""

    def _cut(self, start: int, end: int) -> str:
        passage = self.hit.passage
        return passage.text[start - passage.start : end - passage.start]


def asks_for_opinions(question: str) -> bool:
    """Whether the question is about what readers say, so that their comments may answer it."""
    return _OPINIONS.search(question) is not None


def topic_of(question: str) -> str:
    """An opinion question without the words that say so: what the opinions are to be about."""
    return " ".join(_ASKING.sub(" ", _OPINIONS.sub(" ", question)).split()) or question


def candidates(
    question: str, language: str, hits: Sequence[Hit], found: Sequence[Found] = ()
) -> Iterator[tuple[Quote, tuple[float, ...]]]:
    """Each sentence of the best hits with its score, and the features that it comes from, in the order of RANKING.

    `found` is what a reader made of windows of the hits; with it, in the order of RANKING_READ, and its span is what answers.
    """
    kind = expected_kind(question)
    scale, weights = ranking(bool(found))
    read = {id(f.window.hit) for f in found}
    for hit in [*hits[:_HITS], *(hit for hit in hits[_HITS:] if id(hit) in read)]:
        known = hit.source.language == language  # else the question's words can't be found
        for (start, end), score, words in zip(hit.passage.sentences, hit.sentence_scores, hit.sentence_coverage, strict=True):
            text = hit.passage.text[start - hit.passage.start : end - hit.passage.start]
            answer = find_answer(kind, text, question) if kind else None
            values: tuple[float, ...] = (
                score, hit.score, words if known else 0.0, hit.coverage if known else 0.0, float(answer is not None),
                float(kind is not None and answer is None), float(text.rstrip("“”\"»«").endswith("?")), float(end - start < _SHORT),
            )  # fmt: skip
            span = (start + answer[0], start + answer[1]) if answer else None
            if found:
                mine = [f for f in found if f.window.hit is hit and f.window.start <= start and end <= f.window.end]
                holding = [f for f in mine if start <= f.span[0] < end]
                window, here = (max((f.reading.probability for f in fs), default=0.0) for fs in (mine, holding))
                values = (*values, window, here)
                if holding:
                    best = max(holding, key=lambda f: f.reading.probability)
                    span = (best.span[0], min(best.span[1], end))
            value = sum(w * v / s for w, v, s in zip(weights, values, scale, strict=True))
            yield Quote(hit, start, end, value, span), values


def choose_quotes(
    question: str, language: str, hits: Sequence[Hit], found: Sequence[Found] = (), *, most: int = _MOST, close: float = _CLOSE
) -> list[Quote]:
    """The sentences of `hits` that answer best, best first: one, and further ones whose score comes as `close` to it."""
    ranked = [quote for quote, _ in candidates(question, language, hits, found)]
    ranked.sort(key=lambda quote: (-quote.score, quote.hit.passage.article_id, quote.start))
    chosen: list[Quote] = []
    said: set[str] = set()
    for quote in ranked:
        key = " ".join(re.findall(r"\w+", quote.text.casefold()))
        if chosen and (quote.score < ranked[0].score - close or len(chosen) == most):
            break
        if key not in said:
            said.add(key)
            chosen.append(quote)
    return _joined([_with_referent(quote) for quote in chosen])


def together(parts: Sequence[Sequence[Quote]]) -> list[Quote]:
    """The quotes that answer the parts of a question, each once, in the order of the parts."""
    return _joined([quote for quotes in parts for quote in quotes])


def agreeing(quotes: Sequence[Quote]) -> list[list[Quote]]:
    """The quotes in groups of one article each that say the same: the first of a group is shown, the others are cited with it."""
    groups: list[list[Quote]] = []
    for quote in quotes:
        for group in groups:
            told = {other.hit.passage.article_id for other in group}
            if quote.said and quote.hit.passage.article_id not in told and relation(group[0].said, quote.said) == "same":
                group.append(quote)
                break
        else:
            groups.append([quote])
    return groups


def _with_referent(quote: Quote) -> Quote:
    """The quote with the sentence before it, where it opens by pointing back to it."""
    passage: Passage = quote.hit.passage
    at = [start for start, _ in passage.sentences].index(quote.start)
    if at and _LEANS.match(quote.text):
        start = passage.sentences[at - 1][0]
        if quote.end - start <= _LONGEST:
            return Quote(quote.hit, start, quote.end, quote.score, quote.answer)
    return quote


def _joined(quotes: list[Quote]) -> list[Quote]:
    """Quotes that overlap in one article as one."""
    kept: list[Quote] = []
    for quote in quotes:
        for i, other in enumerate(kept):
            if other.hit.passage.article_id == quote.hit.passage.article_id and quote.start < other.end and other.start < quote.end:
                first = min((other, quote), key=lambda q: q.start)
                start, end = min(other.start, quote.start), max(other.end, quote.end)
                kept[i] = Quote(first.hit, start, end, other.score, other.answer or quote.answer)
                break
        else:
            kept.append(quote)
    return kept


def choose_opinions(hits: Sequence[Hit], most: int = _MOST) -> list[Quote]:
    """The comments that come nearest to the question, whole, one for each commenter."""
    chosen: list[Quote] = []
    for hit in hits:
        passage = hit.passage
        if passage.voice == "comment" and passage.by not in {quote.hit.passage.by for quote in chosen}:
            chosen.append(Quote(hit, passage.start, passage.end, hit.score))
    return chosen[:most]
