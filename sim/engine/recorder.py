"""Writing down what happens: the quarter's sums of each run, and single decisions in full."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import (
    APPEAL,
    COEFFICIENTS,
    DEBT_DISTRESS,
    JOIN_COST,
    LEAVE_COST,
    MU,
    SUFFICIENCY,
    TERM_COUNT,
    bloc_start,
)
from sim.engine.decision import hedging_cost
from sim.engine.delivery import paid_aid
from sim.engine.events import effect_of
from sim.engine.market import promised_aid, promised_chips, promised_effort, yearly_need
from sim.engine.occasions import barred_blocs, choice_masks, open_blocs, review_prob
from sim.engine.record import Record, Watch
from sim.engine.state import GONE, QUARTER, State
from sim.engine.values import (
    against_reference,
    drift,
    free_chips,
    lock_in,
    opening,
    peer_value,
    policy_terms,
    share_of_peers,
)
from sim.inputs.arrays import Countries
from sim.registry.terms import FURTHER_PARTS
from sim.theory import pressure, value
from sim.theory._compile import compiled

EFFECT = FURTHER_PARTS.index("effect")
MACHINES = FURTHER_PARTS.index("lock_in")
APPEAL_PART = FURTHER_PARTS.index("appeal")
DRIFT_PART = FURTHER_PARTS.index("drift")
OPENING_PART = FURTHER_PARTS.index("opening")


@compiled
def write_state(r: int, income: NDArray[np.int64], state: State, record: Record) -> None:
    """Write memberships and sums of run ``r`` (position in the chunk) as they stand in the quarter of the clock.

    ``income`` : int64[N] income group of each country
    """
    t = state.clock[QUARTER]
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
            record.divide[r, t, state.membership[i]] += state.divide[i]
            record.income[r, t, income[i]] += state.compute[i]


@compiled
def write_flows(r: int, countries: Countries, state: State, record: Record) -> None:
    """Write the chips delivered to others (H100e) and the aid paid (US$ bn a year) in the quarter of the clock."""
    if record.aid.size == 0:
        return
    t, allocation = state.clock[QUARTER], state.allocation
    for k in range(state.exclusivity.size):
        for i in range(state.membership.size):
            s = state.membership[i]
            quality = allocation.offers.quality[k]
            if quality > 0.0:
                claim = allocation.claims.chips[k, i, (s >> k) & 1]
                record.chips[r, t, k] += allocation.rates.chips[k] * claim / quality
            record.aid[r, t, k] += paid_aid(countries, state, k, i)


@compiled
def write_quarter(r: int, countries: Countries, state: State, record: Record) -> None:
    """Write all that is wanted of run ``r`` at the end of a quarter, or at the start (nothing has flowed by then)."""
    write_state(r, countries.income, state, record)
    write_flows(r, countries, state, record)


@compiled
def fill_terms(countries: Countries, state: State, k: int, i: int, out: NDArray[np.float64]) -> None:
    """Fill ``out`` (float64[L + 5], logits) with what every term, and every further part, adds to the value of bloc ``k``."""
    b = bloc_start(k)
    c = b + COEFFICIENTS
    params, raw = state.params, state.scratch.raw
    out[value.INTERCEPT] = params[c + value.INTERCEPT]
    for j in range(value.TRAITS):
        out[value.FIRST_TRAIT + j] = params[c + value.FIRST_TRAIT + j] * countries.traits[k, j, i]
    need = yearly_need(countries, state, i)
    policy_terms(countries, state, k, i, (need, free_chips(state, i, state.scratch.chips)), raw)
    against_reference(countries, k, i, raw)
    for m in range(value.POLICIES):
        out[value.CHIPS + m] = params[c + value.CHIPS + m] * raw[m]
    out[value.PEERS] = peer_value(params, k, share_of_peers(state, k, i))
    punishment = pressure.coercion(k, state.threat, countries.dependence[:, i])
    out[value.COERCION] = -params[c + value.COERCION] * punishment
    out[value.DEBT] = -params[c + value.DEBT] * params[b + DEBT_DISTRESS] * countries.debt[k, i]
    out[TERM_COUNT + EFFECT] = effect_of(countries, state, k, i)
    out[TERM_COUNT + MACHINES] = lock_in(countries, state, k, i, need)
    out[TERM_COUNT + APPEAL_PART] = params[b + APPEAL]
    out[TERM_COUNT + DRIFT_PART] = drift(countries, state, k, i)
    out[TERM_COUNT + OPENING_PART] = opening(countries, state, k, i)


@compiled
def fill_offer(countries: Countries, state: State, k: int, i: int, out: NDArray[np.float64]) -> None:
    """Fill ``out`` (float64[6]) with what bloc ``k`` offers country ``i`` (:class:`sim.engine.record.Watch`)."""
    member_now = (state.membership[i] >> k) & 1
    out[0], out[1] = promised_chips(state.allocation, k, i, member_now)
    promised = promised_aid(countries, state, k, i, member_now)
    out[2], out[3] = promised
    out[4], out[5] = promised_effort(countries, state, k, i, promised)


@compiled
def write_watched(r: int, countries: Countries, state: State, watch: Watch) -> None:
    """Write the watched decisions of run ``r`` in the quarter of the clock, before anybody has moved."""
    if watch.bounds.size == 0:
        return
    t = state.clock[QUARTER]
    for v in range(watch.bounds[r, t], watch.bounds[r, t + 1]):
        i = watch.country[v]
        watch.before[v] = state.membership[i]
        for k in range(state.exclusivity.size):
            fill_terms(countries, state, k, i, watch.terms[v, k])
            fill_offer(countries, state, k, i, watch.offers[v, k])
            watch.exclusivity[v, k] = state.exclusivity[k]
        watch.market[v, 0] = yearly_need(countries, state, i)
        watch.market[v, 1] = free_chips(state, i, state.scratch.chips)
        watch.market[v, 2] = state.params[SUFFICIENCY] * watch.market[v, 0]
        watch.occasion[v] = state.occasion[i]
        watch.admission[v, 0] = barred_blocs(state, i)
        watch.admission[v, 1] = state.clock[GONE]
        watch.admission[v, 2] = open_blocs(state, i)
        watch.masks[v, 0], watch.masks[v, 1], watch.masks[v, 2] = choice_masks(
            countries, state, i, state.occasion[i]
        )
        watch.costs[v, 0] = review_prob(state, i)
        watch.costs[v, 1] = state.params[MU]
        watch.costs[v, 2] = hedging_cost(state, i)
        watch.costs[v, 3] = state.params[JOIN_COST]
        watch.costs[v, 4] = state.params[LEAVE_COST]
