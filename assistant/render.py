"""Answers and articles as HTML and as Markdown: pure functions, every word of an article or answer escaped."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from itertools import groupby, pairwise
from pathlib import Path

from assistant.markdown import literal, unescaped
from assistant.types import Answer, Citation, Scores, Sentence
from index.types import Article, Source, Stretch
from index.web import is_address

_LISTED = 40  # articles named on an empty right side
_SUGGESTED = 3
_ROWS = 8  # outlets with a line of their own in the timeline
_LONGEST_TITLE = 90  # characters of a title that a suggested question can carry
_BOTH: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "static" / "texts.json").read_text(encoding="utf-8"))
TEXTS = {lang: {key: text[lang] for key, text in _BOTH.items()} for lang in ("de", "en")}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a question was limited to: days as ISO dates or as typed, outlets by name, and whether readers' comments count."""

    since: str = ""
    until: str = ""
    outlets: tuple[str, ...] = ()
    comments: bool = False


@dataclass(slots=True)
class Turn:
    """A question and what came of it: nothing yet, an answer, or an error in plain words."""

    question: str
    answer: Answer | None = None
    error: str = ""
    limits: Limits = Limits()


def render_answer(answer: Answer, lang: str, turn: int = 0, limited: bool = False) -> str:
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
        hint = f"<p>{words['widen']}</p>" if limited else ""
        instead = _suggested(words["instead"], [c.title for c in answer.nearest], lang)
        return (
            f'<div class="answer abstained"><h3><span aria-hidden="true">∅</span> {words["abstained"]}</h3>'
            f'<p lang="{language}">{escape(answer.text)}</p>{hint}{nearest}{instead}<p class="small">{sure}</p></div>'
        )

    def line(sentence: Sentence) -> str:
        cited = [places[n][1] for n in sentence.citations if n in places]
        badges = "".join(f'<span class="badge">{escape(_commenter(c, lang))}</span> ' for c in cited if c.voice == "comment")
        support = f'<span class="support" title="{words[f"{sentence.support}_hint"]}">{words[sentence.support]}</span>'
        return f'{badges}<span lang="{language}">{_with_short(sentence.text, cited)}</span> {buttons(sentence.citations)} {support}'

    said, rest = [], list(answer.sentences)
    for conflict in answer.conflicts:
        sides = [s for s in rest if set(s.citations) & set(conflict.citations)]
        rest = [s for s in rest if s not in sides]
        columns = "".join(f'<div class="side">{_outlets([places[n][1] for n in s.citations], lang)}<p>{line(s)}</p></div>' for s in sides)
        about = f"<p><b>{words['conflict']}:</b> {escape(conflict.about)}</p>"
        said.append(
            f'<div class="conflict" role="group" aria-label="{words["conflict"]}">{about}<div class="sides">{columns}</div></div>'
        )
    said += [f"<p>{line(sentence)}</p>" for sentence in rest]
    items = "".join(f"<li>{_source_button(key, citation, lang)}</li>" for key, citation in places.values())
    return (
        f'<div class="answer">{"".join(said)}{_missing(answer)}<h4>{words["sources"]}</h4><ul class="sources">{items}</ul>'
        f'<p class="small"><span title="{words["confidence_hint"]}">'
        f"{words['confidence'].format(p=_percent(answer.confidence, lang))}</span></p></div>"
    )


def as_markdown(turns: Sequence[Turn], lang: str) -> str:
    """A conversation as Markdown, every citation a footnote with quote, outlet, date, title and the file's characters."""
    words = TEXTS[lang]
    parts = []
    for number, turn in enumerate(turns, 1):
        parts.append(f"**{literal(turn.question)}**")
        chips = _chips(turn.limits, lang)
        if chips:
            parts.append(f"({' · '.join(map(literal, chips))})")
        if turn.error:
            parts.append(f"{words['failed']} {literal(turn.error)}")
        if turn.answer is None:
            continue
        footnote = f"[^{number}-{{}}]" if len(turns) > 1 else "[^{}]"
        # an answer's own brackets are escaped, so that only its citations look like [1]
        parts.append(re.sub(r"(?<!\\)\[(\d+)\]", lambda match, form=footnote: form.format(match[1]), turn.answer.text))  # type: ignore[misc]
        for c in turn.answer.citations:
            about = literal(", ".join(filter(None, (_facts(lang, c.outlet, c.published), c.title or c.article_id))))
            quote = literal(words["quote"].format(quote=" ".join(c.quote.split())))
            where = " ".join(filter(None, (c.url, f"({c.article_id}, {c.start}–{c.end})")))
            parts.append(f"{footnote.format(c.n)}: {quote} {about} {where}")
    return "\n\n".join(parts) + "\n"


