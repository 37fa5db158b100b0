"""Running one scenario: from its name to a result that can be read, printed and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.api.arguments import check_arguments
from sim.api.progress import AskedProgress, Cancel, Progress, event_of, progress_of
from sim.engine.run import Ensemble, simulate
from sim.errors import AiblocsError, InputError
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.measures import Summary, Tally
from sim.plausibility import Finding, check_scenario, warn_of
from sim.results.run import BATCH, RunResult
from sim.scenario.loader import Loaded, Override, loaded_of, revise
from sim.scenario.quarters import parse_quarter


def run(
    scenario: str | Path | Mapping[str, Any] | Loaded,
    runs: int = 200,
    seed: int | None = None,
    *,
    overrides: Mapping[str, Override] | None = None,
    until: str | None = None,
    engine: str = "ensemble",
    threads: int | None = None,
    progress: AskedProgress = None,
    cancel: Cancel = None,
) -> RunResult:
    """Simulate many futures of one scenario.

    What is doubted of the scenario is in ``findings`` of the result; what is probably not meant is a `ScenarioWarning` too.

    Parameters
    ----------
    scenario : name in the library, path of a YAML file, the same as plain data (``{"extends": "baseline", "blocs": ...}``),
        or what `sim.load_scenario` returned
    runs : how many futures
    seed : of all draws, 0 .. 2**32 - 1; default: the scenario's own
    overrides : values to set, by dotted path, as ``--set`` does
    until : last quarter (``2030Q4``) or a date in it; default: the scenario's own
    engine : ``ensemble`` (compiled) or ``mesa`` (agent by agent; slow, the same numbers)
    threads : workers of the ensemble; the result does not depend on it
    progress : True for a bar, False for none, or a function that is called with (runs done, runs); default: a bar in
        notebooks
    cancel : an event that is set, or a function that returns True, when the simulation shall stop

    Raises
    ------
    InputError
        If an argument, the scenario or its world cannot be used; it holds every mistake found.
    Cancelled
        If ``cancel`` asked to stop.
    AiblocsError
        If the machine has not enough memory.
    """
    check_arguments(scenario=scenario, runs=runs, seed=seed, overrides=overrides, until=until, engine=engine,
                    threads=threads, progress=progress, cancel=cancel)  # fmt: skip
    if engine == "mesa" and threads is not None:
        raise InputError("threads: the engine mesa computes one future after the other; leave threads out")
    loaded, findings = ask(scenario, overrides)
    warn_of(findings)
    return run_loaded(loaded, findings, runs, seed, until=until, engine=engine, threads=threads, progress=progress,
                      cancel=cancel)  # fmt: skip


def ask(
    scenario: str | Path | Mapping[str, Any] | Loaded, overrides: Mapping[str, Override] | None = None
) -> tuple[Loaded, tuple[Finding, ...]]:
    """Return a scenario as it is asked for, and what is doubted of it. Raises InputError as `run` does."""
    loaded = revise(loaded_of(scenario), overrides or {})
    return loaded, tuple(check_scenario(loaded))


def run_loaded(
    loaded: Loaded,
    findings: Sequence[Finding] = (),
    runs: int = 200,
    seed: int | None = None,
    *,
    until: str | None = None,
    engine: str = "ensemble",
    threads: int | None = None,
    progress: AskedProgress = None,
    cancel: Cancel = None,
) -> RunResult:
    """Simulate a loaded scenario, of which ``findings`` were said already; all else as in `run`."""
    if until is not None:
        loaded = revise(loaded, {"horizon.end": _last_quarter(until, loaded.scenario.horizon.start)})
    world = loaded.world
    inputs = build_inputs(world, loaded)
    seed = loaded.scenario.seed if seed is None else seed
    try:
        with progress_of(progress, f"Simulating {loaded.scenario.name}", cancel) as report:
            summary, ensemble = _simulated(inputs, runs, seed, engine, threads, report, cancel)
    except MemoryError:
        raise AiblocsError(
            f"there is not enough memory for {runs:,} runs; ask for fewer, or use a sweep"
        ) from None
    return RunResult(loaded, world, inputs, engine, seed, runs, summary, ensemble, tuple(findings))


def _simulated(
    inputs: Inputs,
    runs: int,
    seed: int,
    engine: str,
    threads: int | None,
    progress: Progress | None,
    cancel: Cancel,
) -> tuple[Summary, Ensemble | None]:
    """Simulate batch by batch, so that memory holds the trajectories of one batch only."""
    tally = Tally(inputs, runs)
    ensemble = None
    for first in range(0, runs, BATCH):
        size = min(BATCH, runs - first)
        replicates = np.arange(first, first + size, dtype=np.int64)
        report = _report(first, runs, progress)
        if engine == "mesa":
            from sim.mesa_model import simulate_mesa

            ensemble = simulate_mesa(inputs, size, seed, replicates=replicates, progress=report)
        else:
            ensemble = simulate(
                inputs,
                size,
                seed,
                replicates=replicates,
                threads=threads,
                progress=report,
                cancel=event_of(cancel),
            )
        tally.add(ensemble)
    return tally.summary(), ensemble if runs <= BATCH else None


def _report(first: int, runs: int, progress: Progress | None) -> Progress | None:
    """Return a progress function for one batch that counts all runs."""
    return None if progress is None else lambda done, _: progress(first + done, runs)


def _last_quarter(until: str, start: str) -> str:
    try:
        end = parse_quarter(until)
    except ValueError as error:
        raise InputError(f"until: {error}") from None
    if end <= parse_quarter(start):
        raise InputError(f"until: {until} must come after the start of the scenario ({start})")
    return until
