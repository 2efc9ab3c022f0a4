"""A sentence as the guard sees it: words, clauses, numbers, dates and quotations; and which words stand for each other."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise

from assistant.facts import MINUS, Moment, Number, moments, numbers, spelled
from assistant.grammar import classes, is_light, without_infix
from index.lexical import stem_of, stop_words
from index.sentences import split_sentences

_WORD = re.compile(rf"[^\W\d_]+(?:['’-][^\W\d_]+)*|{MINUS}")
_QUOTE = re.compile(r"„([^“”„]+)[“”]|»([^»«]+)«|«([^»«]+)»|“([^“”]+)”|\"([^\"]+)\"|›([^›‹]+)‹|‚([^‘‚]+)‘")
_BREAK = re.compile(r"[,;:–—]\s|\s(?:während|aber|sondern|but|while)\s|\s(?:und|and)\s(?=(?:hat|ist|wird|will|soll|war|wurde|kann|muss)\b)")
_SPLIT = re.compile(
    r",\s(?=(?:während|wobei|aber|sondern|und|doch|jedoch)\b)|;\s|\sund\s(?=\w+(?:t|te|en|ten)\s)|"
    r",\s(?=[^,]+\s(?:nicht|dagegen)?\s?\w+$)"
)
_INSERT = re.compile(r"^(?P<head>[^,]+?),\s(?P<insert>(?:der|die|das|dem|den|deren|dessen)\s[^,]+),\s(?P<rest>.+)$")
_DETERMINERS = {
    "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines", "von", "vom", "gegen", "durch",
    "mit", "für", "seit", "bis", "vor", "während", "wegen", "trotz", "ohne", "um", "ab", "laut", "pro", "je", "hinter", "neben", "zu",
    "zum", "zur", "in", "im", "am", "an", "auf", "bei", "beim", "nach", "aus", "über", "unter", "zwischen",
}  # fmt: skip
_ARTICLES = {"der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines"}
_PASSED_OVER = {"rund", "etwa", "knapp", "fast", "gut", "dem", "den", "der", "einen", "einem", "ein", "minus"}
_SUFFIX = re.compile(
    r"(?:ungen|ung|innen|erin|ern|ers|er|ischen|ische|isch|lichen|liche|lich|igen|ige|ig|keit|heit|enden|ende|end|ten|tes|te|t|en|em|es|e|n|s)$"
)
_DERIVED = re.compile(r"(?:ung|er|in|isch|lich|ig|keit|heit|end)$")
_PARTICLES = {
    "ab", "an", "auf", "aus", "bei", "ein", "fest", "frei", "fort", "her", "hin", "los", "mit", "nach", "statt", "teil", "um",
    "unter", "vor", "weg", "wieder", "zu", "zurück", "zusammen",
}  # fmt: skip
_LINKS = ("s", "es", "n", "en", "er", "e", "ns")
_VERB = re.compile(r"\w+(?:t|te|ten|en|te[nt]|[gklmnprsuhb]|oss|ieß|ies|iel|og|ief)")
_SHORTEST = 4
_LONG = 6
# «verkauft» doesn't stand for «kauft»
_PREFIXES = frozenset(
    ("ver", "be", "er", "ent", "zer", "ge", "un", "miss", "auf", "ab", "an", "aus", "ein", "vor", "zu", "um", "über", "unter", "uber",
     "nach", "mit", "halb", "viertel", "achtel", "vize", "ex", "nicht", "gegen", "anti", "schein", "neben")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word at character `at`; `clause` and `run` number the clauses and the runs of capitalised words of its sentence."""

    text: str
    low: str
    key: str
    stem: str
    at: int
    clause: int
    run: int
    capital: bool
    name: bool
    quoted: bool
    classes: frozenset[str]
    joined: str = ""  # a verb with the particle that stands at the end of its clause: «baut … ab»


@dataclass(frozen=True, slots=True)
class Touched:
    """The classes and the number of denials in some clauses of a sentence."""

    classes: frozenset[str]
    denials: int


