"""What each bloc is worth to one country now: what it offers, the machines in use, peers, drift, an open window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import (
    COEFFICIENTS,
    COMPUTE_FLOOR,
    DISCRIMINATION_SD,
    FUND,
    GRANT_SHARE,
    HEDGING_COST,
    LOCK_IN,
    OPENING_BONUS,
    PEERS_REGION,
    PEERS_TRADE,
    PEERS_VOTES,
    SIGNING_SD,
    SUFFICIENCY,
    TERM_COUNT,
    bloc_start,
)
from sim.engine.market import promised_aid, promised_chips, promised_effort, yearly_need
from sim.engine.state import EFFECTS, OPEN, SEED, State
from sim.inputs.arrays import Countries, Network
from sim.registry.attributes import EXCLUSIVITY, READINESS
from sim.registry.terms import TRAIT_NAMES
from sim.theory import aid, chips, divide, draws, landscape, organizations, peers, value
from sim.theory._compile import compiled

AFFINITY = TRAIT_NAMES.index("affinity")
REGIME = TRAIT_NAMES.index("regime")
PULL_UNIT = 1073741824.0  # 2**30: pulls of the landscape rule are fixed point, as peer weights are


@compiled
def hedging_cost(state: State, i: int) -> float:
    """Return what belonging to a pair of rival blocs costs country ``i``, in logits."""
    cost: float = state.params[HEDGING_COST] + state.attributes[EXCLUSIVITY, i]
    return cost


@compiled
def free_chips(state: State, i: int, promised: NDArray[np.float64]) -> float:
    """Fill what every bloc would deliver to country ``i``, and return what it gets without joining anybody, H100e a year.

    ``promised`` : float64[K, 2] as a member and as an outsider, H100e a year, quality-weighted
    """
    total = 0.0
    for k in range(promised.shape[0]):
        member_now = (state.membership[i] >> k) & 1
        promised[k, 0], promised[k, 1] = promised_chips(state.allocation, k, i, member_now)
        total += promised[k, 1]
    return total


@compiled
def policy_terms(
    countries: Countries,
    state: State,
    k: int,
    i: int,
    market: tuple[float, float],
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` (float64[4]) with what membership of bloc ``k`` brings country ``i`` in chips, grants, loans and divide.

    In usable log units of compute, log units of 1 + finance in per cent of GDP, and index units of divide closed.
    ``market`` : chips it wants, and gets without joining anybody, H100e a year; ``state.scratch.chips`` is filled
    (:func:`free_chips`)
    """
    params, promised_by = state.params, state.scratch.chips
    readiness = state.attributes[READINESS, i]
    out[0] = chips.chip_leverage(
        readiness, market[0], promised_by[k, 0], promised_by[k, 1], market[1], params[SUFFICIENCY]
    )
    promised = promised_aid(countries, state, k, i, (state.membership[i] >> k) & 1)
    grants, gdp = params[bloc_start(k) + GRANT_SHARE], countries.gdp[i]
    out[1] = aid.finance_gain(promised[0], promised[1], grants, gdp)
    out[2] = aid.finance_gain(promised[0], promised[1], 1.0 - grants, gdp)
    inside, outside = promised_effort(countries, state, k, i, promised)
    out[3] = divide.divide_gain(state.divide[i], params[FUND] + inside, params[FUND] + outside)


@compiled
def peer_share(params: NDArray[np.float64], sums: tuple[float, float, float]) -> float:
    """Return the peer share (0 .. 1) of one country and bloc from the fixed-point sums of the three layers.

    ``params`` : float64[P], of the quarter
    """
    return peers.mix(sums, (params[PEERS_TRADE], params[PEERS_REGION], params[PEERS_VOTES]))


@compiled
def share_of_peers(state: State, k: int, i: int) -> float:
    """Return the weighted share of country ``i``'s peers that belong to bloc ``k``, 0 .. 1."""
    sums = state.peer_sums
    return peer_share(state.params, (sums[k, 0, i], sums[k, 1, i], sums[k, 2, i]))


@compiled
def against_reference(countries: Countries, k: int, i: int, raw: NDArray[np.float64]) -> None:
    """Take from gains what the reference offer gave in grants and loans; ``raw`` : float64[4] from :func:`policy_terms`."""
    raw[1] -= countries.reference[k, 0, i]
    raw[2] -= countries.reference[k, 1, i]


