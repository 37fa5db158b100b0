"""The cheapest mix of levers that reaches a goal, and how sure it is to reach it.

The goal is a probability that a simulation estimates. All mixes are compared under the same random draws, so
that the search sees the effect of the levers and not the luck of the draw; what it finds is then judged under
fresh draws, because the cheapest of many mixes is a lucky one as a rule.

A lever may always be left as it is in the base, whatever its range and steps. Every lever is first searched alone,
then all together: what one lever reaches, several reach as well and not at a higher cost.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError
from sim.sweeps.mix_search import Goal, Mix, MixSearch
from sim.sweeps.mix_spec import Cost, Lever

_ROUNDS = 5
"""How often the search goes on with a stricter goal, when its result fails under fresh draws."""
_ALONE = 0.7
"""Share of the budget within which levers are searched alone."""
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
    search = MixSearch(goal, dict(levers), reference, cost, wanted, seed, progress)
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

    def __init__(self, goal: Goal, search: MixSearch, wanted: float, seed: int, fresh_seeds: int) -> None:
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


def _settle(search: MixSearch, jury: _Jury, axes: tuple[int, ...], budget: int) -> tuple[Mix, int]:
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
