"""One country's decision: what each bloc is worth to it now, and which membership it takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import (
    ATTENTION,
    COEFFICIENTS,
    COMPUTE_FLOOR,
    FUND,
    HEDGING_COST,
    JOIN_COST,
    LANDSCAPE_SCALE,
    LEAVE_COST,
    MU,
    PEERS_REGION,
    PEERS_TRADE,
    PEERS_VOTES,
    RULE,
    bloc_start,
)
from sim.engine.market import promised_aid, promised_chips, promised_effort
from sim.engine.state import CHANCE, CHOICE_KEY, QUARTER, State
from sim.inputs.arrays import Countries, Network
from sim.registry.attributes import ATTENTION_FACTOR, EXCLUSIVITY, READINESS
from sim.theory import aid, chips, choice, divide, draws, landscape, peers, value
from sim.theory._compile import compiled

PULL_UNIT = 1073741824.0  # 2**30: pulls of the landscape rule are fixed point, as peer weights are


@compiled
def draw_reviews(stream_id: NDArray[np.int64], state: State) -> None:
    """Fill the uniform draws of the quarter of the clock: whether each country reviews, and what it chooses.

    ``stream_id`` : int64[N] identities of the countries in the random streams
    """
    key, chance, quarter = state.clock[CHOICE_KEY], state.clock[CHANCE], state.clock[QUARTER]
    for i in range(state.membership.size):
        state.review_draw[i], state.choice_draw[i] = draws.choice_draws(key, chance, quarter, stream_id[i])


@compiled
def review_prob(state: State, i: int) -> float:
    """Return the probability that country ``i`` reviews its membership in this quarter."""
    calm = min(1.0, state.params[ATTENTION] * state.attributes[ATTENTION_FACTOR, i])
    probability: float = 1.0 - (1.0 - calm) * state.no_event_prob[i]
    return probability


@compiled
def policy_terms(countries: Countries, state: State, k: int, i: int, out: NDArray[np.float64]) -> None:
    """Fill ``out`` (float64[3]) with what membership of bloc ``k`` would bring country ``i`` in chips, aid and divide.

    In usable log units of compute, log units of 1 + aid in per cent of GDP, and index units of divide closed.
    """
    allocation, params = state.allocation, state.params
    member_now = (state.membership[i] >> k) & 1
    chips_inside, chips_outside = promised_chips(allocation, k, i, member_now)
    floor = params[COMPUTE_FLOOR] * countries.population[i]
    readiness = state.attributes[READINESS, i]
    out[0] = chips.compute_gain(readiness, state.compute[i], chips_inside, chips_outside, floor)
    promised = promised_aid(allocation, k, i, member_now)
    out[1] = aid.aid_gain(promised[0], promised[1], countries.gdp[i])
    inside, outside = promised_effort(countries, state, k, i, promised)
    out[2] = divide.divide_gain(state.divide[i], params[FUND] + inside, params[FUND] + outside)


@compiled
def peer_share(params: NDArray[np.float64], sums: tuple[int, int, int]) -> float:
    """Return the peer share (0 .. 1) of one country and bloc from the fixed-point sums of the three layers.

    ``params`` : float64[P], of the quarter
    """
    return peers.mix(sums, (params[PEERS_TRADE], params[PEERS_REGION], params[PEERS_VOTES]))


@compiled
def share_of_peers(state: State, k: int, i: int) -> float:
    """Return the weighted share of country ``i``'s peers that belong to bloc ``k``, 0 .. 1."""
    sums = state.peer_sums
    return peer_share(state.params, (sums[k, i, 0], sums[k, i, 1], sums[k, i, 2]))


@compiled
def base_value(countries: Countries, state: State, k: int, i: int, raw: NDArray[np.float64]) -> float:
    """Return the value of bloc ``k`` to country ``i`` without its peers, in logits.

    The static utility, plus what changed since the reference offer. ``raw`` : float64[3] from :func:`policy_terms`
    """
    b = bloc_start(k) + COEFFICIENTS
    params, reference = state.params, countries.reference
    moved = value.policy_value(
        (params[b + value.CHIPS], params[b + value.AID], params[b + value.DIVIDE]),
        raw[0] - reference[k, 0, i],
        raw[1] - reference[k, 1, i],
        raw[2] - reference[k, 2, i],
    )
    total: float = state.static_utility[k, i] + moved
    return total


@compiled
def peer_value(params: NDArray[np.float64], k: int, share: float) -> float:
    """Return the peer term of bloc ``k`` in logits: gamma times the share (0 .. 1) of peers that are members.

    ``params`` : float64[P], of the quarter
    """
    term: float = params[bloc_start(k) + COEFFICIENTS + value.PEERS] * share
    return term


@compiled
def fill_values(countries: Countries, state: State, i: int) -> None:
    """Fill ``state.scratch`` with what every bloc is worth to country ``i``: without peers, their share, and in all."""
    room = state.scratch
    for k in range(state.exclusivity.size):
        policy_terms(countries, state, k, i, room.raw)
        room.base_value[k] = base_value(countries, state, k, i, room.raw)
        room.share[k] = share_of_peers(state, k, i)
        room.value[k] = room.base_value[k] + peer_value(state.params, k, room.share[k])


@compiled
def landscape_pull(network: Network, membership: NDArray[np.int64], k: int, i: int) -> float:
    """Return how far the members of bloc ``k`` attract country ``i``: sum of size x propensity, -1 .. 1.

    ``membership`` : int64[N] bitmasks. Source: :func:`sim.theory.landscape.pull`.
    """
    return float(landscape.pull(network.pull, membership, i, k)) / PULL_UNIT


@compiled
def hedging_cost(state: State, i: int) -> float:
    """Return what belonging to a pair of rival blocs costs country ``i``, in logits."""
    cost: float = state.params[HEDGING_COST] + state.attributes[EXCLUSIVITY, i]
    return cost


@compiled
def fill_utilities(
    countries: Countries, state: State, i: int, values: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """Fill ``out`` (float64[S], logits) with the utility of every membership set to country ``i``.

    ``values`` : float64[K] value of belonging to each bloc, logits
    """
    choice.set_utilities(
        values, state.membership[i], countries.permanent_blocs[i], state.exclusivity, hedging_cost(state, i),
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
    fill_utilities(countries, state, i, values, utility)
    if int(state.params[RULE]) == choice.LOGIT:
        return choice.logit_choice(utility, state.params[MU], draw, state.scratch.work)
    return choice.best_response(utility, state.membership[i])


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
    found = choice.threshold_choice(
        base_values, shares, state.membership[i], state.exclusivity, hedging_cost(state, i), costs, state.params[MU]
    )  # fmt: skip
    membership: int = countries.permanent_blocs[i] | found
    return membership


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
    """Fill ``state.next_membership``: countries that review choose anew, all others stay; leaders never review."""
    for i in range(state.membership.size):
        state.next_membership[i] = state.membership[i]
        if state.review_draw[i] < review_prob(state, i) and not countries.frozen[i]:
            state.next_membership[i] = decide(countries, network, state, i)
