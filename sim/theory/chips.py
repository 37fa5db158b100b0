"""Chip access: scarce accelerators, in part reserved to members, worth less the more there is without joining anybody.

Units: chips in H100-equivalents (H100e), supply in H100e a year, compute as installed H100e. Scarcity makes a growing bloc
dilute its own offer, and a rival's open supply erodes what a conditional one is worth (docs/odd.md, "6.2 Chips").

Sources: members that crowd one another, Buchanan 1965, Economica 32(125):1-14; an outside option weakens a threat to
withhold, Hirschman 1945, National Power and the Structure of Foreign Trade. The equations are this project's; how soon
compute is enough, and what it is worth, are drawn (docs/levers.md).
"""

from __future__ import annotations

import numpy as np

from sim.theory._compile import compiled
from sim.theory.numbers import LN2_HIGH, LN2_LOW, exp, ln

WEIGHT_UNIT = 16777216.0  # 2**24: demand weights are whole numbers, so that sums are exact in any order
_LN2 = LN2_HIGH + LN2_LOW


@compiled
def log_growth(growth: float, growth_long: float, halflife: float, years: float) -> float:
    """Return how far chip supply has grown ``years`` after the date of its figures, as a natural logarithm.

    The yearly log growth decays from ``ln(1 + growth)`` to ``ln(1 + growth_long)`` with the given half-life, so today's
    doubling is not extrapolated for a decade. Before that date supply grew at its full rate.

    Parameters
    ----------
    growth, growth_long : rates a year, at the date of the figures and in the long run
    halflife, years : years
    """
    fast = ln(1.0 + growth)
    if years <= 0.0:
        return fast * years
    slow = ln(1.0 + growth_long)
    decay = _LN2 / halflife
    return slow * years + (fast - slow) * (1.0 - exp(-decay * years)) / decay


@compiled
def growth_between(growth: float, growth_long: float, halflife: float, begin: float, end: float) -> float:
    """Return how far supply grows between two dates, as a natural logarithm (:func:`log_growth`).

    ``begin, end`` : years after the date of the figures; ``growth, growth_long, halflife`` : rates in force between them
    """
    if begin < 0.0:
        return log_growth(growth, growth_long, halflife, end) - log_growth(
            growth, growth_long, halflife, begin
        )
    fast, slow = ln(1.0 + growth), ln(1.0 + growth_long)
    decay = _LN2 / halflife
    return slow * (end - begin) + (fast - slow) * (exp(-decay * begin) - exp(-decay * end)) / decay


@compiled
def demand_weight(need: float, access: float) -> float:
    """Return a country's claim on a bloc's chips, fixed point: need (US$ bn x readiness) x access [0, 1], a whole number."""
    whole: float = np.floor(need * access * WEIGHT_UNIT + 0.5)
    return whole


@compiled
def outsider_access(access: float, conditionality: float) -> float:
    """Return the access that a non-member has: what is not reserved to members (shares, 0 .. 1)."""
    return access * (1.0 - conditionality)


@compiled
def building_rate(quality: float, domestic: float, size: float) -> float:
    """Return how fast a leader builds compute at home: H100e a year per US$ bn of GDP x readiness.

    Parameters
    ----------
    quality : performance of its chips relative to the frontier
    domestic : chips that it installs at home, H100e a year
    size : GDP x readiness of its leaders, US$ bn
    """
    return quality * domestic / size if size > 0.0 else 0.0


@compiled
def yearly_need(rate: float, gdp: float, readiness: float, factor: float) -> float:
    """Return the chips a country could put to use in a year at a leader's rate of building (H100e a year).

    ``rate`` : see :func:`building_rate`; ``gdp`` : US$ bn; ``readiness`` : 0 .. 1; ``factor`` : the country's own multiple
    """
    return rate * gdp * readiness * factor


@compiled
def chip_leverage(
    readiness: float, need: float, member: float, outsider: float, free: float, sufficiency: float
) -> float:
    """Return what the chips that only members get are worth, in usable log units (dimensionless).

    ``readiness * ln(1 + (m - o) / (h need + o_all))``: nothing if nothing is conditional, less the more there is from
    anywhere without joining, and bounded as the last access is closed.

    Parameters
    ----------
    readiness : share of compute that the country can put to use, 0 .. 1
    need : chips it could use in a year, H100e; 0 = none are wanted
    member, outsider : quality-weighted chips of this bloc in a year as a member and as an outsider, H100e
    free : quality-weighted chips of all blocs that it gets without joining anybody, H100e
    sufficiency : h, the share of a year's need at which compute is nearly enough
    """
    if need <= 0.0:
        return 0.0
    extra = min(need, member) - min(need, outsider)
    if extra <= 0.0:
        return 0.0
    return readiness * ln(1.0 + extra / (sufficiency * need + min(need, free)))


@compiled
def lock_in(
    weight: float, share: float, share_at_start: float, compute: float, need: float, sufficiency: float
) -> float:
    """Return the pull of the machines a country runs on, logit units.

    ``kappa (s - s_0) C / (C + h need)``: a change of the share of its compute that came from a bloc counts as far as that
    compute covers its need, so that a share of next to nothing locks nobody in.

    Parameters
    ----------
    weight : kappa, logit per share of compute
    share, share_at_start : share of its compute that came from the bloc, now and at the start, 0 .. 1
    compute : installed and rented compute, H100e
    need : chips it could use in a year, H100e
    sufficiency : see :func:`chip_leverage`
    """
    scale = compute + sufficiency * need
    return weight * (share - share_at_start) * compute / scale if scale > 0.0 else 0.0


@compiled
def compute_next(stock: float, survival_rate: float, delivered: float) -> float:
    """Return installed compute (H100e) after a quarter: what survives of the stock, plus what was delivered.

    ``survival_rate`` : share of the stock that outlives the quarter, 0 .. 1
    """
    return stock * survival_rate + delivered
