"""Joining histories by quarter: who was outside, who joined, who left, and how many of its peers were in.

A history follows one list from its opening to the cut-off, or one bloc: by the rule of initial membership a
state joins a bloc with its second qualifying act.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.calibration.initial import COUNTED_ROLES, REQUIRED_ACTS, acts_of
from sim.calibration.initiatives import FAMILIES, LEADERS
from sim.calibration.participation import NOT_UN_MEMBERS, Participation, calendar_quarter
from sim.evidence.past import Past, load_past, past_world
from sim.theory.peers import WEIGHT_UNIT
from sim.types import Floats

if TYPE_CHECKING:
    from sim.evidence.family import FamilyEstimate
    from sim.inputs.arrays import Network
    from sim.world import World

Flags = NDArray[np.bool_]

LISTS: dict[str, tuple[int, int]] = {
    "BRI": (4 * 2013 + 3, 0),
    "AIIB": (4 * 2015 + 1, 4 * 2015 + 1),
    "OECD_AI": (4 * 2019 + 1, 4 * 2019 + 1),
    "GPAI": (4 * 2020 + 1, 4 * 2020 + 1),
    "US_POLDECL_MIL": (4 * 2023 + 0, 4 * 2023 + 3),
    "COE_AI": (4 * 2024 + 2, 4 * 2024 + 2),
}
"""Lists with dated joiners after the first day: first quarter followed, and quarter of the opening (0: none).

The Freedom Online Coalition is left out (years only), as are lists that all members signed on one day.
"""


@dataclass(frozen=True)
class History:
    """Quarters (T) by countries at risk (n) of one list or bloc.

    Attributes
    ----------
    name, family
        List, or ``bloc:us`` / ``bloc:china``.
    standing : float64[T, n]
        Value of belonging, without intercept and peers (logits), from each year's covariates.
    spread : float64[n]
        Standard deviation of the country effect.
    share : float64[T, n]
        Weighted share of peers that were members at the start of the quarter.
    outside, joins, inside, leaves : bool[T, n]
        Who was outside and stayed, joined, was inside and stayed, or left in the quarter.
    opening : bool[T]
        Quarters in which the list (or, for a bloc, one of its lists) opened.
    centre
        Intercept of the list in the cross-section (logits).
    level : (float64[G], float64[G]) or None
        For a bloc: the membership intercept as a function of the peer coefficient (grid and values).
    """

    name: str
    family: str
    standing: Floats = field(repr=False)
    spread: Floats = field(repr=False)
    share: Floats = field(repr=False)
    outside: Flags = field(repr=False)
    joins: Flags = field(repr=False)
    inside: Flags = field(repr=False)
    leaves: Flags = field(repr=False)
    opening: Flags = field(repr=False)
    centre: float
    level: tuple[Floats, Floats] | None = None


@dataclass(frozen=True)
class Acts:
    """When each country joined and left, in quarters; ``never`` = `NEVER`.

    ``known`` marks the countries whose quarter is certain enough to be counted as observations.
    """

    joined: NDArray[np.int64]
    left: NDArray[np.int64]
    known: Flags


NEVER = 10**6


def peer_matrix(network: Network) -> Floats:
    """Return the simulator's peer weights with equal layers as a dense matrix, float64[N, N]."""
    n = len(network.row_start) - 1
    rows = np.repeat(np.arange(n), np.diff(network.row_start))
    weights = np.zeros((n, n))
    np.add.at(weights, (rows, network.row_peer), network.row_weight / WEIGHT_UNIT / 3.0)
    return weights


def list_acts(participation: Participation, name: str) -> Acts:
    """When states joined and left a list.

    States of unknown status, with a date known to the year only, or with a date of low confidence are no
    observations; they still count as peers from the middle of the period on.
    """
    row = participation.item(name)
    joined = _quarters(participation.joined[row])
    sharp = (participation.precision[row] != "year") & (participation.date_confidence[row] != "low")
    known = np.isfinite(participation.y[row]) & ((joined == NEVER) | sharp)
    return Acts(joined, _quarters(participation.left[row]), known)


def bloc_acts(participation: Participation, family: str) -> Acts:
    """When states became members of a bloc by the rule of initial membership: with their second act."""
    joined = np.full(len(participation.iso3), NEVER)
    for column, code in enumerate(participation.iso3):
        acts = [participation.item(name) for name in acts_of(participation, family, code)]
        if len(acts) >= REQUIRED_ACTS:
            dates = np.sort(participation.joined[acts, column])
            joined[column] = calendar_quarter(float(dates[REQUIRED_ACTS - 1]))
    known = np.array([code not in NOT_UN_MEMBERS for code in participation.iso3])
    settled = (joined <= last_quarter(participation.cutoff)) | (joined == NEVER)
    return Acts(joined, np.full(len(joined), NEVER), known & settled)


