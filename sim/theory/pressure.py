"""Pressure by rivals: expected punishment for belonging to a bloc that another leader opposes.

See docs/odd.md, "6.5 Peers and pressure". Source: dependence as a means of coercion, Farrell & Newman 2019, International
Security 44(1):42-79; the product of threat and dependence is this project's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.theory._compile import compiled


@compiled
def coercion(bloc: int, threat: NDArray[np.float64], dependence: NDArray[np.float64]) -> float:
    """Return the expected punishment for belonging to ``bloc``: sum over the other leaders of threat x dependence.

    Parameters
    ----------
    bloc : index of the bloc whose members are punished
    threat : float64[K], how hard each leader threatens members of other blocs, 0 .. 1
    dependence : float64[K], the country's dependence on each leader (share of its trade), 0 .. 1
    """
    total = 0.0
    for k in range(threat.size):
        if k != bloc:
            total += threat[k] * dependence[k]
    return total
