"""Sums over countries that both drivers need: claims on chips and aid, standing values, earmarks.

The Mesa model and the ensemble kernel call these very functions, so what a country is offered is the same number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.arrays import Countries
from sim.registry.attributes import (
    ACCESS_FLOOR,
    AID_FACTOR,
    CHIP_NEED,
    COUNTRY_ATTRIBUTES,
    EFFECT_SHIFT,
    PER_BLOC_ATTRIBUTES,
    READINESS,
)
from sim.registry.columns import GLOBALS, PER_BLOC, bloc_column, global_column
from sim.theory import aid, chips, leaders, pressure, value
from sim.theory._compile import compiled, compiled_allocating

RULE = global_column("rules.choice")
ATTENTION = global_column("behaviour.attention")
MU = global_column("behaviour.mu")
JOIN_COST = global_column("behaviour.join_cost")
LEAVE_COST = global_column("behaviour.leave_cost")
HEDGING_COST = global_column("behaviour.hedging_cost")
EFFECT_SCALE = global_column("behaviour.effect_scale")
LANDSCAPE_SCALE = global_column("behaviour.landscape_scale")
GROWTH_LONG = global_column("chips.growth_long")
GROWTH_HALFLIFE = global_column("chips.growth_halflife")
DEPRECIATION = global_column("chips.depreciation")
COMPUTE_FLOOR = global_column("chips.compute_floor")
OWN_RATE = global_column("divide.own_rate")
PROGRAMME_RATE = global_column("divide.programme_rate")
AID_SHARE = global_column("divide.aid_share")
FUND = global_column("divide.fund")
PEERS_TRADE = global_column("peers.trade")
PEERS_REGION = global_column("peers.region")
PEERS_VOTES = global_column("peers.votes")

CHIP_SUPPLY = bloc_column("chip_supply")
CHIP_GROWTH = bloc_column("chip_growth")
CHIP_QUALITY = bloc_column("chip_quality")
DOMESTIC_SUPPLY = bloc_column("domestic_supply")
ACCESS = bloc_column("access.tier1")
OUTSIDER_ACCESS = bloc_column("outsider_access.tier1")
AID_BUDGET = bloc_column("aid_budget")
AID_OUTSIDER_SHARE = bloc_column("aid_outsider_share")
AID_RESERVE = bloc_column("aid_reserve")
INSTITUTION = bloc_column("institution")
CAPACITY = bloc_column("capacity_programme")
CAPACITY_OUTSIDER = bloc_column("capacity_outsider_share")
EXCLUSIVITY_DEMAND = bloc_column("exclusivity")
COERCION_THREAT = bloc_column("coercion")
DEBT_DISTRESS = bloc_column("debt_distress")
COEFFICIENTS = bloc_column("coefficients.intercept")
TERM_COUNT = PER_BLOC - COEFFICIENTS

OUTSIDER = 0
MEMBER = 1


class Claims(NamedTuple):
    """Claims of every country on every bloc's offers, as outsider (0) and as member (1), fixed point.

    ``chips, aid`` : int64[K, N, 2]
    """

    chips: NDArray[np.int64]
    aid: NDArray[np.int64]


class Offers(NamedTuple):
    """What every bloc has to give in a quarter, at yearly rates.

    ``supply`` : float64[K] exportable chips, H100e a year; ``domestic`` : float64[K] chips installed at home
    ``quality`` : float64[K]; ``pool`` : float64[K] aid shared by rule, US$ bn a year
    ``reserve`` : float64[K] aid that may be earmarked, US$ bn a year
    ``capacity`` : float64[K, 2] capacity programme for an outsider and a member, 0 .. 1
    """

    supply: NDArray[np.float64]
    domestic: NDArray[np.float64]
    quality: NDArray[np.float64]
    pool: NDArray[np.float64]
    reserve: NDArray[np.float64]
    capacity: NDArray[np.float64]


@compiled
def bloc_start(k: int) -> int:
    """Return the first column of bloc ``k`` in the parameter row."""
    return GLOBALS + k * PER_BLOC


@compiled
def bloc_attribute(k: int, which: int) -> int:
    """Return the row of an attribute of bloc ``k`` in the attribute table."""
    return COUNTRY_ATTRIBUTES + k * PER_BLOC_ATTRIBUTES + which


@compiled
def fill_claims(
    row: NDArray[np.float64], attributes: NDArray[np.float64], countries: Countries, claims: Claims
) -> None:
    """Compute every country's claims on chips (need x access) and aid (allocation rule x entitlement)."""
    for k in range(countries.leads.shape[0]):
        b = bloc_start(k)
        floor = bloc_attribute(k, ACCESS_FLOOR)
        factor = bloc_attribute(k, AID_FACTOR)
        for i in range(countries.gdp.size):
            need = countries.gdp[i] * attributes[READINESS, i] * attributes[CHIP_NEED, i]
            inside = max(row[b + ACCESS + countries.tier[k, i]], attributes[floor, i])
            outside = row[b + OUTSIDER_ACCESS + countries.tier[k, i]]
            if countries.leads[k, i]:
                need = 0.0
            claims.chips[k, i, OUTSIDER] = chips.demand_weight(need, outside)
            claims.chips[k, i, MEMBER] = chips.demand_weight(need, inside)
            weight = 0.0 if countries.frozen[i] else countries.aid_weight[k, i] * attributes[factor, i]
            claims.aid[k, i, OUTSIDER] = aid.claim(weight, row[b + AID_OUTSIDER_SHARE])
            claims.aid[k, i, MEMBER] = aid.claim(weight, 1.0)


