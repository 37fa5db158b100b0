"""Response surfaces: two levers held at every pair of a grid, or read from the folder of a sweep."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.dashboard.compose import base_of, inputs_of
from sim.dashboard.state import Future
from sim.engine.run import Cancelled, simulate
from sim.errors import InputError
from sim.inputs.arrays import WEIGHTS
from sim.inputs.hold import hold
from sim.inputs.memberships import states_with

RESULTS = Path("results")
LEAST_SHOWN = 20
"""Samples that a smoothed surface needs."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SurfaceRequest:
    """A response surface that is asked for.

    ``across, up`` : (parameter, values)
    ``bloc, weight, quarter`` : whose share, by which weight, at which position in the steps
    """

    future: Future
    across: tuple[str, tuple[float, ...]]
    up: tuple[str, tuple[float, ...]]
    bloc: str
    weight: str
    quarter: int
    runs: int
    seed: int


@dataclass(frozen=True, eq=False)
class LeverSurface:
    """Mean shares in per cent, [values up, values across]; NaN where nothing is computed yet."""

    request: SurfaceRequest
    share: Floats
    now: float

    @property
    def done(self) -> int:
        """Cells that are computed."""
        return int(np.isfinite(self.share).sum())


def sweep(
    request: SurfaceRequest,
    progress: Callable[[int, int], None],
    cancel: threading.Event,
    show: Callable[[LeverSurface], None],
) -> LeverSurface:
    """Compute a surface with the same draws in every cell, showing each row as it is done.

    Raises
    ------
    Cancelled
        If ``cancel`` was set.
    InputError
        If the two levers are the same.
    """
    if request.across[0] == request.up[0]:
        raise InputError("choose two different levers")
    inputs, own = inputs_of(request.future), base_of(request.future).own_events
    share = np.full((len(request.up[1]), len(request.across[1])), np.nan)

    def cell(values: dict[str, float]) -> float:
        held = hold(inputs, values, own)
        shares = simulate(held, request.runs, request.seed, record="shares", cancel=cancel).shares
        k = inputs.blocs.index(request.bloc)
        masks = states_with(len(inputs.blocs), k)
        return float(
            100 * shares[:, request.quarter, WEIGHTS.index(request.weight)][:, masks].sum(axis=1).mean()
        )

    answer = LeverSurface(request, share, cell({}))
    for row, high in enumerate(request.up[1]):
        for column, wide in enumerate(request.across[1]):
            if cancel.is_set():
                raise Cancelled("stopped")
            share[row, column] = cell({request.across[0]: wide, request.up[0]: high})
            progress(row * len(request.across[1]) + column + 1, share.size)
        answer = replace(answer, share=share.copy())
        show(answer)
    return answer


def sweep_folders(root: Path = RESULTS) -> tuple[str, ...]:
    """Return the names of the folders under ``results/`` that hold a sweep."""
    if not root.is_dir():
        return ()
    found = (path.parent for path in sorted(root.glob("*/design.parquet")))
    return tuple(path.name for path in found)


@dataclass(frozen=True, eq=False)
class FinishedSweep:
    """A finished sweep: numeric factors and outcomes by name, one value per sample (mean over replicates).

    ``meanings`` : what each outcome is, in words
    """

    factors: dict[str, Floats]
    outcomes: dict[str, Floats]
    meanings: dict[str, str]


def read_sweep(name: str, root: Path = RESULTS) -> FinishedSweep:
    """Return a sweep of ``results/``.

    Raises
    ------
    InputError
        If there is none of that name, or it is damaged or not finished.
    """
    if name not in sweep_folders(root):
        raise InputError(f"there is no sweep {name!r} under {root}")
    from sim.sweeps.folder import open_folder

    store = open_folder(root / name)
    design = store.design
    factors = {}
    for column in design.column_names[1:]:
        values = design.column(column).to_numpy(zero_copy_only=False)
        if np.issubdtype(values.dtype, np.number) and len(np.unique(values)) > 1:
            factors[column] = values.astype(np.float64)
    outcomes = {}
    for outcome in store.outcome_names:
        try:
            outcomes[outcome] = store.outcome(outcome).mean(axis=1)
        except InputError:  # a list for every run: not one number to draw
            continue
    if len(factors) < 2 or not outcomes:
        raise InputError(f"{name}: a surface needs two factors that vary and one outcome")
    return FinishedSweep(factors, outcomes, {outcome: store.meaning(outcome) for outcome in outcomes})
