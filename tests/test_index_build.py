"""Updating an index and reading it meanwhile."""

import contextlib
import errno
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import index.build
import index.catalog
import index.generations
from index.articles import digest_of, read_articles
from index.build import Report, remove, update
from index.errors import MismatchError, NoArticlesError, ReadError, StoreError
from index.generations import DataFolder
from index.search import Index, LiveIndex, sources
from index.types import Article, Filters

HARBOUR = "Der Hafen von Nordwik bekommt einen neuen Kran. Er hebt 80 Tonnen und kostet neun Millionen Euro. Der Stadtrat stimmte zu."
LIBRARY = "Die Bücherei in Talheim öffnet wieder. Nach dem Wasserschaden wurden 4000 Bände getrocknet. Die Leiterin dankte den Helfern."
BRIDGE = "Die Brücke über die Laue ist gesperrt. Prüfer fanden Risse in zwei Pfeilern. Die Sperrung dauert bis zum Herbst."


class Hashing:
    """Words hashed into 32 places: near where words are shared."""

    name = "hashing"
    dimension = 32

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def query(self, text: str) -> np.ndarray:
        vector = np.full(self.dimension, 0.01, np.float32)
        for word in re.findall(r"\w+", text.casefold()):
            vector[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1
        return vector / np.linalg.norm(vector)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += texts
        return np.stack([self.query(text) for text in texts])


class Work:
    """A folder of articles and its index."""

    def __init__(self, root: Path) -> None:
        self.articles, self.root, self.data = root / "articles", root / "data", DataFolder(root / "data")
        self.articles.mkdir()
        self.encoder = Hashing()

    def write(self, name: str, text: str) -> Path:
        file = self.articles / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    def update(self, *paths: Path, model: str = "hashing", **options: object) -> Report:
        return update(paths or [self.articles], self.data, lambda: self.encoder, model, **options)  # type: ignore[arg-type]

    def search(self, question: str) -> list[str]:
        opened = Index(self.data, self.encoder)
        try:
            return [hit.passage.text for hit in opened.search(question, "de", Filters())]
        finally:
            opened.close()

    def found(self, words: str, question: str = "") -> bool:
        return any(words in text for text in self.search(question or words))

    @property
    def ids(self) -> list[str]:
        return sorted(source.id for source in sources(self.data))

    def check(self) -> None:
        """Nothing is left over, and every text that is needed is there."""
        listed = sources(self.data)
        assert sorted(p.name for p in self.data.texts.iterdir()) == sorted(f"{s.digest}.txt" for s in listed)
        assert len(list((self.root / "generations").iterdir())) == 1
        assert len({s.digest for s in listed}) == len(listed)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path)


@pytest.fixture
def indexed(work: Work) -> Work:
    work.write("hafen.txt", HARBOUR)
    work.write("talheim.txt", LIBRARY)
    assert work.update().added == ["hafen", "talheim"]
    work.encoder.embedded.clear()
    return work


def _refuse() -> Hashing:
    raise AssertionError("the encoder isn't needed")


# -- incremental --------------------------------------------------------------------------------------------------------


def test_an_unchanged_file_costs_nothing(indexed: Work) -> None:
    before = indexed.data.current()
    report = update([indexed.articles], indexed.data, _refuse, "hashing")
    assert sorted(report.unchanged) == ["hafen", "talheim"]
    assert not report.added
    assert not report.changed
    assert indexed.data.current() == before


def test_only_what_is_new_is_embedded(indexed: Work) -> None:
    indexed.write("lauebruecke.txt", BRIDGE)
    report = indexed.update()
    assert (report.added, len(report.unchanged)) == (["lauebruecke"], 2)
    assert all("Hafen" not in text and "Bücherei" not in text for text in indexed.encoder.embedded)
    assert indexed.found("Risse in zwei Pfeilern")
    assert indexed.found("neun Millionen")
    indexed.check()


def test_a_changed_file_is_replaced(indexed: Work) -> None:
    indexed.write("hafen.txt", HARBOUR.replace("neun Millionen", "elf Millionen"))
    report = indexed.update()
    assert (report.changed, report.added, report.unchanged) == (["hafen"], [], ["talheim"])
    assert indexed.found("elf Millionen", "Wie viele Millionen kostet der Kran?")
    assert not indexed.found("neun Millionen")
    indexed.check()


