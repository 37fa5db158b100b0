"""Explanatory item response: who joins a list, given its difficulty and the country's utility terms.

For a list ``j`` and a country ``i`` of one bloc family

    logit P(y_ij = 1) = d_j + X_i beta + tau z_i ,      z_i ~ N(0, 1)

with one intercept per list, one coefficient vector per family and one persistent country effect ``u_i = tau
z_i`` (De Boeck & Wilson 2004, Explanatory Item Response Models, chapter 2: the latent regression Rasch model;
loadings are fixed at one). The country effect is integrated out by Gauss-Hermite quadrature, the rest is
estimated by penalised maximum likelihood with normal priors; gradient and Hessian are analytic (Louis 1982,
JRSS B 44:226-233).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp

from sim.errors import AiblocsError
from sim.evidence.newton import Objective, Optimum, maximise

Floats = NDArray[np.float64]

NODES = 31
"""Quadrature nodes; doubling them moves no estimate by more than 1e-4 (tested)."""


@dataclass(frozen=True)
class Prior:
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
    """

    mean: Floats
    sd: Floats
    intercept_sd: float = 2.5
    log_tau: tuple[float, float] = (0.0, 1.0)

    @property
    def has_effects(self) -> bool:
        """Whether countries have persistent effects."""
        return bool(np.isfinite(self.log_tau[0]))


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
    covariance : float64[J + P + 1, J + P + 1]
        Laplace posterior covariance of intercepts, coefficients and log(tau); zero in the last row and column
        where tau is fixed.
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
    covariance: Floats = field(repr=False)
    effect_mean: Floats = field(repr=False)
    effect_sd: Floats = field(repr=False)
    log_likelihood: float
    optimum: Optimum

    @property
    def coefficient_covariance(self) -> Floats:
        """Posterior covariance of the coefficients alone, float64[P, P]."""
        first, last = len(self.intercepts), len(self.intercepts) + len(self.coefficients)
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
        """Build from arrays in which unknown outcomes are nan."""
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
    data: Responses, prior: Prior, *, nodes: int = NODES, start: Floats | None = None
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
    start : float64[J + P + 1], optional
        Where the ascent begins.

    Raises
    ------
    AiblocsError
        If the ascent does not converge.
    """
    n_items, n_terms = len(data.y), data.terms.shape[1]
    if start is None:
        start = np.zeros(n_items + n_terms + 1)
        start[-1] = prior.log_tau[0] if prior.has_effects else 0.0
    optimum = maximise(_posterior(data, prior, nodes), start)
    if not optimum.converged:
        raise AiblocsError(
            f"the calibration did not converge after {optimum.iterations} steps "
            f"({optimum.distance:.2g} standard deviations from the maximum)"
        )
    theta = optimum.theta
    tau = float(np.exp(theta[-1])) if prior.has_effects else 0.0
    at_optimum = _marginal(data, theta, tau, nodes)
    covariance = optimum.covariance.copy()
    if not prior.has_effects or prior.log_tau[1] == 0.0:
        covariance[-1, :] = 0.0
        covariance[:, -1] = 0.0
    mean = tau * at_optimum.posterior @ at_optimum.nodes
    spread = tau * tau * (at_optimum.posterior @ at_optimum.nodes**2) - mean**2
    return ItemResponseFit(
        theta[:n_items],
        theta[n_items:-1],
        tau,
        covariance,
        mean,
        np.sqrt(np.maximum(spread, 0.0)),
        at_optimum.log_likelihood,
        optimum,
    )


@dataclass(frozen=True)
class _Marginal:
    """Marginal likelihood with its derivatives, and the posterior of each country's node."""

    log_likelihood: float
    gradient: Floats
    hessian: Floats
    posterior: Floats
    nodes: Floats


