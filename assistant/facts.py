"""Numbers with units and points in time in German prose, as values that can be compared."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.dates import MONTHS, month_of

_TO_TWELVE = ("null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
_SPELLED = {name: float(value) for value, name in enumerate(_TO_TWELVE)} | {
    "eins": 1.0, "sechzehn": 16.0, "siebzehn": 17.0, "zwanzig": 20.0, "dreissig": 30.0, "vierzig": 40.0,
    "fünfzig": 50.0, "sechzig": 60.0, "siebzig": 70.0, "achtzig": 80.0, "neunzig": 90.0, "dutzend": 12.0, "anderthalb": 1.5,
    "doppelt": 2.0, "zweimal": 2.0, "dreimal": 3.0,
}  # fmt: skip
_FRACTIONS = {"hälfte": 1 / 2, "halbe": 1 / 2, "halben": 1 / 2, "halber": 1 / 2, "drittel": 1 / 3, "viertel": 1 / 4, "fünftel": 1 / 5,
              "zehntel": 1 / 10, "dreiviertel": 3 / 4}  # fmt: skip
_SCALES = {"tausend": 1e3, "million": 1e6, "millionen": 1e6, "mio": 1e6, "milliarde": 1e9, "milliarden": 1e9, "mrd": 1e9, "billionen": 1e12}
# unit → what it measures, and how many of the base unit it is
_MEASURES: dict[str, tuple[str, float]] = {
    "%": ("percent", 1), "prozent": ("percent", 1), "prozentpunkt": ("percent", 1), "prozentpunkte": ("percent", 1),
    "prozentpunkten": ("percent", 1), "promille": ("percent", 0.1), "€": ("euro", 1), "euro": ("euro", 1), "cent": ("euro", 0.01),
    "$": ("dollar", 1), "dollar": ("dollar", 1), "franken": ("franc", 1), "pfund": ("pound", 1), "fuss": ("length", 0.3048),
    "meter": ("length", 1), "metern": ("length", 1), "zentner": ("mass", 50), "tonne": ("mass", 1000), "tonnen": ("mass", 1000),
    "gramm": ("mass", 0.001), "grad": ("degree", 1), "hektar": ("area", 1e4), "quadratmeter": ("area", 1),
    "quadratkilometer": ("area", 1e6),
    "liter": ("volume", 1), "kubikmeter": ("volume", 1000), "meile": ("length", 1609), "meilen": ("length", 1609),
    "sekunde": ("time", 1), "minute": ("time", 60), "stunde": ("time", 3600), "tag": ("time", 86400), "woche": ("time", 604800),
    "monat": ("months", 1), "quartal": ("months", 3), "jahr": ("months", 12), "jahrzehnt": ("months", 120), "uhr": ("clock", 1),
    "watt": ("power", 1), "wattstunde": ("energy", 1), "byte": ("data", 1), "bit": ("bits", 1), "volt": ("voltage", 1),
    "autominute": ("drive", 60), "fahrminute": ("drive", 60),
}  # fmt: skip
_PREFIXES = {"milli": 1e-3, "zenti": 1e-2, "kilo": 1e3, "mega": 1e6, "giga": 1e9, "tera": 1e12}
_AGES = (("jährig", ("months", 12.0)), ("monatig", ("months", 1.0)), ("wöchig", ("time", 604800.0)), ("tägig", ("time", 86400.0)),
         ("stündig", ("time", 3600.0)), ("minütig", ("time", 60.0)))  # «29-jährig»
_SHORT = {"km": ("length", 1e3), "cm": ("length", 1e-2), "mm": ("length", 1e-3), "m": ("length", 1.0), "kg": ("mass", 1.0),
          "kwh": ("energy", 1e3), "mw": ("power", 1e6)}  # fmt: skip
_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_SEASONS = ("frühjahr", "frühling", "sommer", "herbst", "winter")
_MOMENT = re.compile(
    rf"(?<![\d.,])(?P<d>\d{{1,2}})\.\s?(?:(?P<m>\d{{1,2}})\.|(?P<month>{MONTHS})(?!\w))\s?(?P<y>(?:19|20)\d\d)?|"
    r"(?<![\d-])(?P<iy>(?:19|20)\d\d)-(?P<im>\d\d)-(?P<id>\d\d)(?!\d)|"
    rf"(?<!\w)(?P<only>{MONTHS})(?!\w)(?:\s(?P<oy>(?:19|20)\d\d))?|"
    rf"(?<!\w)(?P<weekday>{'|'.join(_WEEKDAYS)}|sonnabend)(?:s|abend|morgen|nachmittag|vormittag|mittag|nacht)*(?!\w)|"
    r"(?<!\w)(?P<near>vorgestern|gestern|heute|übermorgen)(?!\w)|"
    rf"(?<!\w)(?P<season>{'|'.join(_SEASONS)})s?(?!\w)(?:\s(?P<sy>(?:19|20)\d\d))?|"
    r"(?<![\d.,:–-])(?P<year>(?:19|20)\d\d)(?![\d:]|[.,]\d|\s?[%€$]|\s(?!und|bis|oder|mit|rund|seit|gibt|gab|war|wird|nicht|noch)(?-i:[A-ZÄÖÜ]))",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,:]\d+)*(?=\D|$)|[^\W\d_]+")
_UNIT = re.compile(r"[\s\xa0-]*([%€$]|[^\W\d_]+)")
_ABOVE = re.compile(r"\b(?:mehr als|über|gut|mindestens|wenigstens)\s+(?:ein(?:e[mnr]?)?\s+)?$", re.IGNORECASE)
_BELOW = re.compile(r"\b(?:weniger als|unter|knapp|fast|nahezu|höchstens|beinahe)\s+(?:ein(?:e[mnr]?)?\s+)?$", re.IGNORECASE)
_ROUGH = re.compile(r"\b(?:rund|etwa|ungefähr|circa|ca\.|gegen|gut|knapp|fast)\s+(?:ein(?:e[mnr]?)?\s+)?$", re.IGNORECASE)
MINUS = r"(?<![^\s(\[])(?<!\d\s)[-−–](?=\d)"  # right before a number: neither a range's dash nor a compound's hyphen
_NEGATIVE = re.compile(rf"\bminus\s|{MINUS}", re.IGNORECASE)
_MARGIN = 0.15  # how far a bound may lie from the value: «mehr als 900» for 940, not for 2000
_ROUNDING = 0.05


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the base unit of what it measures ("" where it counts something, then `noun` says what), at `start` to `end`."""

    value: float
    measure: str
    noun: str
    bound: str  # "", "above", "below", "rough"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Points in time that an expression may mean, each (year, month, day) with None where unsaid; `word` is a weekday or a season."""

    points: tuple[tuple[int | None, int | None, int | None], ...]
    word: str
    start: int
    end: int


