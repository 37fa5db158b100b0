"""What moves a scenario, and what does not: every lever over its whole range, as one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.api.arguments import check_arguments
from sim.api.progress import AskedProgress, Cancel, progress_of
from sim.plausibility import Finding, check_scenario, warn_of
from sim.scenario.loader import Loaded, Override, loaded_of, revise
from sim.sensitivity.lever_cache import Endings, user_cache
from sim.sensitivity.lever_effects import LeverTable, lever_table
from sim.sensitivity.lever_kept import find_table, keep_table, table_name
from sim.sensitivity.levers import Bench, find_levers

LEVER_RUNS = 200
"""Futures at every point of every lever, unless asked otherwise."""


def levers(
    scenario: str | Path | Mapping[str, Any] | Loaded = "baseline",
    name: str | None = None,
    runs: int = LEVER_RUNS,
    seed: int | None = None,
    *,
    overrides: Mapping[str, Override] | None = None,
    cache: bool = True,
    threads: int | None = None,
    progress: AskedProgress = None,
    cancel: Cancel = None,
) -> LeverTable:
    """Return what every lever of a scenario does to who is with whom at the end, over its whole range.

    Each lever is tried at five points of its range, alone, held in every quarter against the timeline, with the same draws
    as the scenario as it stands. A small effect has a reason, computed from the scenario.

    Parameters
    ----------
    scenario : as in :func:`sim.api.run.run`
    name : one lever (``blocs.us.aid_budget``, ``finance.us``) or each bloc's own (``finance``); default: all
    runs : futures at each point
    seed : of all draws; default: the scenario's own
    overrides : values to set, by dotted path, as ``--set`` does
    cache : keep where futures end in the user's cache folder, and use what is there
    threads : processors; changes no number
    progress, cancel : as in :func:`sim.api.run.run`; progress counts the futures of all points

    Raises
    ------
    InputError
        If an argument or the scenario cannot be used, or there is no lever of this name.
    Cancelled
        If ``cancel`` asked to stop; what is finished is kept in the cache.
    """
    check_arguments(scenario=scenario, name=name, lever_runs=runs, seed=seed, overrides=overrides, cache=cache,
                    threads=threads, progress=progress, cancel=cancel)  # fmt: skip
    loaded = revise(loaded_of(scenario), overrides or {})
    seed = loaded.scenario.seed if seed is None else seed
    kept_as = table_name(loaded, name, runs, seed)
    if cache and (kept := find_table(kept_as)) is not None:
        warn_of([Finding.of_dict(one) for one in kept.findings])
        return kept
    findings = check_scenario(loaded)
    warn_of(findings)
    bench = Bench(loaded)
    chosen = bench.levers if name is None else find_levers(bench.levers, name)
    endings = Endings(runs, seed, user_cache() if cache else None, threads)
    with progress_of(progress, f"Trying the levers of {loaded.scenario.name}", cancel) as report:
        table = lever_table(bench, chosen, endings, report)
    table = replace(table, findings=tuple(one.to_dict() for one in findings))
    if cache:
        keep_table(kept_as, table)
    return table
