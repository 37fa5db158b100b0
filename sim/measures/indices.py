"""Concentration and polarization of shares.

Every function takes weights of groups along the last axis and turns them into shares ``p`` that sum to 1, so
counts, GDP or any other weight will do. All results are dimensionless unless said otherwise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import InputError

ALPHA_MAX = 1.6
"""Largest sensitivity for which the index of Esteban and Ray satisfies their axioms."""


def shares(weights: ArrayLike) -> NDArray[np.float64]:
    """Return weights ``[..., groups]`` divided by their sum over groups.

    Raises
    ------
    InputError
        If there are no groups, a weight is negative or not finite, or all weights of a distribution are zero.
    """
    array = np.asarray(weights, dtype=np.float64)
    if array.ndim == 0 or array.shape[-1] == 0:
        raise InputError(f"weights: expected at least one group, got an array of shape {array.shape}")
    if not np.isfinite(array).all() or (array < 0).any():
        raise InputError("weights: every weight must be finite and at least 0")
    total = array.sum(axis=-1, keepdims=True)
    if (total == 0).any():
        raise InputError("weights: at least one group must have a weight above 0")
    return np.asarray(array / total)


def herfindahl(weights: ArrayLike) -> NDArray[np.float64]:
    """Return ``sum p^2``: 1 for one group, ``1/n`` for n equal ones. Shape ``[...]``."""
    return np.asarray((shares(weights) ** 2).sum(axis=-1))


def fractionalization(weights: ArrayLike) -> NDArray[np.float64]:
    """Return ``1 - sum p^2``, the probability that two draws belong to different groups. Shape ``[...]``."""
    return np.asarray(1.0 - herfindahl(weights))


def effective_number(weights: ArrayLike) -> NDArray[np.float64]:
    """Return the effective number of groups ``1 / sum p^2``. Shape ``[...]``.

    Source: Laakso M, Taagepera R 1979, Comparative Political Studies 12(1):3-27.
    """
    return np.asarray(1.0 / herfindahl(weights))


def effective_number_golosov(weights: ArrayLike) -> NDArray[np.float64]:
    """Return the effective number ``sum p / (p + p_max^2 - p^2)``, less swayed by one giant. Shape ``[...]``.

    Source: Golosov GV 2010, Party Politics 16(2):171-192.
    """
    p = shares(weights)
    largest = p.max(axis=-1, keepdims=True)
    return np.asarray((p / (p + largest**2 - p**2)).sum(axis=-1))


def inverse_largest(weights: ArrayLike) -> NDArray[np.float64]:
    """Return ``1 / p_max``, the effective number of infinite order. Shape ``[...]``.

    Source: Taagepera R 1999, Electoral Studies 18(4):497-504.
    """
    return np.asarray(1.0 / shares(weights).max(axis=-1))


def esteban_ray(weights: ArrayLike, positions: ArrayLike, alpha: float = 1.3) -> NDArray[np.float64]:
    """Return polarization ``sum_ij p_i^(1 + alpha) p_j |y_i - y_j|``, in units of position. Shape ``[...]``.

    Source: Esteban J, Ray D 1994, Econometrica 62(4):819-851, with their constant K = 1.

    Parameters
    ----------
    weights
        ``[..., groups]``.
    positions
        ``[groups]``, where each group stands on one dimension.
    alpha
        Weight of identification with one's own group, 0 (inequality only) to ``ALPHA_MAX``.

    Raises
    ------
    InputError
        For an alpha out of range or positions that are not finite or match no groups; see also `shares`.
    """
    groups = shares(weights).shape[-1:]
    y = np.asarray(positions, dtype=np.float64)
    if y.shape != groups or not np.isfinite(y).all():
        raise InputError(f"positions: expected {groups[0]} finite numbers, one for each group")
    return polarization(weights, np.abs(y[:, None] - y[None, :]), alpha)


def polarization(weights: ArrayLike, distances: ArrayLike, alpha: float = 1.3) -> NDArray[np.float64]:
    """Return polarization as `esteban_ray`, from distances ``[groups, groups]`` in any number of dimensions.

    Raises
    ------
    InputError
        For an alpha out of range or distances that are not finite or match no groups; see also `shares`.
    """
    p = shares(weights)
    apart = np.asarray(distances, dtype=np.float64)
    if not 0.0 <= alpha <= ALPHA_MAX:
        raise InputError(f"alpha: {alpha} is not in 0 to {ALPHA_MAX}")
    if apart.shape != 2 * p.shape[-1:] or not np.isfinite(apart).all():
        raise InputError(
            f"distances: expected {p.shape[-1]} x {p.shape[-1]} finite numbers, one for each pair of groups"
        )
    return np.asarray((p ** (1.0 + alpha) * (p @ apart)).sum(axis=-1))


def reynal_querol(weights: ArrayLike) -> NDArray[np.float64]:
    """Return polarization ``4 sum p^2 (1 - p)``: 1 for two equal groups, less otherwise. Shape ``[...]``.

    Source: Montalvo JG, Reynal-Querol M 2005, American Economic Review 95(3):796-816.
    """
    p = shares(weights)
    return np.asarray(4.0 * (p**2 * (1.0 - p)).sum(axis=-1))
