"""One country's decision: what each bloc is worth to it now, and which membership it takes.

Called by the Mesa agent for itself and by the ensemble kernel in its loop.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.market import (
    AID_SHARE,
    ATTENTION,
    COEFFICIENTS,
    COMPUTE_FLOOR,
    EXCLUSIVITY_DEMAND,
    FUND,
    HEDGING_COST,
    JOIN_COST,
    LANDSCAPE_SCALE,
    LEAVE_COST,
    MEMBER,
    MU,
    OUTSIDER,
    PEERS_REGION,
    PEERS_TRADE,
    PEERS_VOTES,
    RULE,
    Claims,
    Offers,
    bloc_start,
)
from sim.inputs.arrays import Countries
from sim.registry.attributes import ATTENTION_FACTOR, EXCLUSIVITY, READINESS
from sim.theory import aid, chips, choice, divide, peers, sharing, value
from sim.theory._compile import compiled, compiled_allocating

PULL_UNIT = 1073741824.0  # 2**30: pulls of the landscape rule are fixed point, as peer weights are


class Market(NamedTuple):
    """What a country needs to know about everybody else when it decides.

    ``claims`` and ``offers`` : see :mod:`sim.engine.market`
    ``chip_total, aid_total`` : int64[K] all claims as memberships stand
    ``earmarks`` : float64[K, N] reserved aid, US$ bn a year
    """

    claims: Claims
    offers: Offers
    chip_total: NDArray[np.int64]
    aid_total: NDArray[np.int64]
    earmarks: NDArray[np.float64]


@compiled_allocating
def empty_market(blocs: int, n: int) -> Market:
    """Allocate the market of so many blocs and countries."""
    claims = Claims(np.zeros((blocs, n, 2), np.int64), np.zeros((blocs, n, 2), np.int64))
    offers = Offers(
        np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros((blocs, 2))
    )  # fmt: skip
    return Market(claims, offers, np.zeros(blocs, np.int64), np.zeros(blocs, np.int64), np.zeros((blocs, n)))


@compiled
def promised_aid(market: Market, k: int, i: int, member_now: int) -> tuple[float, float]:
    """Return aid promised to country ``i`` by bloc ``k`` as a member and as an outsider (US$ bn a year)."""
    now = market.claims.aid[k, i, member_now]
    inside = market.claims.aid[k, i, MEMBER]
    outside = market.claims.aid[k, i, OUTSIDER]
    member = (
        sharing.expected_share(market.offers.pool[k], market.aid_total[k], now, inside)
        + market.earmarks[k, i]
    )
    return member, sharing.expected_share(market.offers.pool[k], market.aid_total[k], now, outside)


@compiled
def policy_terms(
    row: NDArray[np.float64],
    attributes: NDArray[np.float64],
    countries: Countries,
    market: Market,
    k: int,
    i: int,
    membership: int,
    compute: float,
    gap: float,
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` (float64[3]) with the raw gains in chips, aid and divide that bloc ``k`` offers country ``i``.

    Parameters
    ----------
    membership : the country's membership of last step (bitmask)
    compute : installed compute, H100e
    gap : its digital divide, 0 .. 1
    """
    member_now = (membership >> k) & 1
    wanted = market.claims.chips
    claims = (wanted[k, i, member_now], wanted[k, i, MEMBER], wanted[k, i, OUTSIDER])
    floor = row[COMPUTE_FLOOR] * countries.population[i]
    out[0] = chips.membership_gain(
        market.offers.supply[k], market.offers.quality[k], market.chip_total[k], claims, attributes[READINESS, i],
        compute, floor,
    )  # fmt: skip
    gdp = countries.gdp[i]
    inside, outside = promised_aid(market, k, i, member_now)
    out[1] = aid.aid_gain(inside, outside, gdp)
    capacity = (market.offers.capacity[k, MEMBER], market.offers.capacity[k, OUTSIDER])
    percent = (100.0 * inside / gdp, 100.0 * outside / gdp)
    out[2] = divide.membership_gain(gap, capacity, percent, row[AID_SHARE], row[FUND])