def spelled(word: str) -> float | None:
    """The value of a number written as a word («vierundachtzigtausend»), None where it is none."""
    if word in _SPELLED:
        return _SPELLED[word]
    for name, factor in (("tausend", 1000.0), ("hundert", 100.0)):
        head, found, tail = word.partition(name)
        if found:
            first = spelled(head) if head else 1.0
            rest = spelled(tail.removeprefix("und")) if tail else 0.0
            return first * factor + rest if first is not None and rest is not None else None
    if word.endswith("zehn") and word[:-4] in _SPELLED:
        return _SPELLED[word[:-4]] + 10
    ones, found, tens = word.partition("und")
    if found and ones in _SPELLED and tens in _SPELLED and _SPELLED[tens] >= 20 and _SPELLED[ones] < 10:
        return _SPELLED[ones] + _SPELLED[tens]
    half = re.fullmatch(r"(\w+?)(?:ein)?halb", word)
    if half and half[1] in _SPELLED:
        return _SPELLED[half[1]] + 0.5
    return None


def moments(text: str, published: date | None) -> list[Moment]:
    """The points in time in `text`; weekdays and «gestern» seen from the day it was published."""
    found = []
    for match in _MOMENT.finditer(text):
        part = match.groupdict()
        name = part["month"] or part["only"]
        word, points = "", []
        if part["weekday"]:
            word = part["weekday"].casefold().replace("sonnabend", "samstag")
            points = _weekdays(word, published)
        elif part["near"]:
            shift = {"vorgestern": -2, "gestern": -1, "heute": 0, "übermorgen": 2}[part["near"].casefold()]
            points = [_point(published + timedelta(shift))] if published else []
            word = part["near"].casefold()
        else:
            if name and name[0].islower():
                continue  # no month: «mar», «jan» inside other languages' words
            year = part["y"] or part["iy"] or part["oy"] or part["sy"] or part["year"]
            month = month_of(name) if name else int(part["m"] or part["im"] or 0) or None
            day = int(part["d"] or part["id"] or 0) or None
            points = [(int(year) if year else None, month, day)]
            word = "frühjahr" if (part["season"] or "").casefold() == "frühling" else (part["season"] or "").casefold()
        found.append(Moment(tuple(points), word, match.start(), match.end()))
    return found


