"""Which examples a step sees: drawn by seed and step alone, so that a run that was cut off goes on with the same ones."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from assistant.reader.training.arrays import PARTS, SETS, Prepared

LENGTH = 384
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of the sets, and what is made of an answerable example instead of showing it with its own text.

    `neighbour`: a near text without the answer; `cut`: its own without the sentence that answers. `crop`: how often only a few
    sentences of the text are shown; `titled`: how often its title is. `groups`: the share of articles used, `german`: only those
    whose question and text are German. `compared`: shares of the sets whose questions are shown with `others` near texts beside the
    right one (or, where nobody has said which is right, with all of theirs), to be told apart; empty: none are.
    """

    sets: dict[str, float]
    neighbour: float = 0.2
    cut: float = 0.08
    crop: float = 0.35
    titled: float = 0.5
    groups: float = 1.0
    german: bool = False
    drop: tuple[str, ...] = field(default=())
    compared: dict[str, float] = field(default_factory=dict)
    others: int = 3


@dataclass(frozen=True, slots=True)
class Batch:
    """(b, n) ids, tokens and tokens of the text (bool); (b,) first and last token of the answer, -1 where there is none.

    Where texts are compared, `of` (b,) numbers their question, and `first` is -2 where nobody has said which of its texts answers.
    """

    ids: Ids
    mask: npt.NDArray[np.bool_]
    inside: npt.NDArray[np.bool_]
    first: Ids
    last: Ids
    of: Ids | None = None


Row = tuple[Ids, int, int, int]  # ids, where the text begins, first and last token of the answer


class Sampler:
    """Draws batches of the training part."""

    def __init__(self, data: Prepared, mix: Mix, seed: int) -> None:
        self.data, self.mix, self.seed = data, mix, seed
        chosen = data.examples[:, 6] == PARTS.index("train")
        if mix.groups < 1:
            kept = np.random.default_rng(seed).random(int(data.groups.max()) + 1) < mix.groups
            chosen &= kept[data.groups]
        if mix.german:
            chosen &= data.german
        self._of: dict[str, npt.NDArray[np.int64]] = {}
        for name in mix.sets | mix.compared:
            if name not in mix.drop:
                rows = np.flatnonzero(chosen & (data.examples[:, 5] == SETS.index(name)))
                if len(rows):
                    self._of[name] = rows
        # what can be compared: questions with an answer, or with texts of their own
        answered = data.examples[:, 3] != -1
        self._asked = {name: rows if name == "nomiracl" else rows[answered[rows]] for name, rows in self._of.items()}
        self._context = {int(text): int(context) for text, context in data.examples[:, 1:3]}
        self._bags: dict[int, list[int]] = {}
        for number in self._of.get("nomiracl", ()):
            self._bags.setdefault(int(data.groups[number]), []).append(int(number))

    def rows(self, chunk: int, size: int) -> list[Row]:
        """`size` examples, the same for the same chunk."""
        rng = np.random.default_rng([self.seed, chunk])
        return [self._row(number, rng) for number in _drawn(self.mix.sets, self._of, size, rng)]

    def batches(self, chunk: int, size: int, count: int) -> list[Batch]:
        """`count` batches of `size`, each of examples of like length."""
        rows = sorted(self.rows(chunk, size * count), key=lambda row: len(row[0]))
        order = np.random.default_rng([self.seed, chunk, 1]).permutation(count)
        return [collate(rows[i * size : (i + 1) * size]) for i in order]

    def compared(self, chunk: int, size: int, count: int) -> list[Batch]:
        """`count` batches of about `size` texts, those of several questions of like length; none where the mix compares none."""
        rng = np.random.default_rng([self.seed, chunk, 2])
        groups: list[list[Row]] = []
        texts = 0
        while self.mix.compared and texts < size * count:
            (number,) = _drawn(self.mix.compared, self._asked, 1, rng)
            groups.append(self._against(number, rng))
            texts += len(groups[-1])
        groups.sort(key=lambda rows: max(len(ids) for ids, *_ in rows))
        ends = np.cumsum([len(rows) for rows in groups])
        batches: list[list[list[Row]]] = [[] for _ in range(count)]
        for rows, end in zip(groups, ends, strict=True):
            batches[int(end - 1) * count // texts].append(rows)
        return [_compared(batches[i]) for i in rng.permutation(count) if batches[i]]

    def _against(self, number: int, rng: np.random.Generator) -> list[Row]:
        """The texts that one question is shown with."""
        data = self.data
        question, text, context, first, last = (int(v) for v in data.examples[number, :5])
        group = int(data.groups[number])
        titled = rng.random() < self.mix.titled  # all or none: whether there is a title must not tell
        if group in self._bags:
            places = [tuple(int(v) for v in data.examples[n, 1:5]) for n in self._bags[group]]
        else:
            near = data.neighbours[number]
            chosen = rng.choice(near, min(self.mix.others, len(near)), replace=False)
            places = [(text, context, first, last), *((int(other), self._context[int(other)], -1, -1) for other in chosen)]
        crop = int(rng.integers(60, 200)) if rng.random() < self.mix.crop else LENGTH
        return [
            self._shown(question, data.texts[t], [int(s) for s in data.sentences[t]], c if titled else -1, a, b, crop, rng)
            for t, c, a, b in places
        ]  # fmt: skip

    def _row(self, number: int, rng: np.random.Generator) -> Row:
        data, mix = self.data, self.mix
        question, text, context, first, last, _, _ = (int(v) for v in data.examples[number])
        sentences = [int(s) for s in data.sentences[text]]
        tokens = data.texts[text]
        chance = rng.random()
        if first >= 0 and chance < mix.neighbour and len(data.neighbours[number]):
            text = int(rng.choice(data.neighbours[number]))
            tokens, sentences, first, last = data.texts[text], [int(s) for s in data.sentences[text]], -1, -1
            context = self._context[text]
        elif first >= 0 and mix.neighbour <= chance < mix.neighbour + mix.cut and len(sentences) > 2:
            begin, end = _sentences_around(sentences, len(tokens), first, last)
            answer, rest = tokens[first : last + 1], np.concatenate([tokens[:begin], tokens[end:]])
            if not _contains(rest, answer):
                sentences = [s for s in sentences if s < begin] + [s - (end - begin) for s in sentences if s >= end]
                tokens, first, last = rest, -1, -1
        titled = rng.random() < mix.titled
        crop = int(rng.integers(60, 200)) if rng.random() < mix.crop else LENGTH
        return self._shown(question, tokens, sentences, context if titled else -1, first, last, crop, rng)

    def _shown(
        self, question: int, tokens: npt.NDArray[np.int32], sentences: list[int], context: int, first: int, last: int, crop: int,
        rng: np.random.Generator,
    ) -> Row:  # fmt: skip
        """A question and a text, of which at most `crop` tokens are shown, as one row; with the title unless `context` is -1."""
        data = self.data
        head = data.contexts[context] if context >= 0 else np.empty(0, np.int32)
        room = min(crop, LENGTH - len(data.questions[question]) - len(head) - 5)
        if len(tokens) > room:
            tokens, a, b = _window(tokens, sentences, first, last, room, rng)
            first, last = (a, b) if first >= 0 else (first, last)
        ids, base = joined(data.questions[question], head, tokens)
        return ids, base, first + base if first >= 0 else first, last + base if first >= 0 else first


def _drawn(shares: dict[str, float], of: dict[str, Ids], size: int, rng: np.random.Generator) -> list[int]:
    """Numbers of examples: a set by its share, then one of it."""
    names = [name for name in shares if name in of]
    chances = np.array([shares[name] for name in names])
    return [int(rng.choice(of[names[i]])) for i in rng.choice(len(names), size, p=chances / chances.sum())]


def joined(question: npt.NDArray[np.int32], context: npt.NDArray[np.int32], text: npt.NDArray[np.int32]) -> tuple[Ids, int]:
    """As `assistant.reader.tokens.assemble` does, with this file's ids: <s> is 0, </s> is 1, <pad> is 2."""
    head = np.concatenate([[0], question, [1, 1], context, [1] if len(context) else []])
    return np.concatenate([head, text, [1]]).astype(np.int64), len(head)


def collate(rows: list[Row]) -> Batch:
    """Rows as one batch, padded."""
    longest = max(len(row[0]) for row in rows)
    ids = np.full((len(rows), longest), 2, np.int64)
    mask, inside = np.zeros((len(rows), longest), np.bool_), np.zeros((len(rows), longest), np.bool_)
    for i, (tokens, base, _, _) in enumerate(rows):
        ids[i, : len(tokens)] = tokens
        mask[i, : len(tokens)] = True
        inside[i, base : len(tokens) - 1] = True
    return Batch(ids, mask, inside, np.array([row[2] for row in rows]), np.array([row[3] for row in rows]))


def _compared(groups: list[list[Row]]) -> Batch:
    of = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups])
    return replace(collate([row for rows in groups for row in rows]), of=of)


