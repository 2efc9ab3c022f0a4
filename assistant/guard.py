"""Is this sentence carried by its citation? Pure functions, the same answer every time.

A sentence is supported only if one sentence of a cited span carries each of its clauses: every number, date, quotation and content
word has its counterpart there, and nothing there turns it round.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.copies import misfit, turned
from assistant.edits import edited
from assistant.facts import Number, same_number, same_time
from assistant.grammar import AGAINST_EACH_OTHER, GENERIC, OF_AMOUNT, OPPOSITES, classes
from assistant.types import Fault, FaultKind
from assistant.wording import Clause, Doc, Word, clause_of, clauses_of, document, matches, plain_quote
from index.lexical import stem_of
from index.types import Voice

HOLDS = 2  # words, numbers, dates and quotations that a sentence needs: «Was bleibt, ist die Fähre.» is said of anything with a ferry
_READERS = re.compile(
    r"\b(?:Leser\w*|\w*[Kk]omment(?:ar|ator|iert)\w*|Nutzer\w*|User\w*|Zuschrift\w*|Forum\w*|Forent\w*|readers?|commenters?|comments?)\b"
)
_OPPOSED: dict[tuple[str, str], FaultKind] = {("up", "down"): "direction", ("in", "out"): "direction", ("all", "some"): "scope",
                                         ("all", "many"): "scope", ("since", "until"): "date"}  # fmt: skip
_NEEDED: dict[str, FaultKind] = {
    "praise": "speaker", "blame": "speaker", "warn": "speaker", "all": "scope", "some": "scope", "many": "scope", "only": "scope",
    "least_of": "scope", "most_of": "scope", "plan": "modality", "cause": "cause", "up": "direction", "down": "direction", "more":
    "comparison", "less": "comparison", "most": "comparison", "least": "comparison", "second": "comparison", "third": "comparison",
    "always": "modality", "since": "date", "until": "date", "yes": "negation", "lack": "negation", "tight": "direction", "loose":
    "direction", "against": "content", "in": "direction", "out": "direction",
}  # fmt: skip
_HEDGES = {"plan", "maybe"}
_PREPOSITIONS = {"um", "auf", "von", "bis", "seit", "nach", "vor", "ab", "über", "unter"}
_PRONOUN = {"er", "sie", "es", "dies", "he", "she", "it", "they"}
_PERSONAL = {"er", "sie", "he", "she", "they"}
_MULTIPLES = {"halbier": 0.5, "verdoppel": 2.0, "verdreifach": 3.0, "vervierfach": 4.0}
_MADE = re.compile(r"\b(?:aus|von)\s(?:dem\s)?(?:Jahre?\s)?$")
_BY_THE_WAY = {"in", "im", "am", "an", "aus", "bei", "beim", "von", "vom", "des"}
_OF = re.compile(r"\b(?:ihrer|seiner|deren|der|von|of|aller)\s(?:(?:den|the|insgesamt|rund)\s)?$")
_LABEL = re.compile(r"([A-ZÄÖÜ][\w-]*)\s\(?$")  # «Bezirk 4», «Anna Holm (49)»
_REFERRING = re.compile(r"\b(?:er|sie|ihm|ihn|ihnen|dort|(?:ihr|sein)(?:e[rnms]?)?|he|she|they|their|his|her)\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:w[eiu]rde?n?|wird|worden)\b", re.IGNORECASE)
_NOMINATIVE = {"", "der", "die", "das", "ein", "eine"}
_OBJECTS = {"den", "dem", "einen", "einem", "gegen"}


@dataclass(frozen=True, slots=True)
class Span:
    """A cited stretch of text, who speaks in it, and of which day and outlet it is."""

    text: str
    voice: Voice = "article"
    published: date | None = None
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a sentence is supported, by which sentences (span, half-open offsets into its text), and if not, what is wrong with it."""

    supported: bool
    faults: tuple[Fault, ...] = ()
    carriers: tuple[tuple[int, int, int], ...] = ()


