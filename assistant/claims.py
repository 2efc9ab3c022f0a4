"""Do two answers to one question say the same? Numbers, durations and dates are compared by what they mean."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from index.dates import DATE, MONTHS, month_of
from index.lexical import stems

Relation = Literal["same", "different", "unknown"]

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
    r"(?<!\w)(?P<season>Frühjahr|Frühling|Sommer|Herbst|Winter|spring|summer|autumn)(?!\w)\s?(?P<sy>(?:19|20)\d\d)?",
    re.IGNORECASE,
)
# the month in the middle of each: what lies two months from it may or may not be meant
_SEASONS = {"frühjahr": 4, "frühling": 4, "spring": 4, "sommer": 7, "summer": 7, "herbst": 10, "autumn": 10, "winter": 1}
# «im Mai 2026», «seit dem 3. Mai 2026», «in 2026»: when it is to have been, not «das Treffen vom 3. Mai 2026»
_WHEN = re.compile(
    rf"\b(?P<how>im|am|in|on|seit|ab|since|nach|after|vor|before)\s(?:(?:dem|Jahre?|year)\s)*(?P<what>{_DAY.pattern}|(?:19|20)\d\d(?!\w))",
    re.IGNORECASE,
)
_FROM_THEN_ON, _UNTIL_THEN = ("seit", "ab", "since", "nach", "after"), ("vor", "before")
_BESIDE = re.compile(rf"\b(?:{'|'.join((*_FROM_THEN_ON, *_UNTIL_THEN))})\s", re.IGNORECASE)  # «nach dem Brand am 3. Mai 2026»: later
_SPEED = re.compile(
    r"\b(?:Stundenkilometer\w*|Kilometer\w* (?:pro|in der|je) Stunde|km/h|kilomet(?:er|re)s (?:per|an) hour|kph)(?!\w)", re.IGNORECASE
)
_MINUTES = {"sekund": 1 / 60, "second": 1 / 60, "minut": 1.0, "stund": 60.0, "hour": 60.0, "tag": 1440.0, "day": 1440.0, "woch": 10080.0,
            "week": 10080.0}  # fmt: skip
_PARTS = ("day", "month", "year")
_ENDS_IN_NUMBER = re.compile(r"(?:\d|(?<!\w)(?:" + "|".join(_WORDS) + r"))$", re.IGNORECASE)
_COUNTED = re.compile(r"[\s\xa0]+(?:Millionen|Milliarden|Mio\.|Mrd\.)?[\s\xa0]*(?:[^\W\d_]+-)?[A-ZÄÖÜ€$%][\w-]*")
_FACTOR = 2.0
_DURATION = "minutes"
_AND = re.compile(r"\s*(?:und|and|,)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it counts, "" where that isn't said; it was given to the nearest `step`."""

    value: float
    step: float
    unit: str


Moment = dict[str, str]  # day, month, year, season (the month in its middle), as far as they are said


@dataclass(frozen=True, slots=True)
class Time:
    """When something is to have been: at a moment, or from it on, or before it (`how`, as it is said)."""

    how: str
    moment: Moment

    def holds(self, day: date) -> bool:
        """Whether what was reported on a day fits: a day is reported on the next one too."""
        if self.how in _FROM_THEN_ON or self.how in _UNTIL_THEN:
            begins = tuple(int(self.moment.get(part, "0")) for part in ("year", "month", "day"))
            return ((day.year, day.month, day.day) >= begins) is (self.how in _FROM_THEN_ON)
        days = (day, day - timedelta(days=1)) if "day" in self.moment else (day,)
        return any(fits(self.moment, {"day": str(d.day), "month": str(d.month), "year": str(d.year)}) for d in days)


def time_asked(question: str) -> Time | None:
    """When what a question asks for is to have been, None where it doesn't say so, or not the year."""
    match = _WHEN.search(question)
    if not match or _BESIDE.search(question[: match.start()]):
        return None
    said = moments(match["what"])
    return Time(match["how"].casefold(), said[0]) if said and "year" in said[0] else None


def relation(one: str, other: str) -> Relation:
    """Whether two spans, each of which answers the question, say the same.

    `different` only where both give a number of the same thing or a date, and these can't both be right: other words may be other words
    for the same. `same` where the numbers or dates agree, or where one span's words are all in the other.
    """
    days = moments(one), moments(other)
    if days[0] and days[1]:
        return _compared([fits(a, b) for a in days[0] for b in days[1]])
    counts = amounts(one), amounts(other)
    if counts[0] and counts[1]:
        return _compared([_equal(a, b) for a in counts[0] for b in counts[1]])
    words = _content(one), _content(other)
    return "same" if words[0] and words[1] and (words[0] <= words[1] or words[1] <= words[0]) else "unknown"


def with_unit(text: str, start: int, end: int) -> str:
    """Characters `start` to `end` of `text`, with the noun that follows where they end in a number: what it counts."""
    unit = _COUNTED.match(text, end) if _ENDS_IN_NUMBER.search(text[start:end]) else None
    return text[start : unit.end()] if unit else text[start:end]


def alike(one: str, other: str) -> bool:
    """Whether two amounts are near enough to be two accounts of one thing: within a factor of `_FACTOR`. True where nothing is counted."""
    counts = amounts(one), amounts(other)
    pairs = [(a.value, b.value) for a in counts[0] for b in counts[1] if a.value and b.value]
    if moments(one) or moments(other) or not pairs:
        return True
    return any(max(pair) <= _FACTOR * min(pair) for pair in pairs)


def _compared(pairs: list[bool | None]) -> Relation:
    """One pair that agrees is enough; without one, every pair that can be compared has to differ, and there has to be one."""
    if True in pairs:
        return "same"
    return "different" if False in pairs and None not in pairs else "unknown"


def _equal(a: Amount, b: Amount) -> bool | None:
    """None where they count different things, or may be the same number, once rounded."""
    if a.unit and b.unit and a.unit != b.unit:
        return None
    apart = abs(a.value - b.value)
    if apart <= min(a.step, b.step) / 2:
        return True
    return None if apart <= max(a.step, b.step) / 2 else False


def fits(a: Moment, b: Moment) -> bool | None:
    """Whether two dates can be the same; None where they share nothing that could be compared, and at the edge of a season."""
    shared = [part for part in _PARTS if part in a and part in b]
    same = all(a[part] == b[part] for part in shared)
    middles = [moment.get("season") or moment.get("month") for moment in (a, b)]
    if not same or not ("season" in a or "season" in b) or None in middles:
        return same if shared else None
    apart = abs(int(middles[0] or 0) - int(middles[1] or 0)) % 12
    apart = min(apart, 12 - apart)
    return None if apart == 2 else apart < 2


def amounts(text: str) -> list[Amount]:
    """The numbers in a text, in order, with what each counts; a duration of several parts is one, in minutes."""
    found: list[Amount] = []
    before = 0
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
        joined = found and found[-1].unit == amount.unit == _DURATION and amount.step < found[-1].step
        if joined and _AND.fullmatch(text, before, match.start()):
            amount = Amount(found[-1].value + amount.value, amount.step, _DURATION)
            found.pop()
        found.append(amount)
        before = after.end() if after else match.end()
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
        }
        found.append({name: part.casefold().lstrip("0") for name, part in parts.items() if part})
    if not found:
        found = [{"year": year} for year in re.findall(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]*\d|\s?[%€$]|\s[A-ZÄÖÜ])", text)]
    return found


def _content(text: str) -> set[str]:
    return set(stems(text, "de"))


def _stem(word: str) -> str:
    return "".join(stems(word, "de")[:1])
