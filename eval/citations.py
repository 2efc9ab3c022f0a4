"""Metrics of citations: do they carry the sentences, are they needed, is each where it says, in the right voice?"""

import math
from collections.abc import Sequence
from pathlib import Path

from assistant.types import Answer, Citation, Sentence
from eval.grounding import faults


def is_valid(citation: Citation) -> bool:
    """Whether the quote is what the file at its path has there, read as UTF-8."""
    try:
        text = Path(citation.path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return bool(citation.quote) and text[citation.start : citation.end] == citation.quote


def carried(sentence: str, citations: Sequence[Citation], language: str) -> bool:
    """Whether the citations together carry a sentence, as far as `eval.grounding` can tell."""
    return bool(citations) and not faults_of(sentence, citations, language)


def faults_of(sentence: str, citations: Sequence[Citation], language: str) -> set[str]:
    """The kinds of fault in a sentence that rests on `citations`."""
    return faults(sentence, [c.quote for c in citations], language, [c.published for c in citations if c.published])


def citation_recall(answer: Answer) -> float:
    """Share of the sentences that their citations carry (ALCE, Gao et al. 2023): 0 to 1; nan for an abstention.

    An answer that says something and has no sentence with citations gets 0.
    """
    if answer.abstained:
        return math.nan
    if not answer.sentences:
        return 0.0
    return sum(carried(s.text, cited_by(s, answer), answer.language) for s in answer.sentences) / len(answer.sentences)


def citation_precision(answer: Answer) -> float:
    """Share of the citations that are needed (ALCE, Gao et al. 2023): 0 to 1; nan without any.

    One is needed where all of its sentence's citations together carry it, and it carries the sentence alone or the others don't.
    """
    needed = []
    for sentence in answer.sentences:
        cited = cited_by(sentence, answer)
        whole = carried(sentence.text, cited, answer.language)
        for citation in cited:
            others = [other for other in cited if other is not citation]
            alone = carried(sentence.text, [citation], answer.language)
            needed.append(whole and (alone or not carried(sentence.text, others, answer.language)))
    return sum(needed) / len(needed) if needed else math.nan


def speaks_in(answer: Answer, voice: str, asked_for: bool) -> bool:
    """Whether no readers' comment is cited where reporting was to answer, and one where readers were."""
    voices = [citation.voice for citation in answer.citations]
    if answer.abstained:
        return True
    if voice == "comment":
        return "comment" in voices
    return "comment" not in voices or asked_for


def cited_by(sentence: Sentence, answer: Answer) -> tuple[Citation, ...]:
    """The citations of an answer that one of its sentences rests on."""
    return tuple(citation for citation in answer.citations if citation.n in sentence.citations)
