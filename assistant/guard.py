"""Is a sentence that a language model wrote carried by the spans that it cites? Pure functions, deterministic.

Every number, date, name, quotation and content word has to be there, together in one sentence of a span, and said with the same
polarity, certainty, direction and scope. The guard knows words and grammar, not the world: it lets through what stays near the words of its
source and withholds free paraphrases, right or wrong (`make bench-guard` measures both).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations

from assistant.claims import Amount, Moment, amounts, fits, moments, undated
from assistant.grammar import (
    ARTICLES,
    ATTRIBUTED,
    CAUSAL,
    CAUSAL_SOURCE,
    CLAUSE,
    DOWN,
    FIRST_PERSON,
    FULL_NAME,
    HEDGED,
    HEDGING,
    LEANING,
    LIGHT,
    NEGATIVE,
    OPPOSITES,
    PASSIVE,
    PREPOSITIONS,
    QUOTED,
    TOTAL,
    UP,
)
from index.lexical import normalise, stems, tokens
from index.sentences import split_sentences
from index.types import Voice

_COVERED = 0.85  # share of a clause's content words that one sentence of the spans has to have
_ALIKE = 0.85  # share of content words that two nearly equal clauses have in common
_ENDING = 2  # letters by which two forms of one word may differ
_HALF = 0.55  # how much a word is like a compound that it is a part of: «Land» and «Landrat» aren't one
_PART = 0.6  # how much a related word has to be like one of the clause's
_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_RELATIVE = {"vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1, "übermorgen": 2}
_NAMES = re.compile(r"(?:[A-ZÄÖÜ][\w’'-]+)(?:\s+[A-ZÄÖÜ][\w’'-]+)*")
_DAY_WORD = re.compile(rf"\b({'|'.join((*_DAYS, *_RELATIVE))})(?:abend|morgen|nachmittag|vormittag|nacht|früh)?s?\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_NUMBERS = ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
_SCALES = ("mio", "mrd", "tsd", "millionen", "milliarden", "million", "milliarde", "tausend", "prozent")


@dataclass(frozen=True, slots=True)
class Span:
    """What a sentence cites: words of one article, in one voice, and the article's day."""

    text: str
    voice: Voice = "article"
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What a sentence says and its spans don't: `kind` is one word, `what` the words in question."""

    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Check:
    """What the guard makes of a sentence."""

    faults: tuple[Fault, ...]

    @property
    def supported(self) -> bool:
        """Whether the spans carry it."""
        return not self.faults


def check(sentence: str, spans: Sequence[Span], language: str = "de") -> Check:
    """What of a sentence its spans don't carry; nothing where they do."""
    source = _Source.of(spans, language)
    if not spans or not source.sentences:
        return Check((Fault("citation", "nothing cited"),))
    found = [
        *_comment(sentence, spans),
        *_quotations(sentence, source),
        *_speakers(sentence, source, language),
        *_numbers(sentence, source),
        *_dates(sentence, source),
        *_words(sentence, source, language),
        *_orders(sentence, source),
        *_roles(sentence, source),
        *_form(sentence),
    ]
    for clause in _clauses(sentence, language):
        found += _clause(clause, sentence, source, language)
    return Check(tuple(dict.fromkeys(found)))


@dataclass(frozen=True, slots=True)
class _Source:
    """The spans, taken apart: their text, sentences (each with the one before where it points back to it), clauses, numbers and days."""

    text: str
    sentences: tuple[tuple[str, frozenset[str]], ...]
    clauses: tuple[tuple[str, frozenset[str]], ...]
    parts: tuple[str, ...]  # finer than clauses: between commas and «und»
    stems: frozenset[str]
    amounts: tuple[Amount, ...]
    days: tuple[Moment, ...]

    @classmethod
    def of(cls, spans: Sequence[Span], language: str) -> "_Source":
        parts: list[str] = []
        days: list[Moment] = []
        for span in spans:
            before = ""
            for start, end in split_sentences(span.text, 0, len(span.text), language):
                said = span.text[start:end]
                leans = before and LEANING.match(said) and not FULL_NAME.search(said)
                parts.append(f"{before} {said}" if leans else said)
                before = said
            known = moments(span.text)
            days += known
            if span.published:
                days += _days_of(span.text, span.published)
                years = [str(span.published.year + more) for more in (-1, 0, 1)]
                days += [{**day, "year": year} for day in known if "year" not in day for year in years]
        text = "\n".join(span.text for span in spans)
        clauses = [clause for part in parts for clause in CLAUSE.split(part)]
        pieces = [piece for part in parts for piece in re.split(r"[,;:]\s+|\s(?:und|and)\s", part)]
        said_of = tuple((clause, _stems(undated(clause), language)) for clause in clauses if clause.strip())
        return cls(
            text, tuple((part, _stems(part, language)) for part in parts), said_of,
            tuple(piece for piece in pieces if piece.strip()), _stems(text, language), tuple(_amounts(text)), tuple(days),
        )  # fmt: skip


