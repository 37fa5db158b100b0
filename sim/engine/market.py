"""What blocs offer and who claims it: chips and aid are shared in proportion to claims."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import (
    ACCESS,
    AID_BUDGET,
    AID_RESERVE,
    AID_SHARE,
    BEFORE_FORCE,
    CAPACITY,
    CAPACITY_OUTSIDER,
    CHIP_QUALITY,
    CHIP_SUPPLY,
    CONDITIONALITY,
    CONDITIONALITY_OF_AID,
    DIGITAL_SHARE,
    DOMESTIC_SUPPLY,
    IN_FORCE,
    bloc_attribute,
    bloc_start,
)
from sim.engine.state import CHANGED, MEMBER, OUTSIDER, Allocation, State
from sim.inputs.arrays import Countries
from sim.registry.attributes import ACCESS_FLOOR, AID_FACTOR, AID_OFFER, CHIP_NEED, READINESS
from sim.theory import aid, chips, divide, organizations, sharing, timeline
from sim.theory._compile import compiled


@compiled
def delivered_share(params: NDArray[np.float64], k: int) -> float:
    """Return the share of what membership of bloc ``k`` promises that it delivers: all once its organization is in force.

    ``params`` : float64[P], of the quarter
    """
    return organizations.delivered_share(params[BEFORE_FORCE], params[bloc_start(k) + IN_FORCE])


@compiled
def fill_claims(countries: Countries, state: State) -> None:
    """Fill the claims of every country on chips (need x access) and finance (allocation weight x entitlement), fixed point.

    Need is GDP (US$ bn) x readiness x chip need; leaders claim nothing of their own exports, and no finance. A member is
    entitled to what an outsider is, and to the delivered share of the rest.
    """
    claims, params, attributes = state.allocation.claims, state.params, state.attributes
    for k in range(state.exclusivity.size):
        b = bloc_start(k)
        floor = bloc_attribute(k, ACCESS_FLOOR)
        factor = bloc_attribute(k, AID_FACTOR)
        delivered = delivered_share(params, k)
        aid_outside = 1.0 - params[b + CONDITIONALITY_OF_AID]
        aid_inside = organizations.member_share(aid_outside, 1.0, delivered)
        size = 0.0
        for i in range(countries.gdp.size):
            need = countries.gdp[i] * attributes[READINESS, i] * attributes[CHIP_NEED, i]
            access = params[b + ACCESS + countries.tier[k, i]]
            outside = chips.outsider_access(access, params[b + CONDITIONALITY + countries.tier[k, i]])
            inside = organizations.member_share(outside, max(access, attributes[floor, i]), delivered)
            if countries.leads[k, i]:
                need = 0.0
                size += countries.gdp[i] * attributes[READINESS, i]
            claims.chips[k, i, OUTSIDER] = chips.demand_weight(need, outside)
            claims.chips[k, i, MEMBER] = chips.demand_weight(need, inside)
            weight = 0.0 if countries.frozen[i] else countries.aid_weight[k, i] * attributes[factor, i]
            claims.aid[k, i, OUTSIDER] = aid.claim(weight, aid_outside)
            claims.aid[k, i, MEMBER] = aid.claim(weight, aid_inside)
        state.allocation.leader_size[k] = size


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
    """Fill what every bloc has to give in the quarter of the clock, and how fast compute is wanted.

    Every country could put chips to use as fast, per GDP and readiness, as the bloc that builds fastest at home.
    Source: :class:`sim.engine.state.Offers`, :func:`sim.theory.chips.building_rate`
    """
    allocation, params = state.allocation, state.params
    offers = allocation.offers
    wanted = 0.0
    for k in range(offers.supply.size):
        b = bloc_start(k)
        growth = math.exp(state.growth[k])
        offers.supply[k] = params[b + CHIP_SUPPLY] * growth
        offers.domestic[k] = params[b + DOMESTIC_SUPPLY] * growth
        offers.quality[k] = params[b + CHIP_QUALITY]
        offers.budget[k] = params[b + AID_BUDGET]
        offers.reserve[k] = params[b + AID_BUDGET] * params[b + AID_RESERVE]
        programme, outside = params[b + CAPACITY], params[b + CAPACITY_OUTSIDER]
        offers.capacity[k, OUTSIDER] = programme * outside
        offers.capacity[k, MEMBER] = programme * organizations.member_share(
            outside, 1.0, delivered_share(params, k)
        )
        rate = chips.building_rate(offers.quality[k], offers.domestic[k], allocation.leader_size[k])
        wanted = max(wanted, rate)
    allocation.rates.need[0] = wanted


@compiled
def yearly_need(countries: Countries, state: State, i: int) -> float:
    """Return the chips that country ``i`` could put to use in a year, H100e."""
    attributes = state.attributes
    return chips.yearly_need(
        state.allocation.rates.need[0], countries.gdp[i], attributes[READINESS, i], attributes[CHIP_NEED, i]
    )


@compiled
def standing_offer(countries: Countries, state: State, k: int, i: int) -> float:
    """Return aid that a scenario offers country ``i`` for membership of bloc ``k``, in US$ bn a year.

    It comes on top of the bloc's budget; the attribute is in US$ million a year. Leaders are offered nothing.
    """
    return 0.0 if countries.frozen[i] else 0.001 * state.attributes[bloc_attribute(k, AID_OFFER), i]


@compiled
def promised_aid(countries: Countries, state: State, k: int, i: int, member_now: int) -> tuple[float, float]:
    """Return finance promised to country ``i`` by bloc ``k`` as a member and as an outsider, in US$ bn a year.

    ``member_now`` : 1 if it belongs to the bloc (its claim and its earmark are in the totals already), else 0
    """
    allocation = state.allocation
    budget, total = allocation.offers.budget[k], allocation.aid_total[k]
    now, earmark = allocation.claims.aid[k, i, member_now], allocation.earmarks[k, i]
    outside = allocation.committed[k] - member_now * earmark
    inside = outside + earmark
    member = sharing.expected_share(aid.pool(budget, inside), total, now, allocation.claims.aid[k, i, MEMBER])
    member += earmark * aid.paid_part(budget, inside) + standing_offer(countries, state, k, i)
    claim = allocation.claims.aid[k, i, OUTSIDER]
    return member, sharing.expected_share(aid.pool(budget, outside), total, now, claim)


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

    In units of a full programme; ``aid_promised`` from :func:`promised_aid` (US$ bn a year), of which the digital part counts.
    """
    capacity, params = state.allocation.offers.capacity, state.params
    per_cent = 100.0 * params[bloc_start(k) + DIGITAL_SHARE] / countries.gdp[i]
    member = divide.effort(capacity[k, MEMBER], per_cent * aid_promised[0], params[AID_SHARE])
    return member, divide.effort(capacity[k, OUTSIDER], per_cent * aid_promised[1], params[AID_SHARE])
