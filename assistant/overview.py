"""What together gives an overview of a topic: sentences that are near it, that several articles bear out, and that repeat nothing.

Each is weighed by its score, by how much it shares with the other articles' sentences (LexRank, Erkan and Radev 2004) and by whether it
holds a number; then taken one by one, what resembles those taken before counting against it (maximal marginal relevance, Carbonell and
Goldstein 1998).
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from assistant.candidates import SHORT, Quote, retracts
from assistant.quotes import leans, timely
from index.lexical import stems
from index.types import Hit

MOST = 6
# Chosen on the nine summaries of the shipped cases, each as the mean over all choices of the others has it; their 25 points are found
# to 9 to 17
_OF_ONE = 2  # sentences of one article
_NEAR = 0.25  # how far below the best passage's score one of another article may lie
_NAMED = 0.5  # share of what the best article has of the topic's names that another one has to have
_CENTRAL = 1.5  # what it counts to be borne out by other articles, beside being near the topic
_FIGURES = 1.0  # to hold a number
_LEANING = -1.0  # to open by pointing back, or with somebody's words
_REPEATED = -3.0  # to be the same as a sentence that was taken


def choose_overview(topic: str, hits: Sequence[Hit], most: int = MOST) -> list[Quote]:
    """Up to `most` sentences of `hits` in the order of their articles' dates; nothing without a hit."""
    near = [hit for hit in hits if hit.score >= hits[0].score - _NEAR and hit.named >= _NAMED * hits[0].named]
    every = [
        Quote(hit, *span, score)
        for hit in near
        for span, score in zip(hit.passage.sentences, hit.sentence_scores, strict=True)
        if span[1] - span[0] >= SHORT
    ]
    quotes = [quote for quote in every if not quote.text.rstrip("“”\"»«").endswith("?") and not retracts(quote.text)]
    quotes = timely(topic, quotes)
    if not quotes:
        return []
    alike = _likeness([stems(quote.text, quote.hit.source.language) for quote in quotes])
    homes = np.array([quote.hit.passage.article_id for quote in quotes])
    central = (alike * (homes[:, None] != homes[None, :])).mean(1)
    value = _standard(np.array([quote.score for quote in quotes])) + _CENTRAL * _standard(central)
    value += np.array([_FIGURES * bool(re.search(r"\d", q.text)) + _LEANING * (leans(q.text) or q.text[0] in "„»“\"") for q in quotes])
    chosen: list[int] = []
    while len(chosen) < most:
        free = [i for i in range(len(quotes)) if i not in chosen and (homes[chosen] == homes[i]).sum() < _OF_ONE]
        if not free:
            break
        repeated = alike[:, chosen].max(1) if chosen else np.zeros(len(quotes))
        chosen.append(max(free, key=lambda i: value[i] + _REPEATED * repeated[i]))
    picked = [quotes[i] for i in chosen]
    return sorted(picked, key=lambda quote: (quote.hit.source.published or date.max, quote.hit.passage.article_id, quote.start))


def _likeness(texts: Sequence[Sequence[str]]) -> npt.NDArray[np.float64]:
    """(n, n) cosines of texts in stems, rare stems weighing more; 0 on the diagonal."""
    held = Counter(stem for text in texts for stem in set(text))
    place = {stem: at for at, stem in enumerate(held)}
    vectors = np.zeros((len(texts), max(1, len(place))))
    for row, text in zip(vectors, texts, strict=True):
        for stem in text:
            row[place[stem]] += math.log(1 + len(texts) / held[stem])
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(norms == 0, 1, norms)
    found: npt.NDArray[np.float64] = vectors @ vectors.T
    np.fill_diagonal(found, 0)
    return found


def _standard(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = (values - values.mean()) / (values.std() or 1.0)
    return found
