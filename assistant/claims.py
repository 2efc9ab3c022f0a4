"""Do two answers to one question say the same? Numbers, durations and dates are compared by what they mean."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import eq
from typing import Literal, TypeVar

from index.dates import DATE, MONTHS, WEEKDAYS, month_of
from index.lexical import stems

Relation = Literal["same", "different", "unknown"]
_T = TypeVar("_T")

_WORDS = {
    name: number
    for number, names in enumerate(
        ("null|kein|keine|keinen|zero|none|no", "ein|eine|einen|einer|eines|one", "zwei|two", "drei|three", "vier|four", "fünf|five",
         "sechs|six", "sieben|seven", "acht|eight", "neun|nine", "zehn|ten", "elf|eleven", "zwölf|twelve")
    )
    for name in names.split("|")
}  # fmt: skip
_SCALES = {"tau": 1e3, "tho": 1e3, "millio": 1e6, "mio": 1e6, "millia": 1e9, "mrd": 1e9, "billionen": 1e12, "billion": 1e9}
_UNITS = {
    "%": "percent", "prozent": "percent", "percent": "percent", "prozentpunkte": "percent", "€": "euro", "euro": "euro", "euros": "euro",
    "$": "dollar", "dollar": "dollar", "dollars": "dollar",
}  # fmt: skip
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<digits>\d+(?:[.,]\d+)*)(?!\w)|(?<!\w)(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?!\w)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[\s-]*(?P<scale>(?:Tausend|thousand|Million(?:en)?|Mio\.?|Milliarden?|Mrd\.?|Billion(?:en)?)(?!\w))?"
    r"[\s-]*(?P<unit>[%€$]|km/h|[^\W\d_]+)?",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:\.\s?(?P<m>\d{{1,2}})\.|\.?\s?(?P<month>{MONTHS}))\s?(?P<y>(?:19|20)\d\d)?|"
    rf"(?<!\w)(?P<only>{MONTHS})(?!\w)(?:\s(?P<od>\d{{1,2}})(?!\d))?,?\s?(?P<oy>(?:19|20)\d\d)?|"
    r"(?<!\w)(?P<season>Frühjahr|Frühling|Sommer|Herbst|Winter|spring|summer|autumn)(?!\w)\s?(?P<sy>(?:19|20)\d\d)?"
    r"(?:(?<=\d)[/–-](?P<ends>(?:(?:19|20)?\d\d)(?!\d)))?",
    re.IGNORECASE,
)
# the month in the middle of each: what lies two months from it may or may not be meant
_SEASONS = {"frühjahr": 4, "frühling": 4, "spring": 4, "sommer": 7, "summer": 7, "herbst": 10, "autumn": 10, "winter": 1}
# «im Mai 2026», «seit dem 3. Mai 2026», «in 2026»: when it is to have been, not «das Treffen vom 3. Mai 2026»
_WHEN = re.compile(
    rf"\b(?P<how>im|am|in|on|seit|ab|since|nach|after|vor|before|bis|until|Anfang|Mitte|Ende)\s"
    rf"(?:(?:zu[mr]|de[mnr]|Jahre?|year|Anfang|Mitte|Ende|{WEEKDAYS}),?\s)*(?P<what>{_DAY.pattern}|(?:19|20)\d\d(?!\w))",
    re.IGNORECASE,
)
_FROM_THEN_ON, _UNTIL_THEN, _UP_TO = ("seit", "ab", "since", "nach", "after"), ("vor", "before"), ("bis", "until")
_ONE_SIDED = (*_FROM_THEN_ON, *_UNTIL_THEN, *_UP_TO)
_BESIDE = re.compile(rf"\b(?:{'|'.join((*_FROM_THEN_ON, *_UNTIL_THEN))})\s", re.IGNORECASE)  # «nach dem Brand am 3. Mai 2026»: later
_SPEED = re.compile(
    r"\b(?:Stundenkilometer\w*|Kilometer\w* (?:pro|in der|je) Stunde|km/h|kilomet(?:er|re)s (?:per|an) hour|kph)(?!\w)", re.IGNORECASE
)
_MINUTES = {"sekund": 1 / 60, "second": 1 / 60, "minut": 1.0, "stund": 60.0, "hour": 60.0, "tag": 1440.0, "day": 1440.0, "woch": 10080.0,
            "week": 10080.0}  # fmt: skip
_PARTS = ("year", "month", "day")
_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d\d)(?![\d.,]*\d|\s?[%€$]|\s[A-ZÄÖÜ])(?:/\d\d(?!\d))?")
_ENDS_IN_NUMBER = re.compile(r"(?:\d|(?<!\w)(?:" + "|".join(_WORDS) + r"))$", re.IGNORECASE)
_COUNTED = re.compile(r"[\s\xa0]+(?:Millionen|Milliarden|Mio\.|Mrd\.)?[\s\xa0]*(?:[^\W\d_]+-)?[A-ZÄÖÜ€$%][\w-]*")
_FACTOR = 2.0
_DURATION = "minutes"
_MONTHS = {"jahr": 12.0, "year": 12.0, "monat": 1.0, "month": 1.0}
# «14 Uhr», «14.30 Uhr», «2:30 p.m.», and the first of «14 bis 18 Uhr»
_CLOCK = re.compile(
    r"(?<![\d.,:])(?P<h>[01]?\d|2[0-4])(?:[:.](?P<m>[0-5]\d))?"
    r"(?:\s?(?:Uhr(?!\w)(?:\s(?P<late>[0-5]\d)(?![\d.,]))?|(?P<half>[ap])\.?m\b\.?)|"
    r"(?=\s?(?:bis|und|[–-])\s?\d{1,2}(?:[:.]\d\d)?\s?Uhr(?!\w)))",
    re.IGNORECASE,
)
_BOUND = re.compile(r":|(?:\s?[^\W\d_]+-?)?\s?(?:\b(?:zu|gegen|bis|to)\b|[–-])\s?", re.IGNORECASE)  # «4:2», «20 Ja- gegen 13», «3 bis 5»
_AND = re.compile(r"\s*(?:und|and|,)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it counts, "" where that isn't said; it was given to the nearest `step`.

    `bound`: it makes one with the number before it, as in 4:2 and 14 to 18.
    """

    value: float
    step: float
    unit: str
    bound: bool = False


