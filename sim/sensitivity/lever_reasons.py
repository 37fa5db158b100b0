"""Why a lever moves little: the first of a short list of causes that holds, computed from the scenario.

What has to hold for a parameter to matter is said once, by parameter (`CONDITIONS`); then what the lever does to the values
that countries weigh is measured. A cause that does not hold is never named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.inputs.memberships import bloc_label
from sim.labels.terms import term_words
from sim.registry.columns import RULE_COLUMN
from sim.registry.parameters import RULES, TIERS
from sim.sensitivity.lever_cache import Ending
from sim.sensitivity.lever_facts import Facts
from sim.sensitivity.levers import Lever
from sim.types import Floats
from sim.words import joined, listed, tr

Cause = Literal[
    "no need for chips", "no chips abroad", "supply meets need", "little conditional", "no free state in the tier",
    "no finance", "no programme", "no debt", "organization not open", "in force already", "nobody in two blocs",
    "beyond the horizon", "weight about zero", "not read by the rule", "not read", "value hardly moves", "states decided",
    "gains and losses",
]  # fmt: skip
"""The short list."""

HALF_POINT = 0.5
_RECKONED = 1.0
"""Points from which a change of values should have moved half a point. They are reckoned by what the same logit is worth to
all countries, which is good to a factor of two."""
_ENOUGH = 0.95
"""Share of need that is met without joining from which chips are no argument."""
_LITTLE_CHIPS = 0.01
"""Share of need below which a bloc's chips are next to nothing."""
_NO_WEIGHT = 0.05
"""Weight, in logits per unit, below which a term is next to nothing."""
_TINY = 1e-12


@dataclass(frozen=True)
class Reason:
    """``cause`` : from the short list; ``words`` : the same as a sentence, with the numbers that show it."""

    cause: Cause
    words: str


Condition = Callable[[Facts, Lever, str], Reason | None]
"""Whether something that a lever needs is missing in a bloc, and what."""


def reason_for(facts: Facts, lever: Lever, points: Sequence[Ending]) -> Reason | None:
    """Return why a lever moves no share by half a point; None if nothing on the list explains it.

    ``points`` : where the futures end at each position of the lever
    """
    return _unread(facts, points) or _missing(facts, lever) or _measured(facts, lever, points)


def _unread(facts: Facts, points: Sequence[Ending]) -> Reason | None:
    """Return that the decision rule does not read what blocs are worth: making them worth more or less moves nobody."""
    if not _same(points) or facts.points_per_logit.any():
        return None
    rule = RULES[round(facts.mean(RULE_COLUMN.name))]
    return Reason(
        "not read by the rule", tr("under the rule {rule} nothing that blocs offer is weighed", rule=rule)
    )


def _same(points: Sequence[Ending]) -> bool:
    """Return whether all futures end alike at every position of the lever."""
    return all(np.array_equal(points[0].shares, one.shares) for one in points[1:])


def _missing(facts: Facts, lever: Lever) -> Reason | None:
    """Return the first condition that fails, for a lever of all in every bloc."""
    blocs = facts.inputs.blocs if lever.bloc is None else (lever.bloc,)
    for condition in _conditions(lever.parameters[0]):
        found = [condition(facts, lever, bloc) for bloc in blocs]
        if all(found):
            return found[0]
    return None


def _conditions(parameter: str) -> tuple[Condition, ...]:
    return CONDITIONS.get(parameter) or CONDITIONS.get(parameter.partition(".")[0]) or ()


def _label(facts: Facts, bloc: str) -> str:
    return bloc_label(bloc, facts.inputs.titles)


def _percent(share: float) -> str:
    points = 100.0 * share
    if points >= 9.5 or points == 0:
        return tr("{share:.0f} %", share=points)
    return tr("{share:.2g} %", share=points)


def _tier_names(tiers: Sequence[str]) -> str:
    return joined(", ", [tr(tier) for tier in tiers])


