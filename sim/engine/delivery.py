"""The end of a quarter: chips are installed, aid is paid, divides close, for the memberships just taken."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.decision import Market
from sim.engine.market import AID_SHARE, DEPRECIATION, FUND, OWN_RATE, PROGRAMME_RATE
from sim.inputs.arrays import Countries
from sim.theory import chips, divide, sharing
from sim.theory._compile import compiled, compiled_allocating


class Rates(NamedTuple):
    """What one unit of claim receives, per bloc, and what survives of the compute installed.

    ``chips`` : float64[K] H100e a quarter, quality-weighted; ``aid`` : float64[K] US$ bn a year
    ``home`` : float64[K] chips installed at home, H100e a quarter, quality-weighted
    ``keep`` : float64[1] share of compute that survives the quarter
    """

    chips: NDArray[np.float64]
    aid: NDArray[np.float64]
    home: NDArray[np.float64]
    keep: NDArray[np.float64]


@compiled_allocating
def empty_rates(blocs: int) -> Rates:
    """Allocate the rates of so many blocs."""
    return Rates(np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros(1))


@compiled
def fill_rates(row: NDArray[np.float64], market: Market, rates: Rates) -> None:
    """Share every bloc's supply and aid pool over the claims of the memberships just taken."""
    for k in range(rates.chips.size):
        per_quarter = 0.25 * market.offers.quality[k]
        rates.chips[k] = sharing.share_rate(per_quarter * market.offers.supply[k], market.chip_total[k])
        rates.aid[k] = sharing.share_rate(market.offers.pool[k], market.aid_total[k])
        rates.home[k] = per_quarter * market.offers.domestic[k]
    rates.keep[0] = (1.0 - row[DEPRECIATION]) ** 0.25


@compiled
def delivered_chips(countries: Countries, market: Market, rates: Rates, i: int, membership: int) -> float:
    """Return the quality-weighted chips a country installs this quarter, from all blocs and at home (H100e)."""
    total = 0.0
    for k in range(rates.chips.size):
        claim = market.claims.chips[k, i, (membership >> k) & 1]
        total += rates.chips[k] * claim + rates.home[k] * countries.home[k, i]
    return total


@compiled
def paid_aid(market: Market, rates: Rates, k: int, i: int, membership: int) -> float:
    """Return the aid that bloc ``k`` pays country ``i`` at the membership just taken (US$ bn a year)."""
    member = (membership >> k) & 1
    paid: float = rates.aid[k] * market.claims.aid[k, i, member] + market.earmarks[k, i] * member
    return paid


@compiled
def received_effort(
    row: NDArray[np.float64], countries: Countries, market: Market, rates: Rates, i: int, membership: int
) -> float:
    """Return what all blocs and the open fund together do about a country's divide (units of a full programme)."""
    capacity = row[FUND]
    paid = 0.0
    for k in range(rates.aid.size):
        capacity += market.offers.capacity[k, (membership >> k) & 1]
        paid += paid_aid(market, rates, k, i, membership)
    return divide.effort(capacity, 100.0 * paid / countries.gdp[i], row[AID_SHARE])


@compiled
def close_quarter(
    row: NDArray[np.float64],
    countries: Countries,
    market: Market,
    rates: Rates,
    i: int,
    membership: int,
    compute: float,
    gap: float,
) -> tuple[float, float]:
    """Return a country's installed compute (H100e) and divide (0 .. 1) after the quarter."""
    installed = chips.compute_next(
        compute, rates.keep[0], delivered_chips(countries, market, rates, i, membership)
    )
    effort = received_effort(row, countries, market, rates, i, membership)
    return installed, divide.divide_next(gap, row[OWN_RATE], row[PROGRAMME_RATE], effort)


@compiled
def close_all(
    row: NDArray[np.float64],
    countries: Countries,
    market: Market,
    rates: Rates,
    membership: NDArray[np.int64],
    compute: NDArray[np.float64],
    gap: NDArray[np.float64],
) -> None:
    """Deliver at the memberships just taken: fill ``rates``, and bring all compute and divides to the quarter's end."""
    fill_rates(row, market, rates)
    for i in range(membership.size):
        compute[i], gap[i] = close_quarter(
            row, countries, market, rates, i, membership[i], compute[i], gap[i]
        )
