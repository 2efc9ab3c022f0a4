"""The interface's words in German and English, and how it writes dates, numbers and errors.

Of what is wrong with a file or a page, mostly the German alone stands among them: the error itself says it in English.
"""

import json
from datetime import date
from pathlib import Path

from index.errors import BelegtError

_BOTH: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "static" / "texts.json").read_text(encoding="utf-8"))
TEXTS = {lang: {key: text[lang] for key, text in _BOTH.items() if lang in text} for lang in ("de", "en")}


def in_words(error: Exception, lang: str) -> str:
    """What an expected error says, in the interface's words where there are some, else in its own."""
    if not isinstance(error, BelegtError) or f"error_{error.code}" not in TEXTS[lang]:
        return str(error)
    facts = {name: in_words(fact, lang) if isinstance(fact, Exception) else fact for name, fact in error.facts.items()}
    return TEXTS[lang][f"error_{error.code}"].format(**facts)


def facts_line(lang: str, outlet: str, published: date | str | None, *more: str) -> str:
    """Outlet, date and more in one line of plain text, as far as known."""
    iso = str(published or "")[:10]
    return " · ".join(filter(None, (outlet, ".".join(reversed(iso.split("-"))) if lang == "de" else iso, *more)))


def percent(share: float, lang: str) -> str:
    """A share (0 to 1) as HTML, never 0 or 100 per cent."""
    number = round(100 * share)
    sign = "&lt; 1" if number < 1 else "&gt; 99" if number > 99 else str(number)
    return f"{sign} %" if lang == "de" else f"{sign}%"


def number(value: float, lang: str) -> str:
    """A number with three places."""
    text = f"{value:.3f}"
    return text.replace(".", ",") if lang == "de" else text


def shortened(text: str, most: int) -> str:
    """At most `most` characters of a text."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
