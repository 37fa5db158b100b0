"""Results as labelled data: pandas tables, and one xarray dataset with names and units on every axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.run import Ensemble
from sim.errors import InputError, Problem, did_you_mean, import_extra
from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import bloc_label, holding, state_labels
from sim.measures import Summary, likely_moves
from sim.measures.catalog import WEIGHT_WORDS
from sim.world import World
from sim.world.columns import INCOME_GROUPS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import xarray as xr

KINDS = ("shares", "countries", "switches")
"""The tables of a run and of a comparison."""

_OF_SHARES = {"share": "state", "bloc_share": "bloc"}
"""What the rows of shares are about: one membership set, or all members of a bloc."""


def check_choice(name: str, value: object, allowed: Sequence[str]) -> str:
    """Return a word that must be one of several.

    Raises
    ------
    InputError
        If it is not; names the nearest.
    """
    if isinstance(value, str) and value in allowed:
        return value
    hint = did_you_mean(value, allowed) if isinstance(value, str) else None
    raise InputError(Problem(f"{name} is {value!r}; allowed: {', '.join(allowed)}", hint=hint))


def shares_frame(outcomes: pa.Table) -> pd.DataFrame:
    """Return the shares of a run's table of outcomes, one row for each quarter.

    Columns: ``kind`` (``state``: exactly this membership; ``bloc``: all members of the bloc, whatever else they joined),
    ``weight`` (count, gdp, population, compute), ``membership``, ``quarter``, and of the share, 0 .. 1, ``mean``, ``p05``
    and ``p95``.
    """
    frame = outcomes.to_pandas()
    frame = frame[frame["outcome"].isin(_OF_SHARES)].rename(columns={"step": "quarter"})
    frame.insert(0, "kind", frame["outcome"].map(_OF_SHARES))
    return frame.drop(columns=["outcome", "income_group"]).reset_index(drop=True)


def countries_frame(countries: pa.Table, world: World) -> pd.DataFrame:
    """Return where countries stand, one row for each country and quarter.

    Columns: ``iso3``, ``country``, ``region``, ``quarter``, and probabilities: ``state_X`` of each membership set
    (``state_us_china`` of both), ``bloc_X`` of being a member of each bloc, ``switched`` of having changed its membership by
    then.
    """
    frame = countries.to_pandas()
    prefix = frame["outcome"].map({"state": "state_", "member": "bloc_", "switched": "switched"})
    frame["measure"] = prefix + frame["membership"].fillna("").str.replace("+", "_", regex=False)
    order = list(dict.fromkeys(frame["measure"]))
    wide = frame.pivot(index=["iso3", "step"], columns="measure", values="probability")[order]
    wide = wide.loc[list(dict.fromkeys(zip(frame["iso3"], frame["step"], strict=True)))].reset_index()
    wide.columns.name = None
    places = [world.index(code) for code in wide["iso3"]]
    wide = wide.rename(columns={"step": "quarter"})
    wide.insert(1, "country", [world.names[n] for n in places])
    wide.insert(2, "region", [world.region[n] for n in places])
    return wide


def switches_frame(summary: Summary, world: World) -> pd.DataFrame:
    """Return the first switches of countries, the likeliest first, one row for each country and destination.

    Columns: ``iso3``, ``country``, ``origin``, ``destination``, ``probability`` (share of futures in which this is its first
    switch), and the quarter by which it has happened in half of those (``quarter``), in 5 % (``earliest``) and 95 %
    (``latest``).
    """
    import pandas as pd

    moves = likely_moves(summary, most=summary.first_moves.size)
    rows = [
        (one.iso3, world.names[world.index(one.iso3)], one.origin, one.target, one.probability,
         one.quarter, one.earliest, one.latest)
        for one in moves
    ]  # fmt: skip
    names = ("iso3", "country", "origin", "destination", "probability", "quarter", "earliest", "latest")
    return pd.DataFrame(rows, columns=list(names))


def ensemble_dataset(ensemble: Ensemble, world: World, attributes: Mapping[str, Any]) -> xr.Dataset:
    """Return every trajectory of an ensemble as one dataset.

    Variables, each with ``units`` and ``long_name``: ``member`` [future, quarter, country, bloc] (true or false);
    ``share`` [future, quarter, weight, state]; ``bloc_share`` [future, quarter, weight, bloc]; ``chips``, ``aid``
    [future, quarter, bloc]; ``compute`` [future, quarter, income_group].
    Coordinates: ``future`` (replicate), ``quarter`` ("2030Q4") with ``time`` (its first day), ``country`` (ISO3) with
    ``country_name`` and ``region``, ``bloc`` with ``bloc_name``, ``state`` with ``state_name``, ``weight``, ``income_group``.

    Raises
    ------
    AiblocsError
        If xarray is not installed.
    InputError
        If the ensemble kept shares only.
    """
    xarray = import_extra("xarray", "sweep")
    inputs = ensemble.inputs
    if ensemble.membership is None:
        raise InputError("this ensemble kept shares only; a dataset needs record='trajectories'")
    bits = np.arange(len(inputs.blocs), dtype=np.uint8)
    member = (ensemble.membership[..., None] >> bits & 1).astype(bool)
    path = ("future", "quarter")
    variables = {
        "member": ((*path, "country", "bloc"), member, _said("1", "belongs to the bloc")),
        "share": ((*path, "weight", "state"), ensemble.shares, _said("1", "share of the world in exactly this membership")),
        "bloc_share": ((*path, "weight", "bloc"), ensemble.shares @ holding(len(inputs.blocs)),
                       _said("1", "share of the world in the bloc, whatever else it joined")),
        "chips": ((*path, "bloc"), ensemble.chips, _said("H100e", "chips exported by the bloc in the quarter")),
        "aid": ((*path, "bloc"), ensemble.aid, _said("US$ bn/year", "aid paid by the bloc")),
        "compute": ((*path, "income_group"), ensemble.income, _said("H100e", "installed AI compute")),
    }  # fmt: skip
    places = [world.index(code) for code in inputs.iso3]
    labels = dict(zip(inputs.states, state_labels(inputs.states, inputs.titles), strict=True))
    coordinates = {
        "future": ("future", ensemble.replicates, _said("1", "replicate of the seed")),
        "quarter": ("quarter", list(inputs.steps), {"long_name": "quarter"}),
        "time": ("quarter", _first_days(inputs.steps), {"long_name": "first day of the quarter"}),
        "country": ("country", list(inputs.iso3), {"long_name": "ISO 3166-1 alpha-3 code"}),
        "country_name": ("country", [world.names[n] for n in places]),
        "region": ("country", [world.region[n] for n in places]),
        "bloc": ("bloc", list(inputs.blocs), {"long_name": "bloc"}),
        "bloc_name": ("bloc", [bloc_label(bloc, inputs.titles) for bloc in inputs.blocs]),
        "state": ("state", list(inputs.states), {"long_name": "membership set"}),
        "state_name": ("state", [labels[state] for state in inputs.states]),
        "weight": ("weight", list(WEIGHTS), {"long_name": "what a country counts by"}),
        "weight_name": ("weight", [WEIGHT_WORDS[weight] for weight in WEIGHTS]),
        "income_group": ("income_group", list(INCOME_GROUPS), {"long_name": "income group"}),
    }
    dataset: xr.Dataset = xarray.Dataset(variables, coordinates, dict(attributes))
    return dataset


def _said(unit: str, words: str) -> dict[str, str]:
    return {"units": unit, "long_name": words}


def _first_days(steps: Sequence[str]) -> Any:
    """Return the first day of every quarter, datetime64[ns]."""
    months = [f"{step[:4]}-{3 * int(step[5]) - 2:02d}-01" for step in steps]
    return np.array(months, dtype="datetime64[ns]")
