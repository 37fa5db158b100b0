"""The start of a quarter: what events make of the parameters, and what stands on these until an event moves them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import (
    APPEAL,
    CHIP_GROWTH,
    COEFFICIENTS,
    COERCION_THREAT,
    DEBT_DISTRESS,
    DISSOLVED,
    DRIFT,
    EFFECT_SCALE,
    EXCLUSIVITY,
    GROWTH_HALFLIFE,
    GROWTH_LONG,
    OPENING,
    RIVAL,
    TERM_COUNT,
    bloc_attribute,
    bloc_start,
)
from sim.engine.state import CHANCE, CHANGED, EVENTS_AT, GONE, OPEN, QUARTER, SEED, State
from sim.inputs.arrays import Countries
from sim.registry.attributes import BARRED, EFFECT_SHIFT
from sim.theory import chips, draws, organizations, rivalry, timeline, value
from sim.theory._compile import compiled, compiled_pass
from sim.theory.timeline import Timeline

Row = NDArray[np.float64]
"""float64[N], one number a country."""


@compiled
def start_events(supply_age: NDArray[np.float64], plan: Timeline, state: State) -> None:
    """Bring supply growth and drifting weights to the start of the run, where no quarter has passed yet.

    ``supply_age`` : float64[K] years from the date of each bloc's supply figures to the start
    """
    state.clock[EVENTS_AT] = 0
    params = state.base_params
    for column in range(params.size):
        state.params[column] = params[column]
    for k in range(state.growth.size):
        state.growth[k] = _log_growth(params, k, supply_age[k])
        for j in range(2):
            state.walk[k, j] = 0.0
    for e in range(plan.event.size):
        start = state.event_start[plan.event[e]]
        if plan.path[e] >= 0 and start <= 0:
            years = supply_age[plan.path[e]] + 0.25 * start
            state.entry_growth[e] = _log_growth(params, plan.path[e], years)


@compiled
def _log_growth(params: NDArray[np.float64], k: int, years: float) -> float:
    growth = params[bloc_start(k) + CHIP_GROWTH]
    return chips.log_growth(growth, params[GROWTH_LONG], params[GROWTH_HALFLIFE], years)


@compiled
def _pass_quarter(supply_age: NDArray[np.float64], plan: Timeline, quarter: int, state: State) -> None:
    """Let supply grow through the quarter before ``quarter`` at the rates in force then, and let weights drift."""
    key = draws.stream_key(state.clock[SEED], draws.DRIFT)
    for k in range(state.growth.size):
        years = supply_age[k] + 0.25 * quarter
        rate, later, halflife = (
            state.params[bloc_start(k) + CHIP_GROWTH],
            state.params[GROWTH_LONG],
            state.params[GROWTH_HALFLIFE],
        )
        state.growth[k] += chips.growth_between(rate, later, halflife, years - 0.25, years)
        drift = state.params[bloc_start(k) + DRIFT]
        if drift > 0.0:
            for j in range(2):
                draw = draws.normal_draw(key, state.clock[CHANCE], quarter, 2 * k + j)
                state.walk[k, j] = organizations.drift_step(state.walk[k, j], drift, draw)
    for e in range(plan.event.size):
        if plan.path[e] >= 0 and state.event_start[plan.event[e]] == quarter:
            state.entry_growth[e] = state.growth[plan.path[e]]


@compiled
def _stand_at(plan: Timeline, attributes: NDArray[np.float64], quarter: int, state: State) -> None:
    """Give parameters and attributes the values of a quarter, and read off what blocs demand and whether they stand."""
    for column in range(state.params.size):
        state.params[column] = state.base_params[column]
    for a in range(state.attributes.shape[0]):
        for i in range(state.attributes.shape[1]):
            state.attributes[a, i] = attributes[a, i]
    timeline.apply(plan, state.event_start, quarter, state.entry_growth, state.params, state.attributes)
    state.clock[GONE] = 0
    state.clock[OPEN] = 0
    for k in range(state.exclusivity.size):
        b = bloc_start(k)
        rival = state.params[b + RIVAL] >= 0.5
        state.exclusivity[k] = state.params[b + EXCLUSIVITY] if rival else rivalry.BESIDE
        state.threat[k] = state.params[b + COERCION_THREAT] if rival else 0.0
        state.window[k] = state.params[b + OPENING]
        if state.params[b + DISSOLVED] >= 0.5:
            state.clock[GONE] |= 1 << k
        elif state.window[k] > 0.0:
            state.clock[OPEN] |= 1 << k
    for i in range(state.barred.size):
        state.barred[i] = 0
    for k in range(state.exclusivity.size):
        for i in range(state.barred.size):
            if state.attributes[bloc_attribute(k, BARRED), i] >= 0.5:
                state.barred[i] |= 1 << k


@compiled
def apply_events(
    supply_age: NDArray[np.float64], plan: Timeline, attributes: NDArray[np.float64], state: State
) -> None:
    """Bring parameters, attributes and chances of review to the quarter of the clock, supply growth and drift with them.

    ``supply_age`` : float64[K] years from the date of each bloc's supply figures to the start
    ``attributes`` : float64[A, N] as they are without events

    ``clock[CHANGED]`` then holds the flags of what has to be computed anew (:data:`sim.theory.timeline.BASE_CHANGED`,
    :data:`~sim.theory.timeline.OFFERS_CHANGED`): nothing where no entry of the timeline begins, moves or ends,
    everything in the first quarter and after a jump.
    """
    quarter, reached = state.clock[QUARTER], state.clock[EVENTS_AT]
    if reached < 0 or reached >= quarter:
        start_events(supply_age, plan, state)
        reached = 0
    fresh = reached == 0 or reached + 1 != quarter
    state.clock[CHANGED] = timeline.BASE_CHANGED | timeline.OFFERS_CHANGED if fresh else 0
    for q in range(reached + 1, quarter + 1):
        _pass_quarter(supply_age, plan, q, state)
        flags = timeline.changes_at(plan, state.event_start, q)
        if q == 1 or flags >= 0:
            _stand_at(plan, attributes, q, state)
            state.clock[CHANGED] |= max(0, flags)
    state.clock[EVENTS_AT] = quarter
    timeline.fill_no_event_prob(plan, state.event_start, quarter, state.no_event_prob)


@compiled
def country_effect(mean: float, sd: float, scale: float, draw: float, shift: float) -> float:
    """Return the persistent effect of one country and bloc, in logits: mean + scale x sd x draw + shift.

    Parameters
    ----------
    mean, sd : estimated, logits; ``scale`` multiplies the spread
    draw : standard normal
    shift : what a scenario adds, logits
    """
    return mean + scale * sd * draw + shift


@compiled
def effect_of(countries: Countries, state: State, k: int, i: int) -> float:
    """Return the persistent effect of bloc ``k`` on country ``i`` in this run and quarter, in logits."""
    shift = state.attributes[bloc_attribute(k, EFFECT_SHIFT), i]
    mean, sd, scale = countries.effect_mean[k, i], countries.effect_sd[k, i], state.params[EFFECT_SCALE]
    return country_effect(mean, sd, scale, state.effect_draw[k, i], shift)


@compiled_pass
def add_threat(threat: float, dependence: Row, punishment: Row) -> None:
    """Add to ``punishment`` what the leader of a rival bloc threatens (:func:`sim.theory.pressure.coercion`)."""
    for i in range(punishment.size):
        punishment[i] += threat * dependence[i]


@compiled_pass
def static_utilities(
    beta: Row, numbers: tuple[float, float, float], traits: NDArray[np.float64], punishment: Row, debt: Row, mean: Row, sd: Row,
    draw: Row, shift: Row, out: Row,
) -> None:  # fmt: skip
    """Fill ``out`` with the value of one bloc that does not depend on what others do, logits.

    ``beta`` : its coefficients; ``numbers`` : how far debt is in distress, the scale of the effects, the leader's interest;
    ``traits`` : float64[J, N]
    """
    for i in range(out.size):
        effect = country_effect(mean[i], sd[i], numbers[1], draw[i], shift[i])
        out[i] = value.static_utility(
            beta, traits[:, i], punishment[i], numbers[0] * debt[i], effect, numbers[2]
        )


@compiled
def update_static_utility(countries: Countries, state: State) -> None:
    """Fill ``state.static_utility`` (float64[K, N], logits) where events changed what it stands on.

    Traits, coercion by rivals, debt, the country effect and the appeal (:func:`sim.theory.value.static_utility`).
    """
    if state.clock[CHANGED] & timeline.BASE_CHANGED == 0:
        return
    params, punishment = state.params, state.work[0]
    for k in range(state.exclusivity.size):
        for i in range(punishment.size):
            punishment[i] = 0.0
        for j in range(state.exclusivity.size):
            if j != k and state.exclusivity[k] >= 0.0:
                add_threat(state.threat[j], countries.dependence[j], punishment)
        b = bloc_start(k)
        beta = params[b + COEFFICIENTS : b + COEFFICIENTS + TERM_COUNT]
        numbers = (params[b + DEBT_DISTRESS], params[EFFECT_SCALE], params[b + APPEAL])
        shift = state.attributes[bloc_attribute(k, EFFECT_SHIFT)]
        static_utilities(beta, numbers, countries.traits[k], punishment, countries.debt[k], countries.effect_mean[k],
                         countries.effect_sd[k], state.effect_draw[k], shift, state.static_utility[k])  # fmt: skip
