"""Searching: filters, and an index that is replaced while it is in use."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.build import Report, update
from index.generations import DataFolder
from index.lexical import tokens
from index.search import Index, LiveIndex
from index.types import Filters


class Hashing:
    """A small real encoder: words hashed into 64 dimensions."""

    dimension = 64

    def __init__(self, name: str = "hashing") -> None:
        self.name = name
        self.embedded = 0

    def query(self, text: str) -> np.ndarray:
        vector = np.zeros(self.dimension, np.float32)
        for word in tokens(text):
            vector[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1
        vector[0] += 0.01
        return vector / np.linalg.norm(vector)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += len(texts)
        return np.stack([self.query(text) for text in texts])


BRIDGE = "Die Brücke über die Ache kostet zwölf Millionen Euro. Das teilte das Bauamt am Montag im Rathaus mit.\n"
FERRY = "Die Fähre auf dem See fährt ab Mai stündlich. Das kündigte die Reederei am Dienstag am Steg an.\n"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bruecke.txt").write_text(BRIDGE, "utf-8")
    (folder / "faehre.txt").write_text(FERRY, "utf-8")
    (folder / "README.md").write_text("Kein Artikel, sondern eine Erklärung zu diesem Ordner und was darin liegt.\n", "utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


def _update(data: DataFolder, *paths: Path, encoder: Hashing | None = None, **options: bool) -> Report:
    used = encoder or Hashing()
    return update(list(paths), data, lambda: used, used.name, **options)  # type: ignore[arg-type]


def _found(data: DataFolder, question: str) -> list[str]:
    index = Index(data, Hashing())
    try:
        return [hit.passage.text for hit in index.search(question, "de", Filters(), 3)]
    finally:
        index.close()


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(f): (f.stat().st_size, f.stat().st_mtime_ns) for f in folder.rglob("*") if f.is_file()}


def test_a_live_index_moves_on_while_the_old_one_is_in_use(articles: Path, data: DataFolder) -> None:
    _update(data, articles)
    live = LiveIndex(data, Hashing())
    with live.use() as old:
        (articles / "neu.txt").write_text(FERRY.replace("Fähre", "Seilbahn"), "utf-8")
        _update(data, articles)
        with live.use() as new:
            assert new.name != old.name
            assert len(new.catalog.sources()) == 3
        assert old.search("Brücke", "de", Filters(), 1)
    live.close()


def test_a_question_under_way_is_answered_though_the_index_is_closed(articles: Path, data: DataFolder) -> None:
    _update(data, articles)
    live = LiveIndex(data, Hashing())
    with live.use() as index:
        live.close()
        assert index.search("Brücke", "de", Filters(), 1)
    with live.use() as again:  # it can be used again
        assert again is not index
    live.close()


def test_filters_by_date_outlet_and_voice(articles: Path, data: DataFolder) -> None:
    (articles / "alt.json").write_text(
        '{"title": "Alt", "outlet": "Talbote", "date": "2020-01-02", "body": "Die alte Brücke über die Ache war aus Holz gebaut.", '
        '"comments": [{"author": "Eva", "text": "Die Brücke war schön."}]}',
        "utf-8",
    )
    _update(data, articles)
    index = Index(data, Hashing())
    from datetime import date

    def ids(filters: Filters) -> set[tuple[str, str]]:
        return {(hit.source.id, hit.passage.voice) for hit in index.search("Brücke", "de", filters, 9)}

    assert ids(Filters(until=date(2021, 1, 1))) == {("alt", "article")}
    assert ids(Filters(since=date(2021, 1, 1))) == set()
    assert ids(Filters(outlets=frozenset({"talbote"}))) == {("alt", "article")}
    assert ids(Filters(voices=frozenset({"comment"}))) == {("alt", "comment")}
    assert ("bruecke", "article") in ids(Filters())
    index.close()