def suggestions(sources: Sequence[Source], lang: str) -> str:
    """Questions to begin with, drawn from the newest articles of as many outlets as there are."""
    newest = _newest(sources)
    firsts = {source.outlet or source.id: source for source in reversed(newest)}
    ordered = sorted(newest, key=lambda s: firsts[s.outlet or s.id] is not s)
    return _suggested(TEXTS[lang]["try"], [source.title for source in ordered], lang)


def _newest(sources: Sequence[Source]) -> list[Source]:
    """The newest first, those without a date last."""
    return sorted(sources, key=lambda s: (s.published or date.min, s.title), reverse=True)


def _suggested(label: str, titles: Sequence[str], lang: str) -> str:
    chosen = [title for title in dict.fromkeys(titles) if title and len(title) <= _LONGEST_TITLE][:_SUGGESTED]
    asked = [escape(TEXTS[lang]["about"].format(title=title)) for title in chosen]
    items = "".join(f'<li><button type="button" class="suggested" data-ask="{question}">{question}</button></li>' for question in asked)
    return f'<h4>{label}</h4><ul class="sources">{items}</ul>' if items else ""


def _chips(limits: Limits, lang: str) -> list[str]:
    words = TEXTS[lang]
    days = [words[name].format(day=_facts(lang, "", day)) for name, day in (("since", limits.since), ("until", limits.until)) if day]
    return [*days, *limits.outlets, *([words["with_comments"]] if limits.comments else [])]


def _outlets(citations: Sequence[Citation], lang: str) -> str:
    names = dict.fromkeys(_facts(lang, c.outlet or c.title or c.article_id, c.published) for c in citations)
    return f'<p class="facts">{escape("; ".join(names))}</p>'


def _missing(answer: Answer) -> str:
    """What the answer's text says beyond its sentences: the parts of the question that the articles leave open."""
    lines = [line for line in answer.text.split("\n\n") if line.strip() and not re.search(r"(?<!\\)\[\d+\]", line)]
    if answer.conflicts:
        lines = lines[1:]  # the card says that sources differ
    return "".join(f'<p class="missing" lang="{escape(answer.language)}">{escape(unescaped(line))}</p>' for line in lines)


def render_article(
    article: Article, citations: Sequence[Citation], active: Citation | None, lang: str = "de", key: str = "", *, removable: bool = False
) -> str:
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
    if is_address(article.url):
        new = f'target="_blank" rel="noopener noreferrer" title="{words["new_tab"]}"'
        facts.append(f'<a href="{escape(article.url)}" {new}>{words["original"]} ↗</a>')
    edited = next((c.edited for c in citations if c.article_id == article.id and c.edited), "")
    notices = f'<p class="notice">{words[edited]}</p>' if edited else ""
    if active is not None and held is None:
        notices += f'<div class="notice">{words["moved"]}<blockquote>{escape(active.quote)}</blockquote></div>'
    if held is not None and held.scores is not None:
        notices += _why(held.scores, lang)
    back = f'<button type="button" class="back">‹ {words["back"]}</button>' if key else ""
    gone = f'<button type="button" data-remove="{escape(article.id)}">{words["remove"]}</button>'
    remove = f'<p class="small remove">{gone}</p>' if removable and not key else ""
    return (
        f'<div class="pane" data-key="{escape(key)}"><div class="bar">{back}<span class="label">{words["source"]}</span>'
        f'<button type="button" data-article="">{words["all"]}</button></div>'
        f'<h2 id="belegt-title">{escape(article.title or article.id)}</h2><p class="small">{" · ".join(filter(None, facts))}</p>{notices}'
        f'<div class="body" lang="{escape(article.language or lang)}">{html}</div>{remove}</div>'
    )


def _why(scores: Scores, lang: str) -> str:
    """The scores that brought a passage, for those who want to know."""
    words = TEXTS[lang]
    rows = "".join(
        f"<dt>{words[name]}</dt><dd>{_number(getattr(scores, name), lang)}</dd>" for name in ("dense", "bm25", "fused", "score", "reader")
    )
    return f'<details class="scores"><summary>{words["why"]}</summary><dl>{rows}</dl></details>'


def _number(value: float, lang: str) -> str:
    text = f"{value:.3f}"
    return text.replace(".", ",") if lang == "de" else text


def render_sources(sources: Sequence[Source], lang: str) -> str:
    """The articles there are, newest first, for a right side with nothing open."""
    words = TEXTS[lang]
    newest = _newest(sources)
    items = []
    for source in newest[:_LISTED]:
        counts = [f"{words[f'{voice}_passages']}: {n}" for voice, n in source.passages.items() if n]
        facts, title = escape(_facts(lang, source.outlet, source.published, *counts)), escape(source.title or source.id)
        lines = f'<span class="facts">{facts}</span> <span>{title}</span>'
        items.append(f'<li><button type="button" class="source" data-article="{escape(source.id)}">{lines}</button></li>')
    count = words["count"].format(n=len(newest)) if newest else words["no_articles"]
    more = f'<p class="small">{words["more"].format(n=len(newest) - _LISTED)}</p>' if len(newest) > _LISTED else ""
    return (
        f'<div class="pane"><div class="bar"><span class="label">{words["source"]}</span></div>'
        f'<h2 id="belegt-title">{words["articles"]}</h2><p class="small">{count}</p>{timeline(sources, lang)}'
        f'<ul class="sources">{"".join(items)}</ul>{more}</div>'
    )


