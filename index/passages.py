"""Article → passages: whole sentences of one voice, with nothing dropped inside."""

import math
from collections.abc import Iterator

from index.sentences import split_sentences
from index.types import Article, Passage, Stretch, Voice

SIZE = 1100  # characters that a passage aims to stay under
_LEAD = 300  # characters of an article's first paragraph that its own vector sees

_Span = tuple[int, int]


def split_passages(article: Article, size: int = SIZE) -> list[Passage]:
    """The passages of `article`, in order, of about `size` characters at most (a longer sentence stays whole)."""
    passages: list[Passage] = []
    for voice, run in _runs(article):
        sentences = [span for s in run for span in split_sentences(article.text, s.start, s.end, article.language)]
        starts = {s.start for s in run}
        for group in _groups(sentences, starts, size if voice != "caption" else 10 * size):
            start, end = group[0][0], group[-1][1]
            passages.append(
                Passage(article.id, voice, start, end, article.text[start:end], tuple(group), by=run[0].by, at=run[0].at)
            )
    return passages


def _runs(article: Article) -> Iterator[tuple[Voice, list[Stretch]]]:
    """Neighbouring stretches of one voice, and one speaker, with only space or list marks between them."""
    run: list[Stretch] = []
    for stretch in article.stretches:
        joins = (
            run
            and stretch.kind == run[-1].kind
            and (stretch.by, stretch.at) == (run[-1].by, run[-1].at)
            and not any(c.isalnum() for c in article.text[run[-1].end : stretch.start])
        )
        if run and not joins:
            yield run[0].kind, run  # type: ignore[misc]
            run = []
        if stretch.kind in ("article", "comment", "caption"):
            run.append(stretch)
            if stretch.kind == "caption":
                yield "caption", run
                run = []
    if run:
        yield run[0].kind, run  # type: ignore[misc]


def _groups(sentences: list[_Span], starts: set[int], size: int) -> Iterator[list[_Span]]:
    """Sentences by paragraph, short paragraphs together, long ones in even parts."""
    paragraphs: list[list[_Span]] = []
    for span in sentences:
        if span[0] in starts or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(span)
    group: list[_Span] = []
    for paragraph in paragraphs:
        if group and paragraph[-1][1] - group[0][0] > size:
            yield group
            group = []
        length = paragraph[-1][1] - paragraph[0][0]
        if length <= size:
            group += paragraph
            continue
        target = length / math.ceil(length / size)
        for span in paragraph:
            # what is left over stays with the last part rather than making a short one
            if group and span[1] - group[0][0] > target * 1.25 and paragraph[-1][1] - span[0] > target / 3:
                yield group
                group = []
            group.append(span)
        yield group
        group = []
    if group:
        yield group


def context_text(article: Article) -> str:
    """What stands for the whole article in the embedding: title, date and the beginning. It is never cited."""
    lead = next((article.text[s.start : s.end] for s in article.stretches if s.kind == "article" and s.end - s.start > 80), "")
    parts = [article.title, f"{article.published:%d.%m.%Y}" if article.published else "", lead[:_LEAD]]
    return ". ".join(filter(None, parts)) or article.text[:_LEAD]
