"""Sobol indices: the share of an outcome's variance that goes with a factor, alone and with interactions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.types import Floats

WIDE = 0.1
"""Width of an interval above which the indices count as not converged."""
TOO_WIDE = 0.5
"""Width of an interval above which an index counts as undetermined."""
_BATCH = 2_000_000
"""Numbers held at once by the bootstrap."""


@dataclass(frozen=True)
class SobolIndices:
    """First and total Sobol indices of one outcome.

    Attributes
    ----------
    names : tuple of str
        The factors.
    first, total : float64, shape [factors]
        Share of variance that a factor explains alone; share that goes with it including interactions.
    first_interval, total_interval : float64, shape [factors, 2]
        Bootstrap intervals (percentiles over base points), cut to 0 .. 1: a share is nothing else.
    confidence : float
        Confidence of the intervals.
    size : int
        Number of base points.
    warnings : tuple of str
        Why the indices should not be believed yet, empty if they can be.
    undetermined : tuple of str
        The factors about which the base points say nothing: an interval is wider than a half, or the estimate lies so far
        outside 0 .. 1 that none of its interval is a share.
    """

    names: tuple[str, ...]
    first: Floats
    first_interval: Floats
    total: Floats
    total_interval: Floats
    confidence: float
    size: int
    warnings: tuple[str, ...]
    undetermined: tuple[str, ...] = ()

    @property
    def converged(self) -> bool:
        """Whether nothing warns."""
        return not self.warnings


def sobol_indices(
    outcome: Floats, names: Sequence[str], *, confidence: float = 0.9, resamples: int = 1000, seed: int = 1
) -> SobolIndices:
    """Estimate first and total Sobol indices from the outcomes of a ``sobol`` design.

    Estimators of Saltelli et al. (2010, CPC 181, 259-270), as in SALib: with the outcomes a, b of the two
    base points and c_j of the point whose coordinate j is exchanged, ``first_j = mean(b (c_j - a)) / var``
    and ``total_j = mean((a - c_j)^2) / (2 var)``, ``var`` being the variance of all a and b.

    Parameters
    ----------
    outcome : float64, shape [size * (factors + 2)]
        One value per sample, in the order of the design (see `sim.sweeps.unit.saltelli`).
    names
        The factors, in the order of the design.
    confidence
        Of the bootstrap intervals.
    resamples
        Number of bootstrap resamples of the base points.
    seed
        Of the bootstrap.

    Raises
    ------
    InputError
        If the number of outcomes does not fit the factors, or an outcome is no finite number.
    """
    factors = len(names)
    if not factors or outcome.ndim != 1 or not outcome.size or outcome.size % (factors + 2):
        raise InputError(f"{outcome.size} outcomes do not make a sobol design of {factors} factors")
    if not np.isfinite(outcome).all():
        raise InputError("an outcome is not a finite number; indices cannot be estimated")
    spread = float(outcome.std())
    if spread <= 1e-12 * max(1.0, float(np.abs(outcome).max())):
        zero = np.zeros(factors)
        none = np.zeros((factors, 2))
        size = outcome.size // (factors + 2)
        return SobolIndices(
            tuple(names),
            zero,
            none,
            zero,
            none,
            confidence,
            size,
            ("the outcome does not vary at all",),
            tuple(names),
        )
    terms = _terms((outcome - outcome.mean()) / spread, factors)
    first, total = _indices(terms.mean(axis=0)[None], factors)
    intervals = np.quantile(
        _bootstrap(terms, factors, resamples, seed), [(1 - confidence) / 2, (1 + confidence) / 2], axis=1
    )
    first_interval, total_interval = np.moveaxis(intervals, 0, -1)
    warnings = _warnings(names, first[0], first_interval, total[0], total_interval, len(terms))
    lost = _lost(first[0], first_interval) | _lost(total[0], total_interval)
    return SobolIndices(
        tuple(names),
        first[0],
        np.clip(first_interval, 0.0, 1.0),
        total[0],
        np.clip(total_interval, 0.0, 1.0),
        confidence,
        len(terms),
        warnings,
        tuple(name for name, unknown in zip(names, lost, strict=True) if unknown),
    )


def _lost(index: Floats, interval: Floats) -> NDArray[np.bool_]:
    """Return which indices the base points do not determine; see `SobolIndices.undetermined`."""
    shares = np.clip(index, 0.0, 1.0)
    cut = np.clip(interval, 0.0, 1.0)
    outside = (shares < cut[:, 0]) | (shares > cut[:, 1]) | (interval[:, 0] > 1) | (interval[:, 1] < -WIDE)
    lost: NDArray[np.bool_] = outside | (np.ptp(interval, axis=1) > TOO_WIDE)
    return lost


def _terms(outcome: Floats, factors: int) -> Floats:
    """Return what the estimators average, for each base point; the last two columns make the variance."""
    rows = outcome.reshape(-1, factors + 2)
    a, c, b = rows[:, :1], rows[:, 1:-1], rows[:, -1:]
    return np.hstack([b * (c - a), 0.5 * (a - c) ** 2, 0.5 * (a + b), 0.5 * (a**2 + b**2)])


def _indices(means: Floats, factors: int) -> tuple[Floats, Floats]:
    """Return first and total indices, shape [rows, factors] each, from rows of averaged terms."""
    variance = means[:, -1:] - means[:, -2:-1] ** 2
    safe = np.where(variance > 1e-12, variance, np.inf)
    return means[:, :factors] / safe, means[:, factors : 2 * factors] / safe


def _bootstrap(terms: Floats, factors: int, resamples: int, seed: int) -> Floats:
    """Return the indices of resampled base points, shape [2, resamples, factors]."""
    size = len(terms)
    random = np.random.default_rng(seed)
    batch = max(1, _BATCH // size)
    parts = []
    for start in range(0, resamples, batch):
        rows = min(batch, resamples - start)
        drawn = random.integers(size, size=(rows, size)) + size * np.arange(rows)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)
        parts.append(np.stack(_indices(counts @ terms / size, factors)))
    return np.concatenate(parts, axis=1)


def _warnings(
    names: Sequence[str],
    first: Floats,
    first_interval: Floats,
    total: Floats,
    total_interval: Floats,
    size: int,
) -> tuple[str, ...]:
    found = []
    width = np.maximum(np.ptp(first_interval, axis=1), np.ptp(total_interval, axis=1))
    worst = int(width.argmax())
    if width[worst] > WIDE:
        needed = 2 ** math.ceil(math.log2(size * (width[worst] / WIDE) ** 2))
        found.append(
            f"not converged: the interval of {names[worst]} is {width[worst]:.2f} wide; about {needed} base "
            f"points instead of {size} would bring it below {WIDE:g}"
        )
    if size & (size - 1):
        found.append(f"{size} base points are not a power of two, so that the sequence is not balanced")
    for j, name in enumerate(names):
        if first_interval[j, 1] < -0.02:
            found.append(f"the first index of {name} is negative ({first[j]:.2f}), which only noise can do")
        if total_interval[j, 1] < first_interval[j, 0]:
            found.append(f"the total index of {name} ({total[j]:.2f}) is below its first ({first[j]:.2f})")
    return tuple(found)
