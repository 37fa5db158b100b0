"""Conditional logit (McFadden 1974, in Frontiers in Econometrics, 105-142).

The probability that chooser ``n`` takes alternative ``a`` is

    P(a) = exp(X_na beta) / sum_b exp(X_nb beta)

over all alternatives. The multinomial logit is the special case in which every alternative but the first has
coefficients of its own on the chooser's traits.
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
        Inverse observed information.
    log_likelihood : float
        At the maximum.
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


def fit_conditional_logit(terms: Floats, chosen: NDArray[np.int64]) -> ChoiceFit:
    """Estimate a conditional logit by maximum likelihood.

    Parameters
    ----------
    terms : float64[n, A, P]
        Terms of each alternative for each chooser.
    chosen : int64[n]
        Alternative taken, 0 .. A - 1.

    Raises
    ------
    AiblocsError
        If the likelihood has no finite maximum (separation) or no unique one (collinear terms).
    """
    picked = np.arange(len(terms)), chosen
    ones = np.ones(len(terms))

    def probabilities(beta: Floats) -> tuple[Floats, Floats]:
        utility = terms @ beta
        log_probability = utility - logsumexp(utility, axis=1, keepdims=True)
        return np.exp(log_probability), log_probability

    def objective(beta: Floats) -> tuple[float, Floats, Floats]:
        probability, log_probability = probabilities(beta)
        expected = np.einsum("na,nap->np", probability, terms)
        second = np.einsum("na,nap,naq->pq", probability, terms, terms, optimize=True)
        value = float(ones @ log_probability[picked])
        return value, ones @ (terms[picked] - expected), expected.T @ expected - second

    if is_dominated(_advantages(terms, chosen)):
        raise AiblocsError("the choice model has no finite maximum: the terms separate the choices")
    optimum = maximise(objective, np.zeros(terms.shape[2]))
    if not optimum.converged:
        raise AiblocsError(
            "the choice model has no unique maximum: some terms are collinear "
            f"({optimum.distance:.2g} standard deviations from it after {optimum.iterations} steps)"
        )
    probability, log_probability = probabilities(optimum.theta)
    likelihood = float(ones @ log_probability[picked])
    return ChoiceFit(optimum.theta, optimum.covariance, likelihood, probability, optimum)


def _advantages(terms: Floats, chosen: NDArray[np.int64]) -> Floats:
    """Terms of the chosen alternative minus those of each other one, float64[n (A - 1), P]."""
    picked = np.arange(len(terms)), chosen
    others = np.ones(terms.shape[:2], dtype=np.bool_)
    others[picked] = False
    return np.asarray((terms[picked][:, None, :] - terms)[others], dtype=np.float64)
