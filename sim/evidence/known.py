"""What was known on a day of the past: who had joined what, and the covariates of the year before.

Nothing dated later enters. A value that was recorded later only is imputed as the world imputes: the median of the countries
of the same region and income group, among values of that time; a column of which less than half was known is at its neutral
default for all, so that its term says nothing. Liberal democracy is taken from electoral democracy, which is recorded by
year: a standardised distance is the same whatever the proportion of the two.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.calibration.participation import Participation, load_participation
from sim.evidence.past import YEARLY, Past, load_past, newest
from sim.types import Floats
from sim.world import World, load_world
from sim.world.columns import BY_NAME

ONE_VINTAGE = (
    "electricity", "telecom_infrastructure", "human_capital", "ai_readiness", "pact_cn", "trade_share_us", "trade_share_cn",
)  # fmt: skip
"""Covariates that the tables hold for one year only: known from that year on."""
SEEN = ("observed", "derived", "memory")
"""Kinds of values that somebody saw."""
_TRADE = "trade_share_us"
_PER_HEAD = "gdp"


@dataclass(frozen=True)
class Known:
    """What was known on a day.

    Attributes
    ----------
    day
        Last day whose acts are known.
    world
        Countries with the covariates of the year before.
    participation
        Who had joined what.
    past
        Records of the years up to the year before.
    imputed : dict of str to int
        By covariate: for how many countries no value was known.
    """

    day: dt.date
    world: World
    participation: Participation
    past: Past = field(repr=False)
    imputed: dict[str, int]


def known_on(
    day: dt.date, world: World | None = None, past: Past | None = None, tables: Path | None = None
) -> Known:
    """Return what was known on a day.

    Parameters
    ----------
    day
        The day.
    world, past, tables
        Where it is read from: the present world with the year of each value, records of the years, and the folder of the
        outcome tables. Default: those of the package.

    Raises
    ------
    CutoffError
        If an outcome table holds a row that is later than the table's own cut-off.
    InputError
        If nothing is known of the year before.
    """
    here = load_world() if world is None else world
    year = day.year - 1
    then = (load_past() if past is None else past).until(year)
    values, imputed = _values(here, then, year)
    old = replace(here, values={**here.values, **values}, ties=here.ties)
    if imputed[_TRADE] == len(here):
        old = replace(old, ties=replace(here.ties, trade_share=np.zeros_like(here.ties.trade_share)))
    return Known(day, old, load_participation(here.iso3, tables, cutoff=day), then, imputed)


def _values(world: World, then: Past, year: int) -> tuple[dict[str, Floats], dict[str, int]]:
    """Return the covariates as they were known, float64[N] by column, and how many values were not."""
    found, imputed = {}, {}
    for name in (*YEARLY, *ONE_VINTAGE):
        if name in YEARLY:
            value = newest(then, name, world.iso3)
        else:
            seen = _seen(world, name, year)
            value = np.where(seen & (2 * seen.sum() > len(seen)), world.values[name], np.nan)
        imputed[name] = int(np.isnan(value).sum())
        per = world.values["population"] if name == _PER_HEAD else np.ones(len(world))
        found[name] = _filled(value / per, world, name) * per
    found["liberal_democracy"] = found["electoral_democracy"]
    return found, imputed


def _seen(world: World, name: str, year: int) -> NDArray[np.bool_]:
    """Return for which countries a value of a column was seen by the end of a year, bool[N]."""
    return np.array(
        [one.kind in SEEN and one.year is not None and one.year <= year for one in world.origins[name]]
    )


def _filled(value: Floats, world: World, name: str) -> Floats:
    """Return values with gaps at the median of the same region and income group, of the region, of all, or the default."""
    known = np.isfinite(value)
    if known.all():
        return value
    out = value.copy()
    region, income = np.array(world.region), np.array(world.income)
    for n in np.flatnonzero(~known):
        near = (region == region[n], income == income[n])
        for group in (near[0] & near[1] & known, near[0] & known, known):
            if group.any():
                out[n] = float(np.median(value[group]))
                break
        else:
            out[n] = float(BY_NAME[name].default)
    return out