def same_time(said: Moment, source: Moment, published: date | None) -> bool:
    """Whether `source` carries what was `said`: no finer, and nothing in it different."""
    if said.word in _SEASONS or source.word in _SEASONS:
        return said.word == source.word and all(_within(a, b, published) for a, b in zip(said.points, source.points, strict=True))
    if said.word and said.word == source.word:
        return True
    return any(_within(a, b, published) for a in said.points for b in source.points)


def _within(said: tuple[int | None, ...], source: tuple[int | None, ...], published: date | None) -> bool:
    if said[0] and source[0] is None:
        near = published is not None and abs(said[0] - published.year) <= (1 if source[1] else 0)
        if not near or (published and source[1] and not _nearest(said[0], source[1], published)):
            return False
    return all(a is None or a == b or (i == 0 and b is None) for i, (a, b) in enumerate(zip(said, source, strict=True)))


def _nearest(year: int, month: int, published: date) -> bool:
    """A month without its year is the one within half a year of the article's day."""
    return abs((year - published.year) * 12 + month - published.month) <= 6 or year == published.year


def _weekdays(name: str, published: date | None) -> list[tuple[int | None, int | None, int | None]]:
    if published is None:
        return []
    ahead = (_WEEKDAYS.index(name) - published.weekday()) % 7
    return [_point(published + timedelta(ahead - 7 if ahead else 0)), _point(published + timedelta(ahead))]


def _point(day: date) -> tuple[int | None, int | None, int | None]:
    return day.year, day.month, day.day


def numbers(text: str) -> list[Number]:
    """The numbers in `text`, those of its dates left out. «ein» alone is an article."""
    taken = [(m.start, m.end) for m in moments(text, None)]
    negative = {m.end() for m in _NEGATIVE.finditer(text)}
    found: list[Number] = []
    for match in _NUMBER.finditer(text):
        if any(a <= match.start() < b for a, b in taken) or (found and match.start() < found[-1].end):
            continue
        word = match.group().casefold()
        end, measure = match.end(), ""
        if word[0].isdigit():
            value = _value(word)
            if value is None or (":" in word):
                found.append(Number(_score(word), "score", word, "", match.start(), end))
                continue
        else:
            after = _UNIT.match(text, end)
            fraction = _fraction(word)
            if fraction is not None:
                value, measure = fraction, "fraction"
            elif word in ("ein", "eine", "einer", "einem", "einen"):
                counted = after[1].casefold() if after else ""
                if counted not in _SCALES and not counted.startswith("zehntelprozent"):
                    continue
                value = 1.0
            else:
                value = spelled(word)
            if value is None:
                continue
        before = text[: match.start()]
        sign = -1.0 if match.start() in negative else 1.0
        unit = _UNIT.match(text, end)
        if unit and unit[1].casefold() in _SCALES:
            value, end = value * _SCALES[unit[1].casefold()], unit.end() + (text[unit.end() : unit.end() + 1] == ".")
            unit = _UNIT.match(text, end)
        elif unit and unit[1].casefold() in _FRACTIONS and measure != "fraction":
            value, end, measure = value * _FRACTIONS[unit[1].casefold()], unit.end(), "fraction"
            unit = _UNIT.match(text, end)
        noun = ""
        known = _measure(unit[1].casefold()) if unit else None
        if known and unit:
            measure, factor = known
            value, end = value * factor, unit.end()
        elif unit and (unit[1][0].isupper() or text[end : end + 1] == "-"):
            noun = unit[1].casefold()
        bound = "above" if _ABOVE.search(before) else "below" if _BELOW.search(before) else "rough" if _ROUGH.search(before) else ""
        found.append(Number(sign * value, measure, noun, bound, match.start(), end))
    return _with_shared_units(text, found)


