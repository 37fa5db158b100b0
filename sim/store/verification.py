"""Running a results folder again: identical, or what differs first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sim.errors import InputError
from sim.result import Progress, RunResult, run
from sim.store.manifest import Manifest, read_manifest
from sim.store.tables import countries_table, outcomes_table
from sim.store.writing import COUNTRIES, OUTCOMES, SCENARIO
from sim.sweep.folder import file_sha256
from sim.sweep.parquet import read_parquet


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
    """Check the files of a results folder, run its scenario again and compare every number.

    Parameters
    ----------
    folder : made by ``aiblocs run`` or ``RunResult.save``
    progress : called with (runs done, runs)

    Raises
    ------
    InputError
        If it is not the folder of a run, or too damaged to be run again.
    """
    place = Path(folder)
    manifest = read_manifest(place)
    found = list(_changed_files(place, manifest))
    again = run(
        str(place / SCENARIO), manifest.runs, manifest.seed, engine=manifest.engine, progress=progress
    )
    found += _other_origins(manifest, again)
    for name, table in (
        (OUTCOMES, outcomes_table(again.summary)),
        (COUNTRIES, countries_table(again.summary)),
    ):
        try:
            kept = read_parquet(place / name)
        except InputError as error:
            found.append(str(error))
        else:
            found += _other_numbers(name, kept, table)
    return Verification(place, manifest.runs, tuple(found))


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


def _other_numbers(name: str, kept: pa.Table, again: pa.Table) -> Iterator[str]:
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
