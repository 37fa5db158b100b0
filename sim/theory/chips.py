"""Chip access: scarce accelerators, shared among those who may buy, worth most where they can be used.

Units: chips in H100-equivalents (H100e), supply in H100e a year, compute as installed H100e. Scarcity makes a growing bloc
dilute its own offer (docs/odd.md, "6.2 Chips").

Source: members that crowd one another, Buchanan 1965, Economica 32(125):1-14; the equations are this project's.
"""

from __future__ import annotations

import math

from sim.theory._compile import compiled

WEIGHT_UNIT = (
    16777216.0  # 2**24: demand weights are fixed-point integers, so that sums are exact in any order
)


@compiled
def chip_supply(start: float, growth: float, growth_long: float, halflife: float, years: float) -> float:
    """Return exportable chips (H100e a year) ``years`` after the start.

    The yearly log growth decays from ``ln(1 + growth)`` to ``ln(1 + growth_long)`` with the given half-life, so today's
    doubling is not extrapolated for a decade.

    Parameters
    ----------
    start : H100e a year
    growth, growth_long : rates a year, at the start and in the long run
    halflife, years : years
    """
    fast = math.log(1.0 + growth)
    slow = math.log(1.0 + growth_long)
    decay = math.log(2.0) / halflife
    return start * math.exp(slow * years + (fast - slow) * (1.0 - math.exp(-decay * years)) / decay)


@compiled
def demand_weight(need: float, access: float) -> int:
    """Return a country's claim on a bloc's chips as a fixed-point integer: need (US$ bn x readiness) x access [0, 1]."""
    return int(need * access * WEIGHT_UNIT + 0.5)


@compiled
def compute_gain(readiness: float, stock: float, member: float, outsider: float, floor: float) -> float:
    """Return the compute that membership brings, in usable log units (dimensionless).

    ``readiness * ln((C + q m + eps) / (C + q o + eps))``: log compute per head after a year of deliveries as a member
    against as an outsider. Population cancels except in the floor.

    Parameters
    ----------
    readiness : share of compute that the country can put to use, 0 .. 1
    stock : installed compute, H100e
    member, outsider : quality-weighted deliveries of one year, H100e
    floor : compute that any country can rent abroad, H100e (a small rate per head); keeps the logarithm finite
    """
    return readiness * math.log((stock + member + floor) / (stock + outsider + floor))


@compiled
def compute_next(stock: float, survival_rate: float, delivered: float) -> float:
    """Return installed compute (H100e) after a quarter: what survives of the stock, plus what was delivered.

    ``survival_rate`` : share of the stock that outlives the quarter, 0 .. 1
    """
    return stock * survival_rate + delivered
