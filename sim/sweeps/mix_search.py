"""The search for the cheapest mix of levers that reaches a goal, under one set of draws and within a budget."""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sim.sweeps.mix_spec import Cost, Lever
from sim.types import Floats

Goal = Callable[[Mapping[str, float], int], float]
"""Returns the probability of reaching the goal with a mix of levers, estimated under the draws of a seed."""

Mix = tuple[float, ...]
"""The values of the levers, in their order."""

_FIRST_MOVE, _LAST_MOVE = 1 / 8, 1 / 512
"""Moves at the end of the search, as shares of a lever's range."""
_HALVINGS = 7
"""How often a stretch is halved, on which a lever, or all of them, come to reach the goal."""
_IDLE = 8
"""Generations without a mix that was not simulated before, after which the exploration ends."""
_TOGETHER = 0.7
"""Share of what may be simulated at which the exploration ends."""


class _Spent(Exception):
    """The budget does not allow another mix."""


class MixSearch:
    """Finds the cheapest mix for a strictness; remembers every mix it simulated."""

    def __init__(
        self,
        goal: Goal,
        levers: dict[str, Lever],
        reference: Mapping[str, float],
        cost: Cost,
        wanted: float,
        seed: int,
        progress: Callable[[int, float | None], None] | None,
    ) -> None:
        self._goal = goal
        self._levers = levers
        self._base: Mix = tuple(float(reference[name]) for name in levers)
        self._cost = cost
        self._seed = seed
        self._progress = progress
        self._known: dict[Mix, float] = {}
        self._disproved: dict[Mix, float] = {}
        self.wanted = wanted
        self.allowed = 0
        self._strict = wanted
        self._axes: tuple[int, ...] = ()

    @property
    def evaluations(self) -> int:
        """Number of mixes simulated so far."""
        return len(self._known)

    @property
    def levers(self) -> int:
        """Number of levers."""
        return len(self._levers)

    def allow(self, evaluations: int) -> None:
        """Allow so many mixes to be simulated in all."""
        self.allowed = evaluations

    def values(self, mix: Mix) -> dict[str, float]:
        """Return a mix by the names of the levers."""
        return dict(zip(self._levers, mix, strict=True))

    def named(self, mix: Mix) -> dict[str, float]:
        """Return the levers that a mix sets: those that are not where the base has them."""
        return {
            name: value
            for (name, value), base in zip(self.values(mix).items(), self._base, strict=True)
            if value != base
        }

    def achieved(self, mix: Mix) -> float:
        """Return the probability of a mix under the draws of the search."""
        if mix not in self._known:
            if self.evaluations >= self.allowed:
                raise _Spent
            self._known[mix] = self._goal(self.named(mix), self._seed)
            if self._progress is not None:
                prices = (self._price(one) for one, found in self._known.items() if found >= self.wanted)
                self._progress(self.evaluations, min(prices, default=None))
        return self._known[mix]

    def forget(self) -> None:
        """Forget what fresh draws have disproved."""
        self._disproved.clear()

    def disprove(self, mix: Mix, probability: float) -> None:
        """Believe the fresh draws about a mix, not those of the search."""
        self._disproved[mix] = probability

    def _believed(self, mix: Mix) -> float:
        """Return the probability of a mix as far as it is known; simulate it if it is not."""
        return min(self.achieved(mix), self._disproved.get(mix, 1.0))

    def run(self, strict: float, axes: tuple[int, ...]) -> Mix:
        """Return the cheapest mix of some levers that reaches ``strict``, or the one that comes nearest, within the budget."""
        self._strict, self._axes = strict, axes
        allowed, before = self.allowed, self.evaluations
        with contextlib.suppress(_Spent):
            if self._believed(self._base) >= strict:
                return self._base  # nothing is cheaper
            self._alone()
            self.allowed = before + math.ceil(_TOGETHER * (allowed - before))
            with contextlib.suppress(_Spent):
                self._together()
            self.allowed = allowed
            self._improve()
        self.allowed = allowed
        return self._best()

    def surest(self) -> Mix:
        """Return the mix that reaches the goal most often, the cheapest of them."""
        return max(self._known, key=lambda mix: (self._known[mix], -self._price(mix)))

    def _alone(self) -> None:
        """Try the ends of every lever, and all levers at their better ends; then the stretches between these and the base."""
        ends = {axis: [self._moved({axis: end}) for end in self._ends(axis)] for axis in self._axes}
        for mix in itertools.chain(*ends.values()):
            self.achieved(mix)
        better = (
            max(pair, key=lambda mix: (self.achieved(mix), -self._price(mix))) for pair in ends.values()
        )
        corner = self._moved({axis: mix[axis] for axis, mix in zip(self._axes, better, strict=True)})
        corner = self._surer(corner)
        for mix in sorted(
            {corner, *itertools.chain(*ends.values())}, key=lambda mix: (self._price(mix), mix)
        ):
            self._halve(mix)

    def _surer(self, corner: Mix) -> Mix:
        """Return a corner that reaches the goal more often, where this one is short of it, else the corner itself.

        What does nothing alone may do something with the others: all such levers are put to the end that is farther from the
        base, then each lever in turn to its other end.
        """
        if self._believed(corner) >= self._strict:
            return corner
        idle = [axis for axis in self._axes if corner[axis] == self._base[axis]]
        far = {axis: max((abs(end - self._base[axis]), end) for end in self._ends(axis))[1] for axis in idle}
        corner = max(
            corner, self._snapped([far.get(axis, at) for axis, at in enumerate(corner)]), key=self.achieved
        )
        for axis in self._axes:
            for end in self._ends(axis):
                if self._believed(corner) >= self._strict:
                    return corner
                other = self._snapped([*corner[:axis], end, *corner[axis + 1 :]])
                if self.achieved(other) > self.achieved(corner):
                    corner = other
        return corner

    def _ends(self, axis: int) -> tuple[float, float]:
        lever = list(self._levers.values())[axis]
        return lever.low, lever.high

    def _halve(self, mix: Mix) -> None:
        """Find where the goal comes to be reached on the way from the base to a mix that reaches it."""
        if self._believed(mix) < self._strict:
            return
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            share = 0.5 * (low + high)
            between = self._snapped(
                [base + share * (end - base) for base, end in zip(self._base, mix, strict=True)]
            )
            if self._believed(between) >= self._strict:
                high = share
            else:
                low = share

    def _together(self) -> None:
        """Explore all levers at once, from the best mixes so far."""
        left = self.allowed - self.evaluations
        size = max(5, min(15 * len(self._levers), left // 8))
        if left < size or len(self._axes) == 1:
            return
        seen: list[int] = []

        def objective(values: Floats) -> float:
            return self._rank(self._snapped(values))

        def pause(best: Any, convergence: Any) -> None:
            seen.append(self.evaluations)
            if len(seen) > _IDLE and seen[-1] == seen[-1 - _IDLE]:
                raise StopIteration

        random = np.random.default_rng(self._seed)
        low, high = np.array([(lever.low, lever.high) for lever in self._levers.values()]).T
        known = sorted(self._known, key=lambda mix: (self._rank(mix), self._price(mix)))[: size // 2]
        start = np.vstack(
            [np.clip(known, low, high), random.uniform(low, high, (size - len(known), len(low)))]
        )
        from scipy import optimize  # slow to import

        optimize.differential_evolution(
            objective,
            optimize.Bounds(low, high),
            init=start,
            maxiter=100 * left,  # the budget ends it
            rng=self._seed,
            polish=False,
            tol=0,
            callback=pause,
        )

    def _price(self, mix: Mix) -> float:
        return self._cost(self.values(mix))

    def _rank(self, mix: Mix) -> float:
        """Return a number that orders mixes: by cost those that reach the goal, then the others by gap."""
        gap = self._strict - self._believed(mix)
        price = self._price(mix)
        return price / (1.0 + abs(price)) if gap <= 0 else 1.0 + gap

    def _best(self) -> Mix:
        """Return the best mix that moves none but the levers that are searched; the base if nothing was simulated."""
        still = [axis for axis in range(self.levers) if axis not in self._axes]
        known = [mix for mix in self._known if all(mix[axis] == self._base[axis] for axis in still)]
        return min(known, key=lambda mix: (self._rank(mix), self._price(mix)))

    def _moved(self, values: Mapping[int, float]) -> Mix:
        """Return the base with some levers moved, by their places."""
        return self._snapped([values.get(axis, base) for axis, base in enumerate(self._base)])

    def _snapped(self, values: Sequence[float] | Floats) -> Mix:
        """Return the nearest mix that may be set: a lever takes one of its values, or stays where the base has it."""
        pairs = zip(self._levers.values(), self._base, values, strict=True)
        return tuple(_nearest(lever, base, float(value)) for lever, base, value in pairs)

    def _improve(self) -> None:
        """Move levers of the best mix, one or two at a time, as long as that makes it better; halve the moves."""
        mix, size = self._best(), _FIRST_MOVE
        while size >= _LAST_MOVE:
            better = next(
                (other for other in self._neighbours(mix, size) if self._is_better(other, mix)), None
            )
            if better is None:
                size /= 2
            else:
                mix = better

    def _is_better(self, other: Mix, mix: Mix) -> bool:
        if self._believed(mix) >= self._strict and self._price(other) >= self._price(mix):
            return False  # no need to simulate what cannot be cheaper
        return self._rank(other) < self._rank(mix)

    def _neighbours(self, mix: Mix, size: float) -> list[Mix]:
        """Return the mixes that differ in one or two levers by a share of their ranges, or leave one alone, cheapest first."""
        moves = [lever.high - lever.low for lever in self._levers.values()]
        ways = [(axis, sign) for axis in self._axes for sign in (-1, 1)]
        pairs = [(one, two) for one, two in itertools.combinations(ways, 2) if one[0] != two[0]]
        found = {
            (*mix[:axis], base, *mix[axis + 1 :])
            for axis, base in enumerate(self._base)
            if axis in self._axes
        }
        for way in [*((one,) for one in ways), *pairs]:
            values = list(mix)
            for axis, sign in way:
                values[axis] += sign * size * moves[axis]
            found.add(self._snapped(values))
        return sorted(found - {mix}, key=lambda other: (self._price(other), other))


def _nearest(lever: Lever, base: float, value: float) -> float:
    """Return the value of a lever that may be set nearest to one; that of the base, if it is as near."""
    snapped = lever.snap(value)
    return base if abs(value - base) <= abs(value - snapped) else snapped