@dataclass(frozen=True)
class Clause:
    """A sentence or a part of one; `whole` is the sentence that it is a part of, `place` half-open offsets of it in its source."""

    text: str
    whole: str
    place: tuple[int, int]
    words: tuple[Word, ...]
    numbers: tuple[Number, ...]
    moments: tuple[Moment, ...]
    quotes: tuple[str, ...]

    @cached_property
    def content(self) -> list[Word]:
        """The words that have to be carried: no function words, and none of a closed class, which is compared by class."""
        taken = [(n.start, n.end) for n in self.numbers] + [(m.start, m.end) for m in self.moments]
        stop = stop_words("de")
        return [
            word
            for word in self.words
            if not word.quoted and not any(a <= word.at < b for a, b in taken) and not is_light(word.low)
            and not (not word.joined and word.low in _PARTICLES and not word.classes and not word.capital)
            and ((not (word.low in stop and not word.capital) and not word.classes) or word.name) and len(word.low) > 1
            and not (word.low in stop and word.at == 0)
        ]  # fmt: skip

    @cached_property
    def attributes(self) -> set[str]:
        """The words in lower case that stand before a capitalised one."""
        endings = ("e", "en", "er", "es", "em")
        return {a.low for a, b in pairwise(self.words) if b.capital and not a.capital and a.low.endswith(endings)}

    @cached_property
    def classes(self) -> frozenset[str]:
        """The closed classes outside its quotations."""
        return frozenset(name for word in self.words if not word.quoted for name in word.classes)

    @cached_property
    def denials(self) -> int:
        """How many words outside its quotations deny."""
        return _denials(word for word in self.words if not word.quoted)

    @cached_property
    def subject(self) -> list[Word]:
        """The capitalised words before the first verb, as near as a look at the letters comes to it."""
        found: list[Word] = []
        for word in self.words:
            if word.capital and word.low not in stop_words("de"):
                if self.marker(word) in ("", *_ARTICLES):  # not «im vergangenen Jahr»
                    found.append(word)
            elif found and not word.capital and word.low not in _DETERMINERS:
                break
        return found

    @property
    def opening(self) -> str:
        """Its first word, in lower case."""
        return self.words[0].low if self.words else ""

    @cached_property
    def paired(self) -> bool:
        """Whether it tells of several things in parallel, by comma and two numbers or two subjects."""
        return len({word.clause for word in self.words}) > 1

    def before(self, at: int) -> str:
        """The last word before a place, articles and «rund» passed over."""
        found = re.findall(r"[^\W\d_]+", self.text[:at])
        while found and found[-1].casefold() in _PASSED_OVER:
            found.pop()
        return found[-1].casefold() if found else ""

    def compares(self, at: int) -> bool:
        """Whether the word behind a place is a comparative: a number before it is a difference."""
        behind = next((word for word in self.words if word.at >= at), None)
        return behind is not None and bool({"more", "less"} & behind.classes)

    def near(self, at: int) -> list[Word]:
        """The words of the clause at a place."""
        number = self.clause_at(at)
        return [w for w in self.words if w.clause == number and not w.quoted and w.low not in _DETERMINERS]

    def clause_at(self, at: int) -> int:
        """The number of the clause at a place."""
        return max((word.clause for word in self.words if word.at <= at), default=0)

    def marker(self, word: Word) -> str:
        """The article or preposition that the run of capitalised words begins with, in which `word` stands; "" for none."""
        at = min(w.at for w in self.words if w.run == word.run)
        before = [w for w in self.words if w.at < at]
        for i in range(len(before) - 1, max(-1, len(before) - 4), -1):
            if before[i].low in _DETERMINERS:
                further = before[i - 1].low if i else ""
                return further if before[i].low in _ARTICLES and further in _DETERMINERS - _ARTICLES else before[i].low
            if before[i].capital or (before[i].classes and not before[i].low.endswith(("e", "en", "er", "es", "em"))):
                break
        return ""

    def touched(self, words: Iterable[Word], quoted: bool) -> Touched:
        """What of the closed classes stands in the clauses of these words; inside quotations too where `quoted`."""
        numbers = {word.clause for word in words}
        here = [word for word in self.words if word.clause in numbers and (quoted or not word.quoted)]
        return Touched(frozenset(name for word in here for name in word.classes), _denials(here))

    def groups(self) -> list[list[Word]]:
        """Its words by clause."""
        return [[w for w in self.words if w.clause == n] for n in dict.fromkeys(w.clause for w in self.words)]


