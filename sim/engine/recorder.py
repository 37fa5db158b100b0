"""The compiled part of observing: one known run, its offers and stocks, and the terms of the watched decisions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine import decision, delivery, leadership, market
from sim.engine.decision import Market
from sim.engine.market import (
    COEFFICIENTS,
    DEBT_DISTRESS,
    EFFECT_SCALE,
    MEMBER,
    OUTSIDER,
    TERM_COUNT,
    bloc_attribute,
    bloc_start,
)
from sim.inputs.arrays import Countries, Network
from sim.registry.attributes import EFFECT_SHIFT
from sim.theory import divide, draws, pressure, sharing, timeline, value
from sim.theory._compile import compiled, compiled_allocating
from sim.theory.timeline import Timeline

EFFECT_TERM = TERM_COUNT
COSTS = 5


@compiled
def peer_sums(
    network: Network, membership: NDArray[np.int64], i: int, k: int, out: NDArray[np.int64]
) -> None:
    """Fill ``out`` (int64[3]) with the fixed-point sums of country ``i``'s peers in bloc ``k``."""
    for layer in range(3):
        out[layer] = 0
    if network.mean_weight > 0:
        for j in range(membership.size):
            if j != i and (membership[j] >> k) & 1:
                for layer in range(3):
                    out[layer] += network.mean_weight
        return
    for e in range(network.row_start[i], network.row_start[i + 1]):
        if (membership[network.row_peer[e]] >> k) & 1:
            out[network.row_layer[e]] += network.row_weight[e]


