"""Checks of who may buy chips."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.plausibility.finding import Case, Doubt, check
from sim.registry.parameters import TIERS
from sim.scenario.selectors import select
from sim.types import Floats
from sim.words import tr

TABLES = ("access", "conditionality")


@check("tier-order")
def tier_order(case: Case) -> Iterator[Doubt]:
    """Find a lower tier with more access than a higher one, among members or among outsiders."""
    for bloc in case.blocs:
        for outsiders, tables in ((False, TABLES[:1]), (True, TABLES)):
            found = False
            for higher, lower in pairwise(TIERS):
                upper, under = (_access(case, bloc, tier, outsiders=outsiders) for tier in (higher, lower))
                wrong = (under > upper + 1e-12).any(axis=0)
                if wrong.any():
                    found = True
                    step = int(np.argmax(wrong))
                    said = {"lower": lower, "higher": higher, "quarter": case.quarter(step)}
                    text = (
                        tr("access of outsiders in {lower} is above that in {higher} from {quarter}", **said)
                        if outsiders
                        else tr(
                            "access of members in {lower} is above that in {higher} from {quarter}", **said
                        )
                    )
                    names = [
                        f"blocs.{bloc}.{table}.{tier}" for table in tables[::-1] for tier in (lower, higher)
                    ]
                    yield (
                        "warning",
                        case.blame(names, step),
                        text,
                        tr("tiers are an order of trust: tier1 is the closest"),
                    )
            if found:
                break  # what is wrong among members is so among outsiders too


def _access(case: Case, bloc: str, tier: str, *, outsiders: bool) -> Floats:
    """Return the access of a tier through the horizon, float64[C, T]: of members, or what they leave to outsiders."""
    access = case.course(f"blocs.{bloc}.access.{tier}")
    return access * (1.0 - case.course(f"blocs.{bloc}.conditionality.{tier}")) if outsiders else access


@check("nothing-conditional")
def nothing_conditional(case: Case) -> Iterator[Doubt]:
    """Find a bloc that sells chips and reserves none of them to members."""
    for name in case.blocs:
        tiers = {TIERS[tier] for tier in case.countries[0].tier[tuple(case.blocs).index(name)]}
        reserved = max(case.course(f"blocs.{name}.conditionality.{tier}").max() for tier in tiers)
        if case.course(f"blocs.{name}.chip_supply").max() > 0 and reserved == 0:
            text = tr("{name} sells its chips to members and others alike", name=name)
            reason = tr("joining brings no chips: they move states only through whose machines these run on")
            names = [f"blocs.{name}.conditionality.{tier}" for tier in TIERS if tier in tiers]
            yield "info", case.blame(names, case.last - case.first), text, reason


@check("reserved-from-nobody")
def reserved_from_nobody(case: Case) -> Iterator[Doubt]:
    """Find chips that are reserved to members in a tier where nobody could be left out, or gets any."""
    for name in case.blocs:
        tiers, outside = np.array(_tiers(case, name)), case.outside(name)
        for tier in TIERS:
            column = f"blocs.{name}.conditionality.{tier}"
            course = case.course(column)
            place = case.where_set(column, int(np.argmax(course.max(axis=0))))
            if course.max() == 0 or not case.own(place) or not (tiers == tier).any():
                continue
            if case.course(f"blocs.{name}.access.{tier}").max() == 0:
                yield (
                    "info",
                    place,
                    tr("{tier} has no access to chips of {name}", tier=tier, name=name),
                    tr("there is nothing to reserve"),
                )
            elif not (outside & (tiers == tier)).any():
                reason = tr("nobody is left out; it matters for those that leave")
                yield (
                    "info",
                    place,
                    tr("every state of {tier} belongs to {name} at the start", tier=tier, name=name),
                    reason,
                )


@check("access-without-supply")
def access_without_supply(case: Case) -> Iterator[Doubt]:
    """Find rules of access for a bloc that exports nothing."""
    for name, bloc in case.blocs.items():
        stated = {
            table
            for table in set(TABLES) & bloc.model_fields_set
            if getattr(bloc, table).model_fields_set & set(TIERS)
        }
        if stated and case.course(f"blocs.{name}.chip_supply").max() == 0:
            place = ("blocs", name, min(stated))
            yield (
                "info",
                place,
                tr("{name} has rules of access and exports no chips", name=name),
                tr("the rules have no effect"),
            )


@check("empty-tier")
def empty_tier(case: Case) -> Iterator[Doubt]:
    """Find a tier that is treated differently and holds no country."""
    for name in case.blocs:
        held = set(_tiers(case, name))
        for tier in TIERS[1:]:
            for table in TABLES:
                course, first = (case.course(f"blocs.{name}.{table}.{t}") for t in (tier, "tier1"))
                if tier not in held and (course != first).any():
                    step = int(np.argmax((course != first).any(axis=0)))
                    reason = tr("only US export rules sort countries; name others under countries: ... tier")
                    text = tr("no country is in {tier} of {name}", tier=tier, name=name)
                    yield "warning", case.where_set(f"blocs.{name}.{table}.{tier}", step), text, reason
                    break


@check("deal-with-embargoed")
def deal_with_embargoed(case: Case) -> Iterator[Doubt]:
    """Find a deal of its own for a country under an arms embargo."""
    for place, selector, bloc, value in _deals(case):
        tiers = np.array(_tiers(case, bloc))
        embargoed = [
            case.world.iso3[i] for i in np.flatnonzero(select(case.world, selector) & (tiers == "tier3"))
        ]
        closed = case.course(f"blocs.{bloc}.access.tier3").max() == 0
        if value > 0 and closed and embargoed:
            text = tr(
                "{bloc} sells to {names}, which it bars as tier3", bloc=bloc, names=", ".join(embargoed[:3])
            )
            yield "warning", place, text, tr("an arms embargo would have to be lifted first; change the tier")


@check("deal-without-effect")
def deal_without_effect(case: Case) -> Iterator[Doubt]:
    """Find a deal that gives no more than the countries' tiers give anyway: it does nothing, or ends a better deal."""
    earlier: list[tuple[str, float, NDArray[np.bool_]]] = []
    for place, selector, bloc, value in _deals(case):
        chosen = select(case.world, selector)
        tiers = set(np.array(_tiers(case, bloc))[chosen])
        least = min((case.course(f"blocs.{bloc}.access.{tier}").min() for tier in tiers), default=0.0)
        if tiers and value <= least:
            better = [of for name, deal, of in earlier if name == bloc and deal > least]
            ended = chosen & np.any(better, axis=0) if better else np.zeros_like(chosen)
            lost = [case.world.iso3[i] for i in np.flatnonzero(ended)]
            text = (
                tr(
                    "this ends the better deal of {names} and changes nothing for others",
                    names=", ".join(lost),
                )
                if lost
                else tr(
                    "members have {least:g} or more without a deal: one of {value:g} gives nothing",
                    least=least,
                    value=value,
                )
            )
            yield (
                "info",
                place,
                text,
                tr("a deal only gives more than the tier; for less, give them another tier"),
            )
        earlier.append((bloc, value, chosen))


def _tiers(case: Case, bloc: str) -> list[str]:
    from sim.inputs.countries import tiers_of

    return [TIERS[tier] for tier in tiers_of(case.world, case.scenario, bloc)]


def _deals(case: Case) -> Iterator[tuple[tuple[str | int, ...], str, str, float]]:
    for selector, change in case.scenario.countries.items():
        for bloc, value in change.by_bloc("access").items():
            yield ("countries", selector, "access", bloc), selector, bloc, value
    for n, entry in enumerate(case.scenario.timeline):
        for path, value in entry.set.items():
            parts = path.split(".")
            if parts[0] == "countries" and parts[2] == "access":
                yield ("timeline", n, "set", path), parts[1], parts[3], value
