"""The web app: the conversation on the left, the article with the cited words on the right. The only place that knows gradio."""

import asyncio
import json
import logging
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ConfigDict

from assistant.accounts import Accounts
from assistant.errors import AssistantError
from assistant.render import TEXTS, Limits, Turn, as_markdown, render_article, render_sources, render_turns, suggestions
from assistant.types import Answer, Citation
from index.articles import SUFFIXES
from index.build import Report
from index.dates import parse_date
from index.errors import IndexingError
from index.types import Article, Source
from index.web import is_address

if TYPE_CHECKING:
    import gradio as gr

_STATIC = Path(__file__).parent / "static"
_MAX_UPLOAD = "64mb"
# the browser itself refuses whatever would leave the machine; Gradio compiles its templates, hence unsafe-eval
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
)

# the browser's language and the question that a link carries
_ARRIVAL = """(_, asked, session) => {
  const lang = navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
  document.documentElement.lang = lang;
  return [lang, new URLSearchParams(location.search).get("q") || "", session];
}"""
_SAVE = """(file) => {
  if (!file) return;
  const [name, text] = JSON.parse(file);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type: "text/plain;charset=utf-8"}));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}"""


class Conversation(Protocol):
    """One user's questions, follow-ups understood."""

    def ask(
        self, question: str, *, since: str | None, until: str | None, outlet: Sequence[str] | None, comments: bool
    ) -> Answer: ...


class Asker(Protocol):
    """What the app needs of an assistant."""

    def article(self, article_id: str) -> Article: ...

    def sources(self) -> list[Source]: ...

    def chat(self) -> Conversation: ...

    def rate(self, answer: Answer, good: bool, reason: str = "") -> None: ...

    def add(
        self, files: Sequence[tuple[str, bytes]] = (), addresses: Sequence[str] = (), progress: Callable[[int, int], None] | None = None
    ) -> Report: ...

    def remove(self, article_id: str) -> None: ...


class Question(BaseModel):
    """What `POST /ask` takes: the question, the filters of the command line, and whether the answer comes line by line."""

    model_config = ConfigDict(extra="forbid")
    question: str
    since: str | None = None
    until: str | None = None
    outlet: list[str] | None = None
    comments: bool = False
    stream: bool = False


@dataclass(slots=True)
class Session:
    """What belongs to one open page."""

    lang: str = "en"
    chat: Conversation | None = None
    turns: list[Turn] = field(default_factory=list)

    def cited(self, key: str) -> tuple[tuple[Citation, ...], Citation] | None:
        """The citations shown with an answer, and the one that the page calls `key`."""
        match = re.fullmatch(r"(\d{1,6})\.(\d{1,6})", key)
        answer = self.answer(match[1]) if match else None
        shown = answer.citations + answer.nearest if answer else ()
        return (shown, shown[int(match[2])]) if match and int(match[2]) < len(shown) else None

    def answer(self, turn: str) -> Answer | None:
        """The answer of the turn of that number."""
        known = re.fullmatch(r"[0-9]{1,6}", turn) is not None and int(turn) < len(self.turns)
        return self.turns[int(turn)].answer if known else None