def test_the_same_article_under_two_names_is_stored_once(indexed: Work) -> None:
    copy = indexed.write("kopie.txt", HARBOUR)
    report = indexed.update()
    assert report.duplicates == [str(copy.resolve())]
    assert indexed.ids == ["hafen", "talheim"]
    assert sum("neun Millionen" in text for text in indexed.search("neun Millionen")) == 1


def test_the_same_file_named_twice_is_read_once(indexed: Work) -> None:
    file = indexed.write("hafen.txt", BRIDGE)
    report = indexed.update(file, indexed.articles / ".." / "articles" / "hafen.txt")
    assert (report.changed, report.removed, len(report.duplicates)) == (["hafen"], [], 1)
    assert indexed.found("Risse in zwei Pfeilern")
    indexed.check()


def test_ids_are_unique_for_the_same_name_in_two_folders(work: Work) -> None:
    work.write("a/meldung.txt", HARBOUR)
    work.write("b/meldung.txt", LIBRARY)
    assert work.update().added == ["meldung", "meldung-2"]
    work.write("b/meldung.txt", LIBRARY.replace("4000", "5000"))
    assert work.update().changed == ["meldung-2"]
    assert work.ids == ["meldung", "meldung-2"]


def test_two_files_that_swap_their_texts(indexed: Work) -> None:
    indexed.write("hafen.txt", LIBRARY)
    indexed.write("talheim.txt", HARBOUR)
    assert indexed.update().changed == ["hafen", "talheim"]
    assert {s.id: Path(s.source).read_text("utf-8")[:9] for s in sources(indexed.data)} == {"hafen": "Die Büche", "talheim": "Der Hafen"}
    indexed.check()


def test_a_file_that_becomes_a_copy_of_another_is_no_article_any_more(indexed: Work) -> None:
    indexed.write("talheim.txt", HARBOUR)
    report = indexed.update()
    assert (report.removed, len(report.duplicates)) == (["talheim"], 1)
    assert indexed.ids == ["hafen"]
    assert not indexed.found("4000 Bände")


def _list(*texts: str) -> str:
    return "\n".join(json.dumps({"title": f"Meldung {text.split()[1]}", "text": text}) for text in texts)


def test_a_list_of_articles_follows_its_file(work: Work) -> None:
    work.write("liste.jsonl", _list(HARBOUR, LIBRARY, BRIDGE))
    ids = work.update().added
    assert len(ids) == 3
    work.encoder.embedded.clear()
    work.write("liste.jsonl", _list(HARBOUR, LIBRARY.replace("4000", "5000"), BRIDGE.replace("Herbst", "Winter")))
    report = work.update()
    assert (report.changed, report.unchanged) == (ids[1:], ids[:1])
    assert not any("Kran" in text for text in work.encoder.embedded)
    work.write("liste.jsonl", _list(HARBOUR, LIBRARY, BRIDGE))  # back to the first text
    assert work.update().changed == ids[1:]
    assert work.found("4000 Bände")
    assert not work.found("5000 Bände")
    work.write("liste.jsonl", _list(HARBOUR, BRIDGE))
    assert work.update().removed == [ids[1]]
    assert work.ids == sorted([ids[0], ids[2]])
    assert not work.found("4000 Bände")
    work.check()


# -- removal --------------------------------------------------------------------------------------------------------------


def test_remove(indexed: Work) -> None:
    remove(["hafen"], indexed.data)
    assert indexed.ids == ["talheim"]
    assert not indexed.found("neun Millionen")
    indexed.check()
    remove(["talheim"], indexed.data)
    assert indexed.search("Bücherei") == []


def test_remove_of_an_unknown_id_removes_nothing(indexed: Work) -> None:
    with pytest.raises(NoArticlesError, match="gibtsnicht"):
        remove(["hafen", "gibtsnicht"], indexed.data)
    assert indexed.ids == ["hafen", "talheim"]


