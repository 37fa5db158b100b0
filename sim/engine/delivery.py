"""The end of a quarter: chips are installed, aid is paid, divides close, for the memberships just taken."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import (
    AID_SHARE,
    DEPRECIATION,
    DIGITAL_SHARE,
    FUND,
    OWN_RATE,
    PROGRAMME_RATE,
    bloc_attribute,
    bloc_start,
)
from sim.engine.market import claim_of, standing_offer
from sim.engine.state import MEMBER, OUTSIDER, State
from sim.engine.terms import Row
from sim.inputs.arrays import Countries
from sim.registry.attributes import AID_OFFER
from sim.theory import aid, chips, divide, sharing
from sim.theory._compile import compiled, compiled_pass


@compiled
def fill_rates(state: State) -> None:
    """Fill what one unit of claim receives of every bloc's supply and aid (:class:`sim.engine.state.Rates`)."""
    allocation = state.allocation
    offers, rates = allocation.offers, allocation.rates
    for k in range(rates.chips.size):
        per_quarter = 0.25 * offers.quality[k]
        rates.chips[k] = sharing.share_rate(per_quarter * offers.supply[k], allocation.chip_total[k])
        left = aid.pool(offers.budget[k], allocation.committed[k])
        rates.aid[k] = sharing.share_rate(left, allocation.aid_total[k])
        rates.earmarks[k] = aid.paid_part(offers.budget[k], allocation.committed[k])
        rates.home[k] = per_quarter * offers.domestic[k]
    rates.survival_rate[0] = math.sqrt(math.sqrt(1.0 - state.params[DEPRECIATION]))


@compiled
def delivered_chips(countries: Countries, state: State, k: int, i: int) -> float:
    """Return the chips of bloc ``k`` that country ``i`` installs this quarter, bought or built (H100e, quality-weighted)."""
    rates = state.allocation.rates
    claim = state.allocation.claims.chips[k, (state.membership[i] >> k) & 1, i]
    return installed(rates.chips[k], claim, rates.home[k], countries.home[k, i])


@compiled
def installed(rate: float, claim: float, home_rate: float, home: float) -> float:
    """Return chips bought and built in a quarter, H100e: a rate per claim, and a share of what the bloc installs at home."""
    return rate * claim + home_rate * home


@compiled
def paid_aid(countries: Countries, state: State, k: int, i: int) -> float:
    """Return the finance that bloc ``k`` pays country ``i``, in US$ bn a year; earmarks and offers go to members only."""
    allocation = state.allocation
    member = (state.membership[i] >> k) & 1
    rates, claim = allocation.rates, allocation.claims.aid[k, member, i]
    offered = standing_offer(countries, state, k, i)
    return paid(rates.aid[k], claim, member, rates.earmarks[k], allocation.earmarks[k, i], offered)


@compiled
def paid(rate: float, claim: float, member: int, part: float, earmark: float, offered: float) -> float:
    """Return the finance paid to one country, US$ bn a year: its share of the pool and, for a member, what was promised to it.

    ``rate`` : per claim; ``part`` : of the ``earmark`` that is paid; ``offered`` : on top of the budget
    """
    pool = rate * claim
    return pool + (part * earmark + offered) if member else pool


@compiled
def received_effort(countries: Countries, state: State, i: int) -> float:
    """Return what all blocs and the open fund together do about a country's divide, in units of a full programme."""
    capacity, digital = state.params[FUND], 0.0
    for k in range(state.exclusivity.size):
        capacity += state.allocation.offers.capacity[k, (state.membership[i] >> k) & 1]
        digital += state.params[bloc_start(k) + DIGITAL_SHARE] * paid_aid(countries, state, k, i)
    return divide.effort(capacity, 100.0 * digital / countries.gdp[i], state.params[AID_SHARE])


