"""What could make an estimate meaningless: separation, and intervals that the curvature gets wrong."""

from __future__ import annotations

import numpy as np

from sim.calibration.likelihood import is_dominated
from sim.evidence.estimator import fit_item_response
from sim.evidence.item_response import ItemResponsePrior, Responses
from sim.types import Floats


def is_separated(y: Floats, design: Floats) -> bool:
    """Whether some combination of the columns sorts members from outsiders without an error.

    Covers complete and quasi-complete separation (Albert & Anderson 1984, Biometrika 71:1-10): there is a
    direction in which no member lies on the outsiders' side and at least one observation lies strictly on its
    own side. Without priors the maximum of the likelihood is then infinite.

    Parameters
    ----------
    y : float64[n]
        Outcomes, 0 or 1.
    design : float64[n, P]
        Regressors, the constant included.
    """
    return is_dominated(design * np.where(y == 1.0, 1.0, -1.0)[:, None])


def separated_items(data: Responses) -> list[int]:
    """Positions of the lists that the terms alone separate (each with its own intercept)."""
    out = []
    for row, (y, weights) in enumerate(zip(data.y, data.weights, strict=True)):
        known = weights > 0.0
        design = np.column_stack([np.ones(int(known.sum())), data.terms[known]])
        if is_separated(y[known], design):
            out.append(row)
    return out


def bootstrap(data: Responses, prior: ItemResponsePrior, replicates: int, seed: int) -> Floats:
    """Coefficients re-estimated on resampled countries.

    Parameters
    ----------
    data, prior
        As for the estimate itself.
    replicates
        How many times the countries are drawn with replacement.
    seed
        Seed of the draws.

    Returns
    -------
    float64[replicates, P]
        Coefficients, of the regime of today where the lists tell of one; their spread checks the Laplace approximation and
        the independence it assumes.
    """
    generator = np.random.default_rng(seed)
    full = fit_item_response(data, prior)
    n_countries = data.y.shape[1]
    out = np.empty((replicates, len(full.coefficients)))
    for row in range(replicates):
        drawn = generator.integers(0, n_countries, size=(n_countries,))
        fit = fit_item_response(data.countries(drawn), prior, start=full.optimum.theta)
        out[row] = fit.in_new_regime().coefficients
    return out
