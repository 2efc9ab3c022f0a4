"""Hits → answer without a language model: the sentences that answer, as they stand in the articles."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.candidates import NAMED, SHORT, Quote, gone, ranked_quotes
from assistant.claims import fits, moments, relation, time_asked
from assistant.conflicts import confirms, contradicting, otherwise
from assistant.questions import asks_for_latest, asks_for_overview
from assistant.windows import Found
from index.lexical import names_in, stems
from index.types import Hit, Passage

_MOST = 3
_CLOSE = 0.5  # how near a further sentence's score (log odds) has to come to the best one's
# … in an article that has its NAMED, and how surely the reader has to see an answer in it: of the cited sentences that answer 66 instead of
# 63 in a hundred, no answer lost (on the cases for fitting)
_SEEN = 0.2
_ON_TOPIC = 0.5  # the same share for a part of an overview, and for the article that a comment is on
_SPREAD = 3.0  # how near, to be taken into an overview
_OVERVIEW_MOST = 4
_OF_ONE = 2  # sentences of one article in an overview, or in the opening of one of several
_TITLED = 2  # articles of one title that are opened
_LONGEST = 500
_LEANS = re.compile(
    r"[„“\"»«‚‘(\s]*(?:Er|Sie|Es|Dies(?:e[rsmn]?)?|Das(?!\s[A-ZÄÖÜ])|Dabei|Damit|Dazu|Dafür|Daran|Darin|Daraus|Dort|Dadurch|Deshalb|Daher|"
    r"Seine?[rsmn]?|Ihr(?:e[rsmn]?)?|Zudem|Außerdem|Beide|Letztere[rsn]?|He|She|It|This|That|They|These|Those|There|His|Her|Their|Both)\b"
)
_TELLS = re.compile(r"\W*(?:was|what)\b.*\b(?:(?:ge)?sag\w*|(?:ge)?äußer\w*|erklär\w*|say|said)\b", re.IGNORECASE)
_WRITES = r"(?:schreibt|schrieb|sagt|sagte|meint|meinte|findet|fand|denkt|glaubt|hält|hielt|kommentiert|says?|writes?|thinks?)"
_DATED = 24  # characters in which a sentence that is an entry of a chronicle gives its date
_BACK = 2  # sentences that are taken along at most
# «Den Antrag wolle die Firma im Juni stellen.»: the main clause tells what somebody else says …
_REPORTED = re.compile(
    r"(?!\W*(?:Dass|Ob|Wenn|Weil|Man nehme)\b)(?:[^,;:.!?„“”\"»«]|(?<=\d)[.,](?=\s?\w)|(?<=\bDr)\.)*?"
    r"\b(?:sei(?! (?:Dank|denn)\b)|seien|habe|werde|könne|müsse|solle|wolle|dürfe|wisse|nehme|gebe|gehe|komme|stehe|liege|lasse|bleibe|"
    r"bestehe|gelte|fehle|brauche|sehe|halte|rechne|zahle|verliere|koste|dauere|laufe|erhalte|bekomme|bedeute|plane|reiche)\b"
)
_SAYS = (
    r"sag|erklär|mein|beton|urteil|versicher|hoff|warn|kritisier|erzähl|argumentier|bestätig|glaub|ergänz|erläuter|lob|klag|schimpf|zitier|forder|"
    r"verlang|versprach|behaupt|vermut|kündig|teil|räum|begründ|bericht|fürcht|meld|entgegn|antwort|nenn|stell"
)
# … and these say who: «, teilte das Amt mit», «, so Meier», «nach Angaben der Polizei»
_ATTRIBUTED = re.compile(
    rf",\s(?:wie\s[^,]+t(?:en?)?,|so\s(?=[A-ZÄÖÜ]|(?:der|die|das|ein)\b)|(?:{_SAYS})e?t(?:en?)?\s|(?:gab(?:en)?|gibt|hieß|heißt|schreibt|schrieb(?:en)?|"
    r"rief|nannte|sprach|wies|weist|widersprach)\s)|"
    r"\b(?:[Ll]aut|[Zz]ufolge|[Aa]us (?:der )?Sicht|(?:Angaben|Ansicht|Meinung|Worten) nach|[Ii]ch|[Ww]ir|"
    r"[Nn]ach (?:\w+ ){0,2}\w*(?:[Aa]ngaben|Worten|Ansicht|Darstellung|Auskunft|Einschätzung|Berechnung(?:en)?))\b"
)


def choose_quotes(
    question: str, language: str, hits: Sequence[Hit], found: Sequence[Found] = (), *, most: int = _MOST, close: float = _CLOSE,
    latest: bool = False,
) -> tuple[list[Quote], list[Quote]]:
    """The sentences of `hits` that answer best, best first, and those of them that contradict each other.

    One, those of other articles that contradict it, and further ones whose score comes as `close` to it or that surely say the same. More
    of them for a question that asks for an overview, then at most two of one article. `latest`: the question is part of one that asks for
    the latest state.
    """
    ranked = ranked_quotes(question, language, hits, found, latest=latest)
    if not ranked:
        return [], []
    against: list[Quote] = []
    if asks_for_overview(question):
        chosen = _spread(timely(question, ranked))
    else:
        ranked = timely(question, ranked) if _TELLS.match(question) else ranked
        ranked = _latest(question, ranked) if latest or asks_for_latest(question) else ranked
        best = max(quote.score for quote in ranked)
        against = contradicting(question, ranked[0], ranked[1:])[: most - 1]
        others = [quote for quote in ranked[1:] if quote not in against]
        if found:
            named = NAMED * ranked[0].hit.named
            others = [quote for quote in others if quote.hit.named >= named and quote.sure >= _SEEN]
        further = [quote for quote in others if quote.score >= best - close or confirms(ranked[0], quote)]
        chosen = [ranked[0], *against, *further][:most]
    quotes = _joined([_with_referent(quote) for quote in chosen])
    if not against:
        return quotes, []
    places = [(quote.hit.passage.article_id, quote.answer) for quote in (ranked[0], *against)]
    return quotes, [quote for quote in quotes if (quote.hit.passage.article_id, quote.answer) in places]


def timely(question: str, quotes: list[Quote]) -> list[Quote]:
    """Those near the best one that were reported, or speak of a day, when the question says, in their order; all where none were.

    None whose own dates say that it was at another time.
    """
    asked = time_asked(question)
    if not asked or not quotes:
        return quotes
    tells = _TELLS.match(question) is not None  # what somebody said of a day wasn't said on it
    free = [q for q in quotes if not asked.excludes(q.text[:_DATED] if tells else q.text)] or quotes
    best = max(free, key=lambda quote: quote.score)
    near = [q for q in free if q.score >= best.score - _SPREAD and q.hit.named >= NAMED * best.hit.named]
    told = [q for q in near if q.hit.source.published and asked.holds(q.hit.source.published)]
    if not tells:
        told = [q for q in near if q in told or any(fits(asked.moment, day) and "month" in day for day in moments(q.text))]
    return told or quotes


def _latest(question: str, ranked: list[Quote]) -> list[Quote]:
    """The quotes, a figure or date that is newer than the best one's first."""
    others = [quote for quote in ranked[1:] if not gone(quote)]
    newer = [q for q in contradicting(question, ranked[0], others) if _older(ranked[0], q) and otherwise(ranked[0], q)]
    first = max(newer, key=lambda quote: quote.hit.source.published or date.min, default=ranked[0])
    return [first, *(quote for quote in ranked if quote is not first)]