def _form(sentence: str) -> list[Fault]:
    """A fragment, a question, or somebody's own words without quotation marks: none of them reports anything."""
    outside = QUOTED.sub(" ", sentence)
    if not re.match(r"[„“\"»«‚(]*\w", sentence):
        return [Fault("form", "a fragment")]
    if sentence.rstrip(" “”\"«»").endswith("?"):
        return [Fault("content", "a question")]
    first = FIRST_PERSON.search(outside)
    return [Fault("speaker", first[0])] if first else []


def _comment(sentence: str, spans: Sequence[Span]) -> list[Fault]:
    """A reader's comment that is told as if it were reporting."""
    only = all(span.voice == "comment" for span in spans)
    return [Fault("comment", "a reader's comment told as reporting")] if only and not ATTRIBUTED.search(sentence) else []


def _quotations(sentence: str, source: _Source) -> list[Fault]:
    known = _bare(source.text)
    said = ["".join(groups) for groups in QUOTED.findall(sentence)]
    return [Fault("quotation", words) for words in said if _bare(words) not in known]


def _speakers(sentence: str, source: _Source, language: str) -> list[Fault]:
    """Names beside a quotation that don't stand beside it there."""
    found = []
    for groups in QUOTED.findall(sentence):
        words = "".join(groups)
        homes = [known for text, known in source.sentences if _bare(words) in _bare(text)]
        around = _nouns(sentence.replace(words, " "), language)
        if homes and around and not any(all(_among(noun, home) for noun in around) for home in homes):
            found.append(Fault("speaker", words))
    return found


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[„“”\"»«‚‘’'.,!?]", " ", text).split()).casefold()


def _numbers(sentence: str, source: _Source) -> list[Fault]:
    """Numbers that aren't there, or count something else there."""
    found = []
    for amount in _amounts(sentence):
        same = [other for other in source.amounts if abs(other.value - amount.value) < 1e-9]
        if not same:
            found.append(Fault("number", f"{amount.value:g} {amount.unit}".strip()))
        elif not any(not amount.unit or not other.unit or _like(_flat(amount.unit), _flat(other.unit)) for other in same):
            found.append(Fault("unit", f"{amount.value:g} {amount.unit}"))
    return found


def _amounts(text: str) -> list[Amount]:
    return amounts(ARTICLES.sub(" ", undated(text)))


def _dates(sentence: str, source: _Source) -> list[Fault]:
    """Days that aren't there, or only less exactly."""
    said = [day for day in moments(sentence) if not any(set(day) <= set(other) and fits(day, other) for other in source.days)]
    return [Fault("date", " ".join(day.values())) for day in said]


def _days_of(text: str, published: date) -> list[Moment]:
    """The days that a text names by weekday or relative to its own, up to a week to either side."""
    found: list[Moment] = []
    for match in _DAY_WORD.finditer(text):
        word = match[1].casefold()
        steps = [_RELATIVE[word]] if word in _RELATIVE else range(-7, 8)
        for step in steps:
            day = date.fromordinal(published.toordinal() + step)
            if word in _RELATIVE or day.weekday() == _DAYS.index(word):
                found.append({"year": str(day.year), "month": str(day.month), "day": str(day.day)})
    return found


