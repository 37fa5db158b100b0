"""How good the evidence behind a lever is: that of the weights through which it moves states, the weakest of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from sim.calibration.drawn import Grade, grade_of
from sim.calibration.posterior import load_posterior
from sim.registry.columns import registry
from sim.registry.terms import TERM_BY_NAME
from sim.scenario.schema import Scenario
from sim.sensitivity.levers import Lever

ORDER: tuple[Grade, ...] = get_args(Grade)
"""From the best evidence to none."""

_RESERVED = ("chips", "chips.sufficiency")
_MARKET = (*_RESERVED, "behaviour.lock_in")
_MONEY = ("grants", "loans")
_PROGRAMME = ("divide", "divide.programme_rate")

THROUGH: dict[str, tuple[str, ...]] = {
    "chip_supply": _MARKET,
    "chip_growth": _MARKET,
    "chip_quality": _MARKET,
    "access": _MARKET,
    "conditionality": _RESERVED,
    "conditionality.aid": _MONEY,
    "aid_budget": (*_MONEY, "divide", "divide.aid_share"),
    "grant_share": _MONEY,
    "digital_share": ("divide", "divide.aid_share"),
    "aid_reserve": _MONEY,
    "in_force": (*_RESERVED, *_MONEY, *_PROGRAMME, "organizations.before_force"),
    "opening": ("organizations.opening_bonus", "organizations.opening_attention"),
    "capacity_programme": _PROGRAMME,
    "capacity_outsider_share": _PROGRAMME,
    "exclusivity": ("behaviour.leave_cost", "behaviour.hedging_cost"),
    "coercion": ("coercion",),
    "debt_distress": ("debt",),
    "divide.fund": _PROGRAMME,
}
"""By parameter or group, what an actor decides: the terms of the utility, and the other uncertain numbers, through which it
acts. Every other parameter is itself a number that is not known, and its own evidence counts."""


@dataclass(frozen=True)
class Evidence:
    """What is known of the numbers behind a lever.

    ``grade`` : of the weakest weight; ``weight`` : that weight: a term of the utility, or a parameter of the registry
    ``also`` : further numbers through which it acts, which are no weights, with the grade of each
    """

    grade: Grade
    weight: str
    also: dict[str, Grade]


def evidence_of(lever: Lever, scenario: Scenario) -> Evidence:
    """Return how good the evidence behind a lever of a scenario is; of a lever of all, in the bloc where it is weakest."""
    known = load_posterior().names
    grades = {name: grade_of(name, known) for name in acts_through(lever, scenario)}
    weights = {name: grade for name, grade in grades.items() if _is_weight(name)} or grades
    weakest = max(weights, key=lambda name: ORDER.index(weights[name]))
    also = {_short(name): grade for name, grade in grades.items() if name not in weights}
    return Evidence(weights[weakest], _short(weakest), also)


def acts_through(lever: Lever, scenario: Scenario) -> tuple[str, ...]:
    """Return the numbers through which a lever acts: ``family.term``, or a parameter of the registry."""
    names = (name for parameter in lever.parameters for name in _names(parameter, lever, scenario))
    return tuple(dict.fromkeys(names))


def _names(parameter: str, lever: Lever, scenario: Scenario) -> list[str]:
    """Return the calibration's names of what a parameter acts through."""
    through = THROUGH.get(parameter) or (
        () if lever.bloc is None else THROUGH.get(parameter.partition(".")[0], ())
    )
    blocs = list(scenario.blocs.values()) if lever.bloc is None else [scenario.blocs[lever.bloc]]
    families = dict.fromkeys(bloc.family for bloc in blocs)
    return [
        name
        for part in through or (parameter,)
        for name in ([f"{family}.{part}" for family in families] if part in TERM_BY_NAME else [part])
    ]


_LOGITS = frozenset(parameter.name for parameter in registry(()) if parameter.unit.startswith("logit"))


def _is_weight(name: str) -> bool:
    """Return whether a number is a weight of the utility: a term's, or a cost or bonus in logits."""
    return _short(name) in TERM_BY_NAME or name in _LOGITS


def _short(name: str) -> str:
    """Return the term of ``family.term``, or the name of a parameter."""
    family, _, term = name.partition(".")
    return term if family in ("us", "china") and term in TERM_BY_NAME else name
