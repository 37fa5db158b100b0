"""From a specification to the design: one row per sample, one column per factor, set by the seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.errors import InputError
from sim.results.parquet import column_of, texts
from sim.sweeps import unit
from sim.sweeps.spec import MOST_INDEPENDENT_SAMPLES, MOST_SAMPLES, SAMPLE, SCENARIO, Known, SweepSpec
from sim.sweeps.table import read_design_table

_MORRIS_TAIL = 0.01
"""Morris steps reach 0 and 1; an unbounded factor is varied between its 1 % and 99 % points."""


def build_design(
    spec: SweepSpec, sizes: Sequence[int] | None = None, known: Mapping[str, Known] | None = None
) -> pa.Table:
    """Return the design table of a specification.

    Parameters
    ----------
    spec
        The sweep. Its ``design.size`` is the number of samples (see `Design`).
    sizes
        The sizes through which a sweep grew, the last one being ``spec.design.size``; None = it never grew.
    known
        The parameters that may be varied, to check the columns of a user's table.

    Returns
    -------
    pyarrow.Table
        Columns ``sample`` (int64, 0, 1, 2, ...), ``scenario`` (string), then the levers and the uncertainties
        (float64 for numbers, string for names, bool for switches).

    Raises
    ------
    InputError
        If the design is empty, too large, or the user's table does not fit the specification.
    """
    if spec.design.table is not None:
        table = read_design_table(Path(spec.design.table), spec, known)
    elif spec.design.method == "grid":
        table = _grid(spec)
    else:
        table = _sampled(spec, sizes)
    if not spec.design.common_random_numbers and table.num_rows > MOST_INDEPENDENT_SAMPLES:
        raise InputError(
            f"{table.num_rows} samples; without common random numbers at most {MOST_INDEPENDENT_SAMPLES}"
        )
    return table


def unit_design(spec: SweepSpec, sizes: Sequence[int] | None = None) -> NDArray[np.float64]:
    """Return the points in the unit cube behind a sampled design, shape [samples, factors].

    Raises
    ------
    InputError
        If the design is a grid or a table, which have none, or would be too large.
    """
    method, size, seed = spec.design.method, spec.design.size, spec.design.seed
    if method is None or method == "grid" or size is None:
        raise InputError(f"the design of {spec.name} is not sampled from a unit cube")
    dimensions = len(spec.factors)
    _refuse_too_many(sample_count(spec))
    if method == "latin_hypercube":
        return unit.latin_hypercube(dimensions, sizes or (size,), seed)
    if method == "morris":
        return unit.morris(dimensions, size, seed)
    return (unit.saltelli if method == "sobol" else unit.sobol_sequence)(dimensions, size, seed)


def sample_count(spec: SweepSpec) -> int:
    """Return the number of samples of a design that is not a table.

    Raises
    ------
    InputError
        If the design is a table, whose length only the file knows.
    """
    method, size, dimensions = spec.design.method, spec.design.size or 0, len(spec.factors)
    if method is None:
        raise InputError("the length of a design table is known when it is read")
    if method == "grid":
        return int(np.prod([float(points) for points in _grid_points(spec)]))
    return size * {"sobol": dimensions + 2, "morris": dimensions + 1}.get(method, 1)


def _sampled(spec: SweepSpec, sizes: Sequence[int] | None) -> pa.Table:
    points = unit_design(spec, sizes)
    columns: dict[str, NDArray[Any]] = {}
    for axis, (name, factor) in enumerate(spec.factors.items()):
        column = points[:, axis]
        if spec.design.method == "morris" and not factor.bounded:
            column = _MORRIS_TAIL + (1 - 2 * _MORRIS_TAIL) * column
        columns[name] = factor.at(column)
    return _as_table(spec, len(points), columns)


def _grid(spec: SweepSpec) -> pa.Table:
    points = _grid_points(spec)
    _refuse_too_many(sample_count(spec))
    index = unit.grid_index(points)
    columns = {
        name: factor.levels(count)[index[:, axis]]
        for axis, ((name, factor), count) in enumerate(zip(spec.factors.items(), points, strict=True))
    }
    return _as_table(spec, len(index), columns)


def _grid_points(spec: SweepSpec) -> list[int]:
    """Give each factor its levels; those that name none share what the size leaves, evenly."""
    own = {name: factor.grid_points for name, factor in spec.factors.items()}
    taken = int(np.prod([float(points) for points in own.values() if points is not None]))
    open_count = sum(points is None for points in own.values())
    share = _whole_root((spec.design.size or 0) // taken, open_count) if open_count else 0
    if open_count and share < 2:
        least = taken * 2**open_count
        raise InputError(
            f"a grid of size {spec.design.size} leaves less than 2 levels a factor; it needs {least}"
        )
    return [share if points is None else points for points in own.values()]


def _whole_root(number: int, degree: int) -> int:
    """Return the largest whole r with r ** degree <= number."""
    root: int = round(number ** (1.0 / degree))
    while root**degree > number:
        root -= 1
    while (root + 1) ** degree <= number:
        root += 1
    return root


def _refuse_too_many(samples: int) -> None:
    if samples > MOST_SAMPLES:
        raise InputError(f"the design has {samples} samples, more than {MOST_SAMPLES}; make it smaller")


def _as_table(spec: SweepSpec, samples: int, columns: Mapping[str, NDArray[Any]]) -> pa.Table:
    scenario = columns[SCENARIO].tolist() if SCENARIO in columns else [spec.base[0]] * samples
    sample = np.arange(samples, dtype=np.int64)
    arrays: dict[str, pa.Array[Any]] = {SAMPLE: column_of(sample), SCENARIO: texts(scenario)}
    arrays.update((name, _arrow(values)) for name, values in columns.items() if name != SCENARIO)
    return pa.table(arrays)


def _arrow(values: NDArray[Any]) -> pa.Array[Any]:
    if values.dtype.kind in "if":
        return column_of(values.astype(np.float64))
    return pa.array(values, pa.bool_()) if values.dtype.kind == "b" else texts(values.tolist())


def factor_columns(table: pa.Table) -> list[str]:
    """Return the names of the columns of a design that hold factors (all but ``sample`` and ``scenario``)."""
    return [name for name in table.column_names if name not in (SAMPLE, SCENARIO)]
