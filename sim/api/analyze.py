"""Analysis of a sweep as one call: every analysis of several outcomes, figures, and one report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.arguments import check_arguments
from sim.report.html import page
from sim.report.sweep import sweep_document
from sim.results.crate import describe
from sim.results.files import write_atomically
from sim.results.labelled import check_choice
from sim.results.manifest import REPORT
from sim.results.shown import shown_html
from sim.sensitivity.analyze import Analysis
from sim.sensitivity.kept import write_analysis
from sim.sensitivity.question import Question
from sim.sensitivity.sweep_analysis import ANALYSIS, analyze_outcomes, default_outcomes
from sim.sweeps.folder import SweepFolder, open_folder

if TYPE_CHECKING:
    from sim.figures.drawing import Drawing


@dataclass(frozen=True, eq=False, repr=False)
class SweepAnalysis:
    """Analyses of several outcomes of a sweep, which can be kept as figures, numbers and one page.

    Attributes
    ----------
    store : SweepFolder
        The sweep.
    analyses : tuple of Analysis
        One per outcome, in the order asked.
    """

    store: SweepFolder
    analyses: tuple[Analysis, ...]

    def __repr__(self) -> str:
        """Say on three lines what was analysed, what moves the first outcome most, and how to go on."""
        names = ", ".join(one.question.outcome for one in self.analyses)
        first = self.analyses[0]
        effects = () if first.effects is None else first.effects.effects
        most = (
            f"{effects[0].name} moves {first.question.outcome} most"
            if effects
            else "no effects: see .analyses[0].notes"
        )
        return "\n".join(
            (
                f"SweepAnalysis of {self.store.spec.name}: {names}",
                f"  {most}",
                "  .plot(), .analyses has the numbers, .save() keeps them with a page",
            )
        )

    def _repr_html_(self) -> str:
        return "\n".join([shown_html(repr(self)), *(one._repr_html_() for one in self.analyses)])

    def plot(self, outcome: str | None = None, figure: str | None = None) -> Drawing:
        """Draw one of the results of an outcome; default: the effects on the first.

        Raises
        ------
        InputError
            If the outcome was not analysed, or there is no such figure.
        """
        by_name = {one.question.outcome: one for one in self.analyses}
        wanted = next(iter(by_name)) if outcome is None else outcome
        return by_name[check_choice("outcome", wanted, tuple(by_name))].plot(figure)

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
        place = self.store.path if folder is None else Path(folder)
        for analysis in self.analyses:
            write_analysis(analysis, place / ANALYSIS)
        target = place / REPORT
        write_atomically(target, page(sweep_document(self.store, self.analyses)).encode())
        if place == self.store.path:
            describe(place, self.store.manifest)
        return target


def analyze(
    sweep: SweepFolder | str | Path,
    outcomes: Sequence[str] | None = None,
    *,
    level: float | None = None,
    above: bool = True,
    surface: tuple[str, str] | None = None,
    seed: int = 1,
) -> SweepAnalysis:
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
    check_arguments(sweep=sweep, outcomes=outcomes, level=level, above=above, surface=surface, seed=seed)
    store = sweep if isinstance(sweep, SweepFolder) else open_folder(sweep)
    names = tuple(outcomes) if outcomes else default_outcomes(store)
    return SweepAnalysis(
        store, analyze_outcomes(store, [Question(name, level, above, surface) for name in names], seed=seed)
    )
