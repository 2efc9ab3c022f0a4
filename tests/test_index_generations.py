"""Building, updating, reading: incremental, safe to interrupt, and several processes at once."""

import errno
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.build import Report, remove, update
from index.errors import IndexingError, MismatchError, NoArticlesError, ReadError, StoreError
from index.generations import DataFolder
from index.lexical import tokens
from index.search import Index, LiveIndex, sources
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


def test_unchanged_files_cost_nothing_and_changed_ones_are_replaced(articles: Path, data: DataFolder) -> None:
    assert sorted(_update(data, articles).added) == ["bruecke", "faehre"]
    encoder = Hashing()
    before = _state(data.root)
    assert sorted(_update(data, articles, encoder=encoder).unchanged) == ["bruecke", "faehre"]
    assert encoder.embedded == 0
    assert _state(data.root) == before
    (articles / "bruecke.txt").write_text(BRIDGE.replace("zwölf", "vierzehn"), "utf-8")
    report = _update(data, articles)
    assert (report.changed, report.unchanged) == (["bruecke"], ["faehre"])
    assert "vierzehn Millionen" in _found(data, "Was kostet die Brücke?")[0]
    assert not any("zwölf" in text for text in _found(data, "zwölf Millionen"))


def test_one_article_under_two_names_is_stored_once(articles: Path, data: DataFolder) -> None:
    shutil.copy(articles / "bruecke.txt", articles / "kopie.txt")
    report = _update(data, articles)
    assert len(report.added) == 2
    assert len(report.duplicates) == 1
    assert len(sources(data)) == 2


def test_names_that_clash_get_ids_of_their_own(articles: Path, data: DataFolder) -> None:
    (articles / "mehr").mkdir()
    (articles / "mehr" / "bruecke.txt").write_text(FERRY.replace("Fähre", "Seilbahn"), "utf-8")
    _update(data, articles)
    assert sorted(source.id for source in sources(data)) == ["bruecke", "bruecke-2", "faehre"]


def test_removing_and_pruning(articles: Path, data: DataFolder) -> None:
    _update(data, articles)
    remove(["bruecke"], data)
    assert [source.id for source in sources(data)] == ["faehre"]
    with pytest.raises(NoArticlesError, match="bruecke"):
        remove(["bruecke"], data)
    _update(data, articles)
    (articles / "faehre.txt").unlink()
    assert _update(data, articles, prune=True).removed == ["faehre"]
    assert [source.id for source in sources(data)] == ["bruecke"]


def test_another_model_is_refused_until_rebuilt(articles: Path, data: DataFolder) -> None:
    _update(data, articles)
    with pytest.raises(MismatchError, match="--rebuild"):
        _update(data, articles, encoder=Hashing("other"))
    with pytest.raises(MismatchError, match="--rebuild"):
        Index(data, Hashing("other"))
    assert _found(data, "Brücke")
    (articles / "faehre.txt").unlink()  # its text is still known
    _update(data, articles, encoder=Hashing("other"), rebuild=True)
    index = Index(data, Hashing("other"))
    assert {source.id for source in index.catalog.sources()} == {"bruecke", "faehre"}
    index.close()


def test_an_interrupted_run_leaves_the_old_index(articles: Path, data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    _update(data, articles)
    (articles / "neu.txt").write_text(FERRY.replace("Fähre", "Seilbahn"), "utf-8")

    class Failing(Hashing):
        def passages(self, texts: Sequence[str]) -> np.ndarray:  # noqa: ARG002
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _update(data, articles, encoder=Failing())
    assert len(sources(data)) == 2

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("index.generations.shutil.copytree", full)
        with pytest.raises(StoreError, match="no space left"):
            _update(data, articles)
    assert _found(data, "Brücke")
    assert _update(data, articles).added == ["neu"]
    assert len(list((data.root / "generations").iterdir())) == 1


def test_reading_writes_nothing_into_the_data_folder(articles: Path, data: DataFolder) -> None:
    _update(data, articles)
    before = _state(data.root)
    assert _found(data, "Brücke")
    assert _state(data.root) == before


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


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("leer.txt", b"", ReadError), ("bild.txt", b"\x89PNG\x00\x00", ReadError), ("x.txt", None, ReadError),
        ("ordner", None, IndexingError),
    ],
)
def test_bad_input_leaves_the_index(articles: Path, data: DataFolder, name: str, content: bytes | None, error: type[Exception]) -> None:
    _update(data, articles)
    path = articles.parent / name
    if content is not None:
        path.write_bytes(content)
    elif name == "ordner":
        path.mkdir()
    with pytest.raises(error) as caught:
        _update(data, path)
    assert len(str(caught.value).splitlines()) == 1
    assert _found(data, "Brücke")


def test_a_folder_with_one_bad_file_indexes_the_rest(articles: Path, data: DataFolder) -> None:
    (articles / "leer.txt").write_bytes(b"")
    report = _update(data, articles)
    assert len(report.added) == 2
    assert len(report.failed) == 1


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


_SCRIPT = """
import sys; sys.path[:0] = {paths!r}
from pathlib import Path
from test_index_generations import BRIDGE, Hashing, _found, _update
from index.generations import DataFolder
data, articles = DataFolder(Path({data!r})), Path({articles!r})
for n in range(6):
    if sys.argv[1] == "write":
        (articles / "neu.txt").write_text(BRIDGE.replace("zwölf", str(n)), "utf-8")
        _update(data, articles, rebuild=n % 3 == 2)
    else:
        assert _found(data, "Brücke"), n
"""


@pytest.mark.slow
def test_three_processes_share_a_data_folder(articles: Path, data: DataFolder) -> None:
    _update(data, articles)
    here = Path(__file__).parent
    code = _SCRIPT.format(paths=[str(here), str(here.parent)], data=str(data.root), articles=str(articles))
    command = [sys.executable, "-c", code]
    roles = ("write", "read", "write", "read")
    jobs = [subprocess.Popen([*command, role], stderr=subprocess.PIPE, text=True) for role in roles]
    for job in jobs:
        _, said = job.communicate(timeout=180)
        assert job.returncode == 0, said
    assert len(list((data.root / "generations").iterdir())) == 1
