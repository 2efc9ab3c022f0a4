"""The web app: the conversation on the left, the article with the cited words on the right. The only place that knows gradio."""

import json
import logging
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import AssistantError
from assistant.types import Answer, Citation
from index.errors import IndexingError
from index.types import Article, Source, Stretch

if TYPE_CHECKING:
    import gradio as gr

_STATIC = Path(__file__).parent / "static"
_LISTED = 40  # articles named on an empty right side
# the browser itself refuses whatever would leave the machine; Gradio compiles its templates, hence unsafe-eval
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
)

_BOTH: dict[str, dict[str, str]] = json.loads((_STATIC / "texts.json").read_text(encoding="utf-8"))
TEXTS = {lang: {key: text[lang] for key, text in _BOTH.items()} for lang in ("de", "en")}
_LANGUAGE = """(_, session) => {
  const lang = navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
  document.documentElement.lang = lang;
  return [lang, session];
}"""


class Conversation(Protocol):
    """One user's questions, follow-ups understood."""

    def ask(self, question: str, *, comments: bool = False) -> Answer: ...


class Asker(Protocol):
    """What the app needs of an assistant."""

    def article(self, article_id: str) -> Article: ...

    def sources(self) -> list[Source]: ...

    def chat(self) -> Conversation: ...


@dataclass(slots=True)
class Turn:
    """A question and what came of it: nothing yet, an answer, or an error in plain words."""

    question: str
    answer: Answer | None = None
    error: str = ""


@dataclass(slots=True)
class Session:
    """What belongs to one open page."""

    lang: str = "en"
    chat: Conversation | None = None
    turns: list[Turn] = field(default_factory=list)

    def cited(self, key: str) -> tuple[tuple[Citation, ...], Citation] | None:
        """The citations shown with an answer, and the one that the page calls `key`."""
        match = re.fullmatch(r"(\d{1,6})\.(\d{1,6})", key)
        answer = self.turns[int(match[1])].answer if match and int(match[1]) < len(self.turns) else None
        shown = answer.citations + answer.nearest if answer else ()
        return (shown, shown[int(match[2])]) if match and int(match[2]) < len(shown) else None


# -- rendering: pure functions, every word of an article or answer escaped --------------------------------------------


def render_answer(answer: Answer, lang: str, turn: int = 0) -> str:
    """An answer or an abstention as HTML; the key of each citation is `turn`, a dot, and its place in the answer."""
    words, language = TEXTS[lang], escape(answer.language)
    places = {c.n: (f"{turn}.{i}", c) for i, c in enumerate(answer.citations)}

    def buttons(numbers: Sequence[int]) -> str:
        return "".join(_cite_button(*places[n], lang) for n in numbers if n in places)

    if answer.abstained:
        first = len(answer.citations)
        items = "".join(f"<li>{_source_button(f'{turn}.{first + i}', c, lang, quoted=True)}</li>" for i, c in enumerate(answer.nearest))
        nearest = f'<h4>{words["nearest"]}</h4><ul class="sources">{items}</ul>' if items else ""
        sure = words["nearest_confidence"].format(p=_percent(answer.confidence, lang))
        return (
            f'<div class="answer abstained"><h3><span aria-hidden="true">∅</span> {words["abstained"]}</h3>'
            f'<p lang="{language}">{escape(answer.text)}</p>{nearest}<p class="small">{sure}</p></div>'
        )
    said = []
    for sentence in answer.sentences:
        cited = [places[n][1] for n in sentence.citations if n in places]
        badges = "".join(f'<span class="badge">{escape(_commenter(c, lang))}</span> ' for c in cited if c.voice == "comment")
        said.append(f'<p>{badges}<span lang="{language}">{_with_short(sentence.text, cited)}</span> {buttons(sentence.citations)}</p>')
    for conflict in answer.conflicts:
        about = f"<b>{words['conflict']}:</b> {escape(conflict.about)}"
        said.append(f'<p class="conflict">{about} {buttons(conflict.citations)}</p>')
    items = "".join(f"<li>{_source_button(key, citation, lang)}</li>" for key, citation in places.values())
    kind = "verbatim" if all(s.support == "verbatim" for s in answer.sentences) else "supported"
    return (
        f'<div class="answer">{"".join(said)}<h4>{words["sources"]}</h4><ul class="sources">{items}</ul>'
        f'<p class="small">{words[kind]} · <span title="{words["confidence_hint"]}">'
        f"{words['confidence'].format(p=_percent(answer.confidence, lang))}</span></p></div>"
    )


