"""Utility of memberships from observed terms, and the exact decomposition of why one beats another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.attribution.observe import LABELS, Observation
from sim.theory import choice

SET_LABELS: tuple[str, ...] = ("exclusivity", "join_cost", "leave_cost")
ALL_LABELS: tuple[str, ...] = (*LABELS, *SET_LABELS)


def set_terms(seen: Observation, state: int) -> NDArray[np.float64]:
    """Return the contribution of every term to the utility of one membership set, float64[V, L + 3].

    The row sums are the utilities of the set, as the decision saw them.
    """
    count, blocs, labels = seen.terms.shape
    out = np.zeros((count, labels + len(SET_LABELS)))
    for k in range(blocs):
        if state >> k & 1:
            out[:, :labels] += seen.terms[:, k]
    for v in range(count):
        before = int(seen.before[v])
        out[v, labels] = -choice.rivalry(state, seen.demand[v], seen.costs[v, 2])
        out[v, labels + 1] = -seen.costs[v, 3] * choice.bits(state & ~before)
        out[v, labels + 2] = -seen.costs[v, 4] * choice.bits(before & ~state)
    return out


def utilities(seen: Observation) -> NDArray[np.float64]:
    """Return the utility of every membership set at every watched decision, float64[V, S]."""
    sets = 1 << seen.terms.shape[1]
    return np.stack([set_terms(seen, state).sum(axis=1) for state in range(sets)], axis=1)


def probabilities(seen: Observation) -> NDArray[np.float64]:
    """Return the logit probability of every membership set had the country reconsidered, float64[V, S]."""
    scaled = seen.costs[:, 1:2] * utilities(seen)
    weight = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    share: NDArray[np.float64] = weight / weight.sum(axis=1, keepdims=True)
    return share
