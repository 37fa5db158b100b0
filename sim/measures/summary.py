"""The measures of an ensemble, labelled."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean
from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import Titles
from sim.measures.bands import Band, Passage
from sim.measures.catalog import Measure, axis_keys
from sim.types import Brief, Floats


@dataclass(frozen=True, eq=False, repr=False)
class Summary(Brief):
    """What R runs say about T quarters, N countries, K blocs, S = 2**K states, W weights, G income groups.

    ``bands`` : band of every measure of runs (`sim.measures.catalog.run_measures`) by name, [T, ...] with its axes behind
    ``first_majority`` : [W, K] when a bloc first holds more than half
    ``state_probability`` : [T, N, S]; ``member_probability`` : [T, N, K]
    ``switched`` : [T, N] probability that a country has changed its membership by then, back again or not
    ``first_moves`` : int64[N, S, T] runs by the state a country moves to first, and when
    ``moves`` : [T, S, S] mean number of moves in the quarter, from state to state
    ``initial`` : int64[N] state at the start; ``weight`` : [W, N] share of each country at the start
    ``titles`` : names of the blocs to show, by key
    """

    steps: tuple[str, ...]
    blocs: tuple[str, ...]
    states: tuple[str, ...]
    iso3: tuple[str, ...]
    runs: int
    bands: dict[str, Band]
    first_majority: Passage
    state_probability: Floats
    member_probability: Floats
    switched: Floats
    first_moves: NDArray[np.int64]
    moves: Floats
    initial: NDArray[np.int64]
    weight: Floats
    titles: Titles = field(default_factory=dict)

    @property
    def weights(self) -> tuple[str, ...]:
        """Names of the W weights: count, gdp, population, compute."""
        return WEIGHTS

    @property
    def switch_probability(self) -> Floats:
        """Probability that a country changes its membership at least once within the horizon, [N]."""
        last: Floats = self.switched[-1]
        return last

    @property
    def shares(self) -> Band:
        """Share of each membership state, band [T, W, S]; over states they sum to 1."""
        return self.bands["share"]

    @property
    def bloc_shares(self) -> Band:
        """Share of everybody in a bloc, whatever else they joined, band [T, W, K]."""
        return self.bands["bloc_share"]

    @property
    def effective_blocs(self) -> Band:
        """Effective number of blocs, 1 / sum p^2 over the blocs' shares of all memberships, band [T, W]."""
        return self.bands["effective_blocs"]

    @property
    def polarization(self) -> Band:
        """Polarization of Esteban and Ray (1994) over states, two blocs one unit apart, band [T, W]."""
        return self.bands["polarization"]

    @property
    def majority(self) -> Floats:
        """Probability that a bloc holds more than half, [T, W, K]."""
        return self.bands["majority"].mean

    @property
    def divide(self) -> Band:
        """Mean digital divide of the countries in a state, band [T, S]; NaN where there is none."""
        return self.bands["divide"]

    @property
    def compute_per_head(self) -> Band:
        """Compute per head by income group, H100e per million people, band [T, G]; NaN for a group without countries."""
        return self.bands["compute_per_head"]

    @property
    def compute_gap(self) -> Band:
        """Compute per head of the richest income group over the poorest, band [T]; NaN if that has none."""
        return self.bands["compute_gap"]

    def band(self, measure: Measure, keys: tuple[str, ...] = ()) -> Band:
        """Return the band [T] of a single path: one key for each axis of the measure."""
        place = (axis_keys(axis, self.blocs).index(key) for axis, key in zip(measure.axes, keys, strict=True))
        return self.bands[measure.name][(slice(None), *place)]

    def share(self, weight: str, membership: str) -> Band:
        """Return the band [T] of one membership state's share by one weight. Raises InputError for unknown names."""
        return self.shares[
            :, _place("weight", weight, WEIGHTS), _place("membership", membership, self.states)
        ]

    def bloc_share(self, weight: str, bloc: str) -> Band:
        """Return the band [T] of one bloc's share by one weight, members of several included. Raises InputError likewise."""
        return self.bloc_shares[:, _place("weight", weight, WEIGHTS), _place("bloc", bloc, self.blocs)]


def _place(axis: str, name: str, names: tuple[str, ...]) -> int:
    """Return the place of a name on an axis. Raises InputError if it is not there."""
    if name in names:
        return names.index(name)
    hint = did_you_mean(name, names) if isinstance(name, str) else None
    raise InputError(Problem(f"{axis} is {name!r}; allowed: {', '.join(names)}", hint=hint))
