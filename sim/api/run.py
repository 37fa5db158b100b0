"""Running one scenario: from its name to a result that can be read, printed and kept."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sim.engine.run import Cancelled, Ensemble, simulate
from sim.errors import AiblocsError, InputError, Problem, did_you_mean
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.measures import Summary, Tally
from sim.results.run import BATCH, Progress, RunResult
from sim.scenario.loader import Loaded, Override, load, revise
from sim.scenario.quarters import parse_quarter

ENGINES = ("ensemble", "mesa")
MAX_RUNS = 1_000_000
MAX_THREADS = 1024
MAX_SEED = 2**32 - 1


def run(
    scenario: str | Path | Loaded,
    runs: int = 200,
    seed: int | None = None,
    *,
    overrides: Mapping[str, Override] | None = None,
    until: str | None = None,
    engine: str = "ensemble",
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> RunResult:
    """Simulate many futures of one scenario.

    Parameters
    ----------
    scenario : name in the library, path of a YAML file, or what `sim.load_scenario` returned
    runs : how many futures
    seed : of all draws; default: the scenario's own
    overrides : values to set, by dotted path, as ``--set`` does
    until : last quarter (``2030Q4``) or a date in it; default: the scenario's own
    engine : ``ensemble`` (compiled) or ``mesa`` (agent by agent; slow, the same numbers)
    threads : workers of the ensemble; the result does not depend on it
    progress : called with (runs done, runs)
    cancel : when set, the simulation stops soon

    Raises
    ------
    InputError
        If an argument, the scenario or its world cannot be used; it holds every mistake found.
    Cancelled
        If ``cancel`` was set.
    AiblocsError
        If the machine has not enough memory.
    """
    _check(runs, seed, engine, threads)
    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    loaded = revise(loaded, overrides or {})
    if until is not None:
        loaded = revise(loaded, {"horizon.end": _last_quarter(until, loaded.scenario.horizon.start)})
    world = loaded.world
    inputs = build_inputs(world, loaded)
    seed = loaded.scenario.seed if seed is None else seed
    try:
        summary, ensemble = _simulated(inputs, runs, seed, engine, threads, progress, cancel)
    except MemoryError:
        raise AiblocsError(
            f"there is not enough memory for {runs:,} runs; ask for fewer, or use a sweep"
        ) from None
    return RunResult(loaded, world, inputs, engine, seed, runs, summary, ensemble)


def _simulated(
    inputs: Inputs,
    runs: int,
    seed: int,
    engine: str,
    threads: int | None,
    progress: Progress | None,
    cancel: threading.Event | None,
) -> tuple[Summary, Ensemble | None]:
    """Simulate batch by batch, so that memory holds the trajectories of one batch only."""
    tally = Tally(inputs, runs)
    ensemble = None
    for first in range(0, runs, BATCH):
        size = min(BATCH, runs - first)
        replicates = np.arange(first, first + size, dtype=np.int64)
        report = _report(first, runs, progress, cancel)
        if engine == "mesa":
            from sim.mesa_model import simulate_mesa

            ensemble = simulate_mesa(inputs, size, seed, replicates=replicates, progress=report)
        else:
            ensemble = simulate(
                inputs, size, seed, replicates=replicates, threads=threads, progress=report, cancel=cancel
            )
        tally.add(ensemble)
    return tally.summary(), ensemble if runs <= BATCH else None


def _report(first: int, runs: int, progress: Progress | None, cancel: threading.Event | None) -> Progress:
    """Return a progress function for one batch: it counts all runs, and stops an engine that takes no cancel event."""

    def report(done: int, _: int) -> None:
        if cancel is not None and cancel.is_set():
            raise Cancelled(f"stopped after {first + done} of {runs} runs")
        if progress is not None:
            progress(first + done, runs)

    return report


def _check(runs: int, seed: int | None, engine: str, threads: int | None) -> None:
    problems = []
    if not 1 <= runs <= MAX_RUNS:
        problems.append(Problem(f"runs is {runs}; it must be 1 to {MAX_RUNS:,}"))
    if seed is not None and not 0 <= seed <= MAX_SEED:
        problems.append(Problem(f"seed is {seed}; it must be 0 to {MAX_SEED:,}"))
    if engine not in ENGINES:
        allowed = f"allowed: {', '.join(ENGINES)}"
        problems.append(Problem(f"engine is {engine!r}; {allowed}", hint=did_you_mean(engine, ENGINES)))
    if threads is not None and not 1 <= threads <= MAX_THREADS:
        problems.append(Problem(f"threads is {threads}; it must be 1 to {MAX_THREADS:,}"))
    if problems:
        raise InputError(problems)


def _last_quarter(until: str, start: str) -> str:
    try:
        end = parse_quarter(until)
    except ValueError as error:
        raise InputError(f"until: {error}") from None
    if end <= parse_quarter(start):
        raise InputError(f"until: {until} must come after the start of the scenario ({start})")
    return until
