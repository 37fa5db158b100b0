"""What a sweep teaches, as one call: every analysis of several outcomes, figures, and one report."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import InputError
from sim.sweep.analysis.analyze import Analysis, write_analysis
from sim.sweep.analysis.analyze import analyze as answer
from sim.sweep.analysis.question import Question
from sim.sweep.crate import describe_sweep
from sim.sweep.folder import write_atomically
from sim.sweep.reading import Store, open_store
from sim.sweep.sources import spread_sources

ANALYSIS = "analysis"
REPORT = "report.html"
_MOST = 3
"""Outcomes that are looked at unless some are named."""


@dataclass(frozen=True, eq=False)
class Insights:
    """Answers about several outcomes of a sweep.

    ``store`` : the sweep; ``analyses`` : one per outcome, in the order asked
    """

    store: Store
    analyses: tuple[Analysis, ...]

    def save(self, folder: str | Path | None = None) -> Path:
        """Write figures (PNG, SVG) and numbers (JSON) into ``analysis``, and ``report.html``: one self-contained page.

        Parameters
        ----------
        folder
            Where both go; default: the folder of the sweep.

        Returns
        -------
        Path
            The report.

        Raises
        ------
        DiskFull, InputError, AiblocsError
            If the folder cannot be written.
        """
        from sim.report.sweep import page_of

        place = self.store.path if folder is None else Path(folder)
        for analysis in self.analyses:
            write_analysis(analysis, place / ANALYSIS)
        target = place / REPORT
        write_atomically(target, page_of(self.store, self.analyses).encode())
        if place == self.store.path:
            describe_sweep(place, self.store.manifest)
        return target


def analyze(
    sweep: Store | str | Path,
    outcomes: Sequence[str] | None = None,
    *,
    level: float | None = None,
    above: bool = True,
    surface: tuple[str, str] | None = None,
    seed: int = 1,
) -> Insights:
    """Answer what a finished sweep was made for, with every analysis that its design allows.

    The effect of every factor in every future, Sobol indices (``sobol``), Morris effects (``morris``), the response
    surface of two levers with its tipping line, scenario discovery, convergence in replicates, and the split of the
    variance into what is varied, estimated coefficients, country effects and chance (some more futures are computed
    for it).

    Parameters
    ----------
    sweep
        What `sim.sweep` returned, or its folder.
    outcomes
        Names of outcomes; default: those that the specification names, else shares of the blocs; three at
        most.
    level
        Where an outcome tips; default: one half for shares that lie on both sides of it, else the median of the
        samples' means.
    above
        Whether scenario discovery looks for runs at or above the level, or for those below.
    surface
        The two levers of the response surface; default: the two that move the outcome most.
    seed
        Of bootstrap intervals.

    Raises
    ------
    InputError
        If the folder is no finished sweep, or an outcome or a lever does not exist.
    """
    store = sweep if isinstance(sweep, Store) else open_store(sweep)
    names = tuple(outcomes) if outcomes else _chosen(store)
    return answers(store, [Question(name, level, above, surface) for name in names], seed=seed)


def answers(store: Store, questions: Sequence[Question], *, seed: int = 1) -> Insights:
    """Answer several questions about a sweep; see `analyze`."""
    return Insights(store, _with_sources(store, [answer(store, one, seed=seed) for one in questions], seed))


def _with_sources(store: Store, analyses: Sequence[Analysis], seed: int) -> tuple[Analysis, ...]:
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


def _chosen(store: Store) -> tuple[str, ...]:
    """Return outcomes worth a look: shares of world GDP, else the first ones that vary."""
    numbers = [field.name for field in store.schema if str(field.type) == "double"]
    named = store.spec.outcomes is not None
    first = numbers if named else [name for name in numbers if name.startswith(("bloc.gdp", "bloc.count"))]
    varying = [name for name in first if not name.endswith(".mean") and np.ptp(store.outcome(name)) > 0]
    if not varying:
        raise InputError(f"{store.path}: no outcome varies; name one with --outcome")
    return tuple(varying[:_MOST])
