"""Sentences with one thing changed, so that what carried them no longer does: what a network learns to look closely from.

A network that sees only authored sentences in other words takes every near-copy of its passage for carried. These are made without an
author: a word exchanged, put in, turned round or left out. That some come out odd does no harm; that one stays true is rare.
"""

import random
import re
from collections.abc import Callable, Sequence

_OPPOSITES = (
    ("mehr", "weniger"), ("größer", "kleiner"), ("höher", "niedriger"), ("stieg", "sank"), ("stiegen", "sanken"), ("steigt", "sinkt"),
    ("steigen", "sinken"), ("gestiegen", "gesunken"), ("vor", "nach"), ("seit", "bis"), ("ab", "bis"), ("alle", "einige"),
    ("viele", "wenige"),
    ("erste", "letzte"), ("ersten", "letzten"), ("früher", "später"), ("über", "unter"), ("gewann", "verlor"), ("gewonnen", "verloren"),
    ("öffnet", "schließt"), ("Einfuhr", "Ausfuhr"), ("begrüßt", "kritisiert"), ("begrüßte", "kritisierte"), ("Anfang", "Ende"),
    ("Norden", "Süden"), ("Westen", "Osten"), ("älter", "jünger"), ("schneller", "langsamer"), ("erhöht", "gesenkt"),
    ("erlaubt", "verboten"),
    ("dafür", "dagegen"), ("Gewinn", "Verlust"), ("länger", "kürzer"), ("teurer", "billiger"), ("besser", "schlechter"), ("neue", "alte"),
    ("neuen", "alten"), ("mit", "ohne"), ("für", "gegen"), ("immer", "nie"), ("zwei", "drei"), ("vier", "fünf"), ("beide", "keine"),
    ("halbiert", "verdoppelt"), ("zugestimmt", "widersprochen"), ("bestätigt", "bestritten"), ("bestätigte", "bestritt"),
    ("mindestens", "höchstens"), ("knapp", "gut"), ("Mehrheit", "Minderheit"), ("Zunahme", "Abnahme"), ("aus", "nach"), ("weil", "obwohl"),
)  # fmt: skip
_SERIES = (
    ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"),
    ("Hektar", "Quadratmeter", "Quadratkilometer"), ("Millionen", "Milliarden", "Tausend"), ("Euro", "Dollar", "Franken"),
    ("Kilometer", "Meter", "Meilen"), ("Tonnen", "Kilogramm", "Gramm"), ("Stunden", "Minuten", "Tage", "Wochen", "Monate", "Jahre"),
    ("Frühjahr", "Sommer", "Herbst", "Winter"),
)  # fmt: skip
_SURER = (
    ("könnte", "wird"), ("könnten", "werden"), ("soll", "muss"), ("sollen", "müssen"), ("will", "darf"), ("wollen", "müssen"), ("wohl", ""),
    ("offenbar", ""), ("angeblich", ""), ("voraussichtlich", ""),
)  # fmt: skip
_OF = {word: series for series in (*_OPPOSITES, *_SERIES) for word in series}
_WORD = re.compile(r"\w[\w-]*")
_NOUN = re.compile(r"(?<=\s)[A-ZÄÖÜ][a-zäöüß-]{3,}(?!\w)")
_NAME = re.compile(r"(?<![\w-])[A-ZÄÖÜ][a-zäöüß]+ [A-ZÄÖÜ][a-zäöüß]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?(?![\w-])")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
_PHRASE = re.compile(
    r"(?<=\s)(?:wegen|aus|mit|ohne|nach|in|für|bei|durch|auf|trotz|im|am|zum)\s(?:(?:der|dem|den|des|einer|einem|einen)\s)?"
    r"(?:[a-zäöüß]+e[nmrs]?\s)?[A-ZÄÖÜ][\w-]+"
)
_LOWER = re.compile(r"(?<=\s)[a-zäöüß]{4,}(?:en|er|es|em|e)(?=\s[A-ZÄÖÜ])")
_CLAUSE = re.compile(r"(,\s(?:der|die|das|dem|den|deren|dessen|denen)\s[^,]+)(?:,(?=\s)|([.!])$)")
_SUBORDINATE = re.compile(r",\s(?:weil|während|nachdem|wobei|indem|damit|da)\s[^„“»«]+([.!])$")
_WHEN = re.compile(r"\s(?:am|im)\s(?:(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|[A-ZÄÖÜ][a-zäöü]+abend)(?=\s[a-zäöü])")
_WEIGHTY = {"keine", "keinen", "keiner", "alle", "allen", "aller", "viele", "vielen", "einige", "einigen", "wenige", "wenigen", "mehrere",
            "geplante", "geplanten", "angebliche", "angeblichen", "mögliche", "möglichen", "ehemalige", "ehemaligen", "erste", "ersten",
            "letzte", "letzten", "seine", "ihre", "eine", "einen", "einer", "diese", "diesen", "dieser", "jede",
            "jeden", "jeder"}  # fmt: skip