def render_article(article: Article, citations: Sequence[Citation], active: Citation | None, lang: str = "de", key: str = "") -> str:
    """An article for reading, the cited spans marked by their offsets, `active` strongly.

    The marks of citation n are those whose data-n names it; their text together is the quote but for white space. A
    citation whose offsets no longer hold its quote isn't marked; of `active` the quote is then shown above the article.
    """
    words = TEXTS[lang]
    here = [c for c in citations if c.article_id == article.id and c.quote and article.text[c.start : c.end] == c.quote]
    held = active if active in here else None
    body: list[str] = []
    for by_readers, group in groupby(_blocks(article, here), key=lambda block: block.kind == "comment"):
        if by_readers:
            body.append(_comments(article.text, list(group), here, held, lang))
        else:
            body += [_block(article.text, block, here, held) for block in group]
    html = "".join(body).replace('<mark class="active"', '<mark id="belegt-active" class="active"', 1)
    facts = [escape(_facts(lang, article.outlet, article.published, article.author))]
    if re.match(r"https?://", article.url, re.IGNORECASE):
        new = f'target="_blank" rel="noopener noreferrer" title="{words["new_tab"]}"'
        facts.append(f'<a href="{escape(article.url)}" {new}>{words["original"]} ↗</a>')
    edited = next((c.edited for c in citations if c.article_id == article.id and c.edited), "")
    notices = f'<p class="notice">{words[edited]}</p>' if edited else ""
    if active is not None and held is None:
        notices += f'<div class="notice">{words["moved"]}<blockquote>{escape(active.quote)}</blockquote></div>'
    back = f'<button type="button" class="back">‹ {words["back"]}</button>' if key else ""
    return (
        f'<div class="pane" data-key="{escape(key)}"><div class="bar">{back}<span class="label">{words["source"]}</span>'
        f'<button type="button" data-article="">{words["all"]}</button></div>'
        f'<h2 id="belegt-title">{escape(article.title or article.id)}</h2><p class="small">{" · ".join(filter(None, facts))}</p>{notices}'
        f'<div class="body" lang="{escape(article.language or lang)}">{html}</div></div>'
    )


def render_sources(sources: Sequence[Source], lang: str) -> str:
    """The articles there are, newest first, for a right side with nothing open."""
    words = TEXTS[lang]
    newest = sorted(sources, key=lambda s: (s.published or date.min, s.title), reverse=True)
    items = []
    for source in newest[:_LISTED]:
        facts, title = escape(_facts(lang, source.outlet, source.published)), escape(source.title or source.id)
        lines = f'<span class="facts">{facts}</span> <span>{title}</span>'
        items.append(f'<li><button type="button" class="source" data-article="{escape(source.id)}">{lines}</button></li>')
    count = words["count"].format(n=len(newest)) if newest else words["no_articles"]
    more = f'<p class="small">{words["more"].format(n=len(newest) - _LISTED)}</p>' if len(newest) > _LISTED else ""
    return (
        f'<div class="pane"><div class="bar"><span class="label">{words["source"]}</span></div>'
        f'<h2 id="belegt-title">{words["articles"]}</h2><p class="small">{count}</p><ul class="sources">{"".join(items)}</ul>{more}</div>'
    )


def render_turns(turns: Sequence[Turn], lang: str) -> str:
    """The conversation so far."""
    words = TEXTS[lang]
    if not turns:
        return f'<div class="turns empty"><h2>{words["empty"]}</h2><p>{words["empty_hint"]}</p></div>'
    html = []
    for number, turn in enumerate(turns):
        if turn.error:
            said = f'<div class="answer error"><p><b>{words["failed"]}</b> {escape(turn.error)}</p></div>'
        elif turn.answer:
            said = render_answer(turn.answer, lang, number)
        else:
            said = f'<div class="answer pending"><p>{words["searching"]}</p></div>'
        asked = f'<h3 class="asked"><span class="unseen">{words["asked"]}</span> {escape(turn.question)}</h3>'
        html.append(f'<section class="turn">{asked}{said}</section>')
    return f'<div class="turns"><h2 class="unseen">{words["conversation"]}</h2>{"".join(html)}</div>'


