"""Value of belonging to one bloc: the terms of the utility, added up in one fixed order (docs/odd.md, "6.1 Utility").

Sources: linear random utility, McFadden 1974; bundles, Gentzkow 2007, AER 97(3):713-744.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.registry.terms import POLICY_NAMES, TERM_NAMES, TRAIT_NAMES
from sim.theory._compile import compiled

# Positions in the coefficients of one bloc.
INTERCEPT = TERM_NAMES.index("intercept")
FIRST_TRAIT = TERM_NAMES.index(TRAIT_NAMES[0])
TRAITS = len(TRAIT_NAMES)
CHIPS = TERM_NAMES.index("chips")
GRANTS = TERM_NAMES.index("grants")
LOANS = TERM_NAMES.index("loans")
POLICIES = len(POLICY_NAMES)
DIVIDE = TERM_NAMES.index("divide")
PEERS = TERM_NAMES.index("peers")
COERCION = TERM_NAMES.index("coercion")
DEBT = TERM_NAMES.index("debt")


@compiled
def static_utility(
    beta: NDArray[np.float64],
    traits: NDArray[np.float64],
    punishment: float,
    burden: float,
    effect: float,
    appeal: float,
) -> float:
    """Return the part of the value that does not depend on what others do (logit units).

    Parameters
    ----------
    beta : float64[L], coefficients of the bloc, logit units per standard deviation
    traits : float64[TRAITS], standardised traits of the country towards the leader
    punishment : expected coercion by rivals, 0 .. 1
    burden : debt to the leader over GDP, times how far it is in distress
    effect : persistent country-bloc effect, logit units
    appeal : what the leader's interest adds for everybody, logit units
    """
    total: float = beta[INTERCEPT]
    for j in range(TRAITS):
        total += beta[FIRST_TRAIT + j] * traits[j]
    total -= beta[COERCION] * punishment
    total -= beta[DEBT] * burden
    return total + effect + appeal


@compiled
def policy_value(
    beta: NDArray[np.float64], chips: float, grants: float, loans: float, divide: float
) -> float:
    """Return what the bloc's offer adds to its value: weights times gains from membership (logit units).

    Parameters
    ----------
    beta : float64[L], coefficients of the bloc, logits per raw unit
    chips : gain in usable log units
    grants, loans : gains in log units, against what the reference offer gave the same country
    divide : index units closed
    """
    total: float = beta[CHIPS] * chips + beta[GRANTS] * grants + beta[LOANS] * loans + beta[DIVIDE] * divide
    return total
