"""Quotes as citations and as Markdown: where each stands, where it is from, which of its words answer."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from assistant.candidates import Quote
from assistant.markdown import literal
from assistant.types import Citation, Scores
from index.types import Source
from index.web import is_address
from prompts import prompt


def citation_of(n: int, quote: Quote, texts: Path) -> Citation:
    """A quote as citation number `n`; `texts` is the folder of the index's own copies, read where the original is no text or was edited."""
    source, passage = quote.hit.source, quote.hit.passage
    edited = _edited(source)
    path = source.path if source.path and not edited else str(texts / f"{source.digest}.txt")
    return Citation(
        n=n, article_id=source.id, title=source.title, outlet=source.outlet,
        published=source.published.isoformat() if source.published else None, path=path, source=source.source, voice=passage.voice,
        start=quote.start, end=quote.end, quote=quote.text, answer_start=quote.answer[0] if quote.answer else None,
        answer_end=quote.answer[1] if quote.answer else None, author=source.author, url=source.url, by=passage.by, at=passage.at,
        edited=edited, scores=_scores(quote),
    )  # fmt: skip


def _edited(source: Source) -> Literal["", "changed", "missing"]:
    """How the original file differs from what was indexed."""
    if not source.source or not source.file_digest or is_address(source.source):
        return ""
    file = Path(source.source)
    try:
        status = file.stat()
        if (status.st_size, status.st_mtime_ns) == (source.size, source.modified_ns):
            return ""
        return "" if hashlib.sha256(file.read_bytes()).hexdigest() == source.file_digest else "changed"
    except OSError:
        return "missing"


def short_of(citation: Citation) -> str | None:
    """The words that answer."""
    if citation.answer_start is None or citation.answer_end is None:
        return None
    return citation.quote[citation.answer_start - citation.start : citation.answer_end - citation.start]


def with_answer(quote: Quote, known: Sequence[Quote]) -> Quote:
    """The quote with the words that answer, where these are known and stand in it."""
    home = quote.hit.passage.article_id
    same = (other.answer for other in known if other.answer and other.hit.passage.article_id == home)
    return replace(quote, answer=next((words for words in same if quote.start <= words[0] and words[1] <= quote.end), None))


def _scores(quote: Quote) -> Scores:
    hit = quote.hit
    return Scores(*(round(float(value), 4) for value in (hit.dense, hit.bm25, hit.fused, hit.score, quote.sure)))


def attribution(citation: Citation, language: str) -> str:
    """Where a citation is from, to stand before its words: outlet and day, as the day of what it says where that is outdated.

    A comment is called one.
    """
    published = f"{date.fromisoformat(citation.published):%d.%m.%Y}" if citation.published else ""
    if citation.outdated and published:
        published = prompt("as_of", language, date=published)
    # an article may tell neither outlet nor date: then its title or its id says where the words are from
    name = citation.outlet or citation.author or _shortened(citation.title) or citation.article_id
    source = literal(", ".join(filter(None, (name, published))))
    if citation.voice == "comment":
        title = literal(_shortened(citation.title) or citation.article_id)
        return prompt("comment", language, by=literal(citation.by or "?"), title=title, source=source)
    return f"{source}:"


def _shortened(title: str, most: int = 60) -> str:
    if len(title) <= most:
        return title
    return (title[:most].rpartition(" ")[0] or title[:most]) + " …"


def marked(citation: Citation) -> str:
    """The quote as Markdown, the words that answer in bold."""
    quote = citation.quote
    if citation.answer_start is None or citation.answer_end is None:
        return literal(quote)
    begin, end = citation.answer_start - citation.start, citation.answer_end - citation.start
    before, after = quote[:begin], quote[end:]
    # blanks belong outside the asterisks
    left, right = " " * before[-1:].isspace(), " " * after[:1].isspace()
    return f"{literal(before)}{left}**{literal(quote[begin:end])}**{right}{literal(after)}"
