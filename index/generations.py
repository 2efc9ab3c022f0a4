"""Generations of an index in its data folder: one writer, any number of readers, none in another's way.

    data/
      lock                    held by the one process that writes
      CURRENT                 name of the published generation, replaced at one stroke
      generations/NAME/       catalog.sqlite, chroma/, words/: complete, and never opened in place after publication
      texts/DIGEST.txt        the index's own copy of every article's text
      uploads/DIGEST/NAME     files that were given rather than named, as they came

A writer works on a copy of the current generation and publishes it by replacing CURRENT: a run that is interrupted leaves the
old generation as it was. A reader takes a private copy of the current generation into the temporary folder, because Chroma
writes even when it reads; so a data folder that is read-only can be asked, and a generation can go while others still read it.
"""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from index.catalog import Catalog
from index.errors import NoArticlesError, StoreError

if TYPE_CHECKING:
    import filelock

T = TypeVar("T")
CATALOG, CHROMA, WORDS = "catalog.sqlite", "chroma", "words"
_PREFIX = "belegt-reader-"


@contextlib.contextmanager
def reported(root: Path, what: str) -> Iterator[None]:
    """File and database errors, as ours."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StoreError(f"{root}: no space left {what}; free some, or name another folder with --data") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StoreError(f"{root}: no right {what} (read-only?); change it, or name another folder with --data") from error
        raise StoreError(f"{root}: failed {what} ({error.strerror or error})") from error
    except sqlite3.Error as error:
        raise StoreError(f"{root}: failed {what} ({error}); check space and rights") from error


class DataFolder:
    """The folder of one index."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.texts = self.root / "texts"
        self._generations = self.root / "generations"
        self._current = self.root / "CURRENT"
        self._uploads = self.root / "uploads"

    def current(self) -> Path | None:
        """The published generation's folder, None where nothing is indexed yet."""
        with reported(self.root, "to read the index"):
            if self.root.exists() and not self.root.is_dir():
                raise StoreError(f"{self.root}: is a file, not a folder; name another with --data")
            try:
                name = self._current.read_text("utf-8").strip()
            except FileNotFoundError:
                return None
        return self._generations / name

    def with_catalog(self, read: Callable[[Catalog], T]) -> T | None:
        """What `read` makes of the current generation's catalogue, None where nothing is indexed yet."""
        while True:
            current = self.current()
            if current is None:
                return None
            try:
                catalog = Catalog(current / CATALOG)
                try:
                    return read(catalog)
                finally:
                    catalog.close()
            except StoreError:
                if self.current() == current:  # else it was replaced meanwhile
                    raise

    @contextlib.contextmanager
    def writing(self, waiting: Callable[[], None] | None = None) -> Iterator[None]:
        """Hold the folder's write lock; `waiting` is called once if another process holds it."""
        import filelock

        with reported(self.root, "to write the index"):
            self._generations.mkdir(parents=True, exist_ok=True)
            self.texts.mkdir(exist_ok=True)
            lock = filelock.FileLock(self.root / "lock")
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                if waiting:
                    waiting()
                lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def begin(self, *, empty: bool = False) -> Path:
        """A new unfinished generation's folder, a copy of the current one unless `empty`. Needs the write lock."""
        current = self.current()
        with reported(self.root, "to write the index"):
            self._sweep(keep=current)
            number = int(current.name.split("-")[0]) + 1 if current else 1
            fresh = self._generations / f"{number:08d}-{os.getpid()}"
            try:
                if current and not empty:
                    _copy(current, fresh)
                else:
                    (fresh / CHROMA).mkdir(parents=True)
                    (fresh / WORDS).mkdir()
            except OSError:
                shutil.rmtree(fresh, ignore_errors=True)
                raise
        return fresh

    def publish(self, fresh: Path) -> None:
        """Make `fresh` the current generation at one stroke, then drop the others. Needs the write lock."""
        with reported(self.root, "to write the index"):
            self._current.with_suffix(".new").write_text(fresh.name, "utf-8")
            _sync(fresh)
            _sync_file(self._current.with_suffix(".new"))
            self._current.with_suffix(".new").replace(self._current)
            self._sweep(keep=fresh)

    def abandon(self, fresh: Path) -> None:
        """Drop an unfinished generation; one that was published meanwhile stays."""
        with contextlib.suppress(StoreError):
            if self.current() == fresh:
                return
        shutil.rmtree(fresh, ignore_errors=True)

    def _sweep(self, keep: Path | None) -> None:
        for folder in self._generations.iterdir():
            if keep is None or folder.name != keep.name:
                shutil.rmtree(folder, ignore_errors=True)

    def store_text(self, digest: str, text: str) -> None:
        """Keep the index's own copy of a text."""
        with reported(self.root, "to write the index"):
            target = self.texts / f"{digest}.txt"
            if not target.exists():
                unfinished = target.with_suffix(f".{os.getpid()}")
                unfinished.write_bytes(text.encode("utf-8"))
                unfinished.replace(target)

    def keep_upload(self, name: str, content: bytes) -> Path:
        """Store a file that was given rather than named; the same content under the same name is the same file."""
        plain = re.sub(r"[^\w.() -]", "_", Path(name.replace("\\", "/")).name).lstrip(".")[-120:] or "text.txt"
        with reported(self.root, "to store the file"):
            folder = self._uploads / hashlib.sha256(content).hexdigest()[:16]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / plain).write_bytes(content)
        return folder / plain

    def drop_uploads(self, files: Iterable[Path]) -> None:
        """Drop those of `files` that were stored here and that no article is from: what couldn't be read, or was removed."""
        with self.writing(), reported(self.root, "to clear stored files"):
            used = self.with_catalog(lambda catalog: {source.source for source in catalog.sources()}) or set()
            for file in files:
                if file.parent.parent == self._uploads and str(file.resolve()) not in used:
                    file.unlink(missing_ok=True)
                    with contextlib.suppress(OSError):  # the same content under another name
                        file.parent.rmdir()

    def keep_texts(self, digests: set[str]) -> None:
        """Drop the copies of texts that no article has any more."""
        with reported(self.root, "to write the index"):
            for file in self.texts.iterdir():
                if file.suffix != ".txt" or file.stem not in digests:
                    file.unlink(missing_ok=True)

    def snapshot(self) -> tuple[str, Path]:
        """Name of the current generation and a private copy of it, which goes when the process ends or `release` is called."""
        _sweep_copies()
        for _ in range(20):
            current = self.current()
            if current is None:
                raise NoArticlesError(f"{self.root}: nothing indexed yet; run belegt index")
            with reported(self.root, "to copy the index into the temporary folder"):
                copy = _private_folder()
                try:
                    _copy(current, copy / current.name)
                    if self.current() == current:  # else files may have gone unnoticed while they were copied
                        return current.name, copy / current.name
                    release(copy / current.name)
                except FileNotFoundError as error:
                    release(copy / current.name)
                    if self.current() == current:  # not replaced meanwhile: it really is broken
                        raise StoreError(f"{self.root}: the index is damaged ({error}); run belegt index --rebuild") from error
                except BaseException:
                    release(copy / current.name)
                    raise
        raise StoreError(f"{self.root}: the index was replaced too often while it was being opened; try again")


