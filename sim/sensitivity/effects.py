"""What a factor does: how the outcome changes when it goes through its range, in every future for itself.

With common random numbers all samples share the futures (replicates), so that a regression over the samples can be
made within each future alone; what differs between futures is then the effect itself and not the luck of the draw.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.errors import InputError
from sim.types import Floats

Ends = tuple[float, float]

CONFIDENCE = 0.9
_ROWS_PER_TERM = 2
"""Samples per term of the regression below which curvature is left out; one more than the terms is the least."""


@dataclass(frozen=True)
class Effect:
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
    """

    name: str
    start: float | str
    stop: float | str
    mean: float
    interval: tuple[float, float]
    band: tuple[float, float] | None
    rises: float | None

    @property
    def clear(self) -> bool:
        """Whether the interval leaves no doubt about the sign."""
        return self.interval[0] > 0 or self.interval[1] < 0


@dataclass(frozen=True)
class Effects:
    """Effects of all factors, the strongest first; ``curved`` : whether curvature was estimated as well."""

    effects: tuple[Effect, ...]
    curved: bool
    confidence: float = CONFIDENCE


def main_effects(
    columns: Mapping[str, NDArray[Any]], runs: Floats, ends: Mapping[str, Ends], *, shared: bool
) -> Effects:
    """Estimate what each factor does, by one regression per future on all factors at once.

    Numbers enter with their square where there are samples enough, names by one term each. Least squares finds the
    part of an outcome that goes with one factor alone; interactions of factors are averaged over.

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

    Raises
    ------
    InputError
        If nothing varies or there are too few samples.
    """
    if not columns:
        raise InputError("no factor varies")
    curved = True
    terms = _terms(columns, ends, curved)
    if len(runs) < _ROWS_PER_TERM * (1 + sum(len(block.T) for block in terms.values())):
        curved = False
        terms = _terms(columns, ends, curved)
    count = 1 + sum(len(block.T) for block in terms.values())
    if len(runs) <= count:
        raise InputError(f"{len(runs)} samples are too few to tell {len(columns)} factors apart")
    matrix = np.hstack([np.ones((len(runs), 1)), *terms.values()])
    fit: Floats = np.linalg.lstsq(matrix, runs, rcond=None)[0].astype(np.float64, copy=False)
    found, first = [], 1
    for name, block in terms.items():
        width = block.shape[1]
        found.append(_effect(name, columns[name], ends.get(name), fit[first : first + width], shared))
        first += width
    return Effects(tuple(sorted(found, key=lambda effect: -abs(effect.mean))), curved)


def _terms(columns: Mapping[str, NDArray[Any]], ends: Mapping[str, Ends], curved: bool) -> dict[str, Floats]:
    """Return the columns of the regression by factor: numbers scaled to -1 .. 1, names as contrasts to the first."""
    found: dict[str, Floats] = {}
    for name, column in columns.items():
        if column.dtype.kind == "f":
            low, high = ends[name]
            scaled = (2 * column - low - high) / (high - low)
            bent = curved and len(np.unique(column)) > 2
            found[name] = np.column_stack([scaled, scaled**2] if bent else [scaled])
        else:
            found[name] = np.column_stack([column == value for value in np.unique(column)[1:]]).astype(
                np.float64
            )
    return found


def _effect(name: str, column: NDArray[Any], ends: Ends | None, fit: Floats, shared: bool) -> Effect:
    start: float | str
    stop: float | str
    if column.dtype.kind == "f" and ends is not None:
        start, stop = ends
        changes = 2 * fit[0]  # the square is the same at -1 and 1
    else:
        levels = np.vstack([np.zeros(fit.shape[1]), fit])
        order = np.argsort(levels.mean(axis=1), kind="stable")
        values = [str(value) for value in np.unique(column)]
        start, stop = values[order[0]], values[order[-1]]
        changes = levels[order[-1]] - levels[order[0]]
    mean, count = float(changes.mean()), len(changes)
    reach = math.inf
    if count > 1:
        factor = special.stdtrit(count - 1, 0.5 + CONFIDENCE / 2)
        reach = float(factor * changes.std(ddof=1) / math.sqrt(count))
    tail = (1 - CONFIDENCE) / 2
    band = rises = None
    if shared and count > 1:
        low, high = np.quantile(changes, [tail, 1 - tail])
        band, rises = (float(low), float(high)), float(np.mean(changes > 0))
    return Effect(name, start, stop, mean, (mean - reach, mean + reach), band, rises)
