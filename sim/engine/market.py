"""What blocs offer and who claims it: chips and aid are shared in proportion to claims."""

from __future__ import annotations

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
from sim.theory._compile import compiled, compiled_pass
from sim.theory.numbers import exp, place

Row = NDArray[np.float64]
"""float64[N], one number a country."""
TIERS = CONDITIONALITY - ACCESS


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
        delivered = delivered_share(params, k)
        claim_chips(delivered, params[b + ACCESS : b + ACCESS + TIERS], params[b + CONDITIONALITY : b + CONDITIONALITY + TIERS],
                    countries.tier[k], countries.gdp, attributes[READINESS], attributes[CHIP_NEED],
                    attributes[bloc_attribute(k, ACCESS_FLOOR)], countries.leads[k], claims.chips[k, OUTSIDER],
                    claims.chips[k, MEMBER])  # fmt: skip
        outside = 1.0 - params[b + CONDITIONALITY_OF_AID]
        entitled = (outside, organizations.member_share(outside, 1.0, delivered))
        claim_aid(entitled, countries.aid_weight[k], attributes[bloc_attribute(k, AID_FACTOR)], countries.frozen,
                  claims.aid[k, OUTSIDER], claims.aid[k, MEMBER])  # fmt: skip
        size = 0.0
        for i in range(countries.gdp.size):
            if countries.leads[k, i]:
                size += countries.gdp[i] * attributes[READINESS, i]
        state.allocation.leader_size[k] = size


@compiled_pass
def claim_chips(
    delivered: float, access: Row, conditionality: Row, tier: NDArray[np.int64], gdp: Row, readiness: Row, wants: Row,
    floor: Row, leads: NDArray[np.bool_], outside: Row, inside: Row,
) -> None:  # fmt: skip
    """Fill the claims on the chips of one bloc as outsider and as member: need x access, fixed point.

    ``delivered`` : share of what membership promises; ``access, conditionality`` : float64[tiers]; ``tier`` : int64[N];
    ``leads`` : bool[N] leaders of the bloc, who claim nothing
    """
    for i in range(gdp.size):
        need = 0.0 if leads[i] else gdp[i] * readiness[i] * wants[i]
        own = access[place(tier[i])]
        free = chips.outsider_access(own, conditionality[place(tier[i])])
        outside[i] = chips.demand_weight(need, free)
        inside[i] = chips.demand_weight(need, organizations.member_share(free, max(own, floor[i]), delivered))


@compiled_pass
def claim_aid(
    entitled: tuple[float, float],
    weight: Row,
    factor: Row,
    frozen: NDArray[np.bool_],
    outside: Row,
    inside: Row,
) -> None:
    """Fill the claims on the finance of one bloc, fixed point.

    ``entitled`` : share of an outsider and of a member; ``frozen`` : bool[N] leaders, who claim nothing
    """
    for i in range(weight.size):
        own = 0.0 if frozen[i] else weight[i] * factor[i]
        outside[i] = aid.claim(own, entitled[0])
        inside[i] = aid.claim(own, entitled[1])


@compiled
def total_claims(
    claims: NDArray[np.float64], membership: NDArray[np.int64], out: NDArray[np.float64]
) -> None:
    """Fill ``out`` with the sum of all claims on every bloc as memberships stand; exact in any order.

    Parameters
    ----------
    claims : float64[K, 2, N], whole numbers, as outsider and as member
    membership : int64[N], bitmasks
    out : float64[K]
    """
    for k in range(out.size):
        total = 0.0
        for i in range(membership.size):
            total += claims[k, (membership[i] >> k) & 1, i]
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
        growth = exp(state.growth[k])
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
    claims, earmark = allocation.claims.aid, allocation.earmarks[k, i]
    return aid_of(
        allocation.offers.budget[k], allocation.aid_total[k], allocation.committed[k] - member_now * earmark,
        claims[k, member_now, i], claims[k, MEMBER, i], claims[k, OUTSIDER, i], earmark, standing_offer(countries, state, k, i),
    )  # fmt: skip


@compiled
def aid_of(
    budget: float,
    total: float,
    committed: float,
    now: float,
    inside: float,
    outside: float,
    earmark: float,
    offered: float,
) -> tuple[float, float]:
    """Return finance promised to one country as a member and as an outsider, in US$ bn a year.

    Parameters
    ----------
    budget : of the bloc, US$ bn a year
    total : all claims as they stand, fixed point
    committed : earmarks of all other members, US$ bn a year
    now, inside, outside : the country's claim as it stands, as a member and as an outsider, fixed point
    earmark, offered : reserved to it, and offered on top of the budget, for membership; US$ bn a year
    """
    with_it = committed + earmark
    member = sharing.expected_share(aid.pool(budget, with_it), total, now, inside)
    member += earmark * aid.paid_part(budget, with_it) + offered
    return member, sharing.expected_share(aid.pool(budget, committed), total, now, outside)


@compiled
def promised_chips(allocation: Allocation, k: int, i: int, member_now: int) -> tuple[float, float]:
    """Return chips that bloc ``k`` would deliver to country ``i`` as a member and as an outsider.

    In H100e a year, quality-weighted, at present claims of all others; ``member_now`` as in :func:`promised_aid`.
    """
    supply, total = allocation.offers.supply[k], allocation.chip_total[k]
    claims, quality = allocation.claims.chips, allocation.offers.quality[k]
    now = claims[k, member_now, i]
    member = chips_of(supply, total, quality, now, claims[k, MEMBER, i])
    return member, chips_of(supply, total, quality, now, claims[k, OUTSIDER, i])


@compiled
def claim_of(member: int, outside: float, inside: float) -> float:
    """Return the claim of a country as it stands, that of a member (1) or of an outsider (0).

    Both are read before: a pass that chose which one to read would fetch them number by number.
    """
    return inside if member else outside


@compiled
def chips_of(supply: float, total: float, quality: float, now: float, then: float) -> float:
    """Return the chips that a country would get of a bloc with another claim, H100e a year, quality-weighted.

    ``supply`` : H100e a year; ``total, now, then`` : see :func:`sim.theory.sharing.expected_share`
    """
    return quality * sharing.expected_share(supply, total, now, then)


@compiled
def promised_effort(
    countries: Countries, state: State, k: int, i: int, aid_promised: tuple[float, float]
) -> tuple[float, float]:
    """Return what bloc ``k`` would do about the divide of country ``i`` as a member and as an outsider.

    In units of a full programme; ``aid_promised`` from :func:`promised_aid` (US$ bn a year), of which the digital part counts.
    """
    capacity, params = state.allocation.offers.capacity, state.params
    digital, aid_share = params[bloc_start(k) + DIGITAL_SHARE], params[AID_SHARE]
    member = effort_of(capacity[k, MEMBER], digital, aid_promised[0], countries.gdp[i], aid_share)
    return member, effort_of(capacity[k, OUTSIDER], digital, aid_promised[1], countries.gdp[i], aid_share)


@compiled
def effort_of(capacity: float, digital: float, promised: float, gdp: float, aid_share: float) -> float:
    """Return what a programme and finance do about the divide of one country, in units of a full programme.

    ``digital`` : part of finance that works on it; ``promised``, ``gdp`` : US$ bn; see :func:`sim.theory.divide.effort`
    """
    return divide.effort(capacity, 100.0 * digital / gdp * promised, aid_share)
