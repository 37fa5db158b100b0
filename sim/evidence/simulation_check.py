"""Does the estimator find what was put in? Simulation-based calibration.

Parameters are drawn from the prior, data are simulated from them, the estimator is run on the data. If its
posterior is right, the truth is as likely to fall into any tenth of the posterior as into any other: the
ranks of the truths are uniform (Talts, Betancourt, Simpson, Vehtari & Gelman 2018, arXiv 1804.06788). A hump
in the histogram means intervals that are too wide, horns mean intervals that are too narrow, a slope means
bias.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import expit, ndtr

from sim.evidence.estimator import fit_item_response
from sim.evidence.item_response import ItemResponsePrior, Responses
from sim.types import Floats

LEVEL = 0.9
"""Level of the reported intervals."""
_HALF_WIDTH = 1.6448536269514722  # standard normal quantile of 0.95


@dataclass(frozen=True)
class Recovery:
    """Truths and posteriors of repeated simulations.

    Attributes
    ----------
    truth, mean, sd : float64[R, P]
        True parameters, posterior means and standard deviations.
    """

    truth: Floats = field(repr=False)
    mean: Floats = field(repr=False)
    sd: Floats = field(repr=False)

    @property
    def ranks(self) -> Floats:
        """Posterior probability below the truth, float64[R, P]; uniform if the posterior is right."""
        return np.asarray(ndtr((self.truth - self.mean) / self.sd), dtype=np.float64)

    @property
    def coverage(self) -> Floats:
        """Share of truths inside their 90 % intervals, float64[P]."""
        inside = np.abs(self.truth - self.mean) <= _HALF_WIDTH * self.sd
        return np.asarray(inside.mean(axis=0), dtype=np.float64)


def recover_item_response(
    terms: Floats, n_items: int, prior: ItemResponsePrior, replicates: int, seed: int
) -> tuple[Recovery, Recovery]:
    """Simulate joining from the prior and estimate it back.

    Parameters
    ----------
    terms : float64[N, P]
        Standardised terms.
    n_items
        Number of lists.
    prior
        Priors that both generate the truths and enter the estimate.
    replicates
        How many simulations.
    seed
        Seed of all draws.

    Returns
    -------
    tuple of Recovery
        Of the coefficients [R, P], and of the country effects' log standard deviation [R, 1].
    """
    n_countries, n_terms = terms.shape
    truth, mean, sd = (np.empty((replicates, n_terms + 1)) for _ in range(3))
    for row in range(replicates):
        generator = np.random.default_rng([seed, row])
        beta = generator.normal(prior.mean, prior.sd)
        intercepts = generator.normal(0.0, prior.intercept_sd, n_items)
        log_tau = generator.normal(*prior.log_tau)
        effects = np.exp(log_tau) * generator.standard_normal(n_countries)
        chance = expit(intercepts[:, None] + terms @ beta + effects)
        y = (generator.random(chance.shape) < chance).astype(np.float64)
        fit = fit_item_response(Responses.of(y, np.ones_like(y), terms), prior)
        truth[row] = [*beta, log_tau]
        mean[row] = [*fit.coefficients, fit.optimum.theta[-1]]
        sd[row] = [*fit.coefficient_sd, float(np.sqrt(fit.covariance[-1, -1]))]
    return (
        Recovery(truth[:, :-1], mean[:, :-1], sd[:, :-1]),
        Recovery(truth[:, -1:], mean[:, -1:], sd[:, -1:]),
    )
