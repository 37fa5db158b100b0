"""When states join: a discrete-time hazard with the neighbours' share as a covariate.

For a state that is still outside at the start of year ``t``

    P(joins in t) = link^-1( a_t + X_i beta + gamma * peers_i(t) )

where ``peers_i(t)`` is the weighted share of its neighbours that were members at the start of the year. With
the complementary log-log link this is the grouped-time form of a proportional-hazards model (Prentice &
Gloeckler 1978, Biometrics 34:57-67); with the logit link it is the form of Allison (1982, Sociological
Methodology 13:61-98).

The neighbours' share is a choice of others, made partly for the same unseen reasons: ``gamma`` is an
association with the order of joining, an upper bound of the influence of peers rather than a measure of it
(Manski 1993, Review of Economic Studies 60:531-542).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from sim.errors import AiblocsError
from sim.evidence.newton import Optimum, maximise

Floats = NDArray[np.float64]

LINKS = ("cloglog", "logit")


@dataclass(frozen=True)
class Panel:
    """State-years at risk of joining.

    Attributes
    ----------
    country, year : int64[n]
        Position of the state, and the calendar year.
    joined : float64[n]
        1 if the state joined in that year.
    peers : float64[n]
        Weighted share of its neighbours that were members at the start of the year, 0..1.
    weights : float64[n]
        Weight of the state-year in the likelihood.
    """

    country: NDArray[np.int64]
    year: NDArray[np.int64]
    joined: Floats
    peers: Floats
    weights: Floats


@dataclass(frozen=True)
class HazardFit:
    """A fitted hazard.

    Attributes
    ----------
    baseline : float64[Y]
        Intercept of each year.
    coefficients : float64[P]
        Effects of the terms, then (last) of the neighbours' share.
    covariance : float64[Y + P + 1, Y + P + 1]
        Posterior covariance of baseline and coefficients.
    log_likelihood : float
        Without the priors.
    link : str
        ``cloglog`` or ``logit``.
    optimum : Optimum
        Convergence record.
    """

    baseline: Floats
    coefficients: Floats
    covariance: Floats = field(repr=False)
    log_likelihood: float
    link: str
    optimum: Optimum

    @property
    def peer_effect(self) -> tuple[float, float]:
        """Estimate and posterior standard deviation of ``gamma``."""
        return float(self.coefficients[-1]), float(np.sqrt(self.covariance[-1, -1]))


def joining_panel(
    joined: Floats,
    at_risk: NDArray[np.bool_],
    peer_weights: Floats,
    years: Sequence[int],
    weights: Floats | None = None,
) -> Panel:
    """Lay out the state-years of a joining history.

    Parameters
    ----------
    joined : float64[N]
        Decimal year of joining; nan for a state that did not join by the end.
    at_risk : bool[N]
        States that could join and whose history is known (not the founder, not those of unknown date).
    peer_weights : float64[N, N]
        Who counts as a neighbour of whom; rows are normalised here, a row of zeros has no neighbours (share
        0).
    years
        Calendar years observed, in order.
    weights : float64[N], optional
        Weight of each state.
    """
    total = peer_weights.sum(axis=1, keepdims=True)
    shares = np.divide(peer_weights, total, out=np.zeros_like(peer_weights), where=total > 0.0)
    mass = np.ones(len(joined)) if weights is None else weights
    when = np.where(np.isfinite(joined), np.floor(joined), np.inf)
    parts = []
    for year in years:
        outside = np.flatnonzero(at_risk & (when >= year) & (mass > 0.0))
        peers = shares @ (when < year).astype(np.float64)
        event = (when[outside] == year).astype(np.float64)
        parts.append((outside, np.full(len(outside), year), event, peers[outside], mass[outside]))
    country, year_of, event, peers_at, mass_at = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Panel(country.astype(np.int64), year_of.astype(np.int64), event, peers_at, mass_at)


def fit_hazard(
    panel: Panel,
    terms: Floats,
    prior: tuple[Floats, Floats],
    *,
    link: str = "cloglog",
    baseline_sd: float = 2.5,
    baseline_mean: float = -2.0,
) -> HazardFit:
    """Estimate a hazard by penalised maximum likelihood.

    Parameters
    ----------
    panel
        State-years at risk.
    terms : float64[N, P]
        Standardised terms of each state (fixed over time).
    prior : (float64[P + 1], float64[P + 1])
        Means and standard deviations of the normal priors of the coefficients, the peer effect last.
    link
        ``cloglog`` or ``logit``.
    baseline_sd, baseline_mean
        Normal prior of every year's intercept.

    Raises
    ------
    ValueError
        If the link is unknown.
    AiblocsError
        If the ascent does not converge.
    """
    if link not in LINKS:
        raise ValueError(f"the link must be one of {', '.join(LINKS)}")
    years, index = np.unique(panel.year, return_inverse=True)
    design = np.column_stack([np.eye(len(years))[index], terms[panel.country], panel.peers])
    mean = np.concatenate([np.full(len(years), baseline_mean), prior[0]])
    precision = np.concatenate([np.full(len(years), baseline_sd), prior[1]]) ** -2.0

    def objective(theta: Floats) -> tuple[float, Floats, Floats]:
        value, slope, curvature = _log_likelihood(design @ theta, panel.joined, link)
        away = theta - mean
        return (
            float(panel.weights @ value) - 0.5 * float(precision @ away**2),
            design.T @ (panel.weights * slope) - precision * away,
            (design * (panel.weights * curvature)[:, None]).T @ design - np.diag(precision),
        )

    optimum = maximise(objective, mean)
    if not optimum.converged:
        raise AiblocsError(f"the hazard did not converge after {optimum.iterations} steps")
    likelihood, _, _ = _log_likelihood(design @ optimum.theta, panel.joined, link)
    return HazardFit(
        optimum.theta[: len(years)],
        optimum.theta[len(years) :],
        optimum.covariance,
        float(panel.weights @ likelihood),
        link,
        optimum,
    )


def joining_probability(eta: Floats, link: str) -> Floats:
    """Probability of joining within a year from the linear predictor."""
    return np.asarray(-np.expm1(-np.exp(eta)) if link == "cloglog" else expit(eta), dtype=np.float64)


def _log_likelihood(eta: Floats, event: Floats, link: str) -> tuple[Floats, Floats, Floats]:
    """Log-likelihood of each observation with its first and second derivatives in eta."""
    if link == "logit":
        chance = expit(eta)
        return event * eta - np.logaddexp(0.0, eta), event - chance, -chance * (1.0 - chance)
    # Bounds of the exponent keep exp() finite; outside them the likelihood is flat to machine precision.
    hazard = np.exp(np.clip(eta, -500.0, 500.0))
    bounded = np.minimum(hazard, 700.0)
    ratio = bounded / np.expm1(bounded)
    joined = event == 1.0
    value = np.where(joined, np.log(-np.expm1(-hazard)), -hazard)
    slope = np.where(joined, ratio, -hazard)
    curvature = np.where(joined, ratio * (1.0 - bounded - ratio), -hazard)
    return value, slope, curvature
