"""Value of belonging to one bloc: the terms of the utility, added up in one fixed order. Model: section 3."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.theory._compile import compiled

# Order of the coefficients of one bloc; the registry lists its terms in the same order.
INTERCEPT = 0
FIRST_TRAIT = 1
TRAITS = 5  # affinity, regime, security, trade, courtship
CHIPS = 6
AID = 7
DIVIDE = 8
PEERS = 9
COERCION = 10
DEBT = 11


@compiled
def standing_value(
    beta: NDArray[np.float64], traits: NDArray[np.float64], punishment: float, burden: float, effect: float
) -> float:
    """Return the part of the value that does not depend on what others do (logit units).

    Parameters
    ----------
    beta : float64[12], coefficients of the bloc, logit units per standard deviation
    traits : float64[5], standardised affinity, regime, security, trade and courtship of the country with the leader
    punishment : expected coercion by rivals, 0 .. 1
    burden : debt to the leader over GDP, times how far it is in distress
    effect : persistent country-bloc effect, logit units
    """
    total = beta[INTERCEPT]
    for j in range(TRAITS):
        total += beta[FIRST_TRAIT + j] * traits[j]
    total -= beta[COERCION] * punishment
    total -= beta[DEBT] * burden
    return total + effect


@compiled
def standardise(raw: float, centre: float, scale: float) -> float:
    """Return a term in standard deviations of the calibration sample."""
    return (raw - centre) / scale


@compiled
def moving_value(beta: tuple[float, float, float], chips: float, aid: float, divide: float) -> float:
    """Return the part of the value that moves with policy and with others' membership, without peers (logit units).

    ``chips``, ``aid`` and ``divide`` are standardised gains from membership; ``beta`` their coefficients.
    """
    return beta[0] * chips + beta[1] * aid + beta[2] * divide
