"""Sharing something scarce in proportion to fixed-point claims: what others take, nobody else gets."""

from __future__ import annotations

from sim.theory._compile import compiled


@compiled
def share_rate(amount: float, total_weight: int) -> float:
    """Return what one unit of weight receives when ``amount`` is shared over ``total_weight``; 0 if nobody claims."""
    if total_weight <= 0:
        return 0.0
    return amount / float(total_weight)


@compiled
def expected_share(amount: float, total_weight: int, own_now: int, own_then: int) -> float:
    """Return what a country would receive with weight ``own_then`` instead of ``own_now``, all others unchanged."""
    total = total_weight - own_now + own_then
    if total <= 0 or own_then <= 0:
        return 0.0
    return amount * (float(own_then) / float(total))