@dataclass(frozen=True)
class Doc:
    """A source text: its sentences, its quotations, and the keys of all its words."""

    text: str
    sentences: tuple[Clause, ...]
    quotes: tuple[str, ...]
    keys: frozenset[str]


def _denials(words: Iterable[Word]) -> int:
    return sum(bool({"not", "deny"} & word.classes) for word in words)


def document(text: str, published: date | None) -> Doc:
    """A source text taken apart."""
    spans = [part for a, b in split_sentences(text, 0, len(text)) or ((0, len(text)),) for part in _parts(text, a, b)]
    sentences = tuple(clause_of(text[a:b], published, place=(a, b)) for a, b in spans)
    quotes = tuple(next(filter(None, m.groups())) for m in _QUOTE.finditer(text))
    return Doc(text, sentences, quotes, frozenset(w.key for s in sentences for w in s.words))


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence parted where a quotation ends before a full stop and a number follows, and behind a number that ends one."""
    ends = r"[“”\"«»]\.\s+(?=\d)|(?<![\d.,])(?:3[2-9]|[4-9]\d|\d{3,})\.\s+(?=[A-ZÄÖÜ])"  # no day and no ordinal is that high
    cuts = [start + m.end() for m in re.finditer(ends, text[start:end])]
    return [(a, a + len(text[a:b].rstrip())) for a, b in zip([start, *cuts], [*cuts, end], strict=True)]


def clause_of(text: str, published: date | None, whole: str = "", place: tuple[int, int] = (0, 0)) -> Clause:
    """A sentence, or a part of the sentence `whole`, taken apart; its dates seen from the day it was published."""
    quoted = [(m.start(), m.end()) for m in _QUOTE.finditer(text)]
    breaks = [m.start() for m in _BREAK.finditer(text) if not any(a < m.start() < b for a, b in quoted)]
    found: list[Word] = []
    run, last = 0, (0, False)
    raw = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]
    for text_, start, end in ((t, a, b) for t, a, b in raw):
        begins = text_.casefold() if start == 0 else ""
        small = begins in stop_words("de") or begins in _DETERMINERS or begins in _PARTICLES or spelled(begins) is not None
        capital = text_[0].isupper() and not small
        joined = capital and last[1] and text[last[0] : start].strip() == ""
        run += not joined
        last = (end, capital)
        for part, at in ((p.group(), start + p.start()) for p in re.finditer(r"[^-]+|^-$", text_)):
            low = "minus" if part in "-−–" else part.casefold()
            found.append(
                Word(part, low, key_of(low), stem_of(low, "de"), at, sum(b < start for b in breaks), run, capital, False,
                     any(a < start < b for a, b in quoted), classes(low))
            )  # fmt: skip
    runs = [w.run for w in found if w.capital]
    particles = _particles(text, found)
    words = tuple(
        replace(
            w, name=w.capital and runs.count(w.run) > 1, joined=particles.get(i, ""),
            classes=frozenset() if i in particles and not particles[i] else _classes_of(w, found, i, particles.get(i, ""), text),
        )
        for i, w in enumerate(found)
    )  # fmt: skip
    quotes = tuple(next(filter(None, m.groups())) for m in _QUOTE.finditer(text))
    return Clause(text, whole or text, place, words, tuple(numbers(text)), tuple(moments(text, published)), quotes)


def _particles(text: str, words: list[Word]) -> dict[int, str]:
    """Verbs (by place) with the particle that ends their clause put before them; the particles themselves with ""."""
    found: dict[int, str] = {}
    for at, word in enumerate(words):
        ends = re.match(r"\s*(?:[.,;:!?“”\"»«)–—]|$|und\b)", text[word.at + len(word.text) :])
        if word.low not in _PARTICLES or not ends:
            continue
        for i in range(at - 1, -1, -1):
            if words[i].clause != word.clause:
                break
            follows = words[i + 1]
            if _VERB.fullmatch(words[i].low) and not words[i].capital and words[i].low not in _DETERMINERS and not (
                follows.capital and words[i].low.endswith(("en", "e", "er", "es", "em"))
            ) and words[i].low not in stop_words("de"):  # fmt: skip
                found[i], found[at] = word.low + words[i].low, ""
    return found


def _classes_of(word: Word, words: list[Word], at: int, joined: str, text: str) -> frozenset[str]:
    """The closed classes of a word where it stands."""
    if joined:
        return classes(joined) or frozenset(classes(word.low) - {"up", "down"})
    after = [w.low for w in words[at + 1 : at + 2]]
    rest = text[word.at + len(word.text) :]
    if word.low in ("mehr", "weniger", "more", "less") and re.match(r"\s(?:als|than)\s(?:\d|ein|das|die)", rest):
        return frozenset()  # «mehr als 900» bounds a number
    if word.low == "bis" and after == ["dahin"]:
        return frozenset()
    if word.low == "mehr" and any("not" in w.classes for w in words[max(0, at - 8) : at]) and after != ["als"]:
        return frozenset()  # «nicht mehr» compares nothing
    if word.capital and word.classes == {"not"} and re.search(r"(?:los|frei)(?:e[rnms]?)?$", word.low):
        return frozenset()  # «Arbeitslose»
    return word.classes


def clauses_of(text: str, published: date | None) -> list[Clause]:
    """The parts of a sentence that can each be carried by another sentence: relative clauses taken out, coordinated clauses apart."""
    insert = _INSERT.match(text)
    if insert:
        noun = re.findall(r"[A-ZÄÖÜ][^\s]*", insert["head"])[-1:]
        if noun:
            inner = f"{noun[0]} {insert['insert'].partition(' ')[2]}"
            return [clause_of(f"{insert['head']} {insert['rest']}", published, text), clause_of(inner, published, text)]
    if any(_BREAK.search(m.group()) for m in _QUOTE.finditer(text)):
        return [clause_of(text, published)]  # not through a quotation
    parts = [part.strip() for part in _SPLIT.split(text.removeprefix("Während ").removeprefix("While ")) if part and part.strip()]
    if text.startswith(("Während ", "While ")):
        parts = [part.strip() for part in re.split(r",\s", text.partition(" ")[2], maxsplit=1)]
    made = [clause_of(part, published, text) for part in parts]
    return made if all(len(part.content) + len(part.numbers) >= 2 for part in made) else [clause_of(text, published)]


def plain_quote(text: str) -> str:
    """A quotation without marks, in one spelling, spaced so that only whole words are found in it; «%» and the like are words."""
    words = " ".join(re.findall(r"[^\W_]+|[%‰°§€$£+]", text.casefold()))
    return f" {words} " if words else ""


@lru_cache(maxsize=65536)
def key_of(low: str) -> str:
    """What derived words share: no umlaut, no «ge», no ending («gefordert», «Forderungen» → ford)."""
    word = without_infix(low).translate(str.maketrans("äöü", "aou")).replace("ß", "ss")
    if len(word) > 6 and word.startswith("ge") and word.endswith(("t", "en")):
        word = word[2:]
    for suffix in (_SUFFIX, _DERIVED):
        shorter = suffix.sub("", word)
        if len(shorter) >= _SHORTEST:
            word = shorter
    return word


@cache
def _groups() -> tuple[tuple[str, ...], ...]:
    lines = files("assistant").joinpath("synonyms.txt").read_text("utf-8").replace("ß", "ss").splitlines()
    return tuple(tuple(line.split()) for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=65536)
def _synonyms(low: str) -> frozenset[int]:
    return frozenset(
        number
        for number, group in enumerate(_groups())
        for begin in group
        if low.startswith(begin) and len(low) <= len(begin) + (3 if len(begin) < 5 else 4)
    )


def matches(said: Word, source: Word, keys: frozenset[str]) -> bool:
    """Whether a word of the source carries one of the sentence; `keys` are those of all the source's words, for parts of compounds."""
    if _match(said.low, said.key, said.stem, source.low, source.key, source.stem, said.name):
        return True
    if said.joined or source.joined:
        one, other = said.joined or said.low, source.joined or source.low
        if _match(one, key_of(one), key_of(one), other, key_of(other), key_of(other), False):
            return True
    if said.name or said.key in keys:  # where the compound itself stands, its parts don't stand for it
        return False
    return (len(said.key) > len(source.key) and _compound(said.key, source.key, keys)) or _by_head(said.low, source.low, keys)