def test_prune(indexed: Work) -> None:
    (indexed.articles / "hafen.txt").unlink()
    assert indexed.update().removed == []
    assert indexed.found("neun Millionen")
    report = update([indexed.articles], indexed.data, _refuse, "hashing", prune=True)
    assert report.removed == ["hafen"]
    assert not indexed.found("neun Millionen")
    indexed.check()


def test_prune_keeps_an_article_whose_file_moved(indexed: Work) -> None:
    (indexed.articles / "hafen.txt").rename(indexed.articles / "kran.txt")
    report = indexed.update(prune=True)
    assert (report.removed, report.added) == (["hafen"], ["kran"])
    assert indexed.ids == ["kran", "talheim"]
    assert indexed.found("neun Millionen")
    indexed.check()


# -- rebuild and models ---------------------------------------------------------------------------------------------------


class Other(Hashing):
    name = "other"
    dimension = 48


def test_another_model_needs_a_rebuild(indexed: Work) -> None:
    with pytest.raises(MismatchError, match="--rebuild --embedding other"):
        update([indexed.articles], indexed.data, _refuse, "other")
    with pytest.raises(MismatchError, match="--rebuild"):
        indexed.update(passage_size=300)
    with pytest.raises(MismatchError, match="--embedding hashing"):
        Index(indexed.data, Other()).close()
    assert indexed.found("neun Millionen")
    indexed.encoder = Other()
    indexed.update(model="other", rebuild=True)
    assert indexed.found("neun Millionen")
    assert len(indexed.encoder.embedded) == 8  # six sentences, two articles
    indexed.check()


def test_rebuild_keeps_an_article_whose_file_is_gone(indexed: Work) -> None:
    (indexed.articles / "hafen.txt").unlink()
    indexed.update(rebuild=True)
    assert indexed.ids == ["hafen", "talheim"]
    assert indexed.found("neun Millionen")
    indexed.check()


def test_rebuild_with_prune_drops_it(indexed: Work) -> None:
    (indexed.articles / "hafen.txt").unlink()
    assert indexed.update(rebuild=True, prune=True).removed == ["hafen"]
    assert indexed.ids == ["talheim"]
    indexed.check()


def test_rebuild_of_one_file_keeps_ids_apart(work: Work) -> None:
    work.write("a/meldung.txt", HARBOUR)
    second = work.write("b/meldung.txt", LIBRARY)
    work.update()
    work.update(second, rebuild=True)
    assert work.ids == ["meldung", "meldung-2"]
    assert {s.id: Path(s.source).parent.name for s in sources(work.data)} == {"meldung": "a", "meldung-2": "b"}


def test_rebuild_with_a_copy_of_an_indexed_article(indexed: Work) -> None:
    copy = indexed.write("kopie.txt", HARBOUR)
    indexed.update(copy, rebuild=True)
    assert indexed.ids == ["hafen", "talheim"]
    indexed.check()


def _agency(work: Work) -> Path:
    """The same words in two outlets, in one file; the later id first."""
    told = [{"id": name, "title": "Kran", "outlet": outlet, "text": HARBOUR} for name, outlet in (("zwei", "Bote"), ("eins", "Kurier"))]
    return work.write("liste.jsonl", "\n".join(map(json.dumps, told)))


def _outlets(work: Work) -> dict[str, str]:
    return {source.id: source.outlet for source in sources(work.data)}