def _with_shared_units(text: str, found: list[Number]) -> list[Number]:
    """«von 48 auf 36 Millionen Euro»: the first number counts what the second does."""
    for i in range(len(found) - 2, -1, -1):
        one, other = found[i], found[i + 1]
        if one.measure or one.noun or not (other.measure or other.noun) or other.measure == "score":
            continue
        if re.fullmatch(r"\s(?:auf|bis|und|oder|statt|to|from|von)\s(?:minus\s|[-−–])?", text[one.end : other.start]):
            plain = re.match(r"[\d.,]+|\w+", text[other.start :])
            own = plain and (_value(plain.group()) if plain.group()[0].isdigit() else spelled(plain.group().casefold()))
            factor = abs(other.value) / own if own else 1.0
            found[i] = replace(one, value=one.value * factor, measure=other.measure, noun=other.noun)
    return found


def _fraction(word: str) -> float | None:
    if word in _FRACTIONS:
        return _FRACTIONS[word]
    tenth = re.fullmatch(r"(drittel|viertel|fünftel|zehntel)(?:prozent\w*|e[rn]?)?", word)
    return _FRACTIONS[tenth[1]] if tenth else None


def _measure(word: str) -> tuple[str, float] | None:
    if word in _SHORT:
        return _SHORT[word]
    if re.fullmatch(r"zehntelprozent(?:punkt\w*)?", word):
        return "percent", 0.1
    for begin, measured in _AGES:
        if word.startswith(begin):
            return measured
    for form in (word, word.removesuffix("n"), word.removesuffix("en"), word.removesuffix("e"), word.removesuffix("s")):
        if form in _MEASURES:
            return _MEASURES[form]
        for prefix, factor in _PREFIXES.items():
            if form.startswith(prefix) and form[len(prefix) :] in _MEASURES:
                what, base = _MEASURES[form[len(prefix) :]]
                return what, base * factor
    return None


def same_number(said: Number, source: Number) -> bool:
    """Whether `source` carries the number that was `said`, rounding and bounds taken at their word."""
    if said.measure != source.measure:
        return False
    if said.measure == "score":
        return said.noun == source.noun
    a, b = said.value, source.value
    if abs(a - b) <= 1e-6 * max(1.0, abs(a)):
        return said.bound in ("", source.bound) or said.bound == "rough"
    if _digits(a) >= _digits(b):  # no rounding: as exact as the source, or more
        return False
    if said.bound == "above":
        return a < b <= a * (1 + _MARGIN)
    if said.bound == "below":
        return a * (1 - _MARGIN) <= b < a
    return said.bound == "rough" and abs(a - b) <= _ROUNDING * abs(a)


def _digits(value: float) -> int:
    """How many digits a number has before its filling zeros."""
    return len(f"{abs(value):.6f}".rstrip("0").replace(".", "").strip("0"))


def _value(digits: str) -> float | None:
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits):
        digits = digits.replace(".", "")
    try:
        return float(digits.replace(",", "."))
    except ValueError:
        return None


def _score(word: str) -> float:
    return float(re.sub(r"\D", "", word) or 0)