_END = re.compile(r"\s(\w+)([.!]?[“”\"»«]?)$")


def changed(sentence: str, passage: str, elsewhere: str, draw: random.Random) -> tuple[str, str] | None:
    """The kind of change and the sentence after it; None where nothing could be changed. `elsewhere` is a text to take words from."""
    ways = list(_WAYS.items())
    draw.shuffle(ways)
    for kind, way in ways:
        found = way(sentence, passage, elsewhere, draw)
        if found and found != sentence and found not in passage:
            return kind, found
    return None


def shortened(sentence: str, draw: random.Random) -> str:
    """The sentence with something left out that takes nothing from the truth of the rest; "" where nothing can be."""
    ways = [_head(sentence), _CLAUSE.sub(r"\2", sentence), _SUBORDINATE.sub(r"\1", sentence), _WHEN.sub("", sentence, count=1)]
    adjectives = [m for m in _LOWER.finditer(sentence) if m.group() not in _WEIGHTY and m.group() not in _OF]
    if adjectives:
        match = draw.choice(adjectives)
        ways.append(sentence[: match.start()] + sentence[match.end() + 1 :])
    fitting = [way for way in ways if way != sentence and len(way.split()) > 3]
    return draw.choice(fitting) if fitting else ""


def _head(sentence: str) -> str:
    """What stands before an «und» that follows on a participle: a whole clause."""
    found = re.match(r"(.{20,}?\s(?:ge)?[a-zäöüß]{3,}(?:t|en)) und [^,]+([.!])$", sentence)
    return found[1] + found[2] if found else sentence


def _replaced(text: str, match: re.Match[str], by: str) -> str:
    return text[: match.start()] + by + text[match.end() :]


def _other(found: Sequence[str], not_these: str, draw: random.Random) -> str:
    fitting = sorted({word for word in found if word.casefold()[:5] not in not_these.casefold()})
    return draw.choice(fitting) if fitting else ""


def _opposite(sentence: str, _passage: str, _elsewhere: str, draw: random.Random) -> str:
    places = [m for m in _WORD.finditer(sentence) if m.group() in _OF]
    if not places:
        return ""
    match = draw.choice(places)
    return _replaced(sentence, match, draw.choice([word for word in _OF[match.group()] if word != match.group()]))


def _number(sentence: str, passage: str, _elsewhere: str, draw: random.Random) -> str:
    places = list(_NUMBER.finditer(sentence))
    if not places:
        return ""
    match = draw.choice(places)
    others = [other for other in _NUMBER.findall(passage) if other not in sentence]
    if others and draw.random() < 0.5:
        return _replaced(sentence, match, draw.choice(others))
    digits = list(match.group())
    at = draw.choice([i for i, digit in enumerate(digits) if digit.isdigit()])
    digits[at] = draw.choice([digit for digit in "123456789" if digit != digits[at]])
    return _replaced(sentence, match, "".join(digits))


