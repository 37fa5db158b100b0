"""The evaluator of sweeps: chunks of runs of the ensemble kernel, from design rows to a table of outcomes.

A row of the design is a base scenario and the values that it changes. With common random numbers all samples
share the draws of a replicate, coefficients included; a coefficient that the sweep varies takes the swept value.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.engine.record import empty_record, parameter_rows
from sim.engine.run import simulate_chunk
from sim.errors import InputError
from sim.inputs.arrays import WEIGHTS, Inputs
from sim.measures.catalog import Outcome
from sim.measures.choose import choose, common_blocs
from sim.measures.view import View
from sim.registry.parameters import RULES
from sim.registry.renamed import name_hint
from sim.results.parquet import column_of
from sim.sweeps.bases import BaseScenario, Scalar, with_attributes, with_structure
from sim.sweeps.chunks import ChunkSpec, Draws
from sim.sweeps.design import factor_columns
from sim.sweeps.folder import DIMENSION
from sim.sweeps.names import Variable, Variables
from sim.sweeps.spec import SCENARIO
from sim.types import Floats

Key = tuple[str, tuple[tuple[str, Scalar], ...]]
"""A base scenario and the values that need arrays of their own."""

BATCH = 250
"""Runs that are recorded at once; bounds the memory of a chunk, changes no number."""
_KEPT = 64
"""Variants whose arrays are kept by a process."""


@dataclass(frozen=True)
class _Part:
    """Runs of a chunk that share arrays: which of them, and the values of their columns."""

    key: Key
    runs: NDArray[np.int64]


class ModelEvaluator:
    """Computes chunks of a sweep (`sim.sweeps.chunks.Evaluator`). It can be pickled.

    Parameters
    ----------
    bases
        The base scenarios.
    outcomes
        What to keep of each run: names of `sim.measures.catalog.catalog`, wildcards, shares of some countries;
        None = the default list.
    record
        ``summary`` keeps the outcomes; ``countries`` also the final membership of every country;
        ``trajectories`` also the shares of every bloc and state in every quarter.

    Raises
    ------
    InputError
        If an outcome does not exist.
    """

    def __init__(
        self, bases: Sequence[BaseScenario], outcomes: Sequence[str] | None = None, record: str = "summary"
    ) -> None:
        self.bases = {base.name: base for base in bases}
        self.blocs = common_blocs([tuple(base.loaded.scenario.blocs) for base in bases])
        self.record = record
        self._wanted = None if outcomes is None else tuple(outcomes)
        self._prepare()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What is kept of each run, in the order of the columns."""
        return self._outcomes

    def _prepare(self) -> None:
        worlds = [base.world for base in self.bases.values()]
        self._outcomes = choose(self._wanted, self.blocs, worlds)
        self._needs = frozenset().union(*(outcome.needs for outcome in self._outcomes))
        if self.record != "summary":
            self._needs |= {"membership"}
        if self.record == "trajectories":
            self._needs |= {"shares"}
        self._lock = threading.Lock()
        self._variants: dict[tuple[Key, tuple[str, ...]], Inputs] = {}
        self._known = {
            name: Variables(tuple(base.loaded.scenario.blocs)) for name, base in self.bases.items()
        }

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs; arrays are built anew there."""
        return {"bases": self.bases, "blocs": self.blocs, "record": self.record, "_wanted": self._wanted}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Take over the state of another process."""
        self.__dict__.update(state)
        self._prepare()

    def __call__(self, chunk: ChunkSpec, /) -> pa.Table:
        """Return the outcomes of the runs of a chunk, one row per run, in its order.

        Raises
        ------
        InputError
            If a column of the design is nothing that can be varied.
        """
        names = factor_columns(chunk.design)
        columns: dict[str, list[Any]] = {name: chunk.design.column(name).to_pylist() for name in names}
        scenarios = [str(name) for name in chunk.design.column(SCENARIO).to_pylist()]
        gathered = _Gathered(chunk.runs)
        for part in self._parts(chunk, columns, scenarios):
            variables = self._variables(part.key[0], names)
            inputs = self._inputs(part.key, variables)
            swept = {
                inputs.columns[name]: np.array([_number(value) for value in columns[name]])
                for name, variable in variables.items()
                if variable.kind == "column"
            }
            for start in range(0, len(part.runs), BATCH):
                runs = part.runs[start : start + BATCH]
                gathered.put(runs, self._simulated(inputs, chunk, runs, swept))
        return gathered.table()

    def _parts(self, chunk: ChunkSpec, columns: Mapping[str, list[Any]], scenarios: list[str]) -> list[_Part]:
        """Sort the runs of a chunk by the arrays that they need."""
        sorted_rows: dict[Key, list[int]] = {}
        kinds = {name: self._variables(name, list(columns)) for name in dict.fromkeys(scenarios)}
        for row, scenario in enumerate(scenarios):
            own = tuple(
                (name, columns[name][row])
                for name, variable in kinds[scenario].items()
                if variable.kind != "column"
            )
            sorted_rows.setdefault((scenario, own), []).append(row)
        if len(sorted_rows) == 1:
            return [_Part(next(iter(sorted_rows)), np.arange(chunk.runs))]
        part_of = np.empty(len(scenarios), dtype=np.int64)
        for number, rows in enumerate(sorted_rows.values()):
            part_of[rows] = number
        number_of = part_of[chunk.row]
        return [_Part(key, np.flatnonzero(number_of == number)) for number, key in enumerate(sorted_rows)]

    def _variables(self, scenario: str, names: Sequence[str]) -> dict[str, Variable]:
        known = self._known[scenario]
        found = {name: known.variable(name) for name in names}
        for name, variable in found.items():
            if variable is None:
                raise InputError(
                    f"{name} is not a parameter of {scenario} that can be varied{name_hint(name, known)}"
                )
        return {name: variable for name, variable in found.items() if variable is not None}

    def _inputs(self, key: Key, variables: Mapping[str, Variable]) -> Inputs:
        """Return the arrays of a variant, with the timeline kept off what is varied."""
        known = (key, tuple(variables))
        with self._lock:
            if known in self._variants:
                return self._variants[known]
            scenario, own = key
            base = self.bases[scenario]
            values = {name: value for name, value in own if variables[name].kind == "structure"}
            structure = ((scenario, tuple(values.items())), tuple(variables))
            if structure not in self._variants:
                self._keep(structure, with_structure(base, values, variables))
            changed = [
                (target, float(value))
                for name, value in own
                if (target := variables[name].target) is not None
            ]
            inputs = with_attributes(self._variants[structure], base.world, changed)
            self._keep(known, inputs)
            return inputs

    def _keep(self, variant: tuple[Key, tuple[str, ...]], inputs: Inputs) -> None:
        if variant not in self._variants and len(self._variants) >= _KEPT:
            self._variants.pop(next(iter(self._variants)))
        self._variants[variant] = inputs

    def _simulated(
        self, inputs: Inputs, chunk: ChunkSpec, runs: NDArray[np.int64], swept: Mapping[int, Floats]
    ) -> dict[pa.Field[Any], NDArray[Any]]:
        """Simulate some runs of a chunk and return what is kept of them, by column."""
        draws = chunk.draws or Draws(chunk.key, chunk.key, chunk.key)
        keys, position = np.unique(draws.coefficients[runs], return_inverse=True)
        rows = parameter_rows(inputs, chunk.seed, keys)[position]
        for column, values in swept.items():
            rows[:, column] = values[chunk.row[runs]]
        record = empty_record(inputs, len(runs), self._needs)
        simulate_chunk(inputs, chunk.seed, rows, draws.effects[runs], draws.chance[runs], record)
        view = View.of_record(inputs, record)
        kept: dict[pa.Field[Any], NDArray[Any]] = {
            pa.field(outcome.name, pa.float64()): outcome.compute(view) for outcome in self._outcomes
        }
        if self.record != "summary":
            kept[_list_field("membership", pa.uint8(), "country", inputs.iso3)] = record.membership[:, -1]
        if self.record == "trajectories":
            kept.update(self._paths(view))
        return kept

    def _paths(self, view: View) -> dict[pa.Field[Any], NDArray[Any]]:
        """Return the share of every bloc and of every state in every quarter, by column."""
        found: dict[pa.Field[Any], NDArray[Any]] = {}
        steps = view.inputs.steps
        states = dict.fromkeys(name for base in self.bases.values() for name in base.state_names)
        for weight in WEIGHTS:
            for kind, keys in (("bloc", self.blocs), ("state", tuple(states))):
                for key in keys:
                    path = view.path(weight, view.states(key) if kind == "bloc" else view.state(key))
                    field = _list_field(f"path.{kind}.{weight}.{key}", pa.float32(), "quarter", steps)
                    found[field] = path.astype(np.float32)
        return found


