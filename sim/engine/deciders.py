"""Who decides in a quarter, side by side: the columns over which the passes of :mod:`sim.engine.terms` run.

A pass is a loop of one equation over the deciders, so that a processor computes several at once. What a pass reads of a
country is written down here first, one column a decider, in rows with the names below.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import COMPUTE_FLOOR, HEDGING_COST, bloc_attribute
from sim.engine.occasions import limits
from sim.engine.state import GONE, LANES, MEMBER, OPEN, OUTSIDER, SIGNING, Deciders, State
from sim.engine.values import AFFINITY, REGIME, opening
from sim.inputs.arrays import Countries
from sim.registry.attributes import AID_OFFER, CHIP_NEED, EXCLUSIVITY, READINESS
from sim.theory._compile import compiled
from sim.theory.numbers import place

Row = NDArray[np.float64]
"""float64[N], one number a country, or float64[M], one a decider."""
Who = NDArray[np.int64] | None
"""int64[M], country of every decider; None where all countries decide, in their order: that is compiled apart."""

# Rows that are taken together stand together. Rows of Deciders.held.
MEMBERSHIP, STANDING, KEEP, BAR, NOTICE = range(5)
# Rows of Deciders.own.
GDP, READY, WANTS, RENTED, COMPUTE, DIVIDE, HEDGING, DRAW = range(8)
# Rows of Deciders.seen, of a country and a bloc.
(CHIPS_OUTSIDE, CHIPS_INSIDE, AID_OUTSIDE, AID_INSIDE, EARMARK, OFFERED, STOCK, ORIGIN, GRANTS_BEFORE, LOANS_BEFORE,
 AFFINE, ALIKE, STATIC, TRADE, REGION, VOTES, OPENED) = range(17)  # fmt: skip


@compiled
def set_size(room: Deciders, count: int) -> None:
    """Say how many deciders ``who`` lists; the last of them is repeated up to a multiple of ``LANES`` columns."""
    columns = (count + LANES - 1) // LANES * LANES
    for d in range(count, columns):
        room.who[d] = room.who[count - 1]
    room.size[0], room.size[1] = count, columns


@compiled
def gather(countries: Countries, state: State, who: Who) -> None:
    """Write down what deciders see, in the quarter of the clock.

    ``who`` : int64[M] whose columns to fill, the list of the room; None for all countries in their order
    """
    room = state.deciders
    _gather_own(countries, state, room, who)
    for k in range(state.exclusivity.size):
        _gather_bloc(countries, state, k, room, who)


@compiled
def _country(who: Who, d: int, countries: int) -> Any:
    """Return the country of a decider."""
    return place(min(d, countries - 1)) if who is None else place(who[d])


@compiled
def _take(
    who: Who, count: int, one: Row, two: Row, three: Row, four: Row, out: NDArray[np.float64], row: int
) -> None:
    """Fill four rows of ``out`` from ``row`` on (float64[rows, M]) with those numbers of every decider's country.

    Rows of all countries are copied whole, each by itself; a list of deciders is read once for the four.
    """
    if who is None:
        _copy(one, count, out[row])
        _copy(two, count, out[row + 1])
        _copy(three, count, out[row + 2])
        _copy(four, count, out[row + 3])
    else:
        for d in range(count):
            i = place(who[d])
            out[row, d], out[row + 1, d] = one[i], two[i]
            out[row + 2, d], out[row + 3, d] = three[i], four[i]


@compiled
def _copy(source: Row, count: int, out: Row) -> None:
    """Copy a row of all countries; the last one is repeated up to ``count`` columns."""
    for i in range(source.size):
        out[i] = source[i]
    for d in range(source.size, count):
        out[d] = source[source.size - 1]


@compiled
def _gather_own(countries: Countries, state: State, room: Deciders, who: Who) -> None:
    held, own, attributes, count = room.held, room.own, state.attributes, room.size[1]
    gone, opened = state.clock[GONE], state.clock[OPEN]
    for d in range(count):
        i = _country(who, d, state.membership.size)
        membership, barred = state.membership[i], state.barred[i]
        now = membership & ~gone
        held[MEMBERSHIP, d] = membership
        held[STANDING, d] = now
        held[KEEP, d], held[BAR, d] = limits(now, countries.permanent_blocs[i], gone, barred, opened & ~membership & ~barred,
                                             state.occasion[i] == SIGNING, state.window.size)  # fmt: skip
        held[NOTICE, d] = state.notice[i] & ~gone
    _take(
        who,
        count,
        countries.gdp,
        attributes[READINESS],
        attributes[CHIP_NEED],
        countries.population,
        own,
        GDP,
    )
    _take(who, count, state.compute, state.divide, attributes[EXCLUSIVITY], state.choice_draw, own, COMPUTE)
    floor, cost, rented, hedging = (
        state.params[COMPUTE_FLOOR],
        state.params[HEDGING_COST],
        own[RENTED],
        own[HEDGING],
    )
    for d in range(count):
        rented[d] = floor * rented[d]
    for d in range(count):
        hedging[d] = cost + hedging[d]


@compiled
def _gather_bloc(countries: Countries, state: State, k: int, room: Deciders, who: Who) -> None:
    seen, claims, traits, sums, count = (
        room.seen[k], state.allocation.claims, countries.traits[k], state.peer_sums[k], room.size[1],
    )  # fmt: skip
    _take(who, count, claims.chips[k, OUTSIDER], claims.chips[k, MEMBER], claims.aid[k, OUTSIDER], claims.aid[k, MEMBER],
          seen, CHIPS_OUTSIDE)  # fmt: skip
    _take(who, count, state.allocation.earmarks[k], state.attributes[bloc_attribute(k, AID_OFFER)], state.stock[k],
          countries.origin[k], seen, EARMARK)  # fmt: skip
    _take(who, count, countries.reference[k, 0], countries.reference[k, 1], traits[AFFINITY], traits[REGIME], seen,
          GRANTS_BEFORE)  # fmt: skip
    _take(who, count, state.static_utility[k], sums[0], sums[1], sums[2], seen, STATIC)
    offered, opened = seen[OFFERED], seen[OPENED]
    for d in range(count):
        offered[d] = 0.001 * offered[d]
    for d in range(count):
        opened[d] = 0.0
    if (state.clock[OPEN] >> k) & 1:
        for d in range(count):
            opened[d] = opening(countries, state, k, room.who[d])
