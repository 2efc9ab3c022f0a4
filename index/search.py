"""Question → hits: sentences by meaning, passages by words, fused, then weighed again together."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from index.catalog import Catalog, Settings, day_number
from index.embedding import Encoder
from index.errors import MismatchError
from index.generations import CATALOG, CHROMA, WORDS, DataFolder, release
from index.lexical import Lexical, Query, names_in, stems
from index.store import VectorStore, place_of
from index.types import Article, Filters, Hit, Passage, Source

_NEAREST_SENTENCES = 80
_NEAREST_ARTICLES = 100
_CANDIDATES = 24
_RANK_CONSTANT = 60  # of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)

# How much the whole article's nearness and the words count beside the best sentence's cosine. Chosen on
# three sets of questions over German news (see docs/retrieval.md); flat around these values.
_ARTICLE_WEIGHT = 0.3
_WORDS_WEIGHT = 0.025
_SENTENCE_WORDS_WEIGHT = 0.05


class Index:
    """One opened generation, for reading."""

    def __init__(self, data: DataFolder, encoder: Encoder) -> None:
        self.name, self._copy = data.snapshot()
        self._encoder = encoder
        opened: list[Catalog] = []
        try:
            self.catalog = Catalog(self._copy / CATALOG)
            opened.append(self.catalog)
            self.settings, _ = self.catalog.settings()
            _check(self.settings, encoder)
            self._columns = self.catalog.columns()
            self._lexical = Lexical.load(self._copy / WORDS) if len(self._columns.rows) else None
            self._store = VectorStore(self._copy / CHROMA)
        except BaseException:
            for part in opened:
                part.close()
            release(self._copy)
            raise
        self._position = {int(row): at for at, row in enumerate(self._columns.rows)}
        self.language = next(iter(self.catalog.languages()), "de")

    def close(self) -> None:
        """Release the files; the index can't be used any more."""
        self._store.close()
        self.catalog.close()
        release(self._copy)

    @property
    def outlets(self) -> list[str]:
        """Names of the outlets in the index."""
        return list(self._columns.outlets)

    def article(self, article_id: str) -> Article | None:
        """The article with that id, None where there is none."""
        return self.catalog.article(article_id)

    def search(self, question: str, language: str, filters: Filters, k: int = 8) -> list[Hit]:
        """The `k` best passages for `question`, best first; fewer where the filters leave fewer."""
        if self._lexical is None:
            return []
        mask = self._columns.mask(filters)
        if not mask.any():
            return []
        vector = self._encoder.query(question)
        by_sentence = self._store.sentences(vector, _NEAREST_SENTENCES, filters.voices, _where(filters, self.outlets))
        by_article = self._store.articles(vector, _NEAREST_ARTICLES)
        sentences: dict[str, dict[int, float]] = {}
        for sentence, cosine in by_sentence.items():
            passage_id, number = place_of(sentence)
            sentences.setdefault(passage_id, {})[number] = cosine
        rows = self.catalog.rows_of(list(sentences))
        dense = {rows[name]: max(found.values()) for name, found in sentences.items() if mask[self._position[rows[name]]]}

        query = self._lexical.query(question, language)
        scores = np.where(mask, self._lexical.scores(query), 0.0)
        highest = float(scores.max())
        best = [int(at) for at in np.argsort(-scores, kind="stable")[:_CANDIDATES] if scores[at] > 0]
        bm25 = {int(self._columns.rows[at]): float(scores[at]) for at in best}

        fused = _reciprocal_rank_fusion(list(dense), list(bm25))
        chosen = sorted(fused, key=lambda row: (-fused[row], row))[:_CANDIDATES]
        passages = self.catalog.passages(chosen)
        named = self._named(self._lexical, question, language, chosen)
        floor = min(by_sentence.values(), default=0.0)
        article_floor = min(by_article.values(), default=0.0)
        hits = []
        for row in chosen:
            passage = passages[row]
            words = float(scores[self._position[row]])
            score = (
                dense.get(row, floor)
                + _ARTICLE_WEIGHT * by_article.get(passage.article_id, article_floor)
                + (_WORDS_WEIGHT * words / highest if highest else 0.0)
            )
            hits.append((score, row, words))
        hits.sort(key=lambda hit: (-hit[0], hit[1]))
        return [
            self._hit(
                passages[row], score, fused[row], dense.get(row, 0.0), words, named[row], query, sentences.get(passages[row].id, {}), floor
            )
            for score, row, words in hits[:k]
        ]

    def openings(self, titles: Sequence[str], filters: Filters) -> list[Hit]:
        """The first passages of each article that has one of these titles, the newest first; their scores are 0.0: nothing was sought."""
        mask = self._columns.mask(filters)
        hits = []
        for row, passage in self.catalog.openings(titles).items():
            source = self.catalog.source(passage.article_id)
            if source is not None and mask[self._position[row]]:
                none = (0.0,) * len(passage.sentences)
                hits.append(Hit(passage, source, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, none, none))
        return hits

    def _named(self, lexical: Lexical, question: str, language: str, rows: list[int]) -> dict[int, float]:
        """Row → share (0 to 1) of the weight of the question's names that its article has anywhere; 1.0 for a question without names."""
        query = lexical.query(names_in(question), language)
        total = sum(query.terms.values())
        if not total:
            return dict.fromkeys(rows, 1.0)
        having = np.zeros(int(self._columns.article.max()) + 1)
        for term, weight in query.terms.items():
            found = lexical.rows_with([term, *query.parts.get(term, ())])
            having[np.unique(self._columns.article[found])] += weight / total
        return {row: float(having[self._columns.article[self._position[row]]]) for row in rows}

    def _hit(
        self, passage: Passage, score: float, fused: float, dense: float, bm25: float, named: float, query: Query,
        cosines: dict[int, float], floor: float,
    ) -> Hit:  # fmt: skip
        source = self.catalog.source(passage.article_id)
        assert source is not None
        covered = [
            query.coverage(stems(passage.text[start - passage.start : end - passage.start], source.language))
            for start, end in passage.sentences
        ]
        return Hit(
            passage, source, score, fused, dense, bm25, named,
            coverage=query.coverage(stems(f"{source.title} {passage.text}", source.language)),
            sentence_scores=tuple(cosines.get(n, floor) + _SENTENCE_WORDS_WEIGHT * c for n, c in enumerate(covered)),
            sentence_coverage=tuple(covered),
        )  # fmt: skip