def _copy(source: Path, target: Path) -> None:
    """Copy a folder. Unlike shutil's own: the copy can be written to, and an error is the one that happened."""
    first: list[OSError] = []

    def copy(file: str, to: str) -> str:
        try:
            return shutil.copyfile(file, to)
        except OSError as error:
            first.append(error)
            raise

    try:
        shutil.copytree(source, target, copy_function=copy)
    except shutil.Error as error:
        if not first and not source.is_dir():  # gone after the last file was copied, before the folder's own rights were
            first.append(FileNotFoundError(errno.ENOENT, "replaced while it was copied", str(source)))
        raise (first[0] if first else error) from None
    for folder in (target, *(path for path in target.rglob("*") if path.is_dir())):
        folder.chmod(folder.stat().st_mode | 0o700)


def release(copy: Path) -> None:
    """Drop a private copy."""
    lock = _held.pop(copy.parent, None)
    if lock is not None:
        lock.release()
    shutil.rmtree(copy.parent, ignore_errors=True)


_held: dict[Path, "filelock.BaseFileLock"] = {}


def _private_folder() -> Path:
    import atexit

    import filelock

    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = filelock.FileLock(folder / "alive")
    lock.acquire()
    if not _held:
        atexit.register(_release_all)
    _held[folder] = lock
    return folder


def _release_all() -> None:
    for folder in list(_held):
        release(folder / "generation")


def _sweep_copies() -> None:
    """Drop the copies of processes that were killed: nobody holds their lock."""
    import filelock

    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder in _held or time.time() - folder.stat().st_mtime < 60:  # it may be about to take its lock
                continue
        with contextlib.suppress(filelock.Timeout, OSError), filelock.FileLock(folder / "alive", timeout=0):
            shutil.rmtree(folder, ignore_errors=True)


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            _sync_file(path)


def _sync_file(path: Path) -> None:
    with open(path, "rb") as file:
        os.fsync(file.fileno())
