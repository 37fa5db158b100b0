"""The choice of everybody who decides in a quarter: the utility of every membership set, and the race of the logit.

Passes over the deciders (:mod:`sim.engine.deciders`), one membership set after the other; each calls the equation as it stands
in ``sim.theory.choice`` and ``sim.theory.rivalry``, where :func:`~sim.theory.choice.set_utilities` and
:func:`~sim.theory.choice.logit_choice` are the same for a single country.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import JOIN_COST, LEAVE_COST, MU
from sim.engine.deciders import BAR, DRAW, HEDGING, KEEP, NOTICE, STANDING
from sim.engine.state import Deciders, State
from sim.engine.terms import Row
from sim.theory import choice, rivalry
from sim.theory._compile import compiled, compiled_pass
from sim.theory.numbers import place

Masks = NDArray[np.int64]
"""int64[M], one bitmask a decider."""

# Rows of Deciders.work.
TOTAL, EXPECTED, BEST, LEAST = range(4)


@compiled_pass
def add_value(count: int, worth: Row, total: Row) -> None:
    """Add the value of one bloc to the ``total`` of the blocs held."""
    for d in range(count):
        total[d] += worth[d]


@compiled_pass
def keep_peace(count: int, rivals: int, hedging: Row, total: Row, expected: Row) -> None:
    """Take from ``total`` what so many rivals cost while nobody asks for a choice; ``expected`` starts at zero."""
    for d in range(count):
        total[d] = rivalry.in_peace(total[d], rivals, hedging[d])
        expected[d] = 0.0


@compiled_pass
def expect_expulsion(
    count: int,
    chance: float,
    rivals: int,
    leave_cost: float,
    peace: Row,
    lost: Row,
    hedging: Row,
    expected: Row,
) -> None:
    """Add to ``expected`` what is left when one of the rivals expels the state, times the ``chance`` of it."""
    for d in range(count):
        expected[d] += chance * rivalry.expelled(peace[d], lost[d], rivals, hedging[d], leave_cost)


@compiled_pass
def weigh(count: int, kept: float, total: Row, expected: Row) -> None:
    """Bring ``total`` from its value in peace, which holds with the chance ``kept``, to the expected one."""
    for d in range(count):
        total[d] = kept * total[d] + expected[d]


@compiled_pass
def close_set(
    count: int, s: int, rivals: int, total: Row, switch: NDArray[np.float64], standing: Masks, keep: Masks, bar: Masks,
    notice: Masks, out: Row,
) -> None:  # fmt: skip
    """Fill ``out`` with the utility of membership set ``s``: its value less the cost of going there, if that is allowed.

    ``switch`` : float64[S], cost of going from every set to this one
    """
    for d in range(count):
        utility = total[d] - switch[place(standing[d])]
        out[d] = utility if choice.allowed(s, keep[d], bar[d], notice[d], rivals) else choice.FORBIDDEN


@compiled
def fill_utilities(state: State) -> None:
    """Fill the utility of every membership set to every decider, logits (:func:`sim.theory.choice.set_utilities`)."""
    room, notice, params = state.deciders, state.exclusivity, state.params
    count, held, total, expected = room.size[1], room.held, room.work[TOTAL], room.work[EXPECTED]
    hedging, leave_cost = room.own[HEDGING], params[LEAVE_COST]
    for s in range(room.utility.shape[0]):
        for d in range(count):
            total[d] = 0.0
        for k in range(notice.size):
            if (s >> k) & 1:
                add_value(count, room.value[k], total)
        among = rivalry.rivals(s, notice)
        rivals = rivalry.bits(among)
        if rivals > 1:
            keep_peace(count, rivals, hedging, total, expected)
            kept = 1.0
            for k in range(notice.size):
                if (among >> k) & 1 and notice[k] > 0.0:
                    chance = rivalry.expulsion_chance(k, s, notice)
                    kept -= chance
                    expect_expulsion(
                        count, chance, rivals, leave_cost, total, room.value[k], hedging, expected
                    )
            weigh(count, kept, total, expected)
        for current in range(room.switch.shape[1]):
            room.switch[s, current] = choice.switching_cost(current, s, params[JOIN_COST], leave_cost)
        close_set(count, s, rivals, total, room.switch[s], held[STANDING], held[KEEP], held[BAR], held[NOTICE],
                  room.utility[s])  # fmt: skip


@compiled_pass
def draw_tastes(count: int, s: int, draw: Row, taste: Row) -> None:
    """Fill the taste of every decider for membership set ``s``."""
    for d in range(count):
        taste[d] = choice.taste_draw(draw[d], s)


@compiled_pass
def lead(
    count: int, s: int, utility: Row, taste: Row, top: Masks, best: Row, least: Row, top_now: Masks, best_now: Row,
    least_now: Row,
) -> None:  # fmt: skip
    """Put set ``s`` ahead (``top_now``) where its utility exceeds the ``best`` so far; ``least`` : taste of who is ahead."""
    for d in range(count):
        ahead = utility[d] > best[d]
        top_now[d] = s if ahead else top[d]
        best_now[d] = utility[d] if ahead else best[d]
        least_now[d] = taste[d] if ahead else least[d]


@compiled_pass
def arrive(count: int, least: Row, rivals: Row) -> None:
    """Turn the taste in ``least`` into the time at which who is ahead arrives; ``rivals`` starts at zero."""
    for d in range(count):
        least[d] = choice.arrival(least[d], 0.0)
        rivals[d] = 0.0


@compiled_pass
def challenge(
    count: int, s: int, mu: float, utility: Row, taste: Row, top: Masks, best: Row, least: Row, rivals: Row
) -> None:
    """Count in ``rivals`` where set ``s`` may arrive before who is ahead."""
    for d in range(count):
        may = choice.surely_not_before(taste[d], mu * (best[d] - utility[d])) < least[d]
        may = may and top[d] != s and utility[d] > choice.FORBIDDEN
        rivals[d] += 1.0 if may else 0.0


@compiled
def run_race(state: State) -> None:
    """Fill ``top`` with the membership that every decider takes by the logit (:func:`sim.theory.choice.logit_choice`)."""
    room, mu = state.deciders, state.params[MU]
    count, best, least, rivals, other = (
        room.size[1],
        room.work[BEST],
        room.work[LEAST],
        room.work[TOTAL],
        room.work[EXPECTED],
    )
    for d in range(count):
        room.top[0, d], best[d], least[d] = 0, -math.inf, 0.0
    for s in range(0, room.utility.shape[0], 2):  # to the other rows and back: the number of sets is even
        draw_tastes(count, s, room.own[DRAW], room.taste[s])
        lead(count, s, room.utility[s], room.taste[s], room.top[0], best, least, room.top[1], rivals, other)
        draw_tastes(count, s + 1, room.own[DRAW], room.taste[s + 1])
        lead(
            count,
            s + 1,
            room.utility[s + 1],
            room.taste[s + 1],
            room.top[1],
            rivals,
            other,
            room.top[0],
            best,
            least,
        )
    arrive(count, least, rivals)
    for s in range(room.utility.shape[0]):
        challenge(count, s, mu, room.utility[s], room.taste[s], room.top[0], best, least, rivals)
    for d in range(room.size[0]):
        if rivals[d] > 0.0:
            room.top[0, d] = _settle(room, mu, d)


@compiled
def _settle(room: Deciders, mu: float, d: int) -> int:
    """Return which membership set of decider ``d`` arrives first."""
    top = room.top[0, d]
    first, best, least = top, room.utility[top, d], room.work[LEAST, d]
    for s in range(room.utility.shape[0]):
        if s != top and room.utility[s, d] > choice.FORBIDDEN:
            time = choice.arrival(room.taste[s, d], mu * (best - room.utility[s, d]))
            if time < least:
                first, least = s, time
    taken: int = first
    return taken
