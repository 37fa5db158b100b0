"""What has to hold for a lever to matter, by parameter: conditions, and what is said of the first that fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.inputs.memberships import bloc_label
from sim.labels.numbers import rough_percent
from sim.labels.terms import term_words
from sim.registry.parameters import TIERS
from sim.sensitivity.lever_facts import Facts
from sim.sensitivity.levers import Lever
from sim.words import joined, listed, tr

Cause = Literal[
    "no need for chips", "no chips abroad", "supply meets need", "little conditional", "no free state in the tier",
    "no finance", "no programme", "no debt", "organization not open", "in force already", "nobody in two blocs",
    "beyond the horizon", "weight about zero", "not read by the rule", "not read", "value hardly moves", "states decided",
    "gains and losses",
]  # fmt: skip
"""The short list."""

HALF_POINT = 0.5
_ENOUGH = 0.95
"""Share of need that is met without joining from which chips are no argument."""
_LITTLE_CHIPS = 0.01
"""Share of need below which a bloc's chips are next to nothing."""
_NO_WEIGHT = 0.05
"""Weight, in logits per unit, below which a term is next to nothing."""


@dataclass(frozen=True)
class Reason:
    """``cause`` : from the short list; ``words`` : the same as a sentence, with the numbers that show it."""

    cause: Cause
    words: str


Condition = Callable[[Facts, Lever, str], Reason | None]
"""Whether something that a lever needs is missing in a bloc, and what."""


def bloc_words(facts: Facts, bloc: str) -> str:
    """Return the name of a bloc to show."""
    return bloc_label(bloc, facts.inputs.titles)


def _tier_names(tiers: Sequence[str]) -> str:
    return joined(", ", [tr(tier) for tier in tiers])


