"""Joint draws of everything a scenario draws: coefficients, intercepts, dynamics, and what only the prior knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.calibration.initiatives import FAMILIES, LEADERS
from sim.evidence.data import EvidenceData
from sim.evidence.dynamics import DynamicsFit
from sim.evidence.family import FamilyEstimate
from sim.evidence.marginal import expected_probability
from sim.registry.terms import TERM_BY_NAME, Normal
from sim.types import Floats

UNIDENTIFIED: dict[str, dict[str, Normal]] = {
    # Judgement: a doubling of usable compute is worth a third of a standard deviation of affinity.
    "chips": {"us": (0.5, 0.3), "china": (0.5, 0.3)},
    # The literature's N(0.3, 0.2) and N(0.2, 0.2) per standard deviation of recorded finance, per raw log unit.
    "aid": {"us": (2.9, 2.0), "china": (1.6, 1.6)},
    # Judgement: a full programme is worth one logit to a country half of whose people are behind.
    "divide": {"us": (2.0, 1.0), "china": (2.0, 1.0)},
    **{term: dict(TERM_BY_NAME[term].prior) for term in ("peers", "coercion", "debt")},
}
"""Weights that a cross-section cannot tell, with mean and sd of the normal they are drawn from, cut at zero; ``peers``
comes from the joining dates instead. The simulator does not read the first three any more (`sim.calibration.drawn`)."""
PEERS = tuple(f"{family}.peers" for family in FAMILIES)
BEHAVIOUR = ("behaviour.attention", "behaviour.join_cost", "behaviour.leave_cost")
_BISECTIONS = 40
_WIDEST = 25.0


@dataclass(frozen=True)
class Candidates:
    """Joint draws before the hindcasts have been consulted.

    Attributes
    ----------
    names : tuple of str
        ``family.term`` or a parameter of the registry.
    values : float64[D, C]
        The draws.
    picked : int64[D]
        Row of the dynamics' draws behind each.
    """

    names: tuple[str, ...]
    values: Floats = field(repr=False)
    picked: NDArray[np.int64] = field(repr=False)

    def column(self, name: str) -> Floats:
        """Draws of one name, float64[D]."""
        return np.asarray(self.values[:, self.names.index(name)], dtype=np.float64)


def draw_candidates(
    evidence: EvidenceData, dynamics: DynamicsFit, widening: Mapping[str, Floats], count: int, seed: int
) -> Candidates:
    """Draw candidates for the posterior.

    Coefficients come from their Laplace posterior and the dynamics from theirs; what no data identify comes from
    its prior, truncated at zero. The membership intercept follows from each draw: it is the one at which the
    expected number of members, peers counted, equals the number of initial members, itself uncertain by the
    chance of so many choices.

    Parameters
    ----------
    evidence
        Standing estimates, histories and peer weights.
    dynamics
        Posterior of the dynamics.
    widening : float64[P] by family
        Factor on the spread of each coefficient (see :class:`sim.evidence.coefficients.CoefficientEstimate`).
    count
        Draws wanted, D.
    seed
        Of all draws.
    """
    picked = np.arange(count) % len(dynamics.draws)
    known = {name: dynamics.column(name)[picked] for name in PEERS}
    known["behaviour.attention"] = dynamics.standing_attention(evidence.histories, seed)[picked]
    known |= {f"behaviour.{name}": dynamics.column(name)[picked] for name in ("join_cost", "leave_cost")}
    return Candidates(*_joint(evidence, known, widening, seed), picked)


def draw_with_known_dynamics(
    evidence: EvidenceData, known: Mapping[str, Floats], widening: Mapping[str, Floats], seed: int
) -> Candidates:
    """Draw candidates whose dynamics are those of another estimate, one for each of its draws.

    Parameters
    ----------
    evidence, widening, seed
        As for `draw_candidates`.
    known : float64[D] by name
        Draws of `PEERS` and of `BEHAVIOUR`.
    """
    names, values = _joint(evidence, known, widening, seed)
    return Candidates(names, values, np.arange(len(values)))


def _joint(
    evidence: EvidenceData, known: Mapping[str, Floats], widening: Mapping[str, Floats], seed: int
) -> tuple[tuple[str, ...], Floats]:
    """Return names and values, float64[D, C], of joint draws with the dynamics given."""
    count = len(known[PEERS[0]])
    names: list[str] = []
    columns: list[Floats] = []
    for number, (family, estimate) in enumerate(evidence.estimates.items()):
        generator = np.random.default_rng([seed, number])
        fit = estimate.fit
        root = widening[family][:, None] * np.linalg.cholesky(fit.coefficient_covariance)
        beta = fit.coefficients + generator.standard_normal((count, len(fit.coefficients))) @ root.T
        gamma = known[f"{family}.peers"]
        intercept = _intercepts(evidence, estimate, beta, gamma, generator.standard_normal(count))
        names += [f"{family}.{term}" for term in ("intercept", *estimate.design.terms)]
        columns += [intercept, *beta.T]
        for term, priors in UNIDENTIFIED.items():
            centre, sd = priors[family]
            names.append(f"{family}.{term}")
            from scipy.stats import truncnorm

            prior = truncnorm(-centre / sd, np.inf, loc=centre, scale=sd)
            columns.append(gamma if term == "peers" else prior.ppf(generator.random(count)))
    names += BEHAVIOUR
    columns += [known[name] for name in BEHAVIOUR]
    return tuple(names), np.column_stack(columns)


def _intercepts(
    evidence: EvidenceData, estimate: FamilyEstimate, beta: Floats, gamma: Floats, noise: Floats
) -> Floats:
    """Membership intercept of each draw, float64[D]."""
    world = evidence.world
    kept = [world.index(code) for code in estimate.iso3]
    members = np.zeros(len(world))
    members[kept] = estimate.members
    members[world.index(LEADERS[estimate.family])] = 1.0
    shares = (evidence.weights @ members)[kept]
    terms = estimate.terms(world)[kept]
    value = beta @ terms.T + estimate.fit.effect_mean + gamma[:, None] * shares
    spread = estimate.fit.effect_sd
    central = expected_probability(estimate.membership_intercept + terms @ estimate.fit.coefficients
                                   + estimate.fit.effect_mean, spread)  # fmt: skip
    wanted = estimate.members.sum() + noise * np.sqrt(np.sum(central * (1.0 - central)))
    return matching_intercepts(value, spread, np.maximum(wanted, 1.0))


def matching_intercepts(value: Floats, spread: Floats, wanted: Floats) -> Floats:
    """Intercept per draw at which so many members are expected, by bisection.

    Parameters
    ----------
    value : float64[D, n]
        Values without the intercept.
    spread : float64[n]
        Standard deviation of each country's value.
    wanted : float64[D]
        Expected number of members.
    """
    # The logistic of a normal predictor, by the approximation of MacKay (1992); exact enough for a level.
    shrink = 1.0 / np.sqrt(1.0 + np.pi * spread**2 / 8.0)
    low, high = np.full(len(value), -_WIDEST), np.full(len(value), _WIDEST)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        expected = (1.0 / (1.0 + np.exp(-shrink * (value + middle[:, None])))).sum(axis=1)
        low, high = np.where(expected < wanted, middle, low), np.where(expected < wanted, high, middle)
    level: Floats = (low + high) / 2.0
    return level
