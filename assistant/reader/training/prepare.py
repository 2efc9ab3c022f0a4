"""Records → arrays to train on: everything in tokens, with hard negatives, so that no tokenizer is needed any more."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from assistant.claims import amounts, moments
from assistant.reader.training.arrays import PARTS, SETS, Prepared, Ragged
from assistant.reader.training.records import AUTHORED, Record
from assistant.reader.training.synthetic import Names, from_frames, keywords_of
from index.e5_weights import E5Weights
from index.sentences import split_sentences
from index.tokens import Tokenizer

Embed = Callable[[Sequence[str], Sequence[str]], tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]

_NEIGHBOURS = 6
_RENAMINGS = 2
_LONGEST = 1200  # tokens of a text; windows of it are what is read


def more_records(sets: dict[str, list[Record]], frames: int, rng: random.Random) -> dict[str, list[Record]]:
    """What is made from the training parts: texts of frames, texts with other names, questions about other names and numbers, keywords."""
    german = [r for name in AUTHORED for r in sets.get(name, []) if r.part == "train"]
    hosts = list({r.text: r for r in german}.values())
    names = Names(german)
    by_text: dict[str, list[Record]] = defaultdict(list)
    for r in german:
        by_text[r.text].append(r)
    invented = [group for group in by_text.values() if group[0].set != "wiki"]
    return {
        "frames": list(from_frames(hosts, frames, rng)) if frames else [],
        "renamed": [r for group in invented for _ in range(_RENAMINGS) for r in names.renamed(group, rng)],
        "swapped": [s for r in german if r.start is not None and (s := names.swapped(r, rng))],
        "keywords": [
            replace(r, question=words) for r in german if r.lang == "de" and (words := keywords_of(r.question, r.start is not None, rng))
        ],
    }


def prepare(sets: dict[str, list[Record]], weights: E5Weights, tokenizer: Tokenizer, embed: Embed | None) -> Prepared:
    """All records in tokens. `embed` gives unit vectors of questions and texts, to find near texts with; None: from the same article."""
    rows = [(name, r) for name in SETS for r in sets.get(name, [])]
    texts = {text: i for i, text in enumerate(dict.fromkeys(r.text for _, r in rows))}
    questions = {q: i for i, q in enumerate(dict.fromkeys(r.question for _, r in rows))}
    contexts = {c: i for i, c in enumerate(dict.fromkeys(r.context for _, r in rows if r.context))}
    language = {r.text: "de" if r.set not in ("norquad", "jaquad", "xquad-other") else {"norquad": "no", "jaquad": "ja"}.get(r.set, "en")
                for _, r in rows}  # fmt: skip
    tokens = {text: tokenizer.text(text) for text in texts}
    sentences = []
    for text in texts:
        starts = [a for a, _ in split_sentences(text, 0, len(text), language[text])]
        sentences.append(np.unique(np.searchsorted(tokens[text].offsets[:, 0], starts)))
    near = _neighbours(rows, texts, embed)
    groups = {name: i for i, name in enumerate(dict.fromkeys(r.group for _, r in rows))}
    examples, neighbours, german, group = [], [], [], []
    for number, (name, r) in enumerate(rows):
        first = last = -2 if r.among else -1
        if r.start is not None and r.end is not None:
            offsets = tokens[r.text].offsets
            inside = np.flatnonzero((offsets[:, 1] > r.start) & (offsets[:, 0] < r.end))
            if not len(inside) or inside[-1] >= _LONGEST:
                continue
            first, last = int(inside[0]), int(inside[-1])
        part = "train" if name in ("frames", "renamed", "swapped", "keywords") else r.part
        places = (questions[r.question], texts[r.text], contexts.get(r.context, -1))
        examples.append((*places, first, last, SETS.index(name), PARTS.index(part)))
        neighbours.append(near.get(number, []))
        german.append(r.lang == "de" and language[r.text] == "de")
        group.append(groups[r.group])
    all_questions = [tokenizer.question(q) for q in questions]
    all_texts = [tokens[text].ids[:_LONGEST] for text in texts]
    all_contexts = [tokenizer.context(c) for c in contexts]
    special = [tokenizer.bos, tokenizer.eos, weights.shape.pad]
    used = np.unique(np.concatenate([*all_questions, *all_texts, *all_contexts]))
    pieces = np.concatenate([special, used[~np.isin(used, special)]])
    place = np.zeros(weights.shape.vocabulary, np.int32)
    place[pieces] = np.arange(len(pieces))
    return Prepared(
        pieces, weights.packed_rows(pieces), Ragged.of(place[q] for q in all_questions), Ragged.of(place[t] for t in all_texts),
        Ragged.of(place[c] for c in all_contexts), Ragged.of([int(s) for s in row if s < _LONGEST] for row in sentences),
        Ragged.of(neighbours), np.array(examples, np.int32), np.array(german, np.bool_), np.array(group, np.int32),
    )  # fmt: skip


def _neighbours(
    rows: Sequence[tuple[str, Record]], texts: dict[str, int], embed: Embed | None
) -> dict[int, list[int]]:
    """Row → texts of its set and part that come nearest to its question and don't answer it, as far as is known.

    They don't hold the answer's words, and nobody found an answer to the question in them. Where the answer is a number or a date,
    other articles about the same are left out too: they may well give another.
    """
    answered: dict[str, set[str]] = defaultdict(set)
    home: dict[str, tuple[str, str]] = {}
    for _, r in rows:
        home[r.text] = (r.group, r.context)
        if r.start is not None:
            answered[r.question].add(r.text)
    pools: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, (name, r) in enumerate(rows):
        if r.start is not None and name in (*AUTHORED, "xquad", "xquad-other", "norquad", "jaquad"):
            # other languages and long sets: from the same article only
            one = r.group if name in ("xquad-other", "norquad", "jaquad") else ""
            pools[name, r.part, one + (r.lang if name == "xquad-other" else "")].append(number)
    found: dict[int, list[int]] = {}
    for (_, _, one), numbers in pools.items():
        pool = list(dict.fromkeys(rows[n][1].text for n in numbers))
        order: dict[int, Sequence[int]] = {}
        if not one and embed is not None:
            asked = list(dict.fromkeys(rows[n][1].question for n in numbers))
            vectors, passages = embed(asked, pool)
            nearest = np.argsort(-(vectors @ passages.T), axis=1, kind="stable")[:, :30]
            by_question = dict(zip(asked, nearest, strict=True))
            order = {n: by_question[rows[n][1].question] for n in numbers}
        for n in numbers:
            r = rows[n][1]
            answer = r.text[r.start : r.end].casefold()
            other = [pool[i] for i in order.get(n, range(min(len(pool), 40)))]
            if amounts(answer) or moments(answer):
                other = [t for t in other if home[t][0] != r.group or home[t][1] == r.context]
            found[n] = [texts[t] for t in other if t not in answered[r.question] and answer not in t.casefold()][:_NEIGHBOURS]
    return found