def last_quarter(cutoff: dt.date) -> int:
    """Return the last whole quarter (4 x year + 0..3) up to a cut-off."""
    after = cutoff + dt.timedelta(days=1)
    return 4 * after.year + (after.month - 1) // 3 - 1


def bloc_openings(participation: Participation, family: str) -> list[int]:
    """Quarters in which a list that counts for membership of the family was first joined by several states."""
    quarters = []
    for row, item in enumerate(participation.items):
        if item.family == family and item.role in COUNTED_ROLES:
            dated = _quarters(participation.joined[row])
            values, counts = np.unique(dated[dated < NEVER], return_counts=True)
            quarters += [int(value) for value in values[counts >= OPENING_SIZE][:1]]
    return sorted(set(quarters))


OPENING_SIZE = 5
"""So many states in one quarter make the opening of a list."""


def histories(
    world: World,
    participation: Participation,
    estimates: Mapping[str, FamilyEstimate],
    weights: Floats,
    names: Sequence[str] = tuple(LISTS),
    blocs: Sequence[str] = FAMILIES,
    past: Past | None = None,
) -> list[History]:
    """Build the histories of some lists and blocs.

    Parameters
    ----------
    world, participation
        The countries, and what they joined.
    estimates
        Standing estimate of each family.
    weights : float64[N, N]
        Peer weights (`peer_matrix`).
    names, blocs
        Which lists and which families' blocs.
    past
        Records of the years; default: all.
    """
    out = []
    last = last_quarter(participation.cutoff)
    source = load_past() if past is None else past
    known_to = participation.cutoff.year - 1
    known = {item.id for item in participation.items}
    for name in names:
        first, opening = LISTS[name]
        if name not in known or first > last:
            continue
        family = participation.items[participation.item(name)].family
        estimate = estimates[family]
        seen = name in estimate.items
        at = estimate.items.index(name) if seen else 0
        slope = float(estimate.fit.slopes[at]) if seen else 0.0
        centre = float(estimate.fit.intercepts[at]) if seen else estimate.membership_intercept
        acts = list_acts(participation, name)
        opened = [opening] if opening else []
        out.append(
            _history(
                name, estimate, world, acts, weights, (first, opened, last), slope, centre, known_to, source
            )
        )
    for family in blocs:
        estimate, openings = estimates[family], bloc_openings(participation, family)
        acts = bloc_acts(participation, family)
        when = (openings[0], [quarter for quarter in openings if quarter <= last], last)
        entry = _history(f"bloc:{family}", estimate, world, acts, weights, when, 0.0, 0.0, known_to, source)
        grid = np.linspace(0.0, 8.0, 17)
        values = np.array([estimate.intercept_given_peers(world, weights, gamma) for gamma in grid])
        out.append(History(**{**entry.__dict__, "level": (grid, values)}))
    return out


def standing(
    estimate: FamilyEstimate, world: World, year: int, slope: float = 0.0, past: Past | None = None
) -> Floats:
    """Value of belonging without intercept and peers in a year, float64[N] (logits), effects at their mean."""
    source = load_past() if past is None else past
    then = past_world(world, min(max(year, source.years[0]), source.years[-1]), source)
    return estimate.standing(then, slope)


def _history(
    name: str,
    estimate: FamilyEstimate,
    world: World,
    acts: Acts,
    weights: Floats,
    when: tuple[int, list[int], int],
    slope: float,
    centre: float,
    known_to: int,
    past: Past,
) -> History:
    first, openings, last = when
    quarters = np.arange(first, last + 1)[:, None]
    joined = np.maximum(acts.joined, first)
    members = (quarters > joined) & (quarters <= acts.left)
    members[:, world.index(LEADERS[estimate.family])] = True
    risk = acts.known & np.array([code not in LEADERS.values() for code in world.iso3])
    kept = np.flatnonzero(risk)
    years = range(first // 4, last // 4 + 1)
    values = np.array([standing(estimate, world, min(year, known_to), slope, past) for year in years])
    joined, left = joined[kept], acts.left[kept]
    return History(
        name,
        estimate.family,
        values[quarters[:, 0] // 4 - first // 4][:, kept],
        estimate.effect_spread(world)[kept],
        (members @ weights.T)[:, kept],
        quarters < joined,
        quarters == joined,
        (quarters > joined) & (quarters < left),
        quarters == left,
        np.isin(quarters[:, 0], openings),
        centre,
    )


def _quarters(years: Floats) -> NDArray[np.int64]:
    return np.array([calendar_quarter(float(y)) if np.isfinite(y) else NEVER for y in years], dtype=np.int64)
