"""Decisions: the utility of every membership set, and which one a country takes by the rule in force; a quarter's at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import JOIN_COST, LANDSCAPE_SCALE, LEAVE_COST, MU, RULE
from sim.engine.deciders import BAR, HEDGING, KEEP, NOTICE, STANDING, gather, set_size
from sim.engine.occasions import choice_masks, standing
from sim.engine.race import fill_utilities as fill_utilities_of_all
from sim.engine.race import run_race
from sim.engine.state import NOT_NOW, State
from sim.engine.terms import fill_values
from sim.engine.values import hedging_cost, landscape_pull
from sim.inputs.arrays import Countries, Network
from sim.theory import choice
from sim.theory._compile import compiled


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
def pick_by_other_rule(network: Network, state: State, rule: int) -> None:
    """Fill ``top`` with the membership that every decider takes by best response, threshold or landscape."""
    room = state.deciders
    if rule == choice.LANDSCAPE:
        for d in range(room.size[1]):
            for k in range(state.exclusivity.size):
                pull = landscape_pull(network, state.membership, k, room.who[d])
                room.value[k, d] = state.params[LANDSCAPE_SCALE] * pull
    if rule == choice.THRESHOLD:
        costs = (state.params[JOIN_COST], state.params[LEAVE_COST])
        for d in range(room.size[0]):
            masks = (room.held[KEEP, d], room.held[BAR, d], room.held[NOTICE, d])
            room.top[0, d] = choice.threshold_choice(
                room.base_value[:, d], room.share[:, d], room.held[STANDING, d], masks, state.exclusivity,
                room.own[HEDGING, d], costs, state.params[MU],
            )  # fmt: skip
        return
    fill_utilities_of_all(state)
    for d in range(room.size[0]):
        room.top[0, d] = choice.best_response(room.utility[:, d], room.held[STANDING, d])


@compiled
def decide_all(countries: Countries, network: Network, other_rules: bool | None, state: State) -> None:
    """Fill ``state.next_membership``: countries with an occasion choose anew, all others stay; leaders never review.

    ``other_rules`` : None if all runs choose by the logit: what the other rules need is then not compiled
    """
    room = state.deciders
    count = 0
    for i in range(state.membership.size):
        state.next_membership[i] = standing(state, i)
        room.who[count] = i
        count += state.occasion[i] != NOT_NOW
    set_size(room, count)
    gather(countries, state, room.who)
    fill_values(state)
    if other_rules is not None:
        rule = int(state.params[RULE])
        if rule != choice.LOGIT:
            pick_by_other_rule(network, state, rule)
        else:
            fill_utilities_of_all(state)
            run_race(state)
    else:
        fill_utilities_of_all(state)
        run_race(state)
    for d in range(room.size[0]):
        state.next_membership[room.who[d]] = room.top[0, d]
