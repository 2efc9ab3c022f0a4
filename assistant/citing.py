"""Quotes as citations and as Markdown: where each stands, where it is from, which of its words answer."""

import hashlib
import re
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

_MARK = re.compile(r"[„“”\"»«‚‘›‹]")
_BRACKET_LEFT_OPEN = re.compile(r"[^()]\([^()]+$")
_OPENING = re.compile(r"(?<![^\s(\[/–—„“\"»«‚-])[„“\"»«‚‘›‹](?=\S)")
# a full stop that isn't a sentence's: «Mio.», «Anna M.», «Karl V.», «am 5. | Mai»
_OWN_STOP = re.compile(r"(?:^|[\s.(])(?:[^\W\d_]|[IVX]+|Mio|Mrd|Tsd|Jh|Dr|Prof|St)\.$")
# a byline with a verb in it, «Aus Moorfeld meldet Ina Roth»: no word of a name is so long and in lower case
_SAYING = re.compile(r"\s[a-zäöüß]{6,}\s")


def citation_of(n: int, quote: Quote, texts: Path) -> Citation:
    """A quote as citation number `n`; `texts` is the folder of the index's own copies, read where the original is no text or was edited."""
    source, passage = quote.hit.source, quote.hit.passage
    edited = _edited(source)
    answer = _trimmed(quote, quote.answer) if quote.answer else (None, None)
    path = source.path if source.path and not edited else str(texts / f"{source.digest}.txt")
    return Citation(
        n=n, article_id=source.id, title=source.title, outlet=source.outlet,
        published=source.published.isoformat() if source.published else None, path=path, source=source.source, voice=passage.voice,
        start=quote.start, end=quote.end, quote=quote.text, answer_start=answer[0],
        answer_end=answer[1], author=source.author, url=source.url, by=passage.by, at=passage.at, edited=edited, scores=_scores(quote),
    )  # fmt: skip


def _trimmed(quote: Quote, answer: tuple[int, int]) -> tuple[int, int] | tuple[None, None]:
    """The words that answer without the punctuation and the lone quotation marks at their ends, with a bracket closed right after.

    None where no word is left.
    """
    text = quote.text
    begin, end = (at - quote.start for at in answer)
    if text[end : end + 1] == ")" and _BRACKET_LEFT_OPEN.search(text[begin:end]):
        end += 1
    while any(char.isalnum() for char in text[begin:end]):
        lone = _lone_marks(text, begin, end)
        if text[begin] in " \n\t,;:." or begin in lone:
            begin += 1
        elif text[end - 1] in " \n\t,;:" or end - 1 in lone or _stops(text, begin, end):
            end -= 1
        else:
            return quote.start + begin, quote.start + end
    return None, None


def _lone_marks(text: str, begin: int, end: int) -> set[int]:
    """Where quotation marks stand between `begin` and `end` whose other half doesn't."""
    opened, lone = list[int](), set[int]()
    for match in _MARK.finditer(text, begin, end):
        if _OPENING.match(text, match.start()):
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            lone.add(match.start())
    return lone.union(opened)


def _stops(text: str, begin: int, end: int) -> bool:
    """Whether the words from `begin` to `end` end with the full stop of a sentence."""
    rest = _MARK.sub("", text[end:]).lstrip()
    goes_on = rest[:1].islower() or rest[:1].isdigit() or (rest and text[end - 2 : end - 1].isdigit())
    return text[end - 1] == "." and not goes_on and not _OWN_STOP.search(text[begin:end])


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

    A comment and a caption are called such.
    """
    published = f"{date.fromisoformat(citation.published):%d.%m.%Y}" if citation.published else ""
    if citation.outdated and published:
        published = prompt("as_of", language, date=published)
    outlet = citation.outlet or ("" if _SAYING.search(citation.author) else citation.author)
    title = _shortened(citation.title) or citation.article_id
    if citation.voice == "comment":
        source = literal(", ".join(filter(None, (outlet, published))))
        about = {"title": literal(title), "source": source}
        by = {"by": literal(citation.by)} if citation.by else {}
        return prompt("comment" if by else "comment_unsigned", language, **by, **about).replace(" ()", "")
    # an article may tell neither outlet nor date: then its title or its id says where the words are from
    source = literal(", ".join(filter(None, (outlet or title, published))))
    if citation.voice == "caption":
        label = prompt("caption", language, source=source)
        if not citation.quote.startswith(label.partition(" (")[0]):  # some captions call themselves one
            return label
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
