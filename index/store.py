"""Vectors in Chroma: the only place that knows chromadb.

Opening and even querying a Chroma folder writes to it (migrations; its graph files are saved anew), and two processes on one
folder can corrupt it or wait on each other for minutes. So a folder is opened by one process only: the writer's unfinished
generation, or a reader's own copy of a published one (see generations.py).
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.embedding import Vectors
from index.errors import StoreError
from index.types import Voice

# comments apart, so that the usual question needs no filter, which costs Chroma more than the search itself
_COLLECTIONS: dict[Voice, str] = {"article": "reporting", "caption": "reporting", "comment": "comments"}
_CONTEXTS = "articles"
_BATCH = 2048
_EXPLORED = 100  # candidates that the graph search keeps (Chroma's ef)


def preload() -> None:
    """Import Chroma (seconds) ahead of its use."""
    import chromadb  # noqa: F401


@contextlib.contextmanager
def _reported(folder: Path) -> Iterator[None]:
    """Chroma's errors, its native library's panics included, as ours."""
    try:
        yield
    except (StoreError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        line = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise StoreError(f"{folder}: the vector store failed ({line}); check space and rights, or run belegt index --rebuild") from error


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence, or a whole article (`voice` None), to be kept with its vector."""

    id: str
    voice: Voice | None
    text: str
    metadata: dict[str, Any]


class VectorStore:
    """The vectors of one generation: its sentences by id, and one for each article as their context."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with _reported(folder):
            import chromadb
            from chromadb.config import Settings

            self._client: Any = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
            self._collections: dict[str, Any] = {
                name: self._client.get_or_create_collection(
                    name, configuration={"hnsw": {"space": "cosine", "ef_search": _EXPLORED}}, embedding_function=None
                )
                for name in (*dict.fromkeys(_COLLECTIONS.values()), _CONTEXTS)
            }

    def add(self, entries: Sequence[Entry], vectors: Vectors) -> None:
        """Add entries; `vectors` is (n, dimension), in their order."""
        with _reported(self._folder):
            for name, collection in self._collections.items():
                chosen = [i for i, entry in enumerate(entries) if _collection(entry.voice) == name]
                for at in range(0, len(chosen), _BATCH):
                    batch = chosen[at : at + _BATCH]
                    collection.upsert(
                        ids=[entries[i].id for i in batch],
                        embeddings=vectors[batch],
                        documents=[entries[i].text for i in batch],
                        metadatas=[entries[i].metadata for i in batch],
                    )

    def delete(self, article_ids: Sequence[str]) -> None:
        """Remove all that belongs to those articles."""
        with _reported(self._folder):
            for collection in self._collections.values():
                for article_id in article_ids:
                    collection.delete(where={"article_id": article_id})

    def sentences(self, vector: Vectors, k: int, voices: frozenset[Voice], where: dict[str, Any] | None = None) -> dict[str, float]:
        """The `k` nearest sentences of those voices: id → cosine (-1 to 1), nearest first."""
        found: dict[str, float] = {}
        for name in dict.fromkeys(_COLLECTIONS[voice] for voice in sorted(voices)):
            found |= self._nearest(name, vector, k, where)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def articles(self, vector: Vectors, k: int) -> dict[str, float]:
        """The `k` nearest articles as a whole: id → cosine, nearest first."""
        return self._nearest(_CONTEXTS, vector, k, None)

    def _nearest(self, name: str, vector: Vectors, k: int, where: dict[str, Any] | None) -> dict[str, float]:
        with _reported(self._folder):
            result = self._collections[name].query(query_embeddings=vector[None, :], n_results=k, where=where, include=["distances"])
        return {i: 1.0 - float(d) for i, d in zip(result["ids"][0], result["distances"][0], strict=True)}

    def close(self) -> None:
        """Release the folder; the store can't be used any more."""
        with _reported(self._folder):
            self._client.close()


def _collection(voice: Voice | None) -> str:
    return _CONTEXTS if voice is None else _COLLECTIONS[voice]


def sentence_id(passage_id: str, number: int) -> str:
    """Id of the `number`th sentence of a passage."""
    return f"{passage_id}/{number}"


def place_of(sentence: str) -> tuple[str, int]:
    """Passage id and number of the sentence with that id."""
    passage_id, _, number = sentence.rpartition("/")
    return passage_id, int(number)
