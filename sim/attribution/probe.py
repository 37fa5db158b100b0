"""Whether a country belongs to a bloc in half of the futures, from no more futures than decide it.

Every future is that of a full ensemble, with the same draws; only those that cannot change the decision are left out.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine.parallel import Workers, map_chunks
from sim.engine.record import empty_record, parameter_rows
from sim.engine.run import simulate_chunk
from sim.inputs.arrays import Inputs

PIECE = 25
"""Futures of a unit of work, at most."""
LEAST = 8
"""Futures that are computed at least before the decision is looked at again."""
LOOK = 24
"""Futures after which it is looked whether they make the decision likely."""
CLEAR = 3.0
"""Standard errors by which a part of the futures must differ from one half to make the decision likely."""
HALF = 0.5
"""Share of the futures from which on a country counts as a member."""


class Futures:
    """The futures of one change, as far as they were needed: what country ``i`` holds at the end of each.

    ``known`` : bool[R], futures that were computed; ``held`` : uint8[R], its membership in them
    """

    def __init__(self, inputs: Inputs, i: int, runs: int, seed: int, workers: Workers) -> None:
        self._inputs, self._i, self._seed, self._workers = inputs, i, seed, workers
        self.known = np.zeros(runs, bool)
        self.held = np.zeros(runs, np.uint8)

    def compute(self, replicates: NDArray[np.int64]) -> None:
        """Compute those of some futures that are not known."""
        replicates = replicates[~self.known[replicates]]
        inputs, seed = self._inputs, self._seed

        def work(own: NDArray[np.int64]) -> NDArray[np.uint8]:
            record = empty_record(inputs, len(own), frozenset({"membership"}))
            simulate_chunk(
                inputs, seed, np.ascontiguousarray(parameter_rows(inputs, seed, own)), own, own, record
            )
            return record.membership[:, -1, self._i]

        each = math.ceil(2 * len(replicates) / self._workers.slots())  # there are two slots a thread
        size = max(1, min(PIECE, each))
        pieces = [replicates[n : n + size] for n in range(0, len(replicates), size)]
        for own, held in map_chunks(work, pieces, self._workers):
            self.held[own] = held
        self.known[replicates] = True


class Probe:
    """In which futures of one change the country belongs to bloc ``k``, as far as they are known."""

    def __init__(self, futures: Futures, k: int) -> None:
        self.futures, self._k = futures, k

    @property
    def member(self) -> NDArray[np.bool_]:
        """Whether it belongs to the bloc, bool[R]; to be trusted of known futures only."""
        found: NDArray[np.bool_] = (self.futures.held >> self._k & 1).astype(bool)
        return found

    def at_least(self, count: int, *near: Probe) -> bool:
        """Return whether it is a member in so many futures or more; what is answered is proven.

        ``near`` : probes of changes close to this one: where they agree, this one is likely to
        """
        guess, known = self._guess(near), self.futures.known
        while True:
            yes, open_ = int(self.member[known].sum()), int((~known).sum())
            if yes >= count:
                return True
            if yes + open_ < count:
                return False
            likely = yes + float(guess[~known].sum()) >= count
            # those that are in doubt decide; after them, those that settle it soonest
            doubt = np.where(guess == 0.5, 2.0, guess if likely else 1.0 - guess)
            order = np.argsort(-np.where(known, -1.0, doubt), kind="stable")
            needed = count - yes if likely else yes + open_ - count + 1
            self.futures.compute(order[: min(max(needed, LEAST), open_)])

    def in_half(self, *near: Probe) -> bool:
        """Return whether it is a member in half of the futures or more; as `at_least`."""
        return self.at_least((len(self.futures.known) + 1) // 2, *near)

    def likely_in_half(self, *near: Probe) -> bool:
        """Return whether it is likely to be a member in half of the futures or more; as `in_half`, but not proven.

        The first futures are a sample of all: they decide once their share is further from one half than chance brings it.
        """
        runs = len(self.futures.known)
        for size in range(LOOK, runs // 2, LOOK):
            self.futures.compute(np.arange(size))
            distance = float(self.member[:size].sum()) - HALF * size
            # the standard error of a sample without replacement
            if abs(distance) > CLEAR * HALF * math.sqrt(size * (runs - size) / (runs - 1)):
                return distance > 0.0
        return self.in_half(*near)

    def share(self) -> float:
        """Return the share of all futures in which it is a member."""
        return self.count() / len(self.futures.known)

    def count(self) -> int:
        """Return the number of all futures in which it is a member."""
        self.futures.compute(np.arange(len(self.futures.known)))
        return int(self.member.sum())

    def _guess(self, near: tuple[Probe, ...]) -> NDArray[np.float64]:
        """Return what the probes close by say of every future: 1 in, 0 out, one half where they differ or do not know."""
        runs = len(self.futures.known)
        said = [np.where(one.futures.known, one.member, 0.5) for one in near] or [np.full(runs, 0.5)]
        agreed: NDArray[np.float64] = np.where(np.ptp(said, axis=0) == 0.0, said[0], 0.5)
        return agreed
