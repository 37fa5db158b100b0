"""Rival blocs: what it costs to hold two at once, and what is to be expected when a leader may ask for a choice.

Units: utilities in logit units, exclusivity as the chance in a year that a bloc gives notice to a state that also
belongs to a rival, or ``BESIDE`` for a bloc that is no rival of any (docs/odd.md, "6.1 Utility"). Source: bundles of
substitutes, Gentzkow 2007, AER 97(3):713-744; the expectation over notices is this project's.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.theory._compile import compiled

BESIDE = -1.0
"""In place of the exclusivity of a bloc that may be held beside any other: it asks nobody to choose, nobody minds it."""


@compiled
def bits(membership: int) -> int:
    """Return how many blocs a membership (bitmask) holds."""
    count = 0
    while membership:
        count += membership & 1
        membership >>= 1
    return count


@compiled
def rivals(membership: int, notice: NDArray[np.float64]) -> int:
    """Return the blocs of a membership that are rivals of one another (bitmask): all but those held ``BESIDE``.

    ``notice`` : float64[K], chance in a year that each bloc gives notice, or ``BESIDE``
    """
    held = membership
    for k in range(notice.size):
        if notice[k] < 0.0:
            held &= ~(1 << k)
    return held


@compiled
def notice_hazard(exclusivity: float) -> float:
    """Return the chance of a notice in a quarter, given that in a year."""
    return 1.0 - math.sqrt(math.sqrt(1.0 - exclusivity))


@compiled
def expulsion_chance(k: int, membership: int, notice: NDArray[np.float64]) -> float:
    """Return the chance that bloc ``k`` is the one that expels a state holding this membership within a year.

    Every bloc held together with a rival gives notice independently; if several do, each is as likely to be the first.

    Parameters
    ----------
    membership : bitmask of the blocs held, ``k`` among them
    notice : float64[K], chance in a year that each bloc gives notice
    """
    blocs = notice.size
    chance = 0.0
    others = rivals(membership, notice) & ~(1 << k)
    # Enumerate which of the others give notice too: at most four cases with three blocs.
    for subset in range(1 << blocs):
        if subset & ~others:
            continue
        p = 1.0
        count = 0
        for j in range(blocs):
            if (others >> j) & 1:
                if (subset >> j) & 1:
                    p *= notice[j]
                    count += 1
                else:
                    p *= 1.0 - notice[j]
        chance += p / (count + 1.0)
    total: float = notice[k] * chance
    return total


@compiled
def pairs(count: int) -> int:
    """Return how many pairs so many blocs form."""
    return count * (count - 1) // 2


@compiled
def in_peace(total: float, count: int, hedging_cost: float) -> float:
    """Return the value of holding so many rivals while nobody asks for a choice (logit units).

    ``total`` : sum of the values of all blocs held; ``hedging_cost`` : standing cost of each pair of rivals
    """
    return total - hedging_cost * pairs(count)


@compiled
def expelled(peace: float, lost: float, count: int, hedging_cost: float, leave_cost: float) -> float:
    """Return the value of what is left when one of the rivals held expels the state (logit units): no free exit.

    Parameters
    ----------
    peace : value of holding all of them (:func:`in_peace`)
    lost : value of the bloc that expels it
    count : rivals held
    hedging_cost, leave_cost : see :func:`expected_value`
    """
    freed = pairs(count) - pairs(count - 1)
    return peace + hedging_cost * freed - lost - leave_cost


@compiled
def expected_value(
    membership: int,
    value: NDArray[np.float64],
    notice: NDArray[np.float64],
    hedging_cost: float,
    leave_cost: float,
) -> float:
    """Return the value of holding a membership when its blocs may ask for a choice (logit units).

    With two blocs and chances ``e1, e2``: ``(1-e1)(1-e2) V(both) + e1 (1-e2/2) V(2) + e2 (1-e1/2) V(1)
    - leave (e1 + e2 - e1 e2)``: expulsion is no free exit.

    Parameters
    ----------
    membership : bitmask
    value : float64[K], value of belonging to each bloc
    notice : float64[K], chance in a year that each bloc gives notice, or ``BESIDE``
    hedging_cost : standing cost of each pair of rivals held
    leave_cost : cost of leaving a bloc
    """
    total = 0.0
    for k in range(value.size):
        if (membership >> k) & 1:
            total += value[k]
    held = rivals(membership, notice)
    count = bits(held)
    if count < 2:
        return total
    kept = 1.0
    expected = 0.0
    peace = in_peace(total, count, hedging_cost)
    for k in range(value.size):
        if (held >> k) & 1 and notice[k] > 0.0:
            p = expulsion_chance(k, membership, notice)
            kept -= p
            expected += p * expelled(peace, value[k], count, hedging_cost, leave_cost)
    return kept * peace + expected


@compiled
def burden(k: int, others: int, notice: NDArray[np.float64], hedging_cost: float, leave_cost: float) -> float:
    """Return what holding bloc ``k`` beside others costs for the rule that weighs each bloc on its own (logit units).

    The pairs it adds, and the cost of leaving one times the chance in a year that somebody asks for a choice.

    Parameters
    ----------
    others : bitmask of the other blocs held
    notice : float64[K], chance in a year that each bloc gives notice
    hedging_cost, leave_cost : see :func:`expected_value`
    """
    held = rivals(others, notice)
    count = bits(held)
    if count == 0 or notice[k] < 0.0:
        return 0.0
    quiet = 1.0 - notice[k]
    for j in range(notice.size):
        if (held >> j) & 1:
            quiet *= 1.0 - notice[j]
    cost: float = hedging_cost * count + leave_cost * (1.0 - quiet)
    return cost
