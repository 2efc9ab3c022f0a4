"""What is asked: the question, and what it is limited to."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypedDict

from assistant.errors import FilterError, QuestionError
from assistant.questions import ACCORDING
from index.dates import parse_date
from index.search import Index
from index.types import Filters, Voice

LONGEST_QUESTION = 1000
_ARTICLE = r"(?:d(?:er|ie|as|em|en|es)|the|l[ea])\s"
_THE = rf"(?:{_ARTICLE})?(?:(?:Zeitung|Zeitschrift|Magazin|Blog|Portal|Agentur|newspaper|magazine)\s)?[„“\"»«‚‘]?"
_END = r"s?[“”\"«»’]?(?![\w-]|\.\w)"
_ACCORDING = rf"{ACCORDING}|nach\s(?:den\s)?(?:angaben|informationen|berichten|darstellung)(?:\svon)?"
_SAYS = r"(?:schreibt|schrieb|meldet|meldete|berichtet|berichtete|behauptet|behauptete|sagt|nennt|nannte)"
_STANDS = r"(?:steht|stand|heißt\ses|hieß\ses|liest\sman)\s(?:dazu\s)?(?:im|in)"
# what papers call themselves, in a compound or not, and the words of a name that stand for the whole of it
_PAPER = re.compile(
    r"(?:zeitung|bote|blatt|blog|anzeiger|kurier|post|rundschau|nachrichten|presse|spiegel|woche|report|merkur|echo|news|online|magazin|times|"
    r"journal|herald)$",
    re.IGNORECASE,
)
_PAPER_ALONE = re.compile(rf"\w{{3,}}{_PAPER.pattern}|anzeiger|bote|kurier|merkur|rundschau|herald", re.IGNORECASE)
_WITH_PLACE_OR_LETTERS = re.compile(
    r"[A-ZÄÖÜ][\w-]+er(?i:\s[\w-]*(?:zeitung|bote|blatt|anzeiger|kurier|post|rundschau|nachrichten|presse|merkur|echo))+|"
    r"[A-ZÄÖÜ]{2,}\s(?i:online)"
)
_JOINT = r"[\s-]?"
_SAID = r"(?:geschrieben|gemeldet|berichtet|behauptet)"

Day = date | str | None


class Limited(TypedDict, total=False):
    """The filters that a question may carry, as `Assistant.ask` takes them."""

    since: Day
    until: Day
    outlet: str | Sequence[str] | None
    comments: bool
    most: int | None


def checked(question: str) -> str:
    """The question without needless blanks; QuestionError where it is empty or too long."""
    question = " ".join(question.encode("utf-8", "replace").decode("utf-8").split())
    if not any(char.isalnum() for char in question):
        raise QuestionError("the question is empty; ask something", "empty")
    if len(question) > LONGEST_QUESTION:
        long = f"the question has {len(question)} characters, at most {LONGEST_QUESTION} are taken; ask a shorter one"
        raise QuestionError(long, "too_long", n=len(question), most=LONGEST_QUESTION)
    return question


def _day(value: Day, name: str) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return parse_date(value)
    except ValueError as error:
        wrong = f"{name} {value!r} is not a date that exists; write it like 2025-11-24 or 24.11.2025"
        raise FilterError(wrong, "no_date", value=value) from error


def filters_of(since: Day, until: Day, outlet: str | Sequence[str] | None, comments: bool, opinions: bool) -> Filters:
    """The filters of a search; FilterError for a date that doesn't exist, or days the wrong way round."""
    first, last = _day(since, "since"), _day(until, "until")
    if first and last and first > last:
        raise FilterError(f"since {first} is after until {last}; swap them", "swapped", first=f"{first:%d.%m.%Y}", last=f"{last:%d.%m.%Y}")
    outlets = [outlet] if isinstance(outlet, str) else list(outlet or ())
    voices: set[Voice] = {"comment"} if opinions else {"article", "caption"}
    if comments:
        voices |= {"article", "caption", "comment"}
    return Filters(first, last, frozenset(outlets), frozenset(voices))


def check_outlets(filters: Filters, index: Index) -> None:
    """Raise FilterError for an outlet that isn't in the index."""
    known = {name.casefold() for name in index.outlets}
    for name in sorted(filters.outlets):
        if name.casefold() not in known:
            listed = ", ".join(sorted(filter(None, index.outlets))) or "none"
            raise FilterError(f"outlet {name!r} is not in the index; it has {listed}", "no_outlet", name=name, listed=listed)


