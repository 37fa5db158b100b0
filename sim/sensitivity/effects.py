"""What a factor does: how the outcome changes when it goes through its range, in every future for itself.

With common random numbers all samples share the futures (replicates), so that a regression over the samples can be
made within each future alone; what differs between futures is then the effect itself and not the luck of the draw.

The response to a number may bend: a straight line, a parabola or a broken line stands for it, whichever the samples ask
for (Schwarz 1978, Annals of Statistics 6, 461-464), so that its ends are its ends and a cliff is not spread over the range.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.types import Brief, Floats

Ends = tuple[float, float]

CONFIDENCE = 0.9
_ROWS_PER_TERM = 2
"""Samples per term of the regression below which curvature is left out; one more than the terms is the least."""
_KNOTS = (-0.9, -0.7, -0.4, 0.0, 0.4, 0.7, 0.9)
"""Where a broken line may bend, in a range scaled to -1 .. 1; closer near the ends, where cliffs are."""
_LEVELS = 9
"""Different values of a factor up to which a broken line bends at each of them."""
_POINTS = 41
"""Points of the path of an effect."""
_MOST, _SMALL_PART = 2 / 3, 1 / 3
"""Most of an effect is this share of it; said if it lies in so small a part of the range."""
_OVERSHOOT = 0.1
"""How far beyond both ends a path must go to turn, as a share of its whole height."""


@dataclass(frozen=True, repr=False)
class Effect(Brief):
    """What one factor does to one outcome, the other factors being what the samples have.

    Attributes
    ----------
    name : str
        The factor.
    start, stop : float or str
        From where to where it goes: the ends of its range; of names, the one with the lowest and the one with the
        highest mean.
    mean : float
        Change of the outcome, mean over futures.
    interval : tuple of float
        Confidence interval of that mean over futures; infinite if there is a single one.
    band : tuple of float or None
        The middle 90 % of the changes in single futures; None if samples do not share their futures.
    rises : float or None
        Share of futures in which the outcome rises; None likewise.
    falls : float or None
        Share of futures in which it falls; the rest do not change.
    path : tuple of tuple of float
        Of a number: values of the factor from start to stop, and the mean change of the outcome from the start to each.
    turn : tuple of float or None
        Where the mean lies beyond what it is at both ends, and clearly so: value of the factor, change from the start, and
        the interval of that change.
    """

    name: str
    start: float | str
    stop: float | str
    mean: float
    interval: tuple[float, float]
    band: tuple[float, float] | None
    rises: float | None
    falls: float | None = None
    path: tuple[tuple[float, float], ...] = ()
    turn: tuple[float, float, float, float] | None = None

    @property
    def clear(self) -> bool:
        """Whether the interval leaves no doubt about the sign."""
        return self.interval[0] > 0 or self.interval[1] < 0

    @property
    def size(self) -> float:
        """The largest change of the mean from the start that is clear, without its sign; 0 if none is."""
        ends = abs(self.mean) if self.clear else 0.0
        return max(ends, abs(self.turn[1]) if self.turn else 0.0)

    @property
    def most(self) -> tuple[float, float] | None:
        """From where to where most of the change comes about, if that is a small part of the range."""
        if len(self.path) < 2:
            return None
        place, height = np.array(self.path).T
        steps = np.concatenate([[0.0], np.abs(np.diff(height)).cumsum()])
        span = float(place[-1] - place[0])
        pairs = (
            (float(place[j] - place[i]), float(place[i]), float(place[j]))
            for i in range(len(place))
            for j in range(i + 1, len(place))
            if steps[j] - steps[i] >= _MOST * steps[-1] > 0
        )
        width, low, high = min(pairs, default=(math.inf, 0.0, 0.0))
        return (low, high) if width <= _SMALL_PART * span * (1 + 1e-9) else None


@dataclass(frozen=True, repr=False)
class Effects(Brief):
    """Effects of all factors, the strongest first; ``curved`` : whether curvature was estimated as well."""

    effects: tuple[Effect, ...]
    curved: bool
    confidence: float = CONFIDENCE


def main_effects(
    columns: Mapping[str, NDArray[Any]],
    runs: Floats,
    ends: Mapping[str, Ends],
    *,
    shared: bool,
    complete: bool = False,
) -> Effects:
    """Estimate what each factor does, by one regression per future on all factors at once.

    Numbers may bend where there are samples enough, names enter by one term each. Least squares finds the part of an
    outcome that goes with one factor alone; interactions of factors are averaged over. An interval tells how sure the mean
    is: over futures, and over the samples, of which others would have had other values of the other factors.

    Parameters
    ----------
    columns
        The factors that vary, shape [samples] each.
    runs : float64, shape [samples, replicates]
        The outcome.
    ends
        From where to where each number goes.
    shared
        Whether replicate r is the same future in all samples (common random numbers).
    complete
        Whether the samples are all combinations of the factors' values, so that no others could have been drawn.

    Raises
    ------
    InputError
        If nothing varies or there are too few samples.
    """
    if not columns:
        raise InputError("no factor varies")
    shapes = {name: _shapes(name, column, ends) for name, column in columns.items()}
    straight = {name: found[0] for name, found in shapes.items()}
    count = 1 + sum(shape.width for shape in straight.values())
    if len(runs) <= count:
        raise InputError(f"{len(runs)} samples are too few to tell {len(columns)} factors apart")
    mean = runs.mean(axis=1, dtype=np.float64)
    chosen = _chosen(shapes, columns, mean)
    curved = len(runs) >= _ROWS_PER_TERM * (
        1 + sum(found[min(1, len(found) - 1)].width for found in shapes.values())
    )
    matrix = np.hstack(
        [np.ones((len(runs), 1)), *(shape.terms(columns[name]) for name, shape in chosen.items())]
    )
    fit: Floats = np.linalg.lstsq(matrix, runs, rcond=None)[0].astype(np.float64, copy=False)
    doubt = np.zeros((matrix.shape[1], matrix.shape[1]))
    if not complete:
        doubt = _doubt(matrix, mean - matrix @ fit.mean(axis=1))
    found, first = [], 1
    for name, shape in chosen.items():
        part = slice(first, first + shape.width)
        found.append(_effect(name, columns[name], shape, fit[part], doubt[part, part], shared))
        first = part.stop
    return Effects(tuple(sorted(found, key=lambda effect: -max(effect.size, abs(effect.mean)))), curved)


def _doubt(matrix: Floats, left: Floats) -> Floats:
    """Return the covariance of terms over samples from what they leave unexplained, which may differ between samples.

    The estimator HC3 of MacKinnon & White 1985, Journal of Econometrics 29, 305-325.
    """
    inverse = np.linalg.pinv(matrix.T @ matrix)
    reach = matrix @ inverse
    own = np.minimum((reach * matrix).sum(axis=1), 0.99)
    spread = reach * (left / (1 - own))[:, None]
    covariance: Floats = spread.T @ spread
    return covariance


@dataclass(frozen=True)
class _Shape:
    """One form of the response to a factor: a line, a parabola (``square``), a broken line (``knots``), or names.

    ``ends`` : of a number, which is scaled to -1 .. 1 between them
    """

    ends: Ends | None
    width: int
    square: bool = False
    knots: tuple[float, ...] = ()

    def terms(self, column: NDArray[Any]) -> Floats:
        """Return the columns of the regression, float64[samples, width]."""
        if self.ends is None:
            return np.column_stack([column == value for value in np.unique(column)[1:]]).astype(np.float64)
        low, high = self.ends
        scaled = (2 * column.astype(np.float64) - low - high) / (high - low)
        bent = [scaled**2] if self.square else [np.maximum(scaled - knot, 0.0) for knot in self.knots]
        return np.column_stack([scaled, *bent])


def _shapes(name: str, column: NDArray[Any], ends: Mapping[str, Ends]) -> list[_Shape]:
    """Return the forms that the response to a factor may have, the simplest first."""
    if column.dtype.kind != "f":
        return [_Shape(None, len(np.unique(column)) - 1)]
    low, high = ends[name]
    values = np.unique(column)
    found = [_Shape((low, high), 1)]
    if len(values) > 2:
        found.append(_Shape((low, high), 2, square=True))
    knots = _KNOTS
    if len(values) <= _LEVELS:
        knots = tuple(((2 * values[1:-1] - low - high) / (high - low)).tolist())
    if len(knots) > 1:
        found.append(_Shape((low, high), 1 + len(knots), knots=knots))
    return found


def _chosen(
    shapes: Mapping[str, list[_Shape]], columns: Mapping[str, NDArray[Any]], mean: Floats
) -> dict[str, _Shape]:
    """Return for every factor the form with the least Schwarz criterion, given those of the others."""
    blocks = {
        (name, n): shape.terms(columns[name])
        for name, found in shapes.items()
        for n, shape in enumerate(found)
    }
    every = np.hstack([np.ones((len(mean), 1)), *blocks.values()])
    starts = np.cumsum([1, *(block.shape[1] for block in blocks.values())]).tolist()
    places = {key: range(start, stop) for key, start, stop in zip(blocks, starts, starts[1:], strict=False)}
    centred = mean - mean.mean()
    gram, moment, total = every.T @ every, every.T @ centred, float(centred @ centred)

    def criterion(choice: Mapping[str, int]) -> float:
        at = [0, *(place for key in choice.items() for place in places[key])]
        if len(mean) < _ROWS_PER_TERM * len(at) and any(choice.values()):
            return math.inf
        fit = np.linalg.lstsq(gram[np.ix_(at, at)], moment[at], rcond=None)[0]
        left = max(total - float(fit @ moment[at]), 1e-12 * total) / len(mean)
        return len(mean) * math.log(left) + len(at) * math.log(len(mean)) if left > 0 else 0.0

    choice = dict.fromkeys(shapes, 0)
    for _ in range(3):
        before = dict(choice)
        for name, found in shapes.items():
            choice[name] = min(range(len(found)), key=lambda n: criterion({**choice, name: n}))
        if choice == before:
            break
    return {name: found[choice[name]] for name, found in shapes.items()}


def _effect(
    name: str, column: NDArray[Any], shape: _Shape, fit: Floats, doubt: Floats, shared: bool
) -> Effect:
    """Return an effect: ``fit`` [width, futures] are the terms in every future, ``doubt`` their covariance over samples."""
    start: float | str
    stop: float | str
    if shape.ends is not None:
        start, stop = (float(end) for end in shape.ends)
        places = np.linspace(start, stop, _POINTS)
        terms = shape.terms(places)
        contrasts = terms - terms[0]
    else:
        levels = np.vstack([np.zeros(fit.shape[1]), fit])
        order = np.argsort(levels.mean(axis=1), kind="stable")
        values = [str(value) for value in np.unique(column)]
        start, stop = values[order[0]], values[order[-1]]
        rows = np.vstack([np.zeros(len(fit)), np.eye(len(fit))])
        contrasts, places = rows[order[[0, -1]]] - rows[order[0]], np.zeros(0)
    changes = contrasts[-1] @ fit
    interval = _interval(contrasts[-1], fit, doubt)
    tail = (1 - CONFIDENCE) / 2
    band = rises = falls = None
    if shared and len(changes) > 1:
        low, high = np.quantile(changes, [tail, 1 - tail])
        band = (float(low), float(high))
        rises, falls = float(np.mean(changes > 0)), float(np.mean(changes < 0))
    path = contrasts[: len(places)] @ fit.mean(axis=1)
    turn = _turn(places, contrasts, fit, doubt) if len(places) else None
    pairs = tuple(zip(places.tolist(), path.tolist(), strict=True))
    return Effect(name, start, stop, float(changes.mean()), interval, band, rises, falls, pairs, turn)


def _interval(contrast: Floats, fit: Floats, doubt: Floats) -> tuple[float, float]:
    """Return the interval of the mean of a change over futures and samples."""
    changes = contrast @ fit
    mean, count = float(changes.mean()), len(changes)
    if count < 2:
        return -math.inf, math.inf
    from scipy import special  # slow to import

    factor = float(special.stdtrit(count - 1, 0.5 + CONFIDENCE / 2))
    normal = float(special.ndtri(0.5 + CONFIDENCE / 2))
    futures, samples = float(changes.var(ddof=1)) / count, max(0.0, float(contrast @ doubt @ contrast))
    reach = math.sqrt(factor**2 * futures + normal**2 * samples)
    return mean - reach, mean + reach


def _turn(
    places: Floats, contrasts: Floats, fit: Floats, doubt: Floats
) -> tuple[float, float, float, float] | None:
    """Return where the mean goes clearly beyond both ends; see `Effect.turn`."""
    path = contrasts @ fit.mean(axis=1)
    beyond = np.maximum(path - max(path[0], path[-1]), min(path[0], path[-1]) - path)
    at = int(beyond.argmax())
    if beyond[at] <= _OVERSHOOT * np.ptp(path):
        return None
    above = path[at] > path[0]
    for end in (0, -1):
        low, high = _interval(contrasts[at] - contrasts[end], fit, doubt)
        if (low <= 0) if above else (high >= 0):
            return None
    return float(places[at]), float(path[at]), *_interval(contrasts[at], fit, doubt)
