"""What speaks for and against a sentence: what the rules found, what has no counterpart in the cited text, and what the network says."""

from collections.abc import Sequence
from datetime import date

from assistant.facts import Number, same_number, same_time
from assistant.wording import Clause, Doc, matches, plain_quote

FEATURES = ("network", "supported", "numbers", "dates", "names", "nouns", "words", "uncovered")


def missing(said: Clause, docs: Sequence[Doc], days: Sequence[date | None]) -> dict[str, list[str]]:
    """What of a sentence stands nowhere in the cited texts: its numbers, dates, quotations, names, nouns and other words."""
    known = [(source, doc, day) for doc, day in zip(docs, days, strict=True) for source in doc.sentences]
    numbers = [n for source, _, _ in known for n in source.numbers]
    found: dict[str, list[str]] = {name: [] for name in ("numbers", "dates", "quotations", "names", "nouns", "words")}
    for number in said.numbers:
        if not any(same_number(number, other) for other in numbers) and not _reckoned(number, numbers):
            found["numbers"].append(said.text[number.start : number.end])
    for moment in said.moments:
        if not any(same_time(moment, other, day) for source, _, day in known for other in source.moments):
            found["dates"].append(said.text[moment.start : moment.end])
    for quote in said.quotes:
        words = plain_quote(quote)
        if words and not any(words in plain_quote(doc.text) for doc in docs):
            found["quotations"].append(quote)
    for word in said.content:
        if not any(matches(word, other, doc.keys) for source, doc, _ in known for other in source.words):
            found["names" if word.name else "nouns" if word.capital and word.at else "words"].append(word.text)
    return found


def _reckoned(number: Number, pool: Sequence[Number]) -> bool:
    """Whether a number is the sum or the difference of two, or their ratio where it is a share."""
    alike = [other for other in pool if other.measure == number.measure]
    for i, one in enumerate(alike):
        for other in alike[i + 1 :]:
            made = (one.value + other.value, abs(one.value - other.value))
            if any(abs(value - number.value) <= 1e-6 * max(1.0, abs(number.value)) for value in made):
                return True
    return False
