"""The chain from participation to the files that scenarios read: ``aiblocs calibrate``.

Coefficients, dynamics, joint draws constrained by hindcasts of the past, and the reference offer. Deterministic:
the same tables give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.calibration.initiatives import FAMILIES
from sim.calibration.posterior import COEFFICIENTS, DRAWS, REFERENCE, load_posterior, write_draws
from sim.evidence.coefficients import (
    SEED,
    VERSION,
    CoefficientEstimate,
    estimate_coefficients,
    write_coefficients,
)
from sim.evidence.data import EvidenceData, evidence_data
from sim.evidence.dynamics import NAMES, DynamicsFit, prior_draws
from sim.evidence.hindcast import SETUPS
from sim.evidence.history_matching import LIMIT, TOLERANCE, HistoryMatching, match
from sim.evidence.sampling import Candidates, draw_candidates
from sim.inputs.drawn import load_estimate
from sim.types import Floats

DYNAMICS = DRAWS.with_name("dynamics.json")
CANDIDATES = 2000
KEPT = 1000
"""Draws shipped; fewer only if fewer survive."""
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
    dynamics: DynamicsFit
    candidates: Candidates = field(repr=False)
    matching: HistoryMatching
    prior_matching: HistoryMatching


def calibrate(log: Log = lambda text: None, candidates: int = CANDIDATES) -> Calibration:
    """Estimate everything anew, without writing.

    Parameters
    ----------
    log
        Called with a line at each stage.
    candidates
        Joint draws put to the test.

    Raises
    ------
    CutoffError
        If the outcome tables hold a later event.
    AiblocsError
        If an optimisation finds no maximum.
    """
    log("coefficients: comparing specifications by leave-one-list-out log score")
    coefficients = estimate_coefficients()
    log("dynamics: attention, costs and peers from joining dates")
    evidence = evidence_data(coefficients.specification)
    dynamics = evidence.dynamics(candidates)
    log(f"replays: {candidates} joint draws against the joining curves")
    widening = {family: coefficients.widening(family) for family in FAMILIES}
    kept = constrain(evidence, dynamics, candidates, widening)
    blind = prior_draws(evidence.histories, min(candidates, PRIOR_CANDIDATES), SEED)
    without_dates = constrain(evidence, blind, len(blind.draws), widening)
    return Calibration(
        coefficients, evidence, dynamics, kept.candidates, kept.matching, without_dates.matching
    )


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
    dated = [setup for setup in SETUPS if f"intercept:{setup.name}" in dynamics.names]
    hindcasts = [
        evidence.hindcast(setup, evidence.estimates[evidence.family_of(setup.name)], dynamics)
        for setup in dated
    ]
    return Constrained(drawn, match(drawn, dynamics, hindcasts, SEED))


def write_estimate(result: Calibration, folder: Path = COEFFICIENTS.parent) -> list[Path]:
    """Write coefficients, dynamics and posterior draws into a folder; return the files.

    The reference offer, which the simulator computes from these, is written by `write_all`.
    """
    coefficients = write_coefficients(folder / COEFFICIENTS.name, result.coefficients)
    survivors = result.candidates.values[result.matching.survives][:KEPT]
    draws = write_draws(folder / DRAWS.name, result.candidates.names, survivors, VERSION)
    dynamics = folder / DYNAMICS.name
    dynamics.write_text(json.dumps(dynamics_record(result), indent=1) + "\n", encoding="utf-8")
    return [coefficients, dynamics, draws]


def write_all(result: Calibration, log: Log = lambda text: None) -> list[Path]:
    """Write every file of the package that comes from an estimate; return the files."""
    from sim.evidence.reference_offer import write_reference

    written = write_estimate(result)
    load_posterior.cache_clear()
    log("reference offer: what the baseline's blocs offer at the start")
    written.append(write_reference(REFERENCE))
    load_posterior.cache_clear()
    load_estimate.cache_clear()
    return written


def dynamics_record(result: Calibration) -> dict[str, Any]:
    """Return mode, intervals and diagnostics of the dynamics as plain values: the content of the file."""
    fit, matching, prior = result.dynamics, result.matching, result.prior_matching
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
            "prior_candidates": len(prior.survives),
            "prior_survivors": int(prior.survives.sum()),
            "prior_ruled_out_by": prior.ruled_out_by(),
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