Moment = dict[str, str]  # day, month, year, season (the month in its middle), the year a winter ends in, as far as they are said


@dataclass(frozen=True, slots=True)
class Time:
    """When something is to have been: at a moment, from it on, before it or until it (`how`, as it is said)."""

    how: str
    moment: Moment

    def holds(self, day: date) -> bool:
        """Whether what was reported on a day fits: a day is reported on the next one too."""
        if self.how in _FROM_THEN_ON or self.how in _UNTIL_THEN:
            begins = tuple(int(self.moment.get(part, "0")) for part in _PARTS)
            return ((day.year, day.month, day.day) >= begins) is (self.how in _FROM_THEN_ON)
        if self.how in _UP_TO:
            said = [(int(self.moment[part]), getattr(day, part)) for part in _PARTS if part in self.moment]
            return [given for _, given in said] <= [ends for ends, _ in said]
        days = (day, day - timedelta(days=1)) if "day" in self.moment else (day,)
        return any(fits(self.moment, {"day": str(d.day), "month": str(d.month), "year": str(d.year)}) for d in days)

    def excludes(self, text: str) -> bool:
        """Whether a text gives dates, month and year at least, and none of them can be meant; not told of what began or ended then."""
        days = [day for day in moments(text) if "month" in day and "year" in day]
        return bool(days) and self.how not in _ONE_SIDED and all(fits(self.moment, day) is False for day in days)

    def days(self) -> tuple[date, date] | None:
        """The first and last day on which what is asked for was reported, a day after it at most; None where only one end is said."""
        if self.how in _ONE_SIDED or "season" in self.moment:
            return None
        year, month, day = (int(self.moment.get(part, "0")) for part in _PARTS)
        try:
            first = date(year, month or 1, day or 1)
        except ValueError:  # the 31st of June
            return None
        following = first if day else date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1) - timedelta(days=1)
        return first, following + timedelta(days=1)


def time_asked(question: str) -> Time | None:
    """When what a question asks for is to have been, None where it doesn't say so, or not the year."""
    match = _WHEN.search(question)
    if not match or _BESIDE.search(question[: match.start()]):
        return None
    said = moments(match["what"])
    return Time(match["how"].casefold(), said[0]) if said and "year" in said[0] else None


def relation(one: str, other: str) -> Relation:
    """Whether two spans, each of which answers the question, say the same.

    `different` only where both give a number of the same thing, a time or a date, and these can't both be right: other words may be other
    words for the same. `same` where all numbers, times or dates that one gives agree with the other's, or where neither has what the other
    could be compared with and one's words are all in the other.
    """
    found: list[Relation] = []
    days, clocks = (moments(one), moments(other)), (_clocks(one), _clocks(other))
    counts = _counted(one), _counted(other)
    if all(days):
        found.append(_compared(*days, fits))
    if all(clocks):
        found.append(_compared(*clocks, eq) if len(clocks[0]) == len(clocks[1]) else "unknown")
    if all(counts):
        found.append(_compared(*counts, _all_equal))
    if found:
        return next((said for said in found if said != "same"), "same")
    words = _content(one), _content(other)
    return "same" if words[0] and words[1] and (words[0] <= words[1] or words[1] <= words[0]) else "unknown"


