"""The response surface of two levers: the mean outcome over their plane, and the line where it tips."""

from __future__ import annotations

from dataclasses import dataclass, replace

import contourpy
import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.types import Brief, Floats

_BINNED_FROM = 1600
"""Samples above which they are first averaged in small cells."""
_BINS = 40
_BANDWIDTHS = (0.05, 0.075, 0.11, 0.16, 0.24, 0.36, 0.54)
"""Kernel widths that are tried, as shares of each lever's range."""
_FEWEST_NEIGHBOURS = 10.0
"""Effective number of samples below which a place of the surface is left out."""
_LEFT_OUT = 500
"""Samples, at most, that are left out one at a time to judge a kernel width."""
_BLOCK = 400
"""Places that are computed at once."""
_TINY = 1e-200
"""Keeps places without any sample near them from dividing by zero."""


@dataclass(frozen=True)
class Crossing:
    """Where an outcome crosses a level along one lever.

    ``x`` : where; ``low, high`` : 90 % interval of the crossing point (infinite: to the end of the lever's range);
    ``rising`` : whether it is above the level beyond
    """

    x: float
    low: float
    high: float
    rising: bool


@dataclass(frozen=True, repr=False)
class Surface(Brief):
    """An outcome over two levers.

    Attributes
    ----------
    x, y : float64, shapes [columns], [rows]
        Values of the two levers.
    z : float64, shape [rows, columns]
        Mean outcome; NaN where there are too few samples.
    error : float64, shape [rows, columns]
        Its standard error, that of the futures which all samples share included; NaN where it is not known.
    bandwidth : float or None
        Kernel width as a share of the levers' ranges; None if nothing was smoothed.
    """

    x: Floats
    y: Floats
    z: Floats
    error: Floats
    bandwidth: float | None

    def tipping_lines(self, level: float) -> list[Floats]:
        """Return the lines along which the surface crosses ``level``, each [points, 2] in lever values."""
        lines = contourpy.contour_generator(self.x, self.y, np.ma.masked_invalid(self.z)).lines(level)
        return [np.asarray(line, dtype=np.float64) for line in lines]

    def crossings(self, level: float, row: int) -> list[Crossing]:
        """Return where ``level`` is crossed along a row of the surface, from low to high values of ``x``."""
        z, side = self.z[row], self.side(level)[row]
        with np.errstate(invalid="ignore"):
            steps = np.flatnonzero((z[:-1] - level) * (z[1:] - level) <= 0)
        found: list[Crossing] = []
        for step in steps:
            if z[step + 1] == z[step] or (found and found[-1].x >= self.x[step]):
                continue
            share = (level - z[step]) / (z[step + 1] - z[step])
            left, right = step, step + 1
            while left >= 0 and side[left] == 0:
                left -= 1
            while right < len(z) and side[right] == 0:
                right += 1
            low = self.x[left] if left >= 0 else -np.inf
            high = self.x[right] if right < len(z) else np.inf
            place = float(self.x[step] + share * (self.x[step + 1] - self.x[step]))
            found.append(Crossing(place, float(low), float(high), bool(z[step + 1] > z[step])))
        return found

    def side(self, level: float, confidence_z: float = 1.645) -> NDArray[np.int8]:
        """Return where the surface is above (1), below (-1) or too close to (0) a level, shape of ``z``."""
        gap = np.where(np.isfinite(self.error), confidence_z * self.error, 0.0)
        above, below = self.z - gap > level, self.z + gap < level
        return above.astype(np.int8) - below.astype(np.int8)


def with_draw_error(surface: Surface, shared: float, alone: float) -> Surface:
    """Return the surface with the error of finitely many replicates added.

    Parameters
    ----------
    shared
        Error that moves all of it by the same amount, as that of common random numbers does.
    alone
        Error of the mean of one sample: all there is to know at places that are one sample each.
    """
    known = np.isfinite(surface.error)
    return replace(surface, error=np.where(known, np.hypot(surface.error, shared), alone))


