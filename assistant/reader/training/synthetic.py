"""Records made from others, or from frames, that teach close reading: who did what to whom, to which of two, and when.

Frames (frames.jsonl) state an event with roles in several ways and ask for each role; a question with two roles swapped has no answer.
Premises (premises.jsonl) deny or leave open what a question takes for granted. Both are filled with invented names. Questions also
become what is typed in a hurry: a few keywords, some of them misspelt.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from typing import Any

from assistant.reader.training.records import Record
from index.lexical import normalise, stop_words
from index.sentences import split_sentences

_HOLE = re.compile(r"\{(\w)\}")
_WORD = re.compile(r"(?<![\w-])[^\W\d_][\w-]{3,}")
_COMMON = re.compile(
    r"\b(?:der|die|das|den|dem|des|[dms]?ein(?:e[rsmn]?)?|kein(?:e[rsmn]?)?|ihr(?:e[rsmn]?)?|zum|zur|im|am|vom|beim|ins|ans|pro|per|\w+(?:es|ische[rnms]?|"
    r"liche[rnms]?|ige[rnms]?|te[rnms]))\s([A-ZÄÖÜ][\w-]{3,})"
)  # a noun with an article or an adjective before it
_NUMBER = re.compile(r"(?<![\w.,])\d{1,4}(?![\w]|[.,]\d)")
_FIRST = (
    "Anna", "Ansgar", "Beate", "Bernd", "Carla", "Cem", "Dagmar", "Danuta", "Dirk", "Edda", "Elin", "Emre", "Esther", "Fatma",
    "Ferdinand", "Frauke", "Georg", "Greta", "Hannes", "Hedwig", "Henrik", "Ilse", "Ingo", "Ivana", "Jakob", "Jelena", "Joris",
    "Jutta", "Kaspar", "Katrin", "Lars", "Leonie", "Lukas", "Magda", "Marek", "Mirela", "Monika", "Murat", "Nadine", "Nils", "Olga",
    "Oskar", "Paula", "Pavel", "Quirin", "Ralf", "Regula", "Reinhold", "Rosa", "Samira", "Selma", "Sven", "Tamara", "Teodor", "Thea",
    "Tomasz", "Urs", "Ute", "Valentin", "Vera", "Volker", "Wanda", "Wilma", "Xaver", "Yusuf", "Zoe",
)  # fmt: skip
_SURNAME = (
    ["Dorn", "Halv", "Tappe", "Krien", "Stoja", "Vehl", "Brand", "Osten", "Mahl", "Quast", "Rieg", "Selm", "Trott", "Ulm", "Wend", "Zim",
     "Eich", "Fahr", "Gries", "Hövel", "Jasch", "Kett", "Lind", "Möll", "Nagel"],
    ["er", "mann", "haupt", "ing", "sen", "wig", "ke", "ner", "isch", "bach", "ow", "ic", "eder", "hoff"],
)  # fmt: skip
_ORG = (
    ["Norr", "Larch", "Kett", "Vel", "Ost", "Tri", "Helio", "Mar", "Quant", "Sol", "Feld", "Brix", "Alt", "Dyn", "Ferro"],
    ["hall", "mond", "wich", "tex", "data", "line", "bau", "med", "nova", "kraft", "log", "werk", "flex", "tal"],
    ["", "", "", " AG", " GmbH", " SE", " Holding", "-Gruppe"],
)
_PLACE = (
    ["Harse", "Bille", "Oster", "Wald", "Nieder", "Lind", "Krum", "Stein", "Alt", "Grün", "Rot", "Helm", "Fisch", "Mühl"],
    ["brügge", "feld", "stedt", "au", "heim", "hausen", "bach", "ried", "kirchen", "ow", "zell", "münde"],
)
_CLUB = (["SV", "FC", "TSV", "VfL", "SG", "HC", "EHC"],)
_WORK = ("Das lange Licht", "Nebelkinder", "Kaltes Ufer", "Die Stille danach", "Nachtzug", "Feldpost", "Der siebte Tag", "Salz und Asche")
_MONTHS = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"]
_TIMES = ["Tage", "Wochen", "Monate", "Jahre", "Stunden"]
# what a question word asks for, as a keyword
_SOUGHT = (
    ("wann", ("Datum", "Termin", "Zeitpunkt")), ("wie lange", ("Dauer",)), ("wie viel prozent", ("Prozent",)),
    ("wie teuer", ("Preis", "Kosten")), ("wie alt", ("Alter",)), ("wie hoch", ("Höhe",)), ("wie viele", ("Anzahl", "Zahl")),
    ("wie viel", ("Betrag", "Menge")), ("warum", ("Grund",)), ("weshalb", ("Grund",)), ("wieso", ("Grund",)), ("wo", ("Ort",)),
    ("wer", ("Name",)), ("wie heißt", ("Name",)),
)  # fmt: skip
_ALSO_SMALL = frozenset({
    "ab", "oft", "viel", "viele", "vielen", "heisst", "heissen", "wurde", "wurden", "hätte", "hätten", "geschah", "passierte", "kam", "gab",
    "gibt", "worum", "woran", "worauf", "womit", "wofür",
})  # fmt: skip
_LOWER, _MISSPELT, _UNSAID = 0.5, 0.4, 0.5  # how often keywords are in lower case, one is misspelt, what is sought isn't said
_LONG = 6  # letters of a word that is misspelt


@dataclass(frozen=True, slots=True)
class Cast:
    """A few names of each type, so that the frames of one text share them."""

    names: dict[str, list[str]]

    @classmethod
    def draw(cls, rng: random.Random) -> "Cast":
        """A new one."""
        persons = [f"{rng.choice(_FIRST)} {rng.choice(_SURNAME[0])}{rng.choice(_SURNAME[1])}" for _ in range(5)]
        if rng.random() < 0.4:  # a surname alone, as reports go on
            persons = [name.split()[1] for name in persons]
        orgs = ["".join(rng.choice(part) for part in _ORG) for _ in range(5)]
        places = ["".join(rng.choice(part) for part in _PLACE) for _ in range(4)]
        clubs = [f"{rng.choice(_CLUB[0])} {''.join(rng.choice(part) for part in _PLACE)}" for _ in range(4)]
        return cls({
            "person": persons, "org": orgs, "place": places, "club": clubs,
            "person_or_org": rng.sample(persons, 3) + rng.sample(orgs, 2), "title": [f"„{name}“" for name in rng.sample(_WORK, 4)],
            "sum": [f"{rng.randint(2, 990)} {rng.choice(['Millionen', 'Milliarden', 'Tausend'])} {rng.choice(['Euro', 'Euro', 'Franken'])}"
                    for _ in range(4)],
            "number": [str(rng.randint(3, 980)) for _ in range(4)], "share": [f"{rng.randint(2, 98)} Prozent" for _ in range(4)],
            "date": [f"{rng.randint(1, 28)}. {rng.choice(_MONTHS)} {rng.randint(2019, 2026)}" for _ in range(4)],
            "year": [str(rng.randint(1985, 2026)) for _ in range(4)],
            "duration": [f"{rng.choice(['drei', 'vier', 'fünf', 'acht', 'zehn', '18', '24'])} {rng.choice(_TIMES)}" for _ in range(4)],
        })  # fmt: skip

    def fill(self, types: dict[str, str], rng: random.Random) -> dict[str, str] | None:
        """A different name for each role; None where there aren't enough."""
        chosen: dict[str, str] = {}
        for role, kind in types.items():
            free = [name for name in self.names.get(kind, []) if name not in chosen.values()]
            if not free:
                return None
            chosen[role] = rng.choice(free)
        return chosen


