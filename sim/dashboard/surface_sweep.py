"""Response surfaces: two levers held at every pair of a grid, or read from the folder of a sweep."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.api.cheapest import Trial
from sim.dashboard.compose import base_of, composed
from sim.dashboard.state import Future
from sim.engine.run import Cancelled
from sim.errors import InputError
from sim.scenario.loader import revise
from sim.sweeps.bases import make_base
from sim.types import Floats
from sim.words import tr

RESULTS = Path("results")


@dataclass(frozen=True)
class SurfaceRequest:
    """A response surface that is asked for.

    ``across, up`` : (parameter, values)
    ``bloc, weight, quarter`` : whose share, by which weight, at the end of which quarter
    """

    future: Future
    across: tuple[str, tuple[float, ...]]
    up: tuple[str, tuple[float, ...]]
    bloc: str
    weight: str
    quarter: str
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


def lever_surface(
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
        raise InputError(tr("choose two different levers"))
    (across, wide), (up, high) = request.across, request.up
    loaded = revise(composed(request.future), {"horizon.end": request.quarter})
    base = make_base(request.future.scenario, loaded, base_of(request.future).world)
    trial = Trial(base, f"bloc.{request.weight}.{request.bloc}", request.runs)

    def cell(levers: dict[str, float]) -> float:
        return 100 * float(trial.values(levers, request.seed).mean())

    share = np.full((len(high), len(wide)), np.nan)
    surface = LeverSurface(request, share, cell({}))
    for done, (row, column) in enumerate(np.ndindex(share.shape), 1):
        if cancel.is_set():
            raise Cancelled("stopped")
        share[row, column] = cell({across: wide[column], up: high[row]})
        progress(done, share.size)
        if column == len(wide) - 1:
            surface = replace(surface, share=share.copy())
            show(surface)
    return surface


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
        raise InputError(tr("there is no sweep {name} under {folder}", name=repr(name), folder=root))
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
        raise InputError(tr("{name}: a surface needs two factors that vary and one outcome", name=name))
    return FinishedSweep(factors, outcomes, {outcome: store.meaning(outcome) for outcome in outcomes})
