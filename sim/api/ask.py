"""The two questions an analyst asks of a future: what a change causes, and why a country stands where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.api.arguments import check_arguments
from sim.api.progress import AskedProgress, Cancel, Progress, progress_of
from sim.api.run import ask, run_loaded
from sim.attribution.explain import explain_ensemble
from sim.attribution.tipping import Tip, tipping_changes
from sim.errors import InputError
from sim.plausibility import Finding, warn_of
from sim.results.comparison import ComparisonResult, pair_of
from sim.results.explanation import ExplanationResult
from sim.results.run import BATCH, RunResult
from sim.scenario.loader import Loaded, Override
from sim.scenario.quarters import parse_quarter, quarter_name


def compare(
    *scenarios: str | Path | Mapping[str, Any] | Loaded,
    runs: int = 200,
    seed: int | None = None,
    overrides: Mapping[str, Override] | None = None,
    until: str | None = None,
    threads: int | None = None,
    progress: AskedProgress = None,
    cancel: Cancel = None,
) -> ComparisonResult:
    """Return what every scenario causes against the first, with the same draws in all.

    Parameters
    ----------
    scenarios : two or more, each as in :func:`sim.api.run.run`
    runs : futures of each; at most as many as one result can keep trajectories of
    seed : of all draws; default: the first scenario's own
    overrides, until, threads : as in :func:`sim.api.run.run`, applied to every scenario
    progress, cancel : as in :func:`sim.api.run.run`; progress counts the runs of all scenarios

    Raises
    ------
    InputError
        If an argument or a scenario is wrong, or they cannot be compared run by run.
    Cancelled
        If ``cancel`` asked to stop.
    """
    check_arguments(runs=runs, seed=seed, overrides=overrides, until=until, threads=threads, progress=progress,
                    cancel=cancel)  # fmt: skip
    for scenario in scenarios:
        check_arguments(scenario=scenario)
    if len(scenarios) < 2:
        raise InputError("a comparison needs at least two scenarios")
    if runs > BATCH:
        raise InputError(
            f"runs is {runs}; a comparison keeps every trajectory: at most {BATCH:,} (use a sweep for more)"
        )
    asked = [ask(scenario, overrides) for scenario in scenarios]
    warn_of(*(findings for _, findings in asked))
    return compare_loaded(asked, runs, seed, until=until, threads=threads, progress=progress, cancel=cancel)


def compare_loaded(
    asked: Sequence[tuple[Loaded, Sequence[Finding]]],
    runs: int,
    seed: int | None,
    *,
    until: str | None = None,
    threads: int | None = None,
    progress: AskedProgress = None,
    cancel: Cancel = None,
) -> ComparisonResult:
    """Compare loaded scenarios, of each of which findings were said already; all else as in `compare`."""
    results: list[RunResult] = []
    with progress_of(progress, "Simulating") as report:
        for n, (loaded, findings) in enumerate(asked):
            part = False if report is None else _part(report, n, len(asked))
            seed = results[0].seed if results else seed
            results.append(
                run_loaded(
                    loaded,
                    findings,
                    runs,
                    seed,
                    until=until,
                    threads=threads,
                    progress=part,
                    cancel=cancel,
                )
            )
    first = results[0]
    comparisons = tuple(pair_of(first, other) for other in results[1:])
    return ComparisonResult(first, tuple(results[1:]), comparisons)


def _part(progress: Progress, n: int, parts: int) -> Progress:
    return lambda done, total: progress(n * total + done, parts * total)


def explain(
    scenario: str | Path | Mapping[str, Any] | Loaded,
    country: str,
    at: str | None = None,
    runs: int = 200,
    seed: int | None = None,
    *,
    overrides: Mapping[str, Override] | None = None,
    tipping: bool = True,
    threads: int | None = None,
    progress: AskedProgress = None,
    cancel: Cancel = None,
) -> ExplanationResult:
    """Return why a country stands where it stands in a scenario, and the smallest single changes that would tip it.

    Parameters
    ----------
    scenario : as in :func:`sim.api.run.run`
    country : ISO3 code or name
    at : quarter (``2028Q1``) or date; default: the last quarter
    runs, seed, overrides, threads, progress, cancel : as in :func:`sim.api.run.run`
    tipping : search for tipping changes too (a few dozen more ensembles, which are not counted and not stopped)

    Raises
    ------
    InputError
        If an argument, the scenario, the country or the quarter is wrong.
    Cancelled
        If ``cancel`` asked to stop.
    """
    check_arguments(scenario=scenario, country=country, at=at, runs=runs, seed=seed, overrides=overrides, tipping=tipping,
                    threads=threads, progress=progress, cancel=cancel)  # fmt: skip
    if runs > BATCH:
        raise InputError(f"runs is {runs}; an explanation keeps every trajectory: at most {BATCH:,}")
    loaded, findings = ask(scenario, overrides)
    warn_of(findings)
    result = run_loaded(loaded, findings, runs, seed, threads=threads, progress=progress, cancel=cancel)
    assert result.ensemble is not None
    iso3 = result.world.resolve(country)
    quarter = _quarter(at, result)
    explanation = explain_ensemble(result.ensemble, result.world, result.scenario, iso3, quarter)
    tips: tuple[Tip, ...] = ()
    if tipping:
        tips = tipping_changes(
            result.loaded, iso3, runs, result.seed, explanation.quarter, ensemble=result.ensemble
        )
    return ExplanationResult(result, explanation, tips, searched=tipping)


def _quarter(at: str | None, result: RunResult) -> int | None:
    if at is None:
        return None
    try:
        number = parse_quarter(at)
    except ValueError as error:
        raise InputError(f"at: {error}") from None
    steps = result.inputs.steps
    name = quarter_name(number)
    if name not in steps[1:]:
        raise InputError(
            f"at: {name} is not a quarter of decisions; this scenario has {steps[1]} to {steps[-1]}"
        )
    return steps.index(name)