def _filled(pattern: str, roles: dict[str, str]) -> tuple[str, dict[str, tuple[int, int]]]:
    """The pattern with its holes filled, and where each role's filler stands."""
    out, at = "", 0
    spans: dict[str, tuple[int, int]] = {}
    for hole in _HOLE.finditer(pattern):
        out += pattern[at : hole.start()]
        spans.setdefault(hole[1], (len(out), len(out) + len(roles[hole[1]])))
        out += roles[hole[1]]
        at = hole.end()
    return out + pattern[at:], spans


def _lines(name: str) -> list[dict[str, Any]]:
    text = files("assistant.reader.training").joinpath(name).read_text("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def from_frames(hosts: Sequence[Record], texts: int, rng: random.Random) -> Iterator[Record]:
    """Records of `texts` texts, half of them woven into a real text of `hosts`."""
    frames, premises = _lines("frames.jsonl"), _lines("premises.jsonl")
    for number in range(texts):
        cast = Cast.draw(rng)
        host = rng.choice(hosts) if rng.random() < 0.5 else None
        sentences: list[tuple[str, list[tuple[str, str, str | None, str]]]] = []  # text, and (language, question, answering role, why)
        spans: list[dict[str, tuple[int, int]]] = []
        for item in rng.sample(frames, 2 if host else 3) + rng.sample(premises, 1 if host else 2):
            roles = cast.fill(item["types"], rng)
            if roles is None:
                continue
            sentence, places = _filled(rng.choice(item["statements"]), roles)
            sentences.append((sentence, list(_asked(item, roles, places, cast, rng))))
            spans.append(places)
        order = list(range(len(sentences)))
        rng.shuffle(order)
        text, at = _woven([sentences[i][0] for i in order], host.text if host else "", rng)
        for i, begin in zip(order, at, strict=True):
            for lang, question, role, why in sentences[i][1]:
                start, end = spans[i][role] if role else (None, None)
                if start is not None and end is not None:
                    start, end = begin + start, begin + end
                yield Record("frames", f"frames:{number}", question, text, start, end, lang=lang, why=why)


def _asked(
    item: dict[str, Any], roles: dict[str, str], places: dict[str, Any], cast: Cast, rng: random.Random
) -> Iterator[tuple[str, str, str | None, str]]:
    if "near" in item:
        for lang, pattern, role in rng.sample(item["answerable"], min(2, len(item["answerable"]))):
            if role in places:
                yield lang, _filled(pattern, roles)[0], role, ""
        for lang, pattern in rng.sample(item["near"], min(2, len(item["near"]))):
            yield lang, _filled(pattern, roles)[0], None, "premise"
        return
    swap = item.get("swap", [])
    turned = {**roles, swap[0]: roles[swap[1]], swap[1]: roles[swap[0]]} if len(swap) == 2 else {}
    for role, patterns in item["questions"].items():
        lang, pattern = rng.choice(patterns)
        if role in places and rng.random() < 0.7:
            yield lang, _filled(pattern, roles)[0], role, ""
        lang, pattern = rng.choice(patterns)
        holes = set(_HOLE.findall(pattern))
        if turned and holes & set(swap) and rng.random() < 0.7:
            yield lang, _filled(pattern, turned)[0], None, "relation"
        elif holes and rng.random() < 0.4:
            hole = rng.choice(sorted(holes))
            others = [name for name in cast.names.get(item["types"][hole], []) if name not in roles.values()]
            if others:
                yield lang, _filled(pattern, {**roles, hole: rng.choice(others)})[0], None, "entity"


def _woven(sentences: Sequence[str], host: str, rng: random.Random) -> tuple[str, list[int]]:
    """The sentences in their order between those of `host`, and where each begins."""
    pieces = [host[a:b] for a, b in split_sentences(host, 0, len(host))][:8] if host else []
    slots = sorted(rng.randint(0, len(pieces)) for _ in sentences)
    text, starts, done = "", [], 0
    for i in range(len(pieces) + 1):
        while done < len(slots) and slots[done] == i:
            text += " " * bool(text)
            starts.append(len(text))
            text += sentences[done]
            done += 1
        if i < len(pieces):
            text += " " * bool(text) + pieces[i]
    return text, starts


class Names:
    """Words that look like names: they stand in one or two texts of the collection, capitalised, and in its questions."""

    def __init__(self, records: Iterable[Record]) -> None:
        texts = {r.text for r in records}
        count = Counter(word for text in texts for word in set(_WORD.findall(text)))
        common = {word for text in texts for word in _COMMON.findall(text)}
        self._rare = {word for word, n in count.items() if n <= 2 and word[0].isupper()} - common
        asked = {word for r in records for word in _WORD.findall(r.question)[1:]}
        self._names = self._rare & asked

    @cached_property
    def pool(self) -> list[str]:
        """To draw new names from."""
        return sorted(self._names)

    def shared(self, record: Record) -> list[str]:
        """The names that question and text have in common."""
        return [word for word in dict.fromkeys(_WORD.findall(record.question)[1:]) if word in self._names and word in record.text]

    def renamed(self, records: Sequence[Record], rng: random.Random) -> list[Record]:
        """The records of one text with its names replaced by others throughout."""
        names = sorted({name for r in records for name in self.shared(r)})
        if not names:
            return []
        new = dict(zip(names, rng.sample(self.pool, len(names)), strict=True))
        pattern = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, names)) + r")(?=s?(?![\w]))")
        out = []
        for r in records:
            moved = {0: 0}  # old offset → new one, at every end of a replacement

            def put(match: re.Match[str], moved: dict[int, int] = moved) -> str:
                last = max(moved)
                moved[match.end()] = moved[last] + match.start() - last + len(new[match[0]])
                return new[match[0]]

            text = pattern.sub(put, r.text)
            spans: list[int | None] = []
            for at in (r.start, r.end):
                anchor = max(old for old in moved if old <= at) if at is not None else 0
                spans.append(None if at is None else moved[anchor] + at - anchor)
            start, end = spans
            if start is not None and (end is None or not 0 <= start < end <= len(text) or pattern.search(r.text[r.start : r.end])):
                continue  # the answer itself is a new name: its span may be off
            out.append(replace(r, text=text, start=start, end=end, question=pattern.sub(lambda m: new[m[0]], r.question)))
        return out

    def swapped(self, record: Record, rng: random.Random) -> Record | None:
        """The question about another name or number than the text has: without an answer. None where it holds neither."""
        names, numbers = self.shared(record), [n for n in _NUMBER.findall(record.question) if n in record.text]
        if not names and not numbers:
            return None
        old = rng.choice(names + numbers)
        if old in numbers:
            new, why = str(max(1, int(old) + rng.choice([-3, -2, -1, 1, 2, 3, 10]))), "time"
        else:
            new, why = rng.choice(self.pool), "entity"
        if new in record.text:
            return None
        return replace(record, question=re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, record.question), start=None, end=None, why=why)