class _Gathered:
    """Collects columns from parts of a chunk, each in its place."""

    def __init__(self, runs: int) -> None:
        self._runs = runs
        self._columns: dict[str, NDArray[Any]] = {}
        self._fields: dict[str, pa.Field[Any]] = {}

    def put(self, runs: NDArray[np.int64], columns: Mapping[pa.Field[Any], NDArray[Any]]) -> None:
        for field, values in columns.items():
            if field.name not in self._columns:
                self._fields[field.name] = field
                self._columns[field.name] = np.empty((self._runs, *values.shape[1:]), values.dtype)
            self._columns[field.name][runs] = values

    def table(self) -> pa.Table:
        arrays = [
            column_of(values)
            if values.ndim == 1
            else pa.FixedSizeListArray.from_arrays(column_of(values.ravel()), values.shape[1])
            for values in self._columns.values()
        ]
        return pa.table(arrays, schema=pa.schema(list(self._fields.values())))


def _list_field(name: str, kind: pa.DataType, dimension: str, labels: Sequence[str]) -> pa.Field[Any]:
    described = json.dumps({"name": dimension, "labels": list(labels)})
    return pa.field(name, pa.list_(kind, len(labels)), metadata={DIMENSION: described.encode()})


def _number(value: Scalar) -> float:
    """Return the number of a column's value; a decision rule is its position in the list of rules."""
    return float(RULES.index(value)) if isinstance(value, str) else float(value)
