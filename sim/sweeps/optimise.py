"""The cheapest mix of levers that reaches a goal, and how sure it is to reach it.

The goal is a probability that a simulation estimates. All mixes are compared under the same random draws, so
that the search sees the effect of the levers and not the luck of the draw; what it finds is then judged under
fresh draws, because the cheapest of many mixes is a lucky one as a rule.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from sim.errors import InputError
from sim.sweeps.mix_spec import Cost, Lever
from sim.types import Floats

Goal = Callable[[Mapping[str, float], int], float]
"""Returns the probability of reaching the goal with a mix of levers, estimated under the draws of a seed."""

Mix = tuple[float, ...]
"""The values of the levers, in their order."""

_FIRST_MOVE, _LAST_MOVE = 1 / 8, 1 / 512
"""Moves at the end of the search, as shares of a lever's range."""
_ROUNDS = 3
"""How often the search is repeated with a stricter goal, when its result fails under fresh draws."""


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
        How many mixes were simulated.
    """

    levers: dict[str, float]
    cost: float
    wanted: float
    achieved: float
    fresh: tuple[float, ...]
    reached: bool
    interval: tuple[float, float]
    evaluations: int

    @property
    def robustness(self) -> float:
        """Share of fresh seeds under which the goal is reached."""
        return float(np.mean([value >= self.wanted for value in self.fresh]))


def cheapest_mix(
    goal: Goal,
    levers: Mapping[str, Lever],
    cost: Cost,
    wanted: float,
    *,
    seed: int = 1,
    fresh_seeds: int = 10,
    budget: int = 800,
    progress: Callable[[int, float | None], None] | None = None,
) -> CheapestMix:
    """Search the cheapest mix of levers whose probability of reaching a goal is as high as wanted.

    Differential evolution (Storn & Price 1997) explores, preferring mixes nearer the goal to those off it and
    cheaper ones among those that reach it (Deb 2000); then levers are moved back towards cheaper values, one
    and two at a time, as far as the goal allows. If the result fails under fresh draws, the goal is tightened
    by what was missing and the search repeated.

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
    seed
        Seed of the search and of the draws under which mixes are compared.
    fresh_seeds
        Number of further seeds under which the result is judged.
    budget
        How many mixes to simulate at most in each round of exploration.
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
    search = _Search(goal, dict(levers), cost, seed, progress)
    strict = wanted
    for number in range(_ROUNDS):
        mix = search.run(strict, budget)
        first = seed + 1 + number * fresh_seeds
        fresh = [goal(search.named(mix), other) for other in range(first, first + fresh_seeds)]
        missing = wanted - float(np.mean(fresh))
        if missing <= 0 or search.achieved(mix) < strict or strict >= 1:
            break
        strict = min(1.0, strict + missing)
    named = search.named(mix)
    mean = float(np.mean(fresh))
    reach = float(special.stdtrit(len(fresh) - 1, 0.95) * np.std(fresh, ddof=1) / math.sqrt(len(fresh)))
    return CheapestMix(
        named,
        cost(named),
        wanted,
        search.achieved(mix),
        tuple(fresh),
        mean >= wanted,
        (max(0.0, mean - reach), min(1.0, mean + reach)),
        search.evaluations,
    )


class _Search:
    """Finds the cheapest mix for a strictness; remembers every mix it simulated."""

    def __init__(
        self,
        goal: Goal,
        levers: dict[str, Lever],
        cost: Cost,
        seed: int,
        progress: Callable[[int, float | None], None] | None,
    ) -> None:
        self._goal = goal
        self._levers = levers
        self._cost = cost
        self._seed = seed
        self._progress = progress
        self._known: dict[Mix, float] = {}
        self._wanted = 1.0

    @property
    def evaluations(self) -> int:
        """Number of mixes simulated so far."""
        return len(self._known)

    def named(self, mix: Mix) -> dict[str, float]:
        """Return a mix by the names of the levers."""
        return dict(zip(self._levers, mix, strict=True))

    def achieved(self, mix: Mix) -> float:
        """Return the probability of a mix under the draws of the search."""
        if mix not in self._known:
            self._known[mix] = self._goal(self.named(mix), self._seed)
            if self._progress is not None:
                best = self._best()
                reaches = self._known[best] >= self._wanted
                self._progress(self.evaluations, self._price(best) if reaches else None)
        return self._known[mix]

    def run(self, wanted: float, budget: int) -> Mix:
        """Return the cheapest mix that reaches ``wanted``, or the one that comes nearest."""
        self._wanted = wanted
        population = max(5, min(15, budget // (10 * len(self._levers))))
        generations = max(1, budget // (population * len(self._levers)) - 1)

        def objective(values: Floats) -> float:
            return self._rank(self._snapped(values))

        optimize.differential_evolution(
            objective,
            optimize.Bounds(*np.array([(lever.low, lever.high) for lever in self._levers.values()]).T),
            maxiter=generations,
            popsize=population,
            rng=self._seed,
            polish=False,
            tol=0,
        )
        return self._improved(self._best())

    def _price(self, mix: Mix) -> float:
        return self._cost(self.named(mix))

    def _rank(self, mix: Mix) -> float:
        """Return a number that orders mixes: by cost those that reach the goal, then the others by gap."""
        gap = self._wanted - self.achieved(mix)
        price = self._price(mix)
        return price / (1.0 + abs(price)) if gap <= 0 else 1.0 + gap

    def _best(self) -> Mix:
        return min(self._known, key=lambda mix: (self._rank(mix), self._price(mix)))

    def _snapped(self, values: Sequence[float] | Floats) -> Mix:
        return tuple(
            lever.snap(float(value)) for lever, value in zip(self._levers.values(), values, strict=True)
        )

    def _improved(self, mix: Mix) -> Mix:
        """Move levers, one or two at a time, as long as that makes the mix better; halve the moves."""
        size = _FIRST_MOVE
        while size >= _LAST_MOVE:
            better = next(
                (other for other in self._neighbours(mix, size) if self._is_better(other, mix)), None
            )
            if better is None:
                size /= 2
            else:
                mix = better
        return mix

    def _is_better(self, other: Mix, mix: Mix) -> bool:
        if self.achieved(mix) >= self._wanted and self._price(other) >= self._price(mix):
            return False  # no need to simulate what cannot be cheaper
        return self._rank(other) < self._rank(mix)

    def _neighbours(self, mix: Mix, size: float) -> list[Mix]:
        """Return the mixes that differ in one or two levers by a share of their ranges, cheapest first."""
        moves = [lever.high - lever.low for lever in self._levers.values()]
        ways = [(axis, sign) for axis in range(len(mix)) for sign in (-1, 1)]
        pairs = [(one, two) for one, two in itertools.combinations(ways, 2) if one[0] != two[0]]
        found = set()
        for way in [*((one,) for one in ways), *pairs]:
            values = list(mix)
            for axis, sign in way:
                values[axis] += sign * size * moves[axis]
            found.add(self._snapped(values))
        return sorted(found - {mix}, key=lambda other: (self._price(other), other))