def _words(sentence: str, source: _Source, language: str) -> list[Fault]:
    """Names and nouns that aren't there in any form."""
    found = []
    for word in _WORD.findall(undated(sentence)):
        if word[0].isupper() and normalise(word) not in (*_SCALES, *_NUMBERS) and not _DAY_WORD.fullmatch(word):
            missing = [stem for stem in _stems(word, language) if not _among(stem, source.stems)]
            if missing:
                found.append(Fault("name", word))
    return found


def _orders(sentence: str, source: _Source) -> list[Fault]:
    """Numbers of a change, and names of who did what to whom, in another order than there."""
    found = []
    values, there = [a.value for a in _amounts(sentence)], [a.value for a in source.amounts]
    at = [there.index(value) for value in values if value in there]
    if re.search(r"\b(?:von|from)\b.+\b(?:auf|to)\b", sentence) and at != sorted(at):
        found.append(Fault("direction", " ".join(f"{value:g}" for value in values)))
    return found


def _clauses(sentence: str, language: str) -> list[str]:
    """The clauses of a sentence, those that say nothing by themselves with the next one."""
    found: list[str] = []
    before = ""
    for clause in CLAUSE.split(sentence):
        whole = f"{before} {clause}".strip()
        if len(_stems(whole, language)) > 1:
            found.append(whole)
            before = ""
        else:
            before = whole
    if before and found:
        found[-1] = f"{found[-1]} {before}"
    return found or [sentence]


def _clause(clause: str, sentence: str, source: _Source, language: str) -> list[Fault]:
    """What a clause says otherwise than the one sentence of the spans that comes nearest to it."""
    words = frozenset(word for word in _stems(_DAY_WORD.sub(" ", undated(clause)), language) if not word[0].isdigit())

    def shared(known: frozenset[str]) -> float:
        return sum(_best(word, known) for word in words)

    near, known = max(source.sentences, key=lambda pair: (shared(pair[1]), -len(pair[1])))
    found = []
    if words and shared(known) < _COVERED * len(words):
        missing = sorted(word for word in words if _best(word, known) < _PART)
        found.append(Fault("content", " ".join(missing) or clause))
    elsewhere = [noun for noun in _nouns(undated(clause), language) if noun in words and not _among(noun, known)]
    if elsewhere:
        found.append(Fault("name", " ".join(elsewhere)))
    part, inside = max(source.clauses, key=lambda pair: (shared(pair[1]), -len(pair[1])))
    # the clause alone where it has nearly all that its sentence has, so that the next clause's «nicht» isn't taken for its own
    part = part if shared(inside) >= 0.75 * shared(known) else near
    if len(NEGATIVE.findall(clause)) % 2 != len(NEGATIVE.findall(part)) % 2:
        found.append(Fault("negation", clause))
    if (HEDGED.search(part) and not HEDGING.search(sentence)) or (HEDGED.search(clause) and not HEDGING.search(near)):
        found.append(Fault("modality", clause))
    bare = [word for word in inside if not word[0].isdigit()]
    if 2 * shared(inside) >= _ALIKE * (len(words) + len(bare)):  # nearly the same words: then each «nicht» and each «wohl» counts
        for kind, marks in (("negation", NEGATIVE), ("modality", HEDGED)):
            if len(marks.findall(clause)) != len(marks.findall(part)):
                found.append(Fault(kind, clause))
    up, down = bool(UP.search(clause)), bool(DOWN.search(clause))
    if (up and not down and not UP.search(near)) or (down and not up and not DOWN.search(near)):
        found.append(Fault("direction", clause))
    for match in TOTAL.finditer(clause):
        if normalise(match[0])[:4] not in normalise(near):
            found.append(Fault("scope", match[0]))
    if CAUSAL.search(clause) and not CAUSAL_SOURCE.search(near):
        found.append(Fault("cause", clause))
    here, there = tokens(clause), tokens(near)
    for one, other in OPPOSITES:
        for said, opposite in ((one, other), (other, one)):
            if _starts(here, said) and not _starts(there, said) and _starts(there, opposite):
                found.append(Fault("comparison", said))
    found += _together(clause, words, source, language)
    return found


