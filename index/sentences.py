"""Sentence boundaries, by the sentencex library with what German news needs on top."""

import re
from collections.abc import Iterator

from index.lexical import normalise, stop_words

# an ordinal or an abbreviation that the library takes for a sentence's end: «Die 4. | Kammer», «im 19. | Jh.»
_OPEN_END = re.compile(r"(?:^|[\s(„“\"»«])(?:\d{1,3}|[IVX]{1,4}|Jh|Abs|Art|Az|Bd|Ziff|Hrsg|u|o|v|z|i|d|S|St|Mio|Mrd|Tsd|Dipl)\.\s*$")
# an article's place alone, with or without an agency: «LAUTERSHEIM.», «Lautersheim (xyz).»
_PLACE_LINE = re.compile(r"(?:[A-ZÄÖÜ]{3,}(?:[ /-][A-ZÄÖÜ]+)*|[A-ZÄÖÜ][\w/ -]{1,40} \(\w{2,5}(?:/\w{2,5})*\))\.\s*")
# Where a sentence may begin with a number, which the library takes for the rest of the one before, as in «Abs. 2». A date («5. 12.»), an
# ordinal («12. Mai») and what no lower-case word follows begin none.
_NUMBER_NEXT = re.compile(
    r"(?:(?<![^\W\d_])(?P<word>[^\W\d_]+)[“”\"»«‹›‘]?\.[“”\"»«‹›‘]?|(?:(?<=\d:\d)|(?<=\d:\d\d))\)?\.|[!?])[*_]*\s+"
    r"(?=[„“\"»«‚*_]*(?!\d{1,4}\.(?!\d)|\d{1,2}\.\d{1,2}\.)\d[^!?]{0,80}?\s[a-zäöüß]{2,})"
)
_SHORT_WORDS = {"uhr", "ab", "sei", "mai"}  # with the stop words, the words of up to three letters that are no abbreviations
# … and the longer ones that are: by endings that no word has, «Hauptstr.», «evtl.», «Handb.», «insg.», «bspw.», «verh.», or by name
_ABBREVIATION = re.compile(
    r"(?:[bcdfgkmnpstvwxz][lr]|[bcdfkpstxz][bdgjmnw]|n[mw]|[lr]w|ch[fln]|[dkst]f|[bdflmnrvz]h|uchst|jahrg|(?:mit|be)arb|gef|sem|terr|gesch"
    r"|vorauss|drucks|veranst|sächs)$|^(?:sept|prof|präs|verf|ziff|univ|mind|ehem|gest|insges|proz|franz|griech|temp|allg|kath|evang|wiss"
    r"|vors|stellv|resp|wahrsch|hess|thür|türk|russ|ital|europ|amerik|orig|pers|ausst|verst|städt)$",
    re.IGNORECASE,
)
_ENDING = 80  # characters of a piece in which its last word is looked for, as pieces that are joined on and on grow long
_LAST_WORD = re.compile(r"(?<![^\W\d_])[a-zäöüß]{4,}(?=\.\s*$)")
# marks that the library leaves on the wrong side of a sentence's end: «… kam. ‚ | Ja‘», «**Wer kam? | ** Alle»
_NEXT_OPENS = re.compile(r"(?<=\s)[„“\"»«‚‘›‹]+$")
_EMPHASIS_ENDS = re.compile(r"[*_]+(?!\S)\s*")


def split_sentences(text: str, start: int, end: int, language: str = "de") -> tuple[tuple[int, int], ...]:
    """Half-open offsets into `text` of the sentences of `text[start:end]`, in order, without the space around them."""
    from sentencex import segment

    pieces, german = list[str](), language in ("de", "")
    for piece in segment(language or "de", text[start:end]):
        goes_on = piece.lstrip()[:1].islower() or not any(char.isalnum() for char in piece)
        if pieces:
            pieces[-1], piece = _with_marks_in_place(pieces[-1], piece)
            goes_on |= piece[:1].islower()
        ending = pieces[-1][-_ENDING:] if pieces else ""
        joins = pieces and (goes_on or _OPEN_END.search(ending) or (german and _ends_short(ending)))
        if joins:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    spans, at = [], start
    for piece in (part for whole in pieces for part in (_parted(whole) if german else (whole,))):
        at = text.index(piece, at, end) if not text.startswith(piece, at) else at
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            spans.append((at + lead, at + len(piece.rstrip())))
        at += len(piece)
    return tuple(spans)


def is_place_line(sentence: str) -> bool:
    """Whether a sentence is an article's place alone, which says nothing."""
    return _PLACE_LINE.fullmatch(sentence) is not None


def _with_marks_in_place(before: str, after: str) -> tuple[str, str]:
    """Two pieces of text with each mark between them where it belongs: one that opens at the beginning, one that closes at the end."""
    if before[-1:].isspace():
        return before, after
    opens, ends = _NEXT_OPENS.search(before, max(len(before) - _ENDING, 0)), _EMPHASIS_ENDS.match(after)
    if opens:
        return before[: opens.start()], opens[0] + after
    return (before + ends[0], after[ends.end() :]) if ends else (before, after)


def _parted(piece: str) -> Iterator[str]:
    """A German sentence, or those of which all but the first begin with a number."""
    begin = 0
    for match in _NUMBER_NEXT.finditer(piece):
        before, word = piece[begin : match.end()], match["word"]
        # inside quotation marks or brackets sentences stay together
        outside = not sum(map(before.count, "„“”\"»«")) % 2 and before.count("(") <= before.count(")")
        if outside and piece[begin : match.start()].strip() and (word is None or _is_whole(word)):
            yield before
            begin = match.end()
    yield piece[begin:]


def _ends_short(piece: str) -> bool:
    """Whether a piece ends with an abbreviation in lower case, of which no name is one: «Hier zahlen bspw. | Familien»."""
    word = _LAST_WORD.search(piece)
    return word is not None and not _is_whole(word[0])


def _is_whole(word: str) -> bool:
    """Whether a word before a full stop is no abbreviation."""
    if normalise(word) in stop_words("de"):
        return True
    if len(word) <= 3:
        return word.lower() in _SHORT_WORDS
    return word[-1].islower() and not _ABBREVIATION.search(word)