def _older(one: Quote, other: Quote) -> bool:
    """Whether one is from an article of an earlier day than the other's."""
    days = one.hit.source.published, other.hit.source.published
    return days[0] is not None and days[1] is not None and days[0] < days[1]


def _spread(ranked: Sequence[Quote]) -> list[Quote]:
    """What together gives an overview: the best sentences, from as many articles as there are, that say something new each."""
    chosen: list[Quote] = []
    for quote in ranked:
        home = [other for other in chosen if other.hit.passage.article_id == quote.hit.passage.article_id]
        near = quote.score >= ranked[0].score - _SPREAD and quote.hit.named >= _ON_TOPIC * ranked[0].hit.named
        tells = near and quote.end - quote.start >= SHORT
        if tells and len(home) < _OF_ONE and not any(_repeats(quote.text, other.text) for other in chosen):
            chosen.append(quote)
        if len(chosen) == _OVERVIEW_MOST:
            break
    return chosen or list(ranked[:1])


def _repeats(one: str, other: str) -> bool:
    """Whether most of the shorter one's content words are in the other."""
    words = [set(stems(text, "de")) for text in (one, other)]
    return len(words[0] & words[1]) > 0.6 * min(len(words[0]), len(words[1]))


def together(parts: Sequence[Sequence[Quote]]) -> list[Quote]:
    """The quotes that answer the parts of a question, each once, in the order of the parts."""
    return _joined([quote for quotes in parts for quote in quotes])


