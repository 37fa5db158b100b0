"""The chain from participation to the files that scenarios read: ``aiblocs calibrate``.

Coefficients, dynamics, joint draws constrained by hindcasts of the past, and the reference offer. Deterministic:
the same tables give the same bytes.

An estimate may be made on data to any day. Those to a day before the first cut-off see covariates of the year before and
joining dates up to it. Those to a later day keep the dynamics of the first: what opened since was signed within days and
tells nothing of how often states reconsider or what leaving costs.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.calibration.dates import CUTOFF
from sim.calibration.initiatives import FAMILIES
from sim.calibration.participation import load_participation
from sim.calibration.posterior import (
    COEFFICIENTS,
    DRAWS,
    REFERENCE,
    estimate_folder,
    load_posterior,
    read_draws,
    write_draws,
)
from sim.evidence.coefficients import (
    RESAMPLES,
    SEED,
    VERSION,
    CoefficientEstimate,
    estimate_coefficients,
    write_coefficients,
)
from sim.evidence.data import EvidenceData, evidence_data
from sim.evidence.dynamics import NAMES, DynamicsFit, prior_draws
from sim.evidence.hindcast import setups_to
from sim.evidence.histories import last_quarter
from sim.evidence.history_matching import LIMIT, TOLERANCE, HistoryMatching, match
from sim.evidence.past import past_world
from sim.evidence.priors import FIRST
from sim.evidence.sampling import BEHAVIOUR, PEERS, Candidates, draw_candidates, draw_with_known_dynamics
from sim.inputs.drawn import load_estimate
from sim.types import Floats
from sim.world import World, load_world

DYNAMICS = DRAWS.with_name("dynamics.json")
CANDIDATES = 2000
KEPT = 1000
"""Draws shipped; fewer only if fewer survive."""
KEPT_DYNAMICS = (
    "the lists that opened since were signed within days: they tell who joins, not how often states reconsider, what "
    "joining and leaving cost, or what peers do. The draws of these numbers are those of the first estimate, each with new "
    "draws of the coefficients."
)
"""Why later estimates keep the dynamics of the first."""
PRIOR_CANDIDATES = 500
"""Draws from the priors alone that are put to the same test, to show what the dates tell."""

Log = Callable[[str], None]


@dataclass(frozen=True)
class Calibration:
    """The whole estimate: coefficients, dynamics, and the joint draws that survive the hindcasts.

    Attributes
    ----------
    coefficients : CoefficientEstimate
        Coefficients and the specification chosen.
    evidence : EvidenceData
        Sources.
    dynamics : DynamicsFit
        Attention, costs and peers.
    candidates : Candidates
        Joint draws before the hindcasts.
    matching, prior_matching : HistoryMatching
        Which of them survive, and which of as many draws from the priors of the dynamics.
    """

    coefficients: CoefficientEstimate
    evidence: EvidenceData
    dynamics: DynamicsFit | None
    candidates: Candidates = field(repr=False)
    matching: HistoryMatching | None
    prior_matching: HistoryMatching | None

    @property
    def cutoff(self) -> dt.date:
        """Last day whose acts it has seen."""
        return self.coefficients.cutoff

    @property
    def survivors(self) -> Floats:
        """Joint draws that the hindcasts do not rule out, float64[D, C]."""
        values = self.candidates.values
        return values if self.matching is None else values[self.matching.survives]


def calibrate(
    log: Log = lambda text: None,
    candidates: int = CANDIDATES,
    *,
    cutoff: dt.date = CUTOFF,
    prior_candidates: int = PRIOR_CANDIDATES,
    resamples: int = RESAMPLES,
) -> Calibration:
    """Estimate everything anew, without writing.

    Parameters
    ----------
    log
        Called with a line at each stage.
    candidates
        Joint draws put to the test.
    cutoff
        Last day whose acts the estimate may see, from 2022 on.
    prior_candidates
        Draws from the priors alone that are put to the same test; 0 leaves that out.
    resamples
        Bootstrap samples of countries behind the widening of the draws.

    Raises
    ------
    CutoffError
        If an outcome table holds an event after its cut-off.
    InputError
        If the outcome tables do not reach to the cut-off.
    AiblocsError
        If an optimisation finds no maximum.
    """
    log("coefficients: comparing specifications by leave-one-list-out log score")
    world = world_at(cutoff)
    participation = load_participation(world.iso3, cutoff=cutoff)
    coefficients = estimate_coefficients(world, participation, resamples)
    evidence = evidence_data(coefficients.specifications, world, participation)
    widening = {family: coefficients.widening(family) for family in FAMILIES}
    if cutoff > CUTOFF:
        log(f"dynamics: those of the estimate on data to {CUTOFF}")
        drawn = draw_with_known_dynamics(evidence, _first_dynamics(), widening, SEED)
        return Calibration(coefficients, evidence, None, drawn, None, None)
    log("dynamics: attention, costs and peers from joining dates")
    plain = evidence if cutoff == CUTOFF else evidence_data(FIRST, world, participation)
    dynamics = plain.dynamics(candidates)
    log(f"replays: {candidates} joint draws against the joining curves")
    kept = constrain(evidence, dynamics, candidates, widening)
    prior_matching = None
    if prior_candidates:
        blind = prior_draws(plain.histories, min(candidates, prior_candidates), SEED)
        prior_matching = constrain(evidence, blind, len(blind.draws), widening).matching
    return Calibration(coefficients, evidence, dynamics, kept.candidates, kept.matching, prior_matching)


def world_at(cutoff: dt.date) -> World:
    """Return the world as estimates on data to a day see it: before the first cut-off, as recorded the year before."""
    world = load_world()
    return world if cutoff >= CUTOFF else past_world(world, cutoff.year - 1)


def _first_dynamics() -> dict[str, Floats]:
    """Return the draws of peers and behaviour of the first estimate, float64[D] by name."""
    names, draws, _ = read_draws(DRAWS)
    return {name: draws[:, names.index(name)].copy() for name in (*PEERS, *BEHAVIOUR)}


@dataclass(frozen=True)
class Constrained:
    """Joint draws, and which of them survive the hindcasts."""

    candidates: Candidates = field(repr=False)
    matching: HistoryMatching


def constrain(
    evidence: EvidenceData, dynamics: DynamicsFit, count: int, widening: dict[str, Floats] | None = None
) -> Constrained:
    """Draw candidates and keep those that the past does not rule out (:mod:`sim.evidence.history_matching`).

    Parameters
    ----------
    evidence, dynamics
        Sources, and the posterior (or prior) of the dynamics.
    count
        Number of candidates, D.
    widening : dict of str to float64[P]
        By family, factors on the posterior standard deviation of each coefficient; default 1.

    Returns
    -------
    Constrained
        The candidates, float64[D, C], and which of them survive, bool[D].
    """
    factors = widening or {
        family: np.ones(len(entry.fit.coefficients)) for family, entry in evidence.estimates.items()
    }
    drawn = draw_candidates(evidence, dynamics, factors, count, SEED)
    past = setups_to(last_quarter(evidence.participation.cutoff))
    dated = [setup for setup in past if f"intercept:{setup.name}" in dynamics.names]
    hindcasts = [
        evidence.hindcast(setup, evidence.estimates[evidence.family_of(setup.name)], dynamics)
        for setup in dated
    ]
    return Constrained(drawn, match(drawn, dynamics, hindcasts, SEED))


def write_estimate(result: Calibration, folder: Path) -> list[Path]:
    """Write coefficients, dynamics and posterior draws into a folder; return the files.

    The reference offer, which the simulator computes from these, is written by `write_all`.
    """
    coefficients = write_coefficients(folder / COEFFICIENTS.name, result.coefficients)
    draws = write_draws(folder / DRAWS.name, result.candidates.names, result.survivors[:KEPT], VERSION)
    dynamics = folder / DYNAMICS.name
    dynamics.write_text(json.dumps(dynamics_record(result), indent=1) + "\n", encoding="utf-8")
    return [coefficients, dynamics, draws]


def write_all(result: Calibration, log: Log = lambda text: None) -> list[Path]:
    """Write every file of the package that comes from an estimate; return the files.

    Raises
    ------
    InputError
        If the package holds no estimate on data to this day.
    """
    from sim.evidence.reference_offer import write_reference

    folder = estimate_folder(result.cutoff)
    folder.mkdir(exist_ok=True)
    written = write_estimate(result, folder)
    load_posterior.cache_clear()
    log("reference offer: what the baseline's blocs offer at the start")
    written.append(write_reference(folder / REFERENCE.name, result.cutoff))
    load_posterior.cache_clear()
    load_estimate.cache_clear()
    return written


def dynamics_record(result: Calibration) -> dict[str, Any]:
    """Return mode, intervals and diagnostics of the dynamics as plain values: the content of the file."""
    fit, matching, prior = result.dynamics, result.matching, result.prior_matching
    if fit is None or matching is None:
        return {"version": VERSION, "of": CUTOFF.isoformat(), "because": KEPT_DYNAMICS}
    attention = {"between_openings": fit.quarterly_attention,
                 "with_openings": fit.standing_attention(result.evidence.histories, SEED)}  # fmt: skip
    at = fit.names.index("join_cost")
    return {
        "version": VERSION,
        "mode": {name: _round(value) for name, value in zip(fit.names, fit.mode, strict=True)},
        "interval_90": {name: [_round(value) for value in fit.interval(name)] for name in fit.names},
        "quarterly_attention": {
            name: [_round(value) for value in (draws.mean(), *np.quantile(draws, [0.05, 0.95]))]
            for name, draws in attention.items()
        },
        "log_likelihood": _round(fit.log_likelihood),
        "effective_draws": _round(fit.effective),
        "correlation_with_join_cost": {
            name: _round(fit.correlation[at, n]) for n, name in enumerate(fit.names) if name != "join_cost"
        },
        "not_identified": "join_cost and the intercept of a list enter as a difference; only the blocs, whose "
        "intercept is fixed by their members at the cut-off, tell them apart. attention and exp(-join_cost) are a "
        "product wherever joining is rare.",
        "matching": {
            "limit": LIMIT,
            "tolerance": TOLERANCE,
            "replays": list(matching.hindcasts),
            "candidates": len(matching.survives),
            "survivors": int(matching.survives.sum()),
            "ruled_out_by": matching.ruled_out_by(),
            **(
                {}
                if prior is None
                else {
                    "prior_candidates": len(prior.survives),
                    "prior_survivors": int(prior.survives.sum()),
                    "prior_ruled_out_by": prior.ruled_out_by(),
                }
            ),
        },
        "histories": {
            entry.name: {
                "joined": int(entry.joins.sum()),
                "left": int(entry.leaves.sum()),
                "quarters": len(entry.share),
            }
            for entry in result.evidence.histories
        },
        "shared": list(NAMES),
    }


def _round(value: float) -> float:
    return float(f"{float(value):.4g}")
