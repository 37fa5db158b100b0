"""The parameter row of every run: the scenario's numbers, with the coefficients of the run's posterior draw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.arrays import Inputs
from sim.theory.draws import COEFFICIENT, fine_draw, stream_key


def drawn_index(inputs: Inputs, seed: int, replicate: int) -> int:
    """Return which posterior draw of the coefficients a replicate takes."""
    return int(fine_draw(stream_key(seed, COEFFICIENT), replicate, 0, 0) * len(inputs.draws.values))


def parameter_rows(inputs: Inputs, seed: int, replicates: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the parameter rows of these replicates, float64[R, P]."""
    rows = np.tile(inputs.params, (len(replicates), 1))
    if inputs.vary_coefficients and inputs.draws.columns.size:
        picked = [drawn_index(inputs, seed, int(replicate)) for replicate in replicates]
        rows[:, inputs.draws.columns] = inputs.draws.values[picked]
    return rows
