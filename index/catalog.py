"""The articles and passages of one generation, in SQLite: everything but vectors and word statistics."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import StoreError
from index.types import VOICES, Article, Filters, Passage, Source, Stretch, Voice

FORMAT = 1  # raise when older folders can't be read any more
_ANEW = "name what to build it anew from: belegt index --rebuild PATH"

_SCHEMA = """
CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE articles(
    id TEXT PRIMARY KEY, title TEXT, outlet TEXT, author TEXT, published TEXT, url TEXT, language TEXT, source TEXT, path TEXT,
    digest TEXT, file_digest TEXT, size INTEGER, modified_ns INTEGER, text TEXT, stretches TEXT);
CREATE TABLE passages(
    row INTEGER PRIMARY KEY, id TEXT UNIQUE, article_id TEXT, voice TEXT, "start" INTEGER, "end" INTEGER, text TEXT,
    sentences TEXT, by TEXT, at TEXT, stems TEXT);
CREATE INDEX by_article ON passages(article_id);
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an index was built with; another value of any of them can't be mixed in."""

    model: str
    dimension: int
    passage_size: int
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Columns:
    """One entry a passage in row order: what filters look at, and the number of its `article`.

    `day` is year·10000 + month·100 + day, 0 without a date.
    """

    rows: npt.NDArray[np.int64]
    voice: npt.NDArray[np.int8]
    day: npt.NDArray[np.int32]
    outlet: npt.NDArray[np.int32]
    outlets: dict[str, int]
    article: npt.NDArray[np.int32]

    def mask(self, filters: Filters) -> npt.NDArray[np.bool_]:
        """(n,) which passages `filters` let through."""
        mask = np.isin(self.voice, [VOICES.index(voice) for voice in filters.voices])
        if filters.since:
            mask &= self.day >= day_number(filters.since)
        if filters.until:
            mask &= (self.day > 0) & (self.day <= day_number(filters.until))
        if filters.outlets:
            wanted = {outlet.casefold() for outlet in filters.outlets}
            mask &= np.isin(self.outlet, [number for name, number in self.outlets.items() if name.casefold() in wanted])
        return mask


def day_number(day: date | None) -> int:
    """Year·10000 + month·100 + day, so that order by number is order by date; 0 for no date."""
    return day.year * 10000 + day.month * 100 + day.day if day else 0


