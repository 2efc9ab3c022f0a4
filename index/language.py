"""Which language a text or a question is in."""

import re
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
_LONGEST_QUESTION = 40  # words
# words at the beginning of a question, or of another short text, that are of one language only, whatever names it holds
_TELLING = {
    word: language
    for language, words in {
        "de": "wann wer wem wen wessen wo woher wohin wofür worum worüber woran wie wieviel wieviele welche welcher welches welchen "
        "welchem warum weshalb wieso und ist sind hat haben hatte wurde wurden wird",
        "en": "when who whom whose what where how which why and is are were has have did does",
        "fr": "quand qui qu où combien pourquoi quelle quelles et",
        "es": "cuándo quién quiénes qué dónde cuánto cuánta cuántos cuántas cómo cuál cuáles y",
        "it": "chi dove perché",
        "pt": "quem onde quantos quantas",
        "pl": "kto kiedy gdzie ile dlaczego",
    }.items()
    for word in words.split()
}
_ELSEWHERE = {"hat", "is", "wen", "dove"}  # of these, those that are words or names elsewhere: «The hat was …», «Wen Jiabao said what?»
_BEGINNING = 3  # words: «Mit wem», «In welcher Stadt»
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FULL_NAME = re.compile(r"(?<=[^\W\d_]\s)(?<!\.\s)[A-ZÀ-Þ][\w-]+\s[A-ZÀ-Þ][\w-]+(?![\w-]|\s[A-ZÀ-Þ])")  # more are keywords


def _telling(words: list[str]) -> str | None:
    """The language of the first telling word at the beginning of a question, None where there is none or it may be another language's."""
    shouted = all(word.isupper() for word in words)
    small = [word.casefold() if at == 0 and (shouted or len(word) == 1 or not word.isupper()) else word for at, word in enumerate(words)]
    for at, word in enumerate(small[:_BEGINNING]):
        if word in _TELLING and (at == 0 or word not in _ELSEWHERE):
            language = _TELLING[word]
            unsure = word in _ELSEWHERE and any(_TELLING.get(other, language) != language for other in small if other not in _ELSEWHERE)
            return None if unsure else language
    return None


def detect_language(text: str, default: str = "") -> str:
    """ISO 639-1 code of the likeliest language.

    `default` wins where it is nearly as likely as the first, and with one or two words, which fit many languages, where it
    is likely at all; it is also the answer for a text without letters. In a text as short as a question the first telling word
    decides, as «wann» or «who», and names with surnames, which are of any language, don't count.
    """
    if not any(char.isalpha() for char in text):
        return default
    margin = _MARGIN if len(text.split()) > 2 else _SHORT_MARGIN
    words = _WORD.findall(text[:2000])
    if len(words) <= _LONGEST_QUESTION:
        if telling := _telling(words):
            return telling
        rest = _FULL_NAME.sub("", text)
        text = rest if len(_WORD.findall(rest)) > 1 else text
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