def check(sentence: str, spans: Sequence[Span]) -> Check:
    """Whether the cited `spans` carry `sentence`."""
    found = _checked(sentence, spans)
    if not found.supported:
        return found
    docs = [doc_of(span) for span in spans]
    sources = [span.text[slice(*part.place)] for span, doc in zip(spans, docs, strict=True) for part in doc.sentences]
    faults = [Fault("copy", words) for words in [turned(sentence, sources)] if words]
    faults += [Fault("form", words) for words in [misfit(sentence) or _cut_off(sentence, sources)] if words]
    said = clause_of(sentence, None)
    telling = sum(word in said.content or bool(word.classes) for word in said.words)
    held = telling + len(said.numbers) + len(said.moments) + len(said.quotes)
    if held < HOLDS and sentence.strip() not in (" ".join(source.split()) for source in sources):
        faults.append(Fault("empty", "says too little that could be found again"))
    return Check(False, tuple(faults)) if faults else found


def _checked(sentence: str, spans: Sequence[Span]) -> Check:
    if not re.search(r"[^\W\d_]{2}", sentence):
        return Check(False, (Fault("empty", sentence),))
    docs = [doc_of(span) for span in spans]
    published = spans[0].published if spans else None
    for number, (span, doc) in enumerate(zip(spans, docs, strict=True)):
        for source in doc.sentences:
            if span.voice != "comment" and sentence.strip() == " ".join(source.text.split()):
                return Check(True, (), ((number, *source.place),))
    said = clause_of(sentence, published)
    faults, carriers = _carried([said], spans, docs)
    if faults:
        parts = clauses_of(sentence, published)
        further, carriers = _carried(parts, spans, docs) if len(parts) > 1 else (faults, ())
        if further:
            return Check(False, faults)
    copies = [wrong for doc in docs for source in doc.sentences if (wrong := edited(said, source, doc.keys)) is not None]
    if copies and all(copies):  # a copy of a sentence, but a true one of none
        return Check(False, (Fault("content", copies[0]),))
    return Check(True, (), carriers)


def _cut_off(sentence: str, sources: Sequence[str]) -> str:
    """What keeps a sentence from being whole: one of the `sources`, in whose words it stops without an end; "" if nothing."""
    said = " ".join(sentence.split())
    ends = re.search(r"[.!?…:;][\W_]*$", said) is not None
    rests = [source.partition(said)[2] for source in (" ".join(source.split()) for source in sources) if said in source]
    return "cut off" if rests and not ends and all(re.search(r"\w", rest) for rest in rests) else ""


def tells_of_readers(sentence: str, comment: str) -> bool:
    """Whether a sentence says that readers say so: only then may a `comment` carry it.

    «Das Forum kostet 5 Millionen Euro» doesn't where the comment speaks of the forum itself; «Leser berichten von …» does.
    """
    found = _READERS.findall(sentence)
    own = {stem_of(word.casefold(), "de") for word in _READERS.findall(comment)}
    told = any("hedged" in classes(word) for word in re.findall(r"\w+", sentence.casefold()))
    return bool(found) and (told or any(stem_of(word.casefold(), "de") not in own for word in found))


def doc_of(span: Span) -> Doc:
    """A cited stretch of text taken apart."""
    return _doc(span.text, span.published)


@lru_cache(maxsize=512)
def _doc(text: str, published: date | None) -> Doc:
    return document(text, published)


def _carried(
    parts: Sequence[Clause], spans: Sequence[Span], docs: Sequence[Doc]
) -> tuple[tuple[Fault, ...], tuple[tuple[int, int, int], ...]]:
    """The faults of the first clause that nothing carries, else what carries each."""
    carriers = []
    for part in parts:
        best: tuple[Fault, ...] | None = None
        for number, (span, doc) in enumerate(zip(spans, docs, strict=True)):
            for at in range(len(doc.sentences)):
                found = tuple(_Trial(part, span, doc, at).faults())
                if best is None or len(found) < len(best):
                    best, place = found, (number, *doc.sentences[at].place)
        if best is None:
            return (Fault("content", part.text),), ()
        if best:
            return best, ()
        carriers.append(place)
    return (), tuple(dict.fromkeys(carriers))


