"""Bands over runs, and how soon something happens in them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.types import Brief, Floats

LOW, HIGH = 0.05, 0.95

_BLOCK = 4_000_000
"""Values that are put in order at once; bounds the memory that a band needs beside the values."""


@dataclass(frozen=True, eq=False, repr=False)
class Band(Brief):
    """Mean over runs and the middle 90 % of them; three float64 arrays of one shape, in the unit of the outcome.

    ``p05, p95`` are the 5th and the 95th percentile. In a skewed distribution the mean may lie outside them: a
    large change in one run out of fifty moves the mean, not the percentiles. The bands of a run's outcomes are
    widened to hold the mean; those of the difference of two scenarios are the percentiles as they are, so that
    a band away from zero means that nine runs in ten agree on the sign (`band`). NaN stands where no run has a
    value; a probability has a mean and no percentiles.
    """

    mean: Floats
    p05: Floats
    p95: Floats

    def __getitem__(self, index: Any) -> Band:
        """Return the band of a part, by an index of the arrays."""
        return Band(self.mean[index], self.p05[index], self.p95[index])

    def scaled(self, factor: float) -> Band:
        """Return the band in another unit; ``factor`` is positive."""
        return Band(factor * self.mean, factor * self.p05, factor * self.p95)

    def with_mean(self, mean: Floats) -> Band:
        """Return a band with another mean, computed more exactly, widened to hold it."""
        return Band(mean, np.minimum(self.p05, mean), np.maximum(self.p95, mean))

    @property
    def holds_mean(self) -> NDArray[np.bool_]:
        """Whether the mean lies between the percentiles, in every place; true where there is no band."""
        return ~((self.mean < self.p05) | (self.mean > self.p95))

    def to_dict(self) -> dict[str, list[float | None]]:
        """Return a band [T] as plain data, None for NaN; `Band.of_dict` reads it back."""
        parts = {"mean": self.mean, "p05": self.p05, "p95": self.p95}
        return {
            name: [None if math.isnan(value) else value for value in values.tolist()]
            for name, values in parts.items()
        }

    @classmethod
    def of_dict(cls, data: Mapping[str, Sequence[float | None]]) -> Band:
        """Return the band that `to_dict` wrote.

        Raises
        ------
        KeyError
            If one of the three parts is missing.
        """
        return cls(*(np.array(data[name], dtype=np.float64) for name in ("mean", "p05", "p95")))


def band(values: NDArray[np.floating[Any]], *, hold_mean: bool = True) -> Band:
    """Return mean and 90 % band over the first axis of ``values`` [R, ...]; NaN marks a run without a value.

    Parameters
    ----------
    values
        One value for each run, float64 or float32; percentiles are interpolated linearly.
    hold_mean
        Widen the band where the mean lies outside the percentiles.
    """
    shape = values.shape[1:]
    cells = values.reshape(len(values), -1)
    found = np.full((3, cells.shape[1]), np.nan)
    for part in _blocks(cells):
        columns = np.ascontiguousarray(cells[:, part].T)
        gaps = np.isnan(columns)
        if gaps.any():
            for n, (column, gap) in enumerate(zip(columns, gaps, strict=True), start=part.start):
                if not gap.all():
                    found[:, n] = _mean_and_percentiles(column[None, ~gap])[:, 0]
        else:
            found[:, part] = _mean_and_percentiles(columns)
    mean, p05, p95 = found.reshape(3, *shape)
    exact = Band(mean, p05, p95)
    return exact.with_mean(mean) if hold_mean else exact


def _blocks(cells: NDArray[Any]) -> Iterator[slice]:
    """Yield slices over the columns, so many at a time that a copy of them stays small."""
    runs, columns = cells.shape
    width = max(1, _BLOCK // max(1, runs))
    yield from (slice(first, min(columns, first + width)) for first in range(0, columns, width))


def _mean_and_percentiles(columns: NDArray[np.floating[Any]]) -> Floats:
    """Return mean, 5th and 95th percentile of every row [C, R], as [3, C]."""
    low, high = np.quantile(columns, (LOW, HIGH), axis=1)
    return np.stack([columns.mean(axis=1, dtype=np.float64), low, high])


NEVER = -1


@dataclass(frozen=True, eq=False, repr=False)
class Passage(Brief):
    """First quarter in which something holds; arrays of one shape.

    ``probability`` : share of runs in which it ever holds
    ``early, middle, late`` : quarter (position in the steps) by which it holds in 5, 50 and 95 % of those
    runs; ``NEVER`` where it holds in none
    """

    probability: NDArray[np.float64]
    early: NDArray[np.int64]
    middle: NDArray[np.int64]
    late: NDArray[np.int64]


def passage(first: NDArray[np.int64], runs: int) -> Passage:
    """Return the passage described by counts of runs per first quarter, int64[..., T]."""
    total = first.sum(axis=-1)
    reached = first.cumsum(axis=-1)

    def by(share: float) -> NDArray[np.int64]:
        quarter = np.argmax(reached >= share * total[..., None], axis=-1)
        return np.where(total > 0, quarter, NEVER).astype(np.int64)

    return Passage(total / runs, by(LOW), by(0.5), by(HIGH))


def first_quarters(holds: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the first position at which ``holds`` [R, T, ...] is true, or ``NEVER``; int64[R, ...]."""
    return np.where(holds.any(axis=1), holds.argmax(axis=1), NEVER).astype(np.int64)


def count_quarters(first: NDArray[np.int64], quarters: int) -> NDArray[np.int64]:
    """Return how many runs of ``first`` [R, ...] have each quarter, int64[..., T]; ``NEVER`` is left out."""
    counts = [(first == quarter).sum(axis=0) for quarter in range(quarters)]
    return np.stack(counts, axis=-1).astype(np.int64)