@compiled
def peer_share(row: NDArray[np.float64], sums: tuple[int, int, int]) -> float:
    """Return the peer share of one country and bloc from the fixed-point sums of the three layers."""
    return peers.mix(sums, (row[PEERS_TRADE], row[PEERS_REGION], row[PEERS_VOTES]))


@compiled
def inclination(
    row: NDArray[np.float64], countries: Countries, k: int, i: int, standing: float, raw: NDArray[np.float64]
) -> float:
    """Return the value of bloc ``k`` without peers: the standing value, plus what moved since the reference offer."""
    b = bloc_start(k) + COEFFICIENTS
    reference = countries.reference
    moved: float = value.policy_value(
        (row[b + value.CHIPS], row[b + value.AID], row[b + value.DIVIDE]),
        raw[0] - reference[k, 0, i],
        raw[1] - reference[k, 1, i],
        raw[2] - reference[k, 2, i],
    )
    return standing + moved


@compiled
def peer_value(row: NDArray[np.float64], k: int, share: float) -> float:
    """Return the peer term of bloc ``k``: gamma times the share of peers that are members."""
    term: float = row[bloc_start(k) + COEFFICIENTS + value.PEERS] * share
    return term


@compiled
def attention(row: NDArray[np.float64], attributes: NDArray[np.float64], i: int, unstirred: float) -> float:
    """Return the probability that country ``i`` reconsiders now.

    ``unstirred`` is the probability that no event of this quarter stirs it (1 = nothing happened).
    """
    calm: float = min(1.0, row[ATTENTION] * attributes[ATTENTION_FACTOR, i])
    return 1.0 - (1.0 - calm) * unstirred


@compiled
def fill_demands(row: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Read the exclusivity that each leader demands (float64[K], logit units)."""
    for k in range(out.size):
        out[k] = row[bloc_start(k) + EXCLUSIVITY_DEMAND]


@compiled
def choose(
    row: NDArray[np.float64],
    hedging: float,
    inclinations: NDArray[np.float64],
    shares: NDArray[np.float64],
    pulls: NDArray[np.float64],
    demand: NDArray[np.float64],
    current: int,
    keep: int,
    draw: float,
    values: NDArray[np.float64],
    utility: NDArray[np.float64],
    scratch: NDArray[np.float64],
) -> int:
    """Return the membership a country takes under the rule in ``row``.

    Parameters
    ----------
    hedging : standing cost of a pair of rivals for this country, logit units
    inclinations, shares, pulls : float64[K], value without peers, peer share, landscape pull (-1 .. 1)
    demand : float64[K], exclusivity demanded
    current, keep : bitmasks: membership of last step, blocs never left
    draw : uniform in (0, 1), read by ``logit`` only
    values, utility, scratch : float64[K], float64[2**K], float64[2**K], overwritten
    """
    rule = int(row[RULE])
    if rule == choice.THRESHOLD:
        costs = (row[JOIN_COST], row[LEAVE_COST])
        return keep | choice.threshold_choice(inclinations, shares, current, demand, hedging, costs, row[MU])
    for k in range(values.size):
        if rule == choice.LANDSCAPE:
            values[k] = row[LANDSCAPE_SCALE] * pulls[k]
        else:
            values[k] = inclinations[k] + peer_value(row, k, shares[k])
    choice.set_utilities(values, current, keep, demand, hedging, row[JOIN_COST], row[LEAVE_COST], utility)
    if rule == choice.LOGIT:
        return choice.logit_choice(utility, row[MU], draw, scratch)
    return choice.best_response(utility, current)


@compiled
def hedging_cost(row: NDArray[np.float64], attributes: NDArray[np.float64], i: int) -> float:
    """Return the standing cost of a pair of rival blocs for country ``i``, logit units."""
    cost: float = row[HEDGING_COST] + attributes[EXCLUSIVITY, i]
    return cost
