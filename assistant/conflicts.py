"""Do the sources agree? Quotes that answer the same question, each of them surely enough, and say something else, or the same."""

import re
from collections.abc import Sequence
from datetime import date

from assistant.candidates import Quote
from assistant.claims import relation, rival, with_unit
from assistant.questions import asks_for_latest, asks_yes_or_no
from index.lexical import names_in, stems

# Chosen on the invented events for fitting and the cases over seeds/, the real articles and the Debian FAQ: a number of another thing is
# given away by its sentence, which scores less, or by its article, which lacks the question's names.
_SURE = 0.45  # how surely the reader has to find an answer in the other source
_NAMED = 0.5  # share of the question's names that its article has to have
# The same where they name different people or bodies, or reasons (then for both), or confirm it
_SURELY, _NAMED_FULLY = 0.55, 0.9
_CLOSE = 1.6  # how near its score (log odds) has to come
# … and where the reader is surer of it: a sentence that shares few words with the question scores less, though it answers
_SURER, _FAR, _FAR_WHO, _FAR_WHY = 0.6, 3.0, 4.5, 2.0
_WHO = re.compile(r"\W*(?:\w+\s)?(?:wer|wem|wen|wessen|who|whom|whose|qui|quién)\b", re.IGNORECASE)  # «Wer …», «Von wem …»
_WHY = re.compile(r"\W*(?:\w+\s)?(?:aus welche[mn] gr[uü]nd\w*|warum|weshalb|wieso|why|pourquoi|por qué)\b", re.IGNORECASE)


def contradicting(question: str, first: Quote, others: Sequence[Quote]) -> list[Quote]:
    """Those of `others` that say something else than `first` in another article, one of each article, best first.

    Another number or date, which can't both be right; asked who or why, somebody else or another reason, which may be: both are shown, a
    reader decides. None where yes or no is asked for: there numbers and dates are beside the point, and who says no isn't seen.
    """
    found: list[Quote] = []
    if asks_yes_or_no(question):
        return found
    if asks_for_latest(question):  # what was said before is no other answer to it
        begun = first.hit.source.published or date.min
        others = [quote for quote in others if (quote.hit.source.published or date.min) >= begun]
    for other in others:
        homes = {quote.hit.passage.article_id for quote in (first, *found)}
        if other.hit.passage.article_id not in homes and (_differ(first, other) or _tell_others(question, first, other)):
            found.append(other)
    return found


def otherwise(first: Quote, other: Quote) -> bool:
    """Whether two quotes give another number of the same thing, near enough to be one at another time, or another date."""
    return rival(_said(first), _said(other))


def confirms(first: Quote, other: Quote) -> bool:
    """Whether another article surely gives the same answer."""
    elsewhere = other.hit.passage.article_id != first.hit.passage.article_id
    sure = elsewhere and _comparable(first, other, _SURELY, _NAMED_FULLY)
    return sure and bool(first.said) and relation(first.said, other.said) == "same"


def _comparable(first: Quote, other: Quote, sure: float, named: float, far: float = _CLOSE) -> bool:
    """Whether the other answers the same question: surely, in an article that has its names, with a score near the first one's.

    It may lie as `far` behind where the reader is surer.
    """
    near = other.score >= first.score - (far if other.sure >= _SURER else _CLOSE)
    return other.sure >= sure and other.hit.named >= named and near


def _differ(first: Quote, other: Quote) -> bool:
    """Whether they give another number of the same thing, or another date."""
    return _comparable(first, other, _SURE, _NAMED, _FAR) and otherwise(first, other)


def _tell_others(question: str, first: Quote, other: Quote) -> bool:
    """Whether, asked who or why, both surely tell, and neither sentence has a word of the other's answer: one person has many names."""
    language = first.hit.source.language
    who, why = _WHO.match(question) is not None, _WHY.match(question) is not None
    far = _FAR_WHO if who else _FAR_WHY
    sure = first.sure >= _SURELY and first.hit.named >= _NAMED_FULLY and _comparable(first, other, _SURELY, _NAMED_FULLY, far)
    if not sure or not (who or why) or other.hit.source.language != language:
        return False
    told = [set(stems(names_in(quote.said) if who else quote.said, language)) for quote in (first, other)]
    around = [set(stems(quote.text, language)) for quote in (first, other)]
    return all(told) and not told[0] & around[1] and not told[1] & around[0]


def _said(quote: Quote) -> str:
    """The words that answer, with what they count; "" where none are marked."""
    if not quote.answer:
        return ""
    start, end = quote.answer
    passage = quote.hit.passage
    return with_unit(passage.text, start - passage.start, end - passage.start)
