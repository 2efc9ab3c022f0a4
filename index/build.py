"""Add, update and remove articles: incremental, and safe to interrupt."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from index.articles import MAX_BYTES, READER_VERSION, SUFFIXES, digest_of, read_articles, read_page, unreadable
from index.catalog import Catalog, Settings, day_number
from index.embedding import Encoder, Vectors
from index.errors import IndexingError, MismatchError, NoArticlesError, ReadError, StoreError
from index.generations import CATALOG, CHROMA, WORDS, DataFolder, reported
from index.lexical import Lexical, stems
from index.passages import SIZE, context_text, split_passages
from index.store import Entry, VectorStore, sentence_id
from index.types import Article, Passage
from index.web import Page, is_address, pages

_EMBED_BATCH = 64  # sentences between two calls of `progress`
_PUBLISH_BATCH = 4096  # passages after which what is done so far is published, so that an interruption loses little
_NOT_ARTICLES = ("readme", "license", "licence", "copying", "changelog", "notice")

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Report:
    """What an update did: article ids, files that hold an article known already, and what is wrong with each file that failed."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    failed: list[ReadError] = field(default_factory=list)
    passages: int = 0


@dataclass(frozen=True, slots=True)
class _Update:
    """An article to be written, and the ids that it replaces."""

    article: Article
    size: int
    modified_ns: int
    passages: list[Passage]
    replaces: tuple[str, ...] = ()


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The article files among `paths`, folders searched all through in order of name.

    Raises ReadError for a path that isn't there or can't be searched, NoArticlesError for a folder without any.
    """
    for path in paths:
        if path.is_file():
            yield path
            continue
        if not path.exists():
            raise ReadError("read_missing", name=path)
        found = False
        for folder, folders, files in os.walk(path, onerror=_unsearchable):
            folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
            for name in sorted(files):
                file = Path(folder, name)
                if file.suffix.lower() in SUFFIXES and not name.startswith(".") and file.stem.lower() not in _NOT_ARTICLES:
                    found = True
                    yield file
        if not found:
            raise NoArticlesError(f"{path}: no articles in this folder; it takes {', '.join(SUFFIXES)}")


def _unsearchable(error: OSError) -> None:
    raise ReadError("read_folder", name=error.filename, why=error.strerror or str(error)) from error


def update(
    paths: Sequence[Path],
    data: DataFolder,
    encoder: Callable[[], Encoder],
    model: str,
    *,
    rebuild: bool = False,
    prune: bool = False,
    progress: Progress | None = None,
    waiting: Callable[[], None] | None = None,
    max_bytes: int = MAX_BYTES,
    passage_size: int = SIZE,
    addresses: Sequence[str] = (),
    private: bool = False,
) -> Report:
    """Bring the index up to date with the files at `paths`; what is indexed already and unchanged costs nothing.

    `addresses` are web pages and feeds to fetch, in private networks only if `private`.

    `encoder` is called only when there is something to embed; `model` is its name. `rebuild` does everything anew, the
    articles indexed earlier included; `prune` removes articles whose file is gone. `progress` gets texts embedded and in
    all.

    Raises ReadError for a single file that can't be read and NoArticlesError where nothing could be; in a folder, files that
    can't be read are listed in the report and the others indexed. MismatchError where the index was built with another model
    or passage size; StoreError where the data folder fails. The old index stays usable in every case.
    """
    files = list(dict.fromkeys(find_files(paths)))
    fetched = [page for address in dict.fromkeys(addresses) for page in pages(address, private=private)]
    with data.writing(waiting):
        known = _Known.of(data, rebuild, bool(files or fetched))
        if known.settings:
            _check(known.settings, model, passage_size)
        report = Report()
        local = {a: source for a, source in known.files.items() if source and not is_address(source)}
        report.removed = [a for a, source in local.items() if prune and not Path(source).exists()]
        read = [*_read(files, known, report, max_bytes), *_read_pages(fetched, known, report)]
        if len(files) + len(fetched) == 1 and report.failed:
            raise report.failed[0]
        updates = [*_plan(read, known, report, passage_size)]
        gone = report.removed
        if rebuild:
            updates = [*_again(known, {source for source, *_ in read}, set(gone), passage_size, max_bytes), *updates]
        if not updates and not gone:
            if report.failed and not (report.unchanged or report.duplicates):
                n, first = len(files) + len(fetched), report.failed[0]
                told = f"none of the {n} {'sources' if fetched else 'files'} could be read; the first: {first}"
                raise NoArticlesError(told, "read_none", n=n, first=first)
            return report
        settings, loaded = known.settings, None
        if updates or settings is None:
            loaded = encoder()
            settings = Settings(model, loaded.dimension, passage_size)
        total = sum(len(_entries(u)) for u in updates)
        done = 0
        for number, batch in enumerate([updates] if rebuild else _batches(updates)):
            entries = [entry for item in batch for entry in _entries(item)]
            vectors = _embed(entries, loaded, _shifted(progress, done, total)) if loaded else None
            done += len(entries)
            _write(data, settings, batch, entries, vectors, gone if number == 0 else [], empty=rebuild and number == 0)
        report.passages = sum(len(u.passages) for u in updates)
        return report


def remove(ids: Sequence[str], data: DataFolder, waiting: Callable[[], None] | None = None) -> None:
    """Remove articles by id; NoArticlesError names one that isn't there."""
    with data.writing(waiting):
        known = _Known.of(data)
        for article_id in ids:
            if article_id not in known.files:
                raise NoArticlesError(f"{article_id}: no such article in the index; belegt sources lists them")
        if known.settings and ids:
            _write(data, known.settings, [], [], None, list(ids), empty=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the index holds before an update. For a rebuild, `settings` is None and `articles` filled."""

    settings: Settings | None
    files: dict[str, str]  # id → source
    by_source: dict[str, list[str]]
    digests: dict[str, str]  # digest → id
    file_digests: dict[str, str]  # source → digest of the file as it was read, empty where its articles are of several readings
    articles: list[tuple[Article, int, int]]  # only for a rebuild

    @classmethod
    def of(cls, data: DataFolder, rebuild: bool = False, given: bool = False) -> "_Known":
        """A catalogue that can't be read is as none for a rebuild, where there are files `given`; else StoreError."""
        current = data.current()
        try:
            return cls._read(current / CATALOG, rebuild) if current else cls._nothing()
        except StoreError:
            if not (rebuild and given):
                raise
            return cls._nothing()

    @classmethod
    def _nothing(cls) -> "_Known":
        return cls(None, {}, {}, {}, {}, [])

    @classmethod
    def _read(cls, file: Path, rebuild: bool) -> "_Known":
        catalog = Catalog(file)
        try:
            settings, reader = catalog.settings() if not rebuild else (None, READER_VERSION)
            sources = catalog.sources()
            articles = [(a, s.size, s.modified_ns) for s in sources if rebuild and (a := catalog.article(s.id))]
        finally:
            catalog.close()
        by_source: dict[str, list[str]] = {}
        file_digests: dict[str, str] = {}
        for source in sources:
            by_source.setdefault(source.source, []).append(source.id)
            if file_digests.setdefault(source.source, source.file_digest) != source.file_digest:
                file_digests[source.source] = ""
        return cls(
            settings,
            {s.id: s.source for s in sources},
            {source: ids for source, ids in by_source.items() if source},
            {s.digest: s.id for s in sources},
            # what an older reader read is read again
            file_digests if reader == READER_VERSION and not rebuild else {},
            articles,
        )


def _check(settings: Settings, model: str, passage_size: int) -> None:
    if settings.model != model:
        raise MismatchError(
            f"this index was built with the embedding {settings.model!r}, not {model!r}; "
            f"use --embedding {settings.model}, or build it anew: belegt index --rebuild --embedding {model}"
        )
    if settings.passage_size != passage_size:
        raise MismatchError(f"this index was built with passages of {settings.passage_size} characters; run belegt index --rebuild")


_Read = tuple[str, int, int, list[Article]]  # a file's resolved path or an address, size, time of change (ns), articles


def _read(files: Sequence[Path], known: _Known, report: Report, max_bytes: int) -> list[_Read]:
    """Read what is new or changed among `files`, noting in `report` what isn't or fails."""
    read: list[_Read] = []
    seen: set[str] = set()
    for file in files:
        source = str(file.resolve())
        if source in seen:
            report.duplicates.append(str(file))
            continue
        seen.add(source)
        earlier = known.by_source.get(source, [])
        try:
            if earlier and known.file_digests.get(source) == hashlib.sha256(file.read_bytes()).hexdigest():
                report.unchanged += earlier
                continue
            articles = read_articles(file, max_bytes=max_bytes)
            status = file.stat()
            read.append((source, status.st_size, status.st_mtime_ns, articles))
        except ReadError as error:
            report.failed.append(error)
        except OSError as error:
            report.failed.append(unreadable(file, error))
    return read


def _read_pages(fetched: Sequence[Page | ReadError], known: _Known, report: Report) -> list[_Read]:
    """Read what is new or changed among pages from the web, noting in `report` what isn't or fails."""
    read: list[_Read] = []
    seen: set[str] = set()
    for page in fetched:
        if isinstance(page, ReadError):
            report.failed.append(page)
            continue
        if page.address in seen:
            report.duplicates.append(page.address)
            continue
        seen.add(page.address)
        earlier = known.by_source.get(page.address, [])
        if earlier and known.file_digests.get(page.address) == hashlib.sha256(page.content).hexdigest():
            report.unchanged += earlier
            continue
        try:
            read.append((page.address, len(page.content), 0, [read_page(page.content, page.address)]))
        except ReadError as error:
            report.failed.append(error)
    return read


def _plan(read: Sequence[_Read], known: _Known, report: Report, passage_size: int) -> Iterator[_Update]:
    """What is to be written of the articles that were read, noting everything in `report`."""
    taken = dict(known.files)
    # what stays, whatever the files just read hold: then an article that moved between files is neither lost nor doubled
    leaving, anew = set(report.removed), {source for source, *_ in read}
    digests = {digest: a for digest, a in known.digests.items() if a not in leaving and known.files[a] not in anew}
    kept: set[str] = set()
    for source, _, _, articles in read:
        for article in articles:
            same = known.digests.get(article.digest)
            if same is not None and known.files[same] == source and known.file_digests:
                kept.add(same)
                digests[article.digest] = same
    for source, size, modified_ns, articles in read:
        earlier = known.by_source.get(source, [])
        fresh: list[Article] = []
        met: set[str] = set()
        for article in articles:
            same = digests.get(article.digest)
            if same is None:
                digests[article.digest] = article.id
                fresh.append(article)
            elif same in kept and same in earlier and same not in met:
                met.add(same)
                report.unchanged.append(same)
            else:
                report.duplicates.append(source)
        gone = [article_id for article_id in earlier if article_id not in kept]
        free, replaces = set(gone), tuple(gone)
        for article in fresh:
            article = replace(article, id=_free_id(article.id, source, taken, free))
            taken[article.id] = source
            # for a rebuild all is new
            (report.changed if article.id in free and known.settings else report.added).append(article.id)
            free.discard(article.id)
            yield _Update(article, size, modified_ns, split_passages(article, passage_size), replaces)
            replaces = ()
        if known.settings:
            new = {article.id for article in fresh}
            report.removed += [] if fresh else [a for a in gone if a not in new]


def _free_id(wanted: str, source: str, taken: dict[str, str], going: set[str]) -> str:
    number, article_id = 1, wanted
    while article_id in taken and not (taken[article_id] == source and article_id in going):
        number += 1
        article_id = f"{wanted}-{number}"
    return article_id


def _again(known: _Known, read_anew: set[str], gone: set[str], passage_size: int, max_bytes: int) -> Iterator[_Update]:
    """The articles indexed earlier, for a rebuild: read again where the file is unchanged, else from the index's own copy."""
    staying = [item for item in known.articles if item[0].id not in gone and not (item[0].source and item[0].source in read_anew)]
    by_source: dict[str, list[Article]] = {}
    for article, _, _ in staying:
        by_source.setdefault(article.source, []).append(article)
    reread = {article.id: article for source, articles in by_source.items() for article in _reread(source, articles, max_bytes)}
    for article, size, modified_ns in staying:
        fresh = reread.get(article.id, article)
        yield _Update(replace(fresh, digest=digest_of(fresh)), size, modified_ns, split_passages(fresh, passage_size))


# How an article is known again in its file: as it was, or where another reader reads it otherwise, by id and words, by one of them.
_SAME: tuple[Callable[[Article], object], ...] = (lambda a: a.digest, lambda a: (a.id, a.text), lambda a: a.text, lambda a: a.id)


def _reread(source: str, articles: Sequence[Article], max_bytes: int) -> Iterator[Article]:
    """Those of `articles` that their file, unchanged, still holds, as it is read now; each of its articles is one of them at most."""
    if not source or is_address(source):
        return
    try:
        candidates = read_articles(Path(source), max_bytes=max_bytes)
    except IndexingError:
        return  # gone or broken since: the own copy serves
    unchanged = {candidate.file_digest for candidate in candidates}
    left = [article for article in articles if article.file_digest in unchanged]
    if len(left) == len(candidates) == 1:  # under whatever id
        yield replace(candidates[0], id=left[0].id)
        return
    for same in _SAME:
        free: dict[object, list[Article]] = {}
        for candidate in candidates:
            free.setdefault(same(candidate), []).append(candidate)
        unmatched = []
        for article in left:
            alike = free.get(same(article))
            if alike:
                yield replace(alike.pop(0), id=article.id)
            else:
                unmatched.append(article)
        left, candidates = unmatched, [candidate for rest in free.values() for candidate in rest]


def _batches(updates: list[_Update]) -> Iterator[list[_Update]]:
    """`updates` in what is published at one go. A file's articles stay together: one published alone would make it look done."""
    batch: list[_Update] = []
    size = 0
    for item in updates:
        if size >= _PUBLISH_BATCH and item.article.source != batch[-1].article.source:
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += len(item.passages)
    if batch or not updates:
        yield batch


def _shifted(progress: Progress | None, done: int, total: int) -> Callable[[int], None] | None:
    return (lambda n: progress(done + n, total)) if progress else None


def _entries(update: _Update) -> list[Entry]:
    """What of an article gets a vector: each sentence on its own, and the article as their context."""
    article = update.article
    about = {
        "article_id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else "",
        "day": day_number(article.published),
    }
    entries = [Entry(article.id, None, context_text(article), about)]
    for passage in update.passages:
        for number, (start, end) in enumerate(passage.sentences):
            place = {"passage": passage.id, "voice": passage.voice, "start": start, "end": end}
            entries.append(Entry(sentence_id(passage.id, number), passage.voice, article.text[start:end], about | place))
    return entries


def _embed(entries: Sequence[Entry], encoder: Encoder, progress: Callable[[int], None] | None) -> Vectors:
    vectors = np.empty((len(entries), encoder.dimension), dtype=np.float32)
    # texts of like length together: a batch takes as long as its longest
    order = sorted(range(len(entries)), key=lambda i: len(entries[i].text), reverse=True)
    for at in range(0, len(order), _EMBED_BATCH):
        chosen = order[at : at + _EMBED_BATCH]
        vectors[chosen] = encoder.passages([entries[i].text for i in chosen])
        if progress:
            progress(min(at + _EMBED_BATCH, len(order)))
    return vectors


def _write(
    data: DataFolder,
    settings: Settings,
    batch: Sequence[_Update],
    entries: Sequence[Entry],
    vectors: Vectors | None,
    gone: Sequence[str],
    *,
    empty: bool,
) -> None:
    """Build a generation from the current one without what goes and with what comes, and publish it."""
    fresh = data.begin(empty=empty)
    try:
        with reported(data.root, "to write the index"):
            dropped = [*gone, *(article_id for item in batch for article_id in item.replaces)]
            catalog = Catalog(fresh / CATALOG, create=not (fresh / CATALOG).exists(), write=True)
            try:
                catalog.set_settings(settings, READER_VERSION)
                for article_id in dropped:
                    catalog.remove(article_id)
                for item in batch:
                    data.store_text(item.article.digest, item.article.text)
                    words = [_stems(item.article, passage) for passage in item.passages]
                    catalog.add(item.article, item.size, item.modified_ns, list(zip(item.passages, words, strict=True)))
                digests = {source.digest for source in catalog.sources()}
                rows = list(catalog.stems())
                if rows:
                    Lexical.build(rows, catalog.languages()[:3]).save(fresh / WORDS)
            finally:
                catalog.close()
            store = VectorStore(fresh / CHROMA)
            try:
                store.delete(dropped)
                if vectors is not None:
                    store.add(entries, vectors)
            finally:
                store.close()
        data.publish(fresh)
        data.keep_texts(digests)
    except BaseException:
        data.abandon(fresh)
        raise


def _stems(article: Article, passage: Passage) -> list[str]:
    # the title is found with every passage: a question names the event, a passage deep in the article often doesn't
    return stems(passage.text, article.language) + stems(article.title, article.language)
