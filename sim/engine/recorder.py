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
    bloc_attribute,
    bloc_start,
)
from sim.engine.delivery import paid
from sim.engine.events import effect_of
from sim.engine.market import claim_of, promised_aid, promised_chips, promised_effort, yearly_need
from sim.engine.occasions import barred_blocs, choice_masks, open_blocs, review_prob
from sim.engine.record import Record, Watch
from sim.engine.state import GONE, MEMBER, OUTSIDER, QUARTER, State
from sim.engine.values import (
    against_reference,
    drift,
    free_chips,
    hedging_cost,
    lock_in,
    opening,
    peer_value,
    policy_terms,
    share_of_peers,
)
from sim.inputs.arrays import Countries
from sim.registry.attributes import AID_OFFER
from sim.registry.terms import FURTHER_PARTS
from sim.theory import pressure, value
from sim.theory._compile import compiled, compiled_pass
from sim.theory.numbers import place

EFFECT = FURTHER_PARTS.index("effect")
MACHINES = FURTHER_PARTS.index("lock_in")
APPEAL_PART = FURTHER_PARTS.index("appeal")
DRIFT_PART = FURTHER_PARTS.index("drift")
OPENING_PART = FURTHER_PARTS.index("opening")


@compiled_pass
def sum_by_group(group: NDArray[np.int64], number: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Fill ``out`` (float64[G]) with the sum of ``number`` (float64[N]) in each ``group``, in the order of the countries.

    Four groups at a time: their sums do not wait for one another.
    """
    for first in range(0, out.size, 4):
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        for i in range(number.size):
            at = group[i] - first
            a += number[i] * (1.0 if at == 0 else 0.0)
            b += number[i] * (1.0 if at == 1 else 0.0)
            c += number[i] * (1.0 if at == 2 else 0.0)
            d += number[i] * (1.0 if at == 3 else 0.0)
        sums = (a, b, c, d)
        for g in range(first, min(first + 4, out.size)):
            out[g] = sums[g - first]


@compiled_pass
def flows(
    k: int, rates: tuple[float, float, float], quality: float, membership: NDArray[np.int64],
    chips: tuple[NDArray[np.float64], NDArray[np.float64]], aid: tuple[NDArray[np.float64], NDArray[np.float64]],
    earmark: NDArray[np.float64], offer: NDArray[np.float64], frozen: NDArray[np.bool_],
) -> tuple[float, float]:  # fmt: skip
    """Return the chips that bloc ``k`` delivers to others in the quarter (H100e), and the aid it pays (US$ bn a year).

    ``rates`` : chips and aid per claim, and part of earmarks paid; ``chips, aid`` : claims as outsider and member;
    ``membership`` : int64[N]; ``earmark`` : US$ bn a year, ``offer`` : US$ million a year; ``frozen`` : bool[N] leaders
    """
    delivered, spent = 0.0, 0.0
    for i in range(membership.size):
        member = (membership[i] >> k) & 1
        if quality > 0.0:
            delivered += rates[0] * claim_of(member, chips[0][i], chips[1][i]) / quality
        offered = 0.0 if frozen[i] else 0.001 * offer[i]
        claim = claim_of(member, aid[0][i], aid[1][i])
        spent += paid(rates[1], claim, member, rates[2], earmark[i], offered)
    return delivered, spent


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
            record.state_count[t, i, place(state.membership[i])] += 1
    if record.weight.size:
        for w in range(3):
            for s in range(state.weight.shape[1]):
                record.weight[r, t, w, s] = state.weight[w, s]
        sum_by_group(state.membership, state.compute, record.compute[r, t])
    if record.divide.size:
        sum_by_group(state.membership, state.divide, record.divide[r, t])
        sum_by_group(income, state.compute, record.income[r, t])


@compiled
def write_flows(r: int, countries: Countries, state: State, record: Record) -> None:
    """Write the chips delivered to others (H100e) and the aid paid (US$ bn a year) in the quarter of the clock."""
    if record.aid.size == 0:
        return
    t, allocation = state.clock[QUARTER], state.allocation
    claims = allocation.claims
    for k in range(state.exclusivity.size):
        rates = (allocation.rates.chips[k], allocation.rates.aid[k], allocation.rates.earmarks[k])
        record.chips[r, t, k], record.aid[r, t, k] = flows(
            k, rates, allocation.offers.quality[k], state.membership, (claims.chips[k, OUTSIDER], claims.chips[k, MEMBER]),
            (claims.aid[k, OUTSIDER], claims.aid[k, MEMBER]), allocation.earmarks[k],
            state.attributes[bloc_attribute(k, AID_OFFER)], countries.frozen,
        )  # fmt: skip


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
def write_watched(r: int, countries: Countries, state: State, wanted: bool | None, watch: Watch) -> None:
    """Write the watched decisions of run ``r`` in the quarter of the clock, before anybody has moved.

    ``wanted`` : None if none are
    """
    if wanted is not None:
        _write_watched(r, countries, state, watch)


@compiled
def _write_watched(r: int, countries: Countries, state: State, watch: Watch) -> None:
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
