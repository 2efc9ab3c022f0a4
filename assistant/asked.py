"""What is asked: the question, and what it is limited to."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypedDict

from assistant.errors import FilterError, QuestionError
from index.dates import parse_date
from index.search import Index
from index.types import Filters, Voice

LONGEST_QUESTION = 1000
_ARTICLE = r"(?:d(?:er|ie|as|em|en)|the|l[ea])\s"
_THE = rf"(?:{_ARTICLE})?(?:(?:Zeitung|Zeitschrift|Magazin|Blog|Portal|Agentur|newspaper|magazine)\s)?[„“\"»«‚‘]?"
_END = r"s?[“”\"«»’]?(?![\w-]|\.\w)"
_SAYS = r"(?:schreibt|schrieb|meldet|meldete|berichtet|berichtete|behauptet|behauptete)"
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
    """The outlets whose account a question asks for, and the question without the words that say so: «laut Bote», «Was meldet der Bote?».

    As it is where these words are its verb, and where nothing would be left; none and as it is where it asks for no outlet's.
    """
    low = question.lower()  # casefold would write ß as ss, and be found no more
    names = {re.sub(rf"^{_ARTICLE}", "", outlet, flags=re.IGNORECASE).lower(): outlet for outlet in outlets}
    names = {name: outlet for name, outlet in names.items() if name and name in low}
    if not names:
        return frozenset(), question
    any_of = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    name = rf"{_THE}(?:{any_of}){_END}"
    some = rf"{name}(?:(?:,|\s(?:und|oder|and|or))\s(?:laut\s)?{name})*"
    according = re.compile(rf"(?<!\w)(?:(?:laut|gemäß|according to|selon|según|secondo)\s{some}|{some}\szufolge)", re.IGNORECASE)
    verbs = re.compile(
        rf"\b(?:was|wie|worüber|what|how)\s(?:{_SAYS}\s{some}|(?:hat|haben)\s{some}\s(?:[^,;?]{{1,80}}?\s)?{_SAID}\b|"
        rf"(?:does|did|has)\s{some}\s(?:say|write|report|said|written|reported)\b)",
        re.IGNORECASE,
    )
    told = " ".join(match[0] for pattern in (according, verbs) for match in pattern.finditer(question)).lower()
    meant = frozenset(names[found] for found in re.findall(rf"(?<!\w)(?:{any_of})(?={_END})", told))
    rest = re.sub(r"\s+(?=[\s?.!,;:])", "", according.sub("", question)).lstrip(" ,;:")
    if not meant or not any(char.isalpha() for char in rest):
        return meant, question
    return meant, f"{rest[:1].upper()}{rest[1:]}"