@lru_cache(maxsize=262144)
def _match(a: str, a_key: str, a_stem: str, b: str, b_key: str, b_stem: str, name: bool) -> bool:
    if a_stem == b_stem or a_key == b_key or a.removesuffix("s") == b.removesuffix("s"):
        return True
    for whole, part in ((b_key, a_key), (b, a)):
        if len(part) >= _SHORTEST and len(whole) > len(part) and (
            whole.startswith(part) or (whole.endswith(part) and whole[: -len(part)] not in _PREFIXES)
        ):  # fmt: skip
            return not name
    shared = next((i for i, (x, y) in enumerate(zip(a_key, b_key, strict=False)) if x != y), min(len(a_key), len(b_key)))
    if shared >= _LONG and shared >= 0.75 * max(len(a_key), len(b_key)):  # «Investitionen», «investieren»
        return True
    if name:
        return False
    frames = _frame(a_key), _frame(b_key)  # «verdarb», «verdorben»; «Zuschuss», «zuschießen»
    return (len(frames[0]) >= 4 and frames[0] == frames[1]) or not _synonyms(a).isdisjoint(_synonyms(b))


def _frame(key: str) -> str:
    """The consonants of a key, as strong verbs keep them."""
    return re.sub("[aeiou]", "", key) if key[:1] not in "aeiou" else ""


