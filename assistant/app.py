"""The web app: the conversation on the left, the article with the cited words on the right. The only place that knows gradio."""

import json
import logging
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from assistant.api import Asking
from assistant.errors import AssistantError
from assistant.evaluation import Evaluation
from assistant.pace import Pace, host_of
from assistant.panes import newest_of_each, render_article, render_evaluation, render_sources, render_trouble
from assistant.render import Limits, Turn, as_markdown, render_header, render_suggested, render_turns
from assistant.suggested import MOST, first_questions, leads_of
from assistant.types import Answer, Citation, Sentence
from assistant.words import TEXTS, in_words
from index.articles import SUFFIXES
from index.build import Report
from index.dates import parse_date
from index.errors import BelegtError, IndexingError, ReadError
from index.types import Article, Source
from index.web import is_address

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

_STATIC = Path(__file__).parent / "static"
_MAX_UPLOAD = "64mb"
_KEPT = 500  # conversations that a reload of their page finds again
_MOST_SOURCES = 4
_REFRESH = 0.1  # seconds between two looks at an answer that is still growing

# the language, the question that a link carries, and the name by which a reload of this page finds its conversation again
_ARRIVAL = """(...given) => {
  const lang = navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
  document.documentElement.lang = lang;
  const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
  const asked = reloaded ? "" : new URLSearchParams(location.search).get("q") || "";
  let page = sessionStorage.getItem("belegt-page");
  if (!page) {
    page = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("belegt-page", page);
  }
  return [lang, asked, page, given.at(-1)];
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

Steps = Callable[[int, int], None]


class Conversation(Protocol):
    """One user's questions, follow-ups understood."""

    def stream(
        self, question: str, *, since: str | None, until: str | None, outlet: Sequence[str] | None, comments: bool, most: int | None
    ) -> Iterator[Sentence | Answer]: ...


class Asker(Asking, Protocol):
    """What the app needs of an assistant."""

    def article(self, article_id: str) -> Article: ...

    def chat(self) -> Conversation: ...

    def rate(self, answer: Answer, good: bool, reason: str = "") -> None: ...

    def add(
        self, files: Sequence[tuple[str, bytes]] = (), addresses: Sequence[str] = (), progress: Steps | None = None
    ) -> Report: ...

    def reread(self, progress: Steps | None = None) -> Report: ...

    def remove(self, article_id: str) -> None: ...

    def evaluation(self) -> Evaluation | None: ...


@dataclass(slots=True)
class Session:
    """What belongs to one open page. Its lock is held while a question is answered: one after the other."""

    lang: str = "en"
    chat: Conversation | None = None
    turns: list[Turn] = field(default_factory=list)
    workers: dict[int, threading.Thread] = field(default_factory=dict)  # by number of turn
    lock: Any = field(default_factory=threading.Lock)

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


