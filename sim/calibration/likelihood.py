"""Maxima of likelihoods: damped Newton ascent, and whether there is a finite maximum at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.linalg import LinAlgError
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import linprog

from sim.types import Floats

Objective = Callable[[Floats], tuple[float, Floats, Floats]]
"""Parameters -> (value, gradient, Hessian) of the function to maximise."""

_MAX_HALVINGS = 40
_SMALLEST_DAMPING = 1e-8


@dataclass(frozen=True)
class Optimum:
    """Where an ascent ended.

    Attributes
    ----------
    theta : float64[M]
        Parameters.
    value : float
        Objective there.
    distance : float
        Length of the Newton step that is left, in posterior standard deviations (the Newton decrement).
    covariance : float64[M, M]
        Inverse of minus the Hessian (Laplace approximation of a posterior, or the observed-information
        covariance).
    iterations : int
        Newton steps taken.
    converged : bool
        Whether that distance is negligible and the maximum a strict one.
    """

    theta: Floats = field(repr=False)
    value: float
    distance: float
    covariance: Floats = field(repr=False)
    iterations: int
    converged: bool


def maximise(
    objective: Objective, start: Floats, *, tolerance: float = 1e-8, max_iterations: int = 100
) -> Optimum:
    """Climb to a local maximum by Newton steps, damped where the Hessian is not negative definite.

    Parameters
    ----------
    objective
        Function to maximise with its first and second derivatives.
    start : float64[M]
        Where to begin.
    tolerance
        The ascent ends when the Newton step is shorter, in posterior standard deviations.
    max_iterations
        Steps after which it gives up (``converged`` is then false).
    """
    theta = np.array(start, dtype=np.float64)
    value, gradient, hessian = objective(theta)
    step = _ascent_direction(gradient, hessian)
    iterations = 0
    while _decrement(gradient, step) > tolerance and iterations < max_iterations:
        scale, halvings = 1.0, 0
        with np.errstate(over="ignore", invalid="ignore"):  # a step that leads too far is halved
            candidate = objective(theta + step)
            while not candidate[0] >= value - 1e-12 * abs(value) and halvings < _MAX_HALVINGS:
                scale, halvings = scale / 2.0, halvings + 1
                candidate = objective(theta + scale * step)
        if halvings == _MAX_HALVINGS:
            break
        theta = theta + scale * step
        value, gradient, hessian = candidate
        step = _ascent_direction(gradient, hessian)
        iterations += 1
    distance = _decrement(gradient, step)
    covariance = _covariance(hessian)
    strict = bool(np.isfinite(covariance).all())
    return Optimum(theta, float(value), distance, covariance, iterations, strict and distance <= tolerance)


def _covariance(hessian: Floats) -> Floats:
    """Inverse of minus the Hessian, or all nan if that is not positive definite."""
    unknown = np.full(hessian.shape, np.nan)
    if not np.isfinite(hessian).all() or np.linalg.eigvalsh(-hessian).min(initial=1.0) <= 0.0:
        return unknown
    try:
        return np.asarray(np.linalg.inv(-hessian), dtype=np.float64)
    except LinAlgError:  # singular, though rounding left all eigenvalues above zero
        return unknown


def _decrement(gradient: Floats, step: Floats) -> float:
    """Newton decrement: the length of a step in the metric of the curvature."""
    return float(np.sqrt(np.maximum(0.0, gradient @ step)))


def _ascent_direction(gradient: Floats, hessian: Floats) -> Floats:
    """Newton step on minus the Hessian, its eigenvalues raised to positive ones where they are not."""
    if not np.isfinite(hessian).all():
        return np.full(gradient.shape, np.nan)
    try:
        return np.asarray(cho_solve(cho_factor(-hessian), gradient), dtype=np.float64)
    except LinAlgError:
        pass  # not concave here
    values, vectors = np.linalg.eigh(-hessian)
    floor = max(_SMALLEST_DAMPING, 1e-6 * float(np.abs(values).max(initial=0.0)))
    # Where the objective curves upwards, climb along its gradient at the size of that curvature.
    step: Floats = vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), floor))
    return step


def is_dominated(margins: Floats) -> bool:
    """Whether some direction makes no margin negative and at least one positive.

    Parameters
    ----------
    margins : float64[n, P]
        Rows whose product with a direction is the margin of an observation.
    """
    # Maximise the summed margins of a bounded direction whose margins are all non-negative.
    scaled = margins / np.maximum(np.abs(margins).max(axis=0), 1e-300)
    result = linprog(-scaled.sum(axis=0), A_ub=-scaled, b_ub=np.zeros(len(scaled)), bounds=(-1.0, 1.0))
    return result.fun is not None and bool(result.fun < -1e-7)
