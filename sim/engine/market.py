"""What blocs offer and who claims it: chips and aid are shared in proportion to claims."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import (
    ACCESS,
    AID_BUDGET,
    AID_OUTSIDER_SHARE,
    AID_RESERVE,
    AID_SHARE,
    CAPACITY,
    CAPACITY_OUTSIDER,
    CHIP_GROWTH,
    CHIP_QUALITY,
    CHIP_SUPPLY,
    DOMESTIC_SUPPLY,
    GROWTH_HALFLIFE,
    GROWTH_LONG,
    INSTITUTION,
    OUTSIDER_ACCESS,
    bloc_attribute,
    bloc_start,
)
from sim.engine.state import CHANGED, MEMBER, OUTSIDER, QUARTER, Allocation, State
from sim.inputs.arrays import Countries
from sim.registry.attributes import ACCESS_FLOOR, AID_FACTOR, CHIP_NEED, READINESS
from sim.theory import aid, chips, divide, sharing, timeline
from sim.theory._compile import compiled


@compiled
def fill_claims(countries: Countries, state: State) -> None:
    """Fill the claims of every country on chips (need x access) and aid (allocation rule x entitlement), fixed point.

    Need is GDP (US$ bn) x readiness x chip need; leaders claim nothing of their own exports, and no aid.
    """
    claims, params, attributes = state.allocation.claims, state.params, state.attributes
    for k in range(state.exclusivity.size):
        b = bloc_start(k)
        floor = bloc_attribute(k, ACCESS_FLOOR)
        factor = bloc_attribute(k, AID_FACTOR)
        for i in range(countries.gdp.size):
            need = countries.gdp[i] * attributes[READINESS, i] * attributes[CHIP_NEED, i]
            inside = max(params[b + ACCESS + countries.tier[k, i]], attributes[floor, i])
            outside = params[b + OUTSIDER_ACCESS + countries.tier[k, i]]
            if countries.leads[k, i]:
                need = 0.0
            claims.chips[k, i, OUTSIDER] = chips.demand_weight(need, outside)
            claims.chips[k, i, MEMBER] = chips.demand_weight(need, inside)
            weight = 0.0 if countries.frozen[i] else countries.aid_weight[k, i] * attributes[factor, i]
            claims.aid[k, i, OUTSIDER] = aid.claim(weight, params[b + AID_OUTSIDER_SHARE])
            claims.aid[k, i, MEMBER] = aid.claim(weight, 1.0)


@compiled
def total_claims(claims: NDArray[np.int64], membership: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    """Fill ``out`` with the sum of all claims on every bloc as memberships stand; exact in any order.

    Parameters
    ----------
    claims : int64[K, N, 2], fixed point, as outsider and as member
    membership : int64[N], bitmasks
    out : int64[K]
    """
    for k in range(out.size):
        total = np.int64(0)
        for i in range(membership.size):
            total += claims[k, i, (membership[i] >> k) & 1]
        out[k] = total


@compiled
def update_claims(countries: Countries, state: State) -> None:
    """Fill claims and their totals where events changed what they stand on; moves keep the totals up to date."""
    if state.clock[CHANGED] & timeline.OFFERS_CHANGED == 0:
        return
    allocation = state.allocation
    fill_claims(countries, state)
    total_claims(allocation.claims.chips, state.membership, allocation.chip_total)
    total_claims(allocation.claims.aid, state.membership, allocation.aid_total)


@compiled
def fill_offers(state: State) -> None:
    """Fill what every bloc has to give in the quarter of the clock (:class:`sim.engine.state.Offers`)."""
    years = 0.25 * state.clock[QUARTER]
    offers, params = state.allocation.offers, state.params
    for k in range(offers.supply.size):
        b = bloc_start(k)
        growth = chips.chip_supply(
            1.0, params[b + CHIP_GROWTH], params[GROWTH_LONG], params[GROWTH_HALFLIFE], years
        )
        offers.supply[k] = params[b + CHIP_SUPPLY] * growth
        offers.domestic[k] = params[b + DOMESTIC_SUPPLY] * growth
        offers.quality[k] = params[b + CHIP_QUALITY]
        offers.pool[k] = aid.pool(params[b + AID_BUDGET], params[b + AID_RESERVE])
        offers.reserve[k] = params[b + AID_BUDGET] * params[b + AID_RESERVE]
        programme = params[b + INSTITUTION] * params[b + CAPACITY]
        offers.capacity[k, MEMBER] = programme
        offers.capacity[k, OUTSIDER] = programme * params[b + CAPACITY_OUTSIDER]


@compiled
def promised_aid(allocation: Allocation, k: int, i: int, member_now: int) -> tuple[float, float]:
    """Return aid promised to country ``i`` by bloc ``k`` as a member and as an outsider, in US$ bn a year.

    ``member_now`` : 1 if it belongs to the bloc (its claim is in the total already), else 0
    """
    pool, total = allocation.offers.pool[k], allocation.aid_total[k]
    now = allocation.claims.aid[k, i, member_now]
    inside = allocation.claims.aid[k, i, MEMBER]
    outside = allocation.claims.aid[k, i, OUTSIDER]
    member = sharing.expected_share(pool, total, now, inside) + allocation.earmarks[k, i]
    return member, sharing.expected_share(pool, total, now, outside)


@compiled
def promised_chips(allocation: Allocation, k: int, i: int, member_now: int) -> tuple[float, float]:
    """Return chips that bloc ``k`` would deliver to country ``i`` as a member and as an outsider.

    In H100e a year, quality-weighted, at present claims of all others; ``member_now`` as in :func:`promised_aid`.
    """
    supply, total = allocation.offers.supply[k], allocation.chip_total[k]
    claims, quality = allocation.claims.chips, allocation.offers.quality[k]
    now = claims[k, i, member_now]
    member = quality * sharing.expected_share(supply, total, now, claims[k, i, MEMBER])
    return member, quality * sharing.expected_share(supply, total, now, claims[k, i, OUTSIDER])


@compiled
def promised_effort(
    countries: Countries, state: State, k: int, i: int, aid_promised: tuple[float, float]
) -> tuple[float, float]:
    """Return what bloc ``k`` would do about the divide of country ``i`` as a member and as an outsider.

    In units of a full programme; ``aid_promised`` from :func:`promised_aid` (US$ bn a year).
    """
    capacity, gdp, share = state.allocation.offers.capacity, countries.gdp[i], state.params[AID_SHARE]
    member = divide.effort(capacity[k, MEMBER], 100.0 * aid_promised[0] / gdp, share)
    return member, divide.effort(capacity[k, OUTSIDER], 100.0 * aid_promised[1] / gdp, share)
