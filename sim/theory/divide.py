"""The digital divide: how far a country is behind, and who closes the gap.

Units: the divide is an index in [0, 1], 1 = no access to connectivity and skills; an effort of 1 is a programme that
closes the divide at the full programme rate. Model: section 6.
"""

from __future__ import annotations

from sim.theory._compile import compiled


@compiled
def effort(capacity: float, aid_intensity: float, aid_share: float) -> float:
    """Return what a bloc does about a country's divide, in units of a full programme.

    Parameters
    ----------
    capacity : effective capacity-building programme for that country, 0 .. 1
    aid_intensity : aid paid, % of GDP a year
    aid_share : effort bought by aid of 1 % of GDP a year (the part of aid that goes into connectivity and skills)
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


@compiled
def membership_gain(
    divide: float,
    capacity: tuple[float, float],
    aid_percent: tuple[float, float],
    aid_share: float,
    fund: float,
) -> float:
    """Return the divide term of one country and bloc: :func:`divide_gain` on top of what a fund open to all does.

    Parameters
    ----------
    divide : the country's divide, 0 .. 1
    capacity : the bloc's capacity programme for a member and for an outsider, 0 .. 1
    aid_percent : aid promised as a member and as an outsider, % of GDP a year
    aid_share : effort bought by aid of 1 % of GDP a year
    fund : programme open to all, 0 .. 1
    """
    member = fund + effort(capacity[0], aid_percent[0], aid_share)
    outsider = fund + effort(capacity[1], aid_percent[1], aid_share)
    return divide_gain(divide, member, outsider)