def timeline(sources: Sequence[Source], lang: str) -> str:
    """The articles by date and outlet, a dot each; nothing where fewer than two days are known. The last line holds the rarer outlets."""
    words = TEXTS[lang]
    dated = [(source.published.toordinal(), source) for source in sources if source.published]
    days = [day for day, _ in dated]
    if len(set(days)) < 2:
        return ""
    names = [name for name, _ in Counter(source.outlet or words["no_outlet"] for _, source in dated).most_common()]
    rows = names if len(names) <= _ROWS else [*names[: _ROWS - 1], words["other_outlets"]]
    first, last, marks = min(days), max(days), []
    for row, name in enumerate(rows):
        marks.append(f'<text x="0" y="{18 * row + 14}">{escape(_shortened(name, 22))}</text>')
        marks.append(f'<line x1="160" x2="590" y1="{18 * row + 10}" y2="{18 * row + 10}"></line>')
    for day, source in dated:
        name = source.outlet or words["no_outlet"]
        row = rows.index(name) if name in rows else len(rows) - 1
        hint, x = escape(_facts(lang, name, source.published, source.title)), 165 + 420 * (day - first) / (last - first)
        marks.append(f'<circle cx="{x:.1f}" cy="{18 * row + 10}" r="4"><title>{hint}</title></circle>')
    low = 18 * len(rows) + 16
    for x, anchor, day in ((160, "start", first), (590, "end", last)):
        marks.append(f'<text x="{x}" y="{low}" text-anchor="{anchor}">{_facts(lang, "", date.fromordinal(day))}</text>')
    label = words["timeline"].format(first=_facts(lang, "", date.fromordinal(first)), last=_facts(lang, "", date.fromordinal(last)))
    return f'<svg class="timeline" viewbox="0 0 600 {low + 6}" role="img" aria-label="{label}">{"".join(marks)}</svg>'


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def render_turns(turns: Sequence[Turn], lang: str, hints: str = "") -> str:
    """The conversation so far; `hints` is HTML to show where there is none yet."""
    words = TEXTS[lang]
    if not turns:
        return f'<div class="turns empty"><h2>{words["empty"]}</h2><p>{words["empty_hint"]}</p>{hints}</div>'
    html = []
    for number, turn in enumerate(turns):
        chips = _chips(turn.limits, lang)
        if turn.error:
            said = f'<div class="answer error"><p><b>{words["failed"]}</b> {escape(turn.error)}</p></div>'
        elif turn.answer:
            said = render_answer(turn.answer, lang, number, limited=bool(chips))
        else:
            said = f'<div class="answer pending"><p>{words["searching"]}</p></div>'
        asked = f'<h3 class="asked"><span class="unseen">{words["asked"]}</span> {escape(turn.question)}</h3>'
        listed = "".join(f"<li>{escape(chip)}</li>" for chip in chips)
        limits = f'<ul class="chips" aria-label="{words["filters"]}">{listed}</ul>' if listed else ""
        html.append(f'<section class="turn" data-turn="{number}">{asked}{limits}{said}{_actions(turn, lang)}</section>')
    saves = "".join(f'<button type="button" data-save="{kind}">{words[f"export_{kind}"]}</button>' for kind in ("md", "json"))
    save = f'<div class="actions save" role="group" aria-label="{words["export"]}">{words["export"]}: {saves}</div>'
    return f'<div class="turns"><h2 class="unseen">{words["conversation"]}</h2>{"".join(html)}{save}</div>'


def _actions(turn: Turn, lang: str) -> str:
    """What can be done with a question and its answer."""
    words, question = TEXTS[lang], escape(turn.question)
    if not (turn.answer or turn.error):
        return ""

    def button(do: str, **data: str) -> str:
        carried = "".join(f' data-{name}="{value}"' for name, value in data.items())
        return f'<button type="button" data-do="{do}"{carried}>{words[do]}</button>'

    buttons = [button(do, question=question) for do in ("edit", "retry")]
    buttons.append(button("link", question=question, done=words["copied"]))
    form = ""
    if turn.answer:
        buttons += [button("copy", copy=escape(as_markdown([turn], lang)), done=words["copied"]), button("good"), button("bad")]
        send = f'<button type="button" data-do="reason">{words["reason"]}</button>'
        form = f'<div class="why" hidden><label>{words["reason_label"]} <input type="text" maxlength="500"></label> {send}</div>'
    return f'<div class="actions" role="group" aria-label="{words["actions"]}">{"".join(buttons)}</div>{form}'


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
