"""Whether a country belongs to a bloc in half of the futures, from no more futures than decide it.

Every future is that of a full ensemble, with the same draws; only those that cannot change the decision are left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.parallel import ThreadWorkers, map_chunks
from sim.engine.record import empty_record, parameter_rows
from sim.engine.run import simulate_chunk
from sim.inputs.arrays import Inputs

PIECE = 25
"""Futures of a unit of work."""
LEAST = 8
"""Futures that are computed at least before the decision is looked at again."""


class Probe:
    """The futures of one change, as far as they were needed: where country ``i`` ends, member of bloc ``k`` or not.

    ``known`` : bool[R], futures that were computed; ``member`` : bool[R], whether it belongs to the bloc in them
    """

    def __init__(self, inputs: Inputs, i: int, k: int, runs: int, seed: int) -> None:
        self._inputs, self._i, self._k, self._seed = inputs, i, k, seed
        self.known = np.zeros(runs, bool)
        self.member = np.zeros(runs, bool)

    def in_half(self, *near: Probe) -> bool:
        """Return whether it is a member in half of the futures or more.

        ``near`` : probes of changes close to this one: where they agree, this one is likely to
        """
        runs = len(self.known)
        guess = self._guess(near)
        while True:
            yes, open_ = int(self.member[self.known].sum()), int((~self.known).sum())
            if 2 * yes >= runs:
                return True
            if 2 * (yes + open_) < runs:
                return False
            likely = yes + float(guess[~self.known].sum())
            # those that are in doubt decide; after them, those that settle it soonest
            towards = guess if 2 * likely >= runs else 1.0 - guess
            doubt = np.where(guess == 0.5, 2.0, towards)
            order = np.argsort(-np.where(self.known, -1.0, doubt), kind="stable")
            needed = (runs + 1) // 2 - yes if 2 * likely >= runs else (2 * (yes + open_) - runs) // 2 + 1
            self._compute(order[: min(max(needed, LEAST), open_)])

    def share(self) -> float:
        """Return the share of all futures in which it is a member."""
        self._compute(np.flatnonzero(~self.known))
        return float(self.member.sum()) / len(self.member)

    def _guess(self, near: tuple[Probe, ...]) -> NDArray[np.float64]:
        """Return what the probes close by say of every future: 1 in, 0 out, one half where they differ or do not know."""
        said = [np.where(one.known, one.member, 0.5) for one in near] or [np.full(len(self.known), 0.5)]
        agreed: NDArray[np.float64] = np.where(np.ptp(said, axis=0) == 0.0, said[0], 0.5)
        return agreed

    def _compute(self, replicates: NDArray[np.int64]) -> None:
        """Compute some of the futures."""
        if not len(replicates):
            return
        inputs, seed = self._inputs, self._seed

        def work(own: NDArray[np.int64]) -> NDArray[np.uint8]:
            record = empty_record(inputs, len(own), frozenset({"membership"}))
            simulate_chunk(
                inputs, seed, np.ascontiguousarray(parameter_rows(inputs, seed, own)), own, own, record
            )
            return record.membership[:, -1, self._i]

        pieces = [replicates[n : n + PIECE] for n in range(0, len(replicates), PIECE)]
        with ThreadWorkers() as workers:
            for own, held in map_chunks(work, pieces, workers):
                self.member[own] = held >> self._k & 1
        self.known[replicates] = True
