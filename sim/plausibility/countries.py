"""Checks of the blocs themselves and of what is said about single countries."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.calibration.initiatives import LEADERS
from sim.inputs.drawn import estimate_of
from sim.plausibility.finding import Case, Doubt, check
from sim.registry.attributes import ATTRIBUTES, attribute_row
from sim.scenario.schema import PER_BLOC_KEYS, CountryOverride
from sim.scenario.selectors import select
from sim.scenario.values import VERBS
from sim.scenario.yaml_io import Path_
from sim.words import tr

LARGE_EFFECT = 5.0
CHOOSING = ("attention", "exclusivity", "effect", "barred", "aid_offer")
"""Attributes that act only through a country's own choice."""
JOINING = ("effect", "aid_offer")
"""Those of them that speak of one bloc, which the country may join or leave."""


@check("one-bloc")
def one_bloc(case: Case) -> Iterator[Doubt]:
    """Find a world with a single bloc."""
    if len(case.blocs) == 1:
        yield (
            "info",
            ("blocs",),
            tr("there is one bloc"),
            tr("exclusivity, coercion and hedging have no effect without a rival"),
        )


@check("empty-bloc")
def empty_bloc(case: Case) -> Iterator[Doubt]:
    """Find a bloc that begins with nobody."""
    member_of = {name for change in case.scenario.countries.values() for name in change.member_of or ()}
    for name, bloc in case.blocs.items():
        if not bloc.leader and not bloc.founders and bloc.members in ("none", []) and name not in member_of:
            reason = tr(
                "nobody is close to it, trades with it or is a peer in it: its pull is that of an average"
            )
            yield (
                "warning",
                ("blocs", name),
                tr("{name} has neither leader nor founders nor members", name=name),
                reason,
            )


@check("borrowed-weights")
def borrowed_weights(case: Case) -> Iterator[Doubt]:
    """Find coefficients of a bloc that were estimated for another one."""
    for name, bloc in case.blocs.items():
        if bloc.leader != [LEADERS[bloc.family]]:
            text = tr(
                "{name} takes the weights estimated for the bloc led by {leader}",
                name=name,
                leader=LEADERS[bloc.family],
            )
            yield (
                "info",
                ("blocs", name, "family"),
                text,
                tr("nobody has joined such a bloc yet: its level is an assumption"),
            )


@check("responsive-without-money")
def responsive_without_money(case: Case) -> Iterator[Doubt]:
    """Find a leader who responds and has nothing to move."""
    modes = case.scenario.leaders
    for name in case.blocs:
        mode = modes if isinstance(modes, str) else modes.get(name, "scheduled")
        money = case.course(f"blocs.{name}.aid_budget") * case.course(f"blocs.{name}.aid_reserve")
        if mode == "responsive" and money.max() == 0:
            place = ("leaders",) if isinstance(modes, str) else ("leaders", name)
            yield (
                "warning",
                place,
                tr("the leader of {name} responds with nothing", name=name),
                tr("aid_budget x aid_reserve is 0 throughout"),
            )


@check("leader-moved")
def leader_moved(case: Case) -> Iterator[Doubt]:
    """Find memberships given to states that lead or founded a bloc, which keep theirs."""
    for selector, change in case.scenario.countries.items():
        if change.member_of is None:
            continue
        chosen = {case.world.iso3[i] for i in np.flatnonzero(select(case.world, selector))}
        for name, bloc in case.blocs.items():
            bound = sorted(chosen & {*bloc.leader, *bloc.founders})
            if bound and (set(bound) & set(bloc.leader) or name not in change.member_of):
                text = tr(
                    "member_of does not move {names}, bound to {name}", names=", ".join(bound[:3]), name=name
                )
                yield (
                    "warning",
                    ("countries", selector, "member_of"),
                    text,
                    tr("leaders and founders stay in their bloc"),
                )


@check("leader-taken")
def leader_taken(case: Case) -> Iterator[Doubt]:
    """Find leaders that would belong to another bloc by its own rule, and are taken out of it for good."""
    from sim.inputs.countries import build_countries

    for name, bloc in case.blocs.items():
        if bloc.leader == [LEADERS[bloc.family]] or not bloc.leader:
            continue
        free = {
            **case.blocs,
            name: bloc.model_copy(update={"leader": [], "founders": [*bloc.leader, *bloc.founders]}),
        }
        other, _ = build_countries(
            case.world, case.scenario.model_copy(update={"blocs": free}), estimate_of(case.scenario)
        )
        lost = other.initial & ~case.countries[0].initial
        for k, rival in enumerate(case.blocs):
            gone = [code for code in bloc.leader if lost[case.world.index(code)] >> k & 1]
            if gone:
                named = ", ".join(gone[:3])
                text = (
                    tr("{country} leaves {bloc}", country=named, bloc=rival)
                    if len(gone) == 1
                    else tr("{countries} leave {bloc}", countries=named, bloc=rival)
                )
                reason = tr(
                    "a leader belongs to its own bloc alone, for good; founders may belong to others too"
                )
                yield "warning", ("blocs", name, "leader"), text, reason