def keywords_of(question: str, answerable: bool, rng: random.Random) -> str | None:
    """A German question as keywords; None where fewer than two words are left.

    One without an answer always says what it asks for: without that it may have one.
    """
    small = stop_words("de") | _ALSO_SMALL
    words = [word for word in re.findall(r"[\w.,:%€-]*\w", question) if normalise(word) not in small]
    if len(words) < 2:
        return None
    long = [i for i, word in enumerate(words) if len(word) >= _LONG and word.isalpha()]
    if long and rng.random() < _MISSPELT:
        at = rng.choice(long)
        words[at] = _misspelt(words[at], rng)
    asked = question.casefold()
    sought = next((kinds for start, kinds in _SOUGHT if re.search(rf"\b{start}\b", asked)), ())
    if sought and not (answerable and rng.random() < _UNSAID):
        words.insert(rng.choice((0, len(words))), rng.choice(sought))
    text = " ".join(words)
    return text.lower() if rng.random() < _LOWER else text


def _misspelt(word: str, rng: random.Random) -> str:
    """The word with a letter left out, doubled, or swapped with the next."""
    at = rng.randrange(1, len(word) - 1)
    middle = rng.choice(("", word[at] * 2, word[at + 1] + word[at]))
    return word[:at] + middle + word[at + (2 if len(middle) == 2 and middle[0] != middle[1] else 1) :]