def with_unit(text: str, start: int, end: int) -> str:
    """Characters `start` to `end` of `text`, with the noun that follows where they end in a number: what it counts."""
    unit = _COUNTED.match(text, end) if _ENDS_IN_NUMBER.search(text[start:end]) else None
    return text[start : unit.end()] if unit else text[start:end]


def rival(one: str, other: str) -> bool:
    """Whether two answers give another number of the same thing, near enough to be one at another time, or another date."""
    return relation(one, other) == "different" and _alike(one, other)


def _alike(one: str, other: str) -> bool:
    """Whether two amounts are near enough to be two accounts of one thing: within a factor of `_FACTOR`. True where nothing is counted."""
    counts = amounts(one), amounts(other)
    every = [_in_one_unit(a, b) for a in counts[0] for b in counts[1]]
    pairs = [(a.value, b.value) for a, b in every if a.value and b.value]
    if moments(one) or moments(other) or not pairs:
        return True
    return any(max(pair) <= _FACTOR * min(pair) for pair in pairs)


def _compared(one: Sequence[_T], other: Sequence[_T], agree: Callable[[_T, _T], bool | None]) -> Relation:
    """Whether each of the fewer has one of its own among the others that it agrees with; as many as them have to be in the same order.

    Different where these can all be compared in order, and differ, or where none agrees with any.
    """
    fewer, more = sorted((one, other), key=len)
    in_order = [agree(a, b) for a, b in zip(one, other, strict=False)] if len(one) == len(other) else []
    rest = list(more)
    for a in fewer:
        own = next((at for at, b in enumerate(rest) if agree(a, b)), None)
        if own is None:
            break
        del rest[own]
    else:
        return "unknown" if False in in_order else "same"
    pairs = in_order if in_order and None not in in_order else [agree(a, b) for a in fewer for b in more]
    return "different" if None not in pairs and (pairs is in_order or True not in pairs) else "unknown"


def _clocks(text: str) -> list[int]:
    """The times of day in a text, in minutes since midnight."""
    return [
        60 * (int(m["h"]) + 12 * ((m["half"] or "").casefold() == "p" and m["h"] != "12")) + int(m["m"] or m["late"] or 0)
        for m in _CLOCK.finditer(text)
    ]


def _counted(text: str) -> list[tuple[Amount, ...]]:
    """The numbers in a text that are no dates or times of day, those that are bound together as one."""
    found: list[tuple[Amount, ...]] = []
    for amount in amounts(_YEAR.sub(" ", _CLOCK.sub(" ", undated(text)))):
        if amount.bound and found:
            found[-1] = (*found[-1], amount)
        else:
            found.append((amount,))
    return found


def _all_equal(a: tuple[Amount, ...], b: tuple[Amount, ...]) -> bool | None:
    """None also for a number that lies between, or is one of, what is bound together in the other."""
    values = [[amount.value for amount in side] for side in (a, b)]
    if len(a) == len(b):
        if len(a) > 1:  # 20:13 isn't 18:13, rounded; but may be 13:20, told by the other side
            a, b = (tuple(replace(amount, step=0.0) for amount in side) for side in (a, b))
            if values[0] != values[1] and sorted(values[0]) == sorted(values[1]):
                return None
        pairs = [_equal(x, y) for x, y in zip(a, b, strict=True)]
        return None if None in pairs else all(pairs)
    apart = max(values[0]) < min(values[1]) or max(values[1]) < min(values[0])
    return False if apart and all(_equal(x, y) is False for x in a for y in b) else None


def _in_one_unit(a: Amount, b: Amount) -> tuple[Amount, Amount]:
    """Both in months where one is in years and the other in months. Years count as exact to the month: terms and sentences are."""
    if a.unit == b.unit or not (a.unit in _MONTHS and b.unit in _MONTHS):
        return a, b
    one, other = (Amount(x.value * _MONTHS[x.unit], min(x.step * _MONTHS[x.unit], 1.0), "monat") for x in (a, b))
    return one, other


def _equal(a: Amount, b: Amount) -> bool | None:
    """None where they count different things, or may be the same number, once rounded."""
    a, b = _in_one_unit(a, b)
    if a.unit and b.unit and a.unit != b.unit:
        return None
    apart = abs(a.value - b.value)
    if apart <= min(a.step, b.step) / 2:
        return True
    return None if apart <= max(a.step, b.step) / 2 else False


