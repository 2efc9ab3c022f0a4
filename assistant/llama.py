"""For llama-index applications: Belegt's checked answers behind its query and chat engines. Importing this imports llama-index."""

import asyncio
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.chat_engine.types import AgentChatResponse, BaseChatEngine, StreamingAgentChatResponse
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from assistant.engine import Assistant
from assistant.types import Answer, Citation


class BelegtQueryEngine(BaseQueryEngine):
    """`query` gives an answer's text with its citations as `source_nodes`; the whole `Answer` is in the metadata as "answer".

    An abstention has no source nodes. Each node is a citation: its text is the quote, its metadata says where that stands.
    """

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(callback_manager=CallbackManager([]))
        self._assistant = assistant

    def _query(self, query_bundle: QueryBundle) -> Response:
        return _response(self._assistant.ask(query_bundle.query_str))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


class BelegtChatEngine(BaseChatEngine):
    """A conversation that understands follow-up questions; `chat` answers with `source_nodes` as the query engine does."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self._chat = self._assistant.chat()
        self._history: list[ChatMessage] = []

    @property
    def chat_history(self) -> list[ChatMessage]:
        """What was asked and answered so far."""
        return self._history

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """Answer a question in the light of those before it, or of a given history."""
        if chat_history is not None:
            self.reset()
            for earlier in chat_history:
                if earlier.role == MessageRole.USER and earlier.content:
                    self._chat.ask(earlier.content)
            self._history = list(chat_history)
        answer = self._chat.ask(message)
        self._history += [ChatMessage(message, role=MessageRole.USER), ChatMessage(answer.text, role=MessageRole.ASSISTANT)]
        return AgentChatResponse(response=answer.text, source_nodes=_nodes(answer), metadata={"answer": answer})

    def stream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> StreamingAgentChatResponse:
        """Raises NotImplementedError: `Assistant.stream` gives the sentences as they become ready."""
        raise NotImplementedError("stream with Assistant.chat().stream(question): it gives checked sentences, not tokens")

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """`chat` in a thread."""
        return await asyncio.to_thread(self.chat, message, chat_history)

    async def astream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> StreamingAgentChatResponse:
        """As `stream_chat`."""
        return self.stream_chat(message, chat_history)


def _response(answer: Answer) -> Response:
    return Response(response=answer.text, source_nodes=_nodes(answer), metadata={"answer": answer})


def _nodes(answer: Answer) -> list[NodeWithScore]:
    return [NodeWithScore(node=_node(citation), score=citation.scores.score if citation.scores else None) for citation in answer.citations]


def _node(c: Citation) -> TextNode:
    metadata = {
        "n": c.n, "article_id": c.article_id, "title": c.title, "outlet": c.outlet, "published": c.published or "", "voice": c.voice,
        "path": c.path, "start": c.start, "end": c.end, "source": c.source, "url": c.url,
    }  # fmt: skip
    node = TextNode(
        id_=f"{c.article_id}:{c.start}-{c.end}", text=c.quote, metadata=metadata, start_char_idx=c.start, end_char_idx=c.end,
        excluded_embed_metadata_keys=list(metadata), excluded_llm_metadata_keys=list(metadata),
    )  # fmt: skip
    node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=c.article_id)
    return node
