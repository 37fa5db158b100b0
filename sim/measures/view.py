"""Read-only view of the records of some runs, used by the outcome functions (`sim.measures.outcomes`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.record import Record, shares_of
from sim.engine.run import Ensemble
from sim.inputs.arrays import WEIGHTS, Countries, Inputs
from sim.inputs.memberships import states_with
from sim.types import Floats
from sim.world.columns import INCOME_GROUPS


def _nothing() -> NDArray[Any]:
    return np.zeros((0, 0, 0))


@dataclass(frozen=True, eq=False)
class View:
    """What was recorded of R runs over T quarters; an array that was not recorded has size 0.

    ``shares`` : [R, T, W, S] share of each membership state by count, gdp, population, compute
    ``membership`` : uint8[R, T, N] bitmask of each country
    ``divide`` : [R, T, S] sum of the digital divides of the countries in a state
    ``per_head`` : [R, T, G] compute of each income group, H100e per million people; NaN for a group without people
    ``chips, aid`` : [R, T, K] exported chips of the quarter (H100e), aid paid (US$ bn a year)
    """

    inputs: Inputs
    shares: Floats
    membership: NDArray[np.uint8] = field(default_factory=_nothing)
    divide: Floats = field(default_factory=_nothing)
    per_head: Floats = field(default_factory=_nothing)
    chips: Floats = field(default_factory=_nothing)
    aid: Floats = field(default_factory=_nothing)

    @classmethod
    def of_record(cls, inputs: Inputs, record: Record) -> View:
        """Return the view of a chunk of a sweep."""
        return cls(
            inputs,
            shares_of(record.weight, record.compute) if record.weight.size else np.zeros((0, 0, 0, 0)),
            record.membership, record.divide, _per_head(record.income, _people_in_turn(inputs.countries)),
            record.chips, record.aid,
        )  # fmt: skip

    @classmethod
    def of_ensemble(cls, ensemble: Ensemble) -> View:
        """Return the view of an ensemble.

        Raises
        ------
        ValueError
            If it recorded shares only.
        """
        if ensemble.membership is None or ensemble.divide is None or ensemble.income is None:
            raise ValueError("measures of countries need an ensemble that recorded trajectories")
        inputs = ensemble.inputs
        chips = _nothing() if ensemble.chips is None else ensemble.chips
        aid = _nothing() if ensemble.aid is None else ensemble.aid
        per_head = _per_head(ensemble.income, _people(inputs.countries))
        return cls(inputs, ensemble.shares, ensemble.membership, ensemble.divide, per_head, chips, aid)

    @cached_property
    def end(self) -> View:
        """The last quarter alone, T = 1."""
        return replace(
            self, shares=self.shares[:, -1:], membership=self.membership[:, -1:], divide=self.divide[:, -1:],
            per_head=self.per_head[:, -1:], chips=self.chips[:, -1:], aid=self.aid[:, -1:],
        )  # fmt: skip

    def states(self, bloc: str) -> list[int]:
        """Return the states that hold a bloc; none if the scenario does not have it."""
        if bloc not in self.inputs.blocs:
            return []
        k = self.inputs.blocs.index(bloc)
        return states_with(len(self.inputs.blocs), k)

    def state(self, name: str) -> list[int]:
        """Return the state of this name; none if the scenario does not have it."""
        return [self.inputs.states.index(name)] if name in self.inputs.states else []

    def path(self, weight: str, states: Sequence[int]) -> Floats:
        """Return the share by one weight of some states together, [R, T]."""
        known = (weight, tuple(states))
        if known not in self._paths:
            self._paths[known] = added(self.shares[:, :, WEIGHTS.index(weight)], states)
        return self._paths[known]

    @cached_property
    def _paths(self) -> dict[tuple[str, tuple[int, ...]], Floats]:
        return {}

    def restricted(self, weight: str, states: Sequence[int], countries: NDArray[np.bool_]) -> Floats:
        """Return the same of some countries only (bool[N]), [R, T]: exact sums of fixed-point weights."""
        amounts = self.inputs.countries.weight[WEIGHTS.index(weight), countries]
        within = np.isin(self.membership[:, :, countries], states)
        total: Floats = (within * amounts).sum(axis=2) / float(amounts.sum())
        return total


def added(values: Floats, states: Sequence[int]) -> Floats:
    """Return the sum over some states (last axis of ``values`` [..., S]), in turn, so that every run is summed alike."""
    total = np.zeros(values.shape[:-1], values.dtype)
    for s in states:
        total += values[..., s]
    return total


def ratio(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    """Return ``above / below``, NaN where there is nothing below; ``below`` may be of fewer dimensions."""
    found = np.full(above.shape, np.nan)
    below = np.broadcast_to(below, above.shape)
    np.divide(above, below, out=found, where=below > 0)
    return found


def _per_head(income: Floats, people: Floats) -> Floats:
    """Return compute per head [R, T, G] from compute by income group and the population of the groups [G]."""
    return ratio(income, people) if income.size else income


def _people(countries: Countries) -> Floats:
    """Return the population of every income group, million, [G], as the summaries of runs add it up."""
    groups = range(len(INCOME_GROUPS))
    return np.array([countries.population[countries.income == group].sum() for group in groups])


def _people_in_turn(countries: Countries) -> Floats:
    """Return the same added country by country, as sweeps do; it differs by a last bit of rounding at most."""
    counted = np.bincount(countries.income, weights=countries.population, minlength=len(INCOME_GROUPS))
    return np.asarray(counted, np.float64)
