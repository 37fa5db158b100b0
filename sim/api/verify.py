"""Running a results folder again: identical, or what differs first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sim.api.ask import compare
from sim.api.run import run
from sim.api.verify_sweep import differences
from sim.errors import InputError
from sim.results.comparison import CHANGE, COMPARISON, FLIPS, RUNS, change_table, flips_table, read_comparison
from sim.results.files import file_sha256
from sim.results.kinds import Kind, kind_of
from sim.results.manifest import Manifest, read_manifest
from sim.results.parquet import read_parquet
from sim.results.run import Progress, RunResult
from sim.results.tables import countries_table, outcomes_table
from sim.results.writing import COUNTRIES, OUTCOMES, SCENARIO
from sim.sweeps.folder import open_folder


@dataclass(frozen=True)
class Verification:
    """What running a folder again showed: ``differences`` in plain words, the first of each kind."""

    folder: Path
    runs: int
    differences: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether every file is as it was written and every number is the same again."""
        return not self.differences


def verify(folder: str | Path, progress: Progress | None = None) -> Verification:
    """Check the files of a results folder, run what it holds again and compare every number.

    Parameters
    ----------
    folder : of a run, a comparison or a sweep
    progress : called with (runs done, runs)

    Raises
    ------
    InputError
        If it is no results folder, or too damaged to be run again.
    """
    place = Path(folder)
    return _VERIFY[kind_of(place)](place, progress)


def _verify_run(place: Path, progress: Progress | None) -> Verification:
    manifest = read_manifest(place)
    again = run(
        str(place / SCENARIO), manifest.runs, manifest.seed, engine=manifest.engine, progress=progress
    )
    return Verification(place, manifest.runs, tuple(_other_run(place, manifest, again)))


def _other_run(place: Path, manifest: Manifest, again: RunResult) -> Iterator[str]:
    yield from _changed_files(place, manifest)
    yield from _other_origins(manifest, again)
    yield from _other_table(place / OUTCOMES, outcomes_table(again.summary))
    yield from _other_table(place / COUNTRIES, countries_table(again.summary))


def _verify_comparison(place: Path, progress: Progress | None) -> Verification:
    sides = [(side, read_manifest(side)) for side in sorted((place / RUNS).iterdir())]
    scenarios = [str(side / SCENARIO) for side, _ in sides]
    again = compare(*scenarios, runs=sides[0][1].runs, seed=sides[0][1].seed, progress=progress)
    found = [
        f"{RUNS}/{side.name}: {difference}"
        for (side, manifest), run_again in zip(sides, (again.reference, *again.others), strict=True)
        for difference in _other_run(side, manifest, run_again)
    ]
    found += _other_table(place / CHANGE, change_table(again.comparisons))
    found += _other_table(place / FLIPS, flips_table(again.comparisons))
    if not found and read_comparison(place) != json.loads(again.to_json()):
        found.append(f"{COMPARISON} says something else than the runs")
    return Verification(place, sum(manifest.runs for _, manifest in sides), tuple(found))


def _verify_sweep(place: Path, progress: Progress | None) -> Verification:
    store = open_folder(place)
    found = differences(store, progress)
    return Verification(place, store.samples * store.replicates, tuple(found))


_VERIFY: dict[Kind, Callable[[Path, Progress | None], Verification]] = {
    "run": _verify_run, "comparison": _verify_comparison, "sweep": _verify_sweep
}  # fmt: skip


def _changed_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name, sha256 in manifest.files.items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif file_sha256(path) != sha256:
            yield f"{name} was changed after the run"


def _other_origins(manifest: Manifest, again: RunResult) -> Iterator[str]:
    words = {
        "version": "the version of the program",
        "data": "the data on countries",
        "scenario": "the scenario",
        "inputs": "what the runs are computed from",
    }
    for key, what in words.items():
        then, now = manifest.provenance.get(key, "not recorded"), again.provenance[key]
        if then != now:
            yield f"{what} is another: {then[:12]} then, {now[:12]} now"


def _other_table(path: Path, again: pa.Table) -> Iterator[str]:
    """Compare a kept table with what it would be now."""
    name = path.name
    try:
        kept = read_parquet(path)
    except InputError as error:
        yield str(error)
        return
    if kept.equals(again):
        return
    if kept.column_names != again.column_names or kept.num_rows != again.num_rows:
        yield f"{name} has another shape: {kept.num_rows} rows then, {again.num_rows} now"
        return
    then, now = kept.to_pylist(), again.to_pylist()
    rows = [n for n, (old, new) in enumerate(zip(then, now, strict=True)) if old != new]
    old, new = then[rows[0]], now[rows[0]]
    labels = " ".join(str(value) for value in new.values() if isinstance(value, str))
    columns = [column for column in new if old[column] != new[column]]
    yield (
        f"{name}: {len(rows)} of {len(then)} rows differ, first row {rows[0] + 1} ({labels}): "
        f"{columns[0]} {old[columns[0]]} then, {new[columns[0]]} now"
    )
