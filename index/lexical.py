"""BM25 over stems, with German compounds in view: «Exportkontrollen» finds «Kontrolle von Exporten» and back."""

import bisect
import json
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import StoreError

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_STEMMERS = {
    "de": "german", "en": "english", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese", "nl": "dutch",
    "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "ru": "russian", "ro": "romanian", "hu": "hungarian",
}  # fmt: skip
_LINKS = ("", "s", "es", "n", "en", "er", "e", "ns")
_SHORTEST_PART = 4
_MOST_EXPANSIONS = 24
_PART_WEIGHT = 0.5

Scores = npt.NDArray[np.float32]


@cache
def _stemmer(language: str) -> Any:
    from Stemmer import Stemmer

    return Stemmer(_STEMMERS.get(language, "german"))


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words of a language that say little, normalised; none for a language without a list."""
    from stop_words import StopWordError, get_stop_words

    try:
        return frozenset(normalise(word) for word in get_stop_words(language))
    except StopWordError:
        return frozenset()


def normalise(text: str) -> str:
    """One spelling for what readers take for the same: case, ß, ligatures, composed or not, soft hyphens."""
    return unicodedata.normalize("NFKC", text.replace("\xad", "")).casefold()


def names_in(question: str) -> str:
    """The capitalised words of a question, as one text: names, in German nouns too."""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", question)
    return " ".join(word for word in words if word[0].isupper())


def tokens(text: str) -> list[str]:
    """Words and numbers of `text`, normalised: «0,1» and «1.312» stay whole."""
    return _TOKEN.findall(normalise(text))


@lru_cache(maxsize=65536)
def stem_of(word: str, language: str) -> str:
    """The stem of a normalised word, stop word or not; a number is its own."""
    if word[0].isdigit():
        return word
    if language == "de" and len(word) >= 7 and word.startswith("ge") and word.endswith("t"):
        word = word[2:]  # a participle with its verb: «gedauert» and «dauerte»
    return str(_stemmer(language).stemWord(word.replace("’", "'").removesuffix("'s")))


def stems(text: str, language: str) -> list[str]:
    """The stems of the content words of `text`, in order."""
    stop = stop_words(language)
    return [stem_of(word, language) for word in tokens(text) if word not in stop]


@dataclass(frozen=True, slots=True)
class Query:
    """A question's terms: each with its weight (inverse document frequency) and the terms that stand for it in part."""

    terms: dict[str, float]
    parts: dict[str, frozenset[str]]

    def coverage(self, found: Iterable[str]) -> float:
        """Share of the question's weight (0 to 1) that `found` stems carry; a part of a compound counts by half."""
        present = set(found)
        total = sum(self.terms.values())
        if not total:
            return 0.0
        got = 0.0
        for term, weight in self.terms.items():
            if term in present:
                got += weight
            elif not present.isdisjoint(self.parts.get(term, ())):
                got += _PART_WEIGHT * weight
        return got / total


