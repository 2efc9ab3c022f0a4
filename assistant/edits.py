"""Near-copies laid beside their source in order: the words put in, left out or exchanged, names, places and numbers among them."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from assistant.facts import Number
from assistant.grammar import GENERIC
from assistant.wording import Clause, Word, matches

_NEAR = 0.72  # share of words in common, in order (0 to 1), from which a sentence is a copy
_SAME = 0.85  # share of words in common, in any order, from which on it may be one with its parts exchanged
_CLAUSE = 4  # words left out together, from which on it is a clause that is left out
_TIME_AND_PLACE = {
    "vor", "nach", "seit", "bis", "mit", "ohne", "gegen", "für", "trotz", "wegen", "über", "unter", "zwischen", "neben", "hinter", "before",
    "after", "since", "until", "with", "without", "against", "for",
}  # fmt: skip
_AUXILIARIES = {
    "hat", "habe", "haben", "hatte", "hatten", "hätte", "ist", "sei", "sind", "seien", "war", "waren", "wäre", "wird", "werde", "werden",
    "wurde", "wurden", "worden",
}  # fmt: skip
_WEIGHTY = {"not", "deny", "plan", "maybe", "only", "some", "many", "all", "more", "less", "most", "least", "up", "down"}
_BARELY = {"kaum", "fast", "beinahe", "teilweise", "zunächst", "angeblich", "hardly", "nearly", "almost"}


def edited(said: Clause, source: Clause, keys: frozenset[str]) -> str | None:
    """The words in which a near-copy says something else than its source, "" where it doesn't; None for what is no copy."""
    mine, theirs = [w for w in said.words if w.low], [w for w in source.words if w.low]
    compared = SequenceMatcher(None, [w.low for w in mine], [w.low for w in theirs], autojunk=False)
    if 2 * sum(block.size for block in compared.get_matching_blocks()) < _NEAR * (len(mine) + min(len(theirs), 1.5 * len(mine))):
        bags = Counter(w.low for w in mine), Counter(w.low for w in theirs)
        if (bags[0] & bags[1]).total() < _SAME * max(len(mine), len(theirs)):
            return None
        return _places_exchanged(mine, theirs) or _numbers_exchanged(said, source) or None
    exchanged: list[tuple[str, str]] = []
    stand_ins = {w.low for w in source.subject} & GENERIC
    for what, a, b, c, d in compared.get_opcodes():
        if what == "equal":
            continue
        new, old = mine[a:b], theirs[c:d]
        wrong = _exchanged(new, old, {w.low for w in theirs}, stand_ins, keys) or _left_out(new, old, said)
        if wrong:
            return wrong
        if what == "replace":
            exchanged += [(x.low, y.low) for x in new for y in old if x.capital and y.capital]
    turned = next((x for x, y in exchanged if x != y and (y, x) in exchanged), "")
    if turned:
        return turned
    counts = [Counter(w.low for w in words if {"not", "cause"} & w.classes) for words in (mine, theirs)]
    return " ".join(counts[0] - counts[1]) or _places_exchanged(mine, theirs) or _numbers_exchanged(said, source)


def _places_exchanged(mine: Sequence[Word], theirs: Sequence[Word]) -> str:
    """A capitalised word that stands behind what another one stands behind in the source, and that one behind what this one does."""
    places = []
    for words in (mine, theirs):
        firsts = [(a.low, b) for a, b in pairwise(words) if b.capital and a.run != b.run]
        counts = Counter(b.low for _, b in firsts)
        places.append({b.low: a for a, b in firsts if counts[b.low] == 1})
    shared = [name for name in places[0] if name in places[1] and places[0][name] != places[1][name]]
    for one in shared:
        for other in shared:
            if one < other and places[0][one] == places[1][other] and places[0][other] == places[1][one]:
                return f"{one}, {other}"
    return ""


def _numbers_exchanged(said: Clause, source: Clause) -> str:
    """A number that stands between the words between which the source has another of its numbers."""
    places = []
    for clause in (said, source):
        places.append({n.value: _around(clause, n) for n in clause.numbers})
    for value, place in places[0].items():
        others = [other for other, there in places[1].items() if there == place and other != value]
        if others and value in places[1] and places[1][value] != place:
            return f"{value:g}"
    return ""


def _around(clause: Clause, number: Number) -> tuple[str, str]:
    before = [word.low for word in clause.words if word.at + len(word.text) <= number.start][-1:]
    after = [word.low for word in clause.words if word.at >= number.end][:1]
    return "".join(before), number.noun or "".join(after)


def _exchanged(new: Sequence[Word], old: Sequence[Word], known: set[str], stand_ins: set[str], keys: frozenset[str]) -> str:
    """A word that stands where the source has another of its sort."""
    for word in new:
        if "not" in word.classes and not any("not" in other.classes for other in old):
            return word.low
        if any(matches(word, other, keys) or matches(other, word, keys) for other in old):
            continue
        if word.low in _TIME_AND_PLACE:
            if any(other.low in _TIME_AND_PLACE for other in old):
                return word.low
        elif word.capital:
            if any(other.capital and other.low not in stand_ins for other in old):
                return word.text
        elif "deny" in word.classes and any("not" in other.classes for other in old):
            continue  # «abgelehnt» for «nicht genehmigt»
        elif word.classes & _WEIGHTY and (
            word.low not in known or any(other.low in _AUXILIARIES or other.classes & _WEIGHTY for other in old)
        ):
            return word.low
    return ""


def _left_out(new: Sequence[Word], old: Sequence[Word], said: Clause) -> str:
    """A word without which the rest of a clause says more than it did."""
    if len(old) >= len(new) + _CLAUSE:
        return ""
    kept = {name for word in said.words for name in word.classes}
    for word in old:
        heavy = word.classes & {"not", "plan", "maybe", "only", "some", "many"}
        if (heavy and not heavy & kept) or (word.low in _BARELY and all(word.low != w.low for w in said.words)):
            return word.low
    return ""
