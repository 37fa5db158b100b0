"""Where each parameter and attribute stands: columns of a run's parameters, rows of the attribute table.

The registry decides the order; compiled code freezes these constants.
"""

from __future__ import annotations

from sim.registry.attributes import COUNTRY_ATTRIBUTES, PER_BLOC_ATTRIBUTES
from sim.registry.columns import GLOBALS, PER_BLOC, bloc_column, global_column
from sim.theory._compile import compiled

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


@compiled
def bloc_start(k: int) -> int:
    """Return the first parameter column of bloc ``k``; the constants of a bloc are offsets from it."""
    return GLOBALS + k * PER_BLOC


@compiled
def bloc_attribute(k: int, which: int) -> int:
    """Return the row of the attribute table that holds attribute ``which`` of bloc ``k``."""
    return COUNTRY_ATTRIBUTES + k * PER_BLOC_ATTRIBUTES + which
