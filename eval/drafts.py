"""Drafts of evaluation cases from somebody's own articles and from stored feedback, for a person to check."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.engine import Assistant, feedback
from assistant.feedback import cases as from_feedback
from eval.cases import CaseError
from index.sentences import split_sentences
from index.types import Article

_OF_ONE = 3  # drafts of one article
_AMOUNT = re.compile(
    r"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)*(?: (?:Millionen|Milliarden|Mio\.|Mrd\.|million|billion))?)\s"
    r"(?P<unit>[A-ZÄÖÜ][a-zäöüß]{3,}|[a-z]{4,})"
)


def write_drafts(file: Path, data: Path | None) -> int:
    """Write drafts from the index in folder `data` to a new file; how many there are. CaseError where it exists or can't be written."""
    assistant = Assistant.open(data, reader="off")
    try:
        articles = [assistant.article(source.id) for source in assistant.sources()]
    finally:
        assistant.close()
    drafts = [case for article in articles for case in _of_article(article)]
    drafts += list(from_feedback(feedback(data).entries()))
    try:
        with file.open("x", encoding="utf-8") as out:
            out.writelines(json.dumps(case, ensure_ascii=False) + "\n" for case in drafts)
    except FileExistsError:
        raise CaseError(f"{file}: exists already, and may hold cases that were checked; name a new file") from None
    except OSError as error:
        raise CaseError(f"{file}: can't be written ({error.strerror or error}); name another file") from error
    return len(drafts)


def _of_article(article: Article) -> Iterator[dict[str, Any]]:
    """Amounts of the reporting, each asked for with the sentence around it, and what the article is about."""
    base: dict[str, Any] = {"lang": article.language or "de", "answerable": True, "articles": [article.id], "checked": False}
    number = 0
    for stretch in article.stretches:
        if stretch.kind != "article":
            continue
        text = article.text[stretch.start : stretch.end]
        match = _AMOUNT.search(text)
        if match and number < _OF_ONE:
            number += 1
            sentence = next(text[a:b] for a, b in split_sentences(text, 0, len(text), base["lang"]) if match.start() < b)
            asked = f"Wie viele {match['unit']}" if base["lang"] == "de" else f"How many {match['unit']}"
            yield {
                **base, "id": f"{article.id}-{number}", "kind": "fact", "question": f"{asked} …?", "need": [[match["number"]]],
                "note": f"finish the question; from: {' '.join(sentence.split())}",
            }  # fmt: skip
    if article.title:
        asked = "Worum geht es in" if base["lang"] == "de" else "What is it about:"
        yield {**base, "id": f"{article.id}-summary", "kind": "summary", "question": f"{asked} „{article.title}“?", "need": [],
               "note": "add to need what an answer has to hold"}  # fmt: skip
