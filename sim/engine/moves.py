"""Who belongs to what: the start of a run, and moves, which bring every sum that follows memberships up to date."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.engine.state import (
    CHANCE,
    CHANGED,
    CHOICE_KEY,
    DRAWN,
    EFFECTS,
    EVENTS_AT,
    GONE,
    NO_QUARTER,
    NOT_NOW,
    OPEN,
    QUARTER,
    SEED,
    STOOD,
    Setup,
    State,
)
from sim.inputs.arrays import Countries, Network
from sim.theory import draws, timeline
from sim.theory._compile import compiled
from sim.theory.numbers import place

Number = TypeVar("Number", np.int64, np.float64)


@compiled
def begin(
    setup: Setup,
    params: NDArray[np.float64],
    seed: int,
    effects: int,
    chance: int,
    vary_effects: bool,
    state: State,
) -> None:
    """Bring ``state`` to the start of a run: initial memberships and stocks, nothing claimed, events drawn.

    Parameters
    ----------
    params : float64[P] parameters of the run
    seed : seed of all draws, the same for all runs of a state
    effects, chance : replicate whose country effects, and whose draws of all else, the run takes
    vary_effects : whether country effects are drawn (else they are at their mean)
    """
    countries = setup.countries
    state.clock[QUARTER] = 0
    state.clock[CHANGED] = 0
    state.clock[EVENTS_AT] = NO_QUARTER
    state.clock[CHOICE_KEY] = draws.stream_key(seed, draws.CHOICE)
    state.clock[CHANCE] = chance
    state.clock[EFFECTS] = effects if vary_effects else -1
    state.clock[SEED] = seed
    state.clock[GONE] = 0
    state.clock[OPEN] = 0
    for column in range(params.size):
        state.base_params[column] = params[column]
        state.params[column] = params[column]
    for a in range(setup.attributes.shape[0]):
        for i in range(setup.attributes.shape[1]):
            state.attributes[a, i] = setup.attributes[a, i]
    timeline.draw_starts(setup.timeline, seed, chance, state.event_start)
    if (
        vary_effects and state.clock[DRAWN] != effects + 1
    ):  # runs of one replicate follow one another (Runs.order)
        state.clock[DRAWN] = effects + 1
        for k in range(state.list_draw.size):
            state.list_draw[k] = draws.normal_draw(draws.stream_key(seed, draws.LIST), effects, k, 0)
        draws.fill_normals(seed, effects, countries.stream_id, state.effect_draw)
    _stand_at_start(countries, setup.network, state)


@compiled
def _stand_at_start(countries: Countries, network: Network, state: State) -> None:
    """Give every country its membership and stocks of the start; nothing is claimed or earmarked."""
    allocation = state.allocation
    for k in range(state.exclusivity.size):
        allocation.chip_total[k] = 0.0
        allocation.aid_total[k] = 0.0
        allocation.committed[k] = 0.0
        for i in range(state.membership.size):
            state.stock[k, i] = countries.origin[k, i] * countries.compute[i]
            allocation.earmarks[k, i] = 0.0
            for status in range(2):
                allocation.claims.chips[k, status, i] = 0.0
                allocation.claims.aid[k, status, i] = 0.0
    for i in range(state.membership.size):
        state.compute[i] = countries.compute[i]
        state.divide[i] = countries.divide[i]
    if not state.clock[STOOD]:
        _sum_at_start(countries, network, state)
        state.clock[STOOD] = 1
    for i in range(state.membership.size):
        state.membership[i] = countries.initial[i]
    _copy(state.start_weight, state.weight)
    for k in range(state.exclusivity.size):
        _copy(state.start_peers[k], state.peer_sums[k])
    settle(state)


@compiled
def _sum_at_start(countries: Countries, network: Network, state: State) -> None:
    """Fill ``start_weight`` and ``start_peers``: every country, that belonged to nothing, moves to its initial membership."""
    for k in range(state.exclusivity.size):
        for layer in range(3):
            for i in range(state.membership.size):
                state.peer_sums[k, layer, i] = 0.0
    for w in range(3):
        for s in range(state.weight.shape[1]):
            state.weight[w, s] = 0
    for i in range(state.membership.size):
        state.membership[i] = 0
        state.next_membership[i] = countries.initial[i]
        for w in range(3):
            state.weight[w, 0] += countries.weight[w, i]
    move_all(countries, network, state)
    _copy(state.weight, state.start_weight)
    for k in range(state.exclusivity.size):
        _copy(state.peer_sums[k], state.start_peers[k])


@compiled
def _copy(table: NDArray[Number], out: NDArray[Number]) -> None:
    """Copy a table, [A, B]."""
    for a in range(table.shape[0]):
        for b in range(table.shape[1]):
            out[a, b] = table[a, b]


@compiled
def move_peer(network: Network, j: int, k: int, sign: int, peer_sums: NDArray[np.float64]) -> None:
    """Add to ``peer_sums`` (float64[K, 3, N]) that country ``j`` joined (``sign`` = 1) or left (-1) bloc ``k``."""
    if network.mean_weight > 0:
        step = float(sign * network.mean_weight)
        for i in range(peer_sums.shape[2]):
            if i != j:
                for layer in range(3):
                    peer_sums[k, layer, i] += step
        return
    sums, step = peer_sums[k], float(sign)
    for e in range(place(network.col_start[j]), place(network.col_start[j + 1])):
        sums[place(network.col_layer[e]), place(network.col_country[e])] += step * network.col_weight[e]


@compiled
def move(countries: Countries, network: Network, state: State, i: int, membership: int) -> None:
    """Give country ``i`` a membership (bitmask), and bring every sum that follows memberships up to date."""
    before = state.membership[i]
    if before == membership:
        return
    state.membership[i] = membership
    allocation = state.allocation
    for w in range(3):
        state.weight[w, before] -= countries.weight[w, i]
        state.weight[w, membership] += countries.weight[w, i]
    for k in range(state.exclusivity.size):
        was = (before >> k) & 1
        now = (membership >> k) & 1
        if was != now:
            move_peer(network, i, k, now - was, state.peer_sums)
            allocation.chip_total[k] += (
                allocation.claims.chips[k, now, i] - allocation.claims.chips[k, was, i]
            )
            allocation.aid_total[k] += allocation.claims.aid[k, now, i] - allocation.claims.aid[k, was, i]
            allocation.committed[k] += (now - was) * allocation.earmarks[k, i]


@compiled
def move_all(countries: Countries, network: Network, state: State) -> None:
    """Let all countries take the memberships that they decided on, at once."""
    for i in range(state.membership.size):
        move(countries, network, state, i, state.next_membership[i])
    settle(state)


@compiled
def settle(state: State) -> None:
    """Close the decisions of the quarter: nobody has an occasion or a notice any more."""
    for i in range(state.membership.size):
        state.occasion[i] = NOT_NOW
        state.notice[i] = 0
