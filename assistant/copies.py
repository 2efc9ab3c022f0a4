"""Near-copies told by their words in any order: a «nicht» or «wohl» that only one of the two has, a new digit. And what is no report."""

import re
from collections import Counter
from collections.abc import Sequence

from assistant.claims import undated
from index.lexical import normalise, tokens

_NEAR = 0.75  # Dice coefficient of the words of two sentences from which one is a copy of the other
_QUOTED = re.compile(r"„[^“”\"]+[“”\"]|“[^”“]+”|\"[^\"]+\"|»[^«»]+«|«[^«»]+»")
_SENTENCE_END = re.compile(r"(?<=[.!?][“”«\"])\s+(?=[A-ZÄÖÜ„»])")
# in capitals only where a sentence begins: «die Raumstation Mir», «Kaiser Wilhelm I. eröffnete …»
_FIRST_PERSON = re.compile(
    r"^\W*(?:Ich|Wir|Mich|Mir|Uns|Meine?[mnrs]?|Unser(?:e[mnrs]?)?|We|My|Our)\b|"
    r"\b(?:ich|wir|mich|mir|uns|meine?[mnrs]?|unser(?:e[mnrs]?)?|we|my|our|us)\b|"
    r"(?:^\W*(?:\w+\s)?|\b[a-z]+\s|[,;:]\s)I(?![.\w])"
)
_TURNS = re.compile(  # of normalised text: ss for ß
    r"\b(?:nicht|nichts|kein\w*|nie|niemals|niemand\w*|ohne|weder|kaum|not|no|never|nobody|nothing|without|\w+n['’]t|soll(?:en|te|ten)?|könnten?|"
    r"dürften?|würden?|möglicherweise|vielleicht|vermutlich|wahrscheinlich|wohl|angeblich|offenbar|mutmasslich\w*|voraussichtlich|may|might|"
    r"could|perhaps|possibly|probably|allegedly|reportedly|apparently|alle[nrsm]?|sämtliche\w*|nur|immer|stets|all|every|only|always)\b"
)


def turned(sentence: str, sources: Sequence[str]) -> str:
    """The words that turn a sentence against the one of `sources` that it nearly copies; "" where it copies none, or truly."""
    # a sentence that ends with a quotation isn't always told from the next one
    return " ".join(filter(None, (_turned(part, sources) for part in _SENTENCE_END.split(sentence))))


def _turned(sentence: str, sources: Sequence[str]) -> str:
    words = Counter(tokens(sentence))
    near, likeness = "", 0.0
    for source in sources:
        known = Counter(tokens(source))
        shared = (words & known).total()
        # a copy with something added is one too
        like = shared / max(1, known.total() if words.total() > known.total() else (words.total() + known.total()) / 2)
        if like > likeness:
            near, likeness = source, like
    if likeness < _NEAR:
        return ""
    turns = [Counter(_TURNS.findall(normalise(text))) for text in (sentence, near)]
    differing = [*((turns[0] - turns[1]) + (turns[1] - turns[0]))]
    there = {word for source in sources for word in tokens(source)}
    digits = [word for word in tokens(undated(sentence)) if word not in there and any(char.isdigit() for char in word)]
    return " ".join([*differing, *digits])


def misfit(sentence: str) -> str:
    """What keeps a sentence from being a report: a fragment, a question, somebody's own words without quotation marks; "" if nothing."""
    if not re.match(r"[„“\"»«‚(]*\w", sentence):
        return "a fragment"
    if sentence.rstrip(' “”"«»').endswith("?"):
        return "a question"
    found = _FIRST_PERSON.search(_QUOTED.sub(" ", sentence))
    return found[0] if found else ""
