"""Explanatory item response: who joins a list, given its difficulty and the country's utility terms.

For a list ``j`` and a country ``i`` of one bloc family

    logit P(y_ij = 1) = d_j + X_i beta + x_i delta_j + tau z_i ,      z_i ~ N(0, 1)

with one intercept per list, one coefficient vector per family and one persistent country effect ``u_i = tau
z_i`` (De Boeck & Wilson 2004, Explanatory Item Response Models, chapter 2: the latent regression Rasch model;
loadings are fixed at one). Optionally the slope of one term ``x`` differs between lists, around the family's:
some lists court the large, others the small. Where lists also differ in how sharply they separate, or a new regime
shifts some coefficients, :mod:`sim.evidence.discrimination` has the model. The country effect is integrated out by
Gauss-Hermite quadrature, the rest is estimated by penalised maximum likelihood with normal priors; gradient and Hessian are
analytic (Louis 1982, JRSS B 44:226-233).
"""

from __future__ import annotations

import numpy as np

from sim.calibration.likelihood import Objective, Optimum, maximise
from sim.errors import AiblocsError
from sim.evidence.discrimination import WIDEST, Layout, discriminating_marginal
from sim.evidence.item_response import ItemResponseFit, ItemResponsePrior, Responses
from sim.evidence.marginal import NODES, Marginal, marginal
from sim.types import Floats


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
    if not prior.common:
        return _fit_discriminating(data, prior, nodes, start)
    n_items, columns = len(data.y), prior.columns(data.terms)
    own = n_items * columns.shape[1]
    if start is None:
        start = np.zeros(own + data.terms.shape[1] + 1)
        start[-1] = prior.log_tau[0] if prior.has_effects else 0.0
    optimum = maximise(_posterior(data, prior, nodes), start)
    _require_converged(optimum)
    theta = optimum.theta
    tau = float(np.exp(theta[-1])) if prior.has_effects else 0.0
    at_optimum = marginal(data.y, data.weights, data.terms, columns, theta, tau, nodes)
    mean, spread = _effects(at_optimum, tau)
    return ItemResponseFit(
        theta[:n_items],
        theta[own:-1],
        tau,
        theta[n_items:own] if own > n_items else np.zeros(n_items),
        _covariance(optimum, prior),
        mean,
        spread,
        at_optimum.log_likelihood,
        optimum,
        np.ones(n_items),
    )


def _fit_discriminating(
    data: Responses, prior: ItemResponsePrior, nodes: int, start: Floats | None
) -> ItemResponseFit:
    """Estimate a family whose lists discriminate differently, or know a new regime."""
    n_items = len(data.y)
    layout = Layout(n_items, data.terms.shape[1], prior.slope_column, prior.shift_columns)
    if start is None:
        start = np.zeros(layout.size)
        start[-1] = prior.log_tau[0] if prior.has_effects else 0.0
    centre, precision = np.zeros(layout.size), np.ones(layout.size)
    centre[layout.coefficients] = prior.mean
    precision[:n_items] = prior.intercept_sd**-2.0
    precision[layout.slopes] = prior.slope_sd**-2.0
    fixed = [*range(*layout.log_lambda.indices(layout.size))] if prior.log_lambda_sd == 0.0 else []
    precision[layout.log_lambda] = 1.0 if fixed else prior.log_lambda_sd**-2.0
    precision[layout.shifts] = prior.shift_sd**-2.0
    precision[layout.coefficients] = prior.sd**-2.0
    free = prior.has_effects and prior.log_tau[1] > 0.0
    if prior.has_effects:
        centre[-1] = prior.log_tau[0]
    if free:
        precision[-1] = prior.log_tau[1] ** -2.0
    else:
        fixed.append(layout.size - 1)

    def at(theta: Floats) -> Marginal:
        log_tau = min(theta[-1], WIDEST) if free else prior.log_tau[0]
        tau = float(np.exp(log_tau)) if prior.has_effects else 0.0
        return discriminating_marginal(
            data.y, data.weights, data.terms, data.regimes, layout, theta, tau, nodes
        )

    def objective(theta: Floats) -> tuple[float, Floats, Floats]:
        found = at(theta)
        gradient, hessian = found.gradient.copy(), found.hessian.copy()
        gradient[fixed] = 0.0
        hessian[fixed, :] = 0.0
        hessian[:, fixed] = 0.0
        away = theta - centre
        value = found.log_likelihood - 0.5 * float(precision @ away**2)
        return value, gradient - precision * away, hessian - np.diag(precision)

    optimum = maximise(objective, start)
    _require_converged(optimum)
    theta = optimum.theta
    tau = float(np.exp(theta[-1])) if prior.has_effects else 0.0
    found = at(theta)
    mean, spread = _effects(found, tau)
    covariance = _covariance(optimum, prior)
    covariance[fixed, :] = 0.0
    covariance[:, fixed] = 0.0
    return ItemResponseFit(
        theta[:n_items],
        theta[layout.coefficients],
        tau,
        theta[layout.slopes] if prior.slope_column is not None else np.zeros(n_items),
        covariance,
        mean,
        spread,
        found.log_likelihood,
        optimum,
        np.exp(theta[layout.log_lambda]),
        prior.shift_columns,
        theta[layout.shifts],
    )


def _require_converged(optimum: Optimum) -> None:
    if not optimum.converged:
        raise AiblocsError(
            f"the calibration did not converge after {optimum.iterations} steps "
            f"({optimum.distance:.2g} standard deviations from the maximum)"
        )


def _covariance(optimum: Optimum, prior: ItemResponsePrior) -> Floats:
    """Return the Laplace covariance, nothing of it known of a country effects' spread that is fixed, float64[M, M]."""
    covariance = optimum.covariance.copy()
    if not prior.has_effects or prior.log_tau[1] == 0.0:
        covariance[-1, :] = 0.0
        covariance[:, -1] = 0.0
    return covariance


def _effects(found: Marginal, tau: float) -> tuple[Floats, Floats]:
    """Return posterior mean and standard deviation of each country's effect, float64[N] twice (logits)."""
    mean = tau * found.posterior @ found.nodes
    spread = tau * tau * (found.posterior @ found.nodes**2) - mean**2
    return mean, np.sqrt(np.maximum(spread, 0.0))


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
