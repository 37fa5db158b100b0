"""Validation: every backtest, hindcast and replication in one table, with what failed by name.

`run_validation` recomputes everything it reports; nothing is read from an earlier report.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sim.calibration.initiatives import FAMILIES
from sim.evidence.backtest import Backtests, Coverage, Row, run_backtests
from sim.evidence.calibrate import Constrained, constrain
from sim.evidence.calibration_check import COEFFICIENT_TOLERANCE, shipped_distance
from sim.evidence.clubs import KINDS, ClubKind, InvitationScore, score_invitations
from sim.evidence.coefficients import SEED, select
from sim.evidence.data import EvidenceData, load_evidence
from sim.evidence.diagnostics import bootstrap
from sim.evidence.dynamics import DynamicsFit, prior_draws
from sim.evidence.family import family_data
from sim.evidence.hindcast_tests import HindcastTest, baseline_rows, curve_coverage, run_hindcasts
from sim.evidence.openings import RUNS as OPENING_RUNS
from sim.evidence.openings import OpeningScore, score_openings
from sim.evidence.out_of_time import OutOfTime, score_out_of_time
from sim.evidence.priors import name_of
from sim.evidence.residuals import LargestError, ResidualGroup, largest_errors, residual_groups
from sim.evidence.simulation_check import Recovery, recover_item_response
from sim.evidence.two_estimates import TwoEstimates, compare_estimates
from sim.registry.parameters import RULES
from sim.replications import Replication, run_replications
from sim.types import Brief

Log = Callable[[str], None]
Progress = Callable[[int, int], None]

STAGES = (
    "gathering: world, lists, standing estimates, joining histories",
    "backtests: every list and every region from the others",
    "replays: the simulator from 2013 and from 2020 on, under four decision rules",
    "dynamics: joining dates, and the draws that survive the past",
    "estimator: resampled countries, parameters recovered from simulated data",
    "out of time: the frozen register of forecasts on the lists that opened since",
    "openings: who signs an organization when the simulator opens it",
    "two estimates: that of today beside the first",
    "replications: published results computed again",
)
"""What is done, in this order."""

BELT_YEARS = 8
GOOD_COVERAGE = (0.8, 0.97)
"""Measured coverage of 90 % intervals that counts as good."""
ENOUGH_CASES = 30


@dataclass(frozen=True)
class Sizes:
    """How much is computed: simulated pasts, draws of the dynamics (behind hindcasts, and in all), and so on."""

    runs: int = 500
    hindcast_draws: int = 500
    draws: int = 1000
    candidates: int = 600
    resamples: int = 60
    recoveries: int = 60


QUICK = Sizes(runs=100, hindcast_draws=100, draws=200, candidates=60, resamples=10, recoveries=10)
"""Enough for a first look; intervals of this size are rough."""


@dataclass(frozen=True, repr=False)
class Validation(Brief):
    """Everything that the validation report shows.

    Attributes
    ----------
    backtests, hindcasts, replay_baselines
        Out-of-sample scores.
    selection
        Leave-one-list-out log score of every declared specification.
    dynamics
        Posterior from all histories.
    constrained
        How many draws survive the hindcasts, from the posterior and from the prior.
    resampled
        Per family: spread over resampled countries, over the Laplace spread, by term.
    recovery
        Simulation-based calibration of the estimator on the real design, per family.
    shipped_distance
        Largest difference of the estimates from those that scenarios use, posterior standard deviations.
    invitations
        Selective lists, each from the others.
    out_of_time
        The frozen register of forecasts on the lists that opened since.
    openings
        Launches of organizations in the simulator.
    estimates
        The estimate of today beside the first.
    largest_errors, lessons, replications
        What failed, what it has in common, and published results computed again.
    """

    evidence: EvidenceData = field(repr=False)
    backtests: Backtests = field(repr=False)
    hindcasts: tuple[HindcastTest, ...] = field(repr=False)
    hindcast_baselines: tuple[Row, ...] = field(repr=False)
    selection: dict[str, dict[str, float]] = field(repr=False)
    dynamics: DynamicsFit = field(repr=False)
    constrained: tuple[Constrained, Constrained]
    resampled: dict[str, dict[str, float]]
    recovery: dict[str, Recovery] = field(repr=False)
    shipped_distance: float
    invitations: tuple[InvitationScore, ...]
    out_of_time: OutOfTime = field(repr=False)
    openings: tuple[OpeningScore, ...] = field(repr=False)
    estimates: TwoEstimates = field(repr=False)
    largest_errors: tuple[LargestError, ...] = field(repr=False)
    residual_groups: tuple[ResidualGroup, ...]
    replications: tuple[Replication, ...] = field(repr=False)

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """Measured coverage of all 90 % intervals."""
        known = []
        for family, recovery in self.recovery.items():
            cells = recovery.coverage.size * len(recovery.truth)
            inside = round(float(recovery.coverage.mean()) * cells)
            known.append(Coverage(f"coefficients recovered from simulated data, {family}", inside, cells))
        return (*known, *self.backtests.coverage, *curve_coverage(self.hindcasts))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every score of every method on every part."""
        return (*self.backtests.rows, *(test.row() for test in self.hindcasts), *self.hindcast_baselines)

    def promises(self) -> dict[str, bool]:
        """Return what must hold, by name, and whether it does: if not, the validation has failed."""
        belt = next(test for test in self.hindcasts if test.setup.name == "BRI" and test.rule == RULES[0])
        return {
            "published results are reproduced": all(case.passed for case in self.replications),
            "the tables give the coefficients that scenarios use": max(
                self.shipped_distance, self.estimates.distance
            )
            <= COEFFICIENT_TOLERANCE,
            "the joining curve of the Belt and Road lies in its 90 % band in at least 8 of 10 years": bool(
                belt.curve.inside.sum() >= BELT_YEARS
            ),
        }

    def goals(self) -> dict[str, bool]:
        """Return what a good model would reach, by name, and whether this one does."""
        met = {}
        for family in FAMILIES:
            better = self.backtests.beaten("list", family, "auc")
            met[f"an unseen {family} list is ranked better than by every baseline (mean AUC)"] = all(
                better.values()
            )
        for opening in (one for one in self.openings if one.opening.width == 1.0):
            met[
                f"the number of outsiders that signed {opening.opening.initiative} lies in the simulated 90 % band"
            ] = opening.inside
        low, high = GOOD_COVERAGE
        for goal in self.estimates.goals:
            met[f"{goal.what}: {goal.score} {goal.bound}"] = goal.met
        for one in self.coverage:
            met[f"90 % intervals are right ({100 * low:.0f} to {100 * high:.0f} % measured): {one.what}"] = (
                bool(low <= one.share <= high) if one.cases >= ENOUGH_CASES else one.share >= low
            )  # few cases cannot be too wide
        return met

    def as_json(self) -> dict[str, Any]:
        """Return the headline and the table as plain values."""
        return {
            "promises": self.promises(),
            "goals": self.goals(),
            "specification": name_of(self.evidence.specifications),
            "rows": [row.__dict__ for row in self.rows],
            "coverage": [{"what": c.what, "inside": c.inside, "cases": c.cases} for c in self.coverage],
            "out_of_time": [one.to_dict() for one in self.out_of_time.scored],
            "openings": [one.to_dict() for one in self.openings],
            "estimates": [goal.__dict__ for goal in self.estimates.goals],
            "misses": [{"initiative": m.initiative, "iso3": m.iso3, "joined": m.joined,
                        "probability": m.probability, "text": m.text} for m in self.largest_errors],
            "lessons": [lesson.text for lesson in self.residual_groups],
            "replications": [{"name": r.name, "quantity": r.quantity, "passed": r.passed, "deviation": r.deviation,
                              "tolerance": r.tolerance} for r in self.replications],
        }  # fmt: skip


