"""The report of a sweep: what was varied, what came of it, and what the analyses in its folder say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.labels.levers import factor_meaning, factor_words
from sim.report.html import Html, element, listed, page, section, table
from sim.report.origins import answer_html, header_html, limits_html, provenance_html
from sim.report.svg import figure_html
from sim.scenario.library import library
from sim.scenario.loader import load, world_of
from sim.sensitivity.analyze import Analysis
from sim.sensitivity.findings import findings, headline
from sim.sensitivity.insights import ANALYSIS, analyze_outcomes, default_outcomes
from sim.sensitivity.question import Question
from sim.sweeps.folder import SweepFolder, open_folder

_FIGURES = {
    "effects": "What each factor does to the outcome when it goes through its range, the others being what they are.",
    "sobol": "Share of the variance between samples that each factor explains, alone and with its interactions.",
    "morris": "Mean effect of moving a factor through its range, and how much that effect varies.",
    "surface": "The mean outcome over two levers, and the line where it tips.",
    "box": "Scenario discovery: how many of the cases of interest a box of factors holds, and how pure it is.",
    "convergence": "How sure means and differences are with so many replicates.",
    "sources": "Where the differences between single futures come from.",
    "variance": "Where the variance comes from.",
}
_MOST = 40


def sweep_page(place: Path) -> str:
    """Return the report of a sweep as one HTML page."""
    store = open_folder(place)
    return page_of(store, _analyses(store) if store.complete else ())


def page_of(store: SweepFolder, analyses: Sequence[Analysis]) -> str:
    """Return the report of a sweep as one HTML page, with these analyses."""
    done, chunks = store.progress
    runs = store.samples * store.replicates
    facts = [
        f"{store.samples:,} samples × {store.replicates:,} replicates = {runs:,} futures",
        f"design: {(store.spec.design.method or 'table').replace('_', ' ')}",
        f"seed {store.spec.design.seed}",
    ]
    question = f"What moves the outcomes of {', '.join(store.spec.base)}, and by how much?"
    outcomes = _outcomes(store) if store.complete else {}
    unfinished = (
        [] if store.complete else [f"Not finished: {done} of {chunks} chunks are computed; resume the sweep."]
    )
    return page(
        f"{store.spec.name} – aiblocs",
        header_html(store.spec.name, question, store.spec.description, facts),
        answer_html([*unfinished, *answer(analyses, bool(outcomes))]),
        *(_analysis_html(found) for found in analyses),
        section("What came of it", _outcome_table(store, outcomes)),
        section("What was varied", _factors(store)),
        limits_html(_imputed(store), _notes(store)),
        _provenance(store),
    )


Runs = NDArray[np.float64]


def _outcomes(store: SweepFolder) -> dict[str, Runs]:
    """Return every outcome that is one number per run, float64[samples, replicates]."""
    found = {}
    for name in store.outcome_names[:_MOST]:
        try:
            found[name] = store.outcome(name)
        except InputError:  # a list per run, such as a path over time
            continue
    return found


def answer(analyses: Sequence[Analysis], varies: bool) -> list[str]:
    """Return what the sweep says: a sentence about each outcome."""
    if varies and not analyses:
        return ["None of the outcomes varies: what was varied moves nothing."]
    said = []
    for analysis in analyses:
        said.append(f"{analysis.say(analysis.question.outcome)}: {headline(analysis, analysis.say)}.")
    return said


def _notes(store: SweepFolder) -> list[str]:
    return [
        str(note)[:1].upper() + str(note)[1:] + "." for note in store.manifest.provenance.get("notes", ())
    ]


def _factors(store: SweepFolder) -> Html:
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
        rows.append((factor_words(name), kind, shown, factor_meaning(name), element("code", name)))
    return table(("Factor", "Kind", "Values", "Meaning", "Name in files and commands"), rows)


def _outcome_table(store: SweepFolder, outcomes: dict[str, Runs]) -> Html:
    rows = []
    for name, runs in outcomes.items():
        means = runs.mean(axis=1)
        low, high = np.quantile(runs, (0.05, 0.95))
        rows.append(
            (
                element("code", name),
                store.meaning(name) if store.meaning(name) != name else "",
                f"{runs.mean():.3g}",
                f"{means.min():.3g} – {means.max():.3g}",
                f"{low:.3g} – {high:.3g}",
            )
        )
    return table(("Outcome", "Meaning", "Mean", "Means of samples", "90 % of all futures"), rows, numbers=3)


def _analyses(store: SweepFolder) -> Sequence[Analysis]:
    """Answer the questions that were asked of the sweep before, else those that suggest themselves."""
    asked = []
    for path in sorted((store.path / ANALYSIS).glob("*.json")):
        question = json.loads(path.read_text(encoding="utf-8"))["question"]
        surface = question["surface"]
        asked.append(Question(**{**question, "surface": None if surface is None else tuple(surface)}))
    try:
        questions = asked or [Question(name) for name in default_outcomes(store)]
        return analyze_outcomes(store, questions).analyses
    except InputError:  # no outcome varies
        return ()


def _analysis_html(found: Analysis) -> Html:
    outcome = found.question.outcome
    figures = [
        figure_html(figure, f"{outcome}-{kind}".replace(".", "-"), _FIGURES[kind.partition("-")[0]])
        for kind, figure in found.figures().items()
    ]
    notes = [element("p", element("small", note)) for note in found.notes]
    said = listed(f"{sentence}." for sentence in findings(found, found.say))
    return section(found.say(outcome), said, element("div", *figures, class_="figures"), *notes)


def _imputed(store: SweepFolder) -> float | None:
    """Return the share of filled-in data of the base world, if the base is in the library."""
    base = store.spec.base[0]
    return world_of(load(base)).imputed_share() if base in library() else None


def _provenance(store: SweepFolder) -> Html:
    rows = [("identity", store.manifest.identity), *store.manifest.context.items()]
    rows += [
        (
            key,
            value if isinstance(value, str) else ", ".join(f"{name} {text}" for name, text in value.items()),
        )
        for key, value in store.manifest.provenance.items()
        if isinstance(value, str) or key == "tools"  # the rest is said elsewhere, or in the manifest
    ]
    command = store.manifest.provenance.get("command", "")
    return provenance_html(rows, ["aiblocs verify DIR", str(command)])