def _no_need(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    if facts.need.sum() > 0:
        return None
    return Reason("no need for chips", tr("no leader builds compute at home, so that nobody needs chips"))


def _tiers(lever: Lever) -> tuple[str, ...]:
    """Return the tiers that a lever concerns: those that its parameters name, else all."""
    named = tuple(tier for name in lever.parameters for tier in TIERS if name.endswith(f".{tier}"))
    return named or TIERS


def _no_free_state(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    tiers = _tiers(lever)
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
    label = _label(facts, bloc)
    return Reason(
        "no chips abroad",
        tr("chips of the {bloc} bloc would meet {met} of what states need", bloc=label, met=_percent(met)),
    )


def _closed_tier(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    tiers = _tiers(lever)
    if any(facts.most(f"blocs.{bloc}.access.{tier}") > 0 for tier in tiers):
        return None
    return Reason("little conditional", tr("members in {tiers} get none either", tiers=_tier_names(tiers)))


def _enough(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    met = facts.met_without()
    if met < _ENOUGH:
        return None
    return Reason(
        "supply meets need",
        tr("without joining anybody states get {met} of the chips they need", met=_percent(met)),
    )


def _enough_elsewhere(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    met = facts.met_without(bloc)
    if met < _ENOUGH:
        return None
    return Reason(
        "supply meets need", tr("the others' open chips meet {met} of what states need", met=_percent(met))
    )


def _unconditional(facts: Facts, lever: Lever, bloc: str) -> Reason | None:
    """Return that so little is conditional that no supply could move half a point.

    What members get for joining is at most readiness x ln(member's chips / outsider's chips), whatever the supply.
    """
    reserved = facts.conditional(bloc, facts.free_in(bloc, _tiers(lever)))
    logits = facts.weight(bloc, "chips") * facts.most_leverage(bloc)
    points = logits * float(facts.points_per_logit[1, facts.inputs.blocs.index(bloc)])
    if points >= HALF_POINT:
        return None
    label = _label(facts, bloc)
    return Reason(
        "little conditional",
        tr(
            "only members get {reserved} of the chips that states may have from the {bloc} bloc: at any supply "
            "worth {logits:.2g} logits or less, {points:.1f} points",
            reserved=_percent(reserved),
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
        tr("every organization is in force for {share} of the horizon or more", share=_percent(force)),
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


def _measured(facts: Facts, lever: Lever, points: Sequence[Ending]) -> Reason | None:
    """Return what the lever does to the values that countries weigh, where that says why so few move."""
    ends = [facts.look(facts.bench.at(lever, position)) for position in (0.0, 1.0)]
    moves = [end.values - facts.seen.values for end in ends]
    if _same(points) and np.array_equal(ends[0].values, ends[1].values):
        return Reason("not read", tr("no decision of any future turns on it"))
    return _hardly(facts, lever, moves) or _decided(facts, lever, moves) or _cancels(facts, moves)


def _hardly(facts: Facts, lever: Lever, moves: Sequence[Floats]) -> Reason | None:
    """Return that values move too little for half a point, at what a logit less or more is worth."""
    if max(_points(facts, _everywhere(moved)).max() for moved in moves) >= _RECKONED:
        return None
    k, logits, worth = _most(facts, lever, moves)
    words = tr(
        "it moves the value of the {bloc} bloc by {logits:.2g} logits, and {tenth:.1f} logits are {points:.1f} points",
        bloc=_label(facts, facts.inputs.blocs[k]), logits=logits, tenth=0.1, points=0.1 * worth,
    )  # fmt: skip
    return Reason("value hardly moves", _with_context(words, facts, lever))


def _everywhere(moved: Floats) -> Floats:
    """Return the mean fall (0) and rise (1) of the value of every bloc, logits, [2, K]."""
    return np.stack([np.maximum(0.0, -moved).mean(axis=0), np.maximum(0.0, moved).mean(axis=0)])


def _where_open(facts: Facts, moved: Floats) -> Floats:
    """Return the same, weighted by how undecided the country is about the bloc, p (1 - p)."""
    weights = facts.openness[facts.watched[:, 2]]
    total = np.maximum(weights.sum(axis=0), _TINY)
    return np.stack([(np.maximum(0.0, side) * weights).sum(axis=0) / total for side in (-moved, moved)])


def _points(facts: Facts, logits: Floats) -> Floats:
    """Return what falls and rises of value [2, K] are worth together, points of states, float64[K]."""
    found: Floats = (logits * facts.points_per_logit).sum(axis=0)
    return found


def _most(facts: Facts, lever: Lever, moves: Sequence[Floats]) -> tuple[int, float, float]:
    """Return the bloc (the lever's own, if it has one) whose value is told, how far it moves, and the points per logit."""
    found = max((_everywhere(moved) for moved in moves), key=lambda one: float(_points(facts, one).max()))
    k = int(_points(facts, found).argmax()) if lever.bloc is None else facts.inputs.blocs.index(lever.bloc)
    logits = float(found[:, k].sum())
    return (
        k,
        logits,
        float(_points(facts, found)[k]) / logits if logits > 0 else float(facts.points_per_logit[1, k]),
    )


_OF_THE_MARKET = ("chip_supply", "chip_growth", "chip_quality", "access")


def _with_context(words: str, facts: Facts, lever: Lever) -> str:
    """Return words with what keeps a lever on chips from moving values more: what is conditional, how far need is met."""
    if lever.bloc is None or lever.parameters[0].partition(".")[0] not in _OF_THE_MARKET:
        return words
    reserved = facts.conditional(lever.bloc, facts.free_in(lever.bloc, _tiers(lever)))
    met = facts.met_without()
    return tr(
        "{said} (members alone get {reserved} of its chips; {met} of need is met without joining)",
        said=words, reserved=_percent(reserved), met=_percent(met),
    )  # fmt: skip


def _decided(facts: Facts, lever: Lever, moves: Sequence[Floats]) -> Reason | None:
    """Return that values move where states are decided: little where they are not."""
    if max(_points(facts, _where_open(facts, moved)).max() for moved in moves) >= _RECKONED:
        return None
    k, logits, _ = _most(facts, lever, moves)
    undecided = max(float(_where_open(facts, moved)[:, k].sum()) for moved in moves)
    return Reason(
        "states decided",
        tr(
            "it moves the value of the {bloc} bloc by {logits:.2g} logits, but by {undecided:.2g} where states are undecided",
            bloc=_label(facts, facts.inputs.blocs[k]),
            logits=logits,
            undecided=undecided,
        ),
    )


def _cancels(facts: Facts, moves: Sequence[Floats]) -> Reason | None:
    """Return that it makes blocs worth more to some of the undecided and worth less to others."""
    shifts = [_where_open(facts, moved) for moved in moves]
    net = max(float(np.abs((one * facts.points_per_logit * _SIGNS).sum(axis=0)).max()) for one in shifts)
    if net >= _RECKONED:
        return None
    fall, rise = (max(float(one[side].max()) for one in shifts) for side in (0, 1))
    return Reason(
        "gains and losses",
        tr(
            "where states are undecided it lowers values by {fall:.2g} logits and raises others by {rise:.2g}: they cancel",
            fall=fall,
            rise=rise,
        ),
    )


_SIGNS = np.array([[-1.0], [1.0]])