def speaks_of(quote: Quote, both: Sequence[str]) -> bool:
    """Whether a quote names both of the things that a question asks of, given as the question about each."""
    names = [set(stems(names_in(question), "de")) for question in both]
    said = set(stems(quote.text, "de"))
    return all(own <= said for own in (names[0] - names[1], names[1] - names[0]))


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


def outdated(question: str, quotes: Sequence[Quote]) -> list[Quote]:
    """Those of the `quotes` that answer a question about the latest state otherwise than the first one, which is newer, does."""
    if not quotes or not asks_for_latest(question):
        return []
    return [quote for quote in quotes[1:] if _older(quote, quotes[0]) and otherwise(quotes[0], quote)]


def leans(sentence: str) -> bool:
    """Whether a sentence opens by pointing back to the one before it."""
    return _LEANS.match(sentence) is not None


def reports(sentence: str) -> bool:
    """Whether a German sentence tells in reported speech (Konjunktiv I) what somebody says, without telling who."""
    return _REPORTED.match(sentence) is not None and _ATTRIBUTED.search(sentence) is None


def _with_referent(quote: Quote) -> Quote:
    """The quote with the sentence or two before it that tell whose words it reports, or with the one that it points back to."""
    passage: Passage = quote.hit.passage
    sentences = [passage.text[start - passage.start : end - passage.start] for start, end in passage.sentences]
    at = begin = [start for start, _ in passage.sentences].index(quote.start)
    if quote.hit.source.language == "de":
        while begin and at - begin < _BACK and reports(sentences[begin]):
            begin -= 1
        if reports(sentences[begin]):  # nobody is named so near
            begin = at
    # what is said in quotation marks at a paragraph's beginning points to nothing in the one before
    apart = at and "\n" in passage.text[passage.sentences[at - 1][1] - passage.start : quote.start - passage.start]
    if begin == at and at and leans(sentences[at]) and not (apart and sentences[at][0] in "„“”\"»«‚‘"):
        begin = at - 1
    start = passage.sentences[begin][0]
    return replace(quote, start=start) if quote.end - start <= _LONGEST else quote


def _joined(quotes: list[Quote]) -> list[Quote]:
    """Quotes that overlap in one article as one."""
    kept: list[Quote] = []
    for quote in quotes:
        for i, other in enumerate(kept):
            if other.hit.passage.article_id == quote.hit.passage.article_id and quote.start < other.end and other.start < quote.end:
                first = min((other, quote), key=lambda q: q.start)
                start, end = min(other.start, quote.start), max(other.end, quote.end)
                kept[i] = replace(other, hit=first.hit, start=start, end=end, answer=other.answer or quote.answer)
                break
        else:
            kept.append(quote)
    return kept


def opening_of(hits: Sequence[Hit]) -> list[Quote]:
    """What the first articles of `hits` are about, in their own words: the sentences that each begins with."""
    homes = list(dict.fromkeys(hit.passage.article_id for hit in hits))[:_TITLED]
    quotes: list[Quote] = []
    for home in homes:
        told = [Quote(hit, *span, 0.0) for hit in hits if hit.passage.article_id == home for span in hit.passage.sentences]
        quotes += [quote for quote in told if quote.end - quote.start >= SHORT][: _MOST if len(homes) == 1 else _OF_ONE]
    return quotes


def named_commenter(question: str, hits: Sequence[Hit]) -> str:
    """The commenter of one of the `hits` who the question asks what they say, by the name as it stands there; "" where it asks for none."""
    names = sorted({hit.passage.by for hit in hits if hit.passage.by}, key=len, reverse=True)
    asked = (re.search(rf"\b{_WRITES}\s(?:(?:Herr|Frau)\s)?({re.escape(name)})(?!\w)", question, re.IGNORECASE) for name in names)
    return next((match[1] for match in asked if match), "")


def choose_opinions(hits: Sequence[Hit], grounds: Sequence[Hit] = (), most: int = _MOST) -> list[Quote]:
    """The comments that come nearest to the question, whole, one for each commenter.

    Only those on articles that have what the question names, as the best one of the `grounds` has it: what is found in all voices.
    """
    chosen: list[Quote] = []
    told: set[tuple[str, str | int]] = set()
    named = _ON_TOPIC * max((hit.named for hit in grounds), default=0.0)
    for hit in hits:
        if hit.named < named:
            continue
        passage = hit.passage
        # one without a name is somebody else than the others without
        who = (passage.article_id, passage.by or passage.start)
        if passage.voice == "comment" and who not in told:
            told.add(who)
            chosen.append(Quote(hit, passage.start, passage.end, hit.score))
    return chosen[:most]
