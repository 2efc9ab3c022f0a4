"""Do the sources agree? Quotes that answer the same question, each of them surely enough, and say something else, or the same."""

import re
from collections.abc import Sequence
from datetime import date

from assistant.candidates import Quote
from assistant.claims import alike, relation, with_unit
from assistant.questions import asks_for_latest, asks_yes_or_no
from index.lexical import names_in, stems

# Chosen on the three events for fitting and the cases over seeds/, the real articles and the Debian FAQ: a number of another thing is
# given away by its sentence, which scores less, or by its article, which lacks the question's names.
_SURE = 0.45  # how surely the reader has to find an answer in the other source
_NAMED = 0.5  # share of the question's names that its article has to have
# The same where they name different people or bodies (then for both), or confirm it; chosen on cases over invented events
_SURELY, _NAMED_FULLY = 0.55, 0.9
_CLOSE = 1.6  # how near its score (log odds) has to come
_WHO = re.compile(r"\W*(?:\w+\s)?(?:wer|wem|wen|wessen|who|whom|whose|qui|quién)\b", re.IGNORECASE)  # «Wer …», «Von wem …»


def contradicting(question: str, first: Quote, others: Sequence[Quote]) -> list[Quote]:
    """Those of `others` that say something else than `first` in another article, one of each article, best first.

    Another number or date, which can't both be right; asked who, somebody else, which may be: both are shown, a reader decides. None
    where yes or no is asked for: there numbers and dates are beside the point, and who says no isn't seen.
    """
    found: list[Quote] = []
    if asks_yes_or_no(question):
        return found
    if asks_for_latest(question):  # what was said before is no other answer to it
        begun = first.hit.source.published or date.min
        others = [quote for quote in others if (quote.hit.source.published or date.min) >= begun]
    for other in others:
        homes = {quote.hit.passage.article_id for quote in (first, *found)}
        fresh = other.hit.passage.article_id not in homes and _comparable(first, other, _SURE, _NAMED)
        if fresh and (_differ(first, other) or _name_others(question, first, other)):
            found.append(other)
    return found


def confirms(first: Quote, other: Quote) -> bool:
    """Whether another article surely gives the same answer."""
    elsewhere = other.hit.passage.article_id != first.hit.passage.article_id
    sure = elsewhere and _comparable(first, other, _SURELY, _NAMED_FULLY)
    return sure and bool(first.said) and relation(first.said, other.said) == "same"


def _comparable(first: Quote, other: Quote, sure: float, named: float) -> bool:
    """Whether the other answers the same question: surely, in an article that has its names, with a score near the first one's."""
    return other.sure >= sure and other.hit.named >= named and other.score >= first.score - _CLOSE


def _differ(first: Quote, other: Quote) -> bool:
    """Whether they give another number of the same thing, or another date."""
    said = _said(first), _said(other)
    return relation(*said) == "different" and alike(*said)


def _name_others(question: str, first: Quote, other: Quote) -> bool:
    """Whether, asked who, both surely name somebody, and neither sentence has a word of the other's answer: one person has many names."""
    language = first.hit.source.language
    sure = min(first.sure, other.sure) >= _SURELY and min(first.hit.named, other.hit.named) >= _NAMED_FULLY
    if not sure or not _WHO.match(question) or other.hit.source.language != language:
        return False
    named = [set(stems(names_in(quote.said), language)) for quote in (first, other)]
    told = [set(stems(quote.text, language)) for quote in (first, other)]
    return all(named) and not named[0] & told[1] and not named[1] & told[0]


def _said(quote: Quote) -> str:
    """The words that answer, with what they count; "" where none are marked."""
    if not quote.answer:
        return ""
    start, end = quote.answer
    passage = quote.hit.passage
    return with_unit(passage.text, start - passage.start, end - passage.start)