@check("leader-never-chooses")
def leader_never_chooses(case: Case) -> Iterator[Doubt]:
    """Find something stated about how leaders choose, who never do."""
    for path, place, _ in _country_statements(case):
        _, selector, key, *_ = path.split(".")
        if key in CHOOSING and case.frozen(selector):
            reason = tr("a leader belongs to its own bloc alone, and never reconsiders")
            yield (
                "warning",
                place,
                tr("{key} of {selector} has no effect", key=key, selector=selector),
                reason,
            )
        elif key == "aid_factor" and case.frozen(selector):
            yield (
                "warning",
                place,
                tr("{key} of {selector} has no effect", key=key, selector=selector),
                tr("leaders get no finance from any bloc"),
            )


@check("offer-to-barred")
def offer_to_barred(case: Case) -> Iterator[Doubt]:
    """Find something stated about joining a bloc for states that it does not take."""
    for path, place, _ in _country_statements(case):
        _, selector, key, *bloc = path.split(".")
        if bloc and key in JOINING and _barred(case, selector, bloc[0]):
            yield (
                "warning",
                place,
                tr("{key} of {selector} has no effect", key=key, selector=selector),
                tr("{bloc} does not take it", bloc=bloc[0]),
            )


@check("barred-member")
def barred_member(case: Case) -> Iterator[Doubt]:
    """Find states barred from a bloc that they belong to at the start."""
    for path, place, value in _country_statements(case):
        _, selector, key, *bloc = path.split(".")
        chosen = select(case.world, selector)
        if key == "barred" and value > 0 and chosen.any() and not (chosen & ~_members(case, bloc[0])).any():
            text = tr("{selector} belongs to {bloc} at the start", selector=selector, bloc=bloc[0])
            yield "info", place, text, tr("who is barred cannot come; who belongs already stays")


def _members(case: Case, bloc: str) -> NDArray[np.bool_]:
    members: NDArray[np.bool_] = case.countries[0].initial >> tuple(case.blocs).index(bloc) & 1 == 1
    return members


def _barred(case: Case, selector: str, bloc: str) -> bool:
    """Tell whether a selector names only states that a bloc does not take, at any time, and that do not belong to it."""
    chosen = select(case.world, selector)
    row = attribute_row("barred", tuple(case.blocs).index(bloc))
    out = (case.countries[1][row] > 0) & ~_members(case, bloc)
    dated = any(path.endswith(f".barred.{bloc}") for _, entry, _ in case.entries() for verb in VERBS
                for path in entry.changes(verb))  # fmt: skip
    return bool(chosen.any()) and not (chosen & ~out).any() and not dated


@check("covered-override")
def covered_override(case: Case) -> Iterator[Doubt]:
    """Find a statement about a country that a later one about its group replaces."""
    stated = [(selector, _statements(change)) for selector, change in case.scenario.countries.items()]
    for n, (early, first) in enumerate(stated):
        inner = select(case.world, early)
        for late, second in stated[n + 1 :]:
            covered = sorted(first & second)
            if covered and inner.any() and (inner <= select(case.world, late)).all():
                text = tr(
                    "{covered} of {early} is replaced by that of {late}, which comes later",
                    covered=covered[0],
                    early=early,
                    late=late,
                )
                yield (
                    "warning",
                    ("countries", early),
                    text,
                    tr("the later of two statements holds: put groups before countries"),
                )


def _statements(change: CountryOverride) -> set[str]:
    found = set()
    for name in CountryOverride.model_fields:
        value = getattr(change, name)
        if name in PER_BLOC_KEYS:
            found |= {f"{name}.{bloc}" for bloc in value}
        elif value is not None:
            found.add(name)
    return found


@check("large-country-effect")
def large_country_effect(case: Case) -> Iterator[Doubt]:
    """Find a country effect that decides by itself."""
    for path, place, value in _country_statements(case):
        _, selector, key, *_ = path.split(".")
        bloc = path.rpartition(".")[2]
        chooses = key == "effect" and not case.frozen(selector) and not _barred(case, selector, bloc)
        if chooses and abs(value) > LARGE_EFFECT:
            odds = math.exp(min(abs(value), 50.0))
            reason = tr(
                "odds of {odds:,.0f} to 1; the spread of unexplained effects is a fraction of that", odds=odds
            )
            yield (
                "warning",
                place,
                tr("{value:+g} logits decide {selector} alone", value=value, selector=selector),
                reason,
            )


def _country_statements(case: Case) -> Iterator[tuple[str, Path_, float]]:
    """Yield (path, place, value) of every attribute that the scenario states, or sets or adds to on a date."""
    for selector, change in case.scenario.countries.items():
        for attribute in ATTRIBUTES:
            if attribute.per_bloc:
                for bloc, value in change.by_bloc(attribute.name).items():
                    place = ("countries", selector, attribute.name, bloc)
                    yield ".".join(place), place, value
            elif (stated := change.number(attribute.name)) is not None:
                yield (
                    f"countries.{selector}.{attribute.name}",
                    ("countries", selector, attribute.name),
                    stated,
                )
    for n, entry in enumerate(case.scenario.timeline):
        for verb in ("set", "add"):
            for path, value in getattr(entry, verb).items():
                if path.startswith("countries."):
                    yield path, ("timeline", n, verb, path), value
