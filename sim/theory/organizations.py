"""Organizations open, are signed and come into force; what draws states to a bloc may drift (docs/odd.md, "6.6 Organizations").

Logit units and shares. Evidence: 18 of about 168 outsiders signed the World AI Cooperation Organization within 15 days of July
2026, 7 joined the US-led statement of June 2026; lists differ in how sharply they separate (docs/levers.md). Sources:
organizations that exist on paper only, Gray 2018, International Studies Quarterly 62(1):1-13; discrimination of items,
Birnbaum 1968, in Lord & Novick, Statistical Theories of Mental Test Scores.
"""

from __future__ import annotations

from sim.theory._compile import compiled
from sim.theory.numbers import exp


@compiled
def delivered_share(before_force: float, in_force: float) -> float:
    """Return the share of what membership promises that is delivered, 0 .. 1.

    Parameters
    ----------
    before_force : share delivered while the bloc's organization is not in force, 0 .. 1
    in_force : how far it is in force, 0 .. 1
    """
    return before_force + (1.0 - before_force) * in_force


@compiled
def member_share(outside: float, inside: float, delivered: float) -> float:
    """Return what a member is entitled to: an outsider's entitlement and the delivered share of the difference."""
    return outside + delivered * (inside - outside)


@compiled
def woken(review: float, window: float) -> float:
    """Return the chance that a state decides in this quarter, woken by its own review or by an open window.

    ``review`` : chance of a review of its own; ``window`` : chance that the window wakes it (attention x openness)
    """
    return 1.0 - (1.0 - review) * (1.0 - window)


@compiled
def signing_value(
    standing: float, intercept: float, bonus: float, effect: float, log_spread: float, spread_draw: float
) -> float:
    """Return what an open window adds to the value of joining the bloc's organization.

    Founders gain a bonus, the organization has an effect of its own on each country, and lists differ in how sharply they
    separate: the standing value is spread about the bloc's intercept by ``exp(log_spread * spread_draw)``.

    Parameters
    ----------
    standing, intercept : standing value of the bloc to the country, and the bloc's intercept
    bonus : gain of founders, times how far the window is open
    effect : effect of the organization on this country
    log_spread, spread_draw : sd of the log discrimination of lists, and the run's standard normal draw for this bloc
    """
    return bonus + effect + (exp(log_spread * spread_draw) - 1.0) * (standing - intercept)


@compiled
def drift_step(walk: float, sd: float, draw: float) -> float:
    """Return a random walk one quarter on: ``sd`` per square root of a year, ``draw`` standard normal."""
    return walk + 0.5 * sd * draw
