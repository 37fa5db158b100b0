"""The world as it was known in an earlier year, for joining histories and hindcasts.

What has no yearly record (trade shares, readiness, infrastructure indices, borders, clubs) keeps its present
value: the hindcasts say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.calibration.csv_tables import read_csv
from sim.calibration.participation import TABLES
from sim.errors import InputError
from sim.types import Floats
from sim.world import World

PAST = TABLES / "past.csv"
YEARLY = (
    "ideal_point", "gdp", "internet_users", "electoral_democracy", "us_aid", "cn_finance", "pact_us",
    "mnna_us",
)  # fmt: skip


@dataclass(frozen=True)
class Past:
    """Yearly values by column: ``values[name]`` is float64[years, countries], nan where nothing is recorded."""

    iso3: tuple[str, ...]
    years: tuple[int, ...]
    values: dict[str, Floats] = field(repr=False)

    def until(self, year: int) -> Past:
        """Return what was recorded by the end of a year.

        Raises
        ------
        InputError
            If nothing was.
        """
        if year < self.years[0]:
            raise InputError(f"the past is known for {self.years[0]} to {self.years[-1]}, not for {year}")
        count = sum(known <= year for known in self.years)
        return Past(
            self.iso3, self.years[:count], {name: table[:count] for name, table in self.values.items()}
        )


@cache
def load_past(path: Path = PAST) -> Past:
    """Read the table of past values."""
    rows = read_csv(path)
    iso3 = tuple(sorted({row["iso3"] for row in rows}))
    years = tuple(sorted({int(row["year"]) for row in rows}))
    column, line = {code: n for n, code in enumerate(iso3)}, {year: n for n, year in enumerate(years)}
    values = {name: np.full((len(years), len(iso3)), np.nan) for name in YEARLY}
    for row in rows:
        at = line[int(row["year"])], column[row["iso3"]]
        for name in YEARLY:
            if row[name]:
                values[name][at] = float(row[name])
    return Past(iso3, years, values)


def past_world(world: World, year: int, past: Past | None = None) -> World:
    """Return the world with what was recorded by the end of ``year``.

    A gap takes the nearest earlier record, else the nearest later one, else the present value. GDP is scaled
    to today's world total, so that size means a share of the world economy. Liberal democracy, for which no
    consistent yearly series is at hand, moves with electoral democracy in the proportion seen across
    countries.

    Raises
    ------
    InputError
        If the year is not covered.
    """
    source = load_past() if past is None else past
    if year not in source.years:
        raise InputError(f"the past is known for {source.years[0]} to {source.years[-1]}, not for {year}")
    last = source.years.index(year)
    present, values = world.values, dict(world.values)
    here = {code: n for n, code in enumerate(source.iso3)}
    columns = np.array([here.get(code, -1) for code in world.iso3])
    for name in YEARLY:
        found = _nearest(source.values[name], last)
        known = np.append(found, np.nan)[columns]
        values[name] = np.where(np.isfinite(known), known, present[name])
    values["gdp"] = values["gdp"] * present["gdp"].sum() / values["gdp"].sum()
    values["liberal_democracy"] = _liberal_democracy(world, source, last, columns)
    values["electoral_democracy"] = np.clip(values["electoral_democracy"], 0.0, 1.0)
    return replace(world, values=values)


def newest(source: Past, name: str, iso3: Sequence[str]) -> Floats:
    """Return the newest record of a column for some countries, float64[N]; nan where there is none."""
    here = {code: n for n, code in enumerate(source.iso3)}
    columns = np.array([here.get(code, -1) for code in iso3])
    table = source.values[name]
    return np.asarray(np.append(_nearest(table, len(table) - 1), np.nan)[columns], dtype=np.float64)


def _nearest(table: Floats, last: int) -> Floats:
    """Each column's record of the row ``last``, else the nearest earlier one, else the nearest later one."""
    out: Floats = table[last].copy()
    order = [*range(last - 1, -1, -1), *range(last + 1, len(table))]
    for row in order:
        out = np.where(np.isfinite(out), out, table[row])
    return out


def _liberal_democracy(world: World, source: Past, last: int, columns: NDArray[np.int64]) -> Floats:
    series = source.values["electoral_democracy"]
    change = np.append(_nearest(series, last) - _nearest(series, len(series) - 1), np.nan)[columns]
    electoral, liberal = world.values["electoral_democracy"], world.values["liberal_democracy"]
    slope = float(np.cov(electoral, liberal)[0, 1] / electoral.var(ddof=1))
    moved = liberal + slope * np.nan_to_num(change)
    return np.asarray(np.clip(moved, 0.0, 1.0), dtype=np.float64)
