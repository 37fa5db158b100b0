"""Morris screening: how much an outcome moves with one factor, and how much that depends on the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError, import_extra
from sim.sweeps.unit import MORRIS_LEVELS
from sim.types import Floats


@dataclass(frozen=True)
class MorrisEffects:
    """Elementary effects of one outcome, per unit of each factor's quantile.

    Attributes
    ----------
    names : tuple of str
        The factors.
    mu, mu_star, sigma : float64, shape [factors]
        Mean, mean absolute value and standard deviation of the elementary effects. A large ``sigma`` says
        that the effect depends on the other factors or is not linear.
    mu_star_error : float64, shape [factors]
        Half width of the bootstrap interval of ``mu_star``.
    confidence : float
        Confidence of that interval.
    trajectories : int
        Number of trajectories.
    """

    names: tuple[str, ...]
    mu: Floats
    mu_star: Floats
    sigma: Floats
    mu_star_error: Floats
    confidence: float
    trajectories: int


def morris_effects(
    unit: Floats,
    outcome: Floats,
    names: Sequence[str],
    *,
    confidence: float = 0.9,
    resamples: int = 1000,
    seed: int = 1,
) -> MorrisEffects:
    """Estimate the elementary effects from the outcomes of a ``morris`` design (computed by SALib).

    Morris (1991, Technometrics 33, 161-174); ``mu_star`` by Campolongo et al. (2007, EMS 22, 1509-1518).

    Parameters
    ----------
    unit : float64, shape [trajectories * (factors + 1), factors]
        The points of the design in the unit cube (`sim.sweeps.design.unit_design`).
    outcome : float64, shape [trajectories * (factors + 1)]
        One value per sample.
    names
        The factors, in the order of the columns of ``unit``.
    confidence, resamples, seed
        Of the bootstrap interval.

    Raises
    ------
    InputError
        If the numbers do not fit, there is a single trajectory only, or an outcome is no finite number.
    """
    factors = len(names)
    if unit.shape != (outcome.size, factors) or outcome.size % (factors + 1):
        raise InputError(f"{outcome.size} outcomes do not make a morris design of {factors} factors")
    if outcome.size < 2 * (factors + 1):
        raise InputError("a morris design needs at least two trajectories")
    if not np.isfinite(outcome).all():
        raise InputError("an outcome is not a finite number; effects cannot be estimated")
    analysis = import_extra("SALib.analyze.morris", "sweep")
    problem = {"num_vars": factors, "names": list(names), "bounds": [[0.0, 1.0]] * factors}
    found = analysis.analyze(
        problem,
        unit,
        outcome,
        num_resamples=resamples,
        conf_level=confidence,
        num_levels=MORRIS_LEVELS,
        seed=np.random.default_rng(seed),
    )
    mu, mu_star, sigma, error = (
        np.asarray(found[key], dtype=np.float64) for key in ("mu", "mu_star", "sigma", "mu_star_conf")
    )
    return MorrisEffects(tuple(names), mu, mu_star, sigma, error, confidence, outcome.size // (factors + 1))
