"""The Mesa engine: the same ensemble, agent by agent. Slow, and exactly equal to the compiled kernel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.engine import delivery
from sim.engine.run import Ensemble, shares_of
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
    t, n, k = len(inputs.steps), len(inputs.iso3), len(inputs.blocs)
    s = 1 << k
    numbers = np.arange(runs, dtype=np.int64) if replicates is None else np.asarray(replicates, np.int64)
    membership = np.zeros((runs, t, n), np.uint8)
    weight = np.zeros((runs, t, 3, s), np.int64)
    compute, divide = np.zeros((runs, t, s)), np.zeros((runs, t, s))
    income, chips, aid = np.zeros((runs, t, 4)), np.zeros((runs, t, k)), np.zeros((runs, t, k))
    for r, replicate in enumerate(numbers):
        row = None if design is None else design[r]
        model = AlignmentModel(seed=seed, replicate=int(replicate), inputs=inputs, row=row)
        for step in range(t):
            if step > 0:
                model.step()
                _flows(model, chips[r, step], aid[r, step])
            for i, country in enumerate(model.countries):
                membership[r, step, i] = country.membership
                weight[r, step, :, country.membership] += inputs.countries.weight[:, i]
                compute[r, step, country.membership] += country.compute
                divide[r, step, country.membership] += country.divide
                income[r, step, inputs.countries.income[i]] += country.compute
        if progress is not None:
            progress(r + 1, runs)
    counts = np.stack([(membership == state).sum(axis=0) for state in range(s)], axis=2).astype(np.int64)
    return Ensemble(
        inputs=inputs, seed=seed, replicates=numbers, shares=shares_of(weight, compute), state_count=counts,
        membership=membership, divide=divide, income=income, chips=chips, aid=aid,
    )  # fmt: skip


def _flows(model: AlignmentModel, chips: NDArray[np.float64], aid: NDArray[np.float64]) -> None:
    """Add up what the blocs delivered to countries in the quarter just done."""
    quality = model.market.offers.quality
    for k in range(len(model.inputs.blocs)):
        for i, country in enumerate(model.countries):
            if quality[k] > 0.0:
                claim = model.market.claims.chips[k, i, country.membership >> k & 1]
                chips[k] += model.rates.chips[k] * claim / quality[k]
            aid[k] += delivery.paid_aid(model.market, model.rates, k, i, country.membership)
