"""The Mesa engine: the same ensemble, agent by agent. Slow, and exactly equal to the compiled kernel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.engine.record import empty_record, shares_of
from sim.engine.recorder import write_quarter
from sim.engine.run import Ensemble
from sim.inputs.arrays import Inputs
from sim.mesa_model.alignment import AlignmentModel


def simulate_mesa(
    inputs: Inputs,
    runs: int = 1,
    seed: int = 1,
    *,
    design: NDArray[np.float64] | None = None,
    replicates: NDArray[np.int64] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ensemble:
    """Compute an ensemble with one Mesa model per run; arguments and result as :func:`sim.engine.run.simulate`."""
    numbers = np.arange(runs, dtype=np.int64) if replicates is None else np.asarray(replicates, np.int64)
    record, countries = empty_record(inputs, runs), inputs.countries
    for r, replicate in enumerate(numbers):
        row = None if design is None else design[r]
        model = AlignmentModel(seed=seed, replicate=int(replicate), inputs=inputs, row=row)
        write_quarter(r, countries, model.state, record)
        while model.running:
            model.step()
            write_quarter(r, countries, model.state, record)
        if progress is not None:
            progress(r + 1, runs)
    return Ensemble(
        inputs=inputs, seed=seed, replicates=numbers, shares=shares_of(record.weight, record.compute),
        state_count=record.state_count, membership=record.membership, divide=record.divide, income=record.income,
        chips=record.chips, aid=record.aid,
    )  # fmt: skip