@compiled
def lock_in(countries: Countries, state: State, k: int, i: int, need: float) -> float:
    """Return the pull of the machines of country ``i`` that came from bloc ``k``, in logits.

    What it rents abroad counts as made by whom it came from at the start. ``need`` : H100e a year. Source:
    :func:`sim.theory.chips.lock_in`
    """
    params, start = state.params, countries.origin[k, i]
    rented = params[COMPUTE_FLOOR] * countries.population[i]
    stock, compute = state.stock[k, i], state.compute[i]
    return machines(params[LOCK_IN], stock, start, compute, rented, need, params[SUFFICIENCY])


@compiled
def machines(
    weight: float, stock: float, start: float, compute: float, rented: float, need: float, sufficiency: float
) -> float:
    """Return the pull of the machines of one country that came from one bloc, in logits (:func:`lock_in`).

    Parameters
    ----------
    weight : of :func:`sim.theory.chips.lock_in`; ``sufficiency`` likewise
    stock, compute, rented : installed from this bloc, installed in all, and rented abroad, H100e
    start : share of this bloc at the start, 0 .. 1
    need : H100e a year
    """
    used = compute + rented
    if used <= 0.0:
        return 0.0
    return chips.lock_in(weight, (stock + start * rented) / used, start, used, need, sufficiency)


@compiled
def drift(countries: Countries, state: State, k: int, i: int) -> float:
    """Return what the drift of two weights adds to bloc ``k`` for country ``i``, in logits."""
    traits = countries.traits
    return drifted(state.walk[k, 0], state.walk[k, 1], traits[k, AFFINITY, i], traits[k, REGIME, i])


@compiled
def drifted(affinity_walk: float, regime_walk: float, affinity: float, regime: float) -> float:
    """Return the drift of two weights (logits per sd) times the traits that they weigh (sd), in logits."""
    return affinity_walk * affinity + regime_walk * regime


@compiled
def opening(countries: Countries, state: State, k: int, i: int) -> float:
    """Return what an open founders' window adds to joining bloc ``k`` for country ``i``, in logits; 0 where none is open.

    Source: :func:`sim.theory.organizations.signing_value`
    """
    if (state.clock[OPEN] & ~state.membership[i]) >> k & 1 == 0:
        return 0.0
    params = state.params
    effect = 0.0
    if state.clock[EFFECTS] >= 0:
        key = draws.stream_key(state.clock[SEED], draws.SIGNING)
        draw = draws.normal_draw(key, state.clock[EFFECTS], k, countries.stream_id[i])
        effect = params[SIGNING_SD] * draw
    intercept = params[bloc_start(k) + COEFFICIENTS + value.INTERCEPT]
    return organizations.signing_value(
        state.static_utility[k, i], intercept, params[OPENING_BONUS] * state.window[k], effect,
        params[DISCRIMINATION_SD], state.list_draw[k],
    )  # fmt: skip


@compiled
def base_value(
    countries: Countries, state: State, k: int, i: int, need: float, raw: NDArray[np.float64]
) -> float:
    """Return the value of bloc ``k`` to country ``i`` without its peers, in logits.

    The static utility, what the bloc offers, the machines in use, drift and an open window. ``need`` : chips it wants, H100e a
    year; ``raw`` : float64[4] from :func:`policy_terms`; finance is set against the reference offer here
    """
    b = bloc_start(k) + COEFFICIENTS
    against_reference(countries, k, i, raw)
    policy = value.policy_value(state.params[b : b + TERM_COUNT], raw[0], raw[1], raw[2], raw[3])
    return in_all(
        state.static_utility[k, i], policy, lock_in(countries, state, k, i, need), drift(countries, state, k, i),
        opening(countries, state, k, i),
    )  # fmt: skip


@compiled
def in_all(static: float, policy: float, machines: float, drift: float, opening: float) -> float:
    """Return the value of one bloc to one country without its peers: all parts added up in one order, logits."""
    return static + policy + (machines + drift) + opening


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
    need = yearly_need(countries, state, i)
    free = free_chips(state, i, room.chips)
    for k in range(state.exclusivity.size):
        policy_terms(countries, state, k, i, (need, free), room.raw)
        room.base_value[k] = base_value(countries, state, k, i, need, room.raw)
        room.share[k] = share_of_peers(state, k, i)
        room.value[k] = room.base_value[k] + peer_value(state.params, k, room.share[k])


@compiled
def landscape_pull(network: Network, membership: NDArray[np.int64], k: int, i: int) -> float:
    """Return how far the members of bloc ``k`` attract country ``i``: sum of size x propensity, -1 .. 1.

    ``membership`` : int64[N] bitmasks. Source: :func:`sim.theory.landscape.pull`.
    """
    return float(landscape.pull(network.pull, membership, i, k)) / PULL_UNIT