def grid_surface(x: Floats, y: Floats, outcome: Floats) -> Surface:
    """Return the surface over the very values that two levers of a grid take: cell means, nothing smoothed.

    Parameters
    ----------
    x, y, outcome : float64, shape [samples]
        Lever values and outcome (mean over replicates) of every sample; other factors are averaged over.

    Raises
    ------
    InputError
        If a lever takes a single value, or so many that the samples are no grid.
    """
    columns, column = np.unique(x, return_inverse=True)
    rows, row = np.unique(y, return_inverse=True)
    if min(len(columns), len(rows)) < 2:
        raise InputError("a surface needs at least two values of each lever")
    if len(columns) * len(rows) > len(outcome):
        raise InputError("the levers take too many values for a grid; smooth the surface instead")
    shape = (len(rows), len(columns))
    cell = row * len(columns) + column
    count = np.bincount(cell, minlength=shape[0] * shape[1])
    total = np.bincount(cell, outcome, shape[0] * shape[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        residual = np.bincount(cell, (outcome - mean[cell]) ** 2, shape[0] * shape[1])
        error = np.sqrt(residual / (count - 1) / count)
    error[count < 2] = np.nan
    return Surface(columns, rows, mean.reshape(shape), error.reshape(shape), None)


def smooth_surface(
    x: Floats, y: Floats, outcome: Floats, *, points: int = 60, bandwidth: float | None = None
) -> Surface:
    """Return the surface of scattered samples by local quadratic regression with a Gaussian kernel.

    At every place a quadratic in both levers is fitted to the samples around it (Cleveland & Devlin 1988,
    JASA 83, 596-610); unlike a plain kernel average it has no bias at the edges. The width of the kernel is
    the one with the smallest leave-one-out error.

    Parameters
    ----------
    x, y, outcome : float64, shape [samples]
        Lever values and outcome (mean over replicates) of every sample; other factors count as scatter.
    points
        Number of places along each lever.
    bandwidth
        Kernel width as a share of each lever's range; None = chosen.

    Raises
    ------
    InputError
        If there are fewer than 20 samples or a lever does not vary.
    """
    if len(outcome) < 20:
        raise InputError(f"{len(outcome)} samples are too few for a smoothed surface; it needs 20")
    low = np.array([x.min(), y.min()])
    width = np.array([np.ptp(x), np.ptp(y)])
    if not (width > 0).all():
        raise InputError("a surface needs two levers that vary")
    scaled = (np.column_stack([x, y]) - low) / width
    places, values, weights = _binned(scaled, outcome) if len(outcome) > _BINNED_FROM else (
        scaled, outcome, np.ones(len(outcome))
    )  # fmt: skip
    errors = {
        h: _leave_one_out(places, values, weights, h) for h in ([bandwidth] if bandwidth else _BANDWIDTHS)
    }
    chosen = min(errors, key=lambda h: (errors[h], -h))
    ticks = np.linspace(0.0, 1.0, points)
    targets = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    fit, spread, _ = _local_quadratic(targets, places, values, weights, chosen)
    shape = (points, points)
    error = (np.sqrt(errors[chosen]) * spread).reshape(shape)
    return Surface(low[0] + ticks * width[0], low[1] + ticks * width[1], fit.reshape(shape), error, chosen)


def _binned(scaled: Floats, outcome: Floats) -> tuple[Floats, Floats, Floats]:
    """Average samples in small cells, so that the cost of smoothing does not grow with their number."""
    index = np.minimum((scaled * _BINS).astype(np.int64), _BINS - 1)
    _, inverse, count = np.unique(index @ np.array([_BINS, 1]), return_inverse=True, return_counts=True)
    means = [np.bincount(inverse, column) / count for column in (scaled[:, 0], scaled[:, 1], outcome)]
    return np.column_stack(means[:2]), means[2], count.astype(np.float64)


def _leave_one_out(places: Floats, values: Floats, weights: Floats, bandwidth: float) -> float:
    """Return the mean squared leave-one-out error per sample, infinite if the kernel is too narrow."""
    looked_at = np.arange(0, len(places), -(-len(places) // _LEFT_OUT))
    fit, _, own = _local_quadratic(places[looked_at], places, values, weights, bandwidth, looked_at)
    usable = np.isfinite(fit) & (own < 0.999)
    if usable.mean() < 0.9:
        return float("inf")
    residual = (values[looked_at] - fit)[usable] / (1.0 - own[usable])
    return float(np.mean(residual**2 * weights[looked_at][usable]))


def _local_quadratic(
    targets: Floats,
    places: Floats,
    values: Floats,
    weights: Floats,
    bandwidth: float,
    own_place: NDArray[np.int64] | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Fit at every target; return the fits, the norm of the samples' weights, and the target's own weight.

    The last is that of the place ``own_place`` of each target, 0 if the targets are no places.
    """
    fit, norm, own = (np.full(len(targets), np.nan) for _ in range(3))
    for start in range(0, len(targets), _BLOCK):
        block = slice(start, min(start + _BLOCK, len(targets)))
        u, v = (np.subtract.outer(targets[block, i], places[:, i]) / -bandwidth for i in (0, 1))
        basis = (np.ones_like(u), u, v, u * u, u * v, v * v)
        kernel = weights * np.exp(-0.5 * (basis[3] + basis[5]))
        moments = np.empty((len(u), 6, 6))
        for i, one in enumerate(basis):
            weighted = kernel * one
            for j, other in enumerate(basis[: i + 1]):
                moments[:, i, j] = moments[:, j, i] = np.einsum("tp,tp->t", weighted, other)
        scale = np.einsum("tii->t", moments)
        moments += (1e-9 * scale[:, None, None] + _TINY) * np.eye(6)
        solved = np.linalg.solve(moments, np.eye(6)[:, :1])[..., 0]
        share = kernel * sum(solved[:, i, None] * one for i, one in enumerate(basis))
        neighbours = kernel.sum(axis=1) ** 2 / ((kernel**2 / weights).sum(axis=1) + _TINY)
        enough = neighbours >= _FEWEST_NEIGHBOURS
        fit[block] = np.where(enough, share @ values, np.nan)
        norm[block] = np.where(enough, np.sqrt((share**2 / weights).sum(axis=1)), np.nan)
        own[block] = 0.0 if own_place is None else share[np.arange(len(share)), own_place[block]]
    return fit, norm, own