def _name(sentence: str, passage: str, elsewhere: str, draw: random.Random) -> str:
    places = list(_NAME.finditer(sentence))
    by = _other(_NAME.findall(passage), sentence, draw) or _other(_NAME.findall(elsewhere), sentence + passage, draw)
    return _replaced(sentence, draw.choice(places), by) if places and by else ""


def _noun(sentence: str, passage: str, elsewhere: str, draw: random.Random) -> str:
    places = list(_NOUN.finditer(sentence))
    by = _other(_NOUN.findall(passage if draw.random() < 0.5 else elsewhere), sentence, draw)
    return _replaced(sentence, draw.choice(places), by) if places and by else ""


def _adjective(sentence: str, _passage: str, elsewhere: str, draw: random.Random) -> str:
    places = list(_LOWER.finditer(sentence))
    by = _other(_LOWER.findall(elsewhere), sentence, draw)
    return _replaced(sentence, draw.choice(places), by) if places and by else ""


def _exchanged(sentence: str, _passage: str, _elsewhere: str, draw: random.Random) -> str:
    """Two names or nouns in each other's places."""
    places = list(_NAME.finditer(sentence)) if draw.random() < 0.5 else list(_NOUN.finditer(sentence))
    if len(places) < 2:
        return ""
    one, other = sorted(draw.sample(places, 2), key=lambda m: m.start())
    between = sentence[one.end() : other.start()]
    if re.fullmatch(r"\s*(?:,|und|oder|sowie)\s*", between) or one.group()[:5] == other.group()[:5]:
        return ""
    return sentence[: one.start()] + other.group() + between + one.group() + sentence[other.end() :]


def _put_in(sentence: str, passage: str, elsewhere: str, draw: random.Random) -> str:
    """Something that the passage doesn't say: before the last word, or before a noun."""
    phrase = _other(_PHRASE.findall(elsewhere), passage, draw)
    word = _other(_LOWER.findall(elsewhere), passage, draw)
    nouns = list(_NOUN.finditer(sentence))
    if word and nouns and draw.random() < 0.4:
        at = draw.choice(nouns).start()
        return f"{sentence[:at]}{word} {sentence[at:]}"
    end = _END.search(sentence)
    return f"{sentence[: end.start()]} {phrase} {end[1]}{end[2]}" if phrase and end else ""


def _denied(sentence: str, _passage: str, _elsewhere: str, draw: random.Random) -> str:
    for there, by in ((" nicht ", " "), (" keine ", " eine "), (" kein ", " ein "), (" keinen ", " einen ")):
        if there in sentence:
            return sentence.replace(there, by, 1)
    for there, by in ((" eine ", " keine "), (" ein ", " kein "), (" einen ", " keinen ")):
        if there in sentence and draw.random() < 0.5:
            return sentence.replace(there, by, 1)
    end = _END.search(sentence)
    return f"{sentence[: end.start()]} nicht {end[1]}{end[2]}" if end else ""


def _certain(sentence: str, _passage: str, _elsewhere: str, _draw: random.Random) -> str:
    return next((sentence.replace(f" {there} ", f" {by} ".replace("  ", " "), 1) for there, by in _SURER if f" {there} " in sentence), "")


def _joined(sentence: str, passage: str, _elsewhere: str, draw: random.Random) -> str:
    """The first half of the sentence with the second half of another one."""
    halves = sentence.split(", ", 1)
    others = [part.split(", ", 1)[1] for part in re.split(r"(?<=[.!?])\s", passage) if ", " in part and halves[0] not in part]
    return f"{halves[0]}, {draw.choice(others)}" if len(halves) == 2 and others else ""


_WAYS: dict[str, Callable[[str, str, str, random.Random], str]] = {
    "opposite": _opposite, "number": _number, "name": _name, "noun": _noun, "adjective": _adjective, "exchanged": _exchanged,
    "put in": _put_in, "denied": _denied, "certain": _certain, "joined": _joined,
}  # fmt: skip