class _Trial:
    """One clause held against one sentence of a source."""

    def __init__(self, said: Clause, span: Span, doc: Doc, at: int) -> None:
        self.said, self.span, self.doc, self.at = said, span, doc, at
        self.source = doc.sentences[at]
        self.pairs: list[tuple[Word, Word]] = []
        self.around: list[Word] = []  # carried by a sentence beside only
        self.found: list[Fault] = []

    def faults(self) -> list[Fault]:
        """What the source doesn't carry."""
        self._quotations()
        self._align()
        if len(self.found) > 3:  # far from it: no use looking closer
            return self.found
        self._context()
        self._numbers()
        self._moments()
        self._classes()
        self._multiples()
        self._roles()
        if self.said.opening in _PERSONAL and self.source.opening not in _PERSONAL:
            self._fault("name", self.said.opening)  # nobody can see whom it means
        if self.span.voice == "comment" and not tells_of_readers(self.said.whole, self.span.text):
            self._fault("comment", self.span.text[:60])
        return self.found

    def _fault(self, kind: FaultKind, what: str) -> None:
        self.found.append(Fault(kind, what))

    def _quotations(self) -> None:
        known = plain_quote(self.doc.text)
        for quote in self.said.quotes:
            words = plain_quote(quote)
            if not words:
                continue
            if not any(_quotes(words, plain_quote(other)) for other in self.doc.quotes):
                self._fault("quotation", quote)
            elif words not in plain_quote(self.source.text) and words in known:
                self._fault("speaker", quote)

    def _align(self) -> None:
        for word in self.said.content:
            fitting = [other for other in self.source.words if matches(word, other, self.doc.keys)]
            if fitting:
                self.pairs.append((word, max(fitting, key=lambda o: (o.low == word.low, o.stem == word.stem, o.key == word.key))))
            elif (word.capital or word.low in self.said.attributes) and self._beside(word):
                self.around.append(word)
            elif not (self.span.voice == "comment" and _READERS.fullmatch(word.text)) and word.text not in self.span.outlet.split():
                self._fault("name" if word.name else "content", word.text)

    def _beside(self, word: Word) -> bool:
        # the capital of a sentence's first word doesn't tell a noun: that has to show in the source
        known = (other for one in self.doc.sentences for other in one.words if word.at or (other.capital and other.at))
        return any(matches(word, other, self.doc.keys) for other in known)

    def _context(self) -> None:
        """Words from the sentences beside have to leave the subject of the carrying one in its place."""
        if not self.said.content:
            return
        used = {id(other) for _, other in self.pairs}
        subject = self.source.subject
        stands = self._stands_in()
        refers = _REFERRING.search(self.source.text) is not None or stands
        told = bool(self.said.numbers or self.said.quotes or refers) or any(id(word) in used for word in subject)
        firm = bool(self.pairs or self.said.numbers or self.said.quotes)
        if self.around and (not firm or (len(self.pairs) < len(self.said.content) / 2 and not told)):
            self._fault("content", " ".join(word.text for word in self.around))
        own = self.said.subject
        complete = bool(own) and all(any(word is one for one, _ in self.pairs) for word in own)
        displaced = any(other in subject and self.said.marker(word) not in {*_BY_THE_WAY, "der"} for word, other in self.pairs)
        if own and all(word in self.around for word in own) and displaced and not stands:
            self._fault("roles", own[0].text)  # who does it there is told of here as something else
        for word in self.around:
            if complete and word not in own and self.said.marker(word) not in _BY_THE_WAY:
                self._fault("content", word.text)  # what the subject is said to do or have, somebody else does or has
            others = [w for w in self.source.words if w.name and id(w) not in used]
            spare = [w for w in self.source.words if w.capital and id(w) not in used and not _in(w, self.source)]
            if spare and not refers and len(self.pairs) >= 2 * len(self.around):  # a copy with another word in the place of one of its own
                self._fault("content", word.text)
                return
            # only a pronoun that the source opens with, or «das Unternehmen», can be another's name
            other_subject = subject and not any(id(w) in used for w in subject) and not stands and self.source.opening not in _PRONOUN
            if word.name and (others or other_subject):
                self._fault("name", word.text)
            elif other_subject:
                self._fault("roles", word.text)
                return

    def _stands_in(self) -> bool:
        """Whether «das Unternehmen» is the source's subject, and the sentence before tells of all that the other words name."""
        subject = self.source.subject
        if not (self.at and len(subject) == 1 and subject[0].low in GENERIC and self.source.marker(subject[0]) in ("der", "die", "das")):
            return False
        before = self.doc.sentences[self.at - 1].words
        return all(any(matches(word, other, self.doc.keys) for other in before) for word in self.around)

    def _numbers(self) -> None:
        pool = list(self.source.numbers)
        for number in self.said.numbers:
            same = [other for other in pool if same_number(number, other)]
            text = self.said.text[number.start : number.end]
            if not same:
                if not self._derived(number):
                    self._fault("number", text)
                continue
            if all(self._other_noun(number, other) for other in same):
                self._fault("number", text)
                continue
            label = _label(self.said, number)
            labels = [{_label(self.source, other) for other in pool if (other in same) is right} for right in (True, False)]
            if label and label in labels[1] and label not in labels[0]:
                self._fault("number", text)
                continue
            before, befores = self.said.before(number.start), [self.source.before(other.start) for other in same]
            if before in _PREPOSITIONS and not any(b == before or b not in _PREPOSITIONS for b in befores):
                self._fault("direction", f"{before} {text}")
                continue
            as_amount = before == "auf" or not {"more", "less", "up", "down"} & self.said.classes
            if as_amount and all(self.source.compares(other.end) for other in same):
                self._fault("comparison", text)  # «25 Minuten länger» is not «25 Minuten»
                continue
            if self.said.compares(number.end) and not any(self.source.compares(other.end) for other in same):
                self._fault("comparison", text)
                continue
            if all(self._total(self.source, other) for other in same) and not self._total(self.said, number):
                self._fault("number", text)
                continue
            rivals = [o for o in pool if o.measure == number.measure and not same_number(number, o)]
            places = [o.start for o in same], [o.start for o in rivals]
            if rivals and not self._total(self.said, number) and not self._bound(number.start, *places):
                self._fault("number", text)

    def _other_noun(self, said: Number, source: Number) -> bool:
        """Whether the two count different things."""
        if not said.noun or not source.noun or said.measure == "score":
            return False
        one, other = clause_of(said.noun.capitalize(), None), clause_of(source.noun.capitalize(), None)
        return not any(matches(a, b, self.doc.keys) or matches(b, a, self.doc.keys) for a in one.words for b in other.words)

    @staticmethod
    def _total(clause: Clause, number: Number) -> bool:
        """Whether a number says of how many others are a part («neun ihrer 31 Filialen»)."""
        behind = any(other.end <= number.start <= other.end + 20 for other in clause.numbers)
        return behind and _OF.search(clause.text[: number.start]) is not None

    def _derived(self, number: Number) -> bool:
        """Whether a number is the difference of two of the source, told as one; a share of the first where it is a fraction."""
        if not {"up", "down", "more", "less"} & self.said.classes:
            return False
        pool = self.source.numbers
        if number.measure in ("fraction", "percent"):
            size = number.value / (100 if number.measure == "percent" else 1)
            return any(a.value and abs(abs(b.value - a.value) / abs(a.value) - size) < 1e-3 for a, b in self._from_to()) or (
                number.measure == "percent" and any(abs(abs(b.value - a.value) - number.value) < 1e-6 for a, b in self._from_to())
            )
        values = [o.value for o in pool if o.measure == number.measure and not self._other_noun(number, o)]
        return any(abs(abs(a - b) - number.value) < 1e-6 for a in values for b in values if a != b)

    def _from_to(self) -> list[tuple[Number, Number]]:
        """The source's numbers of which the second is said to have followed on the first."""
        return [
            (a, b)
            for a, b in zip(self.source.numbers, self.source.numbers[1:], strict=False)
            if a.measure == b.measure and self.source.before(a.start) == "von" and self.source.before(b.start) == "auf"
        ]

    def _bound(self, said: int, right: Sequence[int], wrong: Sequence[int]) -> bool:
        """Whether what stands with a value in the sentence stands with it in the source too, not with its rivals."""
        near = self.said.near(said)
        def shared(place: int) -> float:
            words = self.source.near(place)
            return sum(any(matches(w, v, self.doc.keys) for v in words) for w in near)
        best = max(shared(place) for place in right)
        return best >= max(shared(place) for place in wrong)

    def _moments(self) -> None:
        pool = self.source.moments
        for moment in self.said.moments:
            text = self.said.text[moment.start : moment.end]
            same = [other for other in pool if same_time(moment, other, self.span.published)]
            if not same:
                years = [n.value for n in self.source.numbers if not n.measure]
                if not (len(moment.points) == 1 and moment.points[0][0] in years and moment.points[0][1] is None):
                    self._fault("date", text)
                continue
            before = self.said.before(moment.start)
            befores = [self.source.before(other.start) for other in same]
            strict = {"seit", "bis", "vor", "nach"}
            if before in strict | {"ab"} and not any(b == before or (b not in strict and before == "ab") for b in befores):
                self._fault("date", f"{before} {text}")
            made = [_MADE.search(clause.text[: m.start]) for clause, m in ((self.said, moment), *((self.source, o) for o in same))]
            if moment.points and moment.points[0][1] is None and not made[0] and all(made[1:]):
                self._fault("date", text)  # a wreck of 1911 wasn't found in 1911
            rivals = [o for o in pool if o not in same]
            if rivals and not self._bound(moment.start, [o.start for o in same], [o.start for o in rivals]):
                self._fault("date", text)

    def _classes(self) -> None:
        said = self.said.classes
        quoted = not self.said.quotes  # an account of what was said in quotation marks
        touched = self.source.touched([other for _, other in self.pairs], quoted)
        entire = self.source.touched(self.source.words, quoted)
        here, anywhere = touched.classes, entire.classes
        if (self.said.denials % 2 != touched.denials % 2 and self.said.denials % 2 != entire.denials % 2) or (
            self.said.denials and not entire.denials
        ):
            self._fault("negation", self.said.text)
        for one, other in (*OPPOSITES, *((b, a) for a, b in OPPOSITES)):
            if one in said and other not in said and other in here and one not in here:
                self._fault(_OPPOSED.get((one, other)) or _OPPOSED.get((other, one)) or "comparison", one)
        for name, kind in _NEEDED.items():
            if name == "yes" and {"deny", "not"} & anywhere:
                continue  # «nicht eingeräumt» for «bestritten»: their polarity is compared above
            if name == "all" and self.said.denials and any(w.low.startswith(("keine", "niemand")) for w in self.source.words):
                continue  # «alle ohne» for «keiner mit»
            if name == "plan" and ("maybe" in anywhere or all(w.capital for w in self.said.words if "plan" in w.classes)):
                continue  # «das Vorhaben» plans nothing new
            if name == "blame" and {"lack", "not", "deny"} & anywhere:
                continue  # «beklagte, es fehle» for «es fehlt»
            if name in said and name not in anywhere and not self._inferred(name):
                self._fault(kind, name)
        for word in self.said.words:
            graded = {"more", "less", "most", "least"} & word.classes and not word.quoted and not OF_AMOUNT.fullmatch(word.low)
            if graded and not any(matches(word, other, self.doc.keys) for other in self.source.words):
                self._fault("comparison", word.text)
        if _HEDGES & here and not (_HEDGES | {"hedged"}) & said:
            self._fault("modality", self.said.text)
        if "maybe" in here and not {"maybe", "hedged"} & said and "plan" not in here:
            self._fault("modality", self.said.text)
        spoken = bool(({"hedged"} | _HEDGES) & anywhere) or self.source.quotes or self.span.voice == "comment"
        if "hedged" in said and not spoken:
            self._fault("speaker", self.said.text)
        if not self.said.quotes and "hedged" not in said and self._from_quote():
            self._fault("speaker", self.said.text)

    def _inferred(self, name: str) -> bool:
        """A direction that two numbers show, from one to the other."""
        if name not in ("up", "down", "more", "less"):
            return False
        if {"up": {"more"}, "more": {"up"}, "down": {"less"}, "less": {"down"}}[name] & self.source.classes:
            return True
        return any((b.value > a.value) == (name in ("up", "more")) for a, b in self._from_to())

    def _multiples(self) -> None:
        """«halbiert», «verdoppelt»: said by the source too, or shown by two numbers."""
        for begin, factor in _MULTIPLES.items():
            said, told = (any(w.low.startswith(begin) for w in clause.words) for clause in (self.said, self.source))
            if said and not told and not any(a.value and abs(b.value / a.value / factor - 1) < 0.05 for a, b in self._from_to()):
                self._fault("number", begin)

    def _from_quote(self) -> bool:
        inside = [other for _, other in self.pairs if other.quoted]
        return len(inside) > len(self.pairs) / 2 and any(len(quote.split()) > 2 for quote in self.source.quotes)

    def _roles(self) -> None:
        """Two things that both stand in the sentence and in the source, with their parts exchanged."""
        nouns = [(w, v) for w, v in self.pairs if w.capital and v.capital]
        plain = not _PASSIVE.search(self.said.text) and not _PASSIVE.search(self.source.text)
        for word, other in nouns:
            markers = self.said.marker(word), self.source.marker(other)
            turned = (markers[0] in ("der", "ein") and markers[1] in _OBJECTS and word in self.said.subject) or (
                markers[1] in ("der", "ein") and markers[0] in _OBJECTS and other in self.source.subject
            )
            if plain and turned and self.said.subject and word.run == self.said.subject[0].run:
                self._fault("roles", word.text)
                return
        for word, other in nouns:
            if {self.said.marker(word), self.source.marker(other)} in AGAINST_EACH_OTHER:
                self._fault("direction", f"{self.said.marker(word)} {word.text}")
                return
        for i, (w1, v1) in enumerate(nouns):
            for w2, v2 in nouns[i + 1 :]:
                if v1 is v2 or w1.run == w2.run or v1.run == v2.run or w1.clause != w2.clause or v1.clause != v2.clause:
                    continue
                if (_agent(self.said, w1, w2), _agent(self.source, v1, v2)) in ((1, 2), (2, 1)):
                    self._fault("roles", f"{w1.text}, {w2.text}")
                    return
        clauses = {v.clause for _, v in self.pairs}
        # what one clause of the source says of one thing may not be told of the thing of another
        if len(clauses) > 1 and self.source.paired:
            for group in self.said.groups():
                own = [v.clause for w, v in self.pairs if w in group]
                if len(set(own)) > 1 and len(self.said.groups()) > 1:
                    self._fault("roles", " ".join(w.text for w in group))
                    return


