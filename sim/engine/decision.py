"""One country's decision: the utility of every membership set, and which one it takes by the rule in force."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import HEDGING_COST, JOIN_COST, LANDSCAPE_SCALE, LEAVE_COST, MU, RULE
from sim.engine.occasions import choice_masks, standing
from sim.engine.state import NOT_NOW, State
from sim.engine.values import fill_values, landscape_pull
from sim.inputs.arrays import Countries, Network
from sim.registry.attributes import EXCLUSIVITY
from sim.theory import choice
from sim.theory._compile import compiled


@compiled
def hedging_cost(state: State, i: int) -> float:
    """Return what belonging to a pair of rival blocs costs country ``i``, in logits."""
    cost: float = state.params[HEDGING_COST] + state.attributes[EXCLUSIVITY, i]
    return cost


@compiled
def fill_utilities(
    countries: Countries,
    state: State,
    i: int,
    occasion: int,
    values: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` (float64[S], logits) with the utility of every membership set to country ``i``.

    ``occasion`` : why it decides (:func:`occasion`); ``values`` : float64[K] value of belonging to each bloc, logits
    """
    choice.set_utilities(
        values, standing(state, i), choice_masks(countries, state, i, occasion), state.exclusivity, hedging_cost(state, i),
        state.params[JOIN_COST], state.params[LEAVE_COST], out,
    )  # fmt: skip


@compiled
def choose_by_value(
    countries: Countries, state: State, i: int, values: NDArray[np.float64], draw: float
) -> int:
    """Return the membership (bitmask) that country ``i`` takes at these values, by logit or as best response.

    Parameters
    ----------
    values : float64[K] value of belonging to each bloc, logits
    draw : uniform in (0, 1), read by the logit only
    """
    utility = state.scratch.utility
    fill_utilities(countries, state, i, state.occasion[i], values, utility)
    if int(state.params[RULE]) == choice.LOGIT:
        return choice.logit_choice(utility, state.params[MU], draw, state.scratch.work)
    return choice.best_response(utility, standing(state, i))


@compiled
def choose_by_threshold(
    countries: Countries,
    state: State,
    i: int,
    base_values: NDArray[np.float64],
    shares: NDArray[np.float64],
) -> int:
    """Return the membership (bitmask) that country ``i`` takes by the threshold rule; blocs it founded it keeps.

    ``base_values`` : float64[K] value without peers, logits; ``shares`` : float64[K] share of peers, 0 .. 1
    """
    costs = (state.params[JOIN_COST], state.params[LEAVE_COST])
    masks = choice_masks(countries, state, i, state.occasion[i])
    return choice.threshold_choice(
        base_values, shares, standing(state, i), masks, state.exclusivity, hedging_cost(state, i), costs, state.params[MU]
    )  # fmt: skip


@compiled
def decide(countries: Countries, network: Network, state: State, i: int) -> int:
    """Return the membership (bitmask) that country ``i`` takes under the rule in force, on last quarter's memberships."""
    room = state.scratch
    rule = int(state.params[RULE])
    if rule == choice.LANDSCAPE:
        for k in range(state.exclusivity.size):
            room.value[k] = state.params[LANDSCAPE_SCALE] * landscape_pull(network, state.membership, k, i)
    else:
        fill_values(countries, state, i)
    if rule == choice.THRESHOLD:
        return choose_by_threshold(countries, state, i, room.base_value, room.share)
    return choose_by_value(countries, state, i, room.value, state.choice_draw[i])


@compiled
def decide_all(countries: Countries, network: Network, state: State) -> None:
    """Fill ``state.next_membership``: countries with an occasion choose anew, all others stay; leaders never review."""
    for i in range(state.membership.size):
        state.next_membership[i] = standing(state, i)
        if state.occasion[i] != NOT_NOW:
            state.next_membership[i] = decide(countries, network, state, i)
