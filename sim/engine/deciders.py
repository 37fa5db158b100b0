"""Who decides in a quarter, side by side: the columns over which the passes of :mod:`sim.engine.terms` run.

A pass is a loop of one equation over the deciders, so that a processor computes several at once. What a pass reads of a
country is written down here first, one column a decider, in rows with the names below.
"""

from __future__ import annotations

from sim.engine.columns import COMPUTE_FLOOR, HEDGING_COST, bloc_attribute
from sim.engine.occasions import limits
from sim.engine.state import GONE, LANES, MEMBER, OPEN, OUTSIDER, SIGNING, Deciders, State
from sim.engine.values import AFFINITY, REGIME, opening
from sim.inputs.arrays import Countries
from sim.registry.attributes import AID_OFFER, CHIP_NEED, EXCLUSIVITY, READINESS
from sim.theory._compile import compiled
from sim.theory.numbers import place

# Rows of Deciders.held.
MEMBERSHIP, STANDING, KEEP, BAR, NOTICE = range(5)
# Rows of Deciders.own.
GDP, READY, WANTS, RENTED, COMPUTE, DIVIDE, HEDGING, DRAW = range(8)
# Rows of Deciders.seen, of a country and a bloc.
(CHIPS_OUTSIDE, CHIPS_INSIDE, AID_OUTSIDE, AID_INSIDE, EARMARK, OFFERED, STOCK, ORIGIN, GRANTS_BEFORE, LOANS_BEFORE,
 STATIC, AFFINE, ALIKE, TRADE, REGION, VOTES, OPENED) = range(17)  # fmt: skip


@compiled
def set_size(room: Deciders, count: int) -> None:
    """Say how many deciders ``who`` lists; the last of them is repeated up to a multiple of ``LANES`` columns."""
    columns = (count + LANES - 1) // LANES * LANES
    for d in range(count, columns):
        room.who[d] = room.who[count - 1]
    room.size[0], room.size[1] = count, columns


@compiled
def gather(countries: Countries, state: State) -> None:
    """Write down what the deciders listed in ``who`` see, in the quarter of the clock."""
    room = state.deciders
    _gather_own(countries, state, room)
    for k in range(state.exclusivity.size):
        _gather_bloc(countries, state, k, room)


@compiled
def _gather_own(countries: Countries, state: State, room: Deciders) -> None:
    held, own, attributes = room.held, room.own, state.attributes
    gone, opened = state.clock[GONE], state.clock[OPEN]
    for d in range(room.size[1]):
        i = place(room.who[d])
        membership, barred = state.membership[i], state.barred[i]
        now = membership & ~gone
        held[MEMBERSHIP, d] = membership
        held[STANDING, d] = now
        held[KEEP, d], held[BAR, d] = limits(now, countries.permanent_blocs[i], gone, barred, opened & ~membership & ~barred,
                                             state.occasion[i] == SIGNING, state.window.size)  # fmt: skip
        held[NOTICE, d] = state.notice[i] & ~gone
        own[GDP, d] = countries.gdp[i]
        own[READY, d] = attributes[READINESS, i]
        own[WANTS, d] = attributes[CHIP_NEED, i]
        own[RENTED, d] = state.params[COMPUTE_FLOOR] * countries.population[i]
        own[COMPUTE, d] = state.compute[i]
        own[DIVIDE, d] = state.divide[i]
        own[HEDGING, d] = state.params[HEDGING_COST] + attributes[EXCLUSIVITY, i]
        own[DRAW, d] = state.choice_draw[i]


@compiled
def _gather_bloc(countries: Countries, state: State, k: int, room: Deciders) -> None:
    seen, claims, traits, sums = room.seen[k], state.allocation.claims, countries.traits, state.peer_sums
    offer = state.attributes[bloc_attribute(k, AID_OFFER)]
    for d in range(room.size[1]):
        i = place(room.who[d])
        seen[CHIPS_OUTSIDE, d] = claims.chips[k, OUTSIDER, i]
        seen[CHIPS_INSIDE, d] = claims.chips[k, MEMBER, i]
        seen[AID_OUTSIDE, d] = claims.aid[k, OUTSIDER, i]
        seen[AID_INSIDE, d] = claims.aid[k, MEMBER, i]
        seen[EARMARK, d] = state.allocation.earmarks[k, i]
        seen[OFFERED, d] = 0.0 if countries.frozen[i] else 0.001 * offer[i]
        seen[STOCK, d] = state.stock[k, i]
        seen[ORIGIN, d] = countries.origin[k, i]
        seen[GRANTS_BEFORE, d] = countries.reference[k, 0, i]
        seen[LOANS_BEFORE, d] = countries.reference[k, 1, i]
        seen[STATIC, d] = state.static_utility[k, i]
        seen[AFFINE, d] = traits[k, AFFINITY, i]
        seen[ALIKE, d] = traits[k, REGIME, i]
        seen[TRADE, d] = sums[k, 0, i]
        seen[REGION, d] = sums[k, 1, i]
        seen[VOTES, d] = sums[k, 2, i]
        seen[OPENED, d] = 0.0
    if (state.clock[OPEN] >> k) & 1:
        for d in range(room.size[1]):
            seen[OPENED, d] = opening(countries, state, k, room.who[d])
