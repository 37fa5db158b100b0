"""What leaders do: once a year each earmarks the reserve of its aid, by rule or where one more dollar buys most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import COEFFICIENTS, GRANT_SHARE, MU, bloc_start
from sim.engine.deciders import GDP, gather, set_size
from sim.engine.race import BEST, EXPECTED, TOTAL, fill_utilities
from sim.engine.state import MEMBER, QUARTER, State
from sim.engine.terms import AID_IN, Row, fill_values
from sim.inputs.arrays import Countries
from sim.theory import choice, leaders, value
from sim.theory._compile import compiled, compiled_pass

ABSORBED = 0.01  # a country absorbs at most one per cent of its GDP a year


@compiled
def plans_in(quarter: int) -> bool:
    """Return whether leaders plan their reserves in this quarter: in the first (1), then once a year."""
    return quarter % 4 == 1


@compiled
def weigh_all(countries: Countries, state: State) -> None:
    """Let all countries weigh every membership as if they reviewed theirs now (``state.deciders``, in their order).

    Weights of the logit stand in ``taste``, their sum in ``work``. Those of leaders, who never review, mean nothing.
    """
    for i in range(state.membership.size):
        state.deciders.who[i] = i
    set_size(state.deciders, state.membership.size)
    gather(countries, state, None)
    fill_values(state)
    fill_utilities(state)
    room, mu = state.deciders, state.params[MU]
    total, best, so_far = room.work[TOTAL], room.work[BEST], room.work[EXPECTED]
    higher(room.size[1], room.utility[0], room.utility[1], best)
    for s in range(2, room.utility.shape[0], 2):  # to the other row and back: the number of sets is even
        higher(room.size[1], best, room.utility[s], so_far)
        higher(room.size[1], so_far, room.utility[s + 1], best)
    for d in range(room.size[1]):
        total[d] = 0.0
    for s in range(room.utility.shape[0]):
        weigh_set(room.size[1], mu, room.utility[s], best, total, room.taste[s])


@compiled_pass
def higher(count: int, one: Row, other: Row, out: Row) -> None:
    """Fill ``out`` with the higher of two utilities."""
    for d in range(count):
        out[d] = max(one[d], other[d])


@compiled_pass
def weigh_set(count: int, mu: float, utility: Row, best: Row, total: Row, out: Row) -> None:
    """Fill ``out`` with the weight of a membership set in the logit, and add it to ``total``."""
    for d in range(count):
        out[d] = choice.logit_weight(utility[d], best[d], mu)
        total[d] += out[d]


@compiled_pass
def add_probability(count: int, weight: Row, total: Row, out: Row) -> None:
    """Add the logit probability of a membership set to ``out``."""
    for d in range(count):
        out[d] += weight[d] / total[d]


@compiled_pass
def buy(
    count: int, mu: float, beta: tuple[float, float], grants: float, promised: Row, gdp: Row, probability: Row
) -> None:
    """Turn the probability of membership into how much of it US$ 1 bn a year buys; ``beta`` : of grants and of loans."""
    for d in range(count):
        slope = leaders.finance_slope(beta[0], grants, promised[d], gdp[d])
        slope += leaders.finance_slope(beta[1], 1.0 - grants, promised[d], gdp[d])
        probability[d] = leaders.marginal_probability(probability[d], mu, slope)


@compiled
def dollar_scores(countries: Countries, state: State, bloc: int, out: NDArray[np.float64]) -> None:
    """Fill ``out`` (float64[N]) with the probability of membership that US$ 1 bn a year buys, times the leader's interest.

    Members and leaders score 0; :func:`weigh_all` comes first. Source: :func:`sim.theory.leaders.marginal_probability`.
    """
    room, params, b = state.deciders, state.params, bloc_start(bloc)
    count, mu = room.size[1], params[MU]
    total, probability = room.work[TOTAL], room.work[EXPECTED]
    for d in range(count):
        probability[d] = 0.0
    for s in range(room.utility.shape[0]):
        if (s >> bloc) & 1:
            add_probability(count, room.taste[s], total, probability)
    beta = (params[b + COEFFICIENTS + value.GRANTS], params[b + COEFFICIENTS + value.LOANS])
    buy(count, mu, beta, params[b + GRANT_SHARE], room.promised[bloc, AID_IN], room.own[GDP], probability)
    score_outsiders(bloc, state.membership, countries.frozen, countries.interest[bloc], probability, out)


@compiled_pass
def score_outsiders(
    k: int, membership: NDArray[np.int64], frozen: NDArray[np.bool_], interest: Row, bought: Row, out: Row
) -> None:
    """Fill ``out`` (float64[N]) with what US$ 1 bn a year has ``bought``, times the leader's ``interest``.

    It is 0 for members of bloc ``k`` and for leaders: ``membership`` int64[N] bitmasks, ``frozen`` bool[N].
    """
    for i in range(out.size):
        inside = (membership[i] >> k) & 1 or frozen[i]
        score = interest[i] * bought[i]
        out[i] = 0.0 if inside else score


@compiled_pass
def absorb(k: int, membership: NDArray[np.int64], frozen: NDArray[np.bool_], gdp: Row, out: Row) -> None:
    """Fill ``out`` (float64[N], US$ bn a year) with what outsiders of bloc ``k`` can take; members and leaders take nothing.

    ``membership`` : int64[N] bitmasks; ``frozen`` : bool[N], leaders; ``gdp`` : float64[N], US$ bn
    """
    for i in range(out.size):
        inside = (membership[i] >> k) & 1 or frozen[i]
        most = ABSORBED * gdp[i]
        out[i] = 0.0 if inside else most


@compiled
def plan_by_rule(countries: Countries, state: State, k: int, out: NDArray[np.float64]) -> None:
    """Fill ``out`` (float64[N], US$ bn a year) with the plan of a leader for its reserve of the year, by rule."""
    claims, outside = state.allocation.claims.aid[k, MEMBER], state.work[0]
    for i in range(out.size):
        outside[i] = 0.0 if countries.frozen[i] or (state.membership[i] >> k) & 1 else 1.0
    leaders.earmark_by_rule(claims, outside, state.allocation.offers.reserve[k], out)


@compiled
def plan_by_response(
    countries: Countries, state: State, k: int, score: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """Fill ``out`` (float64[N], US$ bn a year) with the plan of a responsive leader; ``score`` from :func:`dollar_scores`."""
    absorb(k, state.membership, countries.frozen, countries.gdp, state.work[0])
    leaders.earmark_by_response(score, state.work[0], state.allocation.offers.reserve[k], state.allocation.drawers,
                                state.deciders.top[0], state.deciders.top[1], out)  # fmt: skip


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


@compiled
def plan_reserves(
    countries: Countries, modes: NDArray[np.int64], responsive: bool | None, state: State
) -> None:
    """Plan every leader's reserve for the year ahead, in quarters in which leaders plan.

    Leaders plan at the same time: each looks at the promises of last year, all earmarks change together.
    ``modes`` : int64[K] how each acts; ``responsive`` : None if none of them responds: that part is then not compiled
    """
    if not plans_in(state.clock[QUARTER]):
        return
    planned, score = state.allocation.planned, state.allocation.score
    for k in range(modes.size):
        if modes[k] != leaders.RESPONSIVE:
            plan_by_rule(countries, state, k, planned[k])
    if responsive is not None:
        weigh_all(countries, state)
        for k in range(modes.size):
            if modes[k] == leaders.RESPONSIVE:
                dollar_scores(countries, state, k, score)
                plan_by_response(countries, state, k, score, planned[k])
    for k in range(modes.size):
        announce(state, k, planned[k])
