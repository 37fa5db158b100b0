"""Marginal likelihood of the item-response model with analytic derivatives: country effects integrated out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import expit, logsumexp

from sim.types import Floats

NODES = 31
"""Quadrature nodes; doubling them moves no estimate by more than 1e-4 (tested)."""


@dataclass(frozen=True)
class Marginal:
    """Marginal likelihood with its derivatives, and the posterior of each country's node.

    The parameters are, in this order: the intercept of each list, then (for each column after the first of
    ``columns``) the slope of each list, the common coefficients, and log(tau).
    """

    log_likelihood: float
    gradient: Floats
    hessian: Floats
    posterior: Floats
    nodes: Floats


def marginal(
    y: Floats, weights: Floats, terms: Floats, columns: Floats, theta: Floats, tau: float, nodes: int
) -> Marginal:
    """Integrate the country effect out.

    Parameters
    ----------
    y, weights : float64[J, N]
        Outcomes and weights.
    terms : float64[N, P]
        Terms with one coefficient for all lists.
    columns : float64[N, C]
        Terms with one coefficient per list; the first is the constant.
    theta : float64[J * C + P + 1]
        Where to evaluate.
    tau
        Standard deviation of the country effects; 0 switches them off.
    nodes
        Gauss-Hermite nodes.
    """
    n_items, own = len(y), len(y) * columns.shape[1]
    z, log_mass = quadrature(nodes if tau > 0.0 else 1)
    shift = tau * z
    linear = theta[:own].reshape(-1, n_items).T @ columns.T + terms @ theta[own:-1]
    eta = linear[:, :, None] + shift
    mass = weights[:, :, None]
    by_node = np.sum(mass * (y[:, :, None] * eta - np.logaddexp(0.0, eta)), axis=0) + log_mass
    by_country = logsumexp(by_node, axis=1)
    posterior = np.exp(by_node - by_country[:, None])
    probability = expit(eta)
    residual = mass * (y[:, :, None] - probability)
    information = mass * probability * (1.0 - probability)
    mean_score = _mean_score(posterior, residual, terms, columns, shift)
    hessian = (
        _score_products(posterior, residual, terms, columns, shift)
        - mean_score.T @ mean_score
        - _complete_information(posterior, information, residual.sum(axis=0), terms, columns, shift)
    )
    return Marginal(float(by_country.sum()), mean_score.sum(axis=0), hessian, posterior, z)


def _mean_score(posterior: Floats, residual: Floats, terms: Floats, columns: Floats, shift: Floats) -> Floats:
    """Return each country's expected derivative of the complete log-likelihood, float64[N, M]."""
    by_list = np.einsum("nq,jnq->nj", posterior, residual)
    shifted = np.einsum("nq,jnq,q->n", posterior, residual, shift)
    parts = [by_list * column[:, None] for column in columns.T]
    return np.concatenate([*parts, by_list.sum(axis=1)[:, None] * terms, shifted[:, None]], axis=1)


def _score_products(
    posterior: Floats, residual: Floats, terms: Floats, columns: Floats, shift: Floats
) -> Floats:
    """Return the summed expected outer product of that derivative with itself, float64[M, M].

    A country's derivative is linear in its residuals on the lists, so that their products are all it takes.
    """
    by_node = np.moveaxis(residual, 0, 2)
    weighted = by_node * posterior[:, :, None]
    pairs = weighted.transpose(0, 2, 1) @ by_node
    total = residual.sum(axis=0) * shift
    shifted = np.einsum("nq,nqj->nj", total, weighted)
    squared = float(np.sum(posterior * total**2))
    return _assembled(pairs, shifted, squared, terms, columns)


def _assembled(pairs: Floats, shifted: Floats, corner: float, terms: Floats, columns: Floats) -> Floats:
    """Build a symmetric matrix over all parameters from one over lists.

    Parameters
    ----------
    pairs : float64[N, J, J]
        For each country, over pairs of lists.
    shifted : float64[N, J]
        For each country and list, with log(tau).
    corner
        Of log(tau) with itself.
    """
    n_items, n_columns, n_terms = pairs.shape[1], columns.shape[1], terms.shape[1]
    own = n_items * n_columns
    out = np.zeros((own + n_terms + 1, own + n_terms + 1))
    betas = slice(own, own + n_terms)
    by_list = pairs.sum(axis=2)
    for a in range(n_columns):
        rows = slice(a * n_items, (a + 1) * n_items)
        for b in range(n_columns):
            block = np.einsum("n,njk->jk", columns[:, a] * columns[:, b], pairs)
            out[rows, b * n_items : (b + 1) * n_items] = block
        out[rows, betas] = (by_list * columns[:, a : a + 1]).T @ terms
        out[rows, -1] = columns[:, a] @ shifted
    out[betas, betas] = (terms * by_list.sum(axis=1)[:, None]).T @ terms
    out[betas, -1] = terms.T @ shifted.sum(axis=1)
    out[-1, -1] = corner
    out[betas, :own] = out[:own, betas].T
    out[-1, :-1] = out[:-1, -1]
    return out


def _complete_information(
    posterior: Floats, information: Floats, residual: Floats, terms: Floats, columns: Floats, shift: Floats
) -> Floats:
    """Return the expected information of the complete data, float64[M, M]."""
    expected = np.einsum("nq,jnq->nj", posterior, information)
    shifted = np.einsum("nq,jnq,q->nj", posterior, information, shift)
    squared = np.einsum("nq,jnq,q->", posterior, information, shift**2)
    corner = float(squared - np.einsum("nq,nq,q->", posterior, residual, shift))
    pairs = expected[:, :, None] * np.eye(len(information))
    return _assembled(pairs, shifted, corner, terms, columns)


def expected_probability(mean: Floats, sd: Floats) -> Floats:
    """Mean of the logistic function over normal predictors, element by element, by Gauss-Hermite quadrature.

    Parameters
    ----------
    mean, sd : float64[...]
        Mean and standard deviation of each predictor (logits), of one shape.

    Returns
    -------
    float64[...]
        Probabilities.
    """
    z, log_mass = quadrature(NODES)
    # Summed along the last axis rather than multiplied as matrices: equal predictors give equal bits.
    return np.asarray((expit(mean[..., None] + sd[..., None] * z) * np.exp(log_mass)).sum(axis=-1))


@cache
def quadrature(nodes: int) -> tuple[Floats, Floats]:
    """Nodes of the standard normal and the logarithms of their masses."""
    z, mass = np.polynomial.hermite_e.hermegauss(nodes)
    return z, np.log(mass / mass.sum())
