"""The start of a quarter: what events make of the parameters, and what stands on these until an event moves them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import (
    COEFFICIENTS,
    COERCION_THREAT,
    DEBT_DISTRESS,
    EFFECT_SCALE,
    EXCLUSIVITY_DEMAND,
    TERM_COUNT,
    bloc_attribute,
    bloc_start,
)
from sim.engine.state import CHANGED, EVENTS_AT, QUARTER, State
from sim.inputs.arrays import Countries
from sim.registry.attributes import EFFECT_SHIFT
from sim.theory import pressure, timeline, value
from sim.theory._compile import compiled
from sim.theory.timeline import Timeline


@compiled
def apply_events(plan: Timeline, attributes: NDArray[np.float64], state: State) -> None:
    """Bring parameters, attributes and chances of review to the quarter of the clock.

    ``attributes`` : float64[A, N] as they are without events

    ``clock[CHANGED]`` then holds the flags of what has to be computed anew (:data:`sim.theory.timeline.BASE_CHANGED`,
    :data:`~sim.theory.timeline.OFFERS_CHANGED`): nothing where no entry of the timeline begins, moves or ends,
    everything in the first quarter and after a jump.
    """
    quarter = state.clock[QUARTER]
    fresh = quarter != state.clock[EVENTS_AT] + 1
    state.clock[EVENTS_AT] = quarter
    timeline.fill_no_event_prob(plan, state.event_start, quarter, state.no_event_prob)
    state.clock[CHANGED] = 0
    if not fresh and not timeline.changes_at(plan, state.event_start, quarter):
        return
    for column in range(state.params.size):
        state.params[column] = state.base_params[column]
    for a in range(state.attributes.shape[0]):
        for i in range(state.attributes.shape[1]):
            state.attributes[a, i] = attributes[a, i]
    flags = timeline.apply(plan, state.event_start, quarter, state.params, state.attributes)
    state.clock[CHANGED] = timeline.BASE_CHANGED | timeline.OFFERS_CHANGED if fresh else flags
    for k in range(state.exclusivity.size):
        state.exclusivity[k] = state.params[bloc_start(k) + EXCLUSIVITY_DEMAND]
        state.threat[k] = state.params[bloc_start(k) + COERCION_THREAT]


@compiled
def country_effect(countries: Countries, k: int, i: int, scale: float, draw: float, shift: float) -> float:
    """Return the persistent effect of one country and bloc, in logits: mean + scale x sd x draw + shift.

    Parameters
    ----------
    scale : multiplies the estimated spread
    draw : standard normal
    shift : what a scenario adds, logits
    """
    effect: float = countries.effect_mean[k, i] + scale * countries.effect_sd[k, i] * draw + shift
    return effect


@compiled
def effect_of(countries: Countries, state: State, k: int, i: int) -> float:
    """Return the persistent effect of bloc ``k`` on country ``i`` in this run and quarter, in logits."""
    shift = state.attributes[bloc_attribute(k, EFFECT_SHIFT), i]
    return country_effect(countries, k, i, state.params[EFFECT_SCALE], state.effect_draw[k, i], shift)


@compiled
def static_utility(countries: Countries, state: State, k: int, i: int) -> float:
    """Return the value of bloc ``k`` to country ``i`` that does not depend on what others do, in logits.

    Traits, coercion by rivals, debt and the country effect (:func:`sim.theory.value.static_utility`).
    """
    b = bloc_start(k)
    punishment = pressure.coercion(k, state.threat, countries.dependence[:, i])
    burden = state.params[b + DEBT_DISTRESS] * countries.debt[k, i]
    beta = state.params[b + COEFFICIENTS : b + COEFFICIENTS + TERM_COUNT]
    effect = effect_of(countries, state, k, i)
    return value.static_utility(beta, countries.traits[k, :, i], punishment, burden, effect)


@compiled
def update_static_utility(countries: Countries, state: State) -> None:
    """Fill ``state.static_utility`` (float64[K, N], logits) where events changed what it stands on."""
    if state.clock[CHANGED] & timeline.BASE_CHANGED == 0:
        return
    for k in range(state.exclusivity.size):
        for i in range(state.membership.size):
            state.static_utility[k, i] = static_utility(countries, state, k, i)