def fits(a: Moment, b: Moment) -> bool | None:
    """Whether two dates can be the same; None where they share nothing that could be compared, and at the edge of a season.

    None too for a season and a month whose years aren't both said, unless they lie far apart.
    """
    shared = [part for part in _PARTS if part in a and part in b]
    same = all(a[part] == b[part] for part in shared)
    if ("season" in a) is not ("season" in b):
        return _in_season(a, b) if "season" in a else _in_season(b, a)
    if "season" not in a or not same:
        return same if shared else None
    return a["season"] == b["season"]


def _in_season(season: Moment, other: Moment) -> bool | None:
    """Whether a month or year lies in a season; a winter's January is in its year or the next one, in the next one where both are said."""
    winter, middle = season["season"] == "1", int(season["season"])
    years = [int(moment["year"]) if "year" in moment else None for moment in (season, other)]
    own = [] if years[0] is None else [years[0], years[0] + 1] if winter else [years[0]]
    if "month" not in other:
        return years[1] in own if own and years[1] else None
    month = int(other["month"])
    if own and years[1]:
        own = own[-1:] if "ends" in season else own
        apart = min(abs(12 * (year - years[1]) + middle - month) for year in own)
    else:
        apart = min((middle - month) % 12, (month - middle) % 12)
    return False if apart > 2 else None if apart == 2 or not (own and years[1]) else True


def amounts(text: str) -> list[Amount]:
    """The numbers in a text, in order, with what each counts; a duration of several parts is one, in minutes."""
    found: list[Amount] = []
    before = end = 0
    text = _SPEED.sub("km/h", text)
    for match in _NUMBER.finditer(text):
        after = _AFTER.match(text, match.end())
        said = (after["scale"] or "").casefold() if after else ""
        scale = next((factor for name, factor in _SCALES.items() if said.startswith(name)), 1.0)
        unit = (after["unit"] or "").casefold() if after else ""
        digits = match["digits"]
        if digits:
            value, step = _value(digits)
        else:
            value, step = float(_WORDS[match["word"].casefold()]), 1.0
        amount = _timed(Amount(value * scale, step * scale, _UNITS.get(unit, _stem(unit))))
        joins = found and _AND.fullmatch(text, before, match.start()) is not None
        if joins and found[-1].unit == amount.unit == _DURATION and amount.step < found[-1].step:
            amount = replace(amount, value=found.pop().value + amount.value)
        elif joins and _MONTHS.get(found[-1].unit) == 12 and _MONTHS.get(amount.unit) == 1:
            amount = replace(amount, value=12 * found.pop().value + amount.value)
        elif found and _BOUND.fullmatch(text, end, match.start()):
            amount = replace(amount, bound=True)
        found.append(amount)
        before, end = after.end() if after else match.end(), match.end()
    return found


def _timed(amount: Amount) -> Amount:
    """A length of time in minutes; months and years have no fixed length and stay."""
    minutes = _MINUTES.get(amount.unit)
    return amount if minutes is None else Amount(amount.value * minutes, amount.step * minutes, _DURATION)


def _value(digits: str) -> tuple[float, float]:
    """Number and the place of its last digit that isn't a filling zero: 47,2 → (47.2, 0.1); 14.300 → (14300, 100)."""
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits)
    whole, _, part = (digits, "", "") if grouped else digits.replace(",", ".").partition(".")
    if grouped:
        whole = re.sub(r"\D", "", digits)
    elif "." in part:  # more than a number: a time, a version
        return float(re.sub(r"\D", "", digits)), 1.0
    if part:
        return float(f"{whole}.{part}"), 10.0 ** -len(part)
    filling = len(whole) - len(whole.rstrip("0"))
    return float(whole), 10.0 ** min(filling, len(whole) - 1)


def undated(text: str) -> str:
    """A text without its dates, whose numbers count nothing; years alone stay."""
    return _DAY.sub(" ", DATE.sub(" ", text))


def moments(text: str) -> list[Moment]:
    """The dates in a text, in order; years alone only where there is nothing more."""
    found = []
    for match in _DAY.finditer(text):
        named = match["month"] or match["only"]
        parts = {
            "day": match["d"] or match["od"],
            "month": str(month_of(named)) if named else match["m"],
            "year": match["y"] or match["oy"] or match["sy"],
            "season": str(_SEASONS[match["season"].casefold()]) if match["season"] else None,
            "ends": match["ends"],
        }
        found.append({name: part.casefold().lstrip("0") for name, part in parts.items() if part})
    if not found:
        found = [{"year": year} for year in _YEAR.findall(text)]
    return found


def _content(text: str) -> set[str]:
    return set(stems(text, "de"))


def _stem(word: str) -> str:
    return "".join(stems(word, "de")[:1])
