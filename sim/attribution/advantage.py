"""Utility of memberships from observed terms, and the exact decomposition of why one beats another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.attribution.observe import LABELS, Observation
from sim.theory import choice, rivalry

SET_LABELS: tuple[str, ...] = ("exclusivity", "join_cost", "leave_cost")
ALL_LABELS: tuple[str, ...] = (*LABELS, *SET_LABELS)


def set_terms(seen: Observation, state: int) -> NDArray[np.float64]:
    """Return the contribution of every term to the utility of one membership set, float64[V, L + 3].

    The row sums are the utilities of the set, as the decision saw them. ``exclusivity`` is what holding rivals costs: the
    cost of hedging, and what is to be expected of notices.
    """
    count, blocs, labels = seen.terms.shape
    out = np.zeros((count, labels + len(SET_LABELS)))
    for k in range(blocs):
        if state >> k & 1:
            out[:, :labels] += seen.terms[:, k]
    worth = seen.values
    for v in range(count):
        before = int(seen.before[v] & ~seen.admission[v, 1])  # nobody leaves a bloc that is dissolved
        expected = rivalry.expected_value(state, worth[v], seen.notice[v], seen.costs[v, 2], seen.costs[v, 4])
        held = [k for k in range(blocs) if state >> k & 1]
        out[v, labels] = expected - worth[v, held].sum() if len(held) > 1 else 0.0
        out[v, labels + 1] = -seen.costs[v, 3] * rivalry.bits(state & ~before)
        out[v, labels + 2] = -seen.costs[v, 4] * rivalry.bits(before & ~state)
    return out


def utilities(seen: Observation) -> NDArray[np.float64]:
    """Return the utility of every membership set at every watched decision, float64[V, S]; -inf where it is not allowed."""
    sets = 1 << seen.terms.shape[1]
    found = np.stack([set_terms(seen, state).sum(axis=1) for state in range(sets)], axis=1)
    for v, (keep, bar, notice) in enumerate(seen.masks.tolist()):
        for state in range(sets):
            if not choice.allowed(
                state, keep, bar, notice, rivalry.bits(rivalry.rivals(state, seen.notice[v]))
            ):
                found[v, state] = -np.inf
    return found


def probabilities(seen: Observation) -> NDArray[np.float64]:
    """Return the logit probability of every membership set had the country reconsidered, float64[V, S]."""
    scaled = seen.costs[:, 1:2] * utilities(seen)
    weight = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    share: NDArray[np.float64] = weight / weight.sum(axis=1, keepdims=True)
    return share


def chance_of_holding(seen: Observation, bloc: int, *, inside: bool) -> NDArray[np.float64]:
    """Return the probability of ending with a bloc had the country reconsidered while in it, or while outside, float64[V].

    Parameters
    ----------
    seen : watched decisions; all that was weighed stays as it was, but whether the country belongs to the bloc
    bloc : its position
    inside : whether it belongs; if not, a bloc that does not take the country stays closed to it
    """
    bit = 1 << bloc
    masks, closed = seen.masks.copy(), (seen.admission[:, 0] | seen.admission[:, 1]) & bit
    if inside:
        masks[:, 1] &= ~bit | (seen.admission[:, 1] & bit)
        before = seen.before | bit
    else:
        masks[:, 0] &= ~bit
        masks[:, 1] |= closed
        masks[:, 2] &= ~bit
        before = seen.before & ~bit
    chances = probabilities(replace(seen, masks=masks, before=before))
    held = [state for state in range(chances.shape[1]) if state & bit]
    found: NDArray[np.float64] = chances[:, held].sum(axis=1)
    return found