def _facts(lang: str, outlet: str, published: date | str | None, *more: str) -> str:
    """Outlet, date and more in one line of plain text, as far as known."""
    iso = str(published or "")[:10]
    return " · ".join(filter(None, (outlet, ".".join(reversed(iso.split("-"))) if lang == "de" else iso, *more)))


def _percent(share: float, lang: str) -> str:
    number = round(100 * share)
    sign = "&lt; 1" if number < 1 else "&gt; 99" if number > 99 else str(number)
    return f"{sign} %" if lang == "de" else f"{sign}%"


def _commenter(citation: Citation, lang: str) -> str:
    return f"{TEXTS[lang]['comment_by']}: {', '.join(filter(None, (citation.by or TEXTS[lang]['anonymous'], citation.at)))}"


def _cite_button(key: str, citation: Citation, lang: str) -> str:
    words, place = TEXTS[lang], _facts(lang, citation.outlet or citation.title, citation.published)
    lines = [words["quote"].format(quote=" ".join(citation.quote.split())), place]
    if citation.voice == "comment":
        lines.append(_commenter(citation, lang))
    label = escape(f"{words['cite'].format(n=citation.n)}: {place}")
    title = escape("\n".join(filter(None, lines)))
    return f'<button type="button" class="cite" data-key="{key}" aria-label="{label}" title="{title}">[{citation.n}]</button>'


def _source_button(key: str, citation: Citation, lang: str, *, quoted: bool = False) -> str:
    words, facts = TEXTS[lang], escape(_facts(lang, citation.outlet, citation.published))
    lines = [f'<span class="facts"><b>[{citation.n}]</b> {facts}</span>', f"<span>{escape(citation.title or citation.article_id)}</span>"]
    if quoted:
        lines.append(f"<q>{escape(' '.join(citation.quote.split()))}</q>")
    notes = [_commenter(citation, lang)] if citation.voice == "comment" else [words["caption"]] if citation.voice == "caption" else []
    if citation.edited:
        notes.append(words[citation.edited])
    lines += [f'<span class="badge">{escape(note)}</span>' for note in notes]
    return f'<button type="button" class="source" data-key="{key}">{" ".join(lines)}</button>'


