"""The end of a quarter: chips are installed, aid is paid, divides close, for the memberships just taken."""

from __future__ import annotations

from sim.engine.columns import (
    AID_SHARE,
    DEPRECIATION,
    DIGITAL_SHARE,
    FUND,
    OWN_RATE,
    PROGRAMME_RATE,
    bloc_start,
)
from sim.engine.market import standing_offer
from sim.engine.state import State
from sim.inputs.arrays import Countries
from sim.theory import aid, chips, divide, sharing
from sim.theory._compile import compiled


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
    rates.survival_rate[0] = (1.0 - state.params[DEPRECIATION]) ** 0.25


@compiled
def delivered_chips(countries: Countries, state: State, k: int, i: int) -> float:
    """Return the chips of bloc ``k`` that country ``i`` installs this quarter, bought or built (H100e, quality-weighted)."""
    rates = state.allocation.rates
    claim = state.allocation.claims.chips[k, i, (state.membership[i] >> k) & 1]
    total: float = rates.chips[k] * claim + rates.home[k] * countries.home[k, i]
    return total


@compiled
def paid_aid(countries: Countries, state: State, k: int, i: int) -> float:
    """Return the finance that bloc ``k`` pays country ``i``, in US$ bn a year; earmarks and offers go to members only."""
    allocation = state.allocation
    member = (state.membership[i] >> k) & 1
    paid: float = allocation.rates.aid[k] * allocation.claims.aid[k, i, member]
    if member:
        paid += allocation.rates.earmarks[k] * allocation.earmarks[k, i] + standing_offer(
            countries, state, k, i
        )
    return paid


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


@compiled
def deliver_all(countries: Countries, state: State) -> None:
    """Share supply and aid over the memberships just taken, and bring all stocks to the end of the quarter."""
    fill_rates(state)
    for i in range(state.membership.size):
        close_quarter(countries, state, i)
