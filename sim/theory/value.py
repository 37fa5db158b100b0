"""Value of belonging to one bloc: the terms of the utility, added up in one fixed order. Model: section 3."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.theory._compile import compiled

# Order of the coefficients of one bloc; the registry lists its terms in the same order.
INTERCEPT = 0
FIRST_TRAIT = 1
TRAITS = 8  # affinity, regime, security, trade, courtship, readiness, finance, need
CHIPS = 9
AID = 10
DIVIDE = 11
PEERS = 12
COERCION = 13
DEBT = 14


@compiled
def static_utility(
    beta: NDArray[np.float64], traits: NDArray[np.float64], punishment: float, burden: float, effect: float
) -> float:
    """Return the part of the value that does not depend on what others do (logit units).

    Parameters
    ----------
    beta : float64[15], coefficients of the bloc, logit units per standard deviation
    traits : float64[8], standardised traits of the country towards the leader
    punishment : expected coercion by rivals, 0 .. 1
    burden : debt to the leader over GDP, times how far it is in distress
    effect : persistent country-bloc effect, logit units
    """
    total: float = beta[INTERCEPT]
    for j in range(TRAITS):
        total += beta[FIRST_TRAIT + j] * traits[j]
    total -= beta[COERCION] * punishment
    total -= beta[DEBT] * burden
    return total + effect


@compiled
def policy_value(beta: tuple[float, float, float], chips: float, aid: float, divide: float) -> float:
    """Return the part of the value that moves with policy and with others' membership, without peers (logit units).

    ``chips``, ``aid`` and ``divide`` are gains from membership, each against what the reference offer gave the same
    country; ``beta`` their coefficients per raw unit.
    """
    return beta[0] * chips + beta[1] * aid + beta[2] * divide
