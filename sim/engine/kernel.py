"""The compiled kernel: a chunk of runs, one after the other, without the interpreter lock.

It follows the step plan (:mod:`sim.engine.schedule`) with the shared functions of :mod:`sim.engine`; what it adds is speed:
standing values and claims are computed anew only when the timeline touches them, sums are updated when somebody
moves, and only countries that reconsider compute their utilities.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine import decision, delivery, leadership, market
from sim.engine.decision import Market
from sim.engine.delivery import Rates
from sim.engine.state import Record, Room, Runs, State, empty_room, empty_state
from sim.inputs.arrays import Countries, Network
from sim.theory import choice, draws, timeline
from sim.theory._compile import compiled, compiled_allocating
from sim.theory.timeline import Timeline


@compiled
def move_peer(network: Network, j: int, k: int, sign: int, sums: NDArray[np.int64]) -> None:
    """Tell everybody who counts country ``j`` as a peer that it joined (+1) or left (-1) bloc ``k``."""
    if network.mean_weight > 0:
        step = sign * network.mean_weight
        for i in range(sums.shape[1]):
            if i != j:
                for layer in range(3):
                    sums[k, i, layer] += step
        return
    for e in range(network.col_start[j], network.col_start[j + 1]):
        sums[k, network.col_country[e], network.col_layer[e]] += sign * network.col_weight[e]


@compiled
def landscape_pull(network: Network, membership: NDArray[np.int64], i: int, k: int) -> float:
    """Return how far the members of bloc ``k`` attract country ``i``: sum of size x propensity, -1 .. 1."""
    total = np.int64(0)
    for j in range(membership.size):
        if (membership[j] >> k) & 1:
            total += network.pull[i, j]
    return float(total) / decision.PULL_UNIT


@compiled
def _begin(countries: Countries, network: Network, state: State, mkt: Market) -> None:
    for w in range(3):
        for s in range(state.weight.shape[1]):
            state.weight[w, s] = 0
    for k in range(state.demand.size):
        for i in range(state.membership.size):
            mkt.earmarks[k, i] = 0.0
            for layer in range(3):
                state.sums[k, i, layer] = 0
    for i in range(state.membership.size):
        s = countries.initial[i]
        state.membership[i] = s
        state.compute[i] = countries.compute[i]
        state.gap[i] = countries.divide[i]
        for w in range(3):
            state.weight[w, s] += countries.weight[w, i]
        for k in range(state.demand.size):
            if (s >> k) & 1:
                move_peer(network, i, k, 1, state.sums)


@compiled
def _refresh(
    step: int,
    base_row: NDArray[np.float64],
    base_attributes: NDArray[np.float64],
    plan: Timeline,
    countries: Countries,
    state: State,
    mkt: Market,
) -> None:
    """Bring parameters, and whatever stands on them, to what the timeline makes of this quarter."""
    for column in range(base_row.size):
        state.row[column] = base_row[column]
    for a in range(base_attributes.shape[0]):
        for i in range(base_attributes.shape[1]):
            state.attributes[a, i] = base_attributes[a, i]
    flags = timeline.apply(plan, state.starts, step, state.row, state.attributes)
    if step == 1:
        flags = timeline.BASE_CHANGED | timeline.OFFERS_CHANGED
    decision.fill_demands(state.row, state.demand)
    if flags & timeline.BASE_CHANGED:
        market.fill_threat(state.row, state.threat)
        for k in range(state.demand.size):
            for i in range(state.membership.size):
                state.standing[k, i] = market.static_utility(
                    state.row, state.attributes, countries, state.normals, k, i, state.threat
                )
    if flags & timeline.OFFERS_CHANGED:
        market.fill_claims(state.row, state.attributes, countries, mkt.claims)
        market.total_claims(mkt.claims.chips, state.membership, mkt.chip_total)
        market.total_claims(mkt.claims.aid, state.membership, mkt.aid_total)


@compiled
def _decide(
    i: int, draw: float, countries: Countries, network: Network, state: State, mkt: Market, room: Room
) -> int:
    s = state.membership[i]
    landscape = int(state.row[market.RULE]) == choice.LANDSCAPE
    for k in range(state.demand.size):
        if landscape:
            room.pull[k] = landscape_pull(network, state.membership, i, k)
            continue
        decision.policy_terms(
            state.row, state.attributes, countries, mkt, k, i, s, state.compute[i], state.gap[i], room.raw
        )
        room.inclination[k] = decision.inclination(state.row, countries, k, i, state.standing[k, i], room.raw)
        room.share[k] = decision.peer_share(
            state.row, (state.sums[k, i, 0], state.sums[k, i, 1], state.sums[k, i, 2])
        )
    hedging = decision.hedging_cost(state.row, state.attributes, i)
    return decision.choose(
        state.row, hedging, room.inclination, room.share, room.pull, state.demand, s, countries.permanent_blocs[i], draw,
        room.values, room.utility, room.scratch,
    )  # fmt: skip


@compiled
def _commit(countries: Countries, network: Network, state: State, mkt: Market) -> None:
    """Let everybody move at once, and bring the sums that follow memberships up to date."""
    for i in range(state.membership.size):
        old = state.membership[i]
        new = state.following[i]
        if old == new:
            continue
        state.membership[i] = new
        for w in range(3):
            state.weight[w, old] -= countries.weight[w, i]
            state.weight[w, new] += countries.weight[w, i]
        for k in range(state.demand.size):
            was = (old >> k) & 1
            now = (new >> k) & 1
            if was != now:
                move_peer(network, i, k, now - was, state.sums)
                mkt.chip_total[k] += mkt.claims.chips[k, i, now] - mkt.claims.chips[k, i, was]
                mkt.aid_total[k] += mkt.claims.aid[k, i, now] - mkt.claims.aid[k, i, was]


@compiled
def _write(r: int, t: int, countries: Countries, state: State, record: Record) -> None:
    if record.membership.size:
        for i in range(state.membership.size):
            record.membership[r, t, i] = state.membership[i]
    if record.state_count.size:
        for i in range(state.membership.size):
            record.state_count[t, i, state.membership[i]] += 1
    if record.weight.size:
        for w in range(3):
            for s in range(state.weight.shape[1]):
                record.weight[r, t, w, s] = state.weight[w, s]
        for i in range(state.membership.size):
            record.compute[r, t, state.membership[i]] += state.compute[i]
    if record.divide.size:
        for i in range(state.membership.size):
            record.divide[r, t, state.membership[i]] += state.gap[i]
            record.income[r, t, countries.income[i]] += state.compute[i]


@compiled
def _write_flows(
    r: int, t: int, countries: Countries, state: State, mkt: Market, rates: Rates, record: Record
) -> None:
    if record.aid.size == 0:
        return
    for k in range(state.demand.size):
        for i in range(state.membership.size):
            s = state.membership[i]
            quality = mkt.offers.quality[k]
            if quality > 0.0:
                claim = mkt.claims.chips[k, i, (s >> k) & 1]
                record.chips[r, t, k] += rates.chips[k] * claim / quality
            record.aid[r, t, k] += delivery.paid_aid(mkt, rates, k, i, s)


@compiled
def _quarter(
    step: int,
    keys: tuple[int, int],
    countries: Countries,
    network: Network,
    plan: Timeline,
    modes: NDArray[np.int64],
    state: State,
    mkt: Market,
    rates: Rates,
    room: Room,
) -> None:
    """Leaders, offers, decisions and deliveries of one quarter, parameters being fresh."""
    market.fill_offers(state.row, step, mkt.offers)
    if leadership.plans_in(step):
        leadership.plan_reserves(
            state.row, state.attributes, countries, mkt, modes, state.membership, state.compute, state.gap,
            state.standing, state.sums,
        )  # fmt: skip
    timeline.unstirred(plan, state.starts, step, state.unstirred)
    for i in range(state.membership.size):
        state.wakes[i], state.draw[i] = draws.choice_draws(keys[0], keys[1], step, countries.stream_id[i])
    for i in range(state.membership.size):
        state.following[i] = state.membership[i]
        alert = decision.attention(state.row, state.attributes, i, state.unstirred[i])
        if state.wakes[i] < alert and not countries.frozen[i]:
            state.following[i] = _decide(i, state.draw[i], countries, network, state, mkt, room)
    _commit(countries, network, state, mkt)
    delivery.close_all(state.row, countries, mkt, rates, state.membership, state.compute, state.gap)


@compiled_allocating
def run_chunk(
    seed: int,
    runs: Runs,
    attributes: NDArray[np.float64],
    countries: Countries,
    network: Network,
    plan: Timeline,
    modes: NDArray[np.int64],
    steps: int,
    record: Record,
) -> None:
    """Compute a chunk of runs and write what is wanted of them into ``record``.

    Parameters
    ----------
    seed : seed of all draws
    runs : parameter rows and replicates of the chunk's runs
    attributes : float64[A, N] attributes of countries at the start
    countries, network, plan : see :mod:`sim.inputs.arrays`, :mod:`sim.theory.timeline`
    modes : int64[K] how leaders act
    steps : T, recorded quarters including the start
    """
    blocs, n = countries.leads.shape
    state = empty_state(blocs, n, runs.rows.shape[1], attributes.shape[0], plan.event_id.size)
    mkt, rates, room = decision.empty_market(blocs, n), delivery.empty_rates(blocs), empty_room(blocs)
    key = draws.stream_key(seed, draws.CHOICE)
    for r in range(runs.rows.shape[0]):
        timeline.draw_starts(plan, seed, runs.chance[r], state.starts)
        state.normals[:] = 0.0
        if runs.normals > 0.0:
            state.normals[:] = draws.standard_normals(seed, runs.effects[r], blocs, countries.stream_id)
        _begin(countries, network, state, mkt)
        _write(r, 0, countries, state, record)
        for t in range(1, steps):
            if t == 1 or timeline.changes_at(plan, state.starts, t):
                _refresh(t, runs.rows[r], attributes, plan, countries, state, mkt)
            _quarter(t, (key, runs.chance[r]), countries, network, plan, modes, state, mkt, rates, room)
            _write(r, t, countries, state, record)
            _write_flows(r, t, countries, state, mkt, rates, record)
