"""A run as one HTML page with pictures that asks nothing of the network."""

from collections.abc import Sequence
from html import escape

from eval.figures import BINS, figures, judged, outcome, slices
from eval.gate import Miss
from eval.metrics import calibration_bins, risk_coverage
from eval.report import HEADLINE, title, wrong_with
from eval.run import Result, Run
from eval.statistics import Estimate

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1917; --paper: #fff; --soft: #57534e; --line: #d6d3d1; --mark: #1d4ed8; --bad: #9a3412 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e7e5e4; --paper: #18181b; --soft: #a8a29e; --line: #44403c; --mark: #93c5fd; --bad: #fdba74 }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.5rem } h3 { font-size: 1rem; margin: 0 }
p.about { color: var(--soft) } .scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .2rem 1rem .2rem 0; text-align: left; font-weight: 400; border-bottom: 1px solid var(--line); white-space: nowrap }
thead th { font-weight: 600 }
.plots { display: flex; flex-wrap: wrap; gap: 2rem } figure { margin: 0; flex: 1 1 17rem; max-width: 22rem }
figcaption { font-size: .9rem; color: var(--soft) }
svg { display: block; width: 100%; height: auto; overflow: visible } svg.bar { width: 9rem; height: .9rem }
svg text { font-size: 5px; fill: var(--soft) } .axis { stroke: var(--line) } .data { fill: none; stroke: var(--mark); stroke-width: 2 }
.point, .fill { fill: var(--mark) } .fill { fill-opacity: .45 } .whisker { stroke: var(--ink); stroke-width: 1.5 }
.missed { color: var(--bad) }
article { border-left: 3px solid var(--bad); margin: 1rem 0; padding: .1rem 1rem; overflow-wrap: anywhere }
article p { margin: .3rem 0 } article .soft { color: var(--soft) }
"""
_GROUPS = 12  # bars of the latency histogram


def html_report(run: Run, missed: Sequence[Miss] = ()) -> str:
    """One self-contained page: figures, slices, curves, and every case that failed with what was expected."""
    known = figures(run.results)
    head = [(name, known[name]) for name in HEADLINE if known[name].n]
    rest = [(name, value) for name, value in known.items() if value.n and name not in HEADLINE]
    failed = [r for r in run.results if not r.good]
    second = judged(run.results)
    seen = f"<h2>A judge's opinion</h2>{_table('figure', list(second.items()))}" if second else ""
    gate = "".join(f"<li class=missed>{escape(' '.join(str(miss).split()))}" for miss in missed)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Belegt eval: {escape(run.dataset)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>Belegt eval: {escape(run.dataset)}</h1><p class=about>{escape(title(run))}. Intervals are of 95%.</p>"
        f"{f'<h2>Gate not met</h2><ul>{gate}</ul>' if gate else ''}"
        f"{_table('figure', head)}<h2>Came out as it should, by slice</h2>"
        f"{_table('slice', [(name, outcome(results)) for name, results in slices(run).items()])}"
        f"<h2>Confidence and time</h2><div class=plots>{_risk(run)}{_reliability(run)}{_latency(run)}</div>"
        f"<h2>Further figures</h2>{_table('figure', rest)}"
        f"{seen}<h2>The checkers: faults put into true sentences that were found</h2>{_table('fault', list(run.checkers.items()))}"
        f"<h2>{len(failed)} cases failed</h2>{''.join(map(_case, failed))}</body></html>"
    )


def _table(what: str, rows: Sequence[tuple[str, Estimate]]) -> str:
    def row(name: str, value: Estimate) -> str:
        if name.endswith("_ms"):
            return f"<tr><th scope=row>{name}<td><td>{value.value:.0f}<td><td>{value.n}"
        interval = f"{value.low:.3f} to {value.high:.3f}"
        return f"<tr><th scope=row>{escape(name)}<td>{_bar(value)}<td>{value.value:.3f}<td>{interval}<td>{value.n}"

    head = f"<thead><tr><th scope=col>{what}<th scope=col>picture<th scope=col>value<th scope=col>95%<th scope=col>n</thead>"
    return f"<div class=scroll tabindex=0><table>{head}<tbody>{''.join(row(*pair) for pair in rows)}</tbody></table></div>"


def _bar(value: Estimate) -> str:
    low, high, width = (100 * min(max(x, 0.0), 1.0) for x in (value.low, value.high, value.value))
    return (
        f"<svg class=bar viewBox='0 0 100 10' preserveAspectRatio=none role=img aria-label='{value.value:.2f}'>"
        f"<line class=axis x1=0 x2=100 y1=9 y2=9 /><rect class=fill x=0 y=1 width={width:.1f} height=8 />"
        f"<line class=whisker x1={low:.1f} x2={high:.1f} y1=5 y2=5 /></svg>"
    )


def _plot(caption: str, x: str, y: str, inner: str, ends: tuple[str, str, str] = ("0", "1", "1")) -> str:
    """A square plot of 100 by 100 units, the origin bottom left; `ends` are the labels of both axes' ends."""
    return (
        f"<figure><svg viewBox='-14 -6 122 122' role=img aria-label='{escape(caption)}'>"
        f"<line class=axis x1=0 y1=100 x2=100 y2=100 /><line class=axis x1=0 y1=0 x2=0 y2=100 />{inner}"
        f"<text x=0 y=110>{ends[0]}</text><text x=100 y=110 text-anchor=end>{ends[1]}</text><text x=50 y=110 text-anchor=middle>{x}</text>"
        f"<text x=-3 y=6 text-anchor=end>{ends[2]}</text><text transform='translate(-6 55) rotate(-90)' text-anchor=middle>{y}</text></svg>"
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _risk(run: Run) -> str:
    asked = [r for r in run.results if r.answerable]
    points = risk_coverage([r.confidence for r in asked], [bool(r.right) for r in asked])
    line = " ".join(f"{100 * coverage:.1f},{100 - 100 * risk:.1f}" for coverage, risk in points)
    caption = f"Risk over coverage: the share wrong among the surest answerable questions (n={len(asked)}); an abstention counts as wrong"
    return _plot(caption, "coverage", "risk", f"<polyline class=data points='{line}' />")


def _reliability(run: Run) -> str:
    given = [r for r in run.results if not r.abstained]
    groups = calibration_bins([r.confidence for r in given], [bool(r.right) for r in given], BINS)
    marks = "".join(
        f"<circle class=point cx={100 * sure:.1f} cy={100 - 100 * right:.1f} r=3><title>confidence {sure:.2f}, right {right:.2f}, "
        f"n={n}</title></circle>"
        for sure, right, n in groups
    )
    caption = f"Reliability: right answers over confidence, {BINS} groups of the answers given (n={len(given)}); calibrated is on the line"
    return _plot(caption, "confidence", "right", f"<line class=axis x1=0 y1=100 x2=100 y2=0 />{marks}")


def _latency(run: Run) -> str:
    times = [r.milliseconds for r in run.results]
    if not times:
        return ""
    most = max(times) or 1.0
    counts = [0] * _GROUPS
    for time in times:
        counts[min(_GROUPS - 1, int(time / most * _GROUPS))] += 1
    width, tallest = 100 / _GROUPS, max(counts)
    bars = "".join(
        f"<rect class=fill x={i * width + 0.5:.1f} y={100 - 100 * n / tallest:.1f} width={width - 1:.1f} height={100 * n / tallest:.1f}>"
        f"<title>{n} answers of {i * most / _GROUPS:.0f} to {(i + 1) * most / _GROUPS:.0f} ms</title></rect>"
        for i, n in enumerate(counts)
    )
    return _plot(f"Time of an answer (n={len(times)})", "milliseconds", "answers", bars, ("0", f"{most:.0f}", str(tallest)))


def _case(r: Result) -> str:
    cited = ", ".join(dict.fromkeys(r.cited)) or "nothing"
    return (
        f"<article><h3>{escape(r.question)}</h3><p class=soft>{escape(f'{r.set} · {r.kind} · {r.id}')}: {escape(wrong_with(r))}</p>"
        f"<p>{escape(r.text)}</p><p class=soft>expected: {escape(r.expected)}<br>cited: {escape(cited)}; confidence {r.confidence:.2f}</p>"
        "</article>"
    )
