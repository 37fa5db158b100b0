"""Explanatory item response: who joins a list, given its difficulty and the country's utility terms.

For a list ``j`` and a country ``i`` of one bloc family

    logit P(y_ij = 1) = d_j + X_i beta + x_i delta_j + tau z_i ,      z_i ~ N(0, 1)

with one intercept per list, one coefficient vector per family and one persistent country effect ``u_i = tau
z_i`` (De Boeck & Wilson 2004, Explanatory Item Response Models, chapter 2: the latent regression Rasch model;
loadings are fixed at one). Optionally the slope of one term ``x`` differs between lists, around the family's:
some lists court the large, others the small. The country effect is integrated out by Gauss-Hermite
quadrature, the rest is estimated by penalised maximum likelihood with normal priors; gradient and Hessian are
analytic (Louis 1982, JRSS B 44:226-233).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.calibration.likelihood import Objective, Optimum, maximise
from sim.errors import AiblocsError
from sim.evidence.marginal import NODES, marginal
from sim.types import Floats


@dataclass(frozen=True)
class ItemResponsePrior:
    """Independent normal priors.

    Attributes
    ----------
    mean, sd : float64[P]
        Of the coefficients, per standard deviation of the term.
    intercept_sd : float
        Of every list intercept, around 0 (logits).
    log_tau : tuple of float
        Mean and standard deviation of the logarithm of the country effects' standard deviation. A standard
        deviation of 0 fixes ``tau`` at ``exp(mean)``; ``mean = -inf`` switches the country effects off.
    slope_column : int or None
        Column of the terms whose slope differs between lists.
    slope_sd : float
        Standard deviation of a list's slope around the family's (logits per standard deviation of the term).
    """

    mean: Floats
    sd: Floats
    intercept_sd: float = 2.5
    log_tau: tuple[float, float] = (0.0, 1.0)
    slope_column: int | None = None
    slope_sd: float = 1.0

    @property
    def has_effects(self) -> bool:
        """Whether countries have persistent effects."""
        return bool(np.isfinite(self.log_tau[0]))

    def columns(self, terms: Floats) -> Floats:
        """Terms with one coefficient per list, float64[N, C]: the constant, and the column of the slopes."""
        constant = np.ones((len(terms), 1))
        if self.slope_column is None:
            return constant
        return np.column_stack([constant, terms[:, self.slope_column]])


@dataclass(frozen=True)
class ItemResponseFit:
    """A fitted family.

    Attributes
    ----------
    intercepts : float64[J]
        Logit of joining list ``j`` at the mean of all terms.
    coefficients : float64[P]
        Effect of one standard deviation of each term, in logits.
    tau : float
        Standard deviation of the country effects (logits); 0 if they are switched off.
    slopes : float64[J]
        How far each list's slope lies from the family's; zero where all lists share it.
    covariance : float64[M, M]
        Laplace posterior covariance of intercepts, slopes (if they differ), coefficients and log(tau); zero
        in the last row and column where tau is fixed.
    effect_mean, effect_sd : float64[N]
        Posterior mean and standard deviation of each country's effect.
    log_likelihood : float
        Marginal log-likelihood of the data at the optimum, without the priors.
    optimum : Optimum
        Convergence record.
    """

    intercepts: Floats
    coefficients: Floats
    tau: float
    slopes: Floats
    covariance: Floats = field(repr=False)
    effect_mean: Floats = field(repr=False)
    effect_sd: Floats = field(repr=False)
    log_likelihood: float
    optimum: Optimum

    @property
    def coefficient_covariance(self) -> Floats:
        """Posterior covariance of the coefficients alone, float64[P, P]."""
        last = len(self.covariance) - 1
        first = last - len(self.coefficients)
        return self.covariance[first:last, first:last]

    @property
    def coefficient_sd(self) -> Floats:
        """Posterior standard deviation of each coefficient, float64[P]."""
        return np.asarray(np.sqrt(np.diag(self.coefficient_covariance)), dtype=np.float64)


@dataclass(frozen=True)
class Responses:
    """What an estimate is made from.

    Attributes
    ----------
    y : float64[J, N]
        1 joined, 0 did not; ignored where the weight is 0.
    weights : float64[J, N]
        Weight of each observation in the likelihood; 0 = unknown.
    terms : float64[N, P]
        Standardised utility terms.
    """

    y: Floats
    weights: Floats
    terms: Floats

    @staticmethod
    def of(y: Floats, weights: Floats, terms: Floats) -> Responses:
        """Build from arrays in which unknown outcomes are nan.

        Parameters
        ----------
        y : float64[J, N]
            1 joined, 0 did not, nan unknown: its weight becomes 0.
        weights : float64[J, N]
            Weight of each observation in the likelihood, at least 0.
        terms : float64[N, P]
            Terms of each country, usually standardised.
        """
        known = np.isfinite(y)
        return Responses(
            np.where(known, y, 0.0), np.where(known, weights, 0.0), np.asarray(terms, np.float64)
        )

    def countries(self, columns: Sequence[int] | NDArray[np.int64]) -> Responses:
        """Return the same for some countries (possibly repeated)."""
        return Responses(self.y[:, columns], self.weights[:, columns], self.terms[columns])

    def items(self, rows: Sequence[int] | NDArray[np.int64]) -> Responses:
        """Return the same for some lists."""
        return Responses(self.y[rows], self.weights[rows], self.terms)


def fit_item_response(
    data: Responses, prior: ItemResponsePrior, *, nodes: int = NODES, start: Floats | None = None
) -> ItemResponseFit:
    """Estimate one family by penalised marginal maximum likelihood.

    Parameters
    ----------
    data
        Outcomes, weights and terms.
    prior
        Normal priors; they also keep the optimum finite where a list is separated.
    nodes
        Gauss-Hermite nodes for the country effect.
    start : float64[M], optional
        Where the ascent begins.

    Raises
    ------
    AiblocsError
        If the ascent does not converge.
    """
    n_items, columns = len(data.y), prior.columns(data.terms)
    own = n_items * columns.shape[1]
    if start is None:
        start = np.zeros(own + data.terms.shape[1] + 1)
        start[-1] = prior.log_tau[0] if prior.has_effects else 0.0
    optimum = maximise(_posterior(data, prior, nodes), start)
    if not optimum.converged:
        raise AiblocsError(
            f"the calibration did not converge after {optimum.iterations} steps "
            f"({optimum.distance:.2g} standard deviations from the maximum)"
        )
    theta = optimum.theta
    tau = float(np.exp(theta[-1])) if prior.has_effects else 0.0
    at_optimum = marginal(data.y, data.weights, data.terms, columns, theta, tau, nodes)
    covariance = optimum.covariance.copy()
    if not prior.has_effects or prior.log_tau[1] == 0.0:
        covariance[-1, :] = 0.0
        covariance[:, -1] = 0.0
    mean = tau * at_optimum.posterior @ at_optimum.nodes
    spread = tau * tau * (at_optimum.posterior @ at_optimum.nodes**2) - mean**2
    return ItemResponseFit(
        theta[:n_items],
        theta[own:-1],
        tau,
        theta[n_items:own] if own > n_items else np.zeros(n_items),
        covariance,
        mean,
        np.sqrt(np.maximum(spread, 0.0)),
        at_optimum.log_likelihood,
        optimum,
    )


def _posterior(data: Responses, prior: ItemResponsePrior, nodes: int) -> Objective:
    """Log posterior of all parameters; log tau is pinned by a unit parabola where it is fixed."""
    n_items, columns = len(data.y), prior.columns(data.terms)
    n_slopes = n_items * (columns.shape[1] - 1)
    centre = np.concatenate([np.zeros(n_items + n_slopes), prior.mean, [0.0]])
    precision = np.concatenate(
        [
            np.full(n_items, prior.intercept_sd**-2.0),
            np.full(n_slopes, prior.slope_sd**-2.0),
            prior.sd**-2.0,
            [1.0],
        ]
    )
    if prior.has_effects:
        centre[-1] = prior.log_tau[0]
        precision[-1] = prior.log_tau[1] ** -2.0 if prior.log_tau[1] > 0.0 else 1.0
    free = prior.has_effects and prior.log_tau[1] > 0.0

    def objective(theta: Floats) -> tuple[float, Floats, Floats]:
        tau = 0.0
        if prior.has_effects:
            tau = float(np.exp(theta[-1] if free else prior.log_tau[0]))
        at = marginal(data.y, data.weights, data.terms, columns, theta, tau, nodes)
        gradient, hessian = at.gradient.copy(), at.hessian.copy()
        if not free:
            gradient[-1] = 0.0
            hessian[-1, :] = 0.0
            hessian[:, -1] = 0.0
        away = theta - centre
        value = at.log_likelihood - 0.5 * float(precision @ away**2)
        return value, gradient - precision * away, hessian - np.diag(precision)

    return objective
