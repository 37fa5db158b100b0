"""What was recorded of the runs of a chunk, as the outcomes of a sweep (`sim.measures.outcomes`) see it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.engine.run import shares_of
from sim.engine.state import Record
from sim.inputs.arrays import WEIGHTS, Inputs

Floats = NDArray[np.float64]


class View:
    """What was recorded of R runs, as the outcomes see it. Nothing is computed before it is asked for."""

    def __init__(self, inputs: Inputs, record: Record) -> None:
        self.inputs = inputs
        self.record = record
        self._paths: dict[tuple[str, tuple[int, ...]], Floats] = {}

    @cached_property
    def shares(self) -> Floats:
        """Share of every membership state, [R, T, W, S]."""
        return shares_of(self.record.weight, self.record.compute)

    def states(self, bloc: str) -> list[int]:
        """Return the states that hold a bloc; none if the scenario does not have it."""
        if bloc not in self.inputs.blocs:
            return []
        k = self.inputs.blocs.index(bloc)
        return [s for s in range(1 << len(self.inputs.blocs)) if s >> k & 1]

    def state(self, name: str) -> list[int]:
        """Return the state of this name; none if the scenario does not have it."""
        return [self.inputs.states.index(name)] if name in self.inputs.states else []

    def path(self, weight: str, states: Sequence[int]) -> Floats:
        """Return the share by one weight of some states together, [R, T]."""
        known = (weight, tuple(states))
        if known not in self._paths:
            self._paths[known] = added(self.shares[:, :, WEIGHTS.index(weight)], states)
        return self._paths[known]

    def restricted(self, weight: str, states: Sequence[int], countries: NDArray[np.bool_]) -> Floats:
        """Return the same of some countries only, [R, T]: exact sums of fixed-point weights."""
        amounts = self.inputs.countries.weight[WEIGHTS.index(weight), countries]
        within = np.isin(self.record.membership[:, :, countries], states)
        total: Floats = (within * amounts).sum(axis=2) / float(amounts.sum())
        return total


def added(values: Floats, states: Sequence[int]) -> Floats:
    """Return the sum over some states (last axis), in turn: the same bits for any number of runs."""
    total = np.zeros(values.shape[:-1])
    for s in states:
        total += values[..., s]
    return total