@compiled
def close_quarter(countries: Countries, state: State, i: int) -> None:
    """Bring the compute of country ``i`` by origin (H100e) and its divide (0 .. 1) to the end of the quarter."""
    survival = state.allocation.rates.survival_rate[0]
    total = 0.0
    for k in range(state.exclusivity.size):
        installed = delivered_chips(countries, state, k, i)
        state.stock[k, i] = chips.compute_next(state.stock[k, i], survival, installed)
        total += state.stock[k, i]
    state.compute[i] = total
    effort = received_effort(countries, state, i)
    own, programme = state.params[OWN_RATE], state.params[PROGRAMME_RATE]
    state.divide[i] = divide.divide_next(state.divide[i], own, programme, effort)


@compiled_pass
def install(
    k: int, rates: tuple[float, float, float], membership: NDArray[np.int64], outside: Row, inside: Row, home: Row,
    stock: Row, compute: Row,
) -> None:  # fmt: skip
    """Bring the stock of machines that came from bloc ``k`` to the end of the quarter, and add it to ``compute``.

    ``rates`` : chips per claim, built at home, and share that survives; ``membership`` : int64[N] bitmasks;
    ``outside, inside`` : float64[N] claims
    """
    for i in range(stock.size):
        claim = claim_of((membership[i] >> k) & 1, outside[i], inside[i])
        delivered = installed(rates[0], claim, rates[1], home[i])
        stock[i] = chips.compute_next(stock[i], rates[2], delivered)
        compute[i] += stock[i]


@compiled_pass
def pay(
    k: int, rates: tuple[float, float], shares: tuple[float, float, float], membership: NDArray[np.int64], outside: Row,
    inside: Row, earmark: Row, offer: Row, frozen: NDArray[np.bool_], programme: Row, digital: Row,
) -> None:  # fmt: skip
    """Add what bloc ``k`` does about the divide to ``programme`` (of a full one) and ``digital`` finance (US$ bn a year).

    ``rates`` : aid per claim, and part of earmarks paid; ``shares`` : programme for outsider and member, digital part of aid;
    ``membership`` : int64[N] bitmasks; ``frozen`` : bool[N] leaders, who are offered nothing
    """
    for i in range(digital.size):
        member = (membership[i] >> k) & 1
        claim = claim_of(member, outside[i], inside[i])
        offered = 0.0 if frozen[i] else 0.001 * offer[i]
        programme[i] += shares[1] if member else shares[0]
        digital[i] += shares[2] * paid(rates[0], claim, member, rates[1], earmark[i], offered)


@compiled_pass
def close_divides(
    rates: tuple[float, float], aid_share: float, programme: Row, digital: Row, gdp: Row, behind: Row
) -> None:
    """Let every divide close for a quarter; ``rates`` : its own and that of a full programme."""
    for i in range(behind.size):
        effort = divide.effort(programme[i], 100.0 * digital[i] / gdp[i], aid_share)
        behind[i] = divide.divide_next(behind[i], rates[0], rates[1], effort)


@compiled
def deliver_all(countries: Countries, state: State) -> None:
    """Share supply and aid over the memberships just taken, and bring all stocks to the end of the quarter."""
    fill_rates(state)
    allocation, params = state.allocation, state.params
    rates, claims, capacity = allocation.rates, allocation.claims, allocation.offers.capacity
    programme, digital = state.work[0], state.work[1]
    for i in range(state.membership.size):
        state.compute[i], programme[i], digital[i] = 0.0, params[FUND], 0.0
    for k in range(state.exclusivity.size):
        chip_rates = (rates.chips[k], rates.home[k], rates.survival_rate[0])
        install(k, chip_rates, state.membership, claims.chips[k, OUTSIDER], claims.chips[k, MEMBER], countries.home[k],
                state.stock[k], state.compute)  # fmt: skip
        shares = (capacity[k, OUTSIDER], capacity[k, MEMBER], params[bloc_start(k) + DIGITAL_SHARE])
        pay(k, (rates.aid[k], rates.earmarks[k]), shares, state.membership, claims.aid[k, OUTSIDER], claims.aid[k, MEMBER],
            allocation.earmarks[k], state.attributes[bloc_attribute(k, AID_OFFER)], countries.frozen, programme,
            digital)  # fmt: skip
    own = (params[OWN_RATE], params[PROGRAMME_RATE])
    close_divides(own, params[AID_SHARE], programme, digital, countries.gdp, state.divide)
