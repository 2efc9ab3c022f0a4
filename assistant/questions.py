"""Several questions in one."""

import re

_ASKING = (
    r"(?:wann|wer|wem|wen|wessen|was|wo|woher|wohin|woran|worauf|womit|wofür|wodurch|wie|wieviele?|welche[rmns]?|warum|weshalb|wieso|"
    r"when|who|whom|whose|what|where|how|which|why|quand|qui|que|où|combien|pourquoi|comment|quel(?:le)?s?|"
    r"cuándo|quién(?:es)?|qué|dónde|cuánt[oa]s?|cómo|cuál(?:es)?)"
)
_BEFORE = (
    r"(?:(?:mit|seit|bis|ab|an|auf|in|um|von|wegen|für|zu|nach|aus|bei|durch|über|with|since|by|from|for|on|at|to|de|en|a|à|por)\s+)?"
)
_AND = re.compile(rf"\s*(?:,\s*|;\s*|\s)(?:und|sowie|and|et|y)\s+(?={_BEFORE}{_ASKING}\b)", re.IGNORECASE)
_BEGINS = re.compile(rf"\s*(?:und\s+|and\s+)?{_BEFORE}{_ASKING}\b", re.IGNORECASE)
_SHORTEST = 3  # words of a part that is asked by itself


def parts_of(question: str) -> list[str]:
    """The questions in one: «Wie alt ist er, und wann wurde er gewählt?» are two. One with nothing to part is given back as it is."""
    parts = [part.strip(" ,;") for part in _AND.split(question)]
    if len(parts) < 2 or not _BEGINS.match(parts[0]) or any(len(part.split()) < _SHORTEST for part in parts):
        return [question]
    return [part if part.endswith("?") else f"{part}?" for part in (part[:1].upper() + part[1:] for part in parts)]
