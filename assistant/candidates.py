"""Hits → the sentences that could answer, ranked by a linear model over what retrieval and the reader know of them."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files

from assistant.expected import expected_kind, find_answer
from assistant.questions import asks_for_latest
from assistant.windows import Found
from index.sentences import is_place_line
from index.types import Hit

NAMED = 0.8  # share of the question's names in the best one's article that a further one's has to have
SHORT = 40  # characters below which a sentence says little
_HITS = 5
_STILL_LATEST = 2.0  # how near a score (log odds) has to come to the best one's, to be taken for the same at another time

# Right before the words that answer: what was so before, «Der bisherige Termin, Ostern 2031», «statt der genannten 50 Euro»; not «Bisher …»
# (so far), not «findet statt»
_SUPERSEDED = re.compile(
    r"\b(?:(?:[Bb]isherig|[Vv]ormalig|[Vv]orherig|[Ff]rüher)\w*\s(?:[A-ZÄÖÜ][\w-]*,?\s){0,2}(?:(?:von|vo[mr]|i[mn]|am)\s)?|[Vv]on bisher\s|"
    r"(?:[Uu]rsprünglich\w*|[Aa]nfangs|[Ee]inst|[Pp]revious(?:ly)?|[Oo]riginal(?:ly)?|[Ii]nitial(?:ly)?|[Ff]ormerly|"
    r"[Ii]m (?:Vorjahr|(?:vergangen|vorig|letzt)en Jahr)|[Ll]ast year|[Tt]he year before)\b[^.,;:!?\d]{0,30}|"
    r"(?:[Ss]tatt|[Aa]nstatt|[Aa]nstelle|[Ii]nstead of)\s"
    r"(?:(?:(?:i[mn]|am|vo[mn])\s[A-ZÄÖÜ]\w+|wie|von|d(?:er|ie|as|es|en|em)|i[mn]|am?|bei|zu[mr]?|auf|um|ab|erst|the|"
    r"[a-zäöüß]+(?:e[nrms]|ed)|Jahr|Monat|Woche)\s){0,6})$"
)
_TAKES_PLACE = re.compile(r"\bf(?:and|inde)\w*\b", re.IGNORECASE)
# What a note takes back of an earlier version of the article: «In einer früheren Fassung hieß es, er sei 43. Er ist 34.»; not «anders als
# in einer früheren Fassung» nor, as far as that is said, an earlier version of something else
_EARLIER = r"(?:früher|erst|vorherig|älter|ursprünglich)e[nr]? (?:[\w-]+ )?(?:Fassung|Version)"
_ARTICLE = (
    r"(?:(?:dieses|unseres|des) (?:\w+ )?(?:Artikels|Beitrags)|(?:dieser|unserer|der) (?:\w+ )?(?:Meldung|Überschrift|Bildunterschrift)|"
    r"(?:dieses|unseres) (?:Textes|Berichts))"
)
_REST = r"(?:[^.;!?]|(?<=\d)\.(?=\d))*?"
_WROTE = rf"{_REST}\b(?:angegeben|genannt|bezeichnet|beziffert|geschrieben|berichtet|gemeldet)\b"
_AT_FIRST = r"(?:zunächst|zuerst|anfangs|ursprünglich|fälschlich\w*|irrtümlich\w*)"
_IN_EARLIER = rf"in (?:einer|der|unserer) {_EARLIER} "
_RETRACTED = re.compile(
    rf"(?:^|[:*–—-]\s*|\b(?:haben|hatten|hieß es|stand) )\W*(?:(?:in einer|in der|eine) {_EARLIER} {_ARTICLE}\b|"
    rf"{_IN_EARLIER}(?=hieß es\b|\w+n wir\b|\w+ (?:hier\b|fälschlich|irrtümlich)|(?:wurden?|war(?:en)?)\b{_WROTE})|"
    r"(?:in )?an (?:earlier|previous|original|initial) version of (?:this|our) (?:article|story|report|text|piece)\b)|"
    # only a note says «stand» of what was written, else a tower stood there
    rf"[:*]\s*{_IN_EARLIER}(?=stand\b)|"
    rf"(?:^|[:*]\s*)(?:wir (?:haben|hatten) {_AT_FIRST}|(?:{_AT_FIRST} )?(?:haben|hatten) wir(?: {_AT_FIRST})?)\b(?={_WROTE})",
    re.IGNORECASE,
)
_RIGHT = re.compile(r"\b(?:richtig|korrekt|tatsächlich|vielmehr|in wirklichkeit|in fact|correct|actually)\b|;", re.IGNORECASE)
_FROM, _TO = re.compile(r"\b(?:von|from)\s$", re.IGNORECASE), re.compile(r"\s(?:\w+\s)?(?:auf|to)\s(?:\w+\s){0,2}\d", re.IGNORECASE)

RANKING = ("sentence", "passage", "sentence_words", "passage_words", "kind_found", "question", "short")
RANKING_READ = (*RANKING, "window", "span")  # with a reader: how surely it finds an answer in the sentence's window, and in the sentence

Weighing = tuple[tuple[float, ...], tuple[float, ...]]  # scales and weights of the features


@cache
def ranking(read: bool) -> Weighing:
    """Scales and weights of the linear model that ranks sentences, without a reader or with one (fitted by `make train`)."""
    name, expected = ("ranking-read.json", RANKING_READ) if read else ("ranking.json", RANKING)
    fields = json.loads(files("assistant").joinpath(name).read_text("utf-8"))
    if tuple(fields["features"]) != expected:
        raise ValueError(f"{name} was fitted for {fields['features']}, not {list(expected)}; run make train")
    return tuple(fields["scale"]), tuple(fields["weights"])


@dataclass(frozen=True, slots=True)
class Quote:
    """Sentences to cite as one span, `start` to `end` in the article's text, and the words in it that answer.

    `score` orders the quotes of one question (log odds, higher is better). `sure` is how surely the reader found the answer in them
    (0 to 1), 0.0 without a reader.
    """

    hit: Hit
    start: int
    end: int
    score: float
    answer: tuple[int, int] | None = None
    sure: float = 0.0

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


def candidates(
    question: str, language: str, hits: Sequence[Hit], found: Sequence[Found] = (), weighing: Weighing | None = None
) -> Iterator[tuple[Quote, tuple[float, ...]]]:
    """Each sentence of the best hits with its score, and the features that it comes from, in the order of RANKING.

    `found` is what a reader made of windows of the hits; with it, in the order of RANKING_READ, and its span, where the
    sentence holds one, is what answers. `weighing` is for fitting other weights than the shipped ones.
    """
    kind = expected_kind(question)
    scale, weights = weighing or ranking(bool(found))
    read = {id(f.window.hit) for f in found}
    for hit in [*hits[:_HITS], *(hit for hit in hits[_HITS:] if id(hit) in read)]:
        known = hit.source.language == language  # else the question's words can't be found
        for (start, end), score, words in zip(hit.passage.sentences, hit.sentence_scores, hit.sentence_coverage, strict=True):
            text = hit.passage.text[start - hit.passage.start : end - hit.passage.start]
            if is_place_line(text):
                continue
            answer = find_answer(kind, text, question) if kind else None
            values: tuple[float, ...] = (
                score, hit.score, words if known else 0.0, hit.coverage if known else 0.0, float(answer is not None),
                float(text.rstrip("“”\"»«").endswith("?")), float(end - start < SHORT),
            )  # fmt: skip
            span = (start + answer[0], start + answer[1]) if answer else None
            here = 0.0
            if found:
                mine = [f for f in found if f.window.hit is hit and f.window.start <= start and end <= f.window.end]
                holding = [f for f in mine if f.reading.text and start <= f.span[0] < end]
                window, here = (max((f.reading.probability for f in fs), default=0.0) for fs in (mine, holding))
                values = (*values, window, here)
                if holding:
                    best = max(holding, key=lambda f: f.reading.probability)
                    span = (best.span[0], min(best.span[1], end))
            value = sum(w * v / s for w, v, s in zip(weights, values, scale, strict=True))
            yield Quote(hit, start, end, value, span, here), values


def ranked_quotes(question: str, language: str, hits: Sequence[Hit], found: Sequence[Found] = (), *, latest: bool = False) -> list[Quote]:
    """Every sentence that could answer, best first, none twice.

    The newest of the best ones first where the question asks for the latest state, or is part of one that does (`latest`).
    """
    ranked = [quote for quote, _ in candidates(question, language, hits, found)]
    ranked.sort(key=lambda quote: (-quote.score, quote.hit.passage.article_id, quote.start))
    said: set[str] = set()
    kept: list[Quote] = []
    for quote in ranked:
        key = " ".join(re.findall(r"\w+", quote.text.casefold()))
        if key not in said:
            said.add(key)
            kept.append(quote)
    kept = [right for quote in kept if (right := _put_right(quote, question))]
    return _newest_first(kept) if latest or asks_for_latest(question) else kept


def superseded(sentence: str, start: int, end: int) -> bool:
    """Whether a sentence says of its characters `start` to `end` that they held before: «von *10* auf 12», «statt *10*»."""
    before, after = sentence[:start], sentence[end:]
    was = _SUPERSEDED.search(before)
    if was and was[0].startswith("statt") and _TAKES_PLACE.search(before):
        return False
    return was is not None or (_FROM.search(before) is not None and _TO.match(after) is not None)


def gone(quote: Quote) -> bool:
    """Whether a quote's sentence says of the words that answer that they held before."""
    return quote.answer is not None and superseded(quote.text, *(at - quote.start for at in quote.answer))


