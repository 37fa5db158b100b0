"""The digital divide: how far a country is behind, and who closes the gap.

Units: the divide is an index in [0, 1], 1 = no access to connectivity and skills; an effort of 1 is a programme that
closes the divide at the full programme rate (docs/odd.md, "6.4 Digital divide").

Source: this project's; a gap that closes in proportion to itself is the usual form of convergence (Barro & Sala-i-Martin
1992, J Polit Econ 100(2):223-251).
"""

from __future__ import annotations

from sim.theory._compile import compiled


@compiled
def effort(capacity: float, aid_intensity: float, aid_share: float) -> float:
    """Return what a bloc does about a country's divide, in units of a full programme.

    Parameters
    ----------
    capacity : effective capacity-building programme for that country, 0 .. 1
    aid_intensity : digital finance paid (networks and skills), % of GDP a year
    aid_share : effort bought by digital finance of 1 % of GDP a year
    """
    return capacity + aid_share * aid_intensity


@compiled
def divide_gain(divide: float, member_effort: float, outsider_effort: float) -> float:
    """Return how much more of its divide a bloc would close for a member than for an outsider (index units)."""
    return divide * (min(1.0, member_effort) - min(1.0, outsider_effort))


@compiled
def divide_next(divide: float, own_rate: float, programme_rate: float, total_effort: float) -> float:
    """Return the divide after a quarter, closing at its own rate and at what is actually delivered (rates a year)."""
    return divide * (1.0 - 0.25 * (own_rate + programme_rate * min(1.0, total_effort)))
