"""The end of a quarter: chips are installed, aid is paid, divides close, for the memberships just taken."""

from __future__ import annotations

from sim.engine.columns import AID_SHARE, DEPRECIATION, FUND, OWN_RATE, PROGRAMME_RATE
from sim.engine.state import Allocation, State
from sim.inputs.arrays import Countries
from sim.theory import chips, divide, sharing
from sim.theory._compile import compiled


@compiled
def fill_rates(state: State) -> None:
    """Fill what one unit of claim receives of every bloc's supply and aid (:class:`sim.engine.state.Rates`)."""
    allocation = state.allocation
    offers, rates = allocation.offers, allocation.rates
    for k in range(rates.chips.size):
        per_quarter = 0.25 * offers.quality[k]
        rates.chips[k] = sharing.share_rate(per_quarter * offers.supply[k], allocation.chip_total[k])
        rates.aid[k] = sharing.share_rate(offers.pool[k], allocation.aid_total[k])
        rates.home[k] = per_quarter * offers.domestic[k]
    rates.survival_rate[0] = (1.0 - state.params[DEPRECIATION]) ** 0.25


@compiled
def delivered_chips(countries: Countries, state: State, i: int) -> float:
    """Return the chips that country ``i`` installs this quarter, from all blocs and at home (H100e, quality-weighted)."""
    rates, claims = state.allocation.rates, state.allocation.claims.chips
    total = 0.0
    for k in range(rates.chips.size):
        claim = claims[k, i, (state.membership[i] >> k) & 1]
        total += rates.chips[k] * claim + rates.home[k] * countries.home[k, i]
    return total


@compiled
def paid_aid(allocation: Allocation, k: int, i: int, membership: int) -> float:
    """Return the aid that bloc ``k`` pays country ``i`` at a membership (bitmask), in US$ bn a year."""
    member = (membership >> k) & 1
    claims, rates = allocation.claims.aid, allocation.rates
    paid: float = rates.aid[k] * claims[k, i, member] + allocation.earmarks[k, i] * member
    return paid


@compiled
def received_effort(countries: Countries, state: State, i: int) -> float:
    """Return what all blocs and the open fund together do about a country's divide, in units of a full programme."""
    allocation, membership = state.allocation, state.membership[i]
    capacity = state.params[FUND]
    paid = 0.0
    for k in range(allocation.rates.aid.size):
        capacity += allocation.offers.capacity[k, (membership >> k) & 1]
        paid += paid_aid(allocation, k, i, membership)
    return divide.effort(capacity, 100.0 * paid / countries.gdp[i], state.params[AID_SHARE])


@compiled
def close_quarter(countries: Countries, state: State, i: int) -> None:
    """Bring the installed compute (H100e) and the divide (0 .. 1) of country ``i`` to the end of the quarter."""
    installed = delivered_chips(countries, state, i)
    survival = state.allocation.rates.survival_rate[0]
    state.compute[i] = chips.compute_next(state.compute[i], survival, installed)
    effort = received_effort(countries, state, i)
    own, programme = state.params[OWN_RATE], state.params[PROGRAMME_RATE]
    state.divide[i] = divide.divide_next(state.divide[i], own, programme, effort)


@compiled
def deliver_all(countries: Countries, state: State) -> None:
    """Share supply and aid over the memberships just taken, and bring all stocks to the end of the quarter."""
    fill_rates(state)
    for i in range(state.membership.size):
        close_quarter(countries, state, i)
