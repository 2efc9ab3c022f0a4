"""Two runs over the same cases, case by case."""

import math
from collections.abc import Sequence

from eval.figures import LOWER_IS_BETTER, figures, outcome, slices
from eval.run import Result, Run
from eval.statistics import bootstrap, sign_test


def compared(before: Run, after: Run) -> str:
    """What changed of the figures and of each slice, and the questions whose outcome flipped; only over the cases that both have."""
    old, new = ({r.id: r for r in run.results} for run in (before, after))
    both = [(old[name], new[name]) for name in new if name in old]
    lines = [f"{len(both)} cases in both runs; {before.ran_on.get('commit') or '?'} -> {after.ran_on.get('commit') or '?'}"]
    changed = [k for k in ("articles", "cases", "prompts", "rules") if before.ran_on.get(k) != after.ran_on.get(k)]
    lines += [f"not the same in both: {', '.join(changed)}"] if changed else []
    was, now = figures([a for a, _ in both]), figures([b for _, b in both])
    for name, value in now.items():
        if not math.isnan(value.value) and not math.isnan(was[name].value):
            better = (value.value < was[name].value) == (name in LOWER_IS_BETTER) and value.value != was[name].value
            mark = "better" if better else "worse" if value.value != was[name].value else ""
            lines.append(f"{name:24} {was[name].value:.3f} -> {value.value:.3f} ({value.value - was[name].value:+.3f}) {mark}".rstrip())
    lines += ["", "came out as it should, by slice (difference with its 95% interval, drawn by article):"]
    shared = {b.id for _, b in both}
    for name, results in {"all": after.results, **slices(after)}.items():
        pairs = [(old[r.id], r) for r in results if r.id in shared]
        if not pairs:
            continue
        gain = bootstrap(pairs, lambda pair: pair[1].article, _gain)
        shares = [outcome(side).value for side in zip(*pairs, strict=True)]
        lines.append(f"{name:24} {shares[0]:.3f} -> {shares[1]:.3f} ({gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]) n={gain.n}")
    won = [b for a, b in both if b.good and not a.good]
    lost = [b for a, b in both if a.good and not b.good]
    lines += ["", f"{len(won)} now right, {len(lost)} now wrong (exact McNemar test: p = {sign_test(len(won), len(lost)):.3f})"]
    lines += [f"{word}  {r.id} {r.question}" for word, flipped in (("now right", won), ("now wrong", lost)) for r in flipped]
    return "\n".join(lines)


def _gain(pairs: Sequence[tuple[Result, Result]]) -> float:
    return sum(b.outcome - a.outcome for a, b in pairs) / len(pairs) if pairs else math.nan