def outlets_asked(question: str, outlets: Iterable[str]) -> tuple[frozenset[str], str]:
    """The outlets whose account a question asks for, and the question without the words that say so: «laut Boten», «Was meldet der Bote?».

    As it is where these words are its verb, and where nothing would be left; none and as it is where it asks for no outlet's.
    """
    spelt = _spellings([outlet for outlet in outlets if outlet.strip()], lower=question.islower())
    spelt = {way: outlet for way, outlet in spelt.items() if re.search(way, question, re.IGNORECASE)}
    if not spelt:
        return frozenset(), question
    ways = sorted(spelt, key=len, reverse=True)
    name = rf"{_THE}(?:{'|'.join(ways)}){_END}"
    some = rf"{name}(?:(?:,|\s(?:und|oder|and|or))\s(?:laut\s)?{name})*"
    papers = "|".join(way for way in ways if _PAPER.search(spelt[way])) or "(?!)"
    according = re.compile(
        rf"(?<!\w)(?:(?:{_ACCORDING})\s{some}|(?:im|in\s(?:der|dem))\s[„“\"»«‚‘]?(?:{papers}){_END}|{some}\szufolge)", re.IGNORECASE
    )
    verbs = re.compile(
        rf"\b(?:was|wie|wen|welche\w*|worüber|what|how)\s(?:(?:[^,;?]{{1,60}}?\s)?(?:{_SAYS}|{_STANDS})\s{some}|"
        rf"(?:hat|haben)\s{some}\s(?:[^,;?]{{1,80}}?\s)?{_SAID}\b|(?:does|did|has)\s{some}\s(?:say|write|report|said|written|reported)\b)",
        re.IGNORECASE,
    )
    told = [match[0] for match in according.finditer(question)] or [match[0] for match in verbs.finditer(question)]
    one_of = re.compile(rf"(?<!\w)(?:{'|'.join(f'({way})' for way in ways)}){_END}", re.IGNORECASE)
    meant = frozenset(spelt[ways[(found.lastindex or 1) - 1]] for text in told for found in one_of.finditer(text))
    rest = re.sub(r"\s+(?=[\s?.!,;:]|$)", "", according.sub("", question)).lstrip(" ,;:")
    if not meant or not any(char.isalpha() for char in rest):
        return meant, question
    return meant, f"{rest[:1].upper()}{rest[1:]}"


def _spellings(outlets: list[str], lower: bool) -> dict[str, str]:
    """The ways to write each outlet's name, as patterns: «Talboten» for «Der Talbote», «Netz» for «NETZ.de», «Ulmer» for «Ulmer Anzeiger».

    In short only where no other outlet's name has it, where no other name follows, «laut Ulmer Polizei», and where that is capitalised or,
    for a word that only a paper is called, the whole question is in `lower` case. A first word stands for the name only where it is of a
    place, «Ulmer Zeitung», or letters, «MK Online»: else it is likelier the place or body itself, «laut Berlin». Joined, with a hyphen
    and with a blank are one.
    """
    spelt = {}
    every = Counter(word for outlet in outlets for word in set(re.findall(r"\w+", outlet.lower())))
    for outlet in outlets:
        words = re.sub(rf"^{_ARTICLE}", "", outlet, flags=re.IGNORECASE).split()
        declined = [re.sub(r"(?<=..)e[nmrs]?$", "e[nmrs]?", _joined(word)) for word in words[:-1]]
        declined += [re.sub(r"(?<=..)e$", "en?", _joined(word)) for word in words[-1:]]
        spelt[re.sub(r"(\\\.[a-z]+)$", r"(?:\1)?", _JOINT.join(declined), flags=re.IGNORECASE)] = outlet
        shorts = {at for at, word in enumerate(words) if len(words) > 1 and _PAPER_ALONE.fullmatch(word)}
        if not lower and _WITH_PLACE_OR_LETTERS.fullmatch(" ".join(words)):
            shorts.add(0)
        for at in shorts:
            if every[words[at].lower()] == 1:
                spelt[declined[at] if lower else rf"(?=(?-i:[A-ZÄÖÜ])){declined[at]}(?!\s(?-i:[A-ZÄÖÜ]))"] = outlet
    return spelt


def _joined(word: str) -> str:
    """A word of an outlet's name, as a pattern, with its parts together or not: «Süd-Kurier», «Süd Kurier», «Südkurier»."""
    paper = _PAPER.search(word)
    parts = [word[: paper.start()], word[paper.start() :]] if paper and paper.start() > 1 else [word]
    return _JOINT.join(re.escape(part.strip("-")).replace(r"\-", _JOINT) for part in parts)
