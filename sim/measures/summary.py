"""The measures of an ensemble, labelled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.inputs.arrays import WEIGHTS
from sim.measures.bands import Band
from sim.measures.passage import Passage

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Summary:
    """What R runs say about T quarters, N countries, K blocs, S = 2**K states, W weights, G income groups.

    ``shares`` : band [T, W, S] of each membership state; over states they sum to 1
    ``bloc_shares`` : band [T, W, K] of everybody in a bloc, whatever else they joined
    ``effective_blocs`` : band [T, W], 1 / sum p^2 over the blocs' shares of all memberships
    ``polarization`` : band [T, W], of Esteban and Ray (1994) over states; two blocs are one unit apart
    ``majority`` : [T, W, K] probability that a bloc holds more than half
    ``first_majority`` : [W, K] when a bloc first holds more than half
    ``state_probability`` : [T, N, S]; ``member_probability`` : [T, N, K]
    ``switched`` : [T, N] probability that a country has changed its membership by then, back again or not
    ``first_moves`` : int64[N, S, T] runs by the state a country moves to first, and when
    ``moves`` : [T, S, S] mean number of moves in the quarter, from state to state
    ``divide`` : band [T, S] mean digital divide of the countries in a state; NaN where there is none
    ``compute_per_head`` : band [T, G] H100e per million people; NaN for a group without countries
    ``compute_gap`` : band [T], compute per head of the richest group over the poorest; NaN if that has none
    ``initial`` : int64[N] state at the start; ``weight`` : [W, N] share of each country at the start
    """

    steps: tuple[str, ...]
    blocs: tuple[str, ...]
    states: tuple[str, ...]
    iso3: tuple[str, ...]
    runs: int
    shares: Band
    bloc_shares: Band
    effective_blocs: Band
    polarization: Band
    majority: Floats
    first_majority: Passage
    state_probability: Floats
    member_probability: Floats
    switched: Floats
    first_moves: NDArray[np.int64]
    moves: Floats
    divide: Band
    compute_per_head: Band
    compute_gap: Band
    initial: NDArray[np.int64]
    weight: Floats

    @property
    def weights(self) -> tuple[str, ...]:
        """Names of the W weights: count, gdp, population, compute."""
        return WEIGHTS

    @property
    def switch_probability(self) -> Floats:
        """Probability that a country changes its membership at least once within the horizon, [N]."""
        last: Floats = self.switched[-1]
        return last

    def share(self, weight: str, membership: str) -> Band:
        """Return the band [T] of one membership state's share by one weight."""
        return self.shares[:, WEIGHTS.index(weight), self.states.index(membership)]

    def bloc_share(self, weight: str, bloc: str) -> Band:
        """Return the band [T] of one bloc's share by one weight, members of several blocs included."""
        return self.bloc_shares[:, WEIGHTS.index(weight), self.blocs.index(bloc)]
