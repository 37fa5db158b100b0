"""A finished sweep, read lazily, as pandas, xarray or Arrow (DuckDB and polars read its Parquet files)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean, import_extra
from sim.plausibility import Finding, joined, lines_of
from sim.results.files import file_sha256
from sim.results.manifest import MANIFEST, OUTCOMES, changed_files
from sim.results.parquet import read_parquet, values_of
from sim.sweeps.chunks import chunk_count, extent
from sim.sweeps.manifest import CHECKSUMS, CHUNKS, DESIGN, SweepManifest
from sim.sweeps.spec import REPLICATE, SAMPLE, SweepSpec

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.dataset
    import xarray as xr

DIMENSION = b"dimension"
"""Key of a list column's metadata: JSON ``{"name": ..., "labels": [...]}``, the axis the list runs along."""


def before_sweep(notes: Iterable[str], findings: Mapping[str, Sequence[Finding]]) -> list[str]:
    """Return what is said of a sweep before its results: what is doubted of its bases, and notes on their timelines."""
    doubted = joined({name: lines_of((), found) for name, found in findings.items()})
    return [*doubted, *lines_of(notes, ())]


class SweepFolder:
    """A sweep's folder, opened for reading. Nothing is read before it is asked for.

    Parameters
    ----------
    path
        The folder.
    manifest
        Its manifest.

    Attributes
    ----------
    path : Path
    spec : SweepSpec
        What was asked for.
    samples, replicates : int
        Size of the sweep.
    """

    def __init__(self, path: Path, manifest: SweepManifest) -> None:
        self.path = path
        self.manifest = manifest
        self.spec: SweepSpec = manifest.spec
        self.samples, self.replicates = extent(manifest.layers)

    @property
    def complete(self) -> bool:
        """Whether all runs are there and merged."""
        return self.manifest.outcomes is not None

    @property
    def progress(self) -> tuple[int, int]:
        """Number of chunks listed as finished, and of all chunks."""
        try:
            listed = len((self.path / CHUNKS / CHECKSUMS).read_bytes().splitlines())
        except OSError:
            listed = 0
        return listed, chunk_count(self.manifest.layers)

    @property
    def findings(self) -> dict[str, tuple[Finding, ...]]:
        """What was doubted of the base scenarios when the sweep was begun, by their names."""
        kept = self.manifest.provenance.get("findings", {})
        return {name: tuple(map(Finding.of_dict, found)) for name, found in kept.items()}

    @property
    def said_before(self) -> list[str]:
        """Notes on the timelines and findings as lines, for those who read the results."""
        return before_sweep(self.manifest.provenance.get("notes", ()), self.findings)

    def refuse_unfinished(self) -> None:
        """Raise InputError if runs are missing, and say how far the sweep is."""
        if not self.complete:
            done, total = self.progress
            raise InputError(f"{self.path}: {done} of {total} chunks are finished; resume the sweep first")

    @cached_property
    def design(self) -> pa.Table:
        """The design: sample, scenario and one column per factor, one row per sample."""
        return read_parquet(self.path / DESIGN)

    @cached_property
    def outcomes(self) -> pyarrow.dataset.Dataset:
        """The outcomes as an Arrow dataset: sample, replicate, outcomes; in sample x replicate order.

        Raises InputError if the sweep is not complete or the file is not the one that the sweep wrote.
        """
        from pyarrow.dataset import dataset  # brings pandas, which is slow to import and not always needed

        return dataset(self._outcomes_path)

    @cached_property
    def _outcomes_path(self) -> Path:
        """The file of the outcomes.

        Raises
        ------
        InputError
            If the sweep is not complete or the file is not the one that the sweep wrote.
        """
        self.refuse_unfinished()
        path, record = self.path / OUTCOMES, self.manifest.outcomes
        assert record is not None
        if not path.exists():
            raise InputError(f"{path}: missing; resume the sweep to make it again")
        if path.stat().st_size != record.bytes or file_sha256(path) != record.sha256:
            raise InputError(f"{path}: was changed after it was written; resume the sweep to make it again")
        return path

    @cached_property
    def schema(self) -> pa.Schema:
        """Names and types of the columns of the outcomes; raises as ``outcomes`` does."""
        return pq.read_schema(self._outcomes_path)

    @property
    def outcome_names(self) -> list[str]:
        """Names of the outcome columns."""
        return [name for name in self.schema.names if name not in (SAMPLE, REPLICATE)]

    def meaning(self, outcome: str) -> str:
        """Return what an outcome means and its unit, as the folder says; its name if it does not."""
        known = self.manifest.provenance.get("outcomes", {})
        if outcome not in known:
            return outcome
        meaning, unit = known[outcome]
        return str(meaning) if unit == "share" else f"{meaning} ({unit})"

    def unit(self, outcome: str) -> str:
        """Return the unit of an outcome, as the folder says; "" if it does not."""
        known = self.manifest.provenance.get("outcomes", {})
        return str(known[outcome][1]) if outcome in known else ""

    def outcome(self, name: str) -> NDArray[np.float64]:
        """Return one outcome, shape [samples, replicates]; only this column is read.

        Raises
        ------
        InputError
            If there is no such outcome or it is not one number per run.
        """
        if name not in self.outcome_names:
            raise InputError(f"{self.path}: no outcome {name}{did_you_mean(name, self.outcome_names)}")
        column = pq.ParquetFile(self._outcomes_path).read(columns=[name]).column(name)
        if not (
            pa.types.is_floating(column.type)
            or pa.types.is_integer(column.type)
            or pa.types.is_boolean(column.type)
        ):
            raise InputError(f"{self.path}: outcome {name} is not one number per run")
        values = values_of(column)
        return values.reshape(self.samples, self.replicates)

    def to_pandas(self, columns: Sequence[str] | None = None, design: bool = True) -> pd.DataFrame:
        """Return one row per run: sample, replicate, the design's columns and the outcomes.

        Parameters
        ----------
        columns
            Outcomes to read; None = all.
        design
            Whether to repeat scenario and factors on every row.
        """
        wanted = None if columns is None else [SAMPLE, REPLICATE, *columns]
        table = self.outcomes.to_table(columns=wanted)
        if design:
            rows = self.design.take(table.column(SAMPLE))
            for position, name in enumerate(rows.column_names[1:]):
                table = table.add_column(2 + position, name, rows.column(name))
        return table.to_pandas()

    def to_xarray(self, columns: Sequence[str] | None = None) -> xr.Dataset:
        """Return the outcomes as a labelled cube: dimensions sample, replicate and those of list columns.

        Scenario and factors are coordinates along ``sample``.

        Raises
        ------
        AiblocsError
            If xarray is not installed.
        """
        xarray = import_extra("xarray", "sweep")
        names = list(self.outcome_names if columns is None else columns)
        table = self.outcomes.to_table(columns=names)
        coordinates: dict[str, Any] = {
            SAMPLE: np.arange(self.samples),
            REPLICATE: np.arange(self.replicates),
            **{name: (SAMPLE, self.design.column(name).to_numpy()) for name in self.design.column_names[1:]},
        }
        variables: dict[str, Any] = {}
        for name in names:
            dimensions, labels, values = _cube(table.schema.field(name), table.column(name))
            shape = (self.samples, self.replicates, *values.shape[1:])
            variables[name] = ((SAMPLE, REPLICATE, *dimensions), values.reshape(shape))
            coordinates.update(labels)
        dataset: xr.Dataset = xarray.Dataset(variables, coordinates, {"name": self.spec.name})
        return dataset

    def sql_view(self, name: str = "runs") -> str:
        """Return SQL (DuckDB) that makes a view of all runs: factors and outcomes by names that need no quotes.

        ``bloc.count.us`` is called ``bloc_count_us`` there, and so on.

        Raises
        ------
        InputError
            If the sweep is not complete, its outcomes are not as they were written, or ``name`` is no name.
        """
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise InputError(f"{name!r} is no name of a view: letters, digits and _, beginning with a letter")
        columns = [f'd."{one}"' for one in self.design.column_names[1:]]
        columns += [f'o."{one}"' for one in self.outcome_names]
        plain = [re.sub(r"[^A-Za-z0-9_]+", "_", column[3:]).strip("_") for column in columns]
        names = [f"{one}_{n}" if plain.count(one) > 1 else one for n, one in enumerate(plain)]
        renamed = [f"{column} as {one}" for column, one in zip(columns, names, strict=True)]
        listed = ", ".join([SAMPLE, REPLICATE, *renamed])
        outcomes, design = (
            str(path).replace("'", "''") for path in (self._outcomes_path, self.path / DESIGN)
        )
        return f"create or replace view {name} as select {listed} from '{outcomes}' o join '{design}' d using ({SAMPLE})"

    def verify(self) -> list[str]:
        """Compare every file with its recorded checksum; return what is wrong, a sentence each."""
        return [*self.manifest.changed(self.path), *changed_files(self.path, self._checksums())]

    def _checksums(self) -> dict[str, str]:
        """Return the recorded SHA-256 of every chunk, by path in the folder."""
        path = self.path / CHUNKS / CHECKSUMS
        lines = path.read_text().splitlines() if path.is_file() else []
        return {f"{CHUNKS}/{name}": sha256 for sha256, _, name in (line.partition("  ") for line in lines)}