def _no_need(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    if facts.need.sum() > 0:
        return None
    return Reason("no need for chips", tr("no leader builds compute at home, so that nobody needs chips"))


def tiers_of(lever: Lever) -> tuple[str, ...]:
    """Return the tiers that a lever concerns: those that its parameters name, else all."""
    named = tuple(tier for name in lever.parameters for tier in TIERS if name.endswith(f".{tier}"))
    return named or TIERS


def _no_free_state(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    tiers = tiers_of(lever)
    if facts.free_in(bloc, tiers).any():
        return None
    return Reason(
        "no free state in the tier",
        tr("no state in {tiers} can come to the bloc or leave it", tiers=_tier_names(tiers)),
    )


def _no_chips(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    met = facts.of_need(bloc)
    if met >= _LITTLE_CHIPS:
        return None
    label = bloc_words(facts, bloc)
    return Reason(
        "no chips abroad",
        tr(
            "chips of the {bloc} bloc would meet {met} of what states need",
            bloc=label,
            met=rough_percent(met),
        ),
    )


def _closed_tier(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    tiers = tiers_of(lever)
    if any(facts.most(f"blocs.{bloc}.access.{tier}") > 0 for tier in tiers):
        return None
    return Reason("little conditional", tr("members in {tiers} get none either", tiers=_tier_names(tiers)))


def _enough(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    met = facts.met_without()
    if met < _ENOUGH:
        return None
    return Reason(
        "supply meets need",
        tr("without joining anybody states get {met} of the chips they need", met=rough_percent(met)),
    )


def _enough_elsewhere(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    met = facts.met_without(bloc)
    if met < _ENOUGH:
        return None
    return Reason(
        "supply meets need",
        tr("the others' open chips meet {met} of what states need", met=rough_percent(met)),
    )


def _unconditional(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    """Return that so little is conditional that no supply could move half a point.

    What members get for joining is at most readiness x ln(member's chips / outsider's chips), whatever the supply.
    """
    reserved = facts.conditional(bloc, facts.free_in(bloc, tiers_of(lever)))
    logits = facts.weight(bloc, "chips") * facts.most_leverage(bloc)
    points = logits * float(facts.points_per_logit[1, facts.inputs.blocs.index(bloc)])
    if points >= HALF_POINT:
        return None
    label = bloc_words(facts, bloc)
    return Reason(
        "little conditional",
        tr(
            "only members get {reserved} of the chips that states may have from the {bloc} bloc: at any supply "
            "worth {logits:.2g} logits or less, {points:.1f} points",
            reserved=rough_percent(reserved),
            bloc=label,
            logits=logits,
            points=points,
        ),
    )


def _no_finance(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    if facts.most(f"blocs.{bloc}.aid_budget") > 0:
        return None
    return Reason("no finance", tr("no development finance is given"))


def _no_programme(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    if facts.most(f"blocs.{bloc}.capacity_programme") > 0:
        return None
    return Reason("no programme", tr("no capacity programme is offered"))


def _no_programme_or_fund(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    return None if facts.most("divide.fund") > 0 else _no_programme(facts, lever, bloc)


def _no_debt(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    k = facts.inputs.blocs.index(bloc)
    if (facts.inputs.countries.debt[k] * facts.free(bloc)).any():
        return None
    return Reason("no debt", tr("no free state owes the leader anything on record"))


def _not_open(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    if facts.most(f"blocs.{bloc}.opening") > 0:
        return None
    return Reason("organization not open", tr("no organization opens for founders within the horizon"))


def _in_force(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    force = min(facts.mean(f"blocs.{one}.in_force") for one in facts.inputs.blocs)
    if force < _ENOUGH:
        return None
    return Reason(
        "in force already",
        tr("every organization is in force for {share} of the horizon or more", share=rough_percent(force)),
    )


def _nobody_in_two(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    if facts.several >= HALF_POINT:
        return None
    return Reason("nobody in two blocs", tr("{share:.2g} % of states end in two blocs", share=facts.several))


def _beyond(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    if not lever.window or facts.bench.window_step(lever) < len(facts.inputs.steps):
        return None
    last = facts.inputs.steps[-1]
    return Reason("beyond the horizon", tr("it would open after the last quarter, {quarter}", quarter=last))


def _weightless(*terms: str) -> Condition:
    """Return the condition that some of these terms has a weight."""

    def condition(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
        if any(abs(facts.weight(bloc, term)) >= _NO_WEIGHT for term in terms):
            return None
        named = listed(
            [
                tr("{term} {weight:.2g}", term=term_words(term), weight=facts.weight(bloc, term))
                for term in terms
            ]
        )
        return Reason("weight about zero", tr("its weight is about zero ({terms})", terms=named))

    return condition


def _pressed(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    """Return that no rival's value falls under pressure, where none has a weight for it."""
    rivals = [other for other in facts.inputs.blocs if other != bloc]
    if any(abs(facts.weight(rival, "coercion")) >= _NO_WEIGHT for rival in rivals):
        return None
    return Reason("weight about zero", tr("no rival bloc loses value under pressure"))


_CHIPS = _weightless("chips")
_MONEY = _weightless("grants", "loans")
_DIVIDE = _weightless("divide")

CONDITIONS: dict[str, tuple[Condition, ...]] = {
    "chip_supply": (_no_need, _CHIPS, _enough, _unconditional),
    "chip_growth": (_no_need, _CHIPS, _no_chips, _enough, _unconditional),
    "chip_quality": (_no_need, _CHIPS, _no_chips, _enough, _unconditional),
    "access": (_no_need, _no_free_state, _CHIPS, _no_chips, _enough, _unconditional),
    "conditionality.aid": (_no_finance, _MONEY),
    "conditionality": (_no_need, _no_free_state, _CHIPS, _closed_tier, _no_chips, _enough_elsewhere),
    "aid_budget": (_MONEY,),
    "grant_share": (_no_finance, _MONEY),
    "digital_share": (_no_finance, _DIVIDE),
    "aid_reserve": (_no_finance, _MONEY),
    "opening": (_beyond,),
    "capacity_programme": (_DIVIDE,),
    "capacity_outsider_share": (_no_programme, _DIVIDE),
    "exclusivity": (_nobody_in_two,),
    "coercion": (_pressed,),
    "debt_distress": (_no_debt, _weightless("debt")),
    "behaviour.hedging_cost": (_nobody_in_two,),
    "behaviour.lock_in": (_no_need,),
    "chips.sufficiency": (_no_need, _CHIPS, _enough),
    "divide.fund": (_DIVIDE,),
    "divide.programme_rate": (_no_programme_or_fund, _DIVIDE),
    "divide.aid_share": (_no_finance, _DIVIDE),
    "organizations.opening_attention": (_not_open,),
    "organizations.opening_bonus": (_not_open,),
    "organizations.before_force": (_in_force,),
    "peers": (_weightless("peers"),),
}
"""By parameter or group: what it needs to matter, in the order in which it is asked."""


def missing(facts: Facts, lever: Lever) -> Reason | None:
    """Return the first condition that fails, for a lever of all in every bloc."""
    blocs = facts.inputs.blocs if lever.bloc is None else (lever.bloc,)
    parameter = lever.parameters[0]
    for condition in CONDITIONS.get(parameter) or CONDITIONS.get(parameter.partition(".")[0]) or ():
        found = [condition(facts, lever, bloc) for bloc in blocs]
        if all(found):
            return found[0]
    return None