def _together(clause: str, words: frozenset[str], source: _Source, language: str) -> list[Fault]:
    """Numbers that stand in no clause of the spans together with what they are said of here, or there count for another."""
    found = []
    others = [word for word in words if _among(word, source.stems)]
    for word in (w for w in _stems(undated(clause), language) if w[0].isdigit() and w in source.stems):
        homes = [inside for _, inside in source.clauses if word in inside]
        if others and homes and not any(sum(_among(other, home) for other in others) * 2 >= len(others) for home in homes):
            found.append(Fault("number", word))
    for amount in _amounts(clause):
        same = [(part, _amounts(part)) for part in source.parts]
        own = [_stems(part, language) for part, there in same if any(other.value == amount.value for other in there)]
        rivals = [_stems(part, language) for part, there in same if there and all(other.value != amount.value for other in there)]
        for noun in _nouns(clause, language):
            if own and not any(_among(noun, home) for home in own) and any(_among(noun, home) for home in rivals):
                found.append(Fault("number", f"{noun} {amount.value:g}"))
    return found


def _nouns(text: str, language: str) -> list[str]:
    return [stem for word in _WORD.findall(text) if word[0].isupper() for stem in _stems(word, language)]


def _roles(sentence: str, source: _Source) -> list[Fault]:
    """Two names whose parts in what happens are exchanged: the one that acts, and the one that it is done to."""
    here = _placed(sentence)
    for text, _ in source.sentences:
        there = dict(_placed(text))
        for (one, case_one), (other, case_other) in combinations(here, 2):
            if one not in there or other not in there or one == other:
                continue
            exchanged = (case_one, case_other) == (there[other], there[one]) and case_one != case_other
            order = list(there)
            turned = {case_one, case_other, there[one], there[other]} == {""} and order.index(one) > order.index(other)
            if (exchanged or turned) and bool(PASSIVE.search(sentence)) == bool(PASSIVE.search(text)):
                return [Fault("role", f"{one}, {other}")]
    return []


def _placed(text: str) -> list[tuple[str, str]]:
    """The names of a text in order, each by its last word, with the preposition that governs it, "" without one."""
    found: dict[str, str] = {}
    for match in _NAMES.finditer(text):
        if re.search(r"\d\s*$", text[: match.start()]) or normalise(match[0].split()[0]) in _SCALES:
            continue  # what a number counts
        before = text[: match.start()].split()[-3:]
        case = next((word.casefold() for word in reversed(before) if PREPOSITIONS.fullmatch(word)), "")
        name = _flat(normalise(match[0].split()[-1]).removesuffix("s"))
        found.setdefault(name, case)
    return list(found.items())


@lru_cache(maxsize=4096)
def _stems(text: str, language: str) -> frozenset[str]:
    plain = " ".join(word for word in text.split() if not LIGHT.fullmatch(word.strip(".,;:!?„“”»«()")))
    return frozenset(_flat(stem) for stem in stems(plain, language))


def _flat(stem: str) -> str:
    """One form for the stems of «Baum» and «Bäume»."""
    return stem.translate(str.maketrans("äöü", "aou")).replace("ß", "ss")


def _among(stem: str, known: frozenset[str]) -> bool:
    return _best(stem, known) >= _PART


def _best(stem: str, known: frozenset[str]) -> float:
    return 1.0 if stem in known else max((_like(stem, other) for other in known), default=0.0)


@lru_cache(maxsize=262144)
def _like(one: str, other: str) -> float:
    """How surely two stems are forms, or one a part, of one word (0 to 1)."""
    if one == other:
        return 1.0
    least = min(len(one), len(other))
    if one[0].isdigit() or other[0].isdigit() or least < 4:
        return 0.0
    if one.startswith(other) or other.startswith(one) or one.endswith(other) or other.endswith(one):
        return 0.85 if len(one) > len(other) or len(other) - len(one) <= _ENDING else _HALF
    same = next((i for i in range(least) if one[i] != other[i]), least)
    return 0.7 if least >= 5 and same >= max(4, 0.7 * least) else 0.0


def _starts(words: Sequence[str], beginning: str) -> bool:
    return any(word.startswith(beginning) for word in words)

