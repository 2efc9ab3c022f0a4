"""Follow-up questions: what «Und wann?» is about."""

import re
from collections.abc import Sequence

from index.language import detect_language
from index.lexical import names_in, stems

_OPENERS = re.compile(r"^\s*(?:und|aber|and|but|et|mais|y|pero|e|oder|or|also|dann|then)\b", re.IGNORECASE)
_POINTERS = re.compile(
    r"\b(?:er|sie|es|ihm|ihn|ihr|ihnen|dies\w*|das|dort|da(?:bei|mit|zu|für|ran|rin|von|nach|vor|rüber|gegen)|deren|dessen|sein\w*|noch|"
    r"he|she|it|they|him|them|this|that|there|his|her|their|il|elle|ils|elles|él|ella|ellos)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:wann|wer|wem|wen|wessen|was|wo|woher|wohin|wie|welche[rnms]?|warum|weshalb|wieso|"
    r"when|who|whom|whose|what|where|how|which|why|quand|qui|que|où|combien|pourquoi|comment|cuándo|quién|qué|dónde|cuánt[oa]s?|cómo)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:nicht|nie|niemals|kein\w*|ohne|not|never|no|without|\w+n't)\b", re.IGNORECASE)
_FEW_WORDS = 5
_MOST_NEW = 3  # words that a rewritten question may need to be a sentence: «Wann *fand* das Treffen *statt*?»


def standalone(question: str, before: Sequence[str]) -> str:
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


def keeps_to(rewritten: str, question: str, before: Sequence[str]) -> bool:
    """Whether a follow-up question that a model wrote anew still asks for the same.

    It is one question with the same question words, denies as much, has all of the question's own content words, and takes its names,
    nouns and numbers from the question or from what was said before.
    """
    language = detect_language(question)
    known = {stem for text in (*before, question) for stem in stems(text, language)}
    own, now = set(stems(question, language)), set(stems(rewritten, language))
    named = set(stems(names_in(rewritten.partition(" ")[2]), language)) | set(re.findall(r"\d[\d.,:]*", rewritten))
    told = known | set(re.findall(r"\d[\d.,:]*", " ".join((*before, question))))
    asks = [{word.casefold() for word in _ASKING.findall(text)} for text in (question, rewritten)]
    return (
        rewritten.rstrip().endswith("?")
        and rewritten.count("?") == 1
        and asks[0] == asks[1]
        and bool(_DENIES.search(question)) == bool(_DENIES.search(rewritten))
        and own <= now
        and named <= told
        and len(now - known) <= _MOST_NEW
    )


def _names(question: str) -> str:
    """The capitalised words of a question but the first."""
    return names_in(question.partition(" ")[2])
