"""A design that the user brings as a CSV or Parquet table: read, checked, brought into the design's form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from sim.errors import InputError, Problem, did_you_mean
from sim.registry.renamed import name_hint
from sim.sweeps.factors import Factor, Values
from sim.sweeps.spec import MOST_SAMPLES, REPLICATE, SAMPLE, SCENARIO, Known, SweepSpec
from sim.world.dialect import COMMAS, decimal_comma, other_separator

Column: TypeAlias = "pa.Array[Any]"
AnyColumn: TypeAlias = "pa.ChunkedArray[Any]"


def read_design_table(path: Path, spec: SweepSpec, known: Mapping[str, Known] | None = None) -> pa.Table:
    """Return the user's table as a design (see `build_design`).

    Every row is a sample. The columns are the declared levers and uncertainties, all of them, inside the
    ranges they declare; further columns count as levers. A ``scenario`` column names one of the base
    scenarios and is needed if there are several.

    Raises
    ------
    InputError
        With every mistake found: unreadable file, missing, repeated or unknown columns, empty or wrong cells.
    """
    raw = _read(path)
    problems = _shape_problems(raw, spec, known)
    if problems:
        raise InputError([Problem(text, str(path)) for text in problems])
    columns: dict[str, Column] = {}
    for name in raw.column_names:
        if name in (SAMPLE, SCENARIO):
            continue
        column, problem = _checked(name, raw.column(name), spec.factors.get(name), (known or {}).get(name))
        if problem is not None:
            problems.append(problem)
        columns[name] = column
    scenario, problem = _scenario(raw, spec)
    if problem is not None:
        problems.append(problem)
    if problems:
        raise InputError([Problem(text, str(path)) for text in problems])
    sample = pa.array(np.arange(raw.num_rows, dtype=np.int64))
    return pa.table({SAMPLE: sample, SCENARIO: scenario, **columns})


def check_grown(before: pa.Table, after: pa.Table) -> None:
    """Refuse a design that does not begin with the rows of the design it is to extend.

    Raises
    ------
    InputError
        If columns differ or an earlier row changed.
    """
    if before.schema.names != after.schema.names or not after.slice(0, before.num_rows).equals(before):
        raise InputError(
            f"the new design does not begin with the {before.num_rows} samples that are already there; "
            "a sweep can only be extended by samples that are put behind the earlier ones"
        )


def _read(path: Path) -> pa.Table:
    try:
        if path.suffix.lower() == ".parquet":
            return pq.read_table(path)
        if path.suffix.lower() == ".csv":
            with path.open(encoding="utf-8-sig", errors="replace") as text:
                dialect = other_separator(text.readline().split(","))
            if dialect is not None:
                raise InputError(Problem(dialect, str(path), 1))
            return pyarrow.csv.read_csv(path)
    except FileNotFoundError:
        raise InputError(Problem("no such design table", str(path))) from None
    except (pa.ArrowException, OSError) as error:
        raise InputError(Problem(f"not a readable table: {error}", str(path))) from None
    raise InputError(Problem("a design table is a .csv or .parquet file", str(path)))


def _shape_problems(raw: pa.Table, spec: SweepSpec, known: Mapping[str, Known] | None) -> list[str]:
    names = raw.column_names
    problems = [f"column {name} stands twice" for name in sorted({n for n in names if names.count(n) > 1})]
    if not 1 <= raw.num_rows <= MOST_SAMPLES:
        problems.append(f"the table has {raw.num_rows} rows; 1 to {MOST_SAMPLES} are possible")
    declared = [*spec.levers, *spec.uncertainties]
    problems += [
        f"column {name} is missing{did_you_mean(name, names)}" for name in declared if name not in names
    ]
    if len(spec.base) > 1 and SCENARIO not in names:
        problems.append(
            f"column {SCENARIO} is missing; it says which of {', '.join(spec.base)} a sample changes"
        )
    if REPLICATE in names:
        problems.append(f"column {REPLICATE} is not possible; the sweep itself repeats every row")
    for name in names:
        if known is not None and name not in known and name not in (SAMPLE, SCENARIO, REPLICATE):
            problems.append(f"column {name} is not a parameter that can be varied{name_hint(name, known)}")
    return problems


def _scenario(raw: pa.Table, spec: SweepSpec) -> tuple[Column, str | None]:
    if SCENARIO not in raw.column_names:
        return pa.array(np.full(raw.num_rows, spec.base[0]), pa.string()), None
    return _checked(SCENARIO, raw.column(SCENARIO), Values(values=spec.base), None)


def _checked(
    name: str, column: AnyColumn, declared: Factor | None, known: Known | None
) -> tuple[Column, str | None]:
    """Return a column in its design type, and what is wrong with its first wrong cell."""
    kind = column.type
    empty = column.is_null().to_numpy()
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = column.cast(pa.float64()).to_numpy()
        low, high = _bounds(declared, known)
        wrong = ~(np.isfinite(numbers) & (numbers >= low) & (numbers <= high))
        why = "is not a finite number" + (
            f" from {low:g} to {high:g}" if np.isfinite([low, high]).any() else ""
        )
        array: Column = pa.array(numbers)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        texts = column.cast(pa.string()).to_numpy()
        names = _names(declared, known)
        if names is None and known is not None:
            comma = any(map(decimal_comma, texts[~empty].tolist()))
            more = f"; a decimal comma is no decimal point: {COMMAS}" if comma else ""
            return pa.array([]), f"column {name} holds text, but the parameter is a number{more}"
        if names is None:  # its name was checked before, or no check was asked for
            names = sorted(set(texts[~empty].tolist()))
        wrong, why = ~np.isin(texts.astype(str), names), f"is none of {', '.join(names)}"
        array = pa.array(texts, pa.string())
    elif pa.types.is_boolean(kind):
        wrong, why = np.zeros(len(empty), dtype=bool), ""
        array = pa.array(column.to_numpy(), pa.bool_())
    else:
        return pa.array([]), f"column {name} holds {kind}; numbers, names and true/false are possible"
    bad = np.flatnonzero(wrong | empty)
    if not bad.size:
        return array, None
    first = int(bad[0])
    shown = "is empty" if empty[first] else f"{column[first].as_py()!r} {why}"
    return array, f"column {name}, data row {first + 1}: {shown} ({bad.size} such rows)"


def _bounds(declared: Factor | None, known: Known | None) -> tuple[float, float]:
    """Return the range that both the specification and the registry allow."""
    supports = [(-np.inf, np.inf)]
    if declared is not None and declared.support is not None:
        supports.append(declared.support)
    if known is not None:
        supports.append((known.low, known.high))
    return max(low for low, _ in supports), min(high for _, high in supports)


def _names(declared: Factor | None, known: Known | None) -> list[str] | None:
    if isinstance(declared, Values) and declared.nominal:
        return [str(value) for value in declared.values]
    return list(known.choices) if known is not None and known.choices is not None else None