def _with_short(text: str, citations: Sequence[Citation]) -> str:
    """A sentence with the words that answer in bold, found through their place in the quotes."""
    text = _squeeze(text)
    bold: list[tuple[int, int]] = []
    for citation in citations:
        if citation.answer_start is None or citation.answer_end is None:
            continue
        quote, begin = _squeeze(citation.quote), citation.answer_start - citation.start
        answer = _squeeze(citation.quote[begin : citation.answer_end - citation.start])
        begin = len(_squeeze(citation.quote[:begin]))
        if text.strip() and text.strip() in quote:
            begin -= quote.index(text.strip())
        elif quote.strip() and quote.strip() in text:
            begin += text.index(quote.strip())
        else:
            found = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text)
            begin = found.start() if found else -1
        if begin >= 0 and answer.strip() and text[begin : begin + len(answer)] == answer:
            bold.append((begin, begin + len(answer)))
    cuts = sorted({0, len(text), *(at for span in bold for at in span)})
    pieces = [(escape(text[a:b]), any(begin <= a and b <= end for begin, end in bold)) for a, b in pairwise(cuts)]
    return "".join(f"<strong>{piece}</strong>" if strong else piece for piece, strong in pieces)


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _blocks(article: Article, cited: Sequence[Citation]) -> list[Stretch]:
    """What is shown of an article, one block a paragraph: all but noise, and what is cited in any case."""
    text = article.text
    shown = [s for s in article.stretches if s.kind != "noise"] if article.stretches else [Stretch(0, len(text), "article")]
    extra: list[Stretch] = []
    for citation in cited:
        at = citation.start
        for stretch in sorted(shown, key=lambda s: s.start):
            if at < stretch.start < citation.end and text[at : stretch.start].strip():
                extra.append(Stretch(at, stretch.start, citation.voice))
            if stretch.start < citation.end:
                at = max(at, stretch.end)
        if text[at : citation.end].strip():
            extra.append(Stretch(at, citation.end, citation.voice))
    joined: list[Stretch] = []
    for stretch in sorted((*shown, *extra), key=lambda s: (s.start, s.end)):
        before = joined[-1] if joined else Stretch(0, 0, "noise")
        begin = max(before.end, stretch.start)
        if begin == before.end and before.kind == stretch.kind and before in extra:
            joined[-1] = replace(stretch, start=before.start, end=max(before.end, stretch.end))  # a list mark cited with its line
        elif begin < stretch.end:
            joined.append(replace(stretch, start=begin))
    blocks = []
    for stretch in joined:
        cuts = [m.span() for m in re.finditer(r"\n[ \t\r]*\n\s*", text[stretch.start : stretch.end])]
        edges = [0, *(at for cut in cuts for at in cut), stretch.end - stretch.start]
        pieces = [(stretch.start + a, stretch.start + b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        blocks += [replace(stretch, start=a, end=b) for a, b in pieces if text[a:b].strip()]
    return blocks


def _block(text: str, block: Stretch, cited: Sequence[Citation], active: Citation | None) -> str:
    tag, style = {"heading": ("h3", ""), "caption": ("p", ' class="caption"')}.get(block.kind, ("p", ""))
    return f"<{tag}{style}>{_marked(text, block.start, block.end, cited, active)}</{tag}>"


def _comments(text: str, blocks: Sequence[Stretch], cited: Sequence[Citation], active: Citation | None, lang: str) -> str:
    opened = " open" if any(c.start < block.end and block.start < c.end for c in cited for block in blocks) else ""
    people = [(by, at, list(group)) for (by, at), group in groupby(blocks, key=lambda block: (block.by, block.at))]
    html = "".join(
        f'<div class="comment"><p class="by">{escape(" · ".join(filter(None, (by or TEXTS[lang]["anonymous"], at))))}</p>'
        f"{''.join(_block(text, block, cited, active) for block in said)}</div>"
        for by, at, said in people
    )
    return f'<details class="comments"{opened}><summary>{TEXTS[lang]["readers"].format(n=len(people))}</summary>{html}</details>'


def _marked(text: str, start: int, end: int, cited: Sequence[Citation], active: Citation | None) -> str:
    """`text[start:end]` with its cited spans in <mark>; others that overlap the active one are cut at its edges."""
    bold = (active.answer_start, active.answer_end) if active else (None, None)
    edges = {start, end, *(at for c in cited for at in (c.start, c.end)), *(at for at in bold if at is not None)}
    html = []
    for a, b in pairwise(sorted(edge for edge in edges if start <= edge <= end)):
        inside = active is not None and active.start <= a and b <= active.end
        others = " ".join(str(c.n) for c in cited if c != active and c.start <= a and b <= c.end)
        piece = escape(text[a:b])
        if inside and bold[0] is not None and bold[1] is not None and bold[0] <= a and b <= bold[1]:
            piece = f"<strong>{piece}</strong>"
        if others:
            piece = f'<mark data-n="{others}">{piece}</mark>'
        if inside and active and a == max(start, active.start):
            piece = f'<mark class="active" data-n="{active.n}">{piece}'
        if inside and active and b == min(end, active.end):
            piece += "</mark>"
        html.append(piece)
    return "".join(html)


# -- serving ----------------------------------------------------------------------------------------------------------


def build_app(assistant: Asker) -> "gr.Blocks":
    """The app as Gradio blocks; `serve` adds its style and runs it."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    label = gr.I18n()
    script = (_STATIC / "app.js").read_text(encoding="utf-8")

    def overview(lang: str) -> str:
        try:
            return render_sources(assistant.sources(), lang)
        except (AssistantError, IndexingError) as error:
            return _trouble(error, lang)

    def opened(citations: Sequence[Citation], active: Citation | None, article_id: str, session: Session, key: str) -> str:
        try:
            return render_article(assistant.article(article_id), citations, active, session.lang, key)
        except (AssistantError, IndexingError) as error:
            return _trouble(error, session.lang)

    def begin(lang: str, session: Session) -> tuple[str, str, str, Session]:
        session.lang = lang if lang in TEXTS else "en"
        return _header(session.lang), render_turns(session.turns, session.lang), overview(session.lang), session

    def ask(question: str, comments: bool, session: Session) -> Iterator[tuple[Any, ...]]:
        if not question.strip():
            yield (gr.skip(),) * 5
            return
        turn, number = Turn(question.strip()), len(session.turns)
        session.turns.append(turn)
        words = TEXTS[session.lang]
        yield "", render_turns(session.turns, session.lang), gr.skip(), words["searching"], session
        pane, said = gr.skip(), ""
        try:
            session.chat = session.chat or assistant.chat()
            answer = turn.answer = session.chat.ask(turn.question, comments=comments)
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
        yield gr.skip(), render_turns(session.turns, session.lang), pane, escape(turn.error or said), session

    def show(session: Session, event: gr.EventData) -> str | dict[str, Any]:
        data = event._data if isinstance(event._data, dict) else {}
        found = session.cited(str(data.get("key", "")))
        if found:
            return opened(found[0], found[1], found[1].article_id, session, str(data["key"]))
        article_id = str(data.get("article", ""))
        return opened((), None, article_id, session, "") if article_id else overview(session.lang)

    with gr.Blocks(title="Belegt", analytics_enabled=False) as app:
        session = gr.State(Session())
        lang = gr.Textbox(visible=False)
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
                        send = gr.Button(label("send"), variant="primary", scale=0, min_width=96)
                    comments = gr.Checkbox(label=label("comments"), container=False)
            with gr.Column(elem_id="belegt-right"):
                article = gr.HTML(elem_id="belegt-article", **{**plain, "js_on_load": script})
        # what is asked or clicked while the last one is still on its way comes next, rather than being lost
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "always_last"}
        app.load(begin, [lang, session], [header, turns, article, session], js=_LANGUAGE, **quiet)
        shown = [question, turns, article, status, session]
        gr.on([question.submit, send.click], ask, [question, comments, session], shown, concurrency_limit=4, **quiet)
        for pane in (turns, article):
            pane.click(show, session, article, concurrency_limit=8, **quiet)
    return app


def _header(lang: str) -> str:
    return f'<header class="head"><h1>Belegt</h1><p>{TEXTS[lang]["tagline"]}</p></header>'


def _trouble(error: Exception, lang: str) -> str:
    return f'<div class="pane"><h2 id="belegt-title">{TEXTS[lang]["failed"]}</h2><p class="notice">{escape(str(error))}</p></div>'


def preload() -> None:
    """Import what serving needs (seconds), so that it can be done while something else is waited for."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio  # noqa: F401
    import uvicorn  # noqa: F401


def serve(assistant: Asker, host: str = "127.0.0.1", port: int = 7860, ready: Callable[[str], None] | None = None) -> None:
    """Serve the app until interrupted; `ready` gets its address once it answers requests.

    Port 0 takes any free one. Raises OSError, naming host and port, where they can't be had.
    """
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=128)
    except OSError as error:
        why = f"{host}:{port}: the web app can't listen there ({error.strerror or error}); take another --host or --port"
        raise OSError(why) from error
    with listener, suppress(KeyboardInterrupt):
        blocks = build_app(assistant)
        import gradio as gr
        import uvicorn
        from fastapi import FastAPI

        app = gr.mount_gradio_app(
            FastAPI(docs_url=None, redoc_url=None, openapi_url=None),
            blocks,
            path="/",
            i18n=gr.I18n(**TEXTS),
            theme=gr.themes.Default(primary_hue="blue", font=["sans-serif"], font_mono=["monospace"]),
            head=f"<style>{(_STATIC / 'app.css').read_text(encoding='utf-8')}</style>",
            favicon_path=str(_STATIC / "favicon.svg"),
            footer_links=[],
            max_file_size="1kb",  # nothing is uploaded
            **dict.fromkeys(("show_error", "ssr_mode", "run_history", "enable_monitoring", "pwa", "mcp_server"), False),
        )
        server = uvicorn.Server(uvicorn.Config(_guarded(app), log_level="warning", timeout_graceful_shutdown=1))
        if ready:
            name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
            url = f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}/"
            threading.Thread(target=_tell_ready, args=(server, ready, url), daemon=True).start()
        server.run(sockets=[listener])


def _tell_ready(server: Any, ready: Callable[[str], None], url: str) -> None:
    while not server.started and not server.should_exit:
        threading.Event().wait(0.01)
    if server.started:
        ready(url)


def _guarded(app: Any) -> Any:
    """`app` with headers on every response that keep the page from asking any other host."""
    headers = [(b"content-security-policy", _POLICY.encode()), (b"referrer-policy", b"no-referrer")]

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *headers]}
            await send(message)

        await app(scope, receive, with_headers if scope["type"] == "http" else send)

    return guarded
