"""Our retriever inside a llama-index application."""

from pathlib import Path
from typing import Any

import pytest

from index.generations import DataFolder


@pytest.mark.filterwarnings("ignore")
def test_the_retriever_serves_a_llama_index_query_engine(seeds_data: Path) -> None:
    from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
    from llama_index.core.query_engine import RetrieverQueryEngine
    from llama_index.core.response_synthesizers import get_response_synthesizer

    from index.llama import EncoderEmbedding, PassageRetriever

    class Echo(CustomLLM):
        """Answers with how long its prompt was."""

        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata()

        def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:  # noqa: ARG002
            return CompletionResponse(text=f"{len(prompt)}")

        def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
            raise NotImplementedError

    data = DataFolder(seeds_data)
    retriever = PassageRetriever(data, top_k=3)
    engine = RetrieverQueryEngine(retriever, get_response_synthesizer(llm=Echo()))
    response = engine.query("Wie lange dauerte das Treffen in Busan?")
    assert int(str(response)) > 100
    assert len(response.source_nodes) == 3
    for found in response.source_nodes:
        about = found.node.metadata
        assert {"article_id", "outlet", "published", "voice", "start", "end"} <= set(about)
        text = (data.texts / f"{_digest(data, about['article_id'])}.txt").read_bytes().decode("utf-8")
        assert text[about["start"] : about["end"]] == found.node.get_content()
    retriever.close()

    embedding = EncoderEmbedding()
    vector = embedding.get_query_embedding("Was geschah?")
    assert len(vector) == 384
    assert len(embedding.get_text_embedding_batch(["eins", "zwei"])) == 2


def _digest(data: DataFolder, article_id: str) -> str:
    from index.search import sources

    return next(source.digest for source in sources(data) if source.id == article_id)
