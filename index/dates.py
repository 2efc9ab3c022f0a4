"""Dates as articles and people write them, German and English."""

import re
import unicodedata
from datetime import date

_A_UMLAUT = r"(?:ä|a\u0308)"  # as one character, and as two where a system takes letters apart: so offsets hold in either text
MONTHS = (
    rf"(?:Jan(?:uar|uary)?|J{_A_UMLAUT}nner|Feb(?:ruar|ruary)?|Feber|M{_A_UMLAUT}rz?|Mrz|Mar(?:ch)?|Apr(?:il)?|Mai|May|Jun[ie]?|Jul[iy]?|"
    r"Aug(?:ust)?|Sept?(?:ember)?|Okt(?:ober)?|Oct(?:ober)?|Nov(?:ember)?|Dez(?:ember)?|Dec(?:ember)?)\.?"
)
WEEKDAYS = r"(?:(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|Sonnabend|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_MONTH_NUMBERS = {
    "jan": 1, "jän": 1, "feb": 2, "mär": 3, "mrz": 3, "mar": 3, "apr": 4, "mai": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "okt": 10, "oct": 10, "nov": 11, "dez": 12, "dec": 12,
}  # fmt: skip
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"
_GAP = r"(?:\s+|(?<=\.))"  # after a dot the blank may be missing: 1.März 2025
_NUMERIC = rf"(?<!\d)(?P<d>{_DAY})\.\s?(?P<m>0?[1-9]|1[0-2])\.\s?(?P<y>{_YEAR}|\d\d)(?!\d)"
_ISO = rf"(?<!\d)(?P<y>{_YEAR})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)"
_NAMED = rf"(?<!\d)(?P<d>{_DAY})(?:\.|st|nd|rd|th)?{_GAP}(?P<month>{MONTHS}){_GAP}(?P<y>{_YEAR})"
_ENGLISH = rf"\b(?P<month>{MONTHS}){_GAP}(?P<d>{_DAY})(?:st|nd|rd|th)?,?\s+(?P<y>{_YEAR})"
_AGENCY = rf"(?<!\d)(?P<d>{_DAY})(?:[01]\d|2[0-3])[0-5]\d\s(?P<month>{MONTHS})\s(?P<y>\d\d)(?!\d)"  # 031126 Mrz 26
_FORMS = tuple(re.compile(form, re.IGNORECASE) for form in (_NUMERIC, _ISO, _NAMED, _ENGLISH, _AGENCY))

DATE = re.compile(
    "|".join(re.sub(r"\?P<\w+>", "?:", form.pattern) for form in _FORMS), re.IGNORECASE
)
TIME = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])[:.][0-5]\d(?!\d)(?:\s?Uhr)?")


def month_of(name: str) -> int:
    """The number (1 to 12) of a month's name, in any of the forms that MONTHS matches."""
    name = name.upper().casefold()  # upper() first: without case, «i» matches the Turkish «ı» too
    return _MONTH_NUMBERS[unicodedata.normalize("NFC", name)[:3]]


def parse_date(text: str) -> date:
    """The date that `text` consists of; ValueError where it is none, or one that doesn't exist."""
    text = text.strip()
    for form in _FORMS:
        match = form.fullmatch(text)
        if match:
            parts = match.groupdict()
            year = int(parts["y"])
            month = int(parts["m"]) if parts.get("m") else month_of(parts["month"])
            return date(year + 2000 if year < 100 else year, month, int(parts["d"]))
    raise ValueError(f"{text!r} is no date")


def find_date(text: str) -> date | None:
    """The first date in `text` that exists, or None."""
    for match in DATE.finditer(text):
        try:
            return parse_date(match.group())
        except ValueError:
            continue
    return None
