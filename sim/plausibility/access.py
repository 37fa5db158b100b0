"""Checks of who may buy chips."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sim.plausibility.finding import Case, Doubt, check
from sim.registry.parameters import TIERS
from sim.scenario.selectors import select

TABLES = ("access", "outsider_access")


@check("tier-order")
def tier_order(case: Case) -> Iterator[Doubt]:
    """Find a lower tier with more access than a higher one."""
    for bloc in case.blocs:
        for table in TABLES:
            for higher, lower in pairwise(TIERS):
                upper, under = (case.course(f"blocs.{bloc}.{table}.{tier}") for tier in (higher, lower))
                wrong = (under > upper + 1e-12).any(axis=0)
                if wrong.any():
                    step = int(np.argmax(wrong))
                    text = f"{table} of {lower} is above that of {higher} from {case.quarter(step)}"
                    place = case.blame([f"blocs.{bloc}.{table}.{tier}" for tier in (lower, higher)], step)
                    yield "warning", place, text, "tiers are an order of trust: tier1 is the closest"


@check("outsider-above-member")
def outsider_above_member(case: Case) -> Iterator[Doubt]:
    """Find outsiders with more access to chips than members."""
    for bloc in case.blocs:
        for tier in TIERS:
            inside, outside = (case.course(f"blocs.{bloc}.{table}.{tier}") for table in TABLES)
            wrong = (outside > inside + 1e-12).any(axis=0)
            if wrong.any():
                step = int(np.argmax(wrong))
                text = f"outsiders of {tier} have more access than members from {case.quarter(step)}"
                place = case.blame([f"blocs.{bloc}.{table}.{tier}" for table in reversed(TABLES)], step)
                yield "warning", place, text, "joining would cost a state its chips"


@check("access-without-supply")
def access_without_supply(case: Case) -> Iterator[Doubt]:
    """Find rules of access for a bloc that exports nothing."""
    for name, bloc in case.blocs.items():
        stated = {"access", "outsider_access"} & bloc.model_fields_set
        if stated and case.course(f"blocs.{name}.chip_supply").max() == 0:
            place = ("blocs", name, min(stated))
            yield (
                "info",
                place,
                f"{name} has rules of access and exports no chips",
                "the rules have no effect",
            )


@check("empty-tier")
def empty_tier(case: Case) -> Iterator[Doubt]:
    """Find a tier that is treated differently and holds no country."""
    for name in case.blocs:
        held = set(_tiers(case, name))
        for tier in TIERS[1:]:
            for table in TABLES:
                own, first = (case.course(f"blocs.{name}.{table}.{t}") for t in (tier, "tier1"))
                if tier not in held and (own != first).any():
                    step = int(np.argmax((own != first).any(axis=0)))
                    reason = "only US export rules sort countries; name others under countries: ... tier"
                    text = f"no country is in {tier} of {name}"
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
            text = f"{bloc} sells to {', '.join(embargoed[:3])}, which it bars as tier3"
            yield "warning", place, text, "an arms embargo would have to be lifted first; change the tier"


@check("deal-without-effect")
def deal_without_effect(case: Case) -> Iterator[Doubt]:
    """Find a deal that gives no more than the country's tier gives anyway."""
    for place, selector, bloc, value in _deals(case):
        tiers = np.array(_tiers(case, bloc))[select(case.world, selector)]
        least = [case.course(f"blocs.{bloc}.access.{tier}").min() for tier in set(tiers)]
        if least and value <= min(least):
            yield (
                "info",
                place,
                f"the tier already gives {value:g}: this deal changes nothing",
                "members have it without a deal",
            )


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