class _Page:
    """What the page's events do. Safe to use from several threads; a method's values go to the components it is wired to."""

    def __init__(self, assistant: Asker, pace: Pace, read_only: bool) -> None:
        import gradio as gr

        self._gr, self._assistant, self._pace, self._read_only = gr, assistant, pace, read_only
        self._kept: OrderedDict[str, Session] = OrderedDict()
        self._keeping = threading.Lock()

    def arrive(self, lang: str, asked: str, page: str, _: Session | None) -> tuple[Any, ...]:
        """The page as it was before a reload, or a new one."""
        session = self._session(page)
        session.lang = lang if lang in TEXTS else "en"
        pane, sources = self._listed(session.lang)
        turns = self._conversation(session) if session.turns else render_turns((), session.lang, self._hints(sources, session.lang))
        return render_header(session.lang), turns, pane, self._outlets(sources), asked, page, session

    def ask(
        self, question: str, since: str | None, until: str | None, outlets: list[str] | None, most: int, comments: bool,
        session: Session | None, request: "gr.Request",
    ) -> Iterator[tuple[Any, ...]]:  # fmt: skip
        """Answer a question, or the one that a reload of the page cut short."""
        session, skip = session or Session(), self._gr.skip()
        turn = session.turns[-1] if session.turns else None
        if question.strip():
            chosen = most if most <= _MOST_SOURCES else None
            limits = Limits(_iso(since or ""), _iso(until or ""), tuple(outlets or ()), comments, chosen)
            turn = Turn(question.strip(), limits=limits)
            session.turns.append(turn)
        if turn is None or turn.done:  # perhaps only just
            yield skip, self._conversation(session) if turn else skip, skip, skip, session
            return
        words = TEXTS[session.lang]
        yield "", self._conversation(session), skip, words["searching"], session
        number, sentences = session.turns.index(turn), 0
        worker = self._worker(number, session, host_of(request))
        while worker.is_alive() and not turn.done:
            worker.join(_REFRESH)
            if len(turn.growing) > sentences and not turn.done:
                sentences = len(turn.growing)
                yield skip, self._conversation(session), skip, skip, skip
        pane, answer = skip, turn.answer
        if answer and answer.citations:
            first = answer.citations[0]
            pane = self._opened(answer.citations, first, first.article_id, session, f"{number}.0")
        elif answer:
            pane = self._listed(session.lang)[0]
        told = " ".join(s.text for s in answer.sentences) or answer.text if answer else turn.error
        yield skip, self._conversation(session), pane, escape(told), session

    def _worker(self, number: int, session: Session, client: str) -> threading.Thread:
        """The thread that answers the turn of that number, whatever becomes of the page that asked; one is started where there is none."""
        with self._keeping:
            if number not in session.workers:
                session.workers[number] = threading.Thread(target=self._answer, args=(session.turns[number], session, client), daemon=True)
                session.workers[number].start()
            return session.workers[number]

    def _answer(self, turn: Turn, session: Session, client: str) -> None:
        """Answer a turn, one after the other; it has an answer or an error at the end."""
        with session.lock:
            try:
                self._pace.take(client)
                session.chat = session.chat or self._assistant.chat()
                limits = turn.limits
                for event in session.chat.stream(
                    turn.question, since=limits.since or None, until=limits.until or None, outlet=limits.outlets or None,
                    comments=limits.comments, most=limits.most,
                ):  # fmt: skip
                    if turn.error:  # stopped
                        return
                    if isinstance(event, Answer):
                        known = " ".join([turn.question, *(c.quote for c in event.citations)])
                        turn.leads = leads_of(self._articles([c.article_id for c in event.citations]), known)
                        turn.answer = event
                    else:
                        turn.growing = (*turn.growing, event)
            except (AssistantError, IndexingError) as error:
                turn.error = in_words(error, session.lang)
            except Exception:
                logging.getLogger(__name__).exception("a question failed")
                turn.error = TEXTS[session.lang]["unexpected"]

    def stop(self, session: Session | None) -> tuple[Any, ...]:
        """Leave the questions that are being answered without an answer."""
        session = session or Session()
        for turn in session.turns:
            if not turn.done:
                turn.error = TEXTS[session.lang]["stopped"]
        return self._conversation(session), TEXTS[session.lang]["stopped"]

    def act(self, session: Session | None, event: Any) -> tuple[Any, Any, Any, str]:
        """What a button of the page asks for: article, status and outlets anew, and a file to save."""
        session, skip = session or Session(), self._gr.skip()
        data = event._data if isinstance(event._data, dict) else {}
        words = TEXTS[session.lang]
        pane, told, known, saved = skip, skip, skip, ""
        found = session.cited(str(data.get("key", "")))
        try:
            if "save" in data:
                saved = _saved(session, str(data["save"]))
            elif "good" in data:
                answer = session.answer(str(data.get("turn", "")))
                if answer is not None:
                    self._assistant.rate(answer, bool(data["good"]), str(data.get("reason", "")))
                    told = words["thanks"]
            elif "remove" in data and not self._read_only:
                self._assistant.remove(str(data["remove"]))
                pane, sources = self._listed(session.lang)
                told, known = words["removed"], self._outlets(sources)
            elif "evaluation" in data:
                pane = render_evaluation(self._assistant.evaluation(), session.lang)
            elif found:
                pane = self._opened(found[0], found[1], found[1].article_id, session, str(data["key"]))
            elif data.get("article"):
                pane = self._opened((), None, str(data["article"]), session, "")
            else:
                pane = self._listed(session.lang)[0]
        except (AssistantError, IndexingError) as error:
            pane, told = render_trouble(error, session.lang), escape(in_words(error, session.lang))
        return pane, told, known, saved

    def add(self, files: list[str] | None, text: str | None, session: Session | None) -> Iterator[tuple[Any, ...]]:
        """Index what was given; progress, then what came of it in words, the boxes empty again and the list of articles anew."""
        session = session or Session()
        given = [(Path(file).name, Path(file).read_bytes()) for file in files or ()]
        # a line with an address in it and nothing else is one to fetch
        addresses = [line for line in (text or "").split() if is_address(line)]
        if text and text.split() != addresses:
            addresses = []
            name = re.sub(r"[/\\]", "-", " ".join(text.split())[:60])  # «(dpa/ots)» is no folder
            given.append((f"{name}.txt", text.encode("utf-8", "replace")))
        if not given and not addresses:
            yield f"<p>{TEXTS[session.lang]['nothing_given']}</p>", *(self._gr.skip(),) * 4
            return
        yield from self._indexed(lambda steps: self._assistant.add(given, addresses, steps), session)

    def reread(self, session: Session | None) -> Iterator[tuple[Any, ...]]:
        """Index anew what has changed since; as `add`."""
        yield from self._indexed(self._assistant.reread, session or Session())

    def _indexed(self, work: Callable[[Steps], Report], session: Session) -> Iterator[tuple[Any, ...]]:
        words, skip = TEXTS[session.lang], self._gr.skip()
        same = (skip,) * 4
        yield f"<p>{words['taking']}</p>", *same
        steps: SimpleQueue[tuple[int, int] | None] = SimpleQueue()
        came: list[Report | Exception] = []

        def run() -> None:
            try:
                came.append(work(lambda done, total: steps.put((done, total))))
            except Exception as error:
                came.append(error)
            steps.put(None)

        threading.Thread(target=run, daemon=True).start()
        while (step := steps.get()) is not None:
            bar = f'<progress value="{step[0]}" max="{step[1]}" aria-label="{words["taking"]}"></progress>'
            yield f"<p>{words['taking']} {bar}</p>", *same
        done = came[0]
        if isinstance(done, AssistantError | IndexingError):
            yield f'<p class="notice">{escape(in_words(_as_given(done), session.lang))}</p>', None, *same[1:]
            return
        if isinstance(done, Exception):
            logging.getLogger(__name__).error("adding articles failed", exc_info=done)
            yield f'<p class="notice">{words["unexpected"]}</p>', *same
            return
        pane, sources = self._listed(session.lang)
        yield _added(done, session.lang), None, "", pane, self._outlets(sources)

    def _session(self, page: str) -> Session:
        """The conversation of the page of that name; the longest unused are forgotten."""
        with self._keeping:
            session = self._kept.pop(page, None) or Session()
            if re.fullmatch(r"[0-9a-f]{32}", page):  # a name that nobody can guess
                self._kept[page] = session
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return session

    def _listed(self, lang: str) -> tuple[str, list[Source]]:
        """The list of articles as HTML, or what is wrong with it, and the articles."""
        try:
            sources = self._assistant.sources()
        except (AssistantError, IndexingError) as error:
            return render_trouble(error, lang), []
        return render_sources(sources, lang), sources

    def _hints(self, sources: Sequence[Source], lang: str) -> str:
        """Questions to begin with."""
        titled = [source.id for source in newest_of_each(sources) if source.title]
        return render_suggested(TEXTS[lang]["try"], first_questions(self._articles(titled[:MOST]), lang))

    def _articles(self, ids: Sequence[str]) -> list[Article]:
        """The articles of these ids that are still there, each once."""
        found = []
        for article_id in dict.fromkeys(ids):
            with suppress(AssistantError, IndexingError):
                found.append(self._assistant.article(article_id))
        return found

    def _conversation(self, session: Session) -> str:
        return render_turns(session.turns, session.lang)

    def _opened(self, citations: Sequence[Citation], active: Citation | None, article_id: str, session: Session, key: str) -> str:
        try:
            return render_article(
                self._assistant.article(article_id), citations, active, session.lang, key, removable=not self._read_only
            )  # fmt: skip
        except (AssistantError, IndexingError) as error:
            return render_trouble(error, session.lang)

    def _outlets(self, sources: Sequence[Source]) -> Any:
        return self._gr.Dropdown(choices=sorted({source.outlet for source in sources if source.outlet}))


