"""Questions worth asking next, drawn from the articles' own words: pure functions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.words import TEXTS
from index.types import Article

MOST = 3
_LONGEST_TITLE = 90  # characters of a title that a question can carry
_NAME = r"[A-ZÄÖÜ][a-zäöüßéè]+(?:-[A-ZÄÖÜ][a-zäöüßéè]+)?"
_SURNAME = rf"[ ](?:(?:von|van|de|zu)[ ])?{_NAME}"
# behind the verb stands who speaks: «…», sagte Betriebsleiterin Eva Holm. Before it may stand anything
_SPEAKER = re.compile(
    r"\b(?:sagte?|erklärte?|betonte?|meinte?|warnte?|kritisierte?|forderte?|räumte|says?|said|told)[ ]"
    rf"(?:(?:der|die|the)[ ](?:[a-zäöüß]+[ ])?)?(?:{_NAME}\.?[ ])*?({_NAME}{_SURNAME})\b(?!{_SURNAME})"
)


@dataclass(frozen=True, slots=True)
class Leads:
    """What can be asked about: people whose words are reported, and articles by title."""

    names: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def questions(self, lang: str) -> list[str]:
        """At most `MOST`, first what people said."""
        said = [TEXTS[lang]["said"].format(name=name) for name in self.names[: MOST - 1]]
        return [*said, *what_of(self.titles, lang)][:MOST]


def leads_of(articles: Sequence[Article], known: str = "") -> Leads:
    """What articles lead to, without the people named in `known`: what was asked and quoted already."""
    words = set(re.findall(r"\w+", known))
    names = (name for article in articles for name in _speakers(article) if not words & set(name.split()))
    return Leads(tuple(dict.fromkeys(names)), tuple(article.title for article in articles))


def first_questions(articles: Sequence[Article], lang: str) -> list[str]:
    """A question about each article: what it is about, or for every second one what somebody in it said."""
    asked: dict[str, None] = {}
    for place, article in enumerate(articles):
        asked.update(dict.fromkeys((leads_of([article]).questions(lang) if place % 2 else what_of([article.title], lang))[:1]))
    return list(asked)[:MOST]


def what_of(titles: Iterable[str], lang: str) -> list[str]:
    """What the articles with these titles are about."""
    chosen = [title for title in dict.fromkeys(titles) if title and len(title) <= _LONGEST_TITLE]
    return [TEXTS[lang]["about"].format(title=title) for title in chosen][:MOST]


def _speakers(article: Article) -> list[str]:
    """Who is said to say something in the reporting, by first name and surname, in the article's order."""
    told = (article.text[s.start : s.end] for s in article.stretches if s.kind == "article")
    return list(dict.fromkeys(match[1] for text in told for match in _SPEAKER.finditer(text)))
