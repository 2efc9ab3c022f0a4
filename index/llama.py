"""For llama-index applications: our retriever and our embedding behind its interfaces. Importing this imports llama-index."""

from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from index.embedding import Encoder, load_encoder
from index.generations import DataFolder
from index.language import detect_language
from index.search import LiveIndex
from index.types import Filters, Hit


class EncoderEmbedding(BaseEmbedding):
    """An encoder of ours (by default the bundled model) as a llama-index embedding."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder | None = None, **kwargs: Any) -> None:
        encoder = encoder or load_encoder()
        super().__init__(model_name=encoder.name, **kwargs)
        self._encoder = encoder

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self._encoder.query(query)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in vector] for vector in self._encoder.passages(texts)]


class PassageRetriever(BaseRetriever):
    """Our retrieval as a llama-index retriever: nodes are passages, with offsets, voice, outlet and date as metadata."""

    def __init__(self, data: DataFolder, encoder: Encoder | None = None, filters: Filters | None = None, top_k: int = 5) -> None:
        self._live = LiveIndex(data, encoder or load_encoder())
        self._filters = filters or Filters()
        self._top_k = top_k
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        question = query_bundle.query_str
        with self._live.use() as index:
            language = detect_language(question, default=index.language)
            return [_node(hit) for hit in index.search(question, language, self._filters, self._top_k)]

    def close(self) -> None:
        """Release the index's files."""
        self._live.close()


def _node(hit: Hit) -> NodeWithScore:
    passage, source = hit.passage, hit.source
    metadata = {
        "article_id": source.id, "title": source.title, "outlet": source.outlet, "author": source.author,
        "published": source.published.isoformat() if source.published else "", "voice": passage.voice, "start": passage.start,
        "end": passage.end, "source": source.source, "url": source.url,
    }  # fmt: skip
    node = TextNode(
        id_=passage.id, text=passage.text, metadata=metadata, start_char_idx=passage.start, end_char_idx=passage.end,
        # offsets and paths are for programs: neither model needs to see them
        excluded_embed_metadata_keys=list(metadata), excluded_llm_metadata_keys=["article_id", "start", "end", "source", "url", "voice"],
    )  # fmt: skip
    node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=source.id)
    return NodeWithScore(node=node, score=hit.score)
