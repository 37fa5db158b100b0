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
LOCK_IN = global_column("behaviour.lock_in")
EFFECT_SCALE = global_column("behaviour.effect_scale")
LANDSCAPE_SCALE = global_column("behaviour.landscape_scale")
GROWTH_LONG = global_column("chips.growth_long")
GROWTH_HALFLIFE = global_column("chips.growth_halflife")
SUFFICIENCY = global_column("chips.sufficiency")
DEPRECIATION = global_column("chips.depreciation")
COMPUTE_FLOOR = global_column("chips.compute_floor")
OWN_RATE = global_column("divide.own_rate")
PROGRAMME_RATE = global_column("divide.programme_rate")
AID_SHARE = global_column("divide.aid_share")
FUND = global_column("divide.fund")
OPENING_ATTENTION = global_column("organizations.opening_attention")
OPENING_BONUS = global_column("organizations.opening_bonus")
BEFORE_FORCE = global_column("organizations.before_force")
SIGNING_SD = global_column("organizations.signing_sd")
DISCRIMINATION_SD = global_column("organizations.discrimination_sd")
PEERS_TRADE = global_column("peers.trade")
PEERS_REGION = global_column("peers.region")
PEERS_VOTES = global_column("peers.votes")

CHIP_SUPPLY = bloc_column("chip_supply")
CHIP_GROWTH = bloc_column("chip_growth")
CHIP_QUALITY = bloc_column("chip_quality")
DOMESTIC_SUPPLY = bloc_column("domestic_supply")
ACCESS = bloc_column("access.tier1")
CONDITIONALITY = bloc_column("conditionality.tier1")
CONDITIONALITY_OF_AID = bloc_column("conditionality.aid")
AID_BUDGET = bloc_column("aid_budget")
AID_RESERVE = bloc_column("aid_reserve")
GRANT_SHARE = bloc_column("grant_share")
DIGITAL_SHARE = bloc_column("digital_share")
IN_FORCE = bloc_column("in_force")
OPENING = bloc_column("opening")
DISSOLVED = bloc_column("dissolved")
RIVAL = bloc_column("rival")
APPEAL = bloc_column("appeal")
DRIFT = bloc_column("drift")
CAPACITY = bloc_column("capacity_programme")
CAPACITY_OUTSIDER = bloc_column("capacity_outsider_share")
EXCLUSIVITY = bloc_column("exclusivity")
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