def _reciprocal_rank_fusion(*rankings: list[int]) -> dict[int, float]:
    """Row → sum over the rankings of 1 / (60 + rank), ranks from 1."""
    fused: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, 1):
            fused[row] = fused.get(row, 0.0) + 1 / (_RANK_CONSTANT + rank)
    return fused


def _where(filters: Filters, outlets: list[str]) -> dict[str, Any] | None:
    """The filters as Chroma wants them; None where there are none beyond the voices."""
    terms: list[dict[str, Any]] = []
    if filters.since or filters.until:
        terms.append({"day": {"$gte": max(1, day_number(filters.since))}})
    if filters.until:
        terms.append({"day": {"$lte": day_number(filters.until)}})
    if filters.outlets:
        wanted = {outlet.casefold() for outlet in filters.outlets}
        terms.append({"outlet": {"$in": sorted(name for name in outlets if name.casefold() in wanted)}})
    return {"$and": terms} if len(terms) > 1 else terms[0] if terms else None


def _check(settings: Settings, encoder: Encoder) -> None:
    if settings.model != encoder.name or settings.dimension != encoder.dimension:
        raise MismatchError(
            f"this index was built with the embedding {settings.model!r} ({settings.dimension} dimensions), not {encoder.name!r} "
            f"({encoder.dimension}); use --embedding {settings.model}, or run belegt index --rebuild --embedding {encoder.name}"
        )


class LiveIndex:
    """The current generation of a data folder, whichever it is: moves to a new one when it is published."""

    def __init__(self, data: DataFolder, encoder: Encoder) -> None:
        self._data = data
        self._encoder = encoder
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._users: dict[Index, int] = {}

    @contextmanager
    def use(self) -> Iterator[Index]:
        """The current generation, kept open while it is used."""
        with self._lock:
            current = self._data.current()
            if self._index is None or current is None or self._index.name != current.name:
                fresh = Index(self._data, self._encoder)
                old, self._index = self._index, fresh
                self._users[fresh] = 0
                if old is not None and not self._users[old]:
                    self._drop(old)
            index = self._index
            self._users[index] += 1
        try:
            yield index
        finally:
            with self._lock:
                self._users[index] -= 1
                if index is not self._index and not self._users[index]:
                    self._drop(index)

    def _drop(self, index: Index) -> None:
        del self._users[index]
        index.close()

    def close(self) -> None:
        """Close what is open, what a question under way still uses once that is answered."""
        with self._lock:
            self._index = None
            for index in [index for index, users in self._users.items() if not users]:
                self._drop(index)


def sources(data: DataFolder) -> list[Source]:
    """What is indexed, newest first, read without a model; empty where nothing is."""
    found = data.with_catalog(lambda catalog: catalog.sources())
    return [replace(source, path=source.path or str(data.texts / f"{source.digest}.txt")) for source in found or []]