def _sentences_around(sentences: list[int], length: int, first: int, last: int) -> tuple[int, int]:
    """From the first token of the sentence that holds `first` to behind the one that holds `last`."""
    begin = max((s for s in sentences if s <= first), default=0)
    return begin, min((s for s in sentences if s > last), default=length)


def _contains(tokens: npt.NDArray[np.int32], part: npt.NDArray[np.int32]) -> bool:
    if len(tokens) < len(part):
        return False
    windows = np.lib.stride_tricks.sliding_window_view(tokens, len(part))
    return bool((windows == part).all(1).any())


def _window(
    tokens: npt.NDArray[np.int32], sentences: list[int], first: int, last: int, room: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int32], int, int]:
    """Whole sentences of at most `room` tokens, with the answer where there is one."""
    edges = sorted({0, *sentences, len(tokens)})
    if first >= 0:
        begin, end = _sentences_around(edges[:-1], len(tokens), first, last)
        if end - begin > room:  # one long sentence
            begin = max(begin, min(first, last - room + 1))
            return tokens[begin : begin + room], first - begin, min(last - begin, room - 1)
        starts = [e for e in edges if e <= begin and end - e <= room]
        begin = int(rng.choice(starts))
    else:
        begin = int(rng.choice([e for e in edges[:-1] if len(tokens) - e > room // 2] or [0]))
    end = max([e for e in edges if begin < e <= begin + room], default=begin + room)
    if first >= 0 and last >= end:
        end = min(begin + room, len(tokens))
    return tokens[begin:end], first - begin if first >= 0 else -1, last - begin if first >= 0 else -1