def _marginal(data: Responses, theta: Floats, tau: float, nodes: int) -> _Marginal:
    """Integrate the country effect out; derivatives with respect to (d, beta, log tau)."""
    n_items = len(data.y)
    z, log_mass = _quadrature(nodes if tau > 0.0 else 1)
    shift = tau * z
    linear = theta[:n_items, None] + data.terms @ theta[n_items:-1]
    eta = linear[:, :, None] + shift
    weights = data.weights[:, :, None]
    by_node = np.sum(weights * (data.y[:, :, None] * eta - np.logaddexp(0.0, eta)), axis=0) + log_mass
    by_country = logsumexp(by_node, axis=1)
    posterior = np.exp(by_node - by_country[:, None])
    probability = expit(eta)
    residual = weights * (data.y[:, :, None] - probability)
    information = weights * probability * (1.0 - probability)
    scores = _scores(residual, data.terms, shift)
    mean_score = np.einsum("nq,nqm->nm", posterior, scores)
    hessian = (
        np.einsum("nq,nqm,nqk->mk", posterior, scores, scores, optimize=True)
        - mean_score.T @ mean_score
        - _complete_information(posterior, information, residual.sum(axis=0), data.terms, shift)
    )
    return _Marginal(float(by_country.sum()), mean_score.sum(axis=0), hessian, posterior, z)


def _scores(residual: Floats, terms: Floats, shift: Floats) -> Floats:
    """Return the derivative of the complete log-likelihood per country and node, float64[N, Q, J + P + 1]."""
    total = residual.sum(axis=0)
    return np.concatenate(
        [
            np.moveaxis(residual, 0, 2),
            total[:, :, None] * terms[:, None, :],
            (total * shift)[:, :, None],
        ],
        axis=2,
    )


def _complete_information(
    posterior: Floats, information: Floats, residual: Floats, terms: Floats, shift: Floats
) -> Floats:
    """Return the expected information of the complete data, float64[J + P + 1, J + P + 1]."""
    n_items, n_terms = len(information), terms.shape[1]
    out = np.zeros((n_items + n_terms + 1, n_items + n_terms + 1))
    expected = np.einsum("nq,jnq->jn", posterior, information)
    shifted = np.einsum("nq,jnq,q->jn", posterior, information, shift)
    betas = slice(n_items, n_items + n_terms)
    out[range(n_items), range(n_items)] = expected.sum(axis=1)
    out[:n_items, betas] = expected @ terms
    out[:n_items, -1] = shifted.sum(axis=1)
    out[betas, betas] = (terms * expected.sum(axis=0)[:, None]).T @ terms
    out[betas, -1] = terms.T @ shifted.sum(axis=0)
    squared = np.einsum("nq,jnq,q->", posterior, information, shift**2)
    out[-1, -1] = squared - np.einsum("nq,nq,q->", posterior, residual, shift)
    out[betas, :n_items] = out[:n_items, betas].T
    out[-1, :-1] = out[:-1, -1]
    return out


def _posterior(data: Responses, prior: Prior, nodes: int) -> Objective:
    """Log posterior of (d, beta, log tau); log tau is pinned by a unit parabola where it is fixed."""
    n_items = len(data.y)
    centre = np.concatenate([np.zeros(n_items), prior.mean, [0.0]])
    precision = np.concatenate([np.full(n_items, prior.intercept_sd**-2.0), prior.sd**-2.0, [1.0]])
    if prior.has_effects:
        centre[-1] = prior.log_tau[0]
        precision[-1] = prior.log_tau[1] ** -2.0 if prior.log_tau[1] > 0.0 else 1.0
    free = prior.has_effects and prior.log_tau[1] > 0.0

    def objective(theta: Floats) -> tuple[float, Floats, Floats]:
        tau = 0.0
        if prior.has_effects:
            tau = float(np.exp(theta[-1] if free else prior.log_tau[0]))
        at = _marginal(data, theta, tau, nodes)
        gradient, hessian = at.gradient.copy(), at.hessian.copy()
        if not free:
            gradient[-1] = 0.0
            hessian[-1, :] = 0.0
            hessian[:, -1] = 0.0
        away = theta - centre
        value = at.log_likelihood - 0.5 * float(precision @ away**2)
        return value, gradient - precision * away, hessian - np.diag(precision)

    return objective


def expected_probability(mean: Floats, sd: Floats) -> Floats:
    """Mean of the logistic function over normal predictors, element by element."""
    z, log_mass = _quadrature(NODES)
    # Summed along the last axis rather than multiplied as matrices: equal predictors give equal bits.
    return np.asarray((expit(mean[..., None] + sd[..., None] * z) * np.exp(log_mass)).sum(axis=-1))


def _quadrature(nodes: int) -> tuple[Floats, Floats]:
    """Nodes of the standard normal and the logarithms of their masses."""
    z, mass = np.polynomial.hermite_e.hermegauss(nodes)
    return z, np.log(mass / mass.sum())
