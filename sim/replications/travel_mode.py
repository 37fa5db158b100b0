"""A textbook table by an estimator of our own: the choice of travel mode of Greene (2003).

In the conditional logit (McFadden 1974, in Frontiers in Econometrics, 105-142) the probability that chooser ``n`` takes
alternative ``a`` is

    P(a) = exp(X_na beta) / sum_b exp(X_nb beta)

over all alternatives. The multinomial logit is the special case in which every alternative but the first has
coefficients of its own on the chooser's traits.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from sim.calibration.csv_tables import read_csv
from sim.calibration.likelihood import Optimum, is_dominated, maximise
from sim.errors import AiblocsError
from sim.replications.replication import DATA, Replication, compare
from sim.types import Floats

NAME = "Choice of travel mode"
GREENE = "Greene WH 2003, Econometric Analysis, 5th edition, table 21.11; data of Greene WH, Hensher D 1997"
MODES = ("air", "train", "bus", "car")
COEFFICIENTS = (5.20744, 3.86904, 3.16319, -0.01550, -0.09612, 0.01329)
STANDARD_ERRORS = (0.77906, 0.44313, 0.45027, 0.00441, 0.01044, 0.01026)
LOG_LIKELIHOOD = -199.12837
TOLERANCE = 1e-4


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


def travel_design() -> tuple[Floats, NDArray[np.int64]]:
    """Return terms, float64[210, 4, 6] (constants of air, train, bus; cost; waiting; income by air), and choices."""
    rows = read_csv(DATA / "travel_mode.csv")
    terms = np.zeros((len(rows), len(MODES), 6))
    for n, row in enumerate(rows):
        for a, mode in enumerate(MODES):
            if a < 3:
                terms[n, a, a] = 1.0
            terms[n, a, 3] = float(row[f"cost_{mode}"])
            terms[n, a, 4] = float(row[f"wait_{mode}"])
        terms[n, 0, 5] = float(row["income"])
    return terms, np.array([MODES.index(row["chosen"]) for row in rows])


def travel_coefficients() -> Replication:
    """Replicate six coefficients."""
    found = fit_conditional_logit(*travel_design()).coefficients.tolist()
    return compare(NAME, GREENE, "six coefficients of a conditional logit", COEFFICIENTS, found, TOLERANCE)


def travel_errors() -> Replication:
    """Replicate their standard errors."""
    found = fit_conditional_logit(*travel_design()).standard_errors.tolist()
    return compare(NAME, GREENE, "their standard errors", STANDARD_ERRORS, found, TOLERANCE)


def travel_likelihood() -> Replication:
    """Replicate the log-likelihood."""
    found = fit_conditional_logit(*travel_design()).log_likelihood
    return compare(NAME, GREENE, "its log-likelihood", LOG_LIKELIHOOD, found, TOLERANCE)


CASES = (travel_coefficients, travel_errors, travel_likelihood)
