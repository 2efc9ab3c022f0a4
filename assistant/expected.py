"""What kind of thing a question asks for, and where a text has it: dates, amounts, durations. The rest is the reader's."""

import re
from typing import Literal

from index.dates import DATE, MONTHS, WEEKDAYS

Kind = Literal["date", "duration", "percent", "amount"]

_NUMBER_WORD = (
    r"(?:null|eine[rmns]?|ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|"
    r"(?:zwan|vier|fünf|sech|sieb|acht|neun)zig|dreißig|hundert|tausend|anderthalb|zweieinhalb|dutzende|hunderte|tausende|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|dozens)"
)
_DIGITS = r"\d+(?:[.,:]\d+)*"
_VALUE = rf"(?:{_DIGITS}(?:\s?(?:bis|–|-|to)\s?{_DIGITS})?|{_NUMBER_WORD}(?:\s(?:bis|to)\s{_NUMBER_WORD})?)"
_SCALE = r"(?:\s(?:Millionen|Milliarden|Mio\.?|Mrd\.?|Tausend|million|billion|thousand))?"
_TIME_UNIT = (
    r"(?:Sekunden?|Minuten?|Stunden?|Tage?n?|Wochen?|Monate?n?|Jahre?n?|Jahrzehnte?n?|seconds?|minutes?|hours?|days?|weeks?|months?|years?)"
)
_FORMS: dict[Kind, re.Pattern[str]] = {
    "date": re.compile(
        rf"{DATE.pattern}|(?<!\w)\d{{1,2}}\.\s(?:{MONTHS})(?!\w)|(?<!\w)(?:{MONTHS})\s(?:19|20)\d\d|(?:(?:Anfang|Mitte|Ende|early|late|mid)\s)"
        rf"(?:{MONTHS}|(?:19|20)\d\d)(?:\s(?:19|20)\d\d)?|(?:(?:19|20)\d\d)(?!\w)|(?<!\w){WEEKDAYS}(?!\w)|"
        rf"(?<!\w)(?:{MONTHS})(?!\w)"
    ),
    "duration": re.compile(
        rf"(?<!\w){_VALUE}(?:-|\s){_TIME_UNIT}(?!\w)"
        rf"(?!\s(?:nach|vor|später|früher|zuvor|danach|ago|after|before|later|earlier)\b)|"
        rf"(?<!\w)\w*(?:sekündig|minütig|stündig|tägig|wöchig|monatig|jährig)\w*",
        re.IGNORECASE,
    ),
    "percent": re.compile(rf"(?<![\w,.]){_VALUE}\s?(?:%|Prozent(?:punkte)?|percent|per cent)(?!\w)", re.IGNORECASE),
    "amount": re.compile(
        rf"(?<![\w,.]){_DIGITS}(?:\s?(?:bis|–|-|to)\s?{_DIGITS})?{_SCALE}(?:\s?[%€$]|\s[^\W\d_][\w-]+)?|"
        rf"(?<!\w){_NUMBER_WORD}{_SCALE}\s[^\W\d_][\w-]+"
    ),
}  # fmt: skip
_ASKS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("date", re.compile(
        r"\b(?:wann|seit wann|bis wann|when|quand|cuándo|quando|kiedy|welche[mnrs]? (?:tag|datum|monat|jahr)|what (?:day|date|year))\b",
        re.IGNORECASE)),
    ("duration", re.compile(
        r"\b(?:wie lange?|how long|combien de temps|cuánto (?:tiempo|duró)|wie ?viel(?:e)? zeit)\b", re.IGNORECASE)),
    ("percent", re.compile(
        r"\b(?:wie ?viel(?:e)? prozent|welcher (?:anteil|prozentsatz)|what (?:share|percentage)|how many percent|quel pourcentage)\b",
        re.IGNORECASE)),
    ("amount", re.compile(
        r"\b(?:wie ?viele?n?|wie (?:hoch|teuer|groß|weit|tief|schnell|schwer|alt|stark|oft)|how (?:many|much|high|large|big|far|old|often)|"
        r"combien|cuánt[oa]s?|quant[ie]|ile|wie umfangreich)\b", re.IGNORECASE)),
)  # fmt: skip


def expected_kind(question: str) -> Kind | None:
    """What the question asks for, None where that is none of the kinds that can be told by their form."""
    return next((kind for kind, pattern in _ASKS if pattern.search(question)), None)


def find_answer(kind: Kind, text: str, question: str = "") -> tuple[int, int] | None:
    """Half-open offsets in `text` of the words of that kind that the question doesn't hold itself, None where there are none."""
    asked = question.casefold()
    for pattern in (_FORMS[kind], *((_FORMS["percent"],) if kind == "amount" else ())):
        for match in pattern.finditer(text):
            if match.group().strip().casefold() not in asked:
                return match.start(), match.end()
    return None