def run_validation(
    sizes: Sizes | None = None, log: Log = lambda text: None, progress: Progress | None = None
) -> Validation:
    """Run every test of the evidence.

    Parameters
    ----------
    sizes
        How much to compute; default: the report's.
    log
        Called with a line at each stage.
    progress
        Called with (stages done, stages); what it raises ends the validation.
    """
    amount = sizes or Sizes()
    stages = iter(range(len(STAGES)))

    def begin() -> None:
        number = next(stages)
        if progress is not None:
            progress(number, len(STAGES))
        log(STAGES[number])

    begin()
    evidence = load_evidence()
    begin()
    selection = select(evidence.world, evidence.participation)
    backtests = run_backtests(evidence, SEED)
    begin()
    hindcasts = run_hindcasts(evidence, amount.runs, SEED, amount.hindcast_draws)
    begin()
    dynamics = evidence.dynamics(amount.draws)
    blind = prior_draws(evidence.histories, amount.candidates, SEED)
    both = (constrain(evidence, dynamics, amount.candidates), constrain(evidence, blind, amount.candidates))
    begin()
    resampled, recovery = _estimator_checks(evidence, amount)
    invitations = [kind for kind in KINDS if kind.selective]
    begin()
    frozen = score_out_of_time(evidence)
    begin()
    openings = score_openings(OPENING_RUNS, SEED)
    begin()
    estimates = compare_estimates(evidence, backtests)
    begin()
    baselines = tuple(baseline_rows(evidence, hindcasts, backtests.lists))
    found = Validation(
        evidence, backtests, tuple(hindcasts), baselines, selection, dynamics, both, resampled, recovery,
        shipped_distance(evidence.estimates), _invitations(evidence, invitations), frozen, openings, estimates,
        tuple(largest_errors(evidence, backtests.lists)), tuple(residual_groups(evidence, backtests.lists)),
        tuple(run_replications()),
    )  # fmt: skip
    if progress is not None:
        progress(len(STAGES), len(STAGES))
    return found


def _invitations(evidence: EvidenceData, kinds: list[ClubKind]) -> tuple[InvitationScore, ...]:
    return tuple(score for kind in kinds for score in score_invitations(evidence, kind))


def _estimator_checks(
    evidence: EvidenceData, sizes: Sizes
) -> tuple[dict[str, dict[str, float]], dict[str, Recovery]]:
    resampled, recovery = {}, {}
    for family in FAMILIES:
        source = family_data(evidence.world, evidence.participation, family, evidence.specifications[family])
        spread = bootstrap(source.data, source.prior, sizes.resamples, SEED).std(axis=0, ddof=1)
        ratio = spread / evidence.estimates[family].fit.coefficient_sd
        resampled[family] = dict(zip(source.design.terms, (float(value) for value in ratio), strict=True))
        recovery[family], _ = recover_item_response(
            source.data.terms, len(source.data.y), source.prior, sizes.recoveries, SEED
        )
    return resampled, recovery
