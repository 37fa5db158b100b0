"""Conditional and multinomial logit (McFadden 1974, in Frontiers in Econometrics, 105-142).

The probability that chooser ``n`` takes alternative ``a`` is

    P(a) = exp(X_na beta) / sum_b exp(X_nb beta)

over the alternatives open to it. The multinomial logit is the special case in which every alternative but the
first has coefficients of its own on the chooser's traits.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from sim.calibration.newton import Optimum, maximise
from sim.calibration.separation import is_dominated
from sim.errors import AiblocsError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ChoiceFit:
    """A fitted choice model.

    Attributes
    ----------
    coefficients : float64[P]
        Effect of one unit of each term on the utility of an alternative (logits).
    covariance : float64[P, P]
        Inverse observed information, priors included.
    log_likelihood : float
        Without the priors.
    probability : float64[n, A]
        Fitted probability of each alternative.
    optimum : Optimum
        Convergence record.
    """

    coefficients: Floats
    covariance: Floats = field(repr=False)
    log_likelihood: float
    probability: Floats = field(repr=False)
    optimum: Optimum

    @property
    def standard_errors(self) -> Floats:
        """Square roots of the covariance's diagonal, float64[P]."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), dtype=np.float64)


def fit_conditional_logit(
    terms: Floats,
    chosen: NDArray[np.int64],
    *,
    weights: Floats | None = None,
    open_to: NDArray[np.bool_] | None = None,
    prior: tuple[Floats, Floats] | None = None,
) -> ChoiceFit:
    """Estimate a conditional logit by (penalised) maximum likelihood.

    Parameters
    ----------
    terms : float64[n, A, P]
        Terms of each alternative for each chooser.
    chosen : int64[n]
        Alternative taken.
    weights : float64[n], optional
        Weight of each chooser in the likelihood.
    open_to : bool[n, A], optional
        Alternatives that exist for the chooser; default all.
    prior : (float64[P], float64[P]), optional
        Mean and standard deviation of independent normal priors; default none (maximum likelihood).

    Raises
    ------
    ValueError
        If somebody took an alternative that was not open.
    AiblocsError
        If the likelihood has no finite maximum (separation) or the ascent fails.
    """
    n, n_alternatives, n_terms = terms.shape
    mass = np.ones(n) if weights is None else weights
    allowed = np.ones((n, n_alternatives), np.bool_) if open_to is None else open_to
    picked = np.arange(n), chosen
    if not allowed[picked].all():
        raise ValueError("a chosen alternative was not open to its chooser")
    mean, precision = np.zeros(n_terms), np.zeros(n_terms)
    if prior is not None:
        mean, precision = prior[0], prior[1] ** -2.0

    def probabilities(beta: Floats) -> tuple[Floats, Floats]:
        utility = np.where(allowed, terms @ beta, -np.inf)
        log_probability = utility - logsumexp(utility, axis=1, keepdims=True)
        return np.exp(log_probability), log_probability

    def objective(beta: Floats) -> tuple[float, Floats, Floats]:
        probability, log_probability = probabilities(beta)
        expected = np.einsum("na,nap->np", probability, terms)
        gradient = mass @ (terms[picked] - expected)
        second = np.einsum("n,na,nap,naq->pq", mass, probability, terms, terms, optimize=True)
        hessian = (expected * mass[:, None]).T @ expected - second
        away = beta - mean
        value = float(mass @ log_probability[picked]) - 0.5 * float(precision @ away**2)
        return value, gradient - precision * away, hessian - np.diag(precision)

    if prior is None and is_dominated(_advantages(terms, allowed, chosen)):
        raise AiblocsError("the choice model has no finite maximum: the terms separate the choices")
    optimum = maximise(objective, np.where(precision > 0.0, mean, 0.0))
    if not optimum.converged:
        raise AiblocsError(
            "the choice model has no unique maximum: some terms are collinear "
            f"({optimum.distance:.2g} standard deviations from it after {optimum.iterations} steps)"
        )
    probability, log_probability = probabilities(optimum.theta)
    likelihood = float(mass @ log_probability[picked])
    return ChoiceFit(optimum.theta, optimum.covariance, likelihood, probability, optimum)


def _advantages(terms: Floats, allowed: NDArray[np.bool_], chosen: NDArray[np.int64]) -> Floats:
    """Terms of the chosen alternative minus those of each other one that was open, float64[pairs, P]."""
    picked = np.arange(len(terms)), chosen
    others = allowed.copy()
    others[picked] = False
    return np.asarray((terms[picked][:, None, :] - terms)[others], dtype=np.float64)


def fit_multinomial_logit(
    traits: Floats, outcome: NDArray[np.int64], n_outcomes: int, *, weights: Floats | None = None
) -> ChoiceFit:
    """Estimate a multinomial logit with outcome 0 as the base.

    Parameters
    ----------
    traits : float64[n, P]
        Traits of the choosers, the constant included.
    outcome : int64[n]
        Outcome of each, 0 .. n_outcomes - 1.
    n_outcomes
        Number of outcomes.
    weights : float64[n], optional
        Weight of each chooser.

    Returns
    -------
    ChoiceFit
        Its coefficients are ordered by outcome, then trait: ``coefficients.reshape(n_outcomes - 1, P)``.
    """
    n, n_traits = traits.shape
    terms = np.zeros((n, n_outcomes, (n_outcomes - 1) * n_traits))
    for which in range(1, n_outcomes):
        terms[:, which, (which - 1) * n_traits : which * n_traits] = traits
    return fit_conditional_logit(terms, outcome, weights=weights)