@lru_cache(maxsize=65536)
def _compound(said: str, source: str, keys: frozenset[str]) -> bool:
    """Whether `source` is a part of the compound `said`, and another word of the text its other part."""
    if len(source) < _SHORTEST:
        return False
    if said.endswith(source):
        rest = said[: -len(source)]
    elif said.startswith(source):
        rest = said[len(source) :]
    else:
        return False
    forms = [rest, *(rest.removesuffix(link) for link in _LINKS), *(rest.removeprefix(link) for link in _LINKS)]
    if rest in _PREFIXES:  # «abgewählt» isn't «gewählt»
        return False
    return len(rest) < 3 or any(_known(form, keys) for form in forms)


def _known(form: str, keys: frozenset[str]) -> bool:
    """Whether a part of a compound stands in a text by itself or in another compound."""
    return len(form) >= 3 and any(
        key.startswith(form) or (len(key) > 3 and (key.endswith(form) or (form.startswith(key) and len(form) <= len(key) + 3)))
        for key in keys
    )


@lru_cache(maxsize=65536)
def _by_head(said: str, source: str, keys: frozenset[str]) -> bool:
    """Whether `source` stands for the head of the compound `said`, and another word of the text for its other part («Lohnforderung»)."""
    for at in range(3, len(said) - _SHORTEST + 1):
        if not _synonyms(said[at:]).isdisjoint(_synonyms(source)):
            first = key_of(said[:at]) if at > _SHORTEST else said[:at]
            if any(_known(form, keys) for form in (first, first.removesuffix("s"))):
                return True
    return False

