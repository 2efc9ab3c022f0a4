"""Follow-up questions: what «Und wann?» is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import ModelError
from assistant.questions import ASKING, asked_again, asked_anew
from index.language import detect_language
from index.lexical import names_in, normalise, stems, stop_words, tokens

_OPENERS = re.compile(r"^\s*(?:und|aber|and|but|et|mais|y|pero|e|oder|or|also|dann|then)\b", re.IGNORECASE)
_POINTERS = re.compile(
    r"\b(?:er|sie|es|ihm|ihn|ihr|ihnen|dies\w*|das|dort|da(?:bei|mit|zu|für|ran|rin|von|nach|vor|rüber|gegen)|deren|dessen|sein\w*|noch|"
    r"he|she|it|they|him|them|this|that|there|his|her|their|il|elle|ils|elles|él|ella|ellos)\b",
    re.IGNORECASE,
)
# What points back whatever else is named, unless a noun before it is what it points to: «Warum ging sie nicht nach Ulm?»
_PERSONS = re.compile(r"\b(?:er|sie|ihm|ihn|ihnen|he|she|him)\b")
# … and whose it is, unless that is who is asked for: «Wer hat seine Stelle verloren?»
_OWNERS = re.compile(r"\b(?:ihre?[rsmn]?|seine?[rsmn]?|deren|dessen|his|her)\b")
_ASKED_WHO = re.compile(r"\W*(?:\w+\s)?(?:wer|welche[rmns]?|wie\sviele?n?|who|which|what|how\smany)\b", re.IGNORECASE)
# … and what points back to all that was said: «Wie viele Läden gibt es dort?», but not «dazu, dass …», «War er bei dem Treffen dabei?»,
# «das in Ulm geplante Haus»
_BACK = re.compile(
    r"(?:(?!\b(?:und|and)\b)[^,;])*?\b(?:(?:dort|damals|da(?:bei(?!\W*$)|für|ran|rin|von|nach|rüber|gegen|zu))\b(?!\s*(?:\w+\s*)?(?:,|zu\b))|"
    r"solche[rnms]?\b|das(?!\sfür\sein|\s[^,;]*?\s\w+(?:te|tes|ten|ene|enes|enen|nde|ndes|nden)\s(?-i:[A-ZÄÖÜ]))"
    r"(?=\W*$|\s(?:pro|für|in|im|am|an|bei|mit|von|vom|zu[mr]?|nach|vor|seit|bis|aus|alles|denn|genau|noch|schon)\b))",
    re.IGNORECASE,
)
_ASKING_PHRASE = re.compile(r"\W*(?:\w+\s)?(?:welche[rmns]?|wie\sviele?n?)\s\w+", re.IGNORECASE)  # «Unter welcher Bedingung käme er?»
_ALSO = re.compile(r"\b(?:auch|ebenfalls|außerdem|sonst|too|as well|else|aussi|también)\b", re.IGNORECASE)
_ASKING = re.compile(rf"\b{ASKING}\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:nicht|nie|niemals|kein\w*|ohne|not|never|no|without|\w+n't)\b", re.IGNORECASE)
_FEW_WORDS = 5
_MOST_KEPT = 8  # words that say what the questions before were about
_KEPT = re.compile(r"\s\(([^()?]*)\)$")
_HOW = re.compile(r"\bhow\s\w+", re.IGNORECASE)  # «how many», «how old»
_MOST_NEW = 3  # words that a rewritten question may need to be a sentence: «Wann *fand* das Treffen *statt*?»


@dataclass(frozen=True, slots=True)
class Followed:
    """What a question asks for in the light of those before it: `sought` is what is read for, `search_for` what is looked for.

    `asked` says what kind of answer is wanted, without what the questions before asked for. `failure` is why a model that was to write it
    anew didn't, None where none was asked or it did.
    """

    asked: str
    sought: str
    search_for: str
    failure: ModelError | None = None

    @classmethod
    def alone(cls, question: str) -> "Followed":
        """One that leans on no other."""
        return cls(question, question, question)


def follow(question: str, before: Sequence[str]) -> Followed:
    """`question` with what the question that it leans on is about; unchanged where it stands on its own.

    The words that say so are put behind, in brackets: the whole of the question before would be answered again. One that says only what
    it asks for takes the place of what the one before asked for, and one that is but a part, «Und laut Bote?», the place of that part.

    The whole of the question before is looked for with it, unless it names a thing of its own, or takes the place of what that asked for:
    then the old one would be found again.
    """
    if not before:
        return Followed.alone(question)
    if anew := asked_anew(question, before[-1]) or asked_again(question, before[-1]):
        return Followed.alone(anew)
    if not _leans(question):
        return Followed.alone(question)
    about = _about(before[-1])
    sought = f"{question} ({about})" if about else question
    return Followed(question, sought, sought if _names(question) else f"{before[-1]} {question}")


def _about(question: str) -> str:
    """The words that say what a question is about, its own and those that it was given: at most so many, lest they grow turn by turn.

    In German its nouns; where there are none, and in other languages, which don't tell theirs, its content words, or only its names
    where it was given words.
    """
    language = detect_language(question)
    kept = match[1].split() if (match := _KEPT.search(question)) else []
    own = _KEPT.sub("", question)
    words = _names(own).split()
    if not kept and (language != "de" or not words):
        small = stop_words(language)
        words = [word for word in re.findall(r"[^\W\d_]{3,}", _ASKING.sub(" ", _HOW.sub(" ", own))) if normalise(word) not in small]
    return " ".join(list(dict.fromkeys([*words, *kept]))[:_MOST_KEPT])


def _leans(question: str) -> bool:
    """Whether a question can't be understood without the one before it."""
    if _ASKING_PHRASE.fullmatch(question.rstrip(" ?!.")):
        return True
    words = len(re.findall(r"\w+", question))
    if not _names(question):
        pointed = _POINTERS.search(question) or _OWNERS.search(question)
        return words <= _FEW_WORDS or _OPENERS.match(question) is not None or pointed is not None
    persons = (_PERSONS, _OWNERS) if _ASKED_WHO.match(question) is None else (_PERSONS,)
    found = [match for pattern in persons if (match := pattern.search(question))]
    return (
        (_OPENERS.match(question) is not None and words <= 2 * _FEW_WORDS)
        or any(not _names(_ASKING_PHRASE.sub("", question[: match.start()], count=1)) for match in found)
        or _BACK.match(question) is not None
        or (_ALSO.search(question) is not None and words <= _FEW_WORDS)
    )


