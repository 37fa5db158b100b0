"""One of two ensembles that are compared, seen by the blocs that both have and by the countries that count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.attribution.advantage import ALL_LABELS, set_terms
from sim.attribution.observe import Observation
from sim.engine.run import Ensemble
from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import state_names, states_with
from sim.measures.excerpt import COMPUTE, shares_among

Shares = dict[str, dict[str, NDArray[np.float64]]]


@dataclass(frozen=True, eq=False)
class Side:
    """One of two ensembles, seen by the blocs that both have.

    ``blocs`` : names of the shared blocs, in the order of their bits
    ``among`` : bool[N] countries that alone count; None = all
    """

    ensemble: Ensemble
    blocs: tuple[str, ...]
    among: NDArray[np.bool_] | None = None

    @cached_property
    def weights(self) -> tuple[str, ...]:
        """What countries count by; compute is not recorded by country."""
        return WEIGHTS if self.among is None else WEIGHTS[:COMPUTE]

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """Shares of the ensemble's own states among the countries that count, [R, T, W, S]."""
        return self.ensemble.shares if self.among is None else shares_among(self.ensemble, self.among)

    @cached_property
    def counted(self) -> NDArray[np.int64]:
        """Memberships of the countries that count, in bits of the shared blocs, int64[R, T, n]."""
        return self.membership if self.among is None else self.membership[:, :, self.among]

    @cached_property
    def shared(self) -> NDArray[np.int64]:
        """What every membership set of the ensemble is in bits of the shared blocs, int64[S]."""
        own = self.ensemble.inputs.blocs
        sets = np.arange(1 << len(own))
        places = [own.index(bloc) for bloc in self.blocs]
        return sum((((sets >> place) & 1) << bit for bit, place in enumerate(places)), np.zeros_like(sets))

    def of(self, shared: int, others: int) -> int:
        """Return the ensemble's own bitmask: of a shared set, and of blocs that it has alone (bits of its own)."""
        own = self.ensemble.inputs.blocs
        return others | sum(1 << own.index(bloc) for bit, bloc in enumerate(self.blocs) if shared >> bit & 1)

    @cached_property
    def alone(self) -> int:
        """Bits of the blocs that the other ensemble has not."""
        return sum(1 << k for k, bloc in enumerate(self.ensemble.inputs.blocs) if bloc not in self.blocs)

    @cached_property
    def membership(self) -> NDArray[np.int64]:
        """Memberships in bits of the shared blocs, int64[R, T, N]."""
        assert self.ensemble.membership is not None
        found: NDArray[np.int64] = self.shared[self.ensemble.membership]
        return found

    def by_state(self) -> Shares:
        """Return shares float64[R, T] by weight and membership state."""
        return {
            weight: {
                name: self._sum(w, np.flatnonzero(self.shared == s))
                for s, name in enumerate(state_names(self.blocs))
            }
            for w, weight in enumerate(self.weights)
        }

    def by_bloc(self) -> Shares:
        """Return shares float64[R, T] by weight and bloc: all states whose bitmask holds the bloc."""
        own = self.ensemble.inputs.blocs
        held = {bloc: states_with(len(own), own.index(bloc)) for bloc in self.blocs}
        return {
            weight: {bloc: self._sum(w, sets) for bloc, sets in held.items()}
            for w, weight in enumerate(self.weights)
        }

    def _sum(self, weight: int, sets: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float64]:
        total: NDArray[np.float64] = self.shares[:, :, weight, sets].sum(axis=2)
        return total

    def closed(self, seen: Observation) -> NDArray[np.int64]:
        """Return the shared blocs that the country could not join in the quarter, int64[V] bitmasks."""
        found: NDArray[np.int64] = self.shared[seen.admission[:, 1] | seen.admission[:, 0] & ~seen.before]
        return found

    def gain(self, seen: Observation, origin: int, destination: int) -> NDArray[np.float64]:
        """Return what each term adds to one shared set over another, float64[V, L + 3], other blocs being as they are."""
        others = seen.before & self.alone
        found = np.zeros((len(others), len(ALL_LABELS)))
        for held in np.unique(others):
            rows = np.flatnonzero(others == held)
            some = seen.part(rows)
            to, start = (self.of(shared, int(held)) for shared in (destination, origin))
            found[rows] = set_terms(some, to) - set_terms(some, start)
        return found