def build_app(assistant: Asker, *, read_only: bool = False) -> "gr.Blocks":
    """The app as Gradio blocks; `serve` adds its style and runs it. With `read_only` nobody can add or remove articles."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    label = gr.I18n()
    script = (_STATIC / "app.js").read_text(encoding="utf-8")

    def listed(lang: str) -> tuple[str, list[Source]]:
        """The list of articles as HTML, or what is wrong with it, and the articles."""
        try:
            sources = assistant.sources()
        except (AssistantError, IndexingError) as error:
            return _trouble(error, lang), []
        return render_sources(sources, lang), sources

    def overview(lang: str) -> str:
        return listed(lang)[0]

    def conversation(session: Session) -> str:
        return render_turns(session.turns, session.lang)

    def opened(citations: Sequence[Citation], active: Citation | None, article_id: str, session: Session, key: str) -> str:
        try:
            return render_article(assistant.article(article_id), citations, active, session.lang, key, removable=not read_only)
        except (AssistantError, IndexingError) as error:
            return _trouble(error, session.lang)

    def outlets(sources: Sequence[Source]) -> Any:
        return gr.Dropdown(choices=sorted({source.outlet for source in sources if source.outlet}))

    def begin(lang: str, asked: str, session: Session) -> tuple[Any, ...]:
        session.lang = lang if lang in TEXTS else "en"
        pane, sources = listed(session.lang)
        turns = render_turns(session.turns, session.lang, suggestions(sources, session.lang))
        return _header(session.lang), turns, pane, outlets(sources), asked, session

    def ask(
        question: str, since: str | None, until: str | None, chosen: list[str] | None, comments: bool, session: Session
    ) -> Iterator[tuple[Any, ...]]:
        if not question.strip():
            yield (gr.skip(),) * 5
            return
        limits = Limits(_iso(since or ""), _iso(until or ""), tuple(chosen or ()), comments)
        turn, number = Turn(question.strip(), limits=limits), len(session.turns)
        session.turns.append(turn)
        words = TEXTS[session.lang]
        yield "", conversation(session), gr.skip(), words["searching"], session
        pane, said = gr.skip(), ""
        try:
            session.chat = session.chat or assistant.chat()
            answer = turn.answer = session.chat.ask(
                turn.question, since=limits.since or None, until=limits.until or None, outlet=limits.outlets or None, comments=comments
            )
            said = " ".join(s.text for s in answer.sentences) or answer.text
            if answer.citations:
                first = answer.citations[0]
                pane = opened(answer.citations, first, first.article_id, session, f"{number}.0")
            else:
                pane = overview(session.lang)
        except (AssistantError, IndexingError) as error:
            turn.error = str(error)
        except Exception:
            logging.getLogger(__name__).exception("a question failed")
            turn.error = words["unexpected"]
        yield gr.skip(), conversation(session), pane, escape(turn.error or said), session

    def act(session: Session, event: gr.EventData) -> tuple[Any, Any, Any, str]:
        """What a button of the page asks for: article, status and outlets anew, and a file to save."""
        data = event._data if isinstance(event._data, dict) else {}
        words = TEXTS[session.lang]
        pane, said, known, saved = gr.skip(), gr.skip(), gr.skip(), ""
        found = session.cited(str(data.get("key", "")))
        try:
            if "save" in data:
                saved = _saved(session, str(data["save"]))
            elif "good" in data:
                answer = session.answer(str(data.get("turn", "")))
                if answer is not None:
                    assistant.rate(answer, bool(data["good"]), str(data.get("reason", "")))
                    said = words["thanks"]
            elif "remove" in data and not read_only:
                assistant.remove(str(data["remove"]))
                pane, sources = listed(session.lang)
                said, known = words["removed"], outlets(sources)
            elif found:
                pane = opened(found[0], found[1], found[1].article_id, session, str(data["key"]))
            elif data.get("article"):
                pane = opened((), None, str(data["article"]), session, "")
            else:
                pane = overview(session.lang)
        except (AssistantError, IndexingError) as error:
            pane, said = _trouble(error, session.lang), escape(str(error))
        return pane, said, known, saved

    def add(files: list[str] | None, text: str | None, session: Session) -> Iterator[tuple[Any, ...]]:
        """Index what was given; progress, then what came of it in words, the boxes empty again and the list of articles anew."""
        words, same = TEXTS[session.lang], (gr.skip(),) * 4
        given = [(Path(file).name, Path(file).read_bytes()) for file in files or ()]
        # a line with an address in it and nothing else is one to fetch
        addresses = [line for line in (text or "").split() if is_address(line)]
        if text and text.split() != addresses:
            addresses = []
            given.append((f"{' '.join(text.split())[:60]}.txt", text.encode("utf-8", "replace")))
        if not given and not addresses:
            yield f"<p>{words['nothing_given']}</p>", *same
            return
        yield f"<p>{words['taking']}</p>", *same
        steps: SimpleQueue[tuple[int, int] | None] = SimpleQueue()
        came: list[Report | Exception] = []

        def work() -> None:
            try:
                came.append(assistant.add(given, addresses, lambda done, total: steps.put((done, total))))
            except Exception as error:
                came.append(error)
            steps.put(None)

        threading.Thread(target=work, daemon=True).start()
        while (step := steps.get()) is not None:
            bar = f'<progress value="{step[0]}" max="{step[1]}" aria-label="{words["taking"]}"></progress>'
            yield f"<p>{words['taking']} {bar}</p>", *same
        done = came[0]
        if isinstance(done, AssistantError | IndexingError):
            yield f'<p class="notice">{escape(_without_folder(str(done)))}</p>', None, *same[1:]
            return
        if isinstance(done, Exception):
            logging.getLogger(__name__).error("adding articles failed", exc_info=done)
            yield f'<p class="notice">{words["unexpected"]}</p>', *same
            return
        pane, sources = listed(session.lang)
        yield _added(done, session.lang), None, "", pane, outlets(sources)

    with gr.Blocks(title="Belegt", analytics_enabled=False) as app:
        session = gr.State(Session())
        lang = gr.Textbox(visible=False)
        file = gr.Textbox(visible=False)
        plain: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
        header = gr.HTML(_header("en"), elem_id="belegt-header", **plain)
        with gr.Row(elem_id="belegt-main"):
            with gr.Column(elem_id="belegt-left"):
                turns = gr.HTML(elem_id="belegt-turns", **{**plain, "js_on_load": script})
                status = gr.HTML(elem_id="belegt-status", **{**plain, "js_on_load": "element.setAttribute('role', 'status')"})
                with gr.Column(elem_id="belegt-ask"):
                    with gr.Row(elem_id="belegt-box"):
                        question = gr.Textbox(
                            label=label("question"), placeholder=label("placeholder"), max_lines=4, container=False, scale=1, autofocus=True
                        )
                        send = gr.Button(label("send"), variant="primary", scale=0, min_width=96, elem_id="belegt-send")
                    comments = gr.Checkbox(label=label("comments"), container=False)
                    with gr.Accordion(label("filters"), open=False, elem_id="belegt-filters"), gr.Row():
                        since = gr.Textbox(label=label("since_label"), min_width=120)
                        until = gr.Textbox(label=label("until_label"), min_width=120)
                        outlet = gr.Dropdown(label=label("outlets_label"), multiselect=True, choices=[], min_width=200, scale=2)
            with gr.Column(elem_id="belegt-right"):
                article = gr.HTML(elem_id="belegt-article", **{**plain, "js_on_load": script})
                if not read_only:
                    with gr.Accordion(label("add"), open=False, elem_id="belegt-add"):
                        upload = gr.File(label=label("upload"), file_count="multiple", file_types=list(SUFFIXES), height=120)
                        paste = gr.Textbox(label=label("paste"), lines=3, max_lines=8)
                        take = gr.Button(label("take"), size="sm", elem_id="belegt-take")
                        taken = gr.HTML(elem_id="belegt-taken", **{**plain, "js_on_load": "element.setAttribute('role', 'status')"})
        # what is asked or clicked while the last one is still on its way comes next, rather than being lost
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "always_last"}
        asked = [question, since, until, outlet, comments, session]
        shown = [question, turns, article, status, session]
        arrived = app.load(begin, [lang, question, session], [header, turns, article, outlet, question, session], js=_ARRIVAL, **quiet)
        arrived.then(ask, asked, shown, **quiet)
        gr.on([question.submit, send.click], ask, asked, shown, concurrency_limit=4, **quiet)
        for pane in (turns, article):
            done = pane.click(act, session, [article, status, outlet, file], concurrency_limit=8, **quiet)
            done.then(None, file, None, js=_SAVE, show_progress="hidden", api_visibility="private")
        if not read_only:
            take.click(add, [upload, paste, session], [taken, upload, paste, article, outlet], concurrency_limit=1, **quiet)
    return app


def _iso(day: str) -> str:
    """A day as an ISO date; as typed where it is none, for the question to refuse."""
    day = day.strip()
    with suppress(ValueError):
        return parse_date(day).isoformat()
    return day


def _saved(session: Session, kind: str) -> str:
    """The conversation as a file's name and text, in JSON."""
    if kind == "md":
        return json.dumps(["belegt.md", as_markdown(session.turns, session.lang)])
    answers = [turn.answer.to_dict() for turn in session.turns if turn.answer]
    return json.dumps(["belegt.json", json.dumps(answers, ensure_ascii=False, indent=1)])


