"""Follow-up questions: what «Und wann?» is about."""

import re

from index.language import detect_language
from index.lexical import names_in

_OPENERS = re.compile(r"^\s*(?:und|aber|and|but|et|mais|y|pero|e|oder|or|also|dann|then)\b", re.IGNORECASE)
_POINTERS = re.compile(
    r"\b(?:er|sie|es|ihm|ihn|ihr|ihnen|dies\w*|das|dort|da(?:bei|mit|zu|für|ran|rin|von|nach|vor|rüber|gegen)|deren|dessen|sein\w*|noch|"
    r"he|she|it|they|him|them|this|that|there|his|her|their|il|elle|ils|elles|él|ella|ellos)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 5


def standalone(question: str, before: list[str]) -> str:
    """`question` with what the question that it leans on is about; unchanged where it stands on its own.

    In German the nouns of the question before say that, put behind: the whole of it would be answered again. Other languages don't tell
    their nouns, there it is put before.
    """
    if not before:
        return question
    words = re.findall(r"\w+", question)
    names = _names(question)
    leans = (
        (_OPENERS.match(question) is not None and len(words) <= 2 * _FEW_WORDS)
        or (len(words) <= _FEW_WORDS and not names)
        or (_POINTERS.search(question) is not None and not names)
    )
    if not leans:
        return question
    about = _names(before[-1])
    return f"{question} ({about})" if about and detect_language(before[-1]) == "de" else f"{before[-1]} {question}"


def _names(question: str) -> str:
    """The capitalised words of a question but the first."""
    return names_in(question.partition(" ")[2])
