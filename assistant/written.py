"""A model's sentences → those that the passages carry, each with the words that carry it. Nothing else gets through."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.candidates import Quote
from assistant.entailment import load_entailment
from assistant.errors import ModelError
from assistant.evidence import margin, weighed
from assistant.generate import Drafted, Model
from assistant.guard import Check, Span, check
from assistant.types import Checker, Dropped, Support
from index.types import Hit

_MOST = 5  # sentences of an answer
_NEARLY = 1.0  # log odds below the threshold, for the words to show of a passage that carries a sentence as a whole
_REVISIONS = 2  # sentences of an answer that a model may write once more: each costs a request


@dataclass(frozen=True, slots=True)
class Carried:
    """A sentence that its quotes carry together."""

    text: str
    support: Support
    quotes: tuple[Quote, ...]
    checked_by: Checker


def write(model: Model, question: str, language: str, hits: Sequence[Hit]) -> Iterator[Carried | Dropped]:
    """The sentences of a model's answer as the guard lets them through, and those that it withholds.

    A sentence whose markers don't carry it is tried against the other passages, then written once more by the model. Raises ModelError
    where the model fails, after the sentences that it wrote before.
    """
    said: set[str] = set()
    kept, revisions = 0, _REVISIONS
    for drafted in model.draft(question, language, hits):
        if drafted.text in said:
            continue
        said.add(drafted.text)
        told: Carried | Dropped | None = _carried(drafted, hits)
        if told is None:
            told = _revised(model if revisions else None, drafted, hits, language)
            revisions = max(0, revisions - 1)
            if told.text != drafted.text and told.text in said:
                continue
            said.add(told.text)
        kept += isinstance(told, Carried)
        yield told
        if kept == _MOST:
            return


def _carried(drafted: Drafted, hits: Sequence[Hit]) -> Carried | None:
    """The sentence with the passages that its markers name, as few as carry it; else with another that does alone.

    The rules see all passages. Only where none carries it by them is the network asked, about those that the markers name: what a
    sentence says in other words of a passage that nobody named is too easily like it.
    """
    marked = [hits[n - 1] for n in drafted.marks if 0 < n <= len(hits)]
    named = [*([hit] for hit in marked), *([marked] if len(marked) > 1 else [])]
    others = [[hit] for hit in hits if hit not in marked]
    tried: list[tuple[Checker, list[Hit]]] = [*(("rules", group) for group in (*named, *others)), *(("network", group) for group in named)]
    for checker, group in tried:
        judge = _JUDGES[checker]
        if judge(drafted.text, [_span(hit) for hit in group]).supported:
            narrowed = _narrowed if checker == "rules" else _nearest
            quotes = tuple(narrowed(drafted.text, hit) if len(group) == 1 else _whole(hit) for hit in group)
            verbatim = any(_plain(drafted.text) == _plain(part.text) for hit in group for part in _parts(hit))
            return Carried(drafted.text, "verbatim" if verbatim else "supported", quotes, checker)
    return None


def _weighed(text: str, spans: Sequence[Span]) -> Check:
    return weighed(text, spans, load_entailment())


_JUDGES: dict[Checker, Callable[[str, Sequence[Span]], Check]] = {"rules": check, "network": _weighed}


def _revised(model: Model | None, drafted: Drafted, hits: Sequence[Hit], language: str) -> Carried | Dropped:
    """The sentence as the model writes it anew over the passage that comes nearest, if that carries it; else why it is dropped."""
    marked = [n for n in drafted.marks if 0 < n <= len(hits)]
    judge = _JUDGES["network" if marked else "rules"]
    checks = {n: judge(drafted.text, [_span(hits[n - 1])]) for n in marked or range(1, len(hits) + 1)}
    nearest = min(checks, key=lambda n: len(checks[n].faults))
    try:
        again = model.revise(drafted.text, language, nearest, hits[nearest - 1]) if model else None
    except ModelError:
        again = None
    found = _carried(Drafted(again.text, (nearest,)), hits) if again and again.text != drafted.text else None
    faults = tuple(dict.fromkeys(checks[nearest].faults))
    return found or Dropped(drafted.text, "; ".join(f"{fault.kind}: {fault.what}" for fault in faults), faults)


def _span(hit: Hit) -> Span:
    return Span(hit.passage.text, hit.passage.voice, hit.source.published, hit.source.outlet)


def _narrowed(text: str, hit: Hit) -> Quote:
    """The one sentence of a passage, or the two in a row, that carry the text; else the whole passage."""
    return next((part for part in _parts(hit) if check(text, [_span_of(part)]).supported), _whole(hit))


def _nearest(text: str, hit: Hit) -> Quote:
    """The sentence of a passage that comes nearest to carrying the text, as the whole does; else two in a row, else the whole."""
    for parts in (_sentences(hit), _pairs(hit)):
        margins = [margin(text, [_span_of(part)], load_entailment()) for part in parts]
        if parts and max(margins) >= -_NEARLY:
            return parts[margins.index(max(margins))]
    return _whole(hit)


def _parts(hit: Hit) -> list[Quote]:
    return [*_sentences(hit), *_pairs(hit)]


def _sentences(hit: Hit) -> list[Quote]:
    return [Quote(hit, start, end, hit.score) for start, end in hit.passage.sentences]


def _pairs(hit: Hit) -> list[Quote]:
    return [Quote(hit, one[0], other[1], hit.score) for one, other in pairwise(hit.passage.sentences)]


def _span_of(part: Quote) -> Span:
    return replace(_span(part.hit), text=part.text)


def _whole(hit: Hit) -> Quote:
    return Quote(hit, hit.passage.start, hit.passage.end, hit.score)


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").casefold()
