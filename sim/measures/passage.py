"""When something happens for the first time, over runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.measures.bands import HIGH, LOW

NEVER = -1


@dataclass(frozen=True, eq=False)
class Passage:
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
