"""Whether a direction separates observations, so that a likelihood has no maximum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Floats = NDArray[np.float64]


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
