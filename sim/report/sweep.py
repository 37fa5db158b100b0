"""The report of a sweep: what was varied, what came of it, and what the analyses in its folder say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.report.html import Html, element, page, section, table
from sim.report.origins import answer_html, header_html, limits_html, provenance_html
from sim.report.svg import figure_html
from sim.scenario.columns import registry
from sim.scenario.library import library
from sim.scenario.loader import load, world_of
from sim.sweep.analysis.analyze import Analysis, Question, analyze
from sim.sweep.insights import ANALYSIS, findings
from sim.sweep.insights import analyze as suggested
from sim.sweep.reading import Store, open_store

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
    facts = [
        size,
        f"design: {(store.spec.design.method or 'table').replace('_', ' ')}",
        f"seed {store.spec.design.seed}",
    ]
    question = f"What moves the outcomes of {', '.join(store.spec.base)}, and by how much?"
    outcomes = _outcomes(store) if store.complete else {}
    analyses = _analyses(store) if store.complete else ()
    unfinished = (
        [] if store.complete else [f"Not finished: {done} of {chunks} chunks are computed; resume the sweep."]
    )
    return page(
        f"{store.spec.name} – aiblocs",
        header_html(store.spec.name, question, store.spec.description, facts),
        answer_html([*unfinished, *answer(outcomes, analyses)]),
        section("What was varied", _factors(store)),
        section("What came of it", _outcome_table(outcomes)),
        *(_analysis_html(found) for found in analyses),
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


def answer(outcomes: dict[str, Runs], analyses: Sequence[Analysis]) -> list[str]:
    """Return what the sweep says in sentences: the spread of each outcome, and what it hangs on."""
    sentences = []
    for analysis in analyses:
        name = analysis.question.outcome
        means = outcomes[name].mean(axis=1)
        low, middle, high = np.quantile(means, (0.05, 0.5, 0.95))
        sentences.append(
            f"{name}: {middle:.3g} in the middle of the samples, {low:.3g} to {high:.3g} in nine of ten of them "
            "(mean over replicates)."
        )
        sentences += [f"{sentence}." for sentence in findings(analysis)]
    if outcomes and not analyses:
        sentences.append("None of the outcomes varies: what was varied moves nothing.")
    return sentences


def _factors(store: Store) -> Html:
    known = {parameter.name: parameter for parameter in registry()}
    rows = []
    for name in store.design.column_names[1:]:
        values = store.design.column(name).to_pylist()
        distinct: list[Any] = sorted(set(values))
        if len(distinct) < 2:
            continue
        kind = (
            "lever"
            if name in store.spec.levers
            else "uncertainty"
            if name in store.spec.uncertainties
            else "scenario"
        )
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
        rows.append(
            (
                element("code", name),
                f"{runs.mean():.4g}",
                f"{means.min():.4g} – {means.max():.4g}",
                f"{low:.4g} – {high:.4g}",
            )
        )
    return table(("Outcome", "Mean", "Means of samples", "90 % of all futures"), rows, numbers=3)


def _analyses(store: Store) -> Sequence[Analysis]:
    """Answer the questions that were asked of the sweep before, else those that suggest themselves."""
    asked = []
    for path in sorted((store.path / ANALYSIS).glob("*.json")):
        question = json.loads(path.read_text(encoding="utf-8"))["question"]
        surface = question["surface"]
        asked.append(Question(**{**question, "surface": None if surface is None else tuple(surface)}))
    if asked:
        return tuple(analyze(store, question) for question in asked)
    try:
        return suggested(store).analyses
    except InputError:  # no outcome varies
        return ()


def _analysis_html(found: Analysis) -> Html:
    outcome = found.question.outcome
    figures = [
        figure_html(figure, f"{outcome}-{kind}".replace(".", "-"), _FIGURES[kind.partition("-")[0]])
        for kind, figure in found.figures().items()
    ]
    notes = [element("p", element("small", note)) for note in found.notes]
    return section(f"Analysis of {outcome}", element("div", *figures, class_="figures"), *notes)


def _imputed(store: Store) -> float | None:
    """Return the share of filled-in data of the base world, if the base is in the library."""
    base = store.spec.base[0]
    return world_of(load(base)).imputed_share() if base in library() else None


def _provenance(store: Store) -> Html:
    rows = [("identity", store.manifest.identity), *store.manifest.context.items()]
    rows += [
        (key, value if isinstance(value, str) else json.dumps(value))
        for key, value in store.manifest.provenance.items()
    ]
    command = store.manifest.provenance.get("command")
    return provenance_html(
        rows, [command] if isinstance(command, str) else ["aiblocs sweep SPEC.yaml --resume"]
    )
