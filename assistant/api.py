"""The API for programs: `POST /ask` and `GET /sources`, and the same two as tools of the Model Context Protocol (MCP) at `/mcp`."""

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import AssistantError, PaceError, SettingError
from assistant.pace import Pace, host_of
from assistant.types import Answer, Sentence
from index.errors import IndexingError
from index.types import Source

if TYPE_CHECKING:
    from fastapi import FastAPI

_PURPOSE = (
    "Answers from a collection of news articles. Every sentence is quoted from an article or checked against it, with the place that "
    "carries it; where the articles don't answer a question, `abstained` is true and nothing else should be claimed from them."
)


class Asking(Protocol):
    """What the API needs of an assistant."""

    def ask(
        self, question: str, *, since: str | None, until: str | None, outlet: Sequence[str] | None, comments: bool, most: int | None
    ) -> Answer: ...

    def stream(
        self, question: str, *, since: str | None, until: str | None, outlet: Sequence[str] | None, comments: bool, most: int | None
    ) -> Iterator[Sentence | Answer]: ...

    def sources(self) -> list[Source]: ...


class Question(BaseModel):
    """What `POST /ask` takes: the question, the filters of the command line, and whether the answer comes line by line."""

    model_config = ConfigDict(extra="forbid")
    question: str
    since: str | None = None
    until: str | None = None
    outlet: list[str] | None = None
    comments: bool = False
    most: int | None = Field(None, ge=1)
    stream: bool = False


def build_api(assistant: Asking, pace: Pace, *, mcp: bool = False, host: str = "127.0.0.1") -> "FastAPI":
    """The API as an application, described at its `/openapi.json`; SettingError where `mcp` is wanted and its package missing."""
    from fastapi import FastAPI, Request
    from fastapi.responses import JSONResponse, Response, StreamingResponse

    tools = _tools(assistant, pace, host) if mcp else None

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if tools:
                await stack.enter_async_context(tools.router.lifespan_context(tools))
            yield

    api = FastAPI(title="Belegt", description=_PURPOSE, docs_url=None, redoc_url=None, lifespan=running)

    @api.post("/ask")
    def ask(asked: Question, request: Request) -> Response:
        """The answer as `belegt ask --json` gives it. With `stream`, JSON lines: each sentence, then the answer."""
        pace.take(host_of(request))
        given = asked.model_dump(exclude={"stream"})
        if not asked.stream:
            return JSONResponse(assistant.ask(**given).to_dict())
        events = assistant.stream(**given)
        first = next(events)  # what is wrong with the question is said by the status
        return StreamingResponse(map(_line, chain([first], events)), media_type="application/x-ndjson")

    @api.get("/sources")
    def sources() -> list[dict[str, Any]]:
        """The articles in the collection."""
        return [_listed(source) for source in assistant.sources()]

    def refuse(_: Any, error: Exception) -> JSONResponse:
        wrong = 429 if isinstance(error, PaceError) else 400 if isinstance(error, AssistantError) else 503
        return JSONResponse({"error": str(error)}, status_code=wrong, headers={"retry-after": "60"} if wrong == 429 else None)

    for kind in (AssistantError, IndexingError):
        api.add_exception_handler(kind, refuse)
    if tools:
        api.router.routes.extend(tools.routes)
    return api


def _line(event: Sentence | Answer) -> str:
    told = {"answer": event.to_dict()} if isinstance(event, Answer) else {"sentence": asdict(event)}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _listed(source: Source) -> dict[str, Any]:
    published = source.published.isoformat() if source.published else None
    return {
        "id": source.id, "title": source.title, "outlet": source.outlet, "author": source.author, "published": published,
        "url": source.url, "language": source.language, "passages": source.passages,
    }  # fmt: skip


def _tools(assistant: Asking, pace: Pace, host: str) -> Any:
    """The tools as an ASGI application with the one route `/mcp`. The only place that knows mcp, the extra `belegt[mcp]`."""
    try:
        from mcp.server.mcpserver import Context, MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise SettingError("--mcp needs one more package; install it: pip install 'belegt[mcp]'") from error

    logging.basicConfig(format="%(message)s")  # else mcp chooses a handler for the whole program
    server = MCPServer("Belegt", instructions=_PURPOSE, log_level="WARNING")

    def said(what: Callable[[], Any]) -> Any:
        """What it gives; an expected error as one that the model is to read."""
        try:
            return what()
        except (AssistantError, IndexingError) as error:
            raise ToolError(str(error)) from error

    def ask(
        context: Context,
        question: str,
        since: str | None = None,
        until: str | None = None,
        outlet: list[str] | None = None,
        comments: bool = False,
        most: int | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the news articles, in any language, best a whole question.

        The answer quotes sentences, or has them checked; `citations` say where each stands (outlet, date, characters) and `conflicts`
        which of them contradict each other. `abstained` true means that the articles don't answer it. `since` and `until` are days of
        publication like 2025-11-24; `outlet` names outlets as `sources` gives them; `comments` includes readers' comments;
        `most` is the number of articles to quote at most.
        """
        def answered() -> dict[str, Any]:
            pace.take(host_of(context.request_context.request))
            return assistant.ask(question, since=since, until=until, outlet=outlet, comments=comments, most=most).to_dict()

        return said(answered)  # type: ignore[no-any-return]

    def sources() -> list[dict[str, Any]]:
        """The news articles that questions are answered from: title, outlet, author, day of publication, language."""
        return said(lambda: [_listed(source) for source in assistant.sources()])  # type: ignore[no-any-return]

    for tool in (ask, sources):
        server.add_tool(tool, annotations=ToolAnnotations(read_only_hint=True))
    return server.streamable_http_app(stateless_http=True, json_response=True, host=host)
