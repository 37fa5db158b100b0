"""The report of a sweep: what was varied, what came of it, and what the analyses in its folder say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.report.html import Html, element, page, section, table
from sim.report.origins import answer_html, header_html, limits_html, provenance_html
from sim.report.svg import svg_html
from sim.scenario.columns import registry
from sim.scenario.library import library
from sim.scenario.loader import load
from sim.sweep.reading import Store, open_store

ANALYSIS = "analysis"
_FIGURES = {
    "sobol": "Share of the outcome's variance that each factor explains, alone and with its interactions.",
    "morris": "Mean effect of moving a factor through its range, and how much that effect varies.",
    "surface": "The outcome over the two levers that move it most.",
    "box": "Scenario discovery: how much of the cases of interest a box holds, and how pure it is.",
    "convergence": "How sure the means are with this many replicates.",
    "variance": "Where the variance comes from.",
}
_MOST = 40


def sweep_page(place: Path) -> str:
    """Return the report of a sweep as one HTML page."""
    store = open_store(place)
    done, chunks = store.progress
    runs = store.samples * store.replicates
    size = f"{store.samples:,} samples × {store.replicates:,} replicates = {runs:,} futures"
    facts = [size, f"design: {store.spec.design.method or 'table'}", f"seed {store.spec.design.seed}"]
    question = f"What moves the outcomes of {', '.join(store.spec.base)}, and by how much?"
    outcomes = _outcomes(store) if store.complete else {}
    analyses = _analyses(place)
    unfinished = [] if store.complete else [f"Not finished: {done} of {chunks} chunks are computed; resume the sweep."]
    return page(
        f"{store.spec.name} – aiblocs",
        header_html(store.spec.name, question, store.spec.description, facts),
        answer_html([*unfinished, *answer(outcomes, analyses)]),
        section("What was varied", _factors(store)),
        section("What came of it", _outcome_table(outcomes)),
        *(_analysis_html(place, outcome, found) for outcome, found in analyses.items()),
        limits_html(_imputed(store)),
        _provenance(store),
    )


Runs = NDArray[np.float64]


def _outcomes(store: Store) -> dict[str, Runs]:
    """Return every outcome that is one number per run, float64[samples, replicates]."""
    found = {}
    for name in store.outcome_names[:_MOST]:
        try:
            found[name] = store.outcome(name)
        except InputError:  # a list per run, such as a path over time
            continue
    return found


def answer(outcomes: dict[str, Runs], analyses: dict[str, dict[str, Any]]) -> list[str]:
    """Return what the sweep says in sentences: the spread of each outcome, and what it hangs on most."""
    sentences = []
    for name in analyses or list(outcomes)[:3]:
        if name in outcomes:
            means = outcomes[name].mean(axis=1)
            low, middle, high = np.quantile(means, (0.05, 0.5, 0.95))
            sentences.append(
                f"{name}: {middle:.3g} in the middle of the samples, {low:.3g} to {high:.3g} in nine of ten of them "
                f"(mean over replicates)."
            )
        sentences += _strongest(name, analyses.get(name, {}))
    if not analyses:
        sentences.append("The folder holds no analysis yet: aiblocs analyze DIR tells what the outcomes hang on.")
    return sentences


def _strongest(name: str, found: dict[str, Any]) -> list[str]:
    """Name the factors that matter most, from whichever index the design allowed, and the first box found."""
    said = []
    for key, value, words in (("sobol", "total", "share of variance"), ("morris", "mu_star", "mean effect")):
        indices = found.get(key)
        if indices:
            order = np.argsort(indices[value])[::-1][:3]
            parts = ", ".join(f"{indices['names'][j]} ({words} {indices[value][j]:.2g})" for j in order)
            said.append(f"What {name} hangs on most: {parts}.")
    variance = found.get("variance")
    if variance:
        parts = ", ".join(f"{level} {100 * share:.0f} %" for level, share in zip(variance["levels"], variance["shares"], strict=True))
        said.append(f"The variance of {name} comes from: {parts}.")
    return said


def _factors(store: Store) -> Html:
    known = {parameter.name: parameter for parameter in registry()}
    rows = []
    for name in store.design.column_names[1:]:
        values = store.design.column(name).to_pylist()
        distinct = sorted(set(values))
        if len(distinct) < 2:
            continue
        kind = "lever" if name in store.spec.levers else "uncertainty" if name in store.spec.uncertainties else "scenario"
        numbers = all(isinstance(value, int | float) for value in distinct)
        shown = (
            f"{distinct[0]:.4g} to {distinct[-1]:.4g} ({len(distinct)} values)"
            if numbers and len(distinct) > 6
            else ", ".join(f"{value:.4g}" if isinstance(value, float) else str(value) for value in distinct)
        )
        parameter = known.get(name)
        meaning = f"{parameter.description} ({parameter.unit})" if parameter else ""
        rows.append((element("code", name), kind, shown, meaning))
    return table(("Factor", "Kind", "Values", "Meaning"), rows)


def _outcome_table(outcomes: dict[str, Runs]) -> Html:
    rows = []
    for name, runs in outcomes.items():
        means = runs.mean(axis=1)
        low, high = np.quantile(runs, (0.05, 0.95))
        rows.append((element("code", name), f"{runs.mean():.4g}", f"{means.min():.4g} – {means.max():.4g}", f"{low:.4g} – {high:.4g}"))
    return table(("Outcome", "Mean", "Means of samples", "90 % of all futures"), rows, numbers=3)


def _analyses(place: Path) -> dict[str, dict[str, Any]]:
    """Return the analyses in the folder, by outcome."""
    found = {}
    for path in sorted((place / ANALYSIS).glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(data, dict) and "question" in data:
            found[str(data["question"]["outcome"])] = data
    return found


def _analysis_html(place: Path, outcome: str, found: dict[str, Any]) -> Html:
    figures = []
    for path in sorted((place / ANALYSIS).glob(f"{outcome}-*.svg")):
        kind = path.stem.removeprefix(f"{outcome}-")
        caption = _FIGURES.get(kind.rstrip("-0123456789"))
        if caption is not None:
            figures.append(svg_html(path.read_text(encoding="utf-8"), f"{outcome}-{kind}".replace(".", "-"), caption))
    notes = [element("p", element("small", note)) for note in found.get("notes", [])]
    return section(f"Analysis of {outcome}", element("div", *figures, class_="figures"), *notes)


def _imputed(store: Store) -> float | None:
    """Return the share of filled-in data of the base world, if the base is in the library."""
    from sim.scenario.loader import world_of

    base = store.spec.base[0]
    return world_of(load(base)).imputed_share() if base in library() else None


def _provenance(store: Store) -> Html:
    rows = [("identity", store.manifest.identity), *store.manifest.context.items()]
    rows += [(key, value if isinstance(value, str) else json.dumps(value)) for key, value in store.manifest.provenance.items()]
    command = store.manifest.provenance.get("command")
    return provenance_html(rows, [command] if isinstance(command, str) else ["aiblocs sweep SPEC.yaml --resume"])