def _agent(clause: Clause, one: Word, other: Word) -> int:
    """Which of two nouns of a clause acts on the other: 1, 2, or 0 where its case doesn't say."""
    markers = clause.marker(one), clause.marker(other)
    if _PASSIVE.search(clause.text):
        by = [m in ("von", "vom", "durch") for m in markers]
        bare = [m in _NOMINATIVE for m in markers]
        return 1 if by[0] and bare[1] else 2 if by[1] and bare[0] else 0
    marked = [m in _OBJECTS for m in markers]
    bare = [m in _NOMINATIVE for m in markers]
    if bare[0] and marked[1]:
        return 1
    if marked[0] and bare[1]:
        return 2
    if markers == ("", "") or (bare[0] and bare[1] and one.name and other.name):
        return 1 if one.at < other.at else 2
    first = one in clause.subject, other in clause.subject
    # «der» behind the verb is a genitive or a dative as a rule
    said = [
        w.name if not m else m in _NOMINATIVE and (subject or m != "der")
        for w, m, subject in zip((one, other), markers, first, strict=True)
    ]
    return (1 if first[0] else 2) if all(said) and first[0] != first[1] else 0


def _label(clause: Clause, number: Number) -> str:
    """The noun that stands right before a number; "" for none."""
    found = _LABEL.search(clause.text[: number.start])
    return found[1] if found else ""


def _in(word: Word, clause: Clause) -> bool:
    """Whether a word is a part of a number or a date."""
    return any(n.start <= word.at < n.end or n.noun == word.low for n in clause.numbers) or any(
        m.start <= word.at < m.end for m in clause.moments
    )


def _quotes(words: str, quotation: str) -> bool:
    """Whether `words` are quoted from a quotation, without a «nicht» cut off before them."""
    head, found, _ = quotation.partition(words)
    return bool(found) and not any("not" in classes(word) for word in head.split()[-3:])
