"""`make bench-guard`: how many false sentences the guard lets through, and how many true ones it withholds.

Once by its rules alone, once with the network's word weighed in, as the sentences of a language model are checked.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.entailment import load_entailment
from assistant.evidence import weighed
from assistant.guard import Check, Span, check
from eval.cases import CaseError
from eval.statistics import share
from index.types import Voice

_SHOWN = 5  # pairs of a style that has a line of its own


class Passage(BaseModel):
    """A passage as a model has it before it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: str
    voice: Voice = "article"
    outlet: str = ""
    published: date | None = None


class Pair(BaseModel):
    """A sentence with the passages before the model and the numbers of those that it cites, and whether these carry it.

    `kind` is "supported" or what was made false; `style` how the sentence was put; `part` is "work" (what
    the rules were made on), "fit" (what their weight beside the network is fitted on) or "untouched".
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    part: str
    kind: str
    style: str
    sentence: str
    cited: list[int]
    passages: list[Passage]
    supported: bool
    group: str

    def spans(self) -> list[Span]:
        """What it cites."""
        chosen = [self.passages[number - 1] for number in self.cited]
        return [Span(p.text, p.voice, p.published, p.outlet) for p in chosen]


def load_pairs(file: Path) -> list[Pair]:
    """The pairs in a JSON-lines file; CaseError names the line that can't be read."""
    pairs = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        try:
            pairs.append(Pair.model_validate(json.loads(line)))
        except (ValueError, ValidationError) as error:
            raise CaseError(f"{file}, line {number}: is no pair ({' '.join(str(error).split())[:120]})") from error
    return pairs


def measured(pairs: Sequence[Pair], judge: Callable[[str, Sequence[Span]], Check]) -> str:
    """The shares with their intervals, by part, kind and style, and what a check takes."""
    began = time.perf_counter()
    checks = [judge(pair.sentence, pair.spans()) for pair in pairs]
    milliseconds = 1000 * (time.perf_counter() - began) / len(pairs)
    lines = [f"{len(pairs)} pairs, {milliseconds:.2f} ms each"]
    for part in sorted({pair.part for pair in pairs}):
        told = [(pair, done) for pair, done in zip(pairs, checks, strict=True) if pair.part == part]
        lines += ["", f"{part}:", *_part(told)]
    return "\n".join(lines)


def _part(told: Sequence[tuple[Pair, Check]]) -> list[str]:
    wrong = [(p, c) for p, c in told if not p.supported]
    right = [(p, c) for p, c in told if p.supported]
    lines = [
        f"{'false ones let through':28} {share([c.supported for _, c in wrong])}",
        f"{'true ones withheld':28} {share([not c.supported for _, c in right])}",
    ]
    for kind in sorted({p.kind for p, _ in wrong}):
        lines.append(f"  let through: {kind:17} {share([c.supported for p, c in wrong if p.kind == kind])}")
    styles = Counter(p.style for p, _ in right)
    for style in sorted(style for style, number in styles.items() if number >= _SHOWN):
        lines.append(f"  withheld: {style:30} {share([not c.supported for p, c in right if p.style == style])}")
    return lines


def main(arguments: Any = None) -> None:
    """Measure the pairs of a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=Path("eval/cases/guard.jsonl"))
    parser.add_argument("--part", choices=["all", "work", "fit", "untouched"], default="all")
    parser.add_argument("--faults", action="store_true", help="also print each pair that comes out wrong")
    args = parser.parse_args(arguments)
    pairs = [pair for pair in load_pairs(args.pairs) if args.part in ("all", pair.part)]
    network = load_entailment()

    def judge(sentence: str, spans: Sequence[Span]) -> Check:
        return weighed(sentence, spans, network)

    print("by the rules alone:", measured(pairs, check), "", "with the network:", measured(pairs, judge), sep="\n")
    if args.faults:
        for pair in pairs:
            done = judge(pair.sentence, pair.spans())
            if done.supported != pair.supported:
                print(pair.id, pair.kind, pair.style, "|", pair.sentence, "|", "; ".join(f"{f.kind}: {f.what}" for f in done.faults))


if __name__ == "__main__":
    main()
