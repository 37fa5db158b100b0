"""Computing a results folder again from what it holds: identical, or what differs first."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim._version import __version__, other_engine
from sim.api.arguments import check_arguments
from sim.api.ask import compare_loaded
from sim.api.progress import AskedProgress, Cancel, Progress, progress_of
from sim.api.run import run_loaded
from sim.results.files import os_errors_as_input_errors
from sim.results.kinds import ComparisonManifest, RunManifest
from sim.results.manifest import CHANGE, COMPARISON, COUNTRIES, FLIPS, OUTCOMES, RUNS, SCENARIO, Kind, kind_of
from sim.results.parquet import table_difference
from sim.results.run import RunResult
from sim.results.tables import change_table, countries_table, flips_table, outcomes_table
from sim.scenario.loader import load
from sim.sweeps.bases import kept_bases
from sim.sweeps.design import build_design
from sim.sweeps.evaluator import ModelEvaluator
from sim.sweeps.folder import SweepFolder, open_folder
from sim.sweeps.manifest import DESIGN
from sim.sweeps.runner import Execution, compute_chunks
from sim.sweeps.spec import REPLICATE, SAMPLE
from sim.sweeps.writer import SweepWriter

_ORIGINS = {
    "version": "the version of the program",
    "data": "the data on countries",
    "scenario": "the scenario",
    "inputs": "what the runs are computed from",
}


@dataclass(frozen=True)
class Verification:
    """What running a folder again showed: ``differences`` in plain words, the first of each kind.

    ``left`` : version and commit of the engine that made it, where the present one cannot make its numbers again
    """

    folder: Path
    runs: int
    differences: tuple[str, ...]
    left: str = ""

    @property
    def identical(self) -> bool:
        """Whether every file is as it was written and every number is the same again."""
        return not self.differences


def verify(folder: str | Path, progress: AskedProgress = None, *, cancel: Cancel = None) -> Verification:
    """Check the files of a results folder, compute what it holds again and compare every number.

    What the folder does not hold is not needed. Of a folder that an engine of before made, the files alone are checked.

    Parameters
    ----------
    folder : of a run, a comparison or a sweep
    progress, cancel : as in :func:`sim.api.run.run`

    Raises
    ------
    InputError
        If it is no results folder, too damaged to be computed again, or a sweep that is not finished.
    DiskFull, AiblocsError
        If a sweep could not be computed again.
    """
    check_arguments(folder=folder, progress=progress, cancel=cancel)
    place = Path(folder)
    with progress_of(progress, f"Running {place} again", cancel) as report:
        return _VERIFY[kind_of(place)](place, report)


def _verify_run(place: Path, progress: Progress | None) -> Verification:
    manifest = RunManifest.read(place)
    if made := other_engine(manifest.origins.get("version", "")):
        return Verification(place, manifest.runs, tuple(manifest.changed(place)), made)
    again = run_loaded(
        load(place / SCENARIO),
        (),
        manifest.runs,
        manifest.seed,
        engine=manifest.engine,
        progress=progress or False,
    )
    again = again.part(manifest.excerpt)
    return Verification(place, manifest.runs, (*manifest.changed(place), *_other_run(place, manifest, again)))


def _other_run(place: Path, manifest: RunManifest, again: RunResult) -> Iterator[str]:
    yield from _other_origins(manifest.origins, again.provenance)
    outcomes = table_difference(place / OUTCOMES, outcomes_table(again.summary))
    countries = table_difference(place / COUNTRIES, countries_table(again.summary))
    yield from filter(None, (outcomes, countries))


def _verify_comparison(place: Path, progress: Progress | None) -> Verification:
    manifest = ComparisonManifest.read(place)
    sides = [(side, RunManifest.read(side)) for side in manifest.run_folders(place)]
    first = sides[0][1]
    if made := other_engine(first.origins.get("version", "")):
        return Verification(place, sum(kept.runs for _, kept in sides), tuple(manifest.changed(place)), made)
    scenarios = [(load(side / SCENARIO), ()) for side, _ in sides]
    again = compare_loaded(scenarios, first.runs, first.seed, progress=progress or False)
    again = again.part(manifest.excerpt)
    found = manifest.changed(place)
    found += [
        f"{RUNS}/{side.name}: {difference}"
        for (side, kept), run_again in zip(sides, (again.reference, *again.others), strict=True)
        for difference in _other_run(side, kept, run_again)
    ]
    change = table_difference(place / CHANGE, change_table(again.comparisons))
    flips = table_difference(place / FLIPS, flips_table(again.comparisons))
    found += filter(None, (change, flips))
    if not found and _numbers(manifest.found) != _numbers(json.loads(again.to_json())):
        found.append(f"{COMPARISON} says something else than the runs")
    return Verification(place, sum(kept.runs for _, kept in sides), tuple(found))


def _numbers(comparison: Mapping[str, Any]) -> dict[str, Any]:
    """Return a comparison without what was said of the scenarios: those that are kept have no parents and no overrides."""
    return {key: value for key, value in comparison.items() if key not in ("notes", "findings")}


def _verify_sweep(place: Path, progress: Progress | None) -> Verification:
    kept = open_folder(place)
    kept.refuse_unfinished()
    found = kept.verify()
    if made := other_engine(kept.manifest.origins.get("version", "")):
        return Verification(place, kept.samples * kept.replicates, tuple(found), made)
    bases = kept_bases(kept)
    version = {"version": __version__}
    found += _other_origins(kept.manifest.origins, version | {f"scenario.{b.name}": b.sha256 for b in bases})
    if kept.spec.design.table is None:
        design = build_design(kept.spec, kept.manifest.sizes)
        found += [] if design.equals(kept.design) else [f"{DESIGN} is not what the specification makes"]
    evaluator = ModelEvaluator(bases, kept.spec.outcomes, kept.spec.record)
    with tempfile.TemporaryDirectory(prefix="aiblocs-verify-") as temporary:
        again = _computed_again(kept, evaluator, Path(temporary) / "again", progress)
        difference = table_difference(kept.path / OUTCOMES, again / OUTCOMES, (SAMPLE, REPLICATE))
    found += filter(None, [difference])
    return Verification(place, kept.samples * kept.replicates, tuple(found))


def _computed_again(
    kept: SweepFolder, evaluator: ModelEvaluator, folder: Path, progress: Progress | None
) -> Path:
    """Compute all runs of a sweep into another folder, chunk by chunk as they were computed first; return it."""
    with os_errors_as_input_errors(folder):
        folder.mkdir()
    manifest, writer = kept.manifest, SweepWriter(folder)
    writer.commit(manifest.spec, manifest.context, kept.design, manifest.sizes, manifest.layers, {})
    report = None if progress is None else lambda state: progress(state.runs_done, state.runs)
    compute_chunks(writer, frozenset(), evaluator, Execution(progress=report))
    writer.merge()
    return folder


_VERIFY: dict[Kind, Callable[[Path, Progress | None], Verification]] = {
    "run": _verify_run, "comparison": _verify_comparison, "sweep": _verify_sweep
}  # fmt: skip


def _other_origins(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for key, found in now.items():
        before = then.get(key, "not recorded")
        if before != found:
            what = _ORIGINS.get(key) or f"what {key.removeprefix('scenario.')} is computed from"
            yield f"{what} is another: {before[:12]} then, {found[:12]} now"
