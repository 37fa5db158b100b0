"""What a leader looks at when it plans its reserve: what one more dollar buys in each country."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine import decision
from sim.engine.decision import Market
from sim.engine.market import COEFFICIENTS, JOIN_COST, LEAVE_COST, MU, bloc_attribute, bloc_start, earmark
from sim.inputs.arrays import Countries
from sim.registry.attributes import AID_OFFER
from sim.theory import choice, leaders, value
from sim.theory._compile import compiled, compiled_allocating


@compiled
def plans_in(step: int) -> bool:
    """Tell whether leaders plan their reserves in this quarter: in the first, then once a year."""
    return step % 4 == 1


@compiled
def standing_offer(attributes: NDArray[np.float64], countries: Countries, k: int, i: int) -> float:
    """Return aid that a scenario offers one country for membership, on top of the bloc's budget (US$ bn a year)."""
    return 0.0 if countries.frozen[i] else 0.001 * attributes[bloc_attribute(k, AID_OFFER), i]


@compiled_allocating
def dollar_scores(
    row: NDArray[np.float64],
    attributes: NDArray[np.float64],
    countries: Countries,
    market: Market,
    bloc: int,
    membership: NDArray[np.int64],
    compute: NDArray[np.float64],
    gap: NDArray[np.float64],
    standing: NDArray[np.float64],
    sums: NDArray[np.int64],
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` (float64[N]) with the probability of membership that US$ 1 bn buys, times the leader's interest.

    Parameters
    ----------
    standing : float64[K, N] standing values
    sums : int64[K, N, 3] fixed-point peer sums
    Others as in :func:`sim.engine.decision.policy_terms`.
    """
    blocs = standing.shape[0]
    raw = np.empty(3)
    values = np.empty(blocs)
    demand = np.empty(blocs)
    utility = np.empty(1 << blocs)
    chance = np.empty(1 << blocs)
    decision.fill_demands(row, demand)
    slope = row[bloc_start(bloc) + COEFFICIENTS + value.AID]
    for i in range(membership.size):
        out[i] = 0.0
        if countries.frozen[i] or (membership[i] >> bloc) & 1:
            continue
        for k in range(blocs):
            decision.policy_terms(
                row, attributes, countries, market, k, i, membership[i], compute[i], gap[i], raw
            )
            share = decision.peer_share(row, (sums[k, i, 0], sums[k, i, 1], sums[k, i, 2]))
            values[k] = decision.inclination(row, countries, k, i, standing[k, i], raw) + decision.peer_value(
                row, k, share
            )
        hedging = decision.hedging_cost(row, attributes, i)
        choice.set_utilities(
            values,
            membership[i],
            countries.permanent_blocs[i],
            demand,
            hedging,
            row[JOIN_COST],
            row[LEAVE_COST],
            utility,
        )
        choice.choice_probabilities(utility, row[MU], chance)
        probability = 0.0
        for s in range(chance.size):
            if (s >> bloc) & 1:
                probability += chance[s]
        promised, _ = decision.promised_aid(market, bloc, i, 0)
        bought = leaders.marginal_probability(probability, row[MU], slope, promised, countries.gdp[i])
        out[i] = countries.interest[bloc, i] * bought


@compiled_allocating
def plan_reserves(
    row: NDArray[np.float64],
    attributes: NDArray[np.float64],
    countries: Countries,
    market: Market,
    modes: NDArray[np.int64],
    membership: NDArray[np.int64],
    compute: NDArray[np.float64],
    gap: NDArray[np.float64],
    standing: NDArray[np.float64],
    sums: NDArray[np.int64],
) -> None:
    """Plan every leader's reserve for the year ahead into ``market.earmarks``, on top of what a scenario offers.

    Leaders plan at the same time: each looks at the promises of last year, all earmarks change together.
    """
    blocs = standing.shape[0]
    planned = np.zeros((blocs, membership.size))
    score = np.zeros(membership.size)
    for k in range(blocs):
        if modes[k] == leaders.RESPONSIVE:
            dollar_scores(
                row, attributes, countries, market, k, membership, compute, gap, standing, sums, score
            )
        earmark(
            modes[k], k, market.offers.reserve[k], membership, countries, market.claims, score, planned[k]
        )
    for k in range(blocs):
        for i in range(membership.size):
            market.earmarks[k, i] = planned[k, i] + standing_offer(attributes, countries, k, i)
