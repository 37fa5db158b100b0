"""What leaders do: once a year each earmarks the reserve of its aid, by rule or where one more dollar buys most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import COEFFICIENTS, GRANT_SHARE, MU, bloc_start
from sim.engine.decision import fill_utilities
from sim.engine.market import promised_aid
from sim.engine.state import MEMBER, QUARTER, REVIEW, State
from sim.engine.values import fill_values
from sim.inputs.arrays import Countries
from sim.theory import choice, leaders, value
from sim.theory._compile import compiled, compiled_allocating

ABSORBED = 0.01  # a country absorbs at most one per cent of its GDP a year


@compiled
def plans_in(quarter: int) -> bool:
    """Return whether leaders plan their reserves in this quarter: in the first (1), then once a year."""
    return quarter % 4 == 1


@compiled
def dollar_scores(countries: Countries, state: State, bloc: int, out: NDArray[np.float64]) -> None:
    """Fill ``out`` (float64[N]) with the probability of membership that US$ 1 bn a year buys, times the leader's interest.

    Members and leaders score 0. Source: :func:`sim.theory.leaders.marginal_probability`.
    """
    room, params = state.scratch, state.params
    b = bloc_start(bloc)
    grants = params[b + GRANT_SHARE]
    weights = (params[b + COEFFICIENTS + value.GRANTS], params[b + COEFFICIENTS + value.LOANS])
    for i in range(state.membership.size):
        out[i] = 0.0
        if countries.frozen[i] or (state.membership[i] >> bloc) & 1:
            continue
        fill_values(countries, state, i)
        fill_utilities(countries, state, i, REVIEW, room.value, room.utility)
        choice.choice_probabilities(room.utility, params[MU], room.work)
        probability = 0.0
        for s in range(room.work.size):
            if (s >> bloc) & 1:
                probability += room.work[s]
        promised, _ = promised_aid(countries, state, bloc, i, 0)
        slope = leaders.finance_slope(weights[0], grants, promised, countries.gdp[i])
        slope += leaders.finance_slope(weights[1], 1.0 - grants, promised, countries.gdp[i])
        bought = leaders.marginal_probability(probability, params[MU], slope)
        out[i] = countries.interest[bloc, i] * bought


@compiled_allocating
def earmark(
    countries: Countries,
    mode: int,
    state: State,
    k: int,
    score: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` (float64[N], US$ bn a year) with the plan of leader ``k`` for its reserve of the year.

    ``mode`` : how the leader acts (:mod:`sim.theory.leaders`); ``score`` : float64[N] from :func:`dollar_scores`, which
    only a responsive leader reads
    """
    amount = state.allocation.offers.reserve[k]
    outside = np.empty(out.size, np.bool_)
    weight = np.empty(out.size)
    for i in range(out.size):
        outside[i] = (state.membership[i] >> k) & 1 == 0 and not countries.frozen[i]
        weight[i] = float(state.allocation.claims.aid[k, i, MEMBER])
    if mode == leaders.RESPONSIVE:
        absorb = np.where(outside, ABSORBED * countries.gdp, 0.0)
        leaders.earmark_by_response(score, absorb, amount, out)
    else:
        leaders.earmark_by_rule(weight, outside, amount, out)


@compiled
def announce(state: State, k: int, planned: NDArray[np.float64]) -> None:
    """Make the plan of leader ``k`` known; nothing is committed until somebody joins.

    ``planned`` : float64[N], US$ bn a year; only of countries outside the bloc
    """
    committed = 0.0
    for i in range(planned.size):
        state.allocation.earmarks[k, i] = planned[i]
        if (state.membership[i] >> k) & 1:
            committed += planned[i]
    state.allocation.committed[k] = committed


@compiled_allocating
def plan_reserves(countries: Countries, modes: NDArray[np.int64], state: State) -> None:
    """Plan every leader's reserve for the year ahead, in quarters in which leaders plan.

    Leaders plan at the same time: each looks at the promises of last year, all earmarks change together.
    ``modes`` : int64[K] how each acts
    """
    if not plans_in(state.clock[QUARTER]):
        return
    blocs, n = state.allocation.earmarks.shape
    planned = np.zeros((blocs, n))
    score = np.zeros(n)
    for k in range(blocs):
        if modes[k] == leaders.RESPONSIVE:
            dollar_scores(countries, state, k, score)
        earmark(countries, modes[k], state, k, score, planned[k])
    for k in range(blocs):
        announce(state, k, planned[k])