def _added(report: Report, lang: str) -> str:
    """What came of adding articles."""
    words = TEXTS[lang]
    fresh, known = len(report.added) + len(report.changed), len(report.unchanged) + len(report.duplicates)
    said = [words[name].format(n=n) for name, n in (("taken", fresh), ("known", known)) if n]
    failed = "".join(f'<p class="notice">{escape(_without_folder(line))}</p>' for line in report.failed)
    return f"<p>{escape(', '.join(said))}</p>{failed}"


def _without_folder(message: str) -> str:
    """A message about a stored file by the name that the user gave it."""
    return re.sub(r"\S*/uploads/[0-9a-f]{16}/", "", message)


def _header(lang: str) -> str:
    return f'<header class="head"><h1>Belegt</h1><p>{TEXTS[lang]["tagline"]}</p></header>'


def _trouble(error: Exception, lang: str) -> str:
    return f'<div class="pane"><h2 id="belegt-title">{TEXTS[lang]["failed"]}</h2><p class="notice">{escape(str(error))}</p></div>'


def preload() -> None:
    """Import what serving needs (seconds), so that it can be done while something else is waited for."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio  # noqa: F401
    import uvicorn  # noqa: F401


def serve(
    assistant: Asker,
    host: str = "127.0.0.1",
    port: int = 7860,
    ready: Callable[[str], None] | None = None,
    *,
    read_only: bool = False,
    accounts: Accounts | None = None,
) -> None:
    """Serve the app and its API until interrupted; `ready` gets its address once it answers requests.

    Port 0 takes any free one. Raises OSError, naming host and port, where they can't be had. With `read_only` nobody can add or
    remove articles; with `accounts` only their users get anything at all.
    """
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=128)
    except OSError as error:
        why = f"{host}:{port}: the web app can't listen there ({error.strerror or error}); take another --host or --port"
        raise OSError(why) from error
    with listener, suppress(KeyboardInterrupt):
        blocks = build_app(assistant, read_only=read_only)
        import gradio as gr
        import uvicorn

        app = gr.mount_gradio_app(
            _api(assistant),
            blocks,
            path="/",
            i18n=gr.I18n(**TEXTS),
            theme=gr.themes.Default(primary_hue="blue", font=["sans-serif"], font_mono=["monospace"]),
            head=f"<style>{(_STATIC / 'app.css').read_text(encoding='utf-8')}</style>",
            favicon_path=str(_STATIC / "favicon.svg"),
            footer_links=[],
            max_file_size="1kb" if read_only else _MAX_UPLOAD,
            **dict.fromkeys(("show_error", "ssr_mode", "run_history", "enable_monitoring", "pwa", "mcp_server"), False),
        )
        server = uvicorn.Server(uvicorn.Config(_guarded(app, accounts), log_level="warning", timeout_graceful_shutdown=1))
        if ready:
            name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
            url = f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}/"
            threading.Thread(target=_tell_ready, args=(server, ready, url), daemon=True).start()
        server.run(sockets=[listener])


def _api(assistant: Asker) -> Any:
    """The API for programs: `POST /ask` and `GET /sources`, described at `/openapi.json`."""
    from fastapi import FastAPI
    from fastapi.responses import JSONResponse, Response, StreamingResponse

    api = FastAPI(title="Belegt", docs_url=None, redoc_url=None)

    @api.post("/ask")
    def ask(asked: Question) -> Response:
        """The answer as `belegt ask --json` gives it. With `stream`, JSON lines: each sentence, then the answer."""
        answer = assistant.chat().ask(
            asked.question, since=asked.since, until=asked.until, outlet=asked.outlet, comments=asked.comments
        )  # fmt: skip
        plain = answer.to_dict()
        if not asked.stream:
            return JSONResponse(plain)
        lines = [*({"sentence": sentence} for sentence in plain["sentences"]), {"answer": plain}]
        return StreamingResponse((json.dumps(line, ensure_ascii=False) + "\n" for line in lines), media_type="application/x-ndjson")

    @api.get("/sources")
    def sources() -> list[dict[str, Any]]:
        """The articles in the collection."""
        return [
            {"id": s.id, "title": s.title, "outlet": s.outlet, "author": s.author, "published": s.published, "url": s.url,
             "language": s.language, "passages": s.passages}
            for s in assistant.sources()
        ]  # fmt: skip

    def refuse(_: Any, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, status_code=400 if isinstance(error, AssistantError) else 503)

    for kind in (AssistantError, IndexingError):
        api.add_exception_handler(kind, refuse)
    return api


def _tell_ready(server: Any, ready: Callable[[str], None], url: str) -> None:
    while not server.started and not server.should_exit:
        threading.Event().wait(0.01)
    if server.started:
        ready(url)


def _guarded(app: Any, accounts: Accounts | None) -> Any:
    """`app` for those who have an account, if there are any, with headers that keep the page from asking any other host."""
    headers = [(b"content-security-policy", _POLICY.encode()), (b"referrer-policy", b"no-referrer")]

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *headers]}
            await send(message)

        if accounts and scope["type"] != "lifespan":
            given = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
            # hashing takes a moment, and everybody else is to go on meanwhile
            if not await asyncio.to_thread(accounts.admits, given):
                if scope["type"] == "websocket":
                    await send({"type": "websocket.close", "code": 1008})
                    return
                ask = (b"www-authenticate", b'Basic realm="Belegt", charset="UTF-8"')
                await send({"type": "http.response.start", "status": 401, "headers": [ask, (b"content-type", b"text/plain")]})
                await send({"type": "http.response.body", "body": b"name and password, please"})
                return
        await app(scope, receive, with_headers if scope["type"] == "http" else send)

    return guarded
