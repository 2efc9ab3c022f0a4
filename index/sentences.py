"""Sentence boundaries, by the sentencex library with what German news needs on top."""

import re

# an ordinal or an abbreviation that the library takes for a sentence's end: «Die 4. | Kammer», «im 19. | Jh.»
_OPEN_END = re.compile(r"(?:^|[\s(„“\"»«])(?:\d{1,3}|[IVX]{1,4}|Jh|Abs|Art|Az|Bd|Ziff|Hrsg|u|o|v|z|i|d|S|St|Mio|Mrd|Tsd|Dipl)\.\s*$")


def split_sentences(text: str, start: int, end: int, language: str = "de") -> tuple[tuple[int, int], ...]:
    """Half-open offsets into `text` of the sentences of `text[start:end]`, in order, without the space around them."""
    from sentencex import segment

    pieces: list[str] = []
    for piece in segment(language or "de", text[start:end]):
        joins = pieces and (
            _OPEN_END.search(pieces[-1]) or piece.lstrip()[:1].islower() or not any(char.isalnum() for char in piece)
        )
        if joins:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    spans, at = [], start
    for piece in pieces:
        at = text.index(piece, at, end) if not text.startswith(piece, at) else at
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            spans.append((at + lead, at + len(piece.rstrip())))
        at += len(piece)
    return tuple(spans)