def keeps_to(rewritten: str, question: str, last: str, said: Sequence[str]) -> bool:
    """Whether a follow-up question that a model wrote anew still asks for the same, after the question `last` and all that was `said`.

    It is one question that leans on none, with the same question words (those of `last` where the follow-up has none), denies as much, has
    all of the question's own content words, and takes its names, nouns and numbers from the question or from what was said.
    """
    language = detect_language(f"{last} {question}")
    known, own, now = (set(stems(text, language)) for text in (" ".join((*said, last, question)), question, rewritten))
    named = set(stems(names_in(rewritten.partition(" ")[2]), language)) | {word for word in tokens(rewritten) if word[0].isdigit()}
    return (
        rewritten.rstrip().endswith("?")
        and rewritten.count("?") == 1
        and _asks(rewritten, language) == (_asks(question, language) or _asks(last, language))
        and bool(_DENIES.search(question)) == bool(_DENIES.search(rewritten))
        and own <= now
        and named <= known
        and len(now - known) <= _MOST_NEW
        and follow(rewritten, [last]).sought == rewritten
    )


def _asks(question: str, language: str) -> set[str]:
    """The question words; English has a «was» that is none."""
    return {word.casefold() for word in _ASKING.findall(question)} - ({"was"} if language != "de" else set())


def _names(question: str) -> str:
    """The capitalised words of a question but the first."""
    return names_in(question.partition(" ")[2])
