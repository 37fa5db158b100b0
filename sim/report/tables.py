"""The tables of a run's folder, read back as bands by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.inputs.arrays import WEIGHTS
from sim.measures.bands import Band
from sim.results.parquet import read_parquet
from sim.results.tables import LABELS
from sim.results.writing import COUNTRIES, OUTCOMES

Floats = NDArray[np.float64]
_KEY = LABELS[:-1]  # outcome, weight, membership, income_group


@dataclass(frozen=True, eq=False)
class RunTables:
    """Measures over time by outcome, weight, membership and income group, and the ends of countries.

    ``bands`` : float64[T] each, by the four labels of the table (None where a label does not apply)
    ``ends`` : probability of each state in the last quarter, by ISO3, in the order of ``states``
    ``first`` : the state at the start, by ISO3
    ``switched`` : probability of having left the first state by the last quarter, by ISO3
    """

    steps: tuple[str, ...]
    states: tuple[str, ...]
    blocs: tuple[str, ...]
    bands: dict[tuple[str | None, ...], Band] = field(repr=False)
    ends: dict[str, Floats] = field(repr=False)
    first: dict[str, str] = field(repr=False)
    switched: dict[str, float] = field(repr=False)

    def band(
        self, outcome: str, weight: str | None = None, name: str | None = None, group: str | None = None
    ) -> Band:
        """Return one measure, band [T]."""
        return self.bands[outcome, weight, name, group]

    def share(self, weight: str, membership: str) -> Band:
        """Return the band [T] of one membership state's share by one weight."""
        return self.band("share", weight, membership)


def read_tables(folder: Path) -> RunTables:
    """Read the two tables of a run.

    Raises
    ------
    InputError
        If a table is missing, damaged, or not of the form that a run writes.
    """
    outcomes, countries = read_parquet(folder / OUTCOMES), read_parquet(folder / COUNTRIES)
    try:
        bands, steps = _bands(outcomes)
        states = tuple(
            name for kind, weight, name, _ in bands if kind == "share" and weight == WEIGHTS[0] and name
        )
        blocs = tuple(
            name for kind, weight, name, _ in bands if kind == "bloc_share" and weight == WEIGHTS[0] and name
        )
        return RunTables(steps, states, blocs, bands, *_countries(countries, states, steps))
    except (KeyError, ValueError, IndexError):
        raise InputError(Problem("the tables are not those of a run", file=str(folder))) from None


def _bands(table: pa.Table) -> tuple[dict[tuple[str | None, ...], Band], tuple[str, ...]]:
    labels = [table.column(name).to_pylist() for name in _KEY]
    numbers = [table.column(name).to_numpy() for name in ("mean", "p05", "p95")]
    keys = list(zip(*labels, strict=True))
    starts = [n for n, key in enumerate(keys) if n == 0 or keys[n - 1] != key]
    stops = [*starts[1:], len(keys)]
    bands = {
        keys[start]: Band(*(column[start:stop] for column in numbers))
        for start, stop in zip(starts, stops, strict=True)
    }
    return bands, tuple(map(str, table.column("step").to_pylist()[: stops[0]]))


def _countries(
    table: pa.Table, states: tuple[str, ...], steps: tuple[str, ...]
) -> tuple[dict[str, Floats], dict[str, str], dict[str, float]]:
    ends: dict[str, Floats] = {}
    first: dict[str, str] = {}
    switched: dict[str, float] = {}
    columns = [
        table.column(name).to_pylist() for name in ("iso3", "outcome", "membership", "step", "probability")
    ]
    for iso3, outcome, membership, step, probability in zip(*columns, strict=True):
        if outcome == "state" and step == steps[-1]:
            ends.setdefault(iso3, np.zeros(len(states)))[states.index(membership)] = probability
        elif outcome == "state" and step == steps[0] and probability == 1.0:
            first[iso3] = membership
        elif outcome == "switched" and step == steps[-1]:
            switched[iso3] = probability
    return ends, first, switched
