"""A run as text and as one HTML page that asks nothing of the network."""

import math
from html import escape

from eval.run import Result, Run

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse } td, th { padding: .2rem .8rem; text-align: left; border-bottom: 1px solid #8885 }
svg { width: 18rem; height: 18rem; border: 1px solid #8885 }
article { border-left: 3px solid #c33; margin: 1rem 0; padding: .1rem 1rem; overflow-wrap: anywhere }
"""


def table(run: Run) -> str:
    """The headline figures with intervals, then the share of right outcomes by kind."""
    lines = [f"{len(run.results)} cases over {run.articles} articles ({run.dataset}, engine {run.model})", ""]
    lines += [f"{name:24} {value}" for name, value in run.shares().items()]
    figures = {"auroc": f"{run.auroc():.3f}", "calibration error": f"{run.calibration_error():.3f}", "median ms": f"{run.median_ms():.0f}"}
    lines += [*(f"{name:24} {value}" for name, value in figures.items()), ""]
    lines += [f"{name:24} {value}" for name, value in run.kinds().items()]
    return "\n".join(lines)


def gate_failures(run: Run, thresholds: dict[str, float]) -> list[str]:
    """One line for each figure below its threshold; a figure that can't be computed fails."""
    values = {name: share.value if share.n else math.nan for name, share in run.shares().items()} | {"auroc": run.auroc()}
    return [
        f"{name:24} {values[name]:.3f} is below {least:.3f}" for name, least in thresholds.items() if not values[name] >= least
    ]


def compared(before: Run, after: Run) -> str:
    """Differences of the headline figures, and the questions whose outcome flipped."""
    lines = []
    old, new = before.shares(), after.shares()
    for name, value in new.items():
        lines.append(f"{name:24} {old[name].value:.3f} -> {value.value:.3f} ({value.value - old[name].value:+.3f})")
    was = {result.id: result for result in before.results}
    for result in after.results:
        if result.id in was and is_good(was[result.id]) != is_good(result):
            lines.append(f"{'now right' if is_good(result) else 'now wrong':10} {result.id} {result.question}")
    return "\n".join(lines)


def is_good(result: Result) -> bool:
    """Whether a case came out as it should: right, or abstained where there is no answer."""
    good = bool(result.right) if result.answerable else result.abstained
    return good and result.valid and not result.banned


def html_report(run: Run) -> str:
    """One self-contained page: the figures, and every case that failed."""
    rows = "".join(f"<tr><td>{escape(name)}<td>{escape(str(value))}" for name, value in (*run.shares().items(), *run.kinds().items()))
    failed = [result for result in run.results if not is_good(result)]
    cases = "".join(
        f"<article><h3>{escape(r.id)} ({escape(r.kind)}): {escape(r.question)}</h3><p>{escape(r.text)}</p>"
        f"<p>confidence {r.confidence:.2f}, cited {escape(', '.join(r.cited) or 'nothing')}</p></article>"
        for r in failed
    )
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Belegt: {escape(run.dataset)}</title><style>{_STYLE}</style>"
        f"<h1>{len(run.results)} cases over {run.articles} articles</h1><table>{rows}</table>{_reliability(run)}"
        f"<h2>{len(failed)} failed</h2>{cases}</html>"
    )


def _reliability(run: Run) -> str:
    """A reliability diagram: on the line, answers are right as often as they say; below it they are too sure."""
    groups = run.reliability()
    if not groups:
        return ""
    marks = "".join(
        f'<circle cx="{100 * sure:.1f}" cy="{100 - 100 * right:.1f}" r="2.5"><title>confidence {sure:.2f}, right {right:.2f}, '
        f"n={n}</title></circle>"
        for sure, right, n in groups
    )
    rows = "".join(f"<tr><td>{sure:.2f}<td>{right:.2f}<td>{n}" for sure, right, n in groups)
    return (
        f"<h2>Confidence of the answers given (calibration error {run.calibration_error():.3f})</h2>"
        f'<svg viewBox="-2 -2 104 104" role="img" aria-label="share of right answers over confidence" fill="currentColor">'
        f'<line x1="0" y1="100" x2="100" y2="0" stroke="#8888"/>{marks}</svg>'
        f"<table><tr><th>confidence<th>right<th>answers{rows}</table>"
    )