class Catalog:
    """One generation's articles and passages. Open it for reading anywhere, for writing only while it is being built."""

    def __init__(self, file: Path, *, create: bool = False, write: bool = False) -> None:
        self._file = file
        try:
            mode = "rwc" if create else "rw" if write else "ro&immutable=1"
            self._db = sqlite3.connect(f"file:{_quoted(file)}?mode={mode}", uri=True, check_same_thread=False)
            self._db.row_factory = sqlite3.Row
            if create:
                self._db.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise StoreError(f"{file}: the catalogue can't be opened ({error}); check the folder, or {_ANEW}") from error

    def close(self) -> None:
        """Write what is pending and close the file."""
        self._db.commit()
        self._db.close()

    # -- settings ---------------------------------------------------------------------------------------------------

    def set_settings(self, settings: Settings, reader: int) -> None:
        """Remember what the index was built with, and by which version of the reader."""
        values = {**asdict(settings), "reader": reader}
        self._db.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", [(k, json.dumps(v)) for k, v in values.items()])

    def settings(self) -> tuple[Settings, int]:
        """What the index was built with, and the version of the reader that read its articles."""
        try:
            values = {row["name"]: json.loads(row["value"]) for row in self._rows("SELECT * FROM settings")}
            reader = values.pop("reader")
            settings = Settings(**values)
        except (TypeError, KeyError, ValueError) as error:
            raise StoreError(f"the index is of an unknown format ({error}); run belegt index --rebuild") from error
        if settings.format != FORMAT:
            raise StoreError(f"the index is of format {settings.format}, this program's is {FORMAT}; run belegt index --rebuild")
        return settings, reader

    # -- writing ----------------------------------------------------------------------------------------------------

    def add(self, article: Article, size: int, modified_ns: int, passages: Sequence[tuple[Passage, Sequence[str]]]) -> None:
        """Add an article and its passages, each with the stems that the word index is to hold."""
        stretches = json.dumps([[s.start, s.end, s.kind, s.by, s.at, s.why] for s in article.stretches], ensure_ascii=False)
        published = article.published.isoformat() if article.published else None
        self._db.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (article.id, article.title, article.outlet, article.author, published, article.url, article.language, article.source,
             article.path, article.digest, article.file_digest, size, modified_ns, article.text, stretches),
        )  # fmt: skip
        self._db.executemany(
            'INSERT INTO passages(id, article_id, voice, "start", "end", text, sentences, by, at, stems) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(p.id, p.article_id, p.voice, p.start, p.end, p.text, json.dumps(p.sentences), p.by, p.at, " ".join(words))
             for p, words in passages],
        )  # fmt: skip

    def remove(self, article_id: str) -> None:
        """Remove an article and its passages."""
        self._db.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
        self._db.execute("DELETE FROM articles WHERE id = ?", (article_id,))

    # -- reading ----------------------------------------------------------------------------------------------------

    def _rows(self, query: str, values: Sequence[object] = ()) -> Iterator[Any]:
        """The rows that a query gives; StoreError where the file can't be read."""
        try:
            yield from self._db.execute(query, values)
        except sqlite3.Error as error:
            raise StoreError(f"{self._file}: the catalogue can't be read ({error}); {_ANEW}") from error

    def sources(self) -> list[Source]:
        """All articles without their text, newest first, those without a date last."""
        counts: dict[str, dict[Voice, int]] = {}
        for row in self._rows("SELECT article_id, voice, count(*) AS n FROM passages GROUP BY article_id, voice"):
            counts.setdefault(row["article_id"], {})[row["voice"]] = row["n"]
        rows = self._rows("SELECT * FROM articles ORDER BY published IS NULL, published DESC, id")
        return [_source(row, counts.get(row["id"], {})) for row in rows]

    def source(self, article_id: str) -> Source | None:
        """One article without its text and passage counts, None where there is none of that id."""
        row = next(self._rows("SELECT * FROM articles WHERE id = ?", (article_id,)), None)
        return None if row is None else _source(row, {})

    def article(self, article_id: str) -> Article | None:
        """One article, None where there is none of that id."""
        row = next(self._rows("SELECT * FROM articles WHERE id = ?", (article_id,)), None)
        if row is None:
            return None
        stretches = tuple(Stretch(*values) for values in json.loads(row["stretches"]))
        return Article(
            id=row["id"], text=row["text"], source=row["source"], title=row["title"], outlet=row["outlet"], author=row["author"],
            published=_day(row["published"]), url=row["url"], language=row["language"], path=row["path"], digest=row["digest"],
            file_digest=row["file_digest"], stretches=stretches,
        )  # fmt: skip

    def passages(self, rows: Iterable[int]) -> dict[int, Passage]:
        """The passages in those rows, by row."""
        wanted = [int(row) for row in rows]
        marks = ",".join("?" * len(wanted))
        return {row["row"]: _passage(row) for row in self._rows(f"SELECT * FROM passages WHERE row IN ({marks})", wanted)}

    def openings(self, titles: Sequence[str], most: int = 3) -> dict[int, Passage]:
        """The first `most` passages of the reporting in each article of one of these titles, by row, the newest article first."""
        marks = ",".join("?" * len(titles))
        query = (
            'SELECT * FROM (SELECT passages.*, published, row_number() OVER (PARTITION BY article_id ORDER BY "start") AS place '
            f"FROM passages JOIN articles ON articles.id = article_id WHERE voice = 'article' AND title IN ({marks})) "
            "WHERE place <= ? ORDER BY published IS NULL, published DESC, article_id, place"
        )
        return {row["row"]: _passage(row) for row in self._rows(query, [*titles, most])}

    def rows_of(self, ids: Sequence[str]) -> dict[str, int]:
        """The rows of the passages with those ids."""
        marks = ",".join("?" * len(ids))
        return {row["id"]: row["row"] for row in self._rows(f"SELECT id, row FROM passages WHERE id IN ({marks})", list(ids))}

    def stems(self) -> Iterator[list[str]]:
        """The stems of every passage, in row order."""
        for row in self._rows("SELECT stems FROM passages ORDER BY row"):
            yield row["stems"].split(" ") if row["stems"] else []

    def languages(self) -> list[str]:
        """Languages of the articles, the commonest first."""
        query = "SELECT language, count(*) AS n FROM articles GROUP BY language ORDER BY n DESC, language"
        return [row["language"] for row in self._rows(query) if row["language"]]

    def columns(self) -> Columns:
        """What filters look at, for every passage in row order."""
        query = (
            "SELECT row, voice, published, outlet, article_id FROM passages JOIN articles ON articles.id = passages.article_id ORDER BY row"
        )
        rows, voices, days, numbers = [], [], [], []
        outlets: dict[str, int] = {}
        articles: dict[str, int] = {}
        homes = []
        for row in self._rows(query):
            rows.append(row["row"])
            voices.append(VOICES.index(row["voice"]))
            days.append(day_number(_day(row["published"])))
            numbers.append(outlets.setdefault(row["outlet"], len(outlets)))
            homes.append(articles.setdefault(row["article_id"], len(articles)))
        return Columns(
            np.array(rows, np.int64), np.array(voices, np.int8), np.array(days, np.int32), np.array(numbers, np.int32), outlets,
            np.array(homes, np.int32),
        )  # fmt: skip


def _quoted(file: Path) -> str:
    from urllib.parse import quote

    return quote(str(file.absolute()).replace("\\", "/"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _source(row: Any, counts: dict[Voice, int]) -> Source:
    return Source(
        id=row["id"], title=row["title"], outlet=row["outlet"], author=row["author"], published=_day(row["published"]), url=row["url"],
        language=row["language"], source=row["source"], path=row["path"], digest=row["digest"], file_digest=row["file_digest"],
        size=row["size"], modified_ns=row["modified_ns"], passages=counts,
    )  # fmt: skip


def _passage(row: Any) -> Passage:
    sentences = tuple((start, end) for start, end in json.loads(row["sentences"]))
    return Passage(row["article_id"], row["voice"], row["start"], row["end"], row["text"], sentences, row["by"], row["at"])
