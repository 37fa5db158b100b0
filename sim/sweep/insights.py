"""What a sweep teaches, as one call: every analysis of several outcomes, figures, and one report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import InputError
from sim.sweep.analysis.analyze import Analysis, Question, write_analysis
from sim.sweep.analysis.analyze import analyze as answer
from sim.sweep.analysis.boxes import limits_text
from sim.sweep.folder import write_atomically
from sim.sweep.reading import Store, open_store

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

    def save(self) -> Path:
        """Write figures (PNG, SVG) and numbers (JSON) into ``analysis``, and ``report.html``: one self-contained page.

        Both go into the folder of the sweep.

        Returns
        -------
        Path
            The report.

        Raises
        ------
        DiskFull, InputError, AiblocsError
            If the folder cannot be written.
        """
        from sim.report.sweep import sweep_page

        for analysis in self.analyses:
            write_analysis(analysis, self.store.path / ANALYSIS)
        target = self.store.path / REPORT
        write_atomically(target, sweep_page(self.store.path).encode())
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

    Sobol indices (``sobol``), Morris effects (``morris``), the response surface of two levers with its
    tipping line, scenario discovery, convergence in replicates, and the split of the variance.

    Parameters
    ----------
    sweep
        What `sim.sweep` returned, or its folder.
    outcomes
        Names of outcomes; default: those that the specification names, else shares of the blocs; three at
        most.
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


def findings(analysis: Analysis) -> list[str]:
    """Return what an analysis says, a sentence each, the most important first."""
    outcome, level = analysis.question.outcome, analysis.question.level
    said: list[str] = []
    if analysis.sobol is not None:
        top = _first(analysis.sobol.total, analysis.sobol.names)
        said.append(
            "Of the variance of the sample means go with " + ", ".join(f"{n} {v:.0%}" for n, v in top)
        )
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
        said.append(
            "The spread over runs comes from " + ", ".join(f"{name} {share:.0%}" for name, share in pairs)
        )
    if analysis.convergence is not None:
        found = analysis.convergence
        verdict = "enough" if found.enough else "not enough"
        said.append(
            f"{int(found.replicates[-1])} replicates are {verdict} for every sample's mean; {found.needed} are needed"
        )
    return said


def _first(
    values: np.ndarray[tuple[int], np.dtype[np.float64]], names: Sequence[str]
) -> list[tuple[str, float]]:
    order = np.argsort(-values, kind="stable")[:3]
    return [(names[j], float(values[j])) for j in order]


def _chosen(store: Store) -> tuple[str, ...]:
    """Return outcomes worth a look: shares of world GDP, else the first ones that vary."""
    numbers = [field.name for field in store.outcomes.schema if str(field.type) == "double"]
    named = store.spec.outcomes is not None
    first = numbers if named else [name for name in numbers if name.startswith(("bloc.gdp", "bloc.count"))]
    varying = [name for name in first if not name.endswith(".mean") and np.ptp(store.outcome(name)) > 0]
    if not varying:
        raise InputError(f"{store.path}: no outcome varies; name one with --outcome")
    return tuple(varying[:_MOST])
