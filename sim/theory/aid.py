"""Finance: a budget per bloc, shared by record and rule, spent in full and never exceeded (docs/odd.md, "6.3 Aid").

Units: US$ bn a year, weights as fixed-point whole numbers, gains in logs of a percentage of GDP.

Source: who gets aid follows need and the donor's interest, Alesina & Dollar 2000, J Econ Growth 5(1):33-63; the form of
the gain is this project's.
"""

from __future__ import annotations

import numpy as np

from sim.theory._compile import compiled
from sim.theory.numbers import ln

WEIGHT_UNIT = 1073741824.0  # 2**30: the largest claim of a bloc's allocation rule has weight one


@compiled
def claim(weight: float, share: float) -> float:
    """Return a country's claim on the pool, fixed point (a whole number): its weight times the share it is entitled to.

    ``weight`` : of the allocation rule, 0 .. 1; ``share`` : 1 for a member, less for an outsider
    """
    whole: float = np.floor(weight * share * WEIGHT_UNIT + 0.5)
    return whole


@compiled
def pool(budget: float, committed: float) -> float:
    """Return what is left of a budget for the allocation rule once earmarks of members are paid (all US$ bn a year)."""
    return max(0.0, budget - committed)


@compiled
def paid_part(budget: float, committed: float) -> float:
    """Return which part of its earmarks a bloc pays: all, unless its budget has fallen below them (US$ bn a year)."""
    return 1.0 if committed <= budget else budget / committed


@compiled
def finance_gain(member: float, outsider: float, share: float, gdp: float) -> float:
    """Return the extra grants (or loans) that membership brings: the difference of ``ln(1 + 100 finance / GDP)``.

    Parameters
    ----------
    member, outsider : finance promised to the country as a member and as an outsider, US$ bn a year
    share : part of it that is given in this form, 0 .. 1
    gdp : US$ bn
    """
    if share <= 0.0 or member == outsider:
        return 0.0
    return ln((1.0 + 100.0 * share * member / gdp) / (1.0 + 100.0 * share * outsider / gdp))
