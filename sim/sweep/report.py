"""One self-contained page about a sweep: words first, then figures (inline SVG) and tables."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

import numpy as np

from sim.figures.palette import LIGHT
from sim.sweep.analysis.analyze import Analysis
from sim.sweep.analysis.boxes import limits_text
from sim.sweep.analysis.figures import svg_text
from sim.sweep.factors import Factor, Range, Values
from sim.sweep.measures import meaning_of
from sim.sweep.reading import Store

_MOST_ROWS = 12
_CAPTIONS = {
    "sobol": "Which factor matters: shares of the variance",
    "morris": "Which factor matters: effects of moving it through its range",
    "surface": "Two levers together, and where the outcome tips",
    "box": "Where it happens: a box in the space of factors",
    "convergence": "Enough runs?",
    "variance": "Where the spread comes from",
}


def report_html(store: Store, analyses: Sequence[Analysis]) -> str:
    """Return the page; it refers to nothing outside of itself."""
    parts = [_head(store), *(_section(store, analysis) for analysis in analyses), _foot(store)]
    style = (
        f"body{{font:16px/1.5 system-ui,sans-serif;color:{LIGHT.ink};background:{LIGHT.paper};max-width:54rem;"
        f"margin:2rem auto;padding:0 1rem}}table{{border-collapse:collapse;margin:1rem 0}}"
        f"td,th{{padding:.2rem .8rem .2rem 0;text-align:left;border-bottom:1px solid {LIGHT.grid}}}"
        f"td.n{{text-align:right;font-variant-numeric:tabular-nums}}figure{{margin:1.5rem 0}}svg{{max-width:100%;height:auto}}"
        f"figcaption,.note{{color:{LIGHT.muted}}}.warn{{border-left:4px solid {LIGHT.negative};padding-left:.8rem}}"
    )
    title = html.escape(f"Sweep {store.spec.name}")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head>\n<body>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def findings(analysis: Analysis) -> list[str]:
    """Return what an analysis says, a sentence each, the most important first."""
    outcome, level = analysis.question.outcome, analysis.question.level
    said: list[str] = []
    if analysis.sobol is not None:
        top = _first(analysis.sobol.total, analysis.sobol.names)
        said.append("Of the variance of the sample means go with " + ", ".join(f"{n} {v:.0%}" for n, v in top))
    if analysis.morris is not None:
        top = _first(analysis.morris.mu_star, analysis.morris.names)
        moved = ", ".join(f"{n} ({v:.3g})" for n, v in top)
        said.append(f"Moving one factor through its range changes {outcome} most for {moved}")
    if analysis.surface is not None and analysis.surface_levers is not None and level is not None:
        crossed = bool(analysis.surface.tipping_lines(level))
        where = "crosses" if crossed else "does not cross"
        x, y = analysis.surface_levers
        said.append(f"Over {x} and {y} the mean of {outcome} {where} {level:.3g}")
    for discovery in analysis.boxes[:1]:
        box = discovery.box
        side = "at or above" if analysis.question.above else "below"
        rule = " and ".join(limits_text(box)) or "everywhere"
        said.append(
            f"{outcome} is {side} {level:.3g} in {box.density:.0%} of the futures where {rule}; "
            f"that covers {box.coverage:.0%} of all such futures"
        )
    if analysis.variance is not None:
        pairs = zip(analysis.variance.levels, analysis.variance.shares, strict=True)
        said.append("The spread over runs comes from " + ", ".join(f"{name} {share:.0%}" for name, share in pairs))
    if analysis.convergence is not None:
        found = analysis.convergence
        verdict = "enough" if found.enough else "not enough"
        said.append(
            f"{int(found.replicates[-1])} replicates are {verdict} for every sample's mean; {found.needed} are needed"
        )
    return said


def _first(values: np.ndarray[tuple[int], np.dtype[np.float64]], names: Sequence[str]) -> list[tuple[str, float]]:
    order = np.argsort(-values, kind="stable")[:3]
    return [(names[j], float(values[j])) for j in order]


def _head(store: Store) -> str:
    spec = store.spec
    design = spec.design.method or "table"
    size = f"{store.samples:,} samples ({design.replace('_', ' ')}) with {store.replicates:,} futures each"
    rows = [
        (name, "lever" if name in spec.levers else "uncertainty" if name in spec.uncertainties else "base", _words(factor))
        for name, factor in spec.factors.items()
    ]
    notes = _notes(store.manifest.provenance.get("notes", ()))
    base = ", ".join(spec.base)
    return (
        f"<h1>{html.escape(spec.name)}</h1><p>{html.escape(spec.description)}</p>"
        f"<p>Base: {html.escape(base)}. {size}. A simulation of assumptions, not a forecast.</p>"
        + notes
        + _table(("varied", "as", "over"), rows)
    )


def _section(store: Store, analysis: Analysis) -> str:
    outcome = analysis.question.outcome
    said = "".join(f"<li>{html.escape(text)}.</li>" for text in findings(analysis))
    figures = "".join(
        f"<figure>{_inline(svg_text(figure), f'{outcome}-{name}')}"
        f"<figcaption>{html.escape(_CAPTIONS[name.partition('-')[0]])}</figcaption></figure>"
        for name, figure in analysis.figures().items()
    )
    runs = store.outcome(outcome)
    low, high = np.quantile(runs, (0.05, 0.95))
    spread = f"Mean over all runs {runs.mean():.4g}, 90 % of them between {low:.4g} and {high:.4g}."
    meaning = meaning_of(outcome)
    return (
        f"<h2>{html.escape(outcome)}</h2><p>{html.escape(meaning)} {spread}</p><ul>{said}</ul>"
        + _notes(analysis.notes)
        + figures
        + _indices(analysis)
    )


def _indices(analysis: Analysis) -> str:
    """Return the indices as a table, for readers who want numbers."""
    if analysis.sobol is not None:
        s = analysis.sobol
        order = np.argsort(-s.total, kind="stable")[:_MOST_ROWS]
        rows = [
            (s.names[j], _interval(s.first[j], s.first_interval[j]), _interval(s.total[j], s.total_interval[j]))
            for j in order
        ]
        return _table(("factor", "first index", "total index"), rows)
    if analysis.morris is not None:
        m = analysis.morris
        order = np.argsort(-m.mu_star, kind="stable")[:_MOST_ROWS]
        cells = [(m.names[j], f"{m.mu_star[j]:.4g} ± {m.mu_star_error[j]:.2g}", f"{m.sigma[j]:.4g}") for j in order]
        return _table(("factor", "mean absolute effect", "spread of the effect"), cells)
    return ""


def _interval(value: float, interval: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    return f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})"


def _foot(store: Store) -> str:
    manifest = store.manifest
    record = manifest.outcomes
    rows = [("identity of the sweep", manifest.identity), *manifest.context.items()]
    rows += [] if record is None else [("outcomes.parquet, SHA-256", record.sha256)]
    rows += [("command", str(manifest.provenance.get("command", "")))]
    return "<h2>Where this comes from</h2>" + _table(("what", "value"), rows)


def _words(factor: Factor) -> str:
    """Say over what a factor is varied."""
    if isinstance(factor, Range):
        return f"{factor.range[0]:g} to {factor.range[1]:g}"
    if isinstance(factor, Values):
        return ", ".join(str(value) for value in factor.values)
    data = factor.model_dump()
    return f"{data.pop('distribution')} ({', '.join(f'{key} {value:g}' for key, value in data.items())})"


def _notes(notes: Iterable[str]) -> str:
    return "".join(f'<p class="note warn">{html.escape(note)}</p>' for note in notes)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{body}</table>"


def _inline(svg: str, prefix: str) -> str:
    """Return an SVG to be put into a page: without its head, its identities told apart from those of others."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    tag = re.sub(r"[^A-Za-z0-9]+", "-", prefix)
    body = re.sub(r'\bid="([^"]+)"', rf'id="{tag}-\1"', body)
    return re.sub(r'((?:xlink:)?href="#|url\(#)', rf"\1{tag}-", body)
