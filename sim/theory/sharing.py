"""Sharing something scarce in proportion to claims: what one country takes, no other gets.

Amounts have any unit (H100e a year, US$ bn a year), claims are fixed-point whole numbers; chips and aid are shared so
(docs/odd.md, "6.2 Chips"). Source: the proportional rule, Moulin 2002, Handbook of Social Choice and Welfare 1:289-357.
"""

from __future__ import annotations

from sim.theory._compile import compiled


@compiled
def share_rate(amount: float, total_weight: float) -> float:
    """Return what one unit of claim receives of ``amount``, in its unit; 0 if there are no claims.

    ``total_weight`` : sum of all claims, fixed point
    """
    if total_weight <= 0.0:
        return 0.0
    return amount / total_weight


@compiled
def expected_share(amount: float, total_weight: float, own_now: float, own_then: float) -> float:
    """Return what a country would receive with another claim, in the unit of ``amount``, all others unchanged.

    ``total_weight`` : all claims now; ``own_now, own_then`` : the country's claim now and then (fixed point)
    """
    total = total_weight - own_now + own_then
    if total <= 0.0 or own_then <= 0.0:
        return 0.0
    return amount * (own_then / total)
