"""Which language a text or a question is in."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES = ("de", "en", "fr", "es", "it", "pt", "pl")


@cache
def _detector() -> "LanguageDetector":
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, code.upper()) for code in LANGUAGES]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()


_MARGIN, _SHORT_MARGIN = 0.15, 0.8


def detect_language(text: str, default: str = "") -> str:
    """ISO 639-1 code of the likeliest language.

    `default` wins where it is nearly as likely as the first, and with one or two words, which fit many languages, where it
    is likely at all; it is also the answer for a text without letters.
    """
    if not any(char.isalpha() for char in text):
        return default
    margin = _MARGIN if len(text.split()) > 2 else _SHORT_MARGIN
    values = {v.language.iso_code_639_1.name.lower(): v.value for v in _detector().compute_language_confidence_values(text[:2000])}
    if not values:
        return default
    best = max(values, key=lambda code: values[code])
    if default and values[best] - values.get(default, 0.0) <= margin:
        return default
    return best


def warm() -> None:
    """Load the language models now (about a second) rather than at the first question."""
    detect_language("Guten Tag")
