"""The cheapest mix of levers that reaches a goal, and how sure it is to reach it.

The goal is a probability that a simulation estimates. All mixes are compared under the same random draws, so
that the search sees the effect of the levers and not the luck of the draw; what it finds is then judged under
fresh draws, because the cheapest of many mixes is a lucky one as a rule.

A lever may always be left as it is in the base, whatever its range and steps. Every lever is first searched alone,
then all together: what one lever reaches, several reach as well and not at a higher cost.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.sweeps.mix_spec import Cost, Lever
from sim.types import Floats

Goal = Callable[[Mapping[str, float], int], float]
"""Returns the probability of reaching the goal with a mix of levers, estimated under the draws of a seed."""

Mix = tuple[float, ...]
"""The values of the levers, in their order."""

_FIRST_MOVE, _LAST_MOVE = 1 / 8, 1 / 512
"""Moves at the end of the search, as shares of a lever's range."""
_ROUNDS = 5
"""How often the search goes on with a stricter goal, when its result fails under fresh draws."""
_HALVINGS = 7
"""How often a stretch is halved, on which a lever, or all of them, come to reach the goal."""
_IDLE = 8
"""Generations without a mix that was not simulated before, after which the exploration ends."""
_ALONE, _TOGETHER = 0.7, 0.7
"""Share of the budget within which levers are searched alone; share of a round's at which the exploration ends."""
_ROUND_SHARES = (0.75, 0.5, 0.5, 0.5, 1.0)
"""Share of what is left of the budget that each round may use."""


@dataclass(frozen=True)
class CheapestMix:
    """The cheapest mix found.

    Attributes
    ----------
    levers : dict of str to float
        The mix; where the goal is out of reach, the one that comes nearest to it.
    cost : float
        Its cost.
    wanted : float
        The probability that was asked for.
    achieved : float
        Its probability under the draws of the search.
    fresh : tuple of float
        Its probability under fresh draws, one per seed.
    reached : bool
        Whether the mean over fresh draws is as high as wanted.
    interval : tuple of float
        90 % interval of the mean over fresh draws.
    evaluations : int
        How many mixes were simulated in the search; at most its budget.
    base : float
        Probability of the base, where no lever is moved, under the same fresh draws.
    judged : int
        How many mixes were judged under fresh draws.
    """

    levers: dict[str, float]
    cost: float
    wanted: float
    achieved: float
    fresh: tuple[float, ...]
    reached: bool
    interval: tuple[float, float]
    evaluations: int
    base: float
    judged: int

    @property
    def robustness(self) -> float:
        """Share of fresh seeds under which the goal is reached."""
        return float(np.mean([value >= self.wanted for value in self.fresh]))


