"""The outcomes as functions of single runs, for summaries and sweeps alike (`sim.measures.catalog` declares them).

Every function takes a `View` of R runs and returns one value for each run and quarter, [R, T]: numbers, or truth
values where the mean over runs is a probability. A value is computed from its run alone, in one order of
operations, so that it has the same bits in whatever company the run is computed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import holding
from sim.measures import indices
from sim.measures.view import View, added, ratio
from sim.types import Floats
from sim.world.columns import INCOME_GROUPS

HALF = 0.5


def share(view: View, weight: str, state: str) -> Floats:
    """Return the share of the world in exactly one membership state; 0 in a scenario that does not have it."""
    return view.path(weight, view.state(state))


def bloc_share(view: View, weight: str, bloc: str) -> Floats:
    """Return the share of the world in a bloc, whatever else its members joined."""
    return view.path(weight, view.states(bloc))


def effective_blocs(view: View, weight: str) -> Floats:
    """Return the effective number of blocs, `indices.effective_number` of their shares; 0 where no bloc has any."""
    if _unknown(view, weight):
        return np.full(view.shares.shape[:2], np.nan)
    within = np.stack([bloc_share(view, weight, bloc) for bloc in view.inputs.blocs], axis=-1)
    somebody = np.asarray(within.any(axis=-1))
    found = np.zeros(somebody.shape)
    if somebody.any():
        found[somebody] = indices.effective_number(within[somebody])
    return found


def polarization(view: View, weight: str) -> Floats:
    """Return the polarization of the states (`indices.polarization`, `alienation`); 0 where there is nothing to share."""
    if _unknown(view, weight):
        return np.full(view.shares.shape[:2], np.nan)
    # [R, T, S] and not [R * T, S]: every run is a matrix product of its own, whatever runs beside it
    shares = np.ascontiguousarray(view.shares[:, :, WEIGHTS.index(weight)])
    something = np.asarray(shares.any(axis=-1))
    safe = shares if something.all() else np.where(something[..., None], shares, 1.0)
    found = indices.polarization(safe, alienation(len(view.inputs.blocs)))
    return np.where(something, found, 0.0)


def _unknown(view: View, weight: str) -> bool:
    """Return whether a weight is not known of the countries in a view, so that their shares are NaN."""
    return bool(np.isnan(view.shares[:1, :1, WEIGHTS.index(weight)]).any())


def alienation(blocs: int) -> Floats:
    """Return how far apart states stand, [S, S], in units of the distance between two blocs.

    Blocs are the corners of a regular simplex. A state stands in the middle of the blocs it holds; one that
    holds none stands in the middle of them all. With a single bloc, non-aligned states are one unit from it.
    """
    if blocs == 1:
        return np.array([[0.0, 1.0], [1.0, 0.0]])
    holds = holding(blocs)
    holds[0] = 1.0
    places = holds / holds.sum(axis=1, keepdims=True)
    corner = np.sqrt(2.0)  # distance of two corners when they are unit vectors
    distances: Floats = np.linalg.norm(places[:, None] - places[None, :], axis=2) / corner
    return distances


def majority(view: View, weight: str, bloc: str) -> NDArray[np.bool_]:
    """Return whether a bloc holds more than half of the world."""
    return bloc_share(view, weight, bloc) > HALF


def moves(view: View) -> NDArray[np.int64]:
    """Return the number of changes of membership in the quarter; 0 in the first."""
    found = np.zeros(view.membership.shape[:2], np.int64)
    changed = view.membership[:, 1:] != view.membership[:, :-1]
    found[:, 1:] = changed.sum(axis=2, dtype=np.int32)  # half the time of `count_nonzero`
    return found


def countries_elsewhere(view: View) -> NDArray[np.int64]:
    """Return the number of countries whose membership is not the one they began with."""
    return np.asarray(np.count_nonzero(view.membership != view.inputs.countries.initial, axis=2), np.int64)


def state_divide(view: View, state: str) -> Floats:
    """Return the mean digital divide (0 none, 1 total) of the countries in a state; NaN where there are none."""
    members = np.rint(view.shares[:, :, WEIGHTS.index("count")] * len(view.inputs.iso3))
    s = view.inputs.states.index(state)
    return ratio(view.divide[:, :, s], members[:, :, s])


def mean_divide(view: View) -> Floats:
    """Return the mean digital divide (0 none, 1 total) of all countries."""
    return added(view.divide, range(view.divide.shape[2])) / len(view.inputs.iso3)


def compute_per_head(view: View, group: str) -> Floats:
    """Return the compute of an income group, H100e per million people; NaN for a group without countries."""
    return view.per_head[:, :, INCOME_GROUPS.index(group)]


def compute_gap(view: View) -> Floats:
    """Return the compute per head of the richest income group over that of the poorest; NaN if that has none."""
    countries = view.inputs.countries
    present = np.unique(countries.income[countries.population > 0])
    return ratio(view.per_head[:, :, present[-1]], view.per_head[:, :, present[0]])


def aid(view: View, bloc: str) -> Floats:
    """Return the aid that a bloc pays, US$ bn a year; 0 in a scenario that does not have it."""
    return _flow(view, view.aid, bloc)


def chips(view: View, bloc: str) -> Floats:
    """Return the chips that a bloc exports in the quarter, H100e; 0 in a scenario that does not have it."""
    return _flow(view, view.chips, bloc)


def _flow(view: View, table: Floats, bloc: str) -> Floats:
    if bloc not in view.inputs.blocs:
        return np.zeros(table.shape[:2])
    return table[:, :, view.inputs.blocs.index(bloc)]
