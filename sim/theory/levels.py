"""What the chips of the reference offer are worth to every country, at many values of how soon compute is enough.

Units and source: as `sim.theory.chips`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.theory._compile import compiled
from sim.theory.chips import chip_leverage


@compiled
def fill_leverage(
    readiness: NDArray[np.float64],
    need: NDArray[np.float64],
    member: NDArray[np.float64],
    outsider: NDArray[np.float64],
    free: NDArray[np.float64],
    sufficiency: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` (float64[D, N]) with :func:`sim.theory.chips.chip_leverage` of N countries at D values of h.

    Parameters
    ----------
    readiness, need, member, outsider, free : float64[N], of each country
    sufficiency : float64[D], h
    """
    for d in range(out.shape[0]):
        for i in range(out.shape[1]):
            out[d, i] = chip_leverage(readiness[i], need[i], member[i], outsider[i], free[i], sufficiency[d])