def test_rebuild_reads_a_file_once_and_keeps_apart_what_it_holds(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    _agency(work)
    work.update()
    calls: list[tuple[str, int]] = []

    def counted(path: Path, *, max_bytes: int) -> list[Article]:
        calls.append((path.name, max_bytes))
        return read_articles(path, max_bytes=max_bytes)

    monkeypatch.setattr(index.build, "read_articles", counted)
    work.update(work.write("bruecke.txt", BRIDGE), rebuild=True, max_bytes=1000)
    assert _outlets(work) == {"zwei": "Bote", "eins": "Kurier", "bruecke": ""}
    assert sorted(calls) == [("bruecke.txt", 1000), ("liste.jsonl", 1000)]
    work.check()


def test_rebuild_knows_articles_again_that_an_older_reader_read_otherwise(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    def older(path: Path, *, max_bytes: int) -> list[Article]:
        read = [replace(article, outlet=article.outlet.upper()) for article in read_articles(path, max_bytes=max_bytes)]
        read[0] = replace(read[0], text=read[0].text.replace("Kran", "Karn"))
        return [replace(article, digest=digest_of(article)) for article in read]

    _agency(work)
    work.write("a/meldung.txt", BRIDGE)
    work.write("b/meldung.txt", BRIDGE.replace("Brücke", "Kranbrücke"))
    with monkeypatch.context() as patch:
        patch.setattr(index.build, "read_articles", older)
        work.update()
    assert _outlets(work) == {"zwei": "BOTE", "eins": "KURIER", "meldung": "", "meldung-2": ""}
    assert work.found("neuen Karn")
    assert work.found("Karnbrücke")
    work.update(work.write("talheim.txt", LIBRARY), rebuild=True)
    assert _outlets(work) == {"zwei": "Bote", "eins": "Kurier", "meldung": "", "meldung-2": "", "talheim": ""}
    assert not work.found("Karn", "neuen Karn")
    assert not work.found("Karn", "Karnbrücke")
    work.check()


def test_an_interrupted_rebuild_loses_nothing(indexed: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.build, "_PUBLISH_BATCH", 1)
    monkeypatch.setattr(index.build, "_EMBED_BATCH", 4)
    indexed.encoder = Failing(after=1)
    with pytest.raises(RuntimeError):
        indexed.update(rebuild=True)
    indexed.encoder = Hashing()
    assert indexed.ids == ["hafen", "talheim"]
    assert indexed.found("4000 Bände")


# -- failures -------------------------------------------------------------------------------------------------------------


class Failing(Hashing):
    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        self.left -= 1
        if self.left < 0:
            raise RuntimeError("out of memory")
        return super().passages(texts)


def test_an_encoder_that_fails_in_the_middle(indexed: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.build, "_EMBED_BATCH", 2)
    indexed.write("hafen.txt", BRIDGE)
    working, indexed.encoder = indexed.encoder, Failing(after=1)
    with pytest.raises(RuntimeError):
        indexed.update()
    indexed.encoder = working
    assert indexed.found("neun Millionen")
    assert indexed.update().changed == ["hafen"]
    assert not indexed.found("neun Millionen")
    indexed.check()


def test_what_was_published_before_an_interruption_stays(indexed: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.build, "_PUBLISH_BATCH", 1)
    monkeypatch.setattr(index.build, "_EMBED_BATCH", 4)
    indexed.write("lauebruecke.txt", BRIDGE)
    indexed.write("liste.jsonl", _list(HARBOUR.replace("80", "90"), LIBRARY.replace("4000", "5000")))
    indexed.encoder = Failing(after=2)
    with pytest.raises(RuntimeError):
        indexed.update()
    assert indexed.ids == ["hafen", "lauebruecke", "talheim"]  # of the list all or nothing
    indexed.encoder = Hashing()
    assert len(indexed.update().added) == 2
    assert indexed.found("5000 Bände")
    indexed.check()


def _full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("call", ["copytree", "copyfile"])
def test_a_full_disk_is_said_in_one_line(indexed: Work, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    indexed.write("lauebruecke.txt", BRIDGE)
    with monkeypatch.context() as patch:
        patch.setattr(index.generations.shutil, call, _full)
        with pytest.raises(StoreError, match="no space left to write") as caught:
            indexed.update()
        with pytest.raises(StoreError, match="no space left to copy"):
            indexed.search("Kran")
    assert "\n" not in str(caught.value)
    assert indexed.found("neun Millionen")
    indexed.check()


def test_a_failure_after_publication_keeps_what_was_published(indexed: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    indexed.write("lauebruecke.txt", BRIDGE)
    with monkeypatch.context() as patch:
        patch.setattr(DataFolder, "keep_texts", _full)
        with pytest.raises(OSError, match="No space"):
            indexed.update()
    assert indexed.found("Risse in zwei Pfeilern")
    assert len(indexed.update().unchanged) == 3


def test_a_damaged_index_is_said(indexed: Work) -> None:
    current = indexed.data.current()
    assert current
    shutil.rmtree(current)
    with pytest.raises(StoreError, match=r"damaged.*--rebuild"):
        indexed.search("Kran")


@pytest.mark.parametrize("lost", ["settings", "articles", "all"])
def test_a_catalogue_that_cannot_be_read_is_said_and_built_anew(indexed: Work, lost: str) -> None:
    current = indexed.data.current()
    assert current
    catalog = current / "catalog.sqlite"
    if lost == "all":
        catalog.write_bytes(b"garbage" * 1000)
    else:
        with contextlib.closing(sqlite3.connect(catalog)) as database:
            database.execute(f"DROP TABLE {lost}")
    remedy = r"catalogue can't be read .*: belegt index --rebuild PATH"
    with pytest.raises(StoreError, match=remedy):
        indexed.update()
    with pytest.raises(StoreError, match=remedy):
        remove(["hafen"], indexed.data)
    if lost != "settings":
        with pytest.raises(StoreError, match=remedy):
            sources(indexed.data)
        with pytest.raises(StoreError, match=remedy):  # nothing to build it anew from
            update([], indexed.data, _refuse, "hashing", rebuild=True)
    assert sorted(indexed.update(rebuild=True).added) == ["hafen", "talheim"]
    assert indexed.found("neun Millionen")
    indexed.check()


def test_an_index_of_another_format_is_built_anew_from_what_it_holds(indexed: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.catalog, "FORMAT", 2)
    with pytest.raises(StoreError, match=r"is of format 1, .* is 2; run belegt index --rebuild"):
        indexed.search("Kran")
    with pytest.raises(StoreError, match="--rebuild"):
        indexed.update()
    monkeypatch.undo()
    update([], indexed.data, lambda: indexed.encoder, "hashing", rebuild=True)
    assert indexed.ids == ["hafen", "talheim"]


def test_a_data_folder_that_is_a_file(work: Work) -> None:
    work.root.write_text("x")
    with pytest.raises(StoreError, match="is a file"):
        sources(work.data)
    work.write("hafen.txt", HARBOUR)
    with pytest.raises(StoreError):
        work.update()


# -- what is read ---------------------------------------------------------------------------------------------------------


def test_readme_files_and_hidden_ones_are_skipped(work: Work) -> None:
    for name in ("README.md", "readme.txt", "LICENSE.txt", ".entwurf.txt", ".git/notiz.txt", "__pycache__/x.txt"):
        work.write(name, BRIDGE)
    with pytest.raises(NoArticlesError, match="no articles in this folder"):
        work.update()
    work.write("hafen.txt", HARBOUR)
    assert work.update().added == ["hafen"]


def test_missing_paths_and_empty_folders(indexed: Work, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        indexed.update(tmp_path / "nichts")
    (tmp_path / "leer").mkdir()
    with pytest.raises(NoArticlesError, match="leer"):
        indexed.update(tmp_path / "leer")
    with pytest.raises(NoArticlesError, match="nothing indexed yet"):
        Index(DataFolder(tmp_path / "neu"), indexed.encoder)
    assert indexed.found("neun Millionen")


def test_files_that_cannot_be_read_are_listed(indexed: Work) -> None:
    indexed.write("lauebruecke.txt", BRIDGE)
    bad = indexed.write("leer.txt", "")
    report = indexed.update()
    assert report.added == ["lauebruecke"]
    assert [str(error).startswith(str(bad)) for error in report.failed] == [True]
    with pytest.raises(ReadError, match=r"leer\.txt"):
        indexed.update(bad)
    with pytest.raises(NoArticlesError, match="none of the 2 files"):
        indexed.update(bad, indexed.write("leer2.txt", " "))


# -- readers --------------------------------------------------------------------------------------------------------------


def _state(root: Path) -> dict[str, tuple[int, int]]:
    return {str(p.relative_to(root)): (p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(root.rglob("*"))}


def test_readers_write_nothing_to_the_data_folder(indexed: Work) -> None:
    folders = [p for p in (indexed.root, *indexed.root.rglob("*")) if p.is_dir()]
    files = [p for p in indexed.root.rglob("*") if p.is_file()]
    for path in files:
        path.chmod(0o444)
    for path in folders:
        path.chmod(0o555)
    try:
        before = _state(indexed.root)
        assert any(name.endswith("chroma.sqlite3") for name in before)
        assert indexed.found("neun Millionen")
        live = LiveIndex(indexed.data, indexed.encoder)
        with live.use() as opened:
            opened.search("Was ist geschehen?", "de", Filters(), 3)
            assert opened.article("hafen")
            copy = opened._copy
            assert all(path.stat().st_mode & 0o200 for path in (copy, *copy.rglob("*")))  # else Chroma can't open it
        live.close()
        assert not copy.parent.exists()
        assert len(sources(indexed.data)) == 2
        assert _state(indexed.root) == before
    finally:
        for path in folders:
            path.chmod(0o755)


def test_a_live_index_moves_to_the_new_generation_while_the_old_is_in_use(indexed: Work) -> None:
    live = LiveIndex(indexed.data, indexed.encoder)
    question = "Wie viele Millionen kostet der Kran?"
    with live.use() as old:
        indexed.write("hafen.txt", HARBOUR.replace("neun", "elf"))
        indexed.update()
        with live.use() as new:
            assert new.name != old.name
            assert any("elf Millionen" in hit.passage.text for hit in new.search(question, "de", Filters()))
        assert any("neun Millionen" in hit.passage.text for hit in old.search(question, "de", Filters()))
        with live.use() as again:
            assert again is new
    assert not old._copy.exists()
    assert new._copy.exists()
    live.close()
    assert not new._copy.exists()


def test_threads_share_a_live_index(indexed: Work) -> None:
    live = LiveIndex(indexed.data, indexed.encoder)
    failures: list[object] = []

    def ask() -> None:
        try:
            for _ in range(15):
                with live.use() as opened:
                    assert opened.search("Hafen Kran Bücherei", "de", Filters())
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(3):
        indexed.write("hafen.txt", f"{HARBOUR} Es ist Anlauf {number}.")
        indexed.update()
    for thread in threads:
        thread.join()
    live.close()
    assert not failures


_PREAMBLE = """
import sys
sys.path[:0] = sys.argv[2:4]
from pathlib import Path
from test_index_build import BRIDGE, Hashing, HARBOUR, Work
from index.build import update
from index.generations import DataFolder
from index.search import Index, LiveIndex
from index.types import Filters
root = Path(sys.argv[1])
data, encoder = DataFolder(root / "data"), Hashing()
stop = root / "stop"
"""
_WRITER = """
try:
    for n in range(4):
        (root / "articles/hafen.txt").write_text(f"{HARBOUR} Es ist Anlauf {n}.", "utf-8")
        update([root / "articles"], data, lambda: encoder, "hashing", rebuild=n % 2 == 0)
finally:
    stop.write_text("")
"""
_SEARCHER = """
live, rounds = LiveIndex(data, encoder), 0
while rounds < 2 or not stop.exists():
    with live.use() as opened:
        assert opened.search("Was kostet der Kran im Hafen?", "de", Filters())
    single = Index(data, encoder)
    assert single.search("Wann öffnet die Bücherei?", "de", Filters())
    single.close()
    rounds += 1
live.close()
print(rounds)
"""


def test_a_folder_that_goes_while_it_is_copied_is_missing_not_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "generation"
    source.mkdir()
    (source / "a").write_text("a", "utf-8")

    def vanishing(*args: object, **_: object) -> None:
        shutil.rmtree(source, ignore_errors=True)
        raise OSError(errno.ENOENT, "no such file", str(args[0]))

    monkeypatch.setattr(shutil, "copystat", vanishing)
    with pytest.raises(FileNotFoundError, match="replaced while it was copied"):
        index.generations._copy(source, tmp_path / "copy")



@pytest.mark.slow
def test_processes_share_a_data_folder(indexed: Work) -> None:
    tests = Path(__file__).resolve().parent
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _PREAMBLE + script, str(indexed.root.parent), str(tests), str(tests.parent)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for script in (_WRITER, _SEARCHER, _SEARCHER)
    ]  # fmt: skip
    try:
        for process in processes:
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    assert indexed.found("Anlauf 3")
    indexed.check()
