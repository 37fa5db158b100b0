"""The compiled kernel: a chunk of runs, one after the other, without the interpreter lock.

It follows the step plan (:mod:`sim.step.plan`) with the shared functions of :mod:`sim.step`; what it adds is speed:
standing values and claims are computed anew only when the timeline touches them, sums are updated when somebody
moves, and only countries that reconsider compute their utilities.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs import Countries, Network
from sim.step import decision, delivery, leadership, market
from sim.step.decision import Market
from sim.step.delivery import Rates
from sim.step.market import Claims, Offers
from sim.theory import choice, draws, timeline
from sim.theory._compile import compiled, compiled_allocating
from sim.theory.timeline import Timeline


class Runs(NamedTuple):
    """Which runs a chunk holds: their parameter rows and the replicate each kind of draw belongs to.

    ``rows`` : float64[R, P]; ``effects, chance`` : int64[R] replicate of the country effects and of all else;
    ``normals`` : 1.0 to draw country effects, 0.0 to hold them at their mean
    """

    rows: NDArray[np.float64]
    effects: NDArray[np.int64]
    chance: NDArray[np.int64]
    normals: float


class Record(NamedTuple):
    """What a chunk writes. Arrays of size 0 are not wanted.

    ``membership`` : uint8[R, T, N]; ``weight`` : int64[R, T, 3, S] fixed-point count, gdp, population per state
    ``compute`` : float64[R, T, S] H100e per state; ``state_count`` : int64[T, N, S] runs in each state
    ``divide`` : float64[R, T, S] sum of divides per state; ``income`` : float64[R, T, 4] compute per income group
    ``chips, aid`` : float64[R, T, K] delivered to others this quarter (H100e) and paid (US$ bn a year)
    """

    membership: NDArray[np.uint8]
    weight: NDArray[np.int64]
    compute: NDArray[np.float64]
    state_count: NDArray[np.int64]
    divide: NDArray[np.float64]
    income: NDArray[np.float64]
    chips: NDArray[np.float64]
    aid: NDArray[np.float64]


class State(NamedTuple):
    """Where one run stands: memberships, sums that follow them, stocks, and room to work in."""

    membership: NDArray[np.int64]
    following: NDArray[np.int64]
    compute: NDArray[np.float64]
    gap: NDArray[np.float64]
    standing: NDArray[np.float64]
    normals: NDArray[np.float64]
    sums: NDArray[np.int64]
    weight: NDArray[np.int64]
    row: NDArray[np.float64]
    attributes: NDArray[np.float64]
    starts: NDArray[np.int64]
    unstirred: NDArray[np.float64]
    threat: NDArray[np.float64]
    demand: NDArray[np.float64]


class Room(NamedTuple):
    """Scratch arrays of one decision."""

    raw: NDArray[np.float64]
    inclination: NDArray[np.float64]
    share: NDArray[np.float64]
    pull: NDArray[np.float64]
    values: NDArray[np.float64]
    utility: NDArray[np.float64]
    scratch: NDArray[np.float64]


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
                state.standing[k, i] = market.country_standing(
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
        decision.moving_terms(
            state.row, state.attributes, countries, mkt, k, i, s, state.compute[i], state.gap[i], room.raw
        )
        room.inclination[k] = decision.inclination(state.row, countries, k, i, state.standing[k, i], room.raw)
        room.share[k] = decision.peer_share(
            state.row, (state.sums[k, i, 0], state.sums[k, i, 1], state.sums[k, i, 2])
        )
    hedging = decision.hedging_cost(state.row, state.attributes, i)
    return decision.choose(
        state.row, hedging, room.inclination, room.share, room.pull, state.demand, s, countries.keep[i], draw,
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
        state.following[i] = state.membership[i]
        wakes, draw = draws.choice_draws(keys[0], keys[1], step, countries.subject[i])
        alert = decision.attention(state.row, state.attributes, i, state.unstirred[i])
        if wakes < alert and not countries.frozen[i]:
            state.following[i] = _decide(i, draw, countries, network, state, mkt, room)
    _commit(countries, network, state, mkt)
    delivery.fill_rates(state.row, mkt, rates)
    for i in range(state.membership.size):
        state.compute[i], state.gap[i] = delivery.close_quarter(
            state.row, countries, mkt, rates, i, state.membership[i], state.compute[i], state.gap[i]
        )


@compiled_allocating
def _rooms(
    blocs: int, n: int, parameters: int, attributes: int, events: int
) -> tuple[State, Market, Rates, Room]:
    """Allocate everything a run works in, once per chunk."""
    sets = 1 << blocs
    state = State(
        np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n), np.zeros(n), np.zeros((blocs, n)),
        np.zeros((blocs, n)), np.zeros((blocs, n, 3), np.int64), np.zeros((3, sets), np.int64), np.zeros(parameters),
        np.zeros((attributes, n)), np.zeros(events, np.int64), np.ones(n), np.zeros(blocs), np.zeros(blocs),
    )  # fmt: skip
    claims = Claims(np.zeros((blocs, n, 2), np.int64), np.zeros((blocs, n, 2), np.int64))
    offers = Offers(
        np.zeros(blocs),
        np.zeros(blocs),
        np.zeros(blocs),
        np.zeros(blocs),
        np.zeros(blocs),
        np.zeros((blocs, 2)),
    )
    mkt = Market(claims, offers, np.zeros(blocs, np.int64), np.zeros(blocs, np.int64), np.zeros((blocs, n)))
    rates = Rates(np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros(1))
    room = Room(
        np.zeros(3),
        np.zeros(blocs),
        np.zeros(blocs),
        np.zeros(blocs),
        np.zeros(blocs),
        np.zeros(sets),
        np.zeros(sets),
    )
    return state, mkt, rates, room


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
    countries, network, plan : see :mod:`sim.inputs`, :mod:`sim.theory.timeline`
    modes : int64[K] how leaders act
    steps : T, recorded quarters including the start
    """
    blocs, n = countries.leads.shape
    state, mkt, rates, room = _rooms(blocs, n, runs.rows.shape[1], attributes.shape[0], plan.event_id.size)
    key = draws.stream_key(seed, draws.CHOICE)
    for r in range(runs.rows.shape[0]):
        timeline.draw_starts(plan, seed, runs.chance[r], state.starts)
        state.normals[:] = 0.0
        if runs.normals > 0.0:
            state.normals[:] = draws.standard_normals(seed, runs.effects[r], blocs, countries.subject)
        _begin(countries, network, state, mkt)
        _write(r, 0, countries, state, record)
        for t in range(1, steps):
            if t == 1 or timeline.changes_at(plan, state.starts, t):
                _refresh(t, runs.rows[r], attributes, plan, countries, state, mkt)
            _quarter(t, (key, runs.chance[r]), countries, network, plan, modes, state, mkt, rates, room)
            _write(r, t, countries, state, record)
            _write_flows(r, t, countries, state, mkt, rates, record)
