"""The right side of the page as HTML: an article with the cited words, the list of articles, the last evaluation. Pure functions."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape
from itertools import groupby, pairwise

from assistant.evaluation import Evaluation, Figure
from assistant.types import Citation, Scores
from assistant.words import TEXTS, facts_line, in_words, number, shortened
from index.types import Article, Source, Stretch
from index.web import is_address

_LISTED = 40  # articles named on an empty right side
_ROWS = 8  # outlets with a line of their own in the timeline


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
    facts = [escape(facts_line(lang, article.outlet, article.published, article.author))]
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
        f"<dt>{words[name]}</dt><dd>{number(getattr(scores, name), lang)}</dd>" for name in ("dense", "bm25", "fused", "score", "reader")
    )
    return f'<details class="scores"><summary>{words["why"]}</summary><dl>{rows}</dl></details>'


def render_sources(sources: Sequence[Source], lang: str) -> str:
    """The articles there are, in their order (newest first), for a right side with nothing open."""
    words = TEXTS[lang]
    items = []
    for source in sources[:_LISTED]:
        counts = [f"{words[f'{voice}_passages']}: {n}" for voice, n in source.passages.items() if n]
        facts, title = escape(facts_line(lang, source.outlet, source.published, *counts)), escape(source.title or source.id)
        lines = f'<span class="facts">{facts}</span> <span>{title}</span>'
        items.append(f'<li><button type="button" class="source" data-article="{escape(source.id)}">{lines}</button></li>')
    count = words["count"].format(n=len(sources)) if sources else words["no_articles"]
    more = f'<p class="small">{words["more"].format(n=len(sources) - _LISTED)}</p>' if len(sources) > _LISTED else ""
    return (
        f'<div class="pane"><div class="bar"><span class="label">{words["source"]}</span>'
        f'<button type="button" data-evaluation="">{words["evaluation"]}</button></div>'
        f'<h2 id="belegt-title">{words["articles"]}</h2><p class="small">{count}</p>{timeline(sources, lang)}'
        f'<ul class="sources">{"".join(items)}</ul>{more}</div>'
    )


def render_evaluation(run: Evaluation | None, lang: str) -> str:
    """The last evaluation: its figures with their intervals as table and picture, and what failed, ready to be asked."""
    words = TEXTS[lang]
    bar = (
        f'<div class="bar"><span class="label">{words["evaluation"]}</span>'
        f'<button type="button" data-article="">{words["all"]}</button></div><h2 id="belegt-title">{words["evaluation"]}</h2>'
    )
    if run is None:
        return f'<div class="pane">{bar}<p>{words["no_evaluation"]}</p></div>'
    about = words["evaluated"].format(n=run.cases, dataset=run.dataset, day=facts_line(lang, "", run.at), time=run.at[11:16])
    tables = "".join(_figures([f for f in run.figures if f.group == group], words[group], lang) for group in ("figure", "kind"))
    items = "".join(
        f'<li><details><summary>{escape(f.question)} <span class="badge">{escape(f.kind)}</span></summary>'
        f'<p class="small">{words["expected"]}: {escape(f.expected)}</p><p class="small">{words["came"]}: {escape(f.answer)}</p>'
        f'<button type="button" class="suggested" data-ask="{escape(f.question)}">{words["ask_here"]}</button></details></li>'
        for f in run.failed
    )
    failed = f'<h3>{words["failed_cases"].format(n=len(run.failed))}</h3><ul class="sources">{items}</ul>' if items else ""
    return f'<div class="pane">{bar}<p class="small">{escape(about)}</p>{tables}{failed}</div>'


def _figures(figures: Sequence[Figure], label: str, lang: str) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(f.name)}</th><td>{_interval(f)}</td><td>{number(f.value, lang)}</td>'
        f"<td>{number(f.low, lang)}–{number(f.high, lang)}</td><td>{f.n}</td></tr>"
        for f in figures
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in (label, *TEXTS[lang]["columns"].split("|")))
    return f'<table class="figures"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>' if rows else ""


def _interval(f: Figure) -> str:
    """A share as a bar, its interval as a line."""
    return (
        f'<svg class="interval" viewbox="0 0 100 12" role="img" aria-label="{round(100 * f.value)} %">'
        f'<rect x="0" y="2" width="{100 * f.value:.1f}" height="8"></rect>'
        f'<line x1="{100 * f.low:.1f}" x2="{100 * f.high:.1f}" y1="6" y2="6"></line></svg>'
    )


def render_trouble(error: Exception, lang: str) -> str:
    """What went wrong, in place of what was to be shown."""
    told = escape(in_words(error, lang))
    return f'<div class="pane"><h2 id="belegt-title">{TEXTS[lang]["failed"]}</h2><p class="notice">{told}</p></div>'


def newest_of_each(sources: Sequence[Source]) -> list[Source]:
    """Of sources that are newest first, the newest of each outlet, then the others."""
    firsts = {source.outlet or source.id: source for source in reversed(sources)}
    return sorted(sources, key=lambda s: firsts[s.outlet or s.id] is not s)


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
        marks.append(f'<text x="0" y="{18 * row + 14}">{escape(shortened(name, 22))}</text>')
        marks.append(f'<line x1="160" x2="590" y1="{18 * row + 10}" y2="{18 * row + 10}"></line>')
    for day, source in dated:
        name = source.outlet or words["no_outlet"]
        row = rows.index(name) if name in rows else len(rows) - 1
        hint, x = escape(facts_line(lang, name, source.published, source.title)), 165 + 420 * (day - first) / (last - first)
        marks.append(f'<circle cx="{x:.1f}" cy="{18 * row + 10}" r="4"><title>{hint}</title></circle>')
    low = 18 * len(rows) + 16
    for x, anchor, day in ((160, "start", first), (590, "end", last)):
        marks.append(f'<text x="{x}" y="{low}" text-anchor="{anchor}">{facts_line(lang, "", date.fromordinal(day))}</text>')
    label = words["timeline"].format(first=facts_line(lang, "", date.fromordinal(first)), last=facts_line(lang, "", date.fromordinal(last)))
    return f'<svg class="timeline" viewbox="0 0 600 {low + 6}" role="img" aria-label="{label}">{"".join(marks)}</svg>'


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
