"""What a sweep teaches, as one call: every analysis of several outcomes, figures, and one report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import InputError
from sim.sweep.analysis.analyze import Analysis, Question, write_analysis
from sim.sweep.analysis.analyze import analyze as answer
from sim.sweep.folder import explained, write_atomically
from sim.sweep.reading import Store, open_store
from sim.sweep.report import report_html

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

    def report(self) -> str:
        """Return one self-contained HTML page."""
        return report_html(self.store, self.analyses)

    def save(self, folder: str | Path | None = None) -> Path:
        """Write ``report.html`` and the folder ``analysis`` (PNG, SVG, JSON); return the path of the report.

        Parameters
        ----------
        folder
            Where; default: the folder of the sweep.

        Raises
        ------
        DiskFull, InputError, AiblocsError
            If the folder cannot be written.
        """
        target = self.store.path if folder is None else Path(folder)
        with explained(target):
            target.mkdir(parents=True, exist_ok=True)
        for analysis in self.analyses:
            write_analysis(analysis, target / ANALYSIS)
        write_atomically(target / REPORT, self.report().encode())
        return target / REPORT


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

    Sobol indices (``sobol``), Morris effects (``morris``), the response surface of two levers with its tipping
    line, scenario discovery, convergence in replicates, and the split of the variance.

    Parameters
    ----------
    sweep
        What `sim.sweep` returned, or its folder.
    outcomes
        Names of outcomes; default: those that the specification names, else shares of world GDP, three at most.
    level
        Where an outcome tips; default: its median over all runs.
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
    asked = [Question(name, level, above, surface) for name in names]
    return Insights(store, tuple(answer(store, question, seed=seed) for question in asked))


def _chosen(store: Store) -> tuple[str, ...]:
    """Return outcomes worth a look: shares of world GDP, else the first ones that vary."""
    numbers = [field.name for field in store.outcomes.schema if str(field.type) == "double"]
    named = store.spec.outcomes is not None
    first = numbers if named else [name for name in numbers if name.startswith(("bloc.gdp", "bloc.count"))]
    varying = [name for name in first if not name.endswith(".mean") and np.ptp(store.outcome(name)) > 0]
    if not varying:
        raise InputError(f"{store.path}: no outcome varies; name one with --outcome")
    return tuple(varying[:_MOST])
