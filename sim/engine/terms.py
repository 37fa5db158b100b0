"""What each bloc is worth to everybody who decides in a quarter: one pass over the deciders per term.

Every pass calls the equation as it stands in ``sim.theory`` (or, for one country, in :mod:`sim.engine.values` and
:mod:`sim.engine.market`); :func:`fill_values` is their order. Axis: ``d``, a decider (:mod:`sim.engine.deciders`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import (
    AID_SHARE,
    COEFFICIENTS,
    DIGITAL_SHARE,
    FUND,
    GRANT_SHARE,
    LOCK_IN,
    PEERS_REGION,
    PEERS_TRADE,
    PEERS_VOTES,
    SUFFICIENCY,
    TERM_COUNT,
    bloc_start,
)
from sim.engine.deciders import (
    AFFINE,
    AID_INSIDE,
    AID_OUTSIDE,
    ALIKE,
    CHIPS_INSIDE,
    CHIPS_OUTSIDE,
    COMPUTE,
    DIVIDE,
    EARMARK,
    GDP,
    GRANTS_BEFORE,
    LOANS_BEFORE,
    MEMBERSHIP,
    OFFERED,
    OPENED,
    ORIGIN,
    READY,
    REGION,
    RENTED,
    STATIC,
    STOCK,
    TRADE,
    VOTES,
    WANTS,
)
from sim.engine.market import aid_of, chips_of, claim_of, effort_of
from sim.engine.state import MEMBER, OUTSIDER, Deciders, State
from sim.engine.values import drifted, in_all, machines
from sim.theory import aid, chips, divide, peers, value
from sim.theory._compile import compiled, compiled_pass

Row = NDArray[np.float64]
"""float64[M], one number a decider."""

# Rows of Deciders.promised, and of Deciders.gain.
CHIPS_OUT, CHIPS_IN, AID_OUT, AID_IN = range(4)
CHIPS, GRANTS, LOANS, CLOSED, MACHINES = range(5)


@compiled_pass
def needs(count: int, rate: float, gdp: Row, ready: Row, wants: Row, out: Row, free: Row) -> None:
    """Fill ``out`` with the chips wanted in a year, H100e, and ``free`` with zeros."""
    for d in range(count):
        out[d] = chips.yearly_need(rate, gdp[d], ready[d], wants[d])
        free[d] = 0.0


@compiled_pass
def promised_chips(
    count: int,
    k: int,
    market: tuple[float, float, float],
    held: NDArray[np.int64],
    outside: Row,
    inside: Row,
    out: Row,
    in_: Row,
    free: Row,
) -> None:
    """Fill ``out``, ``in_`` with the chips that bloc ``k`` delivers to an outsider and a member; add the former to ``free``.

    ``market`` : supply, all claims on it, and quality; ``held`` : int64[M] memberships; ``outside, inside`` : claims
    """
    for d in range(count):
        now = claim_of((held[d] >> k) & 1, outside[d], inside[d])
        out[d] = chips_of(market[0], market[1], market[2], now, outside[d])
        in_[d] = chips_of(market[0], market[1], market[2], now, inside[d])
        free[d] += out[d]


@compiled_pass
def chip_terms(
    count: int, sufficiency: float, ready: Row, need: Row, in_: Row, out: Row, free: Row, gain: Row
) -> None:
    """Fill ``gain`` with what the chips of a bloc are worth, usable log units."""
    for d in range(count):
        gain[d] = chips.chip_leverage(ready[d], need[d], in_[d], out[d], free[d], sufficiency)


@compiled_pass
def promised_aid(
    count: int,
    k: int,
    purse: tuple[float, float, float],
    held: NDArray[np.int64],
    outside: Row,
    inside: Row,
    earmark: Row,
    offered: Row,
    out: Row,
    in_: Row,
) -> None:
    """Fill ``out``, ``in_`` with the finance that bloc ``k`` promises an outsider and a member, US$ bn a year.

    ``purse`` : budget, all claims on it, and what is committed; ``held`` : int64[M] memberships; ``outside, inside`` : claims
    """
    for d in range(count):
        member = (held[d] >> k) & 1
        now = claim_of(member, outside[d], inside[d])
        committed = purse[2] - (earmark[d] if member else 0.0)
        in_[d], out[d] = aid_of(
            purse[0], purse[1], committed, now, inside[d], outside[d], earmark[d], offered[d]
        )


@compiled_pass
def finance_terms(count: int, share: float, in_: Row, out: Row, gdp: Row, before: Row, gain: Row) -> None:
    """Fill ``gain`` with the extra grants (or loans, by their share) against the reference offer, log units."""
    for d in range(count):
        gain[d] = aid.finance_gain(in_[d], out[d], share, gdp[d]) - before[d]


@compiled_pass
def divide_terms(
    count: int,
    fund: float,
    capacity: tuple[float, float],
    digital: float,
    aid_share: float,
    in_: Row,
    out: Row,
    gdp: Row,
    behind: Row,
    gain: Row,
) -> None:
    """Fill ``gain`` with how much more of its divide a member closes; ``capacity`` : programme for outsider and member."""
    for d in range(count):
        member = effort_of(capacity[1], digital, in_[d], gdp[d], aid_share)
        outsider = effort_of(capacity[0], digital, out[d], gdp[d], aid_share)
        gain[d] = divide.divide_gain(behind[d], fund + member, fund + outsider)


@compiled_pass
def machine_terms(
    count: int,
    weight: float,
    sufficiency: float,
    stock: Row,
    origin: Row,
    compute: Row,
    rented: Row,
    need: Row,
    pull: Row,
) -> None:
    """Fill ``pull`` with that of the machines in use that came from a bloc, logits."""
    for d in range(count):
        pull[d] = machines(weight, stock[d], origin[d], compute[d], rented[d], need[d], sufficiency)


@compiled_pass
def base_values(
    count: int,
    beta: NDArray[np.float64],
    walk: tuple[float, float],
    gain: tuple[Row, Row, Row, Row, Row],
    static: Row,
    affine: Row,
    alike: Row,
    opened: Row,
    out: Row,
) -> None:
    """Fill ``out`` with the value of a bloc without its peers, logits; ``beta`` : float64[L], its coefficients."""
    for d in range(count):
        policy = value.policy_value(beta, gain[0][d], gain[1][d], gain[2][d], gain[3][d])
        drift = drifted(walk[0], walk[1], affine[d], alike[d])
        out[d] = in_all(static[d], policy, gain[4][d], drift, opened[d])


@compiled_pass
def peer_terms(
    count: int,
    weights: tuple[float, float, float],
    coefficient: float,
    trade: Row,
    region: Row,
    votes: Row,
    base: Row,
    share: Row,
    out: Row,
) -> None:
    """Fill ``share`` with the share of peers in a bloc, 0 .. 1, and ``out`` with its value in all, logits."""
    for d in range(count):
        share[d] = peers.mix((trade[d], region[d], votes[d]), weights)
        out[d] = base[d] + coefficient * share[d]


@compiled
def fill_values(state: State) -> None:
    """Fill what every bloc is worth to every decider: without peers, their share, and in all."""
    room, params, offers = state.deciders, state.params, state.allocation.offers
    count, own, held = room.size[1], room.own, room.held[MEMBERSHIP]
    rate = state.allocation.rates.need[0]
    needs(count, rate, own[GDP], own[READY], own[WANTS], room.need, room.free)
    for k in range(state.exclusivity.size):
        seen, promised = room.seen[k], room.promised[k]
        market = (offers.supply[k], state.allocation.chip_total[k], offers.quality[k])
        promised_chips(count, k, market, held, seen[CHIPS_OUTSIDE], seen[CHIPS_INSIDE], promised[CHIPS_OUT],
                       promised[CHIPS_IN], room.free)  # fmt: skip
    weights = (params[PEERS_TRADE], params[PEERS_REGION], params[PEERS_VOTES])
    for k in range(state.exclusivity.size):
        seen, gain = room.seen[k], room.gain[k]
        _policy_terms(state, k, room)
        machine_terms(count, params[LOCK_IN], params[SUFFICIENCY], seen[STOCK], seen[ORIGIN], own[COMPUTE], own[RENTED],
                      room.need, gain[MACHINES])  # fmt: skip
        b = bloc_start(k) + COEFFICIENTS
        gains = (gain[CHIPS], gain[GRANTS], gain[LOANS], gain[CLOSED], gain[MACHINES])
        walk = (state.walk[k, 0], state.walk[k, 1])
        base_values(count, params[b : b + TERM_COUNT], walk, gains, seen[STATIC], seen[AFFINE], seen[ALIKE], seen[OPENED],
                    room.base_value[k])  # fmt: skip
        peer_terms(count, weights, params[b + value.PEERS], seen[TRADE], seen[REGION], seen[VOTES], room.base_value[k],
                   room.share[k], room.value[k])  # fmt: skip


@compiled
def _policy_terms(state: State, k: int, room: Deciders) -> None:
    """Fill what membership of bloc ``k`` brings every decider in chips, grants, loans and divide."""
    params, offers, b = state.params, state.allocation.offers, bloc_start(k)
    count, own, seen, promised, gain = room.size[1], room.own, room.seen[k], room.promised[k], room.gain[k]
    chip_terms(count, params[SUFFICIENCY], own[READY], room.need, promised[CHIPS_IN], promised[CHIPS_OUT], room.free,
               gain[CHIPS])  # fmt: skip
    purse = (offers.budget[k], state.allocation.aid_total[k], state.allocation.committed[k])
    promised_aid(count, k, purse, room.held[MEMBERSHIP], seen[AID_OUTSIDE], seen[AID_INSIDE], seen[EARMARK], seen[OFFERED],
                 promised[AID_OUT], promised[AID_IN])  # fmt: skip
    in_, out, grants = promised[AID_IN], promised[AID_OUT], params[b + GRANT_SHARE]
    finance_terms(count, grants, in_, out, own[GDP], seen[GRANTS_BEFORE], gain[GRANTS])
    finance_terms(count, 1.0 - grants, in_, out, own[GDP], seen[LOANS_BEFORE], gain[LOANS])
    capacity = (offers.capacity[k, OUTSIDER], offers.capacity[k, MEMBER])
    divide_terms(count, params[FUND], capacity, params[b + DIGITAL_SHARE], params[AID_SHARE], in_, out, own[GDP],
                 own[DIVIDE], gain[CLOSED])  # fmt: skip
