"""Organizations open, are signed and come into force; coefficients may drift. Logit units throughout.

Evidence: 18 of about 168 outsiders signed the World AI Cooperation Organization within 15 days of July 2026, 7 joined the
US-led statement of June 2026 (docs/levers.md). Described in docs/odd.md, "Submodels".
"""

from __future__ import annotations

import math

from sim.theory._compile import compiled


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
    return bonus + effect + (math.exp(log_spread * spread_draw) - 1.0) * (standing - intercept)


@compiled
def drift_step(walk: float, sd: float, draw: float) -> float:
    """Return a random walk one quarter on: ``sd`` per square root of a year, ``draw`` standard normal."""
    return walk + 0.5 * sd * draw
