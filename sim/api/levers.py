"""What moves a scenario, and what does not: every lever over its whole range, as one call."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sim.api.run import MAX_RUNS, MAX_SEED
from sim.errors import InputError
from sim.results.run import Progress
from sim.scenario.loader import Loaded, Override, load, revise
from sim.sensitivity.lever_cache import Endings, user_cache
from sim.sensitivity.lever_effects import LeverTable, lever_table
from sim.sensitivity.levers import Bench, find_levers

LEVER_RUNS = 200
"""Futures at every point of every lever, unless asked otherwise."""


def levers(
    scenario: str | Path | Loaded = "baseline",
    name: str | None = None,
    runs: int = LEVER_RUNS,
    seed: int | None = None,
    *,
    overrides: Mapping[str, Override] | None = None,
    cache: bool = True,
    threads: int | None = None,
    progress: Progress | None = None,
) -> LeverTable:
    """Return what every lever of a scenario does to who is with whom at the end, over its whole range.

    Each lever is tried at five points of its range, alone, held in every quarter against the timeline, with the same draws
    as the scenario as it stands. A small effect has a reason, computed from the scenario.

    Parameters
    ----------
    scenario : name in the library, path of a YAML file, or what `sim.load_scenario` returned
    name : one lever (``blocs.us.aid_budget``, ``finance.us``) or each bloc's own (``finance``); default: all
    runs : futures at each point
    seed : of all draws; default: the scenario's own
    overrides : values to set, by dotted path, as ``--set`` does
    cache : keep where futures end in the user's cache folder, and use what is there
    threads : processors; changes no number
    progress : called with (futures done, futures of all points)

    Raises
    ------
    InputError
        If an argument or the scenario cannot be used, or there is no lever of this name.
    """
    if not 2 <= runs <= MAX_RUNS:
        raise InputError(f"runs is {runs}; an interval needs 2, and it must be at most {MAX_RUNS:,}")
    if seed is not None and not 0 <= seed <= MAX_SEED:
        raise InputError(f"seed is {seed}; it must be 0 to {MAX_SEED:,}")
    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    bench = Bench(revise(loaded, overrides or {}))
    chosen = bench.levers if name is None else find_levers(bench.levers, name)
    seed = loaded.scenario.seed if seed is None else seed
    return lever_table(bench, chosen, Endings(runs, seed, user_cache() if cache else None, threads), progress)