def build_app(assistant: Asker, pace: Pace, *, read_only: bool = False) -> "gr.Blocks":
    """The app as Gradio blocks; `mount` adds its style. With `read_only` nobody can add or remove articles."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    label = gr.I18n()
    script = (_STATIC / "app.js").read_text(encoding="utf-8")
    page = _Page(assistant, pace, read_only)

    # Gradio passes what a parameter's annotation asks for
    def ask(
        question: str, since: str, until: str, outlets: list[str], most: int, comments: bool, session: Session | None, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from page.ask(question, since, until, outlets, most, comments, session, request)

    def act(session: Session | None, event: gr.EventData) -> tuple[Any, Any, Any, str]:
        return page.act(session, event)

    with gr.Blocks(title="Belegt", analytics_enabled=False) as app:
        session = gr.State(None)
        lang, name, file = (gr.Textbox(visible=False) for _ in range(3))
        plain: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
        live = {**plain, "js_on_load": script}
        telling = {**plain, "js_on_load": "element.setAttribute('role', 'status')"}
        header = gr.HTML(render_header("en"), elem_id="belegt-header", **live)
        with gr.Row(elem_id="belegt-main"):
            with gr.Column(elem_id="belegt-left"):
                turns = gr.HTML(elem_id="belegt-turns", **live)
                status = gr.HTML(elem_id="belegt-status", **telling)
                with gr.Column(elem_id="belegt-ask"):
                    with gr.Row(elem_id="belegt-box"):
                        question = gr.Textbox(
                            label=label("question"), placeholder=label("placeholder"), max_lines=4, container=False, scale=1, autofocus=True
                        )
                        stop = gr.Button(label("stop"), scale=0, min_width=96, elem_id="belegt-stop")
                        send = gr.Button(label("send"), variant="primary", scale=0, min_width=96, elem_id="belegt-send")
                    comments = gr.Checkbox(label=label("comments"), container=False)
                    with gr.Accordion(label("filters"), open=False, elem_id="belegt-filters"), gr.Row():
                        since = gr.Textbox(label=label("since_label"), min_width=120)
                        until = gr.Textbox(label=label("until_label"), min_width=120)
                        outlet = gr.Dropdown(label=label("outlets_label"), multiselect=True, choices=[], min_width=200, scale=2)
                        every = _MOST_SOURCES + 1
                        numbers = [*((str(n), n) for n in range(1, every)), (label("every"), every)]
                        most = gr.Dropdown(label=label("most_label"), choices=numbers, value=every, min_width=120, filterable=False)
            with gr.Column(elem_id="belegt-right"):
                article = gr.HTML(elem_id="belegt-article", **live)
                if not read_only:
                    with gr.Accordion(label("add"), open=False, elem_id="belegt-add"):
                        upload = gr.File(label=label("upload"), file_count="multiple", file_types=list(SUFFIXES), height=170)
                        paste = gr.Textbox(label=label("paste"), lines=3, max_lines=8)
                        with gr.Row():
                            take = gr.Button(label("take"), size="sm", elem_id="belegt-take")
                            again = gr.Button(label("reread"), size="sm", elem_id="belegt-reread")
                        taken = gr.HTML(elem_id="belegt-taken", **telling)
        # what is asked or clicked while the last one is still on its way comes next, rather than being lost
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "always_last"}
        asked = [question, since, until, outlet, most, comments, session]
        shown = [question, turns, article, status, session]
        before = [lang, question, name, session]
        arrived = app.load(page.arrive, before, [header, turns, article, outlet, question, name, session], js=_ARRIVAL, **quiet)
        arrived.then(ask, asked, shown, **quiet)
        gr.on([question.submit, send.click], ask, asked, shown, concurrency_limit=4, **quiet)
        stop.click(page.stop, session, [turns, status], **quiet)
        for pane in (header, turns, article):
            done = pane.click(act, session, [article, status, outlet, file], concurrency_limit=8, **quiet)
            done.then(None, file, None, js=_SAVE, show_progress="hidden", api_visibility="private")
        if not read_only:
            list_anew = [taken, upload, paste, article, outlet]
            take.click(page.add, [upload, paste, session], list_anew, concurrency_limit=1, concurrency_id="index", **quiet)
            again.click(page.reread, session, list_anew, concurrency_limit=1, concurrency_id="index", **quiet)
    return app


def preload() -> None:
    """Import what the page needs (seconds), so that it can be done while something else is waited for."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio  # noqa: F401


def mount(api: "FastAPI", assistant: Asker, pace: Pace, *, read_only: bool = False) -> Any:
    """`api` with the web app at its root."""
    blocks = build_app(assistant, pace, read_only=read_only)
    import gradio as gr

    return gr.mount_gradio_app(
        api,
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
    told = [words[name].format(n=n) for name, n in (("taken", fresh), ("known", known)) if n]
    failed = "".join(f'<p class="notice">{escape(in_words(_as_given(error), lang))}</p>' for error in report.failed)
    return f"<p>{escape(', '.join(told))}</p>{failed}"


def _as_given(error: BelegtError) -> BelegtError:
    """An error about a stored file, or one that tells of another, by the name that the user gave the file."""
    if isinstance(error, ReadError):
        name = re.sub(r".*[/\\]uploads[/\\][0-9a-f]{16}[/\\]", "", str(error.facts["name"]))
        return type(error)(error.code, **{**error.facts, "name": name})
    facts = {name: _as_given(fact) if isinstance(fact, BelegtError) else fact for name, fact in error.facts.items()}
    return BelegtError(str(error), error.code, **facts)