@compiled_allocating
def fill_terms(
    row: NDArray[np.float64],
    attributes: NDArray[np.float64],
    countries: Countries,
    network: Network,
    mkt: Market,
    normals: NDArray[np.float64],
    threat: NDArray[np.float64],
    membership: NDArray[np.int64],
    compute: NDArray[np.float64],
    gap: NDArray[np.float64],
    i: int,
    k: int,
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` (float64[L]) with the contribution of every term to the value of bloc ``k`` for country ``i``."""
    b = bloc_start(k)
    c = b + COEFFICIENTS
    out[value.INTERCEPT] = row[c + value.INTERCEPT]
    for j in range(value.TRAITS):
        out[value.FIRST_TRAIT + j] = row[c + value.FIRST_TRAIT + j] * countries.traits[k, j, i]
    raw = np.empty(3)
    decision.policy_terms(row, attributes, countries, mkt, k, i, membership[i], compute[i], gap[i], raw)
    for m in range(3):
        out[value.CHIPS + m] = row[c + value.CHIPS + m] * (raw[m] - countries.reference[k, m, i])
    sums = np.empty(3, np.int64)
    peer_sums(network, membership, i, k, sums)
    out[value.PEERS] = decision.peer_value(row, k, decision.peer_share(row, (sums[0], sums[1], sums[2])))
    out[value.COERCION] = -row[c + value.COERCION] * pressure.coercion(k, threat, countries.dependence[:, i])
    out[value.DEBT] = -row[c + value.DEBT] * row[b + DEBT_DISTRESS] * countries.debt[k, i]
    shift = attributes[bloc_attribute(k, EFFECT_SHIFT), i]
    out[EFFECT_TERM] = market.country_effect(countries, k, i, row[EFFECT_SCALE], normals[k, i], shift)


@compiled
def fill_offer(
    row: NDArray[np.float64],
    countries: Countries,
    mkt: Market,
    membership: int,
    i: int,
    k: int,
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` (float64[6]) with what bloc ``k`` offers country ``i`` as a member and as an outsider."""
    now = (membership >> k) & 1
    claims = mkt.claims.chips
    for status in range(2):
        wanted = claims[k, i, MEMBER if status == 0 else OUTSIDER]
        chips = sharing.expected_share(mkt.offers.supply[k], mkt.chip_total[k], claims[k, i, now], wanted)
        out[status] = mkt.offers.quality[k] * chips
    out[2], out[3] = decision.promised_aid(mkt, k, i, now)
    for status in range(2):
        percent = 100.0 * out[2 + status] / countries.gdp[i]
        capacity = mkt.offers.capacity[k, MEMBER if status == 0 else OUTSIDER]
        out[4 + status] = divide.effort(capacity, percent, row[market.AID_SHARE])


@compiled_allocating
def watch_run(
    seed: int,
    effect_replicate: int,
    chance_replicate: int,
    vary_effects: bool,
    base_row: NDArray[np.float64],
    base_attributes: NDArray[np.float64],
    countries: Countries,
    network: Network,
    plan: Timeline,
    modes: NDArray[np.int64],
    trajectory: NDArray[np.uint8],
    watched: NDArray[np.int64],
    terms: NDArray[np.float64],
    costs: NDArray[np.float64],
    demands: NDArray[np.float64],
    before: NDArray[np.int64],
    offered: NDArray[np.float64],
) -> None:
    """Follow one known run and write down the watched decisions, which are sorted by quarter.

    ``trajectory`` : uint8[T, N] memberships of the run; ``watched`` : int64[V, 2] quarter and country.
    """
    blocs, n = countries.leads.shape
    row, attributes = base_row.copy(), base_attributes.copy()
    starts = np.zeros(plan.event_id.size, np.int64)
    timeline.draw_starts(plan, seed, chance_replicate, starts)
    normals = np.zeros((blocs, n))
    if vary_effects:
        normals = draws.standard_normals(seed, effect_replicate, blocs, countries.stream_id)
    membership = trajectory[0].astype(np.int64)
    compute, gap = countries.compute.copy(), countries.divide.copy()
    standing, sums = np.zeros((blocs, n)), np.zeros((blocs, n, 3), np.int64)
    threat, demand, unstirred = np.zeros(blocs), np.zeros(blocs), np.ones(n)
    mkt, rates = decision.empty_market(blocs, n), delivery.empty_rates(blocs)
    at = 0
    for t in range(1, trajectory.shape[0]):
        if at >= watched.shape[0]:
            return
        row[:] = base_row
        attributes[:] = base_attributes
        timeline.apply(plan, starts, t, row, attributes)
        timeline.unstirred(plan, starts, t, unstirred)
        market.fill_threat(row, threat)
        decision.fill_demands(row, demand)
        market.fill_claims(row, attributes, countries, mkt.claims)
        market.total_claims(mkt.claims.chips, membership, mkt.chip_total)
        market.total_claims(mkt.claims.aid, membership, mkt.aid_total)
        market.fill_offers(row, t, mkt.offers)
        if leadership.plans_in(t):
            for k in range(blocs):
                for i in range(n):
                    standing[k, i] = market.static_utility(row, attributes, countries, normals, k, i, threat)
                    peer_sums(network, membership, i, k, sums[k, i])
            leadership.plan_reserves(
                row, attributes, countries, mkt, modes, membership, compute, gap, standing, sums
            )
        while at < watched.shape[0] and watched[at, 0] == t:
            i = watched[at, 1]
            before[at] = membership[i]
            for k in range(blocs):
                fill_terms(
                    row,
                    attributes,
                    countries,
                    network,
                    mkt,
                    normals,
                    threat,
                    membership,
                    compute,
                    gap,
                    i,
                    k,
                    terms[at, k],
                )
                fill_offer(row, countries, mkt, membership[i], i, k, offered[at, k])
                demands[at, k] = demand[k]
            costs[at, 0] = decision.attention(row, attributes, i, unstirred[i])
            costs[at, 1] = row[market.MU]
            costs[at, 2] = decision.hedging_cost(row, attributes, i)
            costs[at, 3] = row[market.JOIN_COST]
            costs[at, 4] = row[market.LEAVE_COST]
            at += 1
        membership = trajectory[t].astype(np.int64)
        market.total_claims(mkt.claims.chips, membership, mkt.chip_total)
        market.total_claims(mkt.claims.aid, membership, mkt.aid_total)
        delivery.close_all(row, countries, mkt, rates, membership, compute, gap)
