"""Why a lever moves little: the first of a short list of causes that holds, computed from the scenario.

What has to hold for a parameter to matter is said once, by parameter (`sim.sensitivity.lever_conditions`); then what the
lever does to the values that countries weigh is measured. A cause that does not hold is never named.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.labels.numbers import rough_percent
from sim.registry.columns import RULE_COLUMN
from sim.registry.parameters import RULES
from sim.sensitivity.lever_cache import Ending
from sim.sensitivity.lever_conditions import Reason, bloc_words, missing, tiers_of
from sim.sensitivity.lever_facts import Facts
from sim.sensitivity.levers import Lever
from sim.types import Floats
from sim.words import tr

_RECKONED = 1.0
"""Points from which a change of values should have moved half a point. They are reckoned by what the same logit is worth to
all countries, which is good to a factor of two."""
_TINY = 1e-12


def reason_for(facts: Facts, lever: Lever, points: Sequence[Ending]) -> Reason | None:
    """Return why a lever moves no share by half a point; None if nothing on the list explains it.

    ``points`` : where the futures end at each position of the lever
    """
    return _unread(facts, points) or missing(facts, lever) or _measured(facts, lever, points)


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
        bloc=bloc_words(facts, facts.inputs.blocs[k]), logits=logits, tenth=0.1, points=0.1 * worth,
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
    reserved = facts.conditional(lever.bloc, facts.free_in(lever.bloc, tiers_of(lever)))
    met = facts.met_without()
    return tr(
        "{said} (members alone get {reserved} of its chips; {met} of need is met without joining)",
        said=words, reserved=rough_percent(reserved), met=rough_percent(met),
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
            bloc=bloc_words(facts, facts.inputs.blocs[k]),
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
