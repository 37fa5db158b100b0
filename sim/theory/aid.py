"""Aid: a budget per bloc, shared by need, size and interest, never exceeded (docs/odd.md, "6.3 Aid").

Units: US$ bn a year, weights as fixed-point integers, gains in logs of a percentage of GDP.

Source: who gets aid follows need and the donor's interest, Alesina & Dollar 2000, J Econ Growth 5(1):33-63; the form of
the gain is this project's.
"""

from __future__ import annotations

import math

from sim.theory._compile import compiled

WEIGHT_UNIT = 1073741824.0  # 2**30: the largest claim of a bloc's allocation rule has weight one


@compiled
def claim(weight: float, share: float) -> int:
    """Return a country's claim on the pool as a fixed-point integer: its weight times the share it is entitled to.

    ``weight`` : of the allocation rule, 0 .. 1; ``share`` : 1 for a member, less for an outsider
    """
    return int(weight * share * WEIGHT_UNIT + 0.5)


@compiled
def pool(budget: float, reserve: float) -> float:
    """Return the part of the budget (US$ bn a year) that is shared by the allocation rule; the rest is earmarked."""
    return budget * (1.0 - reserve)


@compiled
def aid_gain(member: float, outsider: float, gdp: float) -> float:
    """Return the extra development finance that membership brings: the difference of ``ln(1 + 100 aid / GDP)``.

    Parameters
    ----------
    member, outsider : aid promised to the country as a member and as an outsider, US$ bn a year
    gdp : US$ bn
    """
    return math.log((1.0 + 100.0 * member / gdp) / (1.0 + 100.0 * outsider / gdp))
