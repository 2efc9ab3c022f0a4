"""Do the sources disagree? Quotes that answer the same question, each of them surely enough, and can't both be right."""

from collections.abc import Sequence

from assistant.candidates import Quote
from assistant.claims import alike, relation, with_unit

# Chosen on the three events for fitting and the cases over seeds/, the real articles and the Debian FAQ: a number of another thing is
# given away by its sentence, which scores less, or by its article, which lacks the question's names.
_SURE = 0.45  # how surely the reader has to find an answer in the other source
_NAMED = 0.5  # share of the question's names that its article has to have
_CLOSE = 1.6  # how near its score (log odds) has to come


def contradicting(first: Quote, others: Sequence[Quote]) -> list[Quote]:
    """Those of `others` that say in another article what can't be right together with `first`, one of each article, best first."""
    said = _said(first)
    found: list[Quote] = []
    for other in others:
        homes = {quote.hit.passage.article_id for quote in (first, *found)}
        sure = other.sure >= _SURE and other.hit.named >= _NAMED and other.score >= first.score - _CLOSE
        if sure and other.hit.passage.article_id not in homes and relation(said, _said(other)) == "different" and alike(said, _said(other)):
            found.append(other)
    return found


def _said(quote: Quote) -> str:
    """The words that answer, with what they count; "" where none are marked."""
    if not quote.answer:
        return ""
    start, end = quote.answer
    passage = quote.hit.passage
    return with_unit(passage.text, start - passage.start, end - passage.start)
