"""Item response with lists that separate more or less sharply, and with terms that pull otherwise in a new regime.

For a list ``j`` and a country ``i``

    logit P(y_ij = 1) = d_j + lambda_j (X_i beta + r_j X_i delta + x_i s_j + tau z_i) ,      z_i ~ N(0, 1)

with ``log lambda_j ~ N(0, sd)`` (two-parameter model: Birnbaum 1968; the discrimination of a typical list is one), a
shift ``delta`` of some coefficients on the lists of the new regime (``r_j = 1``, else 0), and a slope of one term of each
list's own. Country effects are integrated out by Gauss-Hermite quadrature; gradient and Hessian of all other parameters
are analytic (Louis 1982, JRSS B 44:226-233).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logsumexp

from sim.evidence.marginal import Marginal, quadrature
from sim.types import Floats

WIDEST = 30.0
"""Largest logarithm of a discrimination, or of the spread of country effects, at which the likelihood is evaluated."""


@dataclass(frozen=True)
class Layout:
    """Where the parameters stand in their vector: intercepts, slopes, log lambda, shifts, coefficients, log tau.

    Attributes
    ----------
    lists, terms
        Numbers of lists and terms, J and P.
    slope : int or None
        Column of the terms with a slope of each list's own.
    shifted : tuple of int
        Columns of the terms that shift in the new regime.
    """

    lists: int
    terms: int
    slope: int | None
    shifted: tuple[int, ...]

    @property
    def slopes(self) -> slice:
        """Slopes of the lists; empty without them."""
        return slice(self.lists, self.lists * (2 if self.slope is not None else 1))

    @property
    def log_lambda(self) -> slice:
        """Logarithms of the discriminations."""
        return slice(self.slopes.stop, self.slopes.stop + self.lists)

    @property
    def shifts(self) -> slice:
        """Shifts of the new regime; empty without them."""
        return slice(self.log_lambda.stop, self.log_lambda.stop + len(self.shifted))

    @property
    def coefficients(self) -> slice:
        """Common coefficients."""
        return slice(self.shifts.stop, self.shifts.stop + self.terms)

    @property
    def size(self) -> int:
        """Number of parameters, M, log tau included."""
        return int(self.shifts.stop) + self.terms + 1

    def own(self, j: int) -> list[int]:
        """Return the positions of the parameters that list ``j`` depends on, log lambda second, log tau last."""
        slope = [] if self.slope is None else [self.slopes.start + j]
        rest = range(self.shifts.start, self.size)
        return [j, self.log_lambda.start + j, *slope, *rest]


def discriminating_marginal(
    y: Floats,
    weights: Floats,
    terms: Floats,
    regime: Floats,
    layout: Layout,
    theta: Floats,
    tau: float,
    nodes: int,
) -> Marginal:
    """Integrate the country effect out.

    Parameters
    ----------
    y, weights : float64[J, N]
        Outcomes and weights.
    terms : float64[N, P]
        Standardised terms.
    regime : float64[J]
        1 for a list of the new regime, else 0.
    layout
        Where the parameters stand.
    theta : float64[M]
        Where to evaluate.
    tau
        Standard deviation of the country effects (logits); 0 switches them off.
    nodes
        Gauss-Hermite nodes.
    """
    z, log_mass = quadrature(nodes if tau > 0.0 else 1)
    if (
        np.abs(theta[layout.log_lambda]).max(initial=0.0) > WIDEST
    ):  # a step far too long: the ascent halves it
        nowhere = np.full((layout.size, layout.size), np.nan)
        return Marginal(-np.inf, nowhere[0], nowhere, np.full((len(terms), len(z)), np.nan), z)
    n, q = len(terms), len(z)
    sharp = np.exp(theta[layout.log_lambda])
    pull = _pull(terms, regime, layout, theta)[:, :, None] + tau * z
    eta = theta[: layout.lists, None, None] + sharp[:, None, None] * pull
    mass = weights[:, :, None]
    by_node = np.sum(mass * (y[:, :, None] * eta - np.logaddexp(0.0, eta)), axis=0) + log_mass
    by_country = logsumexp(by_node, axis=1)
    posterior = np.exp(by_node - by_country[:, None])
    chance = expit(eta)
    residual = mass * (y[:, :, None] - chance)
    information = mass * chance * (1.0 - chance)

    score = np.zeros((n, q, layout.size))
    complete = np.zeros((layout.size, layout.size))
    effect = np.broadcast_to(tau * z, (n, q))
    for j in range(layout.lists):
        own = layout.own(j)
        slope = [] if layout.slope is None else [terms[:, layout.slope]]
        fixed = [*slope, *(regime[j] * terms[:, column] for column in layout.shifted), *terms.T]
        inner = np.stack(
            [np.zeros((n, q)), pull[j], *(np.broadcast_to(x[:, None], (n, q)) for x in fixed), effect], axis=2
        )
        slopes = sharp[j] * inner  # of eta on the parameters of this list
        slopes[:, :, 0] = 1.0
        score[:, :, own] += residual[j][:, :, None] * slopes
        flat = slopes.reshape(n * q, -1)
        bent = -(flat * (posterior * information[j]).reshape(-1, 1)).T @ flat
        # Second derivatives of eta: each parameter within the brackets with log lambda, and log tau with itself.
        twice = sharp[j] * np.einsum("nq,nqk->k", posterior * residual[j], inner)
        bent[1, 1:] += twice[1:]
        bent[2:, 1] += twice[2:]
        bent[-1, -1] += twice[-1]
        complete[np.ix_(own, own)] += bent
    expected = np.einsum("nq,nqm->nm", posterior, score)
    flat = score.reshape(n * q, -1)
    products = (flat * posterior.reshape(-1, 1)).T @ flat
    hessian = complete + products - expected.T @ expected
    return Marginal(float(by_country.sum()), expected.sum(axis=0), hessian, posterior, z)


def _pull(terms: Floats, regime: Floats, layout: Layout, theta: Floats) -> Floats:
    """Return what stands within the brackets without the country effect, float64[J, N]."""
    pull = np.tile(terms @ theta[layout.coefficients], (layout.lists, 1))
    if layout.shifted:
        pull = pull + np.outer(regime, terms[:, list(layout.shifted)] @ theta[layout.shifts])
    if layout.slope is not None:
        pull = pull + np.outer(theta[layout.slopes], terms[:, layout.slope])
    return np.asarray(pull, dtype=np.float64)
