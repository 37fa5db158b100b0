"""Model inputs as contiguous arrays with named axes: the only interface between scenario and engine.

Axes: ``P`` parameters, ``K`` blocs, ``N`` countries, ``S = 2**K`` membership sets, ``T`` recorded quarters, ``A``
country attributes. Past this point there is no YAML, no table and no string.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.memberships import Titles, state_names
from sim.theory.timeline import Timeline
from sim.types import Brief

WEIGHTS: tuple[str, ...] = ("count", "gdp", "population", "compute")


class Countries(NamedTuple):
    """What does not change within a run, per country.

    ``stream_id`` : int64[N] identity in the random streams
    ``initial`` : int64[N] membership at the start (bitmask)
    ``permanent_blocs`` : int64[N] blocs a country founded and never leaves (bitmask)
    ``leads`` : bool[K, N] countries that lead a bloc; they never reconsider
    ``frozen`` : bool[N] leads any bloc
    ``home`` : float64[K, N] share of a bloc's domestic chips installed in each of its leaders
    ``traits`` : float64[K, J, N] standardised traits towards the leader, in the order of ``sim.registry.terms``
    ``dependence`` : float64[K, N] trade with the leader as a share of all trade
    ``debt`` : float64[K, N] debt to the leader over GDP
    ``reference`` : float64[K, 2, N] what the reference offer gave in grants and in loans (gains from membership)
    ``origin`` : float64[K, N] share of the compute at the start that came from each bloc; sums to 1
    ``supply_age`` : float64[K] years from the date of a bloc's supply figures to the start
    ``effect_mean, effect_sd`` : float64[K, N] persistent country-bloc effects, logit units
    ``tier`` : int64[K, N] row of the access table
    ``aid_weight`` : float64[K, N] claim on the bloc's aid, largest = 1
    ``interest`` : float64[K, N] how much the leader wants the country, 0 .. 1
    ``gdp`` : float64[N] US$ bn; ``compute`` : float64[N] H100e at the start; ``divide`` : float64[N] at the start
    ``population`` : float64[N] million people
    ``weight`` : int64[3, N] fixed-point weights of the outcomes count, gdp, population
    ``income`` : int64[N] income group 0 (low) .. 3 (high)
    """

    stream_id: NDArray[np.int64]
    initial: NDArray[np.int64]
    permanent_blocs: NDArray[np.int64]
    leads: NDArray[np.bool_]
    frozen: NDArray[np.bool_]
    home: NDArray[np.float64]
    traits: NDArray[np.float64]
    dependence: NDArray[np.float64]
    debt: NDArray[np.float64]
    reference: NDArray[np.float64]
    origin: NDArray[np.float64]
    supply_age: NDArray[np.float64]
    effect_mean: NDArray[np.float64]
    effect_sd: NDArray[np.float64]
    tier: NDArray[np.int64]
    aid_weight: NDArray[np.float64]
    interest: NDArray[np.float64]
    gdp: NDArray[np.float64]
    compute: NDArray[np.float64]
    divide: NDArray[np.float64]
    population: NDArray[np.float64]
    weight: NDArray[np.int64]
    income: NDArray[np.int64]


class Network(NamedTuple):
    """Who counts whom as a peer, with fixed-point weights, by country and by peer.

    ``row_*`` : the peers of country ``i`` are entries ``row_start[i] .. row_start[i + 1]``
    ``col_*`` : the same entries, grouped by the peer: who must hear when country ``j`` moves
    ``mean_weight`` : weight of every other country when the network is a mean field, else 0
    ``pull`` : int64[N, N] signed fixed-point size x propensity of the landscape rule; int64[0, 0] where no rule asks for it
        (:func:`sim.inputs.network.with_pull`)
    """

    row_start: NDArray[np.int64]
    row_peer: NDArray[np.int64]
    row_layer: NDArray[np.int64]
    row_weight: NDArray[np.int64]
    col_start: NDArray[np.int64]
    col_country: NDArray[np.int64]
    col_layer: NDArray[np.int64]
    col_weight: NDArray[np.int64]
    mean_weight: int
    pull: NDArray[np.int64]


class Sides(NamedTuple):
    """What the landscape's weights are made of (:func:`sim.inputs.network.landscape_weights`).

    ``size`` : float64[N] weight of each country; ``votes, regime`` : float64[N] ideal point in the UN, liberal democracy
    ``ally, of`` : int64[E] pairs of countries with a defence pact
    """

    size: NDArray[np.float64]
    votes: NDArray[np.float64]
    regime: NDArray[np.float64]
    ally: NDArray[np.int64]
    of: NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class Draws(Brief):
    """Posterior draws of the coefficients: ``values[d, c]`` belongs to parameter column ``columns[c]``."""

    columns: NDArray[np.int64]
    values: NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Inputs(Brief):
    """Everything a run needs: who, what if, and what is drawn.

    ``params`` : float64[P] the parameter row at the central estimate; ``low``, ``high`` its bounds
    ``leaders`` : int64[K] how each leader acts (``sim.theory.leaders``)
    ``attributes`` : float64[A, N] adjustable attributes of countries at the start
    ``titles`` : names of the blocs to show, by key; no number depends on them
    ``sides`` : what the landscape's weights are made of; None where no run needs them
    ``vary_coefficients, vary_effects, vary_chance`` : what differs between runs
    """

    blocs: tuple[str, ...]
    iso3: tuple[str, ...]
    steps: tuple[str, ...]
    columns: dict[str, int]
    params: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    leaders: NDArray[np.int64]
    attributes: NDArray[np.float64]
    countries: Countries
    network: Network
    timeline: Timeline
    draws: Draws
    vary_coefficients: bool = True
    vary_effects: bool = True
    vary_chance: bool = True
    titles: Titles = field(default_factory=dict)
    sides: Sides | None = None

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the membership sets; the position is the bitmask."""
        return state_names(self.blocs)