def cheapest_mix(
    goal: Goal,
    levers: Mapping[str, Lever],
    cost: Cost,
    wanted: float,
    reference: Mapping[str, float],
    *,
    seed: int = 1,
    fresh_seeds: int = 10,
    budget: int = 800,
    progress: Callable[[int, float | None], None] | None = None,
) -> CheapestMix:
    """Search the cheapest mix of levers whose probability of reaching a goal is as high as wanted.

    Each lever alone is halved in between its base and its ends, then all of them at once; differential evolution (Storn &
    Price 1997) explores from there, preferring mixes nearer the goal to those off it and cheaper ones among those that
    reach it (Deb 2000); then levers are moved back towards cheaper values, one and two at a time, as far as the goal
    allows. If the result fails under fresh draws, the goal is tightened by what was missing and the search goes on.

    Parameters
    ----------
    goal
        Estimates the probability of a mix under the draws of a seed; the same arguments give the same result.
    levers
        What may be set, and how far.
    cost
        What a mix costs.
    wanted
        Probability to reach, in (0, 1].
    reference
        Value of every lever in the base; a lever that stays there is not set.
    seed
        Seed of the search and of the draws under which mixes are compared.
    fresh_seeds
        Number of further seeds under which the result is judged.
    budget
        How many mixes to simulate at most; judging one under fresh draws costs as many more as there are fresh seeds.
    progress
        Called after every simulated mix with their number and the cost of the best that reaches the goal.

    Raises
    ------
    InputError
        If there are no levers, fewer than two fresh seeds, or ``wanted`` is no probability.
    """
    if not levers:
        raise InputError("the cheapest mix needs at least one lever")
    if fresh_seeds < 2:
        raise InputError("the result is judged under at least two fresh seeds")
    if not 0 < wanted <= 1:
        raise InputError(f"the wanted probability must be above 0 and at most 1; got {wanted}")
    search = _Search(goal, dict(levers), reference, cost, wanted, seed, progress)
    jury = _Jury(goal, search, wanted, seed, fresh_seeds)
    every = tuple(range(len(levers)))
    if len(levers) > 1:
        search.allow(math.ceil(_ALONE * budget))
        for axis in every:
            _settle(search, jury, (axis,), search.allowed)
    mix, number = _settle(search, jury, every, budget)
    good = [(one, seen) for (one, seen), fresh in jury.heard.items() if np.mean(fresh) >= wanted]
    if good:
        mix, number = min(good, key=lambda one: (cost(search.values(one[0])), one[1]))
    else:
        jury.missing(search.surest(), number)
        mix, number = max(
            jury.heard, key=lambda one: (np.mean(jury.heard[one]), -cost(search.values(one[0])))
        )
    seeds, fresh = jury.seeds(number), jury.heard[mix, number]
    mean = float(np.mean(fresh))
    from scipy import special  # slow to import

    reach = float(special.stdtrit(len(fresh) - 1, 0.95) * np.std(fresh, ddof=1) / math.sqrt(len(fresh)))
    return CheapestMix(
        search.values(mix),
        cost(search.values(mix)),
        wanted,
        search.achieved(mix),
        fresh,
        mean >= wanted,
        (max(0.0, mean - reach), min(1.0, mean + reach)),
        search.evaluations,
        float(np.mean([goal({}, other) for other in seeds])),
        len({one for one, _ in jury.heard}),
    )


class _Jury:
    """Judges mixes under fresh draws, others in every round; remembers every verdict."""

    def __init__(self, goal: Goal, search: _Search, wanted: float, seed: int, fresh_seeds: int) -> None:
        self._goal = goal
        self._search = search
        self._wanted = wanted
        self._first = seed + 1
        self._size = fresh_seeds
        self.heard: dict[tuple[Mix, int], tuple[float, ...]] = {}

    def seeds(self, number: int) -> range:
        """Return the seeds of a round."""
        return range(self._first + number * self._size, self._first + (number + 1) * self._size)

    def missing(self, mix: Mix, number: int) -> float:
        """Return how much a mix lacks of the wanted probability under the draws of a round; at most 0 if nothing."""
        if (mix, number) not in self.heard:
            levers = self._search.named(mix)
            self.heard[mix, number] = tuple(self._goal(levers, seed) for seed in self.seeds(number))
        return self._wanted - float(np.mean(self.heard[mix, number]))


def _settle(search: _Search, jury: _Jury, axes: tuple[int, ...], budget: int) -> tuple[Mix, int]:
    """Search over some levers until the jury agrees, or the goal is out of their reach; return the mix and the round."""
    strict, passed = search.wanted, None
    search.forget()
    for number in range(_ROUNDS):
        left = budget - search.evaluations
        search.allow(
            budget if len(axes) == 1 else search.evaluations + math.ceil(_ROUND_SHARES[number] * left)
        )
        mix = search.run(strict, axes)
        if search.achieved(mix) < strict and len(axes) < search.levers:
            break  # not worth a verdict: several levers may do
        if mix == passed:
            break
        missing = jury.missing(mix, number)
        if missing <= 0:
            passed = mix  # what is left of the budget may find a cheaper one
            continue
        if search.achieved(mix) < strict:
            break
        search.disprove(mix, search.wanted - missing)
        strict = min(1.0, strict + missing)
    return mix, number


class _Spent(Exception):
    """The budget does not allow another mix."""


class _Search:
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
        self.achieved(corner)
        for mix in sorted(
            {corner, *itertools.chain(*ends.values())}, key=lambda mix: (self._price(mix), mix)
        ):
            self._halve(mix)

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