def retracts(sentence: str) -> bool:
    """Whether a sentence tells what an earlier version of the article said: what it gives doesn't hold."""
    return _RETRACTED.search(sentence) is not None


def _put_right(quote: Quote, question: str) -> Quote | None:
    """The quote; one that retracts with the sentence after it, where that or its own end holds what answers, None where neither does."""
    retracted = _RETRACTED.search(quote.text)
    if not retracted:
        return quote
    passage, start, end = quote.hit.passage, quote.start, quote.end
    if right := _RIGHT.search(quote.text, retracted.end()):
        start += right.end()
    elif following := next((span for span in passage.sentences if span[0] >= end), None):
        start, end = following
    else:
        return None
    kind = expected_kind(question)
    found = find_answer(kind, passage.text[start - passage.start : end - passage.start], question) if kind else None
    answer = (start + found[0], start + found[1]) if found else None
    return replace(quote, end=end, answer=answer) if answer or not kind else None


def _newest_first(ranked: list[Quote]) -> list[Quote]:
    """The best quotes of each article that come near the best of all, by date, without what no longer holds; the others as they were."""
    best: dict[str, Quote] = {}
    for quote in ranked:
        near = quote.score >= ranked[0].score - _STILL_LATEST and bool(quote.answer) == bool(ranked[0].answer)
        near = near and quote.hit.named >= NAMED * ranked[0].hit.named
        if near and not gone(quote):
            best.setdefault(quote.hit.passage.article_id, quote)
    first = sorted(best.values(), key=lambda quote: quote.hit.source.published or date.min, reverse=True)
    return [*first, *(quote for quote in ranked if quote not in first)]