@compiled
def total_claims(claim: NDArray[np.int64], membership: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    """Fill ``out`` (int64[K]) with the sum of all claims as memberships stand; exact in any order."""
    for k in range(out.size):
        total = np.int64(0)
        for i in range(membership.size):
            total += claim[k, i, (membership[i] >> k) & 1]
        out[k] = total


@compiled
def fill_offers(row: NDArray[np.float64], step: int, offers: Offers) -> None:
    """Compute what every bloc has to give in the quarter ``step`` (0 = first quarter of the horizon)."""
    years = 0.25 * step
    for k in range(offers.supply.size):
        b = bloc_start(k)
        growth = chips.chip_supply(1.0, row[b + CHIP_GROWTH], row[GROWTH_LONG], row[GROWTH_HALFLIFE], years)
        offers.supply[k] = row[b + CHIP_SUPPLY] * growth
        offers.domestic[k] = row[b + DOMESTIC_SUPPLY] * growth
        offers.quality[k] = row[b + CHIP_QUALITY]
        offers.pool[k] = aid.pool(row[b + AID_BUDGET], row[b + AID_RESERVE])
        offers.reserve[k] = row[b + AID_BUDGET] * row[b + AID_RESERVE]
        programme = row[b + INSTITUTION] * row[b + CAPACITY]
        offers.capacity[k, MEMBER] = programme
        offers.capacity[k, OUTSIDER] = programme * row[b + CAPACITY_OUTSIDER]


@compiled
def country_effect(countries: Countries, k: int, i: int, scale: float, draw: float, shift: float) -> float:
    """Return the persistent effect of one country and bloc: mean + scale x sd x draw + what a scenario adds."""
    effect: float = countries.effect_mean[k, i] + scale * countries.effect_sd[k, i] * draw + shift
    return effect


@compiled
def static_utility(
    row: NDArray[np.float64],
    attributes: NDArray[np.float64],
    countries: Countries,
    normals: NDArray[np.float64],
    k: int,
    i: int,
    threat: NDArray[np.float64],
) -> float:
    """Return the standing value of bloc ``k`` to country ``i``: traits, coercion, debt and the country effect."""
    b = bloc_start(k)
    punishment = pressure.coercion(k, threat, countries.dependence[:, i])
    burden = row[b + DEBT_DISTRESS] * countries.debt[k, i]
    shift = attributes[bloc_attribute(k, EFFECT_SHIFT), i]
    effect = country_effect(countries, k, i, row[EFFECT_SCALE], normals[k, i], shift)
    beta = row[b + COEFFICIENTS : b + COEFFICIENTS + TERM_COUNT]
    return value.static_utility(beta, countries.traits[k, :, i], punishment, burden, effect)


@compiled
def fill_threat(row: NDArray[np.float64], threat: NDArray[np.float64]) -> None:
    """Read how hard each leader threatens members of rival blocs (float64[K])."""
    for k in range(threat.size):
        threat[k] = row[bloc_start(k) + COERCION_THREAT]


@compiled_allocating
def earmark(
    mode: int,
    k: int,
    amount: float,
    membership: NDArray[np.int64],
    countries: Countries,
    claims: Claims,
    score: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Plan the reserve of bloc ``k`` for a year (``out``: float64[N], US$ bn a year).

    ``score`` is what a dollar buys in each country; it is read only by a responsive leader. A country absorbs at most
    one per cent of its GDP.
    """
    outside = np.empty(membership.size, np.bool_)
    weight = np.empty(membership.size)
    for i in range(membership.size):
        outside[i] = (membership[i] >> k) & 1 == 0 and not countries.frozen[i]
        weight[i] = float(claims.aid[k, i, MEMBER])
    if mode == leaders.RESPONSIVE:
        absorb = np.where(outside, 0.01 * countries.gdp, 0.0)
        leaders.earmark_by_response(score, absorb, amount, out)
    else:
        leaders.earmark_by_rule(weight, outside, amount, out)
