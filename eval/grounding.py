"""Is a sentence carried by its citations? Checks that need no judge: each looks for one kind of fault, and says so where it finds it.

They know words, not meaning: what they find is nearly always a fault, what they don't find may still be one (`eval.mutations` measures
both). They have rules of their own, so that this judge isn't the judged. With the guard that answers pass through they share only how
text is read: its tokens and sentences, and which digits are a date (`undated`); numbers and dates are read as for conflicts.
"""

import re
from collections.abc import Sequence

from assistant.claims import amounts, fits, moments, undated
from index.lexical import stems, tokens
from index.sentences import split_sentences

KINDS = ("number", "date", "quotation", "name", "speaker", "negation", "modality", "content")

_LEAST_KNOWN = 0.5  # share of a clause's content words that its citations have to have
_ALIKE = 0.85  # share of content words that two nearly equal sentences have in common
_SHORT_CLAUSE = 3  # content words: fewer say too little to be judged
_SCALES = ("Mio", "Mrd", "Tsd", "Millionen", "Milliarden", "Million", "Milliarde", "Tausend", "Prozent")  # compared as numbers
_QUOTED = re.compile(r"„([^“”\"]+)[“”\"]|“([^”“]+)”|\"([^\"]+)\"|»([^«»]+)«|«([^«»]+)»")
_NEGATION = re.compile(
    r"\b(?:nicht|nichts|kein\w*|nie|niemals|niemand\w*|nirgends|ohne|weder|not|no|never|none|nobody|nothing|neither|without|\w+n['’]t)\b",
    re.IGNORECASE,
)
_MODALITY = re.compile(
    r"\b(?:soll(?:en|te|ten)?|könnte\w*|dürfte\w*|möglicherweise|vielleicht|vermutlich|wahrscheinlich|wohl|angeblich|offenbar|mutmaßlich\w*|"
    r"voraussichtlich|may|might|could|perhaps|possibly|probably|allegedly|reportedly|apparently)\b",
    re.IGNORECASE,
)
_SAYING = (
    r"(?:sag(?:t|te|ten)|erklär(?:t|te|ten)|teil(?:t|te|ten)|betont(?:e|en)?|kritisiert(?:e|en)?|warnt(?:e|en)?|forder(?:t|te|ten)|"
    r"kündig(?:t|te|ten)|schr(?:eibt|ieb|ieben)|nann(?:te|ten)|sprach|sprachen|meint(?:e|en)?|berichtet(?:e|en)?|laut|so|said|says|told|"
    r"warned|wrote|announced|according to)"
)
_NAME = r"[A-ZÄÖÜ][\w’'-]+"
_SPEAKER = re.compile(
    rf"\b{_SAYING}\s+(?:(?:der|die|das|the)\s+)?((?:{_NAME}\s+){{0,4}}{_NAME})|((?:{_NAME}\s+){{0,4}}{_NAME})\s+{_SAYING}\b"
)
_CLAUSE = re.compile(r"[,;:–—]\s+|\s+(?:und|oder|aber|sondern|denn|weil|dass|and|but|because)\s+")


def faults(sentence: str, quotes: Sequence[str], language: str = "de", published: Sequence[str] = ()) -> set[str]:
    """The kinds of fault (of KINDS) found in a sentence that rests on `quotes`; `published` are their articles' dates, ISO."""
    given = " \n".join(quotes)
    checks = {
        "number": _numbers(sentence, given),
        "date": _dates(sentence, given, published),
        "quotation": _quotations(sentence, given),
        "name": _names(sentence, given),
        "speaker": _speakers(sentence, given),
        "content": _content(sentence, given, language),
    }
    found = {kind for kind, wrong in checks.items() if wrong}
    pairs = [(part, _nearest(part, quotes, language)) for part in _sentences(sentence, language)]
    for kind, marks in (("negation", _NEGATION), ("modality", _MODALITY)):
        if any(_differ(marks, part, near, language) for part, near in pairs if near):
            found.add(kind)
    return found


def _differ(marks: re.Pattern[str], part: str, near: str, language: str) -> bool:
    """Whether one has such words and the other hasn't; of nearly the same sentences, whether their number differs."""
    here, there = len(marks.findall(part)), len(marks.findall(near))
    words = [set(stems(text, language)) for text in (part, near)]
    same = len(words[0] & words[1]) >= _ALIKE * max(map(len, words))
    return here != there if same else bool(here) != bool(there)


def _numbers(sentence: str, given: str) -> bool:
    """Whether a number isn't there, or counts something else."""
    sentence = undated(sentence)
    there = amounts(undated(given))
    for amount in amounts(sentence):
        if amount.value <= 1 and not re.search(r"[01]", sentence):
            continue  # «ein» and «kein» are words
        same = [other for other in there if other.value == amount.value]
        if not any(not amount.unit or not other.unit or amount.unit == other.unit for other in same):
            return True
    return False


def _dates(sentence: str, given: str, published: Sequence[str]) -> bool:
    there = moments(given)
    there += [dict(zip(("year", "month", "day"), (str(int(part)) for part in day[:10].split("-")), strict=True)) for day in published]
    return not all(any(fits(day, other) for other in there) for day in moments(sentence))


def _quotations(sentence: str, given: str) -> bool:
    """Whether words in quotation marks aren't there as they stand; one word in quotation marks is a name or a distance."""
    said = ["".join(groups) for groups in _QUOTED.findall(sentence)]
    known = _bare(given)
    return any(_bare(words) not in known for words in said if " " in words.strip())


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[„“”\"»«‚‘’'.,]", " ", text).split()).casefold()


def _names(sentence: str, given: str) -> bool:
    """Whether a capitalised word isn't there: in German every noun, so that this is strict with paraphrases."""
    known = given.casefold()
    every = re.findall(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*", undated(sentence))
    words = [word for word in every if word[0].isupper() and len(word) > 2 and word not in _SCALES]
    roots = set(stems(given, "de"))
    return any(word.casefold() not in known and not set(stems(word, "de")) <= roots for word in words)


def _speakers(sentence: str, given: str) -> bool:
    """Whether somebody speaks here who doesn't speak there."""
    here, there = _speaking(sentence), _speaking(given)
    return bool(here) and not all(any(one & other for other in there) for one in here)


def _speaking(text: str) -> list[set[str]]:
    return [set(tokens(after or before)) for after, before in _SPEAKER.findall(text)]


def _content(sentence: str, given: str, language: str) -> bool:
    """Whether most of what a clause says isn't there."""
    known, text = set(stems(given, language)), given.casefold()
    for clause in _CLAUSE.split(sentence):
        words = stems(clause, language)
        if len(words) >= _SHORT_CLAUSE and sum(word in known or word in text for word in words) < _LEAST_KNOWN * len(words):
            return True
    return False


def _sentences(text: str, language: str) -> list[str]:
    return [text[a:b] for a, b in split_sentences(text, 0, len(text), language)]


def _nearest(part: str, quotes: Sequence[str], language: str) -> str:
    """The sentence or clause of the quotes that is most like `part`, "" where none has half of its words."""
    words = set(stems(part, language))
    every = [sentence for quote in quotes for sentence in _sentences(quote, language)]
    every += [clause for sentence in every for clause in _CLAUSE.split(sentence)]
    shared = [(len(words & known), -len(known), text) for text in every if (known := set(stems(text, language)))]
    best = max(shared, key=lambda found: 2 * found[0] / (len(words) - found[1]), default=(0, 0, ""))
    return best[2] if words and 2 * best[0] >= len(words) else ""