class Lexical:
    """BM25 (Robertson and Zaragoza 2009, k1 1.2, b 0.75, by bm25s) over rows of stems."""

    def __init__(self, bm25: Any, languages: Sequence[str]) -> None:
        self._bm25 = bm25
        self._languages = tuple(languages) or ("de",)
        self._ids: dict[str, int] = bm25.vocab_dict
        self.rows: int = int(bm25.scores["num_docs"])
        self._starts = np.asarray(bm25.scores["indptr"])
        self._places = np.asarray(bm25.scores["indices"])
        self._document_frequency = np.diff(self._starts)

    @classmethod
    def build(cls, rows: Sequence[Sequence[str]], languages: Sequence[str]) -> "Lexical":
        """Index the stems of each row; `languages` are those that questions are to be stemmed in."""
        import bm25s

        bm25 = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        bm25.index([list(row) or ["\x00"] for row in rows], show_progress=False)
        return cls(bm25, languages)

    @classmethod
    def load(cls, folder: Path) -> "Lexical":
        """Read what `save` wrote; StoreError where it isn't whole."""
        import bm25s

        try:
            languages = json.loads((folder / "languages.json").read_text("utf-8"))
            return cls(bm25s.BM25.load(folder, load_vocab=True), languages)
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{folder}: the word index is damaged ({error}); run belegt index --rebuild") from error

    def save(self, folder: Path) -> None:
        """Write the index into `folder`."""
        self._bm25.save(folder, show_progress=False)
        (folder / "languages.json").write_text(json.dumps(list(self._languages)), "utf-8")

    @cached_property
    def _forward(self) -> list[str]:
        return sorted(self._ids)

    @cached_property
    def _backward(self) -> list[str]:
        return sorted(word[::-1] for word in self._ids)

    def query(self, question: str, language: str) -> Query:
        """The terms of `question`, stemmed as the indexed texts are; stop words of its own language left out."""
        stop = stop_words(language)
        terms: dict[str, float] = {}
        parts: dict[str, frozenset[str]] = {}
        for word in dict.fromkeys(tokens(question)):
            if word in stop:
                continue
            forms = dict.fromkeys(stem_of(word, code) for code in (*self._languages, language))
            known = [form for form in forms if form in self._ids]
            form = max(known, key=self._frequency) if known else next(iter(forms))
            terms[form] = self.weight(form)
            related = {other for other in forms if other != form and other in self._ids} | set(self._related(form))
            if related:
                parts[form] = frozenset(related)
        return Query(terms, parts)

    def rows_with(self, terms: Iterable[str]) -> npt.NDArray[np.bool_]:
        """(rows,) which rows have at least one of these stems."""
        having = np.zeros(self.rows, dtype=np.bool_)
        for term in terms:
            at = self._ids.get(term)
            if at is not None:
                having[self._places[self._starts[at] : self._starts[at + 1]]] = True
        return having

    def weight(self, term: str) -> float:
        """Inverse document frequency of a stem, as in Lucene's BM25; the highest for one that no row has."""
        found = self._frequency(term)
        return math.log(1 + (self.rows - found + 0.5) / (found + 0.5))

    def _frequency(self, term: str) -> int:
        at = self._ids.get(term)
        return 0 if at is None else int(self._document_frequency[at])

    def _related(self, stem: str) -> list[str]:
        """Compounds that begin or end with `stem`, and the known parts that it is made of."""
        if len(stem) < _SHORTEST_PART + 1 or stem[0].isdigit():
            return []
        found = [word for word in _starting(self._forward, stem) if len(word) >= len(stem) + 3]
        found += [word[::-1] for word in _starting(self._backward, stem[::-1]) if len(word) >= len(stem) + 3]
        if len(found) > _MOST_EXPANSIONS:  # the rarer the compound, the more it says
            found = sorted(found, key=lambda word: (self._frequency(word), word))[:_MOST_EXPANSIONS]
        for at in range(_SHORTEST_PART, len(stem) - _SHORTEST_PART + 1):
            head, tail = stem[:at], stem[at:]
            if tail in self._ids:
                for link in _LINKS:
                    first = head.removesuffix(link) if link else head
                    if len(first) >= _SHORTEST_PART and (first in self._ids) and (not link or head.endswith(link)):
                        found += [first, tail]
                        break
        return found

    def scores(self, query: Query) -> Scores:
        """(rows,) BM25 scores of every row, parts of compounds weighing half."""
        total = self._sum(query.terms)
        related = {part for parts in query.parts.values() for part in parts} - set(query.terms)
        if related:
            total = total + _PART_WEIGHT * self._sum(sorted(related))
        return total

    def _sum(self, terms: Iterable[str]) -> Scores:
        ids = [self._ids[term] for term in terms if term in self._ids]
        if not ids:
            return np.zeros(self.rows, dtype=np.float32)
        return np.asarray(self._bm25.get_scores_from_ids(ids), dtype=np.float32)


def _starting(words: list[str], prefix: str) -> list[str]:
    begin = bisect.bisect_left(words, prefix)
    end = bisect.bisect_left(words, prefix + "\U0010ffff", begin)
    return words[begin:end]
