"""Hits → windows of a few sentences, the ones that the reader is worth asking about, and what it made of them."""

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.reader.model import AnyReader, Reading
from index.types import Hit

MOST = 8  # windows read for a question: with 5 every fourth answer of several articles stood in none of them
# Fewer where the others lie far behind the best, in standard deviations of the scores: 6.5 on average hold as many answers as eight
_BEHIND, _LEAST = 2.75, 3
SIZE = 600  # characters that a window aims to stay under
_NOTHING = -8.0  # the logit of a window that answers nothing
_ASKING = re.compile(
    r"\W*(?:warum|weshalb|wieso|wann|ob|wie (?:viele?n?|lange|oft|hoch|teuer|groß)|why|whether|how (?:many|much|long|often))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring sentences of a hit: `start` to `end` in its article's text.

    `score` is its best sentence's plus half its passage's (higher is better).
    """

    hit: Hit
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        """The sentences as they stand."""
        passage = self.hit.passage
        return passage.text[self.start - passage.start : self.end - passage.start]

    @property
    def context(self) -> str:
        """Title and date of the article, which the reader sees before the text."""
        source = self.hit.source
        return ". ".join(filter(None, (source.title, source.published.isoformat() if source.published else "")))


@dataclass(frozen=True, slots=True)
class Found:
    """A window and what the reader made of it."""

    window: Window
    reading: Reading

    @property
    def span(self) -> tuple[int, int]:
        """Where the words that would answer stand in the article's text."""
        return self.window.start + self.reading.start, self.window.start + self.reading.end


def cut_windows(hits: Sequence[Hit], most: int = MOST, size: int = SIZE) -> list[Window]:
    """The windows of `hits` that hold the best sentences, best first: `most` at most, fewer where the rest lies far behind."""
    every = [window for hit in hits for window in _windows(hit, size)]
    every.sort(key=lambda w: (-w.score, w.hit.passage.article_id, w.start))
    near = every[0].score - _BEHIND * statistics.pstdev(w.score for w in every) if every else 0.0
    return [window for number, window in enumerate(every[:most]) if number < _LEAST or window.score >= near]


def read_windows(reader: AnyReader, question: str, windows: Sequence[Window]) -> list[Found]:
    """Each window read, in the order given. Words that only ask («…, begründete sie, weshalb sie geht») answer nothing."""
    readings = reader.read(question, [w.text for w in windows], [w.context for w in windows])
    return [
        Found(window, replace(reading, probability=0.0, logit=_NOTHING) if _ASKING.match(reading.text) else reading)
        for window, reading in zip(windows, readings, strict=True)
    ]


def _windows(hit: Hit, size: int) -> Iterator[Window]:
    """Parts of a passage of about even length: whole sentences, none twice."""
    sentences = hit.passage.sentences
    if not sentences:
        return
    length = sentences[-1][1] - sentences[0][0]
    target = length / -(-length // size)
    group: list[int] = []
    for i, (start, end) in enumerate(sentences):
        if group and end - sentences[group[0]][0] > target * 1.15 and start - sentences[group[0]][0] > target / 2:
            yield _window(hit, group)
            group = []
        group.append(i)
    yield _window(hit, group)


def _window(hit: Hit, group: list[int]) -> Window:
    spans = hit.passage.sentences
    score = 0.5 * hit.score + max(hit.sentence_scores[i] for i in group)
    return Window(hit, spans[group[0]][0], spans[group[-1]][1], score)
