"""Several outcomes of a sweep at once: computed anew, or read from its folder."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from sim.errors import InputError
from sim.sensitivity.analyze import Analysis, analyze
from sim.sensitivity.kept import read_analysis
from sim.sensitivity.question import Question
from sim.sensitivity.variance_sources import spread_sources
from sim.sweeps.folder import SweepFolder

ANALYSIS = "analysis"
"""Folder of figures and numbers within that of a sweep."""

_MOST = 3
"""Outcomes that are looked at unless some are named."""


def analyze_outcomes(
    store: SweepFolder, questions: Sequence[Question], *, seed: int = 1
) -> tuple[Analysis, ...]:
    """Return one analysis for every question about a sweep, in their order, with the variance by source.

    Raises
    ------
    InputError
        As `sim.sensitivity.analyze.analyze`.
    """
    return _with_sources(store, [analyze(store, one, seed=seed) for one in questions], seed)


def _with_sources(store: SweepFolder, analyses: Sequence[Analysis], seed: int) -> tuple[Analysis, ...]:
    """Split the variance by source where the futures can be computed for it; say why where they cannot."""
    try:
        found = spread_sources(store, [analysis.question.outcome for analysis in analyses], seed=seed)
    except InputError as error:
        note = f"country effects and chance are not told apart: {error}"
        return tuple(dataclasses.replace(one, notes=(*one.notes, note)) for one in analyses)
    split = []
    for one in analyses:
        sources = found.get(one.question.outcome)
        notes = tuple(note for note in one.notes if sources is None or not note.startswith("no variance"))
        variance = one.variance if sources is None else None
        split.append(dataclasses.replace(one, variance=variance, sources=sources, notes=notes))
    return tuple(split)


def kept_analyses(store: SweepFolder) -> tuple[Analysis, ...]:
    """Return the analyses in the folder of a sweep; without any, those that suggest themselves.

    What was analysed before the sweep grew is asked anew. Empty if no outcome varies.
    """
    files = sorted((store.path / ANALYSIS).glob("*.json"))
    kept = [found for path in files if (found := read_analysis(path)) is not None]
    record = store.manifest.outcomes
    try:
        if not kept:
            return analyze_outcomes(store, [Question(name) for name in default_outcomes(store)])
        old = [one.question for one in kept if record is None or one.outcomes_sha256 != record.sha256]
        anew = analyze_outcomes(store, old) if old else ()
    except InputError:
        return ()
    return tuple({one.question.outcome: one for one in (*kept, *anew)}.values())


def default_outcomes(store: SweepFolder) -> tuple[str, ...]:
    """Return outcomes worth a look: shares of world GDP, else the first ones that vary."""
    numbers = [field.name for field in store.schema if str(field.type) == "double"]
    named = store.spec.outcomes is not None
    first = numbers if named else [name for name in numbers if name.startswith(("bloc.gdp", "bloc.count"))]
    varying = [name for name in first if not name.endswith(".mean") and np.ptp(store.outcome(name)) > 0]
    if not varying:
        raise InputError(f"{store.path}: no outcome varies; name one with --outcome")
    return tuple(varying[:_MOST])