def open_folder(path: Path | str) -> SweepFolder:
    """Open the folder of a sweep for reading.

    Raises
    ------
    InputError
        If it is not the folder of a sweep, or its manifest or design are damaged.
    """
    folder = Path(path)
    manifest = SweepManifest.read(folder)
    if manifest.seal_broken(folder):
        raise InputError(Problem(f"{MANIFEST} was changed after it was written", file=str(folder)))
    design = folder / DESIGN
    if not design.is_file():
        raise InputError(f"{design}: missing; the folder is damaged")
    if file_sha256(design) != manifest.design_sha256:
        raise InputError(f"{design}: not the design that {MANIFEST} names; the folder is damaged or mixed")
    return SweepFolder(folder, manifest)


def _cube(
    field: pa.Field[Any], column: pa.ChunkedArray[Any]
) -> tuple[list[str], dict[str, Any], NDArray[Any]]:
    """Return the inner dimensions of a column, their labels, and its values, runs along the first axis."""
    if not pa.types.is_fixed_size_list(field.type):
        return [], {}, column.to_numpy()
    described = json.loads((field.metadata or {}).get(DIMENSION, b"null"))
    dimension = described["name"] if described else f"{field.name}_index"
    labels = {dimension: described["labels"]} if described else {}
    lists: Any = column.combine_chunks()
    values = lists.flatten().to_numpy(zero_copy_only=False)
    return [dimension], labels, values.reshape(-1, field.type.list_size)
