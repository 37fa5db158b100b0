"""Means and 90 % bands over runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True, eq=False)
class Band:
    """Mean over runs and the band that holds the middle 90 % of them; three arrays of one shape.

    ``p05, p95`` are the 5th and the 95th percentile, moved outward where that is needed to hold the mean (a
    rare large change pulls the mean out of the percentiles). NaN stands where no run has a value.
    """

    mean: NDArray[np.float64]
    p05: NDArray[np.float64]
    p95: NDArray[np.float64]

    def __getitem__(self, index: Any) -> Band:
        """Return the band of a part, by an index of the arrays."""
        return Band(self.mean[index], self.p05[index], self.p95[index])


def band(values: NDArray[np.floating[Any]]) -> Band:
    """Return mean and band over the first axis of ``values`` [R, ...]; NaN marks a run without a value."""
    shape = values.shape[1:]
    found = np.full((3, int(np.prod(shape, dtype=int))), np.nan)
    cells = values.reshape(len(values), -1)
    for n in range(cells.shape[1]):
        column = cells[:, n]
        column = column[~np.isnan(column)]
        if column.size:
            low, high = np.quantile(column, (LOW, HIGH))
            mean = column.mean(dtype=np.float64)
            found[:, n] = mean, min(low, mean), max(high, mean)
    mean, p05, p95 = found.reshape(3, *shape)
    return Band(mean, p05, p95)


def stacked(bands: Sequence[Band]) -> Band:
    """Return bands of one shape as one, along a new last axis."""
    means, lows, highs = zip(*((one.mean, one.p05, one.p95) for one in bands), strict=True)
    return Band(np.stack(means, axis=-1), np.stack(lows, axis=-1), np.stack(highs, axis=-1))
